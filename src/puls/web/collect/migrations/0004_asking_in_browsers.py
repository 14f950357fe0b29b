"""Rounds asked in browsers: plans and their groups for leaders, codes for the back office alone."""

import uuid
from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

from puls.web.tenants import rowlevel

PLAN, GROUP, CODE = "collect_plan", "collect_group", "collect_code"
OWN = f"{rowlevel.own_tenant()} AND {rowlevel.below()}"
PREPARED = f"{OWN} AND round_id IS NULL"
WEB = ("puls_web",)


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("collect", "0003_additions"),
        ("tenants", "0002_shared_schools"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Code",
            fields=[
                ("digest", models.BinaryField(primary_key=True, serialize=False)),
                ("used", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="Group",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("path", models.CharField(max_length=400)),
                ("depth", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=80)),
                ("people", models.PositiveSmallIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Plan",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("path", models.CharField(max_length=400)),
                ("depth", models.PositiveSmallIntegerField()),
                ("survey", models.CharField(max_length=60)),
                ("survey_version", models.PositiveSmallIntegerField()),
                ("period", models.PositiveSmallIntegerField()),
                ("languages", models.JSONField()),
                ("opens_on", models.DateField()),
                ("closes_on", models.DateField()),
                ("own", models.JSONField(default=list)),
                ("address", models.CharField(max_length=8, unique=True)),
            ],
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")),
                fields=("survey", "unit"),
                name="one_open_round",
            ),
        ),
        migrations.AddField(
            model_name="code",
            name="round",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="codes",
                to="collect.round",
            ),
        ),
        migrations.AddField(
            model_name="group",
            name="tenant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenants.tenant"
            ),
        ),
        migrations.AddField(
            model_name="group",
            name="unit",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tenants.unit",
            ),
        ),
        migrations.AddField(
            model_name="code",
            name="group",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="codes",
                to="collect.group",
            ),
        ),
        migrations.AddField(
            model_name="plan",
            name="round",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="plan",
                to="collect.round",
            ),
        ),
        migrations.AddField(
            model_name="plan",
            name="tenant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="plans",
                to="tenants.tenant",
            ),
        ),
        migrations.AddField(
            model_name="plan",
            name="unit",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tenants.unit",
            ),
        ),
        migrations.AddField(
            model_name="group",
            name="plan",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="groups",
                to="collect.plan",
            ),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.CheckConstraint(
                condition=models.Q(("closes_on__gte", models.F("opens_on"))),
                name="plan_closes_after_it_opens",
            ),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.UniqueConstraint(
                condition=models.Q(("round__isnull", True)),
                fields=("unit", "survey", "period"),
                name="one_plan_in_preparation",
            ),
        ),
        migrations.AddConstraint(
            model_name="group",
            constraint=models.UniqueConstraint(fields=("plan", "name"), name="group_once_a_plan"),
        ),
        migrations.AddConstraint(
            model_name="group",
            constraint=models.CheckConstraint(
                condition=models.Q(("people__gte", 1), ("people__lte", 2000)), name="group_of_some"
            ),
        ),
        # A group lies in a plan of its own administration.
        migrations.RunSQL(
            f"ALTER TABLE {PLAN} ADD CONSTRAINT plan_and_tenant UNIQUE (id, tenant_id);"
            f" ALTER TABLE {GROUP} ADD CONSTRAINT group_of_own_plan"
            f" FOREIGN KEY (plan_id, tenant_id) REFERENCES {PLAN} (id, tenant_id)",
            f"ALTER TABLE {GROUP} DROP CONSTRAINT group_of_own_plan;"
            f" ALTER TABLE {PLAN} DROP CONSTRAINT plan_and_tenant",
        ),
        rowlevel.keep_path(PLAN, "plan_path_is_of_unit"),
        rowlevel.keep_path(GROUP, "group_path_is_of_unit"),
        # Once its round is open, only the back office moves a plan: people have been asked.
        *rowlevel.by_whole_tree(PLAN),
        rowlevel.policy(PLAN, "own", OWN, command="SELECT", roles=WEB),
        rowlevel.policy(PLAN, "own_new", PREPARED, command="INSERT", roles=WEB),
        rowlevel.policy(PLAN, "own_prepared", PREPARED, command="UPDATE", roles=WEB),
        rowlevel.policy(PLAN, "own_given_up", PREPARED, command="DELETE", roles=WEB),
        *rowlevel.by_whole_tree(GROUP),
        rowlevel.policy(GROUP, "own", OWN, command="SELECT", roles=WEB),
        rowlevel.policy(GROUP, "own_new", OWN, command="INSERT", roles=WEB),
        rowlevel.policy(GROUP, "own_given_up", OWN, command="DELETE", roles=WEB),
        *rowlevel.by_whole_tree(CODE),
        rowlevel.grant(PLAN, "puls_web", "SELECT, INSERT, DELETE"),
        rowlevel.grant(PLAN, "puls_web", "UPDATE (languages, opens_on, closes_on, own)"),
        rowlevel.grant(PLAN, "puls_intake", "SELECT"),
        rowlevel.grant(PLAN, "puls_intake", "UPDATE (round_id, closes_on)"),
        rowlevel.grant(PLAN, "puls_assess", "SELECT"),
        rowlevel.grant(GROUP, "puls_web", "SELECT, INSERT, DELETE"),
        rowlevel.grant(GROUP, "puls_intake", "SELECT"),
        # Who takes answers in marks a code as used, and can neither free nor forget one.
        rowlevel.grant(CODE, "puls_intake", "SELECT, INSERT"),
        rowlevel.grant(CODE, "puls_intake", "UPDATE (used)"),
        rowlevel.grant(CODE, "puls_assess", "SELECT, DELETE"),
    ]
