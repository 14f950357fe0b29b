"""What comes in: register files with their figures, and rounds with their answers.

No page reads any of this: puls_web has no right to these tables. Figures and answers reach
readers only through a release (`puls.web.assess`).
"""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from puls.web.tenants.models import Tenant, Unit


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
