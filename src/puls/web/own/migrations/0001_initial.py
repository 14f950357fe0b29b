"""Own definitions: an administration's alone until it shares them, and never changed later.

Only the administration itself publishes, which the database sees to as well.
"""

import uuid
from typing import ClassVar

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.text
import django.db.models.lookups
from django.db import migrations, models
from django.db.migrations import RunSQL

from puls.web.tenants import rowlevel

TABLE = "own_definition"
WRITERS = ("puls_web", "puls_owner")
READERS = ("puls_intake", "puls_assess")
SIGNED_IN = f"{rowlevel.setting('tenant')} IS NOT NULL"
SEEN = f"{rowlevel.own_tenant()} AND (published_at IS NOT NULL OR {rowlevel.below()})"
SHARED = f"state = 'shared' AND {SIGNED_IN}"
DRAFT = f"{rowlevel.own_tenant()} AND {rowlevel.own_unit()} AND state = 'draft'"
# The reader's own unit is the administration's: its key ends the first path of the reach.
ADMINISTRATION = (
    f"right('/' || split_part({rowlevel.setting('reach')}, ',', 1), length(tenant_id) + 2)"
    " = '/' || tenant_id || '/'"
)
MOVED = (
    f"{rowlevel.own_tenant()} AND {rowlevel.below()} AND (published_at IS NULL OR {ADMINISTRATION})"
)
CHANGES = (
    "body, words, title, plain, area, state, note, is_checked, revision, changed_at, published_at,"
    " shared_at"
)
STAYS = "tenant_id, unit_id, kind, stem, version, key, body, words, published_at"
NEVER_CHANGES = f"""
CREATE FUNCTION own_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.published_at IS NOT NULL
        AND ({", ".join(f"NEW.{name}" for name in STAYS.split(", "))})
        IS DISTINCT FROM ({", ".join(f"OLD.{name}" for name in STAYS.split(", "))}) THEN
        RAISE EXCEPTION 'a published definition never changes';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER own_never_changes BEFORE UPDATE ON {TABLE}
FOR EACH ROW EXECUTE FUNCTION own_never_changes();
"""
MAY_CHANGE = f"""
DROP TRIGGER own_never_changes ON {TABLE};
DROP FUNCTION own_never_changes();
"""


class Migration(migrations.Migration):
    initial = True

    dependencies: ClassVar = [
        ("tenants", "0002_shared_schools"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Definition",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("path", models.CharField(max_length=400)),
                ("depth", models.PositiveSmallIntegerField()),
                ("of_owner", models.CharField(max_length=200)),
                ("kind", models.CharField(max_length=12)),
                ("stem", models.CharField(max_length=60)),
                ("version", models.PositiveSmallIntegerField()),
                ("key", models.CharField(max_length=80, unique=True)),
                ("body", models.JSONField(default=dict)),
                ("words", models.JSONField(default=dict)),
                ("title", models.CharField(blank=True, max_length=200)),
                ("plain", models.TextField(blank=True)),
                ("area", models.CharField(blank=True, max_length=80)),
                ("source", models.CharField(blank=True, max_length=80)),
                ("source_title", models.CharField(blank=True, max_length=200)),
                ("source_owner", models.CharField(blank=True, max_length=200)),
                ("state", models.CharField(default="draft", max_length=12)),
                ("note", models.CharField(blank=True, max_length=400)),
                ("is_checked", models.BooleanField(default=False)),
                ("revision", models.PositiveIntegerField(default=1)),
                ("changed_at", models.DateTimeField()),
                ("published_at", models.DateTimeField(null=True)),
                ("shared_at", models.DateTimeField(null=True)),
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
                "indexes": [models.Index(fields=["tenant", "key"], name="own_of_tenant")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["rubric"])), name="own_kind_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "draft",
                                    "proposed",
                                    "published",
                                    "shared",
                                    "retired",
                                    "replaced",
                                ],
                            )
                        ),
                        name="own_state_known",
                    ),
                    models.UniqueConstraint(fields=("stem", "version"), name="own_version_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("published_at__isnull", True)),
                        fields=("stem",),
                        name="own_one_draft_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("published_at__isnull", True),
                                ("state__in", ["draft", "proposed"]),
                            ),
                            models.Q(
                                models.Q(("state__in", ["draft", "proposed"]), _negated=True),
                                ("published_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="own_is_written_until_published",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "shared"), _negated=True),
                            models.Q(("is_checked", True), ("shared_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="own_goes_out_only_checked",
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
                        name="own_depth_is_of_path",
                    ),
                ],
            },
        ),
        rowlevel.keep_path(TABLE, "own_path_is_of_unit"),
        RunSQL(NEVER_CHANGES, MAY_CHANGE),
        rowlevel.close(TABLE),
        rowlevel.policy(TABLE, "whole_tree", rowlevel.whole(), roles=("puls_owner",)),
        rowlevel.policy(
            TABLE, "whole_tree_read", rowlevel.whole(), command="SELECT", roles=READERS
        ),
        rowlevel.policy(TABLE, "administration", SEEN, command="SELECT"),
        rowlevel.policy(TABLE, "shared", SHARED, command="SELECT", roles=WRITERS),
        rowlevel.policy(TABLE, "own_unit", DRAFT, command="INSERT", roles=WRITERS),
        rowlevel.policy(TABLE, "moved", MOVED, command="UPDATE", roles=WRITERS),
        rowlevel.policy(TABLE, "own_draft", DRAFT, command="DELETE", roles=WRITERS),
        rowlevel.grant(TABLE, "puls_web", "SELECT, INSERT, DELETE"),
        rowlevel.grant(TABLE, "puls_web", f"UPDATE ({CHANGES})"),
        *(rowlevel.grant(TABLE, role, "SELECT") for role in READERS),
    ]
