"""A quality report as it was written: every save a version, every publication kept for good."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from puls import periods
from puls.web.tenants.constraints import by_somebody
from puls.web.tenants.models import Tenant, Unit
from puls.web.tenants.scoping import TenantManager


class Version(models.Model):
    """The text of a school year's report after one save. Never rewritten; only its owner reads it.

    unit: the administration itself; path: its place. number: rises by one a save.
    release: the id of the release that its numbers are of; figures are drawn from that one.
    parts: a list of {key, heading, text}, text as plain paragraphs. about: what the save changed.
    approved_by, approved_at: who said that this version may be published, "" and None before.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_constraint=False)
    path = models.CharField(max_length=400)
    period = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    language = models.CharField(max_length=8)
    release = models.PositiveBigIntegerField()
    parts = models.JSONField()
    about = models.CharField(max_length=200)
    saved_by = models.CharField(max_length=200)
    saved_at = models.DateTimeField()
    approved_by = models.CharField(max_length=200, blank=True)
    approved_at = models.DateTimeField(null=True)

    objects = TenantManager["Version"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="report_version_once", fields=["tenant", "period", "number"]
            ),
            models.CheckConstraint(
                name="report_is_of_an_administration", condition=Q(unit=F("tenant"))
            ),
            by_somebody("report_approved_by_somebody", "approved_at", "approved_by"),
        ]

    def __str__(self) -> str:
        return f"{self.tenant_id} {self.period}, version {self.number}"


class Publication(models.Model):
    """A report as its council got it: text, figures and file, frozen. All of the tenant read it.

    edition: 1 for the first of a school year. figures: by the key of a part its points and tables
    in words. document: the PDF, byte for byte.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_constraint=False)
    path = models.CharField(max_length=400)
    period = models.PositiveSmallIntegerField()
    edition = models.PositiveIntegerField()
    version = models.PositiveIntegerField()
    language = models.CharField(max_length=8)
    release = models.PositiveBigIntegerField()
    is_synthetic = models.BooleanField()
    parts = models.JSONField()
    figures = models.JSONField()
    document = models.BinaryField()
    approved_by = models.CharField(max_length=200)
    published_by = models.CharField(max_length=200)
    published_at = models.DateTimeField()

    objects = TenantManager["Publication"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="report_edition_once", fields=["tenant", "period", "edition"]
            ),
            models.CheckConstraint(
                name="published_by_an_administration", condition=Q(unit=F("tenant"))
            ),
            models.CheckConstraint(
                name="published_is_approved", condition=~Q(approved_by="") & ~Q(published_by="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tenant_id} {self.period}, edition {self.edition}"

    @property
    def label(self) -> str:
        """The school year as people write it."""
        return periods.label(self.period)

    @property
    def slug(self) -> str:
        """The school year as addresses write it."""
        return periods.slug(self.period)
