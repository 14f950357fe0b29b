"""Shared practices: what is published is read by all who are signed in, across administrations."""

import uuid

import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.text
import django.db.models.lookups
from django.db import migrations, models
from django.db.migrations import RunSQL

from puls.web.tenants import rowlevel

PRACTICE, ADOPTION, REMARK = "share_practice", "share_adoption", "share_remark"
WRITERS = ("puls_web", "puls_owner")
SIGNED_IN = f"{rowlevel.setting('tenant')} IS NOT NULL"
SEEN = f"{rowlevel.own_tenant()} AND ({rowlevel.below()} OR {rowlevel.above()})"
PUBLISHED = f"state = 'published' AND {SIGNED_IN}"
OWN_UNIT = f"{rowlevel.own_tenant()} AND {rowlevel.own_unit()}"
ADMINISTERED = f"{rowlevel.own_tenant()} AND {rowlevel.below()}"
DRAFT = f"{OWN_UNIT} AND state = 'draft' AND published_at IS NULL"
READABLE = f"{SIGNED_IN} AND EXISTS (SELECT FROM {PRACTICE} p WHERE p.id = practice_id)"
TOLD = (
    "title, summary, did, for_whom, took, saw, differently, area, rubric, rubric_level, is_checked,"
    " changed_at, state, note, copy, figures, alike, published_at"
)
"""What may change; where it comes from and who wrote it stay."""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("tenants", "0002_shared_schools"),
    ]

    operations = [
        migrations.CreateModel(
            name="Practice",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("path", models.CharField(blank=True, max_length=400)),
                ("depth", models.PositiveSmallIntegerField(default=0)),
                ("example", models.CharField(blank=True, max_length=80)),
                ("of_unit", models.CharField(max_length=200)),
                ("of_owner", models.CharField(blank=True, max_length=200)),
                ("kind", models.CharField(max_length=12)),
                ("source", models.UUIDField(null=True)),
                ("copy", models.JSONField(default=dict)),
                ("language", models.CharField(max_length=8)),
                ("title", models.CharField(max_length=120)),
                ("summary", models.CharField(blank=True, max_length=300)),
                ("did", models.TextField(blank=True)),
                ("for_whom", models.TextField(blank=True)),
                ("took", models.TextField(blank=True)),
                ("saw", models.TextField(blank=True)),
                ("differently", models.TextField(blank=True)),
                ("area", models.CharField(blank=True, max_length=80)),
                ("rubric", models.CharField(blank=True, max_length=80)),
                ("rubric_level", models.PositiveSmallIntegerField(null=True)),
                ("figures", models.JSONField(default=list)),
                ("alike", models.JSONField(default=dict)),
                ("is_checked", models.BooleanField(default=False)),
                ("state", models.CharField(default="draft", max_length=12)),
                ("note", models.CharField(blank=True, max_length=400)),
                ("written_by", models.CharField(blank=True, max_length=200)),
                ("written_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("published_at", models.DateTimeField(null=True)),
                (
                    "search",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Case(
                            models.When(
                                language="en",
                                then=django.contrib.postgres.search.CombinedSearchVector(
                                    django.contrib.postgres.search.CombinedSearchVector(
                                        django.contrib.postgres.search.SearchVector(
                                            "title", config="english", weight="A"
                                        ),
                                        "||",
                                        django.contrib.postgres.search.SearchVector(
                                            "summary", config="english", weight="B"
                                        ),
                                        django.contrib.postgres.search.SearchConfig("english"),
                                    ),
                                    "||",
                                    django.contrib.postgres.search.SearchVector(
                                        "did",
                                        "for_whom",
                                        "took",
                                        "saw",
                                        "differently",
                                        config="english",
                                        weight="C",
                                    ),
                                    django.contrib.postgres.search.SearchConfig("english"),
                                ),
                            ),
                            default=django.contrib.postgres.search.CombinedSearchVector(
                                django.contrib.postgres.search.CombinedSearchVector(
                                    django.contrib.postgres.search.SearchVector(
                                        "title", config="norwegian", weight="A"
                                    ),
                                    "||",
                                    django.contrib.postgres.search.SearchVector(
                                        "summary", config="norwegian", weight="B"
                                    ),
                                    django.contrib.postgres.search.SearchConfig("norwegian"),
                                ),
                                "||",
                                django.contrib.postgres.search.SearchVector(
                                    "did",
                                    "for_whom",
                                    "took",
                                    "saw",
                                    "differently",
                                    config="norwegian",
                                    weight="C",
                                ),
                                django.contrib.postgres.search.SearchConfig("norwegian"),
                            ),
                        ),
                        output_field=django.contrib.postgres.search.SearchVectorField(),
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.tenant",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.unit",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Adoption",
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
                ("made", models.UUIDField(unique=True)),
                ("title", models.CharField(max_length=120)),
                ("of_unit", models.CharField(max_length=200)),
                ("adopted_at", models.DateTimeField()),
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
                    "practice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="adoptions",
                        to="share.practice",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Remark",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("path", models.CharField(max_length=400)),
                ("depth", models.PositiveSmallIntegerField()),
                ("of_unit", models.CharField(max_length=200)),
                ("says", models.CharField(max_length=12)),
                ("text", models.CharField(blank=True, max_length=1000)),
                ("written_at", models.DateTimeField()),
                (
                    "practice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="remarks",
                        to="share.practice",
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
                    "to",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="answers",
                        to="share.remark",
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
            model_name="practice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("path", ""),
                        ("state", "published"),
                        ("tenant__isnull", True),
                        ("unit__isnull", True),
                        models.Q(("example", ""), _negated=True),
                    ),
                    models.Q(
                        ("example", ""),
                        ("tenant__isnull", False),
                        ("unit__isnull", False),
                        models.Q(("path", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="practice_is_of_a_unit_or_an_example",
            ),
        ),
        migrations.AddConstraint(
            model_name="practice",
            constraint=models.UniqueConstraint(
                condition=models.Q(("example", ""), _negated=True),
                fields=("example", "language"),
                name="practice_example_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="practice",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["process", "action"])), name="practice_kind_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="practice",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["draft", "proposed", "published", "withdrawn"])),
                name="practice_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="practice",
            constraint=models.CheckConstraint(
                condition=models.Q(("title", ""), _negated=True), name="practice_has_a_title"
            ),
        ),
        migrations.AddConstraint(
            model_name="practice",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "draft"), ("is_checked", True), _connector="OR"),
                name="practice_goes_out_only_checked",
            ),
        ),
        migrations.AddConstraint(
            model_name="practice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "published"), _negated=True),
                    ("published_at__isnull", False),
                    _connector="OR",
                ),
                name="practice_published_some_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="practice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("rubric_level__isnull", True),
                    models.Q(
                        ("rubric_level__gte", 1),
                        ("rubric_level__lte", 4),
                        models.Q(("rubric", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="practice_rubric_level_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="practice",
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
                name="practice_depth_is_of_path",
            ),
        ),
        migrations.AddConstraint(
            model_name="adoption",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["process", "action"])), name="adoption_kind_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="adoption",
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
                name="adoption_depth_is_of_path",
            ),
        ),
        migrations.AddConstraint(
            model_name="remark",
            constraint=models.CheckConstraint(
                condition=models.Q(("says__in", ["thanks", "question", "answer"])),
                name="remark_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="remark",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("says", "thanks"), ("text", "")),
                    models.Q(("text", ""), _negated=True),
                    _connector="OR",
                ),
                name="remark_says_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="remark",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("says", "answer"), ("to__isnull", False)),
                    models.Q(models.Q(("says", "answer"), _negated=True), ("to__isnull", True)),
                    _connector="OR",
                ),
                name="remark_answers_a_question",
            ),
        ),
        migrations.AddConstraint(
            model_name="remark",
            constraint=models.UniqueConstraint(
                condition=models.Q(("says", "thanks")),
                fields=("practice", "unit"),
                name="remark_thanks_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="remark",
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
                name="remark_depth_is_of_path",
            ),
        ),
        rowlevel.keep_path(PRACTICE, "practice_path_is_of_unit"),
        rowlevel.keep_path(ADOPTION, "adoption_path_is_of_unit"),
        rowlevel.keep_path(REMARK, "remark_path_is_of_unit"),
        RunSQL(
            f"ALTER TABLE {REMARK} ADD CONSTRAINT remark_goes_with_its_question FOREIGN KEY (to_id)"
            f" REFERENCES {REMARK} (id) ON DELETE CASCADE",
            f"ALTER TABLE {REMARK} DROP CONSTRAINT remark_goes_with_its_question",
        ),
        RunSQL(
            f"CREATE INDEX practice_search ON {PRACTICE} USING gin (search)",
            "DROP INDEX practice_search",
        ),
        *(rowlevel.close(table) for table in (PRACTICE, ADOPTION, REMARK)),
        *(
            rowlevel.policy(table, "whole_tree", rowlevel.whole(), roles=("puls_owner",))
            for table in (PRACTICE, ADOPTION, REMARK)
        ),
        rowlevel.policy(PRACTICE, "administration", SEEN, command="SELECT", roles=WRITERS),
        rowlevel.policy(PRACTICE, "published", PUBLISHED, command="SELECT", roles=WRITERS),
        rowlevel.policy(PRACTICE, "own_unit", OWN_UNIT, command="INSERT", roles=WRITERS),
        rowlevel.policy(PRACTICE, "administered", ADMINISTERED, command="UPDATE", roles=WRITERS),
        rowlevel.policy(PRACTICE, "own_draft", DRAFT, command="DELETE", roles=WRITERS),
        rowlevel.policy(ADOPTION, "signed_in", SIGNED_IN, command="SELECT", roles=WRITERS),
        rowlevel.policy(ADOPTION, "own_unit", OWN_UNIT, command="INSERT", roles=WRITERS),
        rowlevel.policy(REMARK, "readers", READABLE, command="SELECT", roles=WRITERS),
        rowlevel.policy(REMARK, "own_unit", OWN_UNIT, command="INSERT", roles=WRITERS),
        rowlevel.policy(REMARK, "own_unit_takes_back", OWN_UNIT, command="DELETE", roles=WRITERS),
        rowlevel.grant(PRACTICE, "puls_web", "SELECT, INSERT, DELETE"),
        rowlevel.grant(PRACTICE, "puls_web", f"UPDATE ({TOLD})"),
        rowlevel.grant(ADOPTION, "puls_web", "SELECT, INSERT"),
        rowlevel.grant(REMARK, "puls_web", "SELECT, INSERT, DELETE"),
    ]
