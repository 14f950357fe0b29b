"""What was an owner's own target becomes a goal: of an owner or a school, of a number, a level or a
rubric, with by when and who decided. The targets there are become goals of their administration.
"""

from typing import Any, ClassVar

import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import Length, Replace
from django.db.models.lookups import Exact

from puls.web.tenants import rowlevel

TABLE = "assess_goal"
MINE = f"{rowlevel.own_tenant()} AND {rowlevel.own_unit()}"
SEEN = f"{rowlevel.own_tenant()} AND ({rowlevel.below()} OR {rowlevel.above()})"
WRITERS = ("puls_web", "puls_owner")


def place(apps: Any, editor: Any) -> None:
    """Each target lies at the unit of its administration."""
    with editor.connection.cursor() as cursor:
        cursor.execute("SELECT set_config('puls.reach', '*', true)")
        cursor.execute(
            f"UPDATE {TABLE} g SET unit_id = u.key, path = u.path, depth = u.depth"
            " FROM tenants_unit u WHERE u.key = g.tenant_id"
        )
        cursor.execute("SELECT set_config('puls.reach', '', true)")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("assess", "0007_measured")]

    operations: ClassVar = [
        # Named apart: a renamed model would also look for its content type, which nobody uses.
        migrations.SeparateDatabaseAndState(
            [
                migrations.RunSQL(
                    f"ALTER TABLE assess_target RENAME TO {TABLE}",
                    f"ALTER TABLE {TABLE} RENAME TO assess_target",
                )
            ],
            [migrations.RenameModel("Target", "Goal")],
        ),
        migrations.RemoveConstraint("goal", "one_target_counts"),
        migrations.RemoveConstraint("goal", "target_withdrawn_after_it_was_set"),
        migrations.AlterField(
            "goal",
            "tenant",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="goals",
                to="tenants.tenant",
            ),
        ),
        migrations.AddField(
            "goal",
            "unit",
            models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tenants.unit",
            ),
        ),
        migrations.AddField("goal", "path", models.CharField(max_length=400, null=True)),
        migrations.AddField("goal", "depth", models.PositiveSmallIntegerField(null=True)),
        migrations.RunPython(place, migrations.RunPython.noop),
        migrations.AlterField(
            "goal",
            "unit",
            models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tenants.unit",
            ),
        ),
        migrations.AlterField("goal", "path", models.CharField(max_length=400)),
        migrations.AlterField("goal", "depth", models.PositiveSmallIntegerField()),
        migrations.AlterField("goal", "indicator", models.CharField(blank=True, max_length=80)),
        migrations.AddField(
            "goal",
            "rubric",
            models.CharField(blank=True, db_default="", default="", max_length=80),
        ),
        migrations.AlterField("goal", "value", models.FloatField(null=True)),
        migrations.AddField("goal", "level", models.PositiveSmallIntegerField(null=True)),
        migrations.AddField("goal", "rubric_level", models.PositiveSmallIntegerField(null=True)),
        migrations.AddField("goal", "due", models.DateField(null=True)),
        migrations.AddField(
            "goal",
            "decided_by",
            models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
        migrations.AddConstraint(
            "goal",
            models.UniqueConstraint(
                condition=models.Q(("withdrawn_on__isnull", True)),
                fields=("unit", "indicator", "rubric"),
                name="one_goal_counts",
            ),
        ),
        migrations.AddConstraint(
            "goal",
            models.CheckConstraint(
                condition=~models.Q(indicator="")
                & models.Q(rubric="", rubric_level__isnull=True)
                & (
                    models.Q(value__isnull=False, level__isnull=True)
                    | models.Q(value__isnull=True, level__isnull=False)
                )
                | ~models.Q(rubric="")
                & models.Q(
                    indicator="",
                    rubric_level__isnull=False,
                    value__isnull=True,
                    level__isnull=True,
                ),
                name="goal_is_about_one_thing",
            ),
        ),
        migrations.AddConstraint(
            "goal",
            models.CheckConstraint(
                condition=models.Q(
                    ("withdrawn_on__isnull", True),
                    ("withdrawn_on__gte", models.F("set_on")),
                    _connector="OR",
                ),
                name="goal_withdrawn_after_it_was_set",
            ),
        ),
        migrations.AddConstraint(
            "goal",
            models.CheckConstraint(
                condition=Exact(
                    models.F("depth"),
                    Length("path") - Length(Replace("path", models.Value("/"), models.Value(""))),
                ),
                name="goal_depth_is_of_path",
            ),
        ),
        rowlevel.keep_path(TABLE, "goal_path_is_of_unit"),
        migrations.RunSQL(
            f"DROP POLICY own ON {TABLE}",
            f"CREATE POLICY own ON {TABLE} FOR ALL TO {', '.join(WRITERS)}"
            f" USING ({rowlevel.own_tenant()}) WITH CHECK ({rowlevel.own_tenant()})",
        ),
        rowlevel.policy(TABLE, "reach", SEEN, command="SELECT", roles=WRITERS),
        rowlevel.policy(TABLE, "own_unit_insert", MINE, command="INSERT", roles=WRITERS),
        rowlevel.policy(TABLE, "own_unit_update", MINE, command="UPDATE", roles=WRITERS),
    ]
