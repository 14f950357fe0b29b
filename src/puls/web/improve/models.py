"""An improvement, its steps on a time line, and every change that was ever made to them."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from puls.content.process_steps import StepKind
from puls.web.improve.states import State
from puls.web.improve.ties import Tie
from puls.web.tenants.constraints import depth_is_of_path
from puls.web.tenants.models import Tenant, Unit
from puls.web.tenants.scoping import ReachManager, TenantManager

LONGEST_TITLE = 120


class Improvement(models.Model):
    """A case that the people of a unit work on: a problem, in steps.

    path, depth: the unit's place, so that those of its administration who see the unit may read it.
    template: key of the pack's process that it was made from, or "".
    number: of its newest change; every writing locks this row and adds one.
    begun_by, changed_by: who, in words of that day.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="improvements")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_constraint=False)
    path = models.CharField(max_length=400)
    depth = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=LONGEST_TITLE)
    template = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=20, default=State.PLANNED.value)
    number = models.PositiveIntegerField(default=0)
    begun_by = models.CharField(max_length=200)
    begun_at = models.DateTimeField()
    changed_by = models.CharField(max_length=200)
    changed_at = models.DateTimeField()

    objects = ReachManager["Improvement"]()

    class Meta:
        constraints: ClassVar = [
            depth_is_of_path("improvement_depth_is_of_path"),
            models.CheckConstraint(
                name="improvement_state_is_known",
                condition=Q(state__in=[state.value for state in State]),
            ),
            models.CheckConstraint(name="improvement_has_a_title", condition=~Q(title="")),
        ]

    def __str__(self) -> str:
        return self.title


class Step(models.Model):
    """One step of an improvement. Steps are never deleted, only taken off the line.

    tenant, path, depth: as of its improvement; the database keeps them so.
    position: its place on the line from 1; None when it was taken off.
    of_template: which step of the template it was made from, from 1; 0 for an own one.
    starts, ends: days; ends only where it lasts longer than a day.
    problem, comments: Markdown. questions: one a line. participants: names of people or groups.
    alone, group, together: minutes of thinking alone, in groups and all together.
    ties: what it rests on, as `Tie.kept` writes it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    improvement = models.ForeignKey(Improvement, models.PROTECT, related_name="+")
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    path = models.CharField(max_length=400)
    depth = models.PositiveSmallIntegerField()
    position = models.PositiveSmallIntegerField(null=True)
    of_template = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=20)
    title = models.CharField(max_length=LONGEST_TITLE)
    starts = models.DateField(null=True)
    ends = models.DateField(null=True)
    problem = models.TextField(blank=True)
    questions = models.TextField(blank=True)
    comments = models.TextField(blank=True)
    participants = models.CharField(max_length=300, blank=True)
    minutes_alone = models.PositiveSmallIntegerField(default=0)
    minutes_group = models.PositiveSmallIntegerField(default=0)
    minutes_together = models.PositiveSmallIntegerField(default=0)
    ties = models.JSONField(default=list)
    done = models.BooleanField(default=False)

    objects = ReachManager["Step"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="step_has_its_own_position",
                fields=["improvement", "position"],
                # Steps that trade places stand on one for a moment.
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(name="step_position_counts_from_1", condition=~Q(position=0)),
            models.CheckConstraint(
                name="step_kind_is_known", condition=Q(kind__in=[kind.value for kind in StepKind])
            ),
            models.CheckConstraint(name="step_has_a_title", condition=~Q(title="")),
            models.CheckConstraint(
                name="step_ends_after_it_starts",
                condition=Q(ends__isnull=True) | Q(starts__isnull=False, ends__gte=F("starts")),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def question_list(self) -> list[str]:
        """The questions, one by one."""
        return [line.strip() for line in self.questions.splitlines() if line.strip()]

    @property
    def minutes(self) -> int:
        """How long it takes, as far as somebody said."""
        return self.minutes_alone + self.minutes_group + self.minutes_together

    @property
    def tied(self) -> list[Tie]:
        """What it rests on."""
        return [Tie.read(each) for each in self.ties]


class Change(models.Model):
    """One change, never rewritten: only the unit's own people read it.

    number: rises by one a change of its improvement. act: what was done (`journal.Act`).
    step, subject: the one step that it is about with its title of then, or None and "".
    before, after: by id of a step, "" for the improvement itself, the fields that changed.
    undoes: the number of the change that this one takes back, or None.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    improvement = models.ForeignKey(Improvement, models.PROTECT, related_name="+")
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    path = models.CharField(max_length=400)
    depth = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    act = models.CharField(max_length=20)
    step = models.UUIDField(null=True)
    subject = models.CharField(max_length=LONGEST_TITLE, blank=True)
    before: "models.JSONField[dict[str, dict[str, Any]], dict[str, dict[str, Any]]]" = (
        models.JSONField(default=dict)
    )
    after: "models.JSONField[dict[str, dict[str, Any]], dict[str, dict[str, Any]]]" = (
        models.JSONField(default=dict)
    )
    undoes = models.PositiveIntegerField(null=True)
    made_by = models.CharField(max_length=200)
    made_at = models.DateTimeField()

    objects = TenantManager["Change"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="improvement_change_once", fields=["improvement", "number"]
            ),
            models.UniqueConstraint(
                name="improvement_change_undone_once", fields=["improvement", "undoes"]
            ),
        ]

    def __str__(self) -> str:
        return f"change {self.number} of {self.improvement_id}"
