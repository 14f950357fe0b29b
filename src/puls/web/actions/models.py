"""Decisions, actions, what they should move, and how far they have come.

All rows lie at a unit (path, depth), written by its people and read by those of the same
administration whose reach covers it.
"""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from puls.web.actions.states import State
from puls.web.assess.models import Release
from puls.web.tenants.constraints import by_somebody, depth_is_of_path
from puls.web.tenants.models import Membership, Tenant, Unit
from puls.web.tenants.scoping import ReachManager


class Decision(models.Model):
    """What the people of a unit decided.

    decided_by: who, in words: "the staff meeting".
    improvement, step, meeting: ids of where it was decided; null where it was nowhere of ours.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_constraint=False)
    path = models.CharField(max_length=400)
    depth = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=400)
    why = models.TextField(blank=True)
    decided_on = models.DateField()
    decided_by = models.CharField(max_length=200, blank=True)
    improvement = models.UUIDField(null=True, db_index=True)
    step = models.UUIDField(null=True)
    meeting = models.UUIDField(null=True, db_index=True)
    written_by = models.CharField(max_length=200)
    written_at = models.DateTimeField()
    changed_by = models.CharField(max_length=200, blank=True)
    changed_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=200, blank=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = ReachManager["Decision"]()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="decision_says_something", condition=~Q(text="")),
            depth_is_of_path("decision_depth_is_of_path"),
            by_somebody("decision_changed_by_somebody", "changed_at", "changed_by"),
            by_somebody("decision_withdrawn_by_somebody", "withdrawn_at", "withdrawn_by"),
        ]

    def __str__(self) -> str:
        return f"decision {self.pk} at {self.unit_id}"


class Action(models.Model):
    """What the people of a unit do to change something.

    responsible, responsible_name: a member, and who it is in words of that day; only words for
        somebody without access. starts, due: as planned. begun_on, ended_on: as it went.
    expected: the effect in words, beside what its indicators should do (`Aim`).
    rubric, rubric_level: described quality that it should bring nearer; "" and null for none.
    progress: how far it has come, 0 to 100. remind_on: when its people are reminded.
    improvement, step, meeting: as of a decision.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_constraint=False)
    path = models.CharField(max_length=400)
    depth = models.PositiveSmallIntegerField()
    what = models.CharField(max_length=200)
    why = models.TextField(blank=True)
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="actions", null=True)
    responsible = models.ForeignKey(
        Membership, models.SET_NULL, related_name="+", null=True, blank=True
    )
    responsible_name = models.CharField(max_length=200, blank=True)
    starts = models.DateField(null=True)
    due = models.DateField(null=True)
    begun_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    expected = models.CharField(max_length=400, blank=True)
    rubric = models.CharField(max_length=80, blank=True)
    rubric_level = models.PositiveSmallIntegerField(null=True)
    state = models.CharField(max_length=12, choices=[(s.value, s.value) for s in State])
    progress = models.PositiveSmallIntegerField(default=0)
    remind_on = models.DateField(null=True)
    improvement = models.UUIDField(null=True, db_index=True)
    step = models.UUIDField(null=True)
    meeting = models.UUIDField(null=True, db_index=True)
    written_by = models.CharField(max_length=200)
    written_at = models.DateTimeField()
    changed_by = models.CharField(max_length=200, blank=True)
    changed_at = models.DateTimeField(null=True)

    objects = ReachManager["Action"]()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="action_says_something", condition=~Q(what="")),
            models.CheckConstraint(
                name="action_state_known", condition=Q(state__in=[s.value for s in State])
            ),
            models.CheckConstraint(name="action_progress_is_one", condition=Q(progress__lte=100)),
            models.CheckConstraint(
                name="action_done_is_all_of_it", condition=~Q(state="done") | Q(progress=100)
            ),
            models.CheckConstraint(
                name="action_ended_or_not",
                condition=Q(state__in=["done", "stopped"], ended_on__isnull=False)
                | ~Q(state__in=["done", "stopped"]) & Q(ended_on__isnull=True),
            ),
            models.CheckConstraint(
                name="action_due_after_it_starts",
                condition=Q(due__isnull=True) | Q(starts__isnull=True) | Q(due__gte=F("starts")),
            ),
            models.CheckConstraint(
                name="action_level_is_of_a_rubric",
                condition=~Q(rubric="") | Q(rubric_level__isnull=True),
            ),
            models.UniqueConstraint(name="action_id_and_path", fields=["id", "path"]),
            depth_is_of_path("action_depth_is_of_path"),
            by_somebody("action_changed_by_somebody", "changed_at", "changed_by"),
        ]

    def __str__(self) -> str:
        return f"action {self.pk} at {self.unit_id}"


class Aim(models.Model):
    """An indicator that an action should move, asked from the same starting point ever after.

    version: of the indicator's definition. baseline, period: the release and the school year whose
        cell is the starting point, so that it reads as it did then: a release never changes, and
        who may see a cell is the release's to say. Null where nothing was shown yet.
    direction, amount: the expected effect, amount in the indicator's unit; "" and null for none.
    """

    UP, DOWN = "up", "down"

    id = models.BigAutoField(primary_key=True)
    action = models.ForeignKey(Action, models.CASCADE, related_name="aims")
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    path = models.CharField(max_length=400)
    depth = models.PositiveSmallIntegerField()
    indicator = models.CharField(max_length=80)
    version = models.PositiveSmallIntegerField()
    baseline = models.ForeignKey(Release, models.PROTECT, related_name="+", null=True)
    period = models.PositiveSmallIntegerField(null=True)
    direction = models.CharField(max_length=4, blank=True)
    amount = models.FloatField(null=True)

    objects = ReachManager["Aim"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="aim_once", fields=["action", "indicator"]),
            models.CheckConstraint(
                name="aim_starts_somewhere",
                condition=Q(baseline__isnull=True, period__isnull=True)
                | Q(baseline__isnull=False, period__isnull=False),
            ),
            models.CheckConstraint(
                name="aim_direction_known", condition=Q(direction__in=["", "up", "down"])
            ),
            models.CheckConstraint(
                name="aim_amount_has_a_direction",
                condition=Q(amount__isnull=True) | Q(amount__gt=0) & ~Q(direction=""),
            ),
            depth_is_of_path("aim_depth_is_of_path"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} of {self.action_id}"


class Progress(models.Model):
    """What was said of an action on a day, and how it stood from then on."""

    id = models.BigAutoField(primary_key=True)
    action = models.ForeignKey(Action, models.CASCADE, related_name="told")
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    path = models.CharField(max_length=400)
    depth = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, choices=[(s.value, s.value) for s in State])
    progress = models.PositiveSmallIntegerField()
    comment = models.TextField(blank=True)
    written_by = models.CharField(max_length=200)
    written_at = models.DateTimeField()

    objects = ReachManager["Progress"]()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="progress_state_known", condition=Q(state__in=[s.value for s in State])
            ),
            models.CheckConstraint(name="progress_is_one", condition=Q(progress__lte=100)),
            depth_is_of_path("progress_depth_is_of_path"),
        ]

    def __str__(self) -> str:
        return f"{self.progress} of {self.action_id}"
