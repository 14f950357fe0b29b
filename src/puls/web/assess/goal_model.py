"""Goals: what the people of a unit want to reach, beside the criteria. Their history is kept."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from puls.web.tenants.constraints import depth_is_of_path
from puls.web.tenants.models import Tenant, Unit
from puls.web.tenants.scoping import ReachManager


class Goal(models.Model):
    """A goal of a unit, which holds for all units below it that have none of their own.

    indicator, rubric: what it is about, one of them; the other is "".
    value, level: of an indicator, one of them: a number in its unit, or a level of its criteria.
    rubric_level: of a rubric.
    due: by when. decided_by: who decided it, in words. set_by: who wrote it down, in words of the
        day it was set on.
    withdrawn_on: since when it no longer counts; None for the one that does.
    """

    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="goals")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_constraint=False)
    path = models.CharField(max_length=400)
    depth = models.PositiveSmallIntegerField()
    indicator = models.CharField(max_length=80, blank=True)
    rubric = models.CharField(max_length=80, blank=True, default="", db_default="")
    value = models.FloatField(null=True)
    level = models.PositiveSmallIntegerField(null=True)
    rubric_level = models.PositiveSmallIntegerField(null=True)
    due = models.DateField(null=True)
    decided_by = models.CharField(max_length=200, blank=True, default="", db_default="")
    set_by = models.CharField(max_length=200)
    set_on = models.DateField()
    why = models.TextField(blank=True)
    withdrawn_on = models.DateField(null=True)

    objects = ReachManager["Goal"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="one_goal_counts",
                fields=["unit", "indicator", "rubric"],
                condition=Q(withdrawn_on__isnull=True),
            ),
            models.CheckConstraint(
                name="goal_is_about_one_thing",
                condition=~Q(indicator="")
                & Q(rubric="", rubric_level__isnull=True)
                & (
                    Q(value__isnull=False, level__isnull=True)
                    | Q(value__isnull=True, level__isnull=False)
                )
                | ~Q(rubric="")
                & Q(
                    indicator="",
                    rubric_level__isnull=False,
                    value__isnull=True,
                    level__isnull=True,
                ),
            ),
            models.CheckConstraint(
                name="goal_withdrawn_after_it_was_set",
                condition=Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gte=F("set_on")),
            ),
            depth_is_of_path("goal_depth_is_of_path"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator or self.rubric} of {self.unit_id}"
