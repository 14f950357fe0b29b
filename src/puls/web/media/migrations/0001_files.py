"""Files: seen by those who see their unit, or by all when shared; added by its own people."""

import uuid
from typing import ClassVar

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.text
import django.db.models.lookups
from django.db import migrations, models

from puls.web.tenants import rowlevel

TABLE = "media_file"
OWN_UNIT = f"{rowlevel.own_tenant()} AND {rowlevel.own_unit()}"
SHARED = f"is_shared AND {rowlevel.setting('tenant')} IS NOT NULL"
WRITERS = ("puls_web", "puls_owner")


class Migration(migrations.Migration):
    initial = True

    dependencies: ClassVar = [
        ("tenants", "0002_shared_schools"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="File",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("path", models.CharField(max_length=400)),
                ("depth", models.PositiveSmallIntegerField()),
                ("kind", models.CharField(max_length=12)),
                ("name", models.CharField(max_length=120)),
                ("alt", models.CharField(blank=True, max_length=300)),
                ("is_decorative", models.BooleanField(default=False)),
                ("width", models.PositiveIntegerField(default=0)),
                ("height", models.PositiveIntegerField(default=0)),
                ("content", models.BinaryField()),
                ("small", models.BinaryField(null=True)),
                ("size", models.PositiveIntegerField()),
                ("is_shared", models.BooleanField(default=False)),
                ("added_by", models.CharField(max_length=200)),
                ("added_at", models.DateTimeField()),
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
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["picture", "attachment"])),
                        name="media_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "picture"), _negated=True),
                            models.Q(("alt", ""), ("is_decorative", True)),
                            models.Q(
                                ("is_decorative", False), models.Q(("alt", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="media_picture_is_told_or_decorative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("height__gt", 0),
                                ("kind", "picture"),
                                ("small__isnull", False),
                                ("width__gt", 0),
                            ),
                            models.Q(
                                ("height", 0),
                                ("kind", "attachment"),
                                ("small__isnull", True),
                                ("width", 0),
                            ),
                            _connector="OR",
                        ),
                        name="media_picture_has_its_sizes",
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
                        name="media_depth_is_of_path",
                    ),
                ],
            },
        ),
        rowlevel.keep_path(TABLE, "media_path_is_of_unit"),
        *rowlevel.by_path(TABLE),
        rowlevel.policy(TABLE, "shared", SHARED, command="SELECT", roles=WRITERS),
        rowlevel.policy(TABLE, "own_unit", OWN_UNIT, command="INSERT", roles=WRITERS),
        rowlevel.policy(TABLE, "own_unit_changes", OWN_UNIT, command="UPDATE", roles=WRITERS),
        rowlevel.policy(TABLE, "own_unit_removes", OWN_UNIT, command="DELETE", roles=WRITERS),
        rowlevel.grant(TABLE, "puls_web", "SELECT, INSERT, DELETE"),
        # What is in it, whose it is and who added it stay as they were.
        rowlevel.grant(TABLE, "puls_web", "UPDATE (alt, is_decorative, is_shared)"),
    ]
