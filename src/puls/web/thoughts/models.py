"""A team's own lines and notes, which no figure stands behind. Withdrawn ones are kept."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from puls.web.tenants.constraints import by_somebody, depth_is_of_path
from puls.web.tenants.models import Tenant, Unit
from puls.web.tenants.scoping import ReachManager


class Thought(models.Model):
    """What the people of a unit think of two indicators, or note about one.

    path, depth: the unit's place, so that those who may see the unit may read it.
    a, b: keys of indicators; b is "" for a note on one.
    written_by, changed_by, withdrawn_by: who, in words of that day; "" where it did not happen.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="thoughts")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_constraint=False)
    path = models.CharField(max_length=400)
    depth = models.PositiveSmallIntegerField()
    a = models.CharField(max_length=80)
    b = models.CharField(max_length=80, blank=True)
    note = models.CharField(max_length=400, blank=True)
    written_by = models.CharField(max_length=200)
    written_at = models.DateTimeField()
    changed_by = models.CharField(max_length=200, blank=True)
    changed_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=200, blank=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = ReachManager["Thought"]()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="thought_is_of_two", condition=~Q(a=F("b"))),
            models.CheckConstraint(
                name="thought_of_one_says_something", condition=~Q(b="") | ~Q(note="")
            ),
            depth_is_of_path("thought_depth_is_of_path"),
            by_somebody("thought_changed_by_somebody", "changed_at", "changed_by"),
            by_somebody("thought_withdrawn_by_somebody", "withdrawn_at", "withdrawn_by"),
        ]

    def __str__(self) -> str:
        return f"{self.a} and {self.b or 'nothing else'} at {self.unit_id}"
