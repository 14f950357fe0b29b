"""Improvements: read by all who see the unit, written by its own people, their journal for these.

A step and a change carry the place of their improvement; the database keeps the two alike.
"""

import uuid
from typing import Any, ClassVar

import django.db.models.deletion
from django.db import migrations, models
from django.db.models.constraints import Deferrable
from django.db.models.functions import Length, Replace
from django.db.models.lookups import Exact

from puls.web.tenants import rowlevel

IMPROVEMENTS, STEPS, CHANGES = "improve_improvement", "improve_step", "improve_change"
OWN_UNIT = f"{rowlevel.own_tenant()} AND {rowlevel.own_unit()}"
WRITERS = ("puls_web", "puls_owner")
PLACE = "improvement_id, tenant_id, path, depth"


def key() -> "tuple[str, models.UUIDField[Any, Any]]":
    field: models.UUIDField[Any, Any] = models.UUIDField(
        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
    )
    return "id", field


def of_tenant(related_name: str = "+") -> "tuple[str, models.ForeignKey[Any, Any]]":
    protect = django.db.models.deletion.PROTECT
    field: models.ForeignKey[Any, Any] = models.ForeignKey(
        on_delete=protect, related_name=related_name, to="tenants.tenant"
    )
    return "tenant", field


def of_improvement() -> "tuple[str, models.ForeignKey[Any, Any]]":
    protect = django.db.models.deletion.PROTECT
    field: models.ForeignKey[Any, Any] = models.ForeignKey(
        on_delete=protect, related_name="+", to="improve.improvement"
    )
    return "improvement", field


def keep_place(table: str, name: str) -> migrations.RunSQL:
    """The table's copied place is that of its improvement, and can never be another one."""
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({PLACE})"
        f" REFERENCES {IMPROVEMENTS} (id, tenant_id, path, depth)",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    initial = True

    dependencies: ClassVar = [("tenants", "0002_shared_schools")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Improvement",
            fields=[
                key(),
                ("path", models.CharField(max_length=400)),
                ("depth", models.PositiveSmallIntegerField()),
                ("title", models.CharField(max_length=120)),
                ("template", models.CharField(blank=True, max_length=80)),
                ("state", models.CharField(default="planned", max_length=20)),
                ("number", models.PositiveIntegerField(default=0)),
                ("begun_by", models.CharField(max_length=200)),
                ("begun_at", models.DateTimeField()),
                ("changed_by", models.CharField(max_length=200)),
                ("changed_at", models.DateTimeField()),
                of_tenant("improvements"),
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
                    models.CheckConstraint(
                        condition=Exact(
                            models.F("depth"),
                            Length("path")
                            - Length(Replace("path", models.Value("/"), models.Value(""))),
                        ),
                        name="improvement_depth_is_of_path",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["planned", "under_way", "finished", "put_away"])
                        ),
                        name="improvement_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("title", ""), _negated=True),
                        name="improvement_has_a_title",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                key(),
                ("path", models.CharField(max_length=400)),
                ("depth", models.PositiveSmallIntegerField()),
                ("position", models.PositiveSmallIntegerField(null=True)),
                ("of_template", models.PositiveSmallIntegerField(default=0)),
                ("kind", models.CharField(max_length=20)),
                ("title", models.CharField(max_length=120)),
                ("starts", models.DateField(null=True)),
                ("ends", models.DateField(null=True)),
                ("problem", models.TextField(blank=True)),
                ("questions", models.TextField(blank=True)),
                ("comments", models.TextField(blank=True)),
                ("participants", models.CharField(blank=True, max_length=300)),
                ("minutes_alone", models.PositiveSmallIntegerField(default=0)),
                ("minutes_group", models.PositiveSmallIntegerField(default=0)),
                ("minutes_together", models.PositiveSmallIntegerField(default=0)),
                ("ties", models.JSONField(default=list)),
                ("done", models.BooleanField(default=False)),
                of_improvement(),
                of_tenant(),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        deferrable=Deferrable.DEFERRED,
                        fields=("improvement", "position"),
                        name="step_has_its_own_position",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("position", 0), _negated=True),
                        name="step_position_counts_from_1",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                ["data", "problem", "reflect", "decide", "act", "evaluate", "own"],
                            )
                        ),
                        name="step_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("title", ""), _negated=True), name="step_has_a_title"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends__isnull", True),
                            models.Q(("ends__gte", models.F("starts")), ("starts__isnull", False)),
                            _connector="OR",
                        ),
                        name="step_ends_after_it_starts",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Change",
            fields=[
                key(),
                ("path", models.CharField(max_length=400)),
                ("depth", models.PositiveSmallIntegerField()),
                ("number", models.PositiveIntegerField()),
                ("act", models.CharField(max_length=20)),
                ("step", models.UUIDField(null=True)),
                ("subject", models.CharField(blank=True, max_length=120)),
                ("before", models.JSONField(default=dict)),
                ("after", models.JSONField(default=dict)),
                ("undoes", models.PositiveIntegerField(null=True)),
                ("made_by", models.CharField(max_length=200)),
                ("made_at", models.DateTimeField()),
                of_improvement(),
                of_tenant(),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("improvement", "number"), name="improvement_change_once"
                    ),
                    models.UniqueConstraint(
                        fields=("improvement", "undoes"), name="improvement_change_undone_once"
                    ),
                ],
            },
        ),
        migrations.RunSQL(
            f"ALTER TABLE {IMPROVEMENTS} ADD CONSTRAINT improvement_place_once"
            " UNIQUE (id, tenant_id, path, depth)",
            f"ALTER TABLE {IMPROVEMENTS} DROP CONSTRAINT improvement_place_once",
        ),
        rowlevel.keep_path(IMPROVEMENTS, "improvement_path_is_of_unit"),
        keep_place(STEPS, "step_is_where_its_improvement_is"),
        keep_place(CHANGES, "change_is_where_its_improvement_is"),
        *rowlevel.by_path(IMPROVEMENTS),
        *rowlevel.by_path(STEPS),
        rowlevel.close(CHANGES),
        rowlevel.policy(CHANGES, "whole_tree", rowlevel.whole(), roles=("puls_owner",)),
        *(
            rowlevel.policy(table, f"own_unit_{command.lower()}", OWN_UNIT, command=command,
                            roles=WRITERS)
            for table, commands in (
                (IMPROVEMENTS, ("INSERT", "UPDATE")),
                (STEPS, ("INSERT", "UPDATE")),
                # What was written and taken back again is not for those who only see the unit.
                (CHANGES, ("INSERT", "SELECT")),
            )
            for command in commands
        ),
        rowlevel.grant(IMPROVEMENTS, "puls_web", "SELECT, INSERT"),
        rowlevel.grant(STEPS, "puls_web", "SELECT, INSERT"),
        # The journal is only ever added to.
        rowlevel.grant(CHANGES, "puls_web", "SELECT, INSERT"),
        # Where an improvement is and who began it stay as they were written.
        rowlevel.grant(
            IMPROVEMENTS, "puls_web", "UPDATE (title, state, number, changed_by, changed_at)"
        ),
        # And a step stays in its improvement.
        rowlevel.grant(
            STEPS,
            "puls_web",
            "UPDATE (position, kind, title, starts, ends, problem, questions, comments,"
            " participants, minutes_alone, minutes_group, minutes_together, ties, done)",
        ),
    ]  # fmt: skip
