"""Quality reports: the owner alone reads and writes drafts, all of the tenant read editions."""

import uuid
from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

from puls.web.tenants import rowlevel

VERSIONS, EDITIONS = "report_version", "report_publication"
OWN = rowlevel.own_tenant()
OWNERS = f"{OWN} AND {rowlevel.own_unit()}"
WRITERS = ("puls_web", "puls_owner")


class Migration(migrations.Migration):
    initial = True

    dependencies: ClassVar = [
        ("tenants", "0002_shared_schools"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Publication",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("path", models.CharField(max_length=400)),
                ("period", models.PositiveSmallIntegerField()),
                ("edition", models.PositiveIntegerField()),
                ("version", models.PositiveIntegerField()),
                ("language", models.CharField(max_length=8)),
                ("release", models.PositiveBigIntegerField()),
                ("is_synthetic", models.BooleanField()),
                ("parts", models.JSONField()),
                ("figures", models.JSONField()),
                ("document", models.BinaryField()),
                ("approved_by", models.CharField(max_length=200)),
                ("published_by", models.CharField(max_length=200)),
                ("published_at", models.DateTimeField()),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.tenant",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.unit",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "period", "edition"), name="report_edition_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("unit", models.F("tenant"))),
                        name="published_by_an_administration",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved_by", ""), _negated=True),
                            models.Q(("published_by", ""), _negated=True),
                        ),
                        name="published_is_approved",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Version",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("path", models.CharField(max_length=400)),
                ("period", models.PositiveSmallIntegerField()),
                ("number", models.PositiveIntegerField()),
                ("language", models.CharField(max_length=8)),
                ("release", models.PositiveBigIntegerField()),
                ("parts", models.JSONField()),
                ("about", models.CharField(max_length=200)),
                ("saved_by", models.CharField(max_length=200)),
                ("saved_at", models.DateTimeField()),
                ("approved_by", models.CharField(blank=True, max_length=200)),
                ("approved_at", models.DateTimeField(null=True)),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.tenant",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.unit",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "period", "number"), name="report_version_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("unit", models.F("tenant"))),
                        name="report_is_of_an_administration",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved_at__isnull", True), ("approved_by", "")),
                            models.Q(
                                ("approved_at__isnull", False),
                                models.Q(("approved_by", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="report_approved_by_somebody",
                    ),
                ],
            },
        ),
        rowlevel.keep_path(VERSIONS, "report_version_path_is_of_unit"),
        rowlevel.keep_path(EDITIONS, "report_edition_path_is_of_unit"),
        rowlevel.close(VERSIONS),
        rowlevel.policy(VERSIONS, "owners", OWNERS, roles=WRITERS),
        rowlevel.grant(VERSIONS, "puls_web", "SELECT, INSERT"),
        # A text is never rewritten: that it is approved is all that happens to a version.
        rowlevel.grant(VERSIONS, "puls_web", "UPDATE (approved_by, approved_at)"),
        rowlevel.close(EDITIONS),
        rowlevel.policy(EDITIONS, "own", OWN, command="SELECT", roles=WRITERS),
        rowlevel.policy(EDITIONS, "owners", OWNERS, command="INSERT", roles=WRITERS),
        rowlevel.policy(EDITIONS, "whole_tree", rowlevel.whole(), roles=("puls_owner",)),
        rowlevel.policy(VERSIONS, "whole_tree", rowlevel.whole(), roles=("puls_owner",)),
        rowlevel.grant(EDITIONS, "puls_web", "SELECT, INSERT"),
    ]
