"""Releases and their cells: judged, frozen, and the only thing that pages read."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from puls.cells import Status
from puls.web.tenants.models import Unit
from puls.web.tenants.scoping import ReachManager


class Release(models.Model):
    """One act of releasing: cells of one school year, of one unit and what lies below it.

    k: the smallest group of respondents that may be seen in it.
    tree_day: the day whose units it speaks of.
    definitions: SHA-256 over the indicators, criteria and surveys that it was made with.
    sources: a list of what it rests on: source, table, label, licence, updated, checksum.
    variances: by survey and construct, the variance components that its intervals rest on.
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
    is_synthetic = models.BooleanField()

    objects = ReachManager["Release"]()

    class Meta:
        indexes: ClassVar = [models.Index(name="release_by_period", fields=["period"])]

    def __str__(self) -> str:
        return f"release {self.pk} of {self.period}"


class Cell(models.Model):
    """A released cell, as `puls.cells.ReleasedCell`, with its place in the tree.

    from_answers: it speaks of respondents. Such a cell is released once and never again;
        a register figure is replaced by the same cell of a later release.
    """

    pk = models.CompositePrimaryKey("unit", "period", "indicator", "release")
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

    objects = ReachManager["Cell"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="answers_released_once",
                fields=["unit", "period", "indicator"],
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
        ]

    def __str__(self) -> str:
        return f"{self.indicator} of {self.unit_id} in {self.period}"
