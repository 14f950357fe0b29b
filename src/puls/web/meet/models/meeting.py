"""A meeting with its agenda, those who are invited, and what is written while it goes on.

All of a meeting's rows hang on its id and carry its tenant and path, so that the database decides
on each row alone.
"""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from puls.documents.calendar import Every
from puls.web.meet.states import Phase, State, Vote
from puls.web.tenants.constraints import depth_is_of_path
from puls.web.tenants.models import Tenant, Unit
from puls.web.tenants.scoping import OpenManager

LONGEST_TITLE = 200
"""Letters of a meeting's title."""


class Meeting(models.Model):
    """A time at which people of a unit talk about something.

    path, depth: the unit's place. place_name: what the unit is called, for those who are invited
        and see no units. where: room or link, in words.
    starts, minutes: when and how long, in `zone`. every, until: how often it comes again.
    uid, sequence: what calendars know it by; after an invitation each change makes it rise.
    improvement, step: ids in the process it was made from, or None.
    forget_on: the day on which those who were invited are deleted.
    opened_at, closed_at: when the room was opened and the meeting ended. joined: how many phones
        came in. people: how many who leads says are in the room, None where nobody said.
        now: the agenda item that is up. phase, phase_until: how the team works, how long.
    last_event: number of the last event; two events never get the same one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_constraint=False)
    path = models.CharField(max_length=400)
    depth = models.PositiveSmallIntegerField()
    place_name = models.CharField(max_length=250)
    is_synthetic = models.BooleanField(default=False)
    language = models.CharField(max_length=8)
    title = models.CharField(max_length=LONGEST_TITLE)
    about = models.CharField(max_length=2_000, blank=True)
    where = models.CharField(max_length=300, blank=True)
    starts = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    zone = models.CharField(max_length=60)
    every = models.CharField(max_length=12, blank=True)
    until = models.DateField(null=True)
    uid = models.CharField(max_length=120, unique=True)
    sequence = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=12, default=State.PLANNED)
    improvement = models.UUIDField(null=True)
    step = models.UUIDField(null=True)
    organizer_name = models.CharField(max_length=200)
    organizer_email = models.EmailField()
    made_at = models.DateTimeField()
    forget_on = models.DateField()
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    joined = models.PositiveIntegerField(default=0)
    people = models.PositiveIntegerField(null=True)
    now = models.UUIDField(null=True)
    phase = models.CharField(max_length=12, blank=True)
    phase_until = models.DateTimeField(null=True)
    last_event = models.PositiveBigIntegerField(default=0)

    objects = OpenManager["Meeting"]()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="meeting_has_a_title", condition=~Q(title="")),
            models.CheckConstraint(
                name="meeting_takes_time", condition=Q(minutes__range=(5, 1440))
            ),
            models.CheckConstraint(name="meeting_state_known", condition=Q(state__in=[*State])),
            models.CheckConstraint(name="meeting_phase_known", condition=Q(phase__in=[*Phase])),
            models.CheckConstraint(
                name="meeting_that_comes_again_ends",
                condition=Q(every="", until__isnull=True)
                | Q(every__in=[*Every], until__isnull=False),
            ),
            models.CheckConstraint(
                name="meeting_closed_after_opened",
                condition=Q(closed_at__isnull=True)
                | Q(opened_at__isnull=False, closed_at__gte=F("opened_at")),
            ),
            models.CheckConstraint(
                name="meeting_of_people", condition=Q(people__isnull=True) | Q(people__gte=1)
            ),
            models.UniqueConstraint(name="meeting_and_its_place", fields=["id", "tenant", "path"]),
            depth_is_of_path("meeting_depth_is_of_path"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_live(self) -> bool:
        """Whether the room is open now."""
        return self.opened_at is not None and self.closed_at is None

    @property
    def present(self) -> int:
        """How many can vote: those who are in the room, as far as somebody counted them; else the
        phones that came in. A phone that forgets who it is comes in as one more."""
        return self.people or self.joined


class OfMeeting(models.Model):
    """A row that belongs to a meeting."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    path = models.CharField(max_length=400)

    class Meta:
        abstract = True


class Kind(models.TextChoices):
    """What an agenda item is about."""

    CELL = "cell"
    RUBRIC = "rubric"
    QUESTION = "question"
    COMMENT = "comment"
    PICTURE = "picture"
    CHOICE = "choice"


class Item(OfMeeting):
    """One thing on the agenda.

    number: its place, from 1. came_up: it has been up in the room.
    unit, indicator, period, release: of a cell, as that release had it.
    frozen: by language the cell in words, as it was then. rubric: key of a rubric.
    picture: id of a stored picture; alt: what it shows. options: of a vote, key and words.
    vote: how far it has come. named: it was told before voting that the vote is not anonymous.
    counts: by option how many chose it. voted: how many have voted. key: of the ballots, destroyed
        when the vote is revealed. revealed_at: when.
    """

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="items")
    number = models.PositiveSmallIntegerField()
    came_up = models.BooleanField(default=False)
    kind = models.CharField(max_length=10)
    heading = models.CharField(max_length=300)
    text = models.CharField(max_length=4_000, blank=True)
    minutes = models.PositiveSmallIntegerField(default=0)
    about_unit = models.CharField(max_length=80, blank=True)
    indicator = models.CharField(max_length=80, blank=True)
    period = models.PositiveSmallIntegerField(null=True)
    release = models.PositiveBigIntegerField(null=True)
    frozen = models.JSONField(default=dict)
    rubric = models.CharField(max_length=80, blank=True)
    picture = models.CharField(max_length=80, blank=True)
    alt = models.CharField(max_length=300, blank=True)
    options = models.JSONField(default=list)
    vote = models.CharField(max_length=10, blank=True)
    named = models.BooleanField(default=False)
    counts = models.JSONField(default=dict)
    voted = models.PositiveIntegerField(default=0)
    key = models.BinaryField(null=True)
    revealed_at = models.DateTimeField(null=True)

    objects = OpenManager["Item"]()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="item_kind_known", condition=Q(kind__in=Kind.values)),
            models.CheckConstraint(name="item_has_a_heading", condition=~Q(heading="")),
            models.CheckConstraint(name="item_vote_known", condition=Q(vote__in=[*Vote])),
            # What could tie a vote to a phone is only there while the vote is open.
            models.CheckConstraint(
                name="item_key_only_while_voting",
                condition=Q(vote=Vote.OPEN, key__isnull=False)
                | ~Q(vote=Vote.OPEN) & Q(key__isnull=True),
            ),
            models.CheckConstraint(
                name="item_revealed_at_a_time",
                condition=Q(vote=Vote.REVEALED, revealed_at__isnull=False)
                | ~Q(vote=Vote.REVEALED) & Q(revealed_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.heading

    @property
    def is_vote(self) -> bool:
        """Whether one can vote on it: a level of a rubric, or one of several options."""
        return self.kind in (Kind.RUBRIC, Kind.CHOICE)
