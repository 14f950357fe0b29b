"""Decisions, actions and their progress: read in the administration, written by a unit's people."""

import uuid
from typing import ClassVar

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.text
import django.db.models.lookups
from django.db import migrations, models

from puls.web.tenants import rowlevel

DECISION, ACTION, AIM, PROGRESS = (
    f"actions_{name}" for name in ("decision", "action", "aim", "progress")
)
WORDS_OF_A_DECISION = (
    "text, why, decided_on, decided_by, changed_by, changed_at, withdrawn_by, withdrawn_at"
)
PLAN_OF_AN_ACTION = (
    "what, why, decision_id, responsible_id, responsible_name, starts, due, begun_on, ended_on,"
    " expected, rubric, rubric_level, state, progress, remind_on, reminded_on, changed_by,"
    " changed_at"
)


def of_action(table: str, name: str) -> migrations.RunSQL:
    """The table's (action_id, path) is an action's own: it lies where its action does."""
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (action_id, path)"
        f" REFERENCES {ACTION} (id, path)",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    initial = True

    dependencies: ClassVar = [
        ("assess", "0007_measured"),
        ("tenants", "0002_shared_schools"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("path", models.CharField(max_length=400)),
                ("depth", models.PositiveSmallIntegerField()),
                ("text", models.CharField(max_length=400)),
                ("why", models.TextField(blank=True)),
                ("decided_on", models.DateField()),
                ("decided_by", models.CharField(blank=True, max_length=200)),
                ("improvement", models.UUIDField(db_index=True, null=True)),
                ("step", models.UUIDField(null=True)),
                ("meeting", models.UUIDField(db_index=True, null=True)),
                ("written_by", models.CharField(max_length=200)),
                ("written_at", models.DateTimeField()),
                ("changed_by", models.CharField(blank=True, max_length=200)),
                ("changed_at", models.DateTimeField(null=True)),
                ("withdrawn_by", models.CharField(blank=True, max_length=200)),
                ("withdrawn_at", models.DateTimeField(null=True)),
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
        ),
        migrations.CreateModel(
            name="Action",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("path", models.CharField(max_length=400)),
                ("depth", models.PositiveSmallIntegerField()),
                ("what", models.CharField(max_length=200)),
                ("why", models.TextField(blank=True)),
                ("responsible_name", models.CharField(blank=True, max_length=200)),
                ("starts", models.DateField(null=True)),
                ("due", models.DateField(null=True)),
                ("begun_on", models.DateField(null=True)),
                ("ended_on", models.DateField(null=True)),
                ("expected", models.CharField(blank=True, max_length=400)),
                ("rubric", models.CharField(blank=True, max_length=80)),
                ("rubric_level", models.PositiveSmallIntegerField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "proposed"),
                            ("agreed", "agreed"),
                            ("under_way", "under_way"),
                            ("paused", "paused"),
                            ("done", "done"),
                            ("stopped", "stopped"),
                        ],
                        max_length=12,
                    ),
                ),
                ("progress", models.PositiveSmallIntegerField(default=0)),
                ("remind_on", models.DateField(null=True)),
                ("reminded_on", models.DateField(null=True)),
                ("improvement", models.UUIDField(db_index=True, null=True)),
                ("step", models.UUIDField(null=True)),
                ("meeting", models.UUIDField(db_index=True, null=True)),
                ("written_by", models.CharField(max_length=200)),
                ("written_at", models.DateTimeField()),
                ("changed_by", models.CharField(blank=True, max_length=200)),
                ("changed_at", models.DateTimeField(null=True)),
                (
                    "responsible",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="tenants.membership",
                    ),
                ),
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
                (
                    "decision",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="actions",
                        to="actions.decision",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Progress",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("path", models.CharField(max_length=400)),
                ("depth", models.PositiveSmallIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "proposed"),
                            ("agreed", "agreed"),
                            ("under_way", "under_way"),
                            ("paused", "paused"),
                            ("done", "done"),
                            ("stopped", "stopped"),
                        ],
                        max_length=12,
                    ),
                ),
                ("progress", models.PositiveSmallIntegerField()),
                ("comment", models.TextField(blank=True)),
                ("written_by", models.CharField(max_length=200)),
                ("written_at", models.DateTimeField()),
                (
                    "action",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="told",
                        to="actions.action",
                    ),
                ),
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
        migrations.CreateModel(
            name="Aim",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("path", models.CharField(max_length=400)),
                ("depth", models.PositiveSmallIntegerField()),
                ("indicator", models.CharField(max_length=80)),
                ("version", models.PositiveSmallIntegerField()),
                ("period", models.PositiveSmallIntegerField(null=True)),
                ("direction", models.CharField(blank=True, max_length=4)),
                ("amount", models.FloatField(null=True)),
                (
                    "action",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="aims",
                        to="actions.action",
                    ),
                ),
                (
                    "baseline",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="assess.release",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.tenant",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("action", "indicator"), name="aim_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("baseline__isnull", True), ("period__isnull", True)),
                            models.Q(("baseline__isnull", False), ("period__isnull", False)),
                            _connector="OR",
                        ),
                        name="aim_starts_somewhere",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("direction__in", ["", "up", "down"])),
                        name="aim_direction_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("amount__isnull", True),
                            models.Q(("amount__gt", 0), models.Q(("direction", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="aim_amount_has_a_direction",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.Exact(
                            models.F("depth"),
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.functions.text.Length("path"),
                                "-",
                                django.db.models.functions.text.Length(
                                    django.db.models.functions.text.Replace(
                                        "path", models.Value("/"), models.Value("")
                                    )
                                ),
                            ),
                        ),
                        name="aim_depth_is_of_path",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="decision_says_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.Exact(
                    models.F("depth"),
                    django.db.models.expressions.CombinedExpression(
                        django.db.models.functions.text.Length("path"),
                        "-",
                        django.db.models.functions.text.Length(
                            django.db.models.functions.text.Replace(
                                "path", models.Value("/"), models.Value("")
                            )
                        ),
                    ),
                ),
                name="decision_depth_is_of_path",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("changed_at__isnull", True), ("changed_by", "")),
                    models.Q(
                        ("changed_at__isnull", False), models.Q(("changed_by", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="decision_changed_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_at__isnull", True), ("withdrawn_by", "")),
                    models.Q(
                        ("withdrawn_at__isnull", False),
                        models.Q(("withdrawn_by", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="decision_withdrawn_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.CheckConstraint(
                condition=models.Q(("what", ""), _negated=True), name="action_says_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["proposed", "agreed", "under_way", "paused", "done", "stopped"])
                ),
                name="action_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.CheckConstraint(
                condition=models.Q(("progress__lte", 100)), name="action_progress_is_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "done"), _negated=True), ("progress", 100), _connector="OR"
                ),
                name="action_done_is_all_of_it",
            ),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_on__isnull", False), ("state__in", ["done", "stopped"])),
                    models.Q(
                        models.Q(("state__in", ["done", "stopped"]), _negated=True),
                        ("ended_on__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="action_ended_or_not",
            ),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("due__isnull", True),
                    ("starts__isnull", True),
                    ("due__gte", models.F("starts")),
                    _connector="OR",
                ),
                name="action_due_after_it_starts",
            ),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("rubric", ""), _negated=True),
                    ("rubric_level__isnull", True),
                    _connector="OR",
                ),
                name="action_level_is_of_a_rubric",
            ),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("reminded_on__isnull", True), ("remind_on__isnull", False), _connector="OR"
                ),
                name="action_reminded_only_when_asked",
            ),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.UniqueConstraint(fields=("id", "path"), name="action_id_and_path"),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.Exact(
                    models.F("depth"),
                    django.db.models.expressions.CombinedExpression(
                        django.db.models.functions.text.Length("path"),
                        "-",
                        django.db.models.functions.text.Length(
                            django.db.models.functions.text.Replace(
                                "path", models.Value("/"), models.Value("")
                            )
                        ),
                    ),
                ),
                name="action_depth_is_of_path",
            ),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("changed_at__isnull", True), ("changed_by", "")),
                    models.Q(
                        ("changed_at__isnull", False), models.Q(("changed_by", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="action_changed_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="progress",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["proposed", "agreed", "under_way", "paused", "done", "stopped"])
                ),
                name="progress_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="progress",
            constraint=models.CheckConstraint(
                condition=models.Q(("progress__lte", 100)), name="progress_is_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="progress",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.Exact(
                    models.F("depth"),
                    django.db.models.expressions.CombinedExpression(
                        django.db.models.functions.text.Length("path"),
                        "-",
                        django.db.models.functions.text.Length(
                            django.db.models.functions.text.Replace(
                                "path", models.Value("/"), models.Value("")
                            )
                        ),
                    ),
                ),
                name="progress_depth_is_of_path",
            ),
        ),
        rowlevel.keep_path(DECISION, "decision_path_is_of_unit"),
        rowlevel.keep_path(ACTION, "action_path_is_of_unit"),
        of_action(AIM, "aim_path_is_of_action"),
        of_action(PROGRESS, "progress_path_is_of_action"),
        *rowlevel.by_own_unit(DECISION),
        *rowlevel.by_own_unit(ACTION),
        *rowlevel.by_own_unit(AIM, ("INSERT", "UPDATE", "DELETE")),
        *rowlevel.by_own_unit(PROGRESS, ("INSERT",)),
        rowlevel.grant(DECISION, "puls_web", "SELECT, INSERT"),
        rowlevel.grant(DECISION, "puls_web", f"UPDATE ({WORDS_OF_A_DECISION})"),
        rowlevel.grant(ACTION, "puls_web", "SELECT, INSERT"),
        # Where it is, where it comes from and who wrote it stay as they were written.
        rowlevel.grant(ACTION, "puls_web", f"UPDATE ({PLAN_OF_AN_ACTION})"),
        rowlevel.grant(AIM, "puls_web", "SELECT, INSERT, DELETE"),
        # The starting point of an indicator never moves.
        rowlevel.grant(AIM, "puls_web", "UPDATE (direction, amount)"),
        # What was said stays said.
        rowlevel.grant(PROGRESS, "puls_web", "SELECT, INSERT"),
    ]
