"""What came in from files: register figures, records of imports, and kept maps of columns."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from puls.web.tenants.models import Tenant, Unit
from puls.web.tenants.scoping import TenantManager

ANSWERS = "answers"
"""What answers are called as a source of an import."""


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


class SavedMap(models.Model):
    """What the columns of a file of answers are, under a name, for files with the same headings.

    header: SHA-256 of all headings in order; those that nothing was made of are kept nowhere else.
    content: as `importing.column_maps.as_json` has it: headings, and values that stand
    for a unit, a step or an option; never an answer, and no value that was left out.
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
