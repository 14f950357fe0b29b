"""Shared practices, who took them up, and the thanks and questions that went back."""

import uuid
from typing import Any, ClassVar

from django.contrib.postgres.search import (
    SearchVector,
    SearchVectorField,
)
from django.db import models
from django.db.models import Case, Q, When
from django.db.models.expressions import CombinedExpression

from puls.web.share.states import State
from puls.web.tenants.constraints import depth_is_of_path
from puls.web.tenants.models import Tenant, Unit
from puls.web.tenants.scoping import OpenManager

LONGEST_TITLE = 120
TELLING = ("did", "for_whom", "took", "saw", "differently")
"""What one tells of a practice, in the order in which it is read."""


class Kind(models.TextChoices):
    """What is shared, and so what somebody who takes it up gets a copy of."""

    PROCESS = "process"
    ACTION = "action"


def words(config: str) -> CombinedExpression:
    """What a practice is found by: its title first, then its summary, then what it tells."""
    return (
        SearchVector("title", weight="A", config=config)
        + SearchVector("summary", weight="B", config=config)
        + SearchVector(*TELLING, weight="C", config=config)
    )


class Practice(models.Model):
    """What worked in one place. Written there, looked through by its owner, read by all.

    tenant, unit, path, depth: where it comes from; none, "" and 0 for an example of the pack, which
        has a key in `example` instead. of_unit, of_owner: what they are called, for readers who
        see neither.
    source: the id of the process or action it was made from; copy: what of it is handed on.
    did, for_whom, took, saw, differently: Markdown.
    figures: released values as they were when it was published, in words of its language.
    alike: what its municipality's prerequisites were then, by indicator.
    is_checked: its writer says that nobody is named who has not agreed.
    note: what the owner answered when it was sent back.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+", null=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", null=True, db_constraint=False)
    path = models.CharField(max_length=400, blank=True)
    depth = models.PositiveSmallIntegerField(default=0)
    example = models.CharField(max_length=80, blank=True)
    of_unit = models.CharField(max_length=200)
    of_owner = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=12)
    source = models.UUIDField(null=True)
    copy: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    language = models.CharField(max_length=8)
    title = models.CharField(max_length=LONGEST_TITLE)
    summary = models.CharField(max_length=300, blank=True)
    did = models.TextField(blank=True)
    for_whom = models.TextField(blank=True)
    took = models.TextField(blank=True)
    saw = models.TextField(blank=True)
    differently = models.TextField(blank=True)
    area = models.CharField(max_length=80, blank=True)
    rubric = models.CharField(max_length=80, blank=True)
    rubric_level = models.PositiveSmallIntegerField(null=True)
    figures: "models.JSONField[list[dict[str, str]], list[dict[str, str]]]" = models.JSONField(
        default=list
    )
    alike: "models.JSONField[dict[str, float], dict[str, float]]" = models.JSONField(default=dict)
    is_checked = models.BooleanField(default=False)
    state = models.CharField(max_length=12, default=State.DRAFT.value)
    note = models.CharField(max_length=400, blank=True)
    written_by = models.CharField(max_length=200, blank=True)
    written_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    search = models.GeneratedField(
        expression=Case(
            When(language="en", then=words("english")),
            default=words("norwegian"),
        ),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    # The database alone decides: what is published is read by all who are signed in.
    objects = OpenManager["Practice"]()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="practice_is_of_a_unit_or_an_example",
                condition=Q(tenant__isnull=True, unit__isnull=True, path="", state="published")
                & ~Q(example="")
                | Q(tenant__isnull=False, unit__isnull=False, example="") & ~Q(path=""),
            ),
            models.UniqueConstraint(
                name="practice_example_once",
                fields=["example", "language"],
                condition=~Q(example=""),
            ),
            models.CheckConstraint(name="practice_kind_known", condition=Q(kind__in=Kind.values)),
            models.CheckConstraint(
                name="practice_state_known", condition=Q(state__in=[s.value for s in State])
            ),
            models.CheckConstraint(name="practice_has_a_title", condition=~Q(title="")),
            models.CheckConstraint(
                name="practice_goes_out_only_checked",
                condition=Q(state="draft") | Q(is_checked=True),
            ),
            models.CheckConstraint(
                name="practice_published_some_day",
                condition=~Q(state="published") | Q(published_at__isnull=False),
            ),
            models.CheckConstraint(
                name="practice_rubric_level_known",
                condition=Q(rubric_level__isnull=True)
                | Q(rubric_level__gte=1, rubric_level__lte=4) & ~Q(rubric=""),
            ),
            depth_is_of_path("practice_depth_is_of_path"),
        ]

    def __str__(self) -> str:
        return self.title


class Adoption(models.Model):
    """A unit took a practice up: its own copy, which remembers where it is from.

    All who are signed in may count these, so they name no person.
    made: the id of its own process or action. title, of_unit: of the practice, as it was then.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="adoptions")
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_constraint=False)
    path = models.CharField(max_length=400)
    depth = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12)
    made = models.UUIDField(unique=True)
    title = models.CharField(max_length=LONGEST_TITLE)
    of_unit = models.CharField(max_length=200)
    adopted_at = models.DateTimeField()

    objects = OpenManager["Adoption"]()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="adoption_kind_known", condition=Q(kind__in=Kind.values)),
            depth_is_of_path("adoption_depth_is_of_path"),
        ]

    def __str__(self) -> str:
        return f"{self.title} at {self.unit_id}"


class Says(models.TextChoices):
    THANKS = "thanks"
    QUESTION = "question"
    ANSWER = "answer"


class Remark(models.Model):
    """Thanks, a question, or its answer: read by all who read the practice.

    of_unit: who says it, as a place: no person is named.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey(Practice, models.CASCADE, related_name="remarks")
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_constraint=False)
    path = models.CharField(max_length=400)
    depth = models.PositiveSmallIntegerField()
    of_unit = models.CharField(max_length=200)
    says = models.CharField(max_length=12)
    text = models.CharField(max_length=1000, blank=True)
    # The database takes answers along: whoever takes a question back may not delete others' rows.
    to = models.ForeignKey(
        "self", models.DO_NOTHING, related_name="answers", null=True, db_constraint=False
    )
    written_at = models.DateTimeField()

    objects = OpenManager["Remark"]()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="remark_kind_known", condition=Q(says__in=Says.values)),
            models.CheckConstraint(
                name="remark_says_something", condition=Q(says="thanks", text="") | ~Q(text="")
            ),
            models.CheckConstraint(
                name="remark_answers_a_question",
                condition=Q(says="answer", to__isnull=False)
                | ~Q(says="answer") & Q(to__isnull=True),
            ),
            models.UniqueConstraint(
                name="remark_thanks_once", fields=["practice", "unit"], condition=Q(says="thanks")
            ),
            depth_is_of_path("remark_depth_is_of_path"),
        ]

    def __str__(self) -> str:
        return f"{self.says} of {self.unit_id}"
