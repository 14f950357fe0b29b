"""Releases and cells: added to, read within a reach, never changed."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

from puls.web.tenants import rowlevel

REFUSE = """
CREATE FUNCTION puls_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a release never changes: a correction is a new release'
        USING ERRCODE = 'restrict_violation';
END $$
"""


def kept(table: str, *from_owner: str) -> list[migrations.RunSQL]:
    """Rows can be added and read. Nobody is granted more, and a trigger stops even the owner."""
    withheld = ", ".join(from_owner)
    return [
        *rowlevel.by_path(table),
        rowlevel.grant(table, "puls_web", "SELECT"),
        rowlevel.grant(table, "puls_assess", "SELECT, INSERT"),
        migrations.RunSQL(
            f"REVOKE {withheld} ON {table} FROM puls_owner",
            f"GRANT {withheld} ON {table} TO puls_owner",
        ),
        migrations.RunSQL(
            f"CREATE TRIGGER {table}_never_changes BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION puls_refuse_change()",
            f"DROP TRIGGER {table}_never_changes ON {table}",
        ),
    ]


class Migration(migrations.Migration):
    initial = True

    dependencies: ClassVar = [
        ("tenants", "0001_initial"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Release",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("pack", models.CharField(max_length=60)),
                ("pack_version", models.CharField(max_length=40)),
                ("definitions", models.CharField(max_length=64)),
                ("k", models.PositiveSmallIntegerField()),
                ("period", models.PositiveSmallIntegerField()),
                ("tree_day", models.DateField()),
                ("path", models.CharField(max_length=400)),
                ("depth", models.PositiveSmallIntegerField()),
                ("sources", models.JSONField(default=list)),
                ("variances", models.JSONField(default=dict)),
                ("is_synthetic", models.BooleanField()),
                (
                    "root",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.unit",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Cell",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "unit",
                        "period",
                        "indicator",
                        "release",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("tier", models.CharField(max_length=30)),
                ("path", models.CharField(max_length=400)),
                ("depth", models.PositiveSmallIntegerField()),
                ("indicator", models.CharField(max_length=80)),
                ("version", models.PositiveSmallIntegerField()),
                ("period", models.PositiveSmallIntegerField()),
                ("from_answers", models.BooleanField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("shown", "shown"),
                            ("few", "few"),
                            ("linked", "linked"),
                            ("no_data", "no_data"),
                            ("not_comparable", "not_comparable"),
                        ],
                        max_length=16,
                    ),
                ),
                ("value", models.FloatField(null=True)),
                ("n", models.PositiveIntegerField(null=True)),
                ("low", models.FloatField(null=True)),
                ("high", models.FloatField(null=True)),
                ("level_low", models.PositiveSmallIntegerField(null=True)),
                ("level_high", models.PositiveSmallIntegerField(null=True)),
                ("note", models.CharField(blank=True, max_length=40)),
                ("provisional", models.BooleanField(default=False)),
                ("of_unit", models.CharField(blank=True, max_length=80)),
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
                (
                    "release",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cells",
                        to="assess.release",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="release",
            index=models.Index(fields=["period"], name="release_by_period"),
        ),
        migrations.AddConstraint(
            model_name="cell",
            constraint=models.UniqueConstraint(
                condition=models.Q(("from_answers", True)),
                fields=("unit", "period", "indicator"),
                name="answers_released_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="cell",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ["shown", "few", "linked", "no_data", "not_comparable"])
                ),
                name="cell_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="cell",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "shown"), ("value__isnull", False)),
                    models.Q(
                        models.Q(("status", "shown"), _negated=True),
                        ("high__isnull", True),
                        ("level_high__isnull", True),
                        ("level_low__isnull", True),
                        ("low__isnull", True),
                        ("n__isnull", True),
                        ("value__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="cell_has_a_value_when_shown_and_only_then",
            ),
        ),
        migrations.AddConstraint(
            model_name="cell",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("from_answers", False), ("n__isnull", True)),
                    models.Q(("from_answers", True), ("n__isnull", False)),
                    models.Q(("status", "shown"), _negated=True),
                    _connector="OR",
                ),
                name="cell_with_answers_says_how_many",
            ),
        ),
        migrations.AddConstraint(
            model_name="cell",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("high__isnull", True), ("low__isnull", True)),
                    ("low__lte", models.F("high")),
                    _connector="OR",
                ),
                name="cell_interval_is_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="cell",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("level_high__isnull", True), ("level_low__isnull", True)),
                    ("level_low__lte", models.F("level_high")),
                    _connector="OR",
                ),
                name="cell_levels_are_a_range",
            ),
        ),
        rowlevel.keep_path("assess_cell", "cell_path_is_of_unit"),
        migrations.RunSQL(REFUSE, "DROP FUNCTION puls_refuse_change()"),
        # The foreign key of cells locks releases as their owner, which needs the right to update.
        *kept("assess_release", "DELETE"),
        *kept("assess_cell", "UPDATE", "DELETE"),
    ]
