"""How a round is asked in browsers: its plan, groups, codes, and the work on it."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from puls.web.collect.models.rounds import Round
from puls.web.tenants.models import Tenant, Unit
from puls.web.tenants.scoping import ReachManager


class Plan(models.Model):
    """How a round is asked in browsers: written by a leader, and fixed once the round is open.

    path, depth: the unit's place, so that those who may see the unit may see how it is asked.
    languages: of the pack, those that people may answer in; the first is shown first.
    opens_on, closes_on: the first and the last day on which answers are taken in.
    own: up to four items of the school's own beside the pack's, as `own_items.as_rows` has them.
    address: where the form is, behind /svar/. Random, so that it tells nothing.
    round: none while it is being prepared.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="plans")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_constraint=False)
    path = models.CharField(max_length=400)
    depth = models.PositiveSmallIntegerField()
    survey = models.CharField(max_length=60)
    survey_version = models.PositiveSmallIntegerField()
    period = models.PositiveSmallIntegerField()
    languages = models.JSONField()
    opens_on = models.DateField()
    closes_on = models.DateField()
    own = models.JSONField(default=list)
    address = models.CharField(max_length=8, unique=True)
    round = models.OneToOneField(Round, models.PROTECT, null=True, related_name="plan")

    objects = ReachManager["Plan"]()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="plan_closes_after_it_opens", condition=Q(closes_on__gte=F("opens_on"))
            ),
            # A second one in preparation would be asked of the same people.
            models.UniqueConstraint(
                name="one_plan_in_preparation",
                fields=["unit", "survey", "period"],
                condition=Q(round__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.survey} {self.period} at {self.unit_id}"


class Group(models.Model):
    """Those who get their codes together, such as a class. Their answers count for one unit.

    unit, path, depth: the leaf group of the unit tree that answers belong to.
    people: how many are asked.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="groups")
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_constraint=False)
    path = models.CharField(max_length=400)
    depth = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=80)
    people = models.PositiveSmallIntegerField()

    objects = ReachManager["Group"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="group_once_a_plan", fields=["plan", "name"]),
            models.CheckConstraint(
                name="group_of_some", condition=Q(people__gte=1, people__lte=2000)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Code(models.Model):
    """A code that was given out: its digest, and whether somebody has answered with it.

    Gone when the round is sealed. Nothing says to whom it was given, or when it was used.
    """

    digest = models.BinaryField(primary_key=True)
    round = models.ForeignKey(Round, models.PROTECT, related_name="codes")
    group = models.ForeignKey(Group, models.DO_NOTHING, related_name="codes")
    """Kept by the database alone: the web, which may take a group out, may not look for codes."""
    used = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"a code of {self.round_id}"


class Job(models.Model):
    """Work on a round that goes on while its leader looks: e-mails on their way, sealing.

    group_key: whose codes are sent. done, total: of how many e-mails or steps how many.
    made: codes that only its process knows, while it lives. skipped: who had an e-mail before.
    refused, doubtful: places in the pasted list, from 1: no address is kept.
    told: sentences for the leader. stop: somebody asked it to end.
    """

    class Kind(models.TextChoices):
        CODES = "codes"
        REMINDER = "reminder"
        SEALING = "sealing"

    class State(models.TextChoices):
        RUNNING = "running"
        DONE = "done"
        STOPPED = "stopped"
        BROKEN = "broken"
        """Its process has gone, or what it needs."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(Plan, models.DO_NOTHING, related_name="jobs")
    group_key = models.UUIDField(null=True)
    kind = models.CharField(max_length=8, choices=Kind)
    state = models.CharField(max_length=7, choices=State, default=State.RUNNING)
    stop = models.BooleanField(default=False)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    made = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    refused = models.JSONField(default=list)
    doubtful = models.JSONField(default=list)
    told = models.JSONField(default=list)
    begun_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="one_job_at_a_time", fields=["plan"], condition=Q(state="running")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.plan_id}"


class Mailed(models.Model):
    """That somebody has got an e-mail, so that nobody gets two; gone when the round is sealed.

    digest: of the address, under the round's key (`mailing`). Nothing ties it to a code.
    sure: it left. Otherwise it was on its way when the sending broke off.
    """

    digest = models.BinaryField(primary_key=True)
    plan = models.ForeignKey(Plan, models.DO_NOTHING, related_name="+")
    kind = models.CharField(max_length=8, choices=Job.Kind)
    sure = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"an e-mail of {self.plan_id}"
