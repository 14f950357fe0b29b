"""Own definitions, a row for each version. Published ones never change: the database sees to it."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from puls.web.own.states import State
from puls.web.tenants.constraints import depth_is_of_path
from puls.web.tenants.models import Tenant, Unit
from puls.web.tenants.scoping import OpenManager

LONGEST_NOTE = 400


class Kind(models.TextChoices):
    RUBRIC = "rubric"
    SURVEY = "survey"


class Definition(models.Model):
    """A version of a rubric or a survey that an administration wrote itself.

    unit, path, depth: who wrote it, the administration or a school of it. of_owner: what the
        administration is called, for readers elsewhere.
    stem: the same in all versions; key: of this one. Both are unlike any key of a pack.
    body, words: as `puls.content.own.OwnDefinition` has them. title, plain: the title and all words
        in the pack's first language, to list and to search.
    source: the key of the version of another administration that it was copied from; source_title
        and source_owner: what that was called then.
    revision: counts savings, so that two who write at once do not overwrite each other.
    is_checked: the administration says that nobody is named in it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_constraint=False)
    path = models.CharField(max_length=400)
    depth = models.PositiveSmallIntegerField()
    of_owner = models.CharField(max_length=200)
    kind = models.CharField(max_length=12)
    stem = models.CharField(max_length=60)
    version = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=80, unique=True)
    body: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    words: "models.JSONField[dict[str, dict[str, str]], dict[str, dict[str, str]]]" = (
        models.JSONField(default=dict)
    )
    title = models.CharField(max_length=200, blank=True)
    plain = models.TextField(blank=True)
    area = models.CharField(max_length=80, blank=True)
    source = models.CharField(max_length=80, blank=True)
    source_title = models.CharField(max_length=200, blank=True)
    source_owner = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=12, default=State.DRAFT.value)
    note = models.CharField(max_length=LONGEST_NOTE, blank=True)
    is_checked = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    shared_at = models.DateTimeField(null=True)

    # The database alone decides: what is shared is read by all who are signed in.
    objects = OpenManager["Definition"]()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="own_kind_known", condition=Q(kind__in=Kind.values)),
            models.CheckConstraint(
                name="own_state_known", condition=Q(state__in=[s.value for s in State])
            ),
            models.UniqueConstraint(name="own_version_once", fields=["stem", "version"]),
            models.UniqueConstraint(
                name="own_one_draft_at_a_time",
                fields=["stem"],
                condition=Q(published_at__isnull=True),
            ),
            models.CheckConstraint(
                name="own_is_written_until_published",
                condition=Q(state__in=["draft", "proposed"], published_at__isnull=True)
                | ~Q(state__in=["draft", "proposed"]) & Q(published_at__isnull=False),
            ),
            models.CheckConstraint(
                name="own_goes_out_only_checked",
                condition=~Q(state="shared") | Q(is_checked=True, shared_at__isnull=False),
            ),
            depth_is_of_path("own_depth_is_of_path"),
        ]
        indexes: ClassVar = [models.Index(name="own_of_tenant", fields=["tenant", "key"])]

    def __str__(self) -> str:
        return self.title or self.key
