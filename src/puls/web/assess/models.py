"""Releases with their cells and marks: judged, frozen, and the only thing that pages read.

Goals, which people set, stand beside them.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from puls import cells
from puls.cells import Against, Status
from puls.web.assess.goal_model import Goal
from puls.web.tenants.models import Tenant, Unit
from puls.web.tenants.scoping import ReachManager

__all__ = ["Announcement", "Cell", "Gate", "Goal", "Mark", "Release"]


class Release(models.Model):
    """One act of releasing: cells of one school year, of one unit and what lies below it.

    k: the smallest group of respondents that may be seen in it.
    tree_day: the day whose units it speaks of.
    definitions: SHA-256 over the indicators, criteria and surveys that it was made with.
    sources: a list of what it rests on: source, table, label, licence, updated, checksum.
    variances: by survey and construct, the variance components that its intervals rest on.
    findings: of a national release, what its marks rest on and what else it found: fits,
        associations, reliability; {} where nothing was looked for.
    measured: by key of an indicator of answers [survey, construct]; null: nobody remembers.
    path, depth: of its root, for the rule of who sees.
    """

    id = models.BigAutoField(primary_key=True)
    made_at = models.DateTimeField(auto_now_add=True)
    pack = models.CharField(max_length=60)
    pack_version = models.CharField(max_length=40)
    definitions = models.CharField(max_length=64)
    k = models.PositiveSmallIntegerField()
    period = models.PositiveSmallIntegerField()
    tree_day = models.DateField()
    root = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    path = models.CharField(max_length=400)
    depth = models.PositiveSmallIntegerField()
    sources = models.JSONField(default=list)
    variances = models.JSONField(default=dict)
    findings = models.JSONField(default=dict)
    measured = models.JSONField(default=dict)
    is_synthetic = models.BooleanField()

    objects = ReachManager["Release"]()

    class Meta:
        indexes: ClassVar = [models.Index(name="release_by_period", fields=["period"])]

    def __str__(self) -> str:
        return f"release {self.pk} of {self.period}"


class Announcement(models.Model):
    """An owner's word: until when its schools see a school year's answers before it does.

    It is what switches the gate on: without one there is none. opens_at: from then on all is open
    to the owner, whatever the leaders did. It may only be moved later, and only before it has come.
    """

    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="announcements")
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    path = models.CharField(max_length=400)
    depth = models.PositiveSmallIntegerField()
    period = models.PositiveSmallIntegerField()
    opens_at = models.DateTimeField()
    announced_by = models.CharField(max_length=200)
    announced_at = models.DateTimeField(auto_now_add=True)

    objects = ReachManager["Announcement"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="announced_once", fields=["tenant", "period"]),
            models.CheckConstraint(
                name="announcement_is_of_its_tenant", condition=Q(tenant=F("unit"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period} of {self.tenant_id}: {self.opens_at}"


class Gate(models.Model):
    """A school's answers to one survey in one school year, and who may see them yet.

    The school's own members always may. Others may once it is used, or once the announced time
    has come. opened_at: the leader has released them. used_at: somebody else has read them since,
    or a release above has counted them; from then on nothing about the gate changes.
    """

    announcement = models.ForeignKey(Announcement, models.PROTECT, related_name="gates")
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    path = models.CharField(max_length=400)
    depth = models.PositiveSmallIntegerField()
    survey = models.CharField(max_length=80)
    period = models.PositiveSmallIntegerField()
    opened_at = models.DateTimeField(null=True)
    opened_by = models.CharField(max_length=200, blank=True)
    taken_back_at = models.DateTimeField(null=True)
    taken_back_by = models.CharField(max_length=200, blank=True)
    used_at = models.DateTimeField(null=True)

    objects = ReachManager["Gate"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="one_gate", fields=["unit", "period", "survey"]),
            models.CheckConstraint(
                name="gate_used_only_when_opened",
                condition=Q(used_at__isnull=True) | Q(opened_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.survey} of {self.unit_id} in {self.period}"


class Cell(models.Model):
    """A released cell, as `puls.cells.ReleasedCell`, with its place in the tree.

    from_answers: it speaks of respondents. Such a cell is released once and never again: what
        comes later is its correction, with the next number. A register figure is replaced by
        the same cell of a later release.
    gate: who may see it yet; none where no gate was announced.

    The key begins with what a page asks for: everybody (part "") in one year (years 1).
    """

    pk = models.CompositePrimaryKey(
        "unit", "period", "part", "years", "indicator", "correction", "release"
    )
    release = models.ForeignKey(Release, models.PROTECT, related_name="cells", db_index=False)
    # The migration ties (unit, path) to the unit's own, which is the stronger constraint.
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    tier = models.CharField(max_length=30)
    path = models.CharField(max_length=400)
    depth = models.PositiveSmallIntegerField()
    indicator = models.CharField(max_length=80)
    version = models.PositiveSmallIntegerField()
    period = models.PositiveSmallIntegerField()
    from_answers = models.BooleanField()
    status = models.CharField(max_length=16, choices=[(s.value, s.value) for s in Status])
    value = models.FloatField(null=True)
    n = models.PositiveIntegerField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    level_low = models.PositiveSmallIntegerField(null=True)
    level_high = models.PositiveSmallIntegerField(null=True)
    note = models.CharField(max_length=40, blank=True)
    provisional = models.BooleanField(default=False)
    of_unit = models.CharField(max_length=80, blank=True)
    judged_by = models.CharField(max_length=100, blank=True, default="", db_default="")
    part = models.CharField(max_length=120, blank=True, default="", db_default="")
    years = models.PositiveSmallIntegerField(default=1, db_default=1)
    correction = models.PositiveSmallIntegerField(default=0, db_default=0)
    public = models.BooleanField(default=False, db_default=False)
    gate = models.ForeignKey(Gate, models.PROTECT, related_name="+", null=True, db_index=False)

    objects = ReachManager["Cell"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="answers_released_once",
                fields=["unit", "period", "part", "years", "indicator", "correction"],
                condition=Q(from_answers=True),
            ),
            models.CheckConstraint(
                name="cell_status_known", condition=Q(status__in=[s.value for s in Status])
            ),
            models.CheckConstraint(
                name="cell_has_a_value_when_shown_and_only_then",
                condition=Q(status="shown", value__isnull=False)
                | (
                    ~Q(status="shown")
                    & Q(
                        value__isnull=True,
                        n__isnull=True,
                        low__isnull=True,
                        high__isnull=True,
                        level_low__isnull=True,
                        level_high__isnull=True,
                    )
                ),
            ),
            models.CheckConstraint(
                name="cell_with_answers_says_how_many",
                condition=Q(from_answers=False, n__isnull=True)
                | Q(from_answers=True, n__isnull=False)
                | ~Q(status="shown"),
            ),
            models.CheckConstraint(
                name="cell_interval_is_one",
                condition=Q(low__isnull=True, high__isnull=True) | Q(low__lte=F("high")),
            ),
            models.CheckConstraint(
                name="cell_levels_are_a_range",
                condition=Q(level_low__isnull=True, level_high__isnull=True)
                | Q(level_low__lte=F("level_high")),
            ),
            models.CheckConstraint(name="cell_counts_a_year_or_more", condition=Q(years__gte=1)),
            models.CheckConstraint(
                name="cell_public_only_when_shown", condition=Q(public=False) | Q(status="shown")
            ),
            models.CheckConstraint(
                name="cell_of_registers_is_whole",
                condition=Q(from_answers=True) | Q(part="", years=1, correction=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} of {self.unit_id} in {self.period}"


class Mark(models.Model):
    """A mark of a release, as `puls.cells.ReleasedMark`, with its unit's place in the tree."""

    pk = models.CompositePrimaryKey("unit", "period", "indicator", "against", "release")
    release = models.ForeignKey(Release, models.PROTECT, related_name="marks", db_index=False)
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    path = models.CharField(max_length=400)
    depth = models.PositiveSmallIntegerField()
    indicator = models.CharField(max_length=80)
    period = models.PositiveSmallIntegerField()
    against = models.CharField(max_length=6, choices=[(each.value, each.value) for each in Against])
    since = models.PositiveSmallIntegerField(null=True)
    expected = models.FloatField()
    estimate = models.FloatField()
    low = models.FloatField()
    high = models.FloatField()
    mark = models.CharField(
        max_length=4, blank=True, choices=[(each.value, each.value) for each in cells.Mark]
    )

    gate = models.ForeignKey(Gate, models.PROTECT, related_name="+", null=True, db_index=False)

    objects = ReachManager["Mark"]()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="mark_known", condition=Q(mark__in=[each.value for each in cells.Mark])
            ),
            models.CheckConstraint(
                name="mark_of_a_change_says_since_when",
                condition=Q(against="change", since__isnull=False, since__lt=F("period"))
                | Q(against="given", since__isnull=True),
            ),
            models.CheckConstraint(name="mark_interval_is_one", condition=Q(low__lte=F("high"))),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} of {self.unit_id} in {self.period}, {self.against}"
