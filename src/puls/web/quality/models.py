"""A school's own view: what it describes, and where its staff place it on the rubrics.

A placement is its author's alone as long as one may place, and is deleted when the placing is
closed: then there are only spreads and reasons, which nobody's name leads to.
"""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from puls import periods
from puls.web.tenants.constraints import by_somebody, depth_is_of_path
from puls.web.tenants.models import Tenant, Unit
from puls.web.tenants.scoping import OpenManager


class Kind(models.TextChoices):
    """What a description is about, as addresses say it."""

    AREA = "omrade"
    INDICATOR = "indikator"
    RUBRIC = "kjennetegn"


class OfASchool(models.Model):
    """A row of a unit. path, depth: its place."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_constraint=False)
    path = models.CharField(max_length=400)
    depth = models.PositiveSmallIntegerField()

    class Meta:
        abstract = True


class Description(OfASchool):
    """What a unit sees and how it judges it, after one save. Never rewritten.

    kind, key: about which area, indicator or rubric. number: rises by one a save.
    release: the id of the newest release when it was saved; figures beside it are of that one.
    sees, judges: Markdown. finished_by, finished_at: the leader stands by it, and those above
    read it; "" and None before, and after it was taken back.
    """

    period = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12)
    key = models.CharField(max_length=80)
    number = models.PositiveIntegerField()
    release = models.PositiveBigIntegerField(null=True)
    sees = models.TextField(blank=True)
    judges = models.TextField(blank=True)
    written_by = models.CharField(max_length=200)
    written_at = models.DateTimeField()
    finished_by = models.CharField(max_length=200, blank=True)
    finished_at = models.DateTimeField(null=True)

    objects = OpenManager["Description"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="description_version_once", fields=["unit", "period", "kind", "key", "number"]
            ),
            models.UniqueConstraint(
                name="one_finished_description",
                fields=["unit", "period", "kind", "key"],
                condition=Q(finished_at__isnull=False),
            ),
            models.CheckConstraint(
                name="description_kind_known", condition=Q(kind__in=Kind.values)
            ),
            models.CheckConstraint(
                name="finished_description_says_something",
                condition=Q(finished_at__isnull=True) | ~Q(sees="", judges=""),
            ),
            by_somebody("description_finished_by_somebody", "finished_at", "finished_by"),
            depth_is_of_path("description_depth_is_of_path"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} at {self.unit_id}, {self.period}, version {self.number}"


class Placing(OfASchool):
    """One school year's placing on all rubrics, for its team: open, then closed for good."""

    period = models.PositiveSmallIntegerField()
    opened_by = models.CharField(max_length=200)
    opened_at = models.DateTimeField()
    closed_by = models.CharField(max_length=200, blank=True)
    closed_at = models.DateTimeField(null=True)

    objects = OpenManager["Placing"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="one_placing_a_year", fields=["unit", "period"]),
            by_somebody("placing_closed_by_somebody", "closed_at", "closed_by"),
            depth_is_of_path("placing_depth_is_of_path"),
        ]

    def __str__(self) -> str:
        return f"placing of {self.unit_id}, {self.period}"

    @property
    def label(self) -> str:
        """The school year as people write it."""
        return periods.label(self.period)

    @property
    def slug(self) -> str:
        """The school year as addresses write it."""
        return periods.slug(self.period)


class Placement(OfASchool):
    """On which level one person places the school, while one may. Nobody else reads it.

    It carries no time: who knows when somebody sat at the screen learns nothing from it.
    """

    placing = models.ForeignKey(Placing, models.CASCADE, related_name="placements")
    rubric = models.CharField(max_length=80)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    level = models.PositiveSmallIntegerField()
    reason = models.TextField(blank=True)

    objects = OpenManager["Placement"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="one_placement_each", fields=["placing", "rubric", "user"]
            ),
            models.CheckConstraint(name="placement_on_a_level", condition=Q(level__range=(1, 4))),
            depth_is_of_path("placement_depth_is_of_path"),
        ]

    def __str__(self) -> str:
        return f"a placement in {self.placing_id}"


class Source(models.TextChoices):
    """How people were asked."""

    STAFF = "staff"
    MEETING = "meeting"


class Spread(OfASchool):
    """How many placed the school on which level of a rubric, counted once.

    reference: of the placing or vote it was counted from. k: the smallest number of people whose
    spread is told. level_1 to level_4: people; all 0 where it may not be told, so that what is
    hidden is nowhere. shown_by, shown_at: the leader shows it to those above; "" and None else.
    """

    period = models.PositiveSmallIntegerField()
    rubric = models.CharField(max_length=80)
    source = models.CharField(max_length=12)
    reference = models.UUIDField()
    k = models.PositiveSmallIntegerField()
    level_1 = models.PositiveSmallIntegerField()
    level_2 = models.PositiveSmallIntegerField()
    level_3 = models.PositiveSmallIntegerField()
    level_4 = models.PositiveSmallIntegerField()
    is_told = models.BooleanField()
    made_at = models.DateTimeField()
    shown_by = models.CharField(max_length=200, blank=True)
    shown_at = models.DateTimeField(null=True)

    objects = OpenManager["Spread"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="spread_once", fields=["reference", "rubric"]),
            models.CheckConstraint(
                name="spread_source_known", condition=Q(source__in=Source.values)
            ),
            models.CheckConstraint(
                name="spread_of_enough_or_none",
                condition=Q(is_told=False, level_1=0, level_2=0, level_3=0, level_4=0)
                | Q(is_told=True, k__gt=1)
                & Q(k__lte=F("level_1") + F("level_2") + F("level_3") + F("level_4")),
            ),
            models.CheckConstraint(
                name="spread_is_not_all_alike",
                condition=Q(is_told=False)
                | Q(
                    level_1__lt=F("level_1") + F("level_2") + F("level_3") + F("level_4"),
                    level_2__lt=F("level_1") + F("level_2") + F("level_3") + F("level_4"),
                    level_3__lt=F("level_1") + F("level_2") + F("level_3") + F("level_4"),
                    level_4__lt=F("level_1") + F("level_2") + F("level_3") + F("level_4"),
                ),
            ),
            by_somebody("spread_shown_by_somebody", "shown_at", "shown_by"),
            depth_is_of_path("spread_depth_is_of_path"),
        ]

    def __str__(self) -> str:
        return f"{self.rubric} at {self.unit_id}, {self.period}"

    @property
    def counts(self) -> tuple[int, int, int, int]:
        return self.level_1, self.level_2, self.level_3, self.level_4


class Reason(OfASchool):
    """What somebody of a staff wrote would make a higher level steady. No row leads to whom.

    is_read: a leader has read it and lets the team see it. Those above never do.
    """

    spread = models.ForeignKey(Spread, models.CASCADE, related_name="reasons")
    text = models.TextField()
    is_read = models.BooleanField(default=False)

    objects = OpenManager["Reason"]()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="reason_says_something", condition=~Q(text="")),
            depth_is_of_path("reason_depth_is_of_path"),
        ]

    def __str__(self) -> str:
        return f"a reason about {self.spread_id}"
