"""Units, tenants and memberships, each closed by row-level security from the first day."""

import uuid
from typing import ClassVar

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.text
import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models

from puls.web.tenants import rowlevel

BACK_OFFICE_READS = ("puls_intake", "puls_assess")
UNIT_IS_OF_TENANT = (
    "EXISTS (SELECT 1 FROM tenants_unit u WHERE u.key = unit_id"
    " AND {table}.tenant_id IN (u.tenant_id, u.key))"
)


def visible(column: str) -> str:
    """SQL condition: the unit in this column is one that the reader sees."""
    return f"{column} IN (SELECT u.key FROM tenants_unit u)"


def own_tenant_at_own_unit(table: str) -> str:
    return f"{rowlevel.own_tenant()} AND {UNIT_IS_OF_TENANT.format(table=table)}"


def units() -> list[migrations.RunSQL]:
    table = "tenants_unit"
    return [
        *rowlevel.by_path(table),
        rowlevel.policy(
            table,
            "own_new_unit",
            f"{rowlevel.own_tenant()} AND {rowlevel.below()}",
            command="INSERT",
            roles=("puls_web", "puls_owner"),
        ),
        rowlevel.grant(table, "puls_web", "SELECT, INSERT"),
    ]


def tenants() -> list[migrations.RunSQL]:
    table = "tenants_tenant"
    mine = (
        "unit_id IN (SELECT m.tenant_id FROM tenants_membership m"
        f" WHERE {rowlevel.own_person('m.user_id')})"
    )
    return [
        rowlevel.close(table),
        rowlevel.policy(table, "reach", f"{visible('unit_id')} OR {mine}", command="SELECT"),
        rowlevel.policy(
            table,
            "new",
            rowlevel.own_tenant("unit_id"),
            command="INSERT",
            roles=("puls_web", "puls_owner"),
        ),
        rowlevel.policy(table, "whole_tree", rowlevel.whole(), roles=rowlevel.BACK_OFFICE),
        rowlevel.grant(table, "puls_web", "SELECT, INSERT"),
    ]


def memberships() -> list[migrations.RunSQL]:
    table = "tenants_membership"
    seen = f"{rowlevel.own_tenant()} OR {rowlevel.own_person()}"
    written = own_tenant_at_own_unit(table)
    return [
        rowlevel.keep_path(table, "membership_path_is_of_unit"),
        rowlevel.close(table),
        rowlevel.policy(table, "own", seen, command="SELECT"),
        rowlevel.policy(table, "add", written, command="INSERT"),
        rowlevel.policy(table, "change", written, command="UPDATE"),
        rowlevel.policy(table, "whole_tree", rowlevel.whole(), roles=("puls_owner",)),
        rowlevel.grant(table, "puls_web", "SELECT, INSERT, UPDATE"),
    ]


def invitations() -> list[migrations.RunSQL]:
    table = "tenants_invitation"
    brought = f"token_hash = {rowlevel.setting('invitation')}"
    return [
        rowlevel.keep_path(table, "invitation_path_is_of_unit"),
        rowlevel.close(table),
        rowlevel.policy(table, "own", f"{rowlevel.own_tenant()} OR {brought}", command="SELECT"),
        rowlevel.policy(table, "add", own_tenant_at_own_unit(table), command="INSERT"),
        rowlevel.policy(table, "remove", rowlevel.own_tenant(), command="DELETE"),
        rowlevel.policy(table, "whole_tree", rowlevel.whole(), roles=("puls_owner",)),
        rowlevel.grant(table, "puls_web", "SELECT, INSERT, DELETE"),
    ]


def partnerships() -> list[migrations.RunSQL]:
    table = "tenants_partnership"
    return [
        rowlevel.keep_path(table, "partnership_path_is_of_unit"),
        rowlevel.close(table),
        rowlevel.policy(
            table, "reach", f"{visible('partner_id')} OR {visible('unit_id')}", command="SELECT"
        ),
        rowlevel.policy(table, "whole_tree", rowlevel.whole(), roles=rowlevel.BACK_OFFICE),
        rowlevel.grant(table, "puls_web", "SELECT"),
    ]


def changes() -> list[migrations.RunSQL]:
    table = "tenants_unitchange"
    return [
        rowlevel.close(table),
        rowlevel.policy(
            table, "reach", f"{visible('old_id')} OR {visible('new_id')}", command="SELECT"
        ),
        rowlevel.policy(table, "whole_tree", rowlevel.whole(), roles=rowlevel.BACK_OFFICE),
        rowlevel.grant(table, "puls_web", "SELECT"),
    ]


def reading_for_the_back_office() -> list[migrations.RunSQL]:
    return [
        rowlevel.grant(table, role, "SELECT")
        for table in ("tenants_unit", "tenants_unitchange", "tenants_partnership", "tenants_tenant")
        for role in BACK_OFFICE_READS
    ]


class Migration(migrations.Migration):
    initial = True

    dependencies: ClassVar = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Unit",
            fields=[
                ("key", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("tier", models.CharField(max_length=30)),
                ("name", models.CharField(max_length=200)),
                ("path", models.CharField(max_length=400, unique=True)),
                ("depth", models.PositiveSmallIntegerField()),
                ("valid_from", models.DateField(blank=True, null=True)),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("code", models.CharField(blank=True, max_length=20)),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="tenants.unit",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Tenant",
            fields=[
                (
                    "unit",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="administration",
                        serialize=False,
                        to="tenants.unit",
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("is_synthetic", models.BooleanField(default=False)),
                ("created", models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.AddField(
            model_name="unit",
            name="tenant",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="units",
                to="tenants.tenant",
            ),
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("path", models.CharField(max_length=400)),
                (
                    "role",
                    models.CharField(
                        max_length=12,
                    ),
                ),
                ("active", models.BooleanField(default=True)),
                ("created", models.DateTimeField(auto_now_add=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="tenants.unit",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="tenants.tenant",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("path", models.CharField(max_length=400)),
                (
                    "role",
                    models.CharField(
                        max_length=12,
                    ),
                ),
                ("email", models.EmailField(max_length=254)),
                ("name", models.CharField(blank=True, max_length=120)),
                ("language", models.CharField(max_length=8)),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("created", models.DateTimeField(auto_now_add=True)),
                ("expires", models.DateTimeField()),
                (
                    "invited_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to="tenants.unit",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to="tenants.tenant",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Partnership",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("path", models.CharField(max_length=400)),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="partner_in",
                        to="tenants.unit",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="partnerships",
                        to="tenants.unit",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("unit", "partner"), name="partner_once"),
                    models.CheckConstraint(
                        condition=models.Q(("unit", models.F("partner")), _negated=True),
                        name="partner_is_other",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="UnitChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("on", models.DateField()),
                (
                    "new",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="came_from",
                        to="tenants.unit",
                    ),
                ),
                (
                    "old",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="became",
                        to="tenants.unit",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("on", "old", "new"), name="change_once"),
                    models.CheckConstraint(
                        condition=models.Q(("old", models.F("new")), _negated=True),
                        name="change_is_of_two",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__gt", models.F("valid_from")),
                    ("valid_from__isnull", True),
                    ("valid_to__isnull", True),
                    _connector="OR",
                ),
                name="unit_valid_to_after_from",
            ),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.CheckConstraint(
                condition=models.Q(("key__regex", "^[A-Za-z0-9][A-Za-z0-9._-]*$")),
                name="unit_key_fit_for_addresses",
            ),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("parent__isnull", True), ("path", models.F("key"))),
                    (
                        "path",
                        django.db.models.functions.text.Concat(
                            "parent_id", models.Value("/"), "key"
                        ),
                    ),
                    (
                        "path__endswith",
                        django.db.models.functions.text.Concat(
                            models.Value("/"), "parent_id", models.Value("/"), "key"
                        ),
                    ),
                    _connector="OR",
                ),
                name="unit_path_goes_on_from_parent",
            ),
        ),
        migrations.AddConstraint(
            model_name="unit",
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
                name="unit_depth_is_of_path",
            ),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.UniqueConstraint(fields=("key", "path"), name="unit_key_and_path"),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                condition=models.Q(("active", True)),
                fields=("user", "unit"),
                name="one_active_role_at_a_unit",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("role__in", ["national", "county", "owner", "leader", "teacher"])
                ),
                name="membership_role_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.UniqueConstraint(
                fields=("unit", "email"), name="one_invitation_at_a_unit"
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("role__in", ["national", "county", "owner", "leader", "teacher"])
                ),
                name="invitation_role_known",
            ),
        ),
        *units(),
        *tenants(),
        *memberships(),
        *invitations(),
        *partnerships(),
        *changes(),
        *reading_for_the_back_office(),
    ]
