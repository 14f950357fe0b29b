"""What comes in: register files with their figures, and rounds with their answers.

No page reads any of this: puls_web has no right to these tables. Figures and answers reach
readers only through a release (`puls.web.assess`).
"""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from puls.web.tenants.models import Tenant, Unit
from puls.web.tenants.scoping import ReachManager, TenantManager


class Round(models.Model):
    """One survey, asked in one school year of everybody below one unit.

    key: "<survey>-<period>-<unit>", and behind it "+1", "+2" ... for additions.
    addition: 0; 1, 2 ... for answers that came when the rounds before it were sealed.
    survey_version: the version that was asked; an item never changes within it.
    answers: how many answered, known from sealing on.
    """

    class State(models.TextChoices):
        OPEN = "open"
        """Answers come in."""
        CLOSED = "closed"
        """No more answers come in; they are not sealed yet."""
        SEALED = "sealed"
        """The answers are in their sealed file; rows and key are gone."""

    key = models.CharField(primary_key=True, max_length=160)
    survey = models.CharField(max_length=60)
    survey_version = models.PositiveSmallIntegerField()
    period = models.PositiveSmallIntegerField()
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="rounds")
    addition = models.PositiveSmallIntegerField(default=0, db_default=0)
    tenant = models.ForeignKey(Tenant, models.PROTECT, null=True, related_name="rounds")
    state = models.CharField(max_length=6, choices=State, default=State.OPEN)
    is_synthetic = models.BooleanField(default=False)
    sealed_at = models.DateTimeField(null=True)
    answers = models.PositiveIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="one_round", fields=["survey", "period", "unit", "addition"]
            ),
            models.UniqueConstraint(
                name="one_open_round", fields=["survey", "unit"], condition=Q(state="open")
            ),
            models.CheckConstraint(
                name="round_state_known", condition=Q(state__in=["open", "closed", "sealed"])
            ),
            models.CheckConstraint(
                name="round_sealed_says_when_and_how_many",
                condition=Q(state="sealed", sealed_at__isnull=False, answers__isnull=False)
                | (~Q(state="sealed") & Q(sealed_at__isnull=True, answers__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return self.key


class ImportRecord(models.Model):
    """What was imported, from where, and what of it was left out and why.

    table: the register's id of its table; for answers, the key of the round.
    updated: when the source last changed the table.
    selection: the categories in the file, by dimension.
    rows_refused: a list of [where, why].
    checksum: SHA-256 of the file; the same file a second time changes nothing. Of answers, a
        fingerprint of what was read, under the key of their round (`vault.fingerprint`).
    taken_out: these answers were replaced by a later import, and are no longer there.
    """

    source = models.CharField(max_length=60)
    table = models.CharField(max_length=200)
    label = models.TextField(blank=True)
    licence = models.CharField(max_length=200, blank=True)
    updated = models.DateTimeField(null=True)
    selection = models.JSONField(default=dict)
    notes = models.JSONField(default=list)
    file_name = models.CharField(max_length=255)
    checksum = models.CharField(max_length=64)
    rows_in = models.PositiveIntegerField()
    rows_refused = models.JSONField(default=list)
    is_synthetic = models.BooleanField(default=False)
    imported_at = models.DateTimeField(auto_now_add=True)
    imported_by = models.CharField(max_length=200)
    taken_out = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="import_once",
                fields=["source", "table", "checksum"],
                condition=Q(taken_out=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.table}: {self.file_name}"


class Figure(models.Model):
    """A register figure as its source stated it, of the unit of that time. Never changed.

    A later import of the same figure supersedes it by being later; both stay.
    """

    record = models.ForeignKey(ImportRecord, models.PROTECT, related_name="figures", db_index=False)
    indicator = models.CharField(max_length=80)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    period = models.PositiveSmallIntegerField()
    value = models.FloatField(null=True)
    note = models.CharField(max_length=40, blank=True)
    provisional = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="figure_once_an_import", fields=["indicator", "unit", "period", "record"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} of {self.unit_id} in {self.period}"


class Answer(models.Model):
    """One respondent's answers in an open round, encrypted; gone when the round is sealed.

    A random key, no time, no order, nothing that says who or through which code. The leaf group
    is inside the payload (`vault`).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="raw_answers")
    payload = models.BinaryField()

    def __str__(self) -> str:
        return f"an answer in {self.round_id}"


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


class SavedMap(models.Model):
    """What the columns of a file of answers are, under a name, for files with the same headings.

    header: SHA-256 of all headings in order; those that nothing was made of are kept nowhere else.
    content: as `column_maps.as_json` has it: headings, values and units, never an answer.
    """

    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    survey = models.CharField(max_length=60)
    name = models.CharField(max_length=80)
    header = models.CharField(max_length=64)
    content = models.JSONField()
    changed_at = models.DateTimeField(auto_now=True)

    objects = TenantManager["SavedMap"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="map_named_once", fields=["tenant", "survey", "name"]),
        ]

    def __str__(self) -> str:
        return self.name
