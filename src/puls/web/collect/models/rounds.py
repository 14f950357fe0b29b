"""A round and the answers that come in as long as it is open."""

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
