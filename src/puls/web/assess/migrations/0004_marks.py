"""Marks, and what a national release found: added to, read within a reach, never changed."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

from puls.web.tenants import rowlevel

TABLE = "assess_mark"


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("assess", "0003_kinds_of_cells"),
        ("tenants", "0002_shared_schools"),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name="release", name="findings", field=models.JSONField(default=dict)
        ),
        migrations.CreateModel(
            name="Mark",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "unit",
                        "period",
                        "indicator",
                        "against",
                        "release",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("path", models.CharField(max_length=400)),
                ("depth", models.PositiveSmallIntegerField()),
                ("indicator", models.CharField(max_length=80)),
                ("period", models.PositiveSmallIntegerField()),
                (
                    "against",
                    models.CharField(
                        choices=[("change", "change"), ("given", "given")], max_length=6
                    ),
                ),
                ("since", models.PositiveSmallIntegerField(null=True)),
                ("expected", models.FloatField()),
                ("estimate", models.FloatField()),
                ("low", models.FloatField()),
                ("high", models.FloatField()),
                (
                    "mark",
                    models.CharField(
                        blank=True,
                        choices=[("up", "up"), ("down", "down"), ("", "")],
                        max_length=4,
                    ),
                ),
                (
                    "release",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="marks",
                        to="assess.release",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.unit",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="mark",
            constraint=models.CheckConstraint(
                condition=models.Q(("mark__in", ["up", "down", ""])), name="mark_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="mark",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("against", "change"),
                        ("since__isnull", False),
                        ("since__lt", models.F("period")),
                    ),
                    models.Q(("against", "given"), ("since__isnull", True)),
                    _connector="OR",
                ),
                name="mark_of_a_change_says_since_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="mark",
            constraint=models.CheckConstraint(
                condition=models.Q(("low__lte", models.F("high"))), name="mark_interval_is_one"
            ),
        ),
        rowlevel.keep_path(TABLE, "mark_path_is_of_unit"),
        *rowlevel.by_path(TABLE),
        rowlevel.grant(TABLE, "puls_web", "SELECT"),
        rowlevel.grant(TABLE, "puls_assess", "SELECT, INSERT"),
        migrations.RunSQL(
            f"REVOKE UPDATE, DELETE ON {TABLE} FROM puls_owner",
            f"GRANT UPDATE, DELETE ON {TABLE} TO puls_owner",
        ),
        migrations.RunSQL(
            f"CREATE TRIGGER {TABLE}_never_changes BEFORE UPDATE OR DELETE ON {TABLE}"
            " FOR EACH ROW EXECUTE FUNCTION puls_refuse_change()",
            f"DROP TRIGGER {TABLE}_never_changes ON {TABLE}",
        ),
        migrations.RunSQL(
            f"CREATE TRIGGER {TABLE}_never_emptied BEFORE TRUNCATE ON {TABLE}"
            " FOR EACH STATEMENT EXECUTE FUNCTION puls_refuse_change()",
            f"DROP TRIGGER {TABLE}_never_emptied ON {TABLE}",
        ),
    ]
