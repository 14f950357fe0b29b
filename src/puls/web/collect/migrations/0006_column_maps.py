"""What the columns of files of answers are: an administration's own, read by its commands too."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

from puls.web.tenants import rowlevel

TABLE = "collect_savedmap"


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("collect", "0005_jobs"),
        ("tenants", "0002_shared_schools"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="SavedMap",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("survey", models.CharField(max_length=60)),
                ("name", models.CharField(max_length=80)),
                ("header", models.CharField(max_length=64)),
                ("content", models.JSONField()),
                ("changed_at", models.DateTimeField(auto_now=True)),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.tenant",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="savedmap",
            constraint=models.UniqueConstraint(
                fields=("tenant", "survey", "name"), name="map_named_once"
            ),
        ),
        rowlevel.close(TABLE),
        rowlevel.policy(TABLE, "own", rowlevel.own_tenant(), roles=("puls_web", "puls_owner")),
        rowlevel.policy(TABLE, "whole_tree", rowlevel.whole(), roles=("puls_owner",)),
        rowlevel.grant(TABLE, "puls_web", "SELECT, INSERT, DELETE"),
        rowlevel.grant(TABLE, "puls_web", "UPDATE (header, content, changed_at)"),
    ]
