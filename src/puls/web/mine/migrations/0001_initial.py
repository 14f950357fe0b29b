"""The year wheel, read by all who see its unit; what one wants to be told is one's own."""

import uuid

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.text
import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models

from puls.web.tenants import rowlevel

ENTRY, WISH = "mine_entry", "mine_wish"
WEB = ("puls_web", "puls_owner")
BEARER = f"feed_hash <> '' AND feed_hash = {rowlevel.setting('token')}"
OWN = f"{rowlevel.own_person()} AND {rowlevel.own_tenant()}"


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("tenants", "0002_shared_schools"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("path", models.CharField(max_length=400)),
                ("depth", models.PositiveSmallIntegerField()),
                ("title", models.CharField(max_length=120)),
                ("on", models.DateField()),
                ("until", models.DateField(null=True)),
                ("yearly", models.BooleanField(default=True)),
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
                        condition=models.Q(("title", ""), _negated=True), name="entry_has_a_title"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until__isnull", True), ("until__gte", models.F("on")), _connector="OR"
                        ),
                        name="entry_ends_after_it_begins",
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
                        name="entry_depth_is_of_path",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Wish",
            fields=[
                (
                    "membership",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="wish",
                        serialize=False,
                        to="tenants.membership",
                    ),
                ),
                ("often", models.CharField(default="weekly", max_length=8)),
                ("about", models.JSONField(default=list)),
                ("told_on", models.DateField(null=True)),
                ("feed_hash", models.CharField(blank=True, max_length=64)),
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
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("often__in", ["never", "weekly", "daily"])),
                        name="wish_often_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("feed_hash", ""), _negated=True),
                        fields=("feed_hash",),
                        name="wish_feed_once",
                    ),
                ],
            },
        ),
        rowlevel.keep_path(ENTRY, "entry_path_is_of_unit"),
        *rowlevel.by_own_unit(ENTRY, ("INSERT", "DELETE")),
        rowlevel.grant(ENTRY, "puls_web", "SELECT, INSERT, DELETE"),
        rowlevel.close(WISH),
        rowlevel.policy(WISH, "own", rowlevel.own_person(), command="SELECT", roles=WEB),
        rowlevel.policy(WISH, "make", OWN, command="INSERT", roles=WEB),
        rowlevel.policy(WISH, "change", OWN, command="UPDATE", roles=WEB),
        rowlevel.policy(WISH, "bearer", BEARER, command="SELECT", roles=WEB),
        rowlevel.policy(WISH, "whole_tree", rowlevel.whole(), roles=("puls_owner",)),
        rowlevel.grant(WISH, "puls_web", "SELECT, INSERT"),
        rowlevel.grant(WISH, "puls_web", "UPDATE (often, about, feed_hash)"),
    ]
