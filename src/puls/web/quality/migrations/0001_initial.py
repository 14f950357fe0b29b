"""A school's own view: its team reads all of it, those above what is finished; a placement is
its author's alone. Only puls_assess counts placements, and deletes them when a placing is closed.
"""

import uuid
from typing import Any, ClassVar

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.text
import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models

from puls.web.tenants import rowlevel

DESCRIPTION, PLACING, PLACEMENT = "quality_description", "quality_placing", "quality_placement"
SPREAD, REASON = "quality_spread", "quality_reason"
NO_ADMINISTRATION = "tenant_id <> unit_id"
TEAM = f"{rowlevel.own_tenant()} AND {rowlevel.own_or_above('path')} AND {NO_ADMINISTRATION}"
"""Those who work at the unit, or at a part of it."""
OWN_UNIT = f"{rowlevel.own_tenant()} AND {rowlevel.own_unit()} AND {NO_ADMINISTRATION}"
OWN_ROW = f"{rowlevel.own_person()} AND {rowlevel.own_tenant()}"
OPEN = f"EXISTS (SELECT FROM {PLACING} p WHERE p.id = placing_id AND p.closed_at IS NULL)"
WRITERS = ("puls_web", "puls_owner")


def team_reads(table: str) -> list[Any]:
    """Closed, then: the team reads, the back office works on the whole tree."""
    return [
        rowlevel.close(table),
        rowlevel.policy(table, "team", TEAM, command="SELECT", roles=WRITERS),
        rowlevel.policy(table, "whole_tree", rowlevel.whole(), roles=rowlevel.BACK_OFFICE),
        rowlevel.keep_path(table, f"{table}_path_is_of_unit"),
    ]


def above_reads(table: str, when: str) -> Any:
    """Those above read a row once its leader has said so."""
    shown = f"{when} IS NOT NULL AND {rowlevel.below()}"
    return rowlevel.policy(table, "above", shown, command="SELECT", roles=WRITERS)


def own_unit(table: str, command: str) -> Any:
    name = f"own_unit_{command.lower()}"
    return rowlevel.policy(table, name, OWN_UNIT, command=command, roles=WRITERS)


class Migration(migrations.Migration):
    initial = True

    dependencies: ClassVar = [
        ("tenants", "0002_shared_schools"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Placing",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("path", models.CharField(max_length=400)),
                ("depth", models.PositiveSmallIntegerField()),
                ("period", models.PositiveSmallIntegerField()),
                ("opened_by", models.CharField(max_length=200)),
                ("opened_at", models.DateTimeField()),
                ("closed_by", models.CharField(blank=True, max_length=200)),
                ("closed_at", models.DateTimeField(null=True)),
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
            name="Placement",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("path", models.CharField(max_length=400)),
                ("depth", models.PositiveSmallIntegerField()),
                ("rubric", models.CharField(max_length=80)),
                ("level", models.PositiveSmallIntegerField()),
                ("reason", models.TextField(blank=True)),
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
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "placing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="placements",
                        to="quality.placing",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Spread",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("path", models.CharField(max_length=400)),
                ("depth", models.PositiveSmallIntegerField()),
                ("period", models.PositiveSmallIntegerField()),
                ("rubric", models.CharField(max_length=80)),
                ("source", models.CharField(max_length=12)),
                ("reference", models.UUIDField()),
                ("k", models.PositiveSmallIntegerField()),
                ("level_1", models.PositiveSmallIntegerField()),
                ("level_2", models.PositiveSmallIntegerField()),
                ("level_3", models.PositiveSmallIntegerField()),
                ("level_4", models.PositiveSmallIntegerField()),
                ("is_told", models.BooleanField()),
                ("made_at", models.DateTimeField()),
                ("shown_by", models.CharField(blank=True, max_length=200)),
                ("shown_at", models.DateTimeField(null=True)),
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
            name="Reason",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("path", models.CharField(max_length=400)),
                ("depth", models.PositiveSmallIntegerField()),
                ("text", models.TextField()),
                ("is_read", models.BooleanField(default=False)),
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
                    "spread",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reasons",
                        to="quality.spread",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Description",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("path", models.CharField(max_length=400)),
                ("depth", models.PositiveSmallIntegerField()),
                ("period", models.PositiveSmallIntegerField()),
                ("kind", models.CharField(max_length=12)),
                ("key", models.CharField(max_length=80)),
                ("number", models.PositiveIntegerField()),
                ("release", models.PositiveBigIntegerField(null=True)),
                ("sees", models.TextField(blank=True)),
                ("judges", models.TextField(blank=True)),
                ("written_by", models.CharField(max_length=200)),
                ("written_at", models.DateTimeField()),
                ("finished_by", models.CharField(blank=True, max_length=200)),
                ("finished_at", models.DateTimeField(null=True)),
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
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("unit", "period", "kind", "key", "number"),
                        name="description_version_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("finished_at__isnull", False)),
                        fields=("unit", "period", "kind", "key"),
                        name="one_finished_description",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["omrade", "indikator", "kjennetegn"])),
                        name="description_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("finished_at__isnull", True),
                            models.Q(("judges", ""), ("sees", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="finished_description_says_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("finished_at__isnull", True), ("finished_by", "")),
                            models.Q(
                                ("finished_at__isnull", False),
                                models.Q(("finished_by", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="description_finished_by_somebody",
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
                        name="description_depth_is_of_path",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="placing",
            constraint=models.UniqueConstraint(
                fields=("unit", "period"), name="one_placing_a_year"
            ),
        ),
        migrations.AddConstraint(
            model_name="placing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", True), ("closed_by", "")),
                    models.Q(
                        ("closed_at__isnull", False), models.Q(("closed_by", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="placing_closed_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="placing",
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
                name="placing_depth_is_of_path",
            ),
        ),
        migrations.AddConstraint(
            model_name="placement",
            constraint=models.UniqueConstraint(
                fields=("placing", "rubric", "user"), name="one_placement_each"
            ),
        ),
        migrations.AddConstraint(
            model_name="placement",
            constraint=models.CheckConstraint(
                condition=models.Q(("level__range", (1, 4))), name="placement_on_a_level"
            ),
        ),
        migrations.AddConstraint(
            model_name="placement",
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
                name="placement_depth_is_of_path",
            ),
        ),
        migrations.AddConstraint(
            model_name="spread",
            constraint=models.UniqueConstraint(fields=("reference", "rubric"), name="spread_once"),
        ),
        migrations.AddConstraint(
            model_name="spread",
            constraint=models.CheckConstraint(
                condition=models.Q(("source__in", ["staff", "meeting"])), name="spread_source_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="spread",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("is_told", False),
                        ("level_1", 0),
                        ("level_2", 0),
                        ("level_3", 0),
                        ("level_4", 0),
                    ),
                    models.Q(
                        ("is_told", True),
                        ("k__gt", 1),
                        (
                            "k__lte",
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("level_1"), "+", models.F("level_2")
                                    ),
                                    "+",
                                    models.F("level_3"),
                                ),
                                "+",
                                models.F("level_4"),
                            ),
                        ),
                    ),
                    _connector="OR",
                ),
                name="spread_of_enough_or_none",
            ),
        ),
        migrations.AddConstraint(
            model_name="spread",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_told", False),
                    models.Q(
                        (
                            "level_1__lt",
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("level_1"), "+", models.F("level_2")
                                    ),
                                    "+",
                                    models.F("level_3"),
                                ),
                                "+",
                                models.F("level_4"),
                            ),
                        ),
                        (
                            "level_2__lt",
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("level_1"), "+", models.F("level_2")
                                    ),
                                    "+",
                                    models.F("level_3"),
                                ),
                                "+",
                                models.F("level_4"),
                            ),
                        ),
                        (
                            "level_3__lt",
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("level_1"), "+", models.F("level_2")
                                    ),
                                    "+",
                                    models.F("level_3"),
                                ),
                                "+",
                                models.F("level_4"),
                            ),
                        ),
                        (
                            "level_4__lt",
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("level_1"), "+", models.F("level_2")
                                    ),
                                    "+",
                                    models.F("level_3"),
                                ),
                                "+",
                                models.F("level_4"),
                            ),
                        ),
                    ),
                    _connector="OR",
                ),
                name="spread_is_not_all_alike",
            ),
        ),
        migrations.AddConstraint(
            model_name="spread",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("shown_at__isnull", True), ("shown_by", "")),
                    models.Q(
                        ("shown_at__isnull", False), models.Q(("shown_by", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="spread_shown_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="spread",
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
                name="spread_depth_is_of_path",
            ),
        ),
        migrations.AddConstraint(
            model_name="reason",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="reason_says_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="reason",
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
                name="reason_depth_is_of_path",
            ),
        ),
        *team_reads(DESCRIPTION),
        above_reads(DESCRIPTION, "finished_at"),
        own_unit(DESCRIPTION, "INSERT"),
        own_unit(DESCRIPTION, "UPDATE"),
        rowlevel.grant(DESCRIPTION, "puls_web", "SELECT, INSERT"),
        rowlevel.grant(DESCRIPTION, "puls_web", "UPDATE (finished_by, finished_at)"),
        *team_reads(PLACING),
        own_unit(PLACING, "INSERT"),
        rowlevel.grant(PLACING, "puls_web", "SELECT, INSERT"),
        rowlevel.grant(PLACING, "puls_assess", "SELECT"),
        rowlevel.grant(PLACING, "puls_assess", "UPDATE (closed_by, closed_at)"),
        rowlevel.close(PLACEMENT),
        rowlevel.keep_path(PLACEMENT, "quality_placement_path_is_of_unit"),
        # Nobody's but the author's, whatever the role: a leader is no exception.
        rowlevel.policy(PLACEMENT, "own", OWN_ROW, command="SELECT", roles=WRITERS),
        rowlevel.policy(
            PLACEMENT,
            "own_add",
            f"{OWN_ROW} AND {TEAM} AND {OPEN}",
            command="INSERT",
            roles=WRITERS,
        ),
        rowlevel.policy(
            PLACEMENT, "own_change", f"{OWN_ROW} AND {OPEN}", command="UPDATE", roles=WRITERS
        ),
        rowlevel.policy(
            PLACEMENT, "own_withdraw", f"{OWN_ROW} AND {OPEN}", command="DELETE", roles=WRITERS
        ),
        rowlevel.policy(PLACEMENT, "counting", rowlevel.whole(), roles=("puls_assess",)),
        rowlevel.grant(PLACEMENT, "puls_web", "SELECT, INSERT, DELETE"),
        rowlevel.grant(PLACEMENT, "puls_web", "UPDATE (level, reason)"),
        rowlevel.grant(PLACEMENT, "puls_assess", "SELECT, DELETE"),
        *team_reads(SPREAD),
        above_reads(SPREAD, "shown_at"),
        own_unit(SPREAD, "INSERT"),
        own_unit(SPREAD, "UPDATE"),
        rowlevel.grant(SPREAD, "puls_web", "SELECT, INSERT"),
        rowlevel.grant(SPREAD, "puls_web", "UPDATE (shown_by, shown_at)"),
        rowlevel.grant(SPREAD, "puls_assess", "SELECT, INSERT"),
        *team_reads(REASON),
        own_unit(REASON, "UPDATE"),
        rowlevel.grant(REASON, "puls_web", "SELECT"),
        rowlevel.grant(REASON, "puls_web", "UPDATE (is_read)"),
        rowlevel.grant(REASON, "puls_assess", "INSERT"),
    ]
