"""Cells of a part of the respondents, of several years together, and corrected ones.

What was released before is everybody's of one year, as first released. The columns get their
defaults without touching a row, which nobody may.
"""

from typing import ClassVar

from django.db import migrations, models

BEFORE = ("unit", "period", "indicator", "release")
NOW = ("unit", "period", "part", "years", "indicator", "correction", "release")


def key(*parts: str) -> str:
    """SQL that gives the table of cells this primary key."""
    columns = ", ".join(f"{each}_id" if each in ("unit", "release") else each for each in parts)
    return (
        "ALTER TABLE assess_cell DROP CONSTRAINT assess_cell_pkey,"
        f" ADD CONSTRAINT assess_cell_pkey PRIMARY KEY ({columns})"
    )


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("assess", "0002_never_emptied"),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name="cell",
            name="judged_by",
            field=models.CharField(blank=True, db_default="", default="", max_length=100),
        ),
        migrations.AddField(
            model_name="cell",
            name="part",
            field=models.CharField(blank=True, db_default="", default="", max_length=120),
        ),
        migrations.AddField(
            model_name="cell",
            name="years",
            field=models.PositiveSmallIntegerField(db_default=1, default=1),
        ),
        migrations.AddField(
            model_name="cell",
            name="correction",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="cell",
            name="public",
            field=models.BooleanField(db_default=False, default=False),
        ),
        # Django does not change a key of several columns by itself.
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(key(*NOW), key(*BEFORE))],
            state_operations=[
                migrations.AlterField(
                    model_name="cell",
                    name="pk",
                    field=models.CompositePrimaryKey(
                        *NOW, blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
            ],
        ),
        migrations.RemoveConstraint(model_name="cell", name="answers_released_once"),
        migrations.AddConstraint(
            model_name="cell",
            constraint=models.UniqueConstraint(
                condition=models.Q(("from_answers", True)),
                fields=("unit", "period", "part", "years", "indicator", "correction"),
                name="answers_released_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="cell",
            constraint=models.CheckConstraint(
                condition=models.Q(("years__gte", 1)), name="cell_counts_a_year_or_more"
            ),
        ),
        migrations.AddConstraint(
            model_name="cell",
            constraint=models.CheckConstraint(
                condition=models.Q(("public", False), ("status", "shown"), _connector="OR"),
                name="cell_public_only_when_shown",
            ),
        ),
        migrations.AddConstraint(
            model_name="cell",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("from_answers", True),
                    models.Q(("correction", 0), ("part", ""), ("years", 1)),
                    _connector="OR",
                ),
                name="cell_of_registers_is_whole",
            ),
        ),
    ]
