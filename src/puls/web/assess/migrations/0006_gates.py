"""The release gate: a school sees its answers before its owner, as long as the owner announced.

A cell that hangs on a gate is closed unless something says otherwise: the reader belongs to the
school, somebody was let in (`used_at`), or the announced time has come. What may happen to a gate,
and by whom, is the trigger's to say.
"""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

from puls.web.tenants import rowlevel

ANNOUNCEMENT, GATE = "assess_announcement", "assess_gate"
WEB_UPDATES = "opened_at, opened_by, taken_back_at, taken_back_by, used_at"
TENANT = f"{rowlevel.own_tenant()} AND {rowlevel.own_unit()}"

GATE_MOVES = f"""
CREATE FUNCTION puls_gate_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.used_at IS NOT NULL THEN
        RAISE EXCEPTION 'what was used stays open' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.opened_at IS DISTINCT FROM OLD.opened_at THEN
        IF NOT coalesce({rowlevel.own_or_above("OLD.path")}, false) THEN
            RAISE EXCEPTION 'only the school itself opens its gate'
                USING ERRCODE = 'restrict_violation';
        END IF;
        IF NEW.used_at IS NOT NULL THEN
            RAISE EXCEPTION 'nobody opens a gate and uses it at once'
                USING ERRCODE = 'restrict_violation';
        END IF;
    ELSIF NEW.used_at IS NOT NULL AND coalesce({rowlevel.own_or_above("OLD.path")}, false) THEN
        RAISE EXCEPTION 'a school does not use its own gate' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""
LATER = """
CREATE FUNCTION puls_announced_later() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.opens_at <= now() OR NEW.opens_at < OLD.opens_at THEN
        RAISE EXCEPTION 'what was announced is only ever moved later, and in time'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""


def passes(table: str) -> str:
    """SQL condition: the row hangs on no gate, or on one that lets the reader through."""
    return (
        f"({table}.gate_id IS NULL OR EXISTS (SELECT FROM {GATE} g"
        f" JOIN {ANNOUNCEMENT} a ON a.id = g.announcement_id WHERE g.id = {table}.gate_id"
        f" AND ({rowlevel.own_or_above('g.path')} OR g.used_at IS NOT NULL"
        " OR a.opens_at <= now())))"
    )


def gated(table: str) -> migrations.RunSQL:
    """Who sees, as before, and past its gate."""
    before = f"{rowlevel.below()} OR {rowlevel.above()}"
    return migrations.RunSQL(
        f"ALTER POLICY reach ON {table} USING (({before}) AND {passes(table)})",
        f"ALTER POLICY reach ON {table} USING ({before})",
    )


def guarded(table: str, function: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE TRIGGER {table}_moves BEFORE UPDATE ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION {function}()",
        f"DROP TRIGGER {table}_moves ON {table}",
    )


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("assess", "0005_targets"),
        ("tenants", "0002_shared_schools"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Announcement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("path", models.CharField(max_length=400)),
                ("depth", models.PositiveSmallIntegerField()),
                ("period", models.PositiveSmallIntegerField()),
                ("opens_at", models.DateTimeField()),
                ("announced_by", models.CharField(max_length=200)),
                ("announced_at", models.DateTimeField(auto_now_add=True)),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="announcements",
                        to="tenants.tenant",
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
        migrations.CreateModel(
            name="Gate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("path", models.CharField(max_length=400)),
                ("depth", models.PositiveSmallIntegerField()),
                ("survey", models.CharField(max_length=80)),
                ("period", models.PositiveSmallIntegerField()),
                ("opened_at", models.DateTimeField(null=True)),
                ("opened_by", models.CharField(blank=True, max_length=200)),
                ("taken_back_at", models.DateTimeField(null=True)),
                ("taken_back_by", models.CharField(blank=True, max_length=200)),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "announcement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="gates",
                        to="assess.announcement",
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
        *(
            migrations.AddField(
                model_name=model,
                name="gate",
                field=models.ForeignKey(
                    db_index=False,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to="assess.gate",
                ),
            )
            for model in ("cell", "mark")
        ),
        migrations.AddConstraint(
            model_name="announcement",
            constraint=models.UniqueConstraint(fields=("tenant", "period"), name="announced_once"),
        ),
        migrations.AddConstraint(
            model_name="announcement",
            constraint=models.CheckConstraint(
                condition=models.Q(("tenant", models.F("unit"))),
                name="announcement_is_of_its_tenant",
            ),
        ),
        migrations.AddConstraint(
            model_name="gate",
            constraint=models.UniqueConstraint(
                fields=("unit", "period", "survey"), name="one_gate"
            ),
        ),
        migrations.AddConstraint(
            model_name="gate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("used_at__isnull", True), ("opened_at__isnull", False), _connector="OR"
                ),
                name="gate_used_only_when_opened",
            ),
        ),
        rowlevel.keep_path(ANNOUNCEMENT, "announcement_path_is_of_unit"),
        *rowlevel.by_path(ANNOUNCEMENT),
        rowlevel.policy(
            ANNOUNCEMENT, "announce", TENANT, command="INSERT", roles=("puls_web", "puls_owner")
        ),
        rowlevel.policy(
            ANNOUNCEMENT, "move", TENANT, command="UPDATE", roles=("puls_web", "puls_owner")
        ),
        rowlevel.grant(ANNOUNCEMENT, "puls_web", "SELECT, INSERT"),
        rowlevel.grant(ANNOUNCEMENT, "puls_web", "UPDATE (opens_at)"),
        rowlevel.grant(ANNOUNCEMENT, "puls_assess", "SELECT"),
        rowlevel.keep_path(GATE, "gate_path_is_of_unit"),
        *rowlevel.by_path(GATE),
        rowlevel.policy(
            GATE,
            "move",
            f"{rowlevel.below()} OR {rowlevel.above()}",
            command="UPDATE",
            roles=("puls_web", "puls_owner"),
        ),
        rowlevel.grant(GATE, "puls_web", "SELECT"),
        rowlevel.grant(GATE, "puls_web", f"UPDATE ({WEB_UPDATES})"),
        rowlevel.grant(GATE, "puls_assess", "SELECT, INSERT"),
        rowlevel.grant(GATE, "puls_assess", "UPDATE (used_at)"),
        migrations.RunSQL(GATE_MOVES, "DROP FUNCTION puls_gate_moves()"),
        migrations.RunSQL(LATER, "DROP FUNCTION puls_announced_later()"),
        guarded(GATE, "puls_gate_moves"),
        guarded(ANNOUNCEMENT, "puls_announced_later"),
        gated("assess_cell"),
        gated("assess_mark"),
    ]
