"""Keys to the read API, each its own person's; and what everybody may read, closed by default.

Everybody reads public cells, register figures at units that are no administration's own, and the
releases and units that these need. A cell behind a release gate waits here as it does for others:
somebody must have been let in, or the announced time has come.
"""

import uuid
from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from puls.web.tenants import rowlevel

TABLE = "data_token"
WEB = ("puls_web", "puls_owner")
BEARER = f"token_hash = {rowlevel.setting('token')}"

FUNCTIONS = {
    # A cell behind a gate: somebody was let in, or the announced time has come.
    "puls_gate_let_in(number bigint)": "SELECT FROM assess_gate WHERE id = number",
    "puls_announced_came(number bigint)": "SELECT FROM assess_announcement WHERE id = number",
    # A school with a public department is named, too: a name alone says nothing of where it is.
    "puls_unit_is_public(place text)": (
        "SELECT FROM assess_cell WHERE public"
        " AND (path = place OR path ~>=~ (place || '/') AND path ~<~ (place || '0'))"
    ),
    "puls_release_is_public(number bigint)": (
        "SELECT FROM assess_cell WHERE public AND release_id = number"
    ),
}
"""What rules ask, with the rights of who reads. As functions, so that planning a member's query,
which never gets that far, does not take several milliseconds more."""

EVERYBODY = {
    "assess_announcement": "opens_at <= now()",
    "assess_gate": "used_at IS NOT NULL OR puls_announced_came(announcement_id)",
    "assess_cell": (
        "(public OR (NOT from_answers AND status = 'shown' AND of_unit = ''))"
        " AND (gate_id IS NULL OR puls_gate_let_in(gate_id))"
    ),
    "assess_release": "depth = 0 OR puls_release_is_public(id)",
    "tenants_unit": "tenant_id IS NULL OR puls_unit_is_public(path)",
    "tenants_unitchange": "true",
}
"""Rows that everybody may read, by table."""


def function(signature: str, query: str) -> migrations.RunSQL:
    """Whether a query has rows, as a function that planners leave alone."""
    body = f"BEGIN RETURN EXISTS ({query}); END"
    return migrations.RunSQL(
        f"CREATE FUNCTION {signature} RETURNS boolean LANGUAGE plpgsql STABLE AS $$ {body} $$",
        f"DROP FUNCTION {signature}",
    )


def for_everybody(table: str, which: str) -> migrations.RunSQL:
    """Only in a transaction that says it reads for everybody."""
    rule = f"{rowlevel.everybody()} AND ({which})"
    return rowlevel.policy(table, "everybody", rule, command="SELECT", roles=("puls_web",))


def not_for_everybody(table: str) -> migrations.RunSQL:
    """Rules of these tables ask which units the reader sees; everybody sees many."""
    return migrations.RunSQL(
        f"CREATE POLICY not_for_everybody ON {table} AS RESTRICTIVE FOR SELECT TO puls_web"
        f" USING (({rowlevel.everybody()}) IS NOT TRUE)",
        f"DROP POLICY not_for_everybody ON {table}",
    )


def index_of_public(name: str, columns: str) -> migrations.RunSQL:
    """Public cells are a small part of all: found without reading the others."""
    return migrations.RunSQL(
        f"CREATE INDEX {name} ON assess_cell ({columns}) WHERE public", f"DROP INDEX {name}"
    )


class Migration(migrations.Migration):
    initial = True

    dependencies: ClassVar = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("tenants", "0002_shared_schools"),
        ("assess", "0006_gates"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Token",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("scope", models.CharField(max_length=8)),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("made_on", models.DateField()),
                ("expires_on", models.DateField()),
                ("last_used_on", models.DateField(null=True)),
                ("revoked_on", models.DateField(null=True)),
                (
                    "membership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
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
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tokens",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="token",
            constraint=models.CheckConstraint(
                condition=models.Q(("scope__in", ["national", "tenant"])),
                name="token_scope_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="token",
            constraint=models.CheckConstraint(
                condition=models.Q(("expires_on__gt", models.F("made_on"))), name="token_lasts"
            ),
        ),
        rowlevel.close(TABLE),
        rowlevel.policy(TABLE, "own", rowlevel.own_person(), command="SELECT", roles=WEB),
        rowlevel.policy(
            TABLE,
            "make",
            f"{rowlevel.own_person()} AND {rowlevel.own_tenant()}",
            command="INSERT",
            roles=WEB,
        ),
        rowlevel.policy(TABLE, "revoke", rowlevel.own_person(), command="UPDATE", roles=WEB),
        rowlevel.policy(TABLE, "bearer", BEARER, command="SELECT", roles=WEB),
        rowlevel.policy(TABLE, "bearer_uses", BEARER, command="UPDATE", roles=WEB),
        rowlevel.policy(TABLE, "whole_tree", rowlevel.whole(), roles=("puls_owner",)),
        rowlevel.grant(TABLE, "puls_web", "SELECT, INSERT"),
        rowlevel.grant(TABLE, "puls_web", "UPDATE (last_used_on, revoked_on)"),
        index_of_public("assess_cell_public_path", "path text_pattern_ops"),
        index_of_public("assess_cell_public_period", "period, unit_id"),
        index_of_public("assess_cell_public_release", "release_id"),
        *(function(signature, query) for signature, query in FUNCTIONS.items()),
        *(for_everybody(table, which) for table, which in EVERYBODY.items()),
        not_for_everybody("tenants_tenant"),
        not_for_everybody("tenants_partnership"),
    ]
