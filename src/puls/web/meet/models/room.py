"""What is written while a meeting goes on: notes, minutes, votes, events that screens show."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from puls.web.meet.models.meeting import Item, Meeting, OfMeeting
from puls.web.tenants.models import Tenant
from puls.web.tenants.scoping import OpenManager


class Note(OfMeeting):
    """A thought that somebody in the room put down. Whose it is, is kept nowhere.

    group: the name of the heap it was put on, or "".
    """

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="notes")
    item = models.ForeignKey(Item, models.CASCADE, null=True, related_name="notes")
    text = models.CharField(max_length=300)
    group = models.CharField(max_length=80, blank=True)
    number = models.PositiveBigIntegerField()
    """The event that brought it."""

    objects = OpenManager["Note"]()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="note_says_something", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return self.text


class LineKind(models.TextChoices):
    DECISION = "decision"
    ACTION = "action"
    QUESTION = "question"


class Line(OfMeeting):
    """A line of the minutes that is written while the meeting goes on.

    who, due: of an action. handed_over: id of the decision or action that it became, or None.
    """

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="lines")
    item = models.ForeignKey(Item, models.SET_NULL, null=True, related_name="+")
    kind = models.CharField(max_length=10)
    text = models.CharField(max_length=400)
    who = models.CharField(max_length=120, blank=True)
    due = models.DateField(null=True)
    number = models.PositiveBigIntegerField()
    written_by = models.CharField(max_length=200)
    handed_over = models.UUIDField(null=True)

    objects = OpenManager["Line"]()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="line_kind_known", condition=Q(kind__in=LineKind.values)),
            models.CheckConstraint(name="line_says_something", condition=~Q(text="")),
            models.CheckConstraint(
                name="line_only_actions_are_somebodys",
                condition=Q(kind=LineKind.ACTION) | Q(who="", due__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Ballot(models.Model):
    """That a phone has voted on an item: what it voted is not here, nor whose phone it is.

    seal: a digest of the phone's own secret under the item's key; both are needed to make it, and
    the key is destroyed when the vote is revealed. turn: how often the vote was changed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    path = models.CharField(max_length=400)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="+")
    item = models.ForeignKey(Item, models.CASCADE, related_name="+")
    seal = models.CharField(max_length=64)
    turn = models.PositiveIntegerField(default=1)

    objects = OpenManager["Ballot"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="voted_once", fields=["item", "seal"]),
        ]

    def __str__(self) -> str:
        return f"a vote on {self.item_id}"


class Event(models.Model):
    """Something that happened in the room, for the screens that show it.

    number: rises by one within its meeting, in the order in which events became visible.
    """

    id = models.BigAutoField(primary_key=True)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    path = models.CharField(max_length=400)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="+")
    number = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=12)
    data = models.JSONField(default=dict)

    objects = OpenManager["Event"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="event_number_once", fields=["meeting", "number"]),
        ]

    def __str__(self) -> str:
        return f"event {self.number} of {self.meeting_id}"
