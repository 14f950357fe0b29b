"""What teams think: read by all who see the unit, written by its own people, never rewritten."""

import uuid
from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import Length, Replace
from django.db.models.lookups import Exact

from puls.web.tenants import rowlevel

TABLE = "thoughts_thought"
OWN_UNIT = (
    f"{rowlevel.own_tenant()} AND path || '/' = split_part({rowlevel.setting('reach')}, ',', 1)"
)
WRITERS = ("puls_web", "puls_owner")


class Migration(migrations.Migration):
    initial = True

    dependencies: ClassVar = [("tenants", "0002_shared_schools")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Thought",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("path", models.CharField(max_length=400)),
                ("depth", models.PositiveSmallIntegerField()),
                ("a", models.CharField(max_length=80)),
                ("b", models.CharField(blank=True, max_length=80)),
                ("note", models.CharField(blank=True, max_length=400)),
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
                        related_name="thoughts",
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
        migrations.AddConstraint(
            model_name="thought",
            constraint=models.CheckConstraint(
                condition=models.Q(("a", models.F("b")), _negated=True), name="thought_is_of_two"
            ),
        ),
        migrations.AddConstraint(
            model_name="thought",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("b", ""), _negated=True),
                    models.Q(("note", ""), _negated=True),
                    _connector="OR",
                ),
                name="thought_of_one_says_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="thought",
            constraint=models.CheckConstraint(
                condition=Exact(
                    models.F("depth"),
                    Length("path") - Length(Replace("path", models.Value("/"), models.Value(""))),
                ),
                name="thought_depth_is_of_path",
            ),
        ),
        migrations.AddConstraint(
            model_name="thought",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("changed_at__isnull", True), ("changed_by", "")),
                    models.Q(
                        ("changed_at__isnull", False),
                        models.Q(("changed_by", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="thought_changed_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="thought",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_at__isnull", True), ("withdrawn_by", "")),
                    models.Q(
                        ("withdrawn_at__isnull", False),
                        models.Q(("withdrawn_by", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="thought_withdrawn_by_somebody",
            ),
        ),
        rowlevel.keep_path(TABLE, "thought_path_is_of_unit"),
        *rowlevel.by_path(TABLE),
        rowlevel.policy(TABLE, "own_unit", OWN_UNIT, command="INSERT", roles=WRITERS),
        rowlevel.policy(TABLE, "own_unit_changes", OWN_UNIT, command="UPDATE", roles=WRITERS),
        rowlevel.grant(TABLE, "puls_web", "SELECT, INSERT"),
        # Where it is, what it connects and who wrote it stay as they were written.
        rowlevel.grant(
            TABLE,
            "puls_web",
            "UPDATE (note, changed_by, changed_at, withdrawn_by, withdrawn_at)",
        ),
    ]
