"""Saved selections: an administration's own, added, renamed and deleted by its people."""

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from puls.web.tenants import rowlevel

TABLE = "see_selection"


class Migration(migrations.Migration):
    initial = True

    dependencies: ClassVar = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("tenants", "0002_shared_schools"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Selection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("query", models.CharField(blank=True, max_length=6000)),
                ("made_on", models.DateField()),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="selections",
                        to="tenants.tenant",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.unit",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="selection",
            constraint=models.UniqueConstraint(
                fields=("tenant", "unit", "name"), name="selection_named_once"
            ),
        ),
        rowlevel.close(TABLE),
        rowlevel.policy(TABLE, "own", rowlevel.own_tenant(), roles=("puls_web", "puls_owner")),
        rowlevel.policy(TABLE, "whole_tree", rowlevel.whole(), roles=("puls_owner",)),
        rowlevel.grant(TABLE, "puls_web", "SELECT, INSERT, DELETE"),
        # A new name is all that can happen to one; what else it shows is another selection.
        rowlevel.grant(TABLE, "puls_web", "UPDATE (name)"),
    ]
