"""Those who are invited, their ways in, and the letters they get."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from puls.documents.calendar_answers import Said
from puls.web.meet.models.meeting import Meeting, OfMeeting
from puls.web.tenants.models import Tenant
from puls.web.tenants.scoping import OpenManager


class Invitee(OfMeeting):
    """Somebody who is invited; deleted on the meeting's `forget_on`.

    told: the sequence of the last letter that reached the mail server, None before the first.
    said, said_about, said_at: the answer, to which sequence, and when it was written.
    wants: another time that was asked for.
    """

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="invitees")
    name = models.CharField(max_length=120, blank=True)
    email = models.EmailField()
    language = models.CharField(max_length=8)
    told = models.PositiveIntegerField(null=True)
    said = models.CharField(max_length=12, default=Said.UNKNOWN)
    said_about = models.PositiveIntegerField(null=True)
    said_at = models.DateTimeField(null=True)
    comment = models.CharField(max_length=1_000, blank=True)
    wants = models.DateTimeField(null=True)

    objects = OpenManager["Invitee"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="invited_once", fields=["meeting", "email"]),
            models.CheckConstraint(name="invitee_said_known", condition=Q(said__in=[*Said])),
        ]

    def __str__(self) -> str:
        return self.name or "somebody who is invited"


class Entrance(models.Model):
    """A way into one meeting for those who have no log-in. The token itself is kept nowhere.

    invitee: whose own link it is; None for the room's, and for the code that is typed instead.
    """

    token_hash = models.CharField(primary_key=True, max_length=64)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    path = models.CharField(max_length=400)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="entrances")
    invitee = models.ForeignKey(Invitee, models.CASCADE, null=True, related_name="+")
    expires = models.DateTimeField()

    objects = OpenManager["Entrance"]()

    def __str__(self) -> str:
        return f"a way into {self.meeting_id}"


class Post(models.TextChoices):
    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


class Letter(OfMeeting):
    """A letter that goes out, or went out. Written whole before any is sent.

    message: the e-mail, None once it is sent: it holds the receiver's own link.
    """

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="letters")
    invitee = models.ForeignKey(Invitee, models.CASCADE, related_name="letters")
    sequence = models.PositiveIntegerField()
    what = models.CharField(max_length=10)
    message = models.BinaryField(null=True)
    state = models.CharField(max_length=8, default=Post.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    objects = OpenManager["Letter"]()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="letter_state_known", condition=Q(state__in=Post.values)),
            models.CheckConstraint(
                name="letter_is_gone_once_sent",
                condition=Q(state=Post.SENT, message__isnull=True, sent_at__isnull=False)
                | ~Q(state=Post.SENT) & Q(sent_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} of {self.meeting_id}"
