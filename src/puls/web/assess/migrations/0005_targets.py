"""An administration's own targets: its rows alone, set and withdrawn, never rewritten."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

from puls.web.tenants import rowlevel

TABLE = "assess_target"


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("assess", "0004_marks"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Target",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("indicator", models.CharField(max_length=80)),
                ("value", models.FloatField()),
                ("set_by", models.CharField(max_length=200)),
                ("set_on", models.DateField()),
                ("why", models.TextField(blank=True)),
                ("withdrawn_on", models.DateField(null=True)),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="targets",
                        to="tenants.tenant",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="target",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_on__isnull", True)),
                fields=("tenant", "indicator"),
                name="one_target_counts",
            ),
        ),
        migrations.AddConstraint(
            model_name="target",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("withdrawn_on__isnull", True),
                    ("withdrawn_on__gte", models.F("set_on")),
                    _connector="OR",
                ),
                name="target_withdrawn_after_it_was_set",
            ),
        ),
        rowlevel.close(TABLE),
        rowlevel.policy(TABLE, "own", rowlevel.own_tenant(), roles=("puls_web", "puls_owner")),
        rowlevel.policy(TABLE, "whole_tree", rowlevel.whole(), roles=("puls_owner",)),
        rowlevel.grant(TABLE, "puls_web", "SELECT, INSERT"),
        # Withdrawing is all that can happen to a target that was set.
        rowlevel.grant(TABLE, "puls_web", "UPDATE (withdrawn_on)"),
    ]
