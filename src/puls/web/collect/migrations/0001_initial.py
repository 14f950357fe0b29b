"""Rounds, answers, imports and figures: for the back office, never for the web."""

import uuid
from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

from puls.web.tenants import rowlevel

# The foreign key alone would let answers into a round that is being sealed. Reading the state
# under the same lock that sealing takes makes a late answer wait, and then fail.
ONLY_WHILE_OPEN = """
CREATE FUNCTION puls_only_while_open() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE found text;
BEGIN
    SELECT state INTO found FROM collect_round WHERE key = NEW.round_id FOR KEY SHARE;
    IF found IS DISTINCT FROM 'open' THEN
        RAISE EXCEPTION 'the round takes no more answers' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""


def back_office(table: str, **privileges: str) -> list[migrations.RunSQL]:
    """Closed but for work on the whole tree, with what each role may do. puls_web: nothing."""
    return [
        *rowlevel.by_whole_tree(table),
        *(rowlevel.grant(table, f"puls_{role}", may) for role, may in privileges.items()),
    ]


class Migration(migrations.Migration):
    initial = True

    dependencies: ClassVar = [
        ("tenants", "0001_initial"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="ImportRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(max_length=60)),
                ("table", models.CharField(max_length=200)),
                ("label", models.TextField(blank=True)),
                ("licence", models.CharField(blank=True, max_length=200)),
                ("updated", models.DateTimeField(null=True)),
                ("selection", models.JSONField(default=dict)),
                ("notes", models.JSONField(default=list)),
                ("file_name", models.CharField(max_length=255)),
                ("checksum", models.CharField(max_length=64)),
                ("rows_in", models.PositiveIntegerField()),
                ("rows_refused", models.JSONField(default=list)),
                ("is_synthetic", models.BooleanField(default=False)),
                ("imported_at", models.DateTimeField(auto_now_add=True)),
                ("imported_by", models.CharField(max_length=200)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("source", "table", "checksum"), name="import_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Round",
            fields=[
                ("key", models.CharField(max_length=160, primary_key=True, serialize=False)),
                ("survey", models.CharField(max_length=60)),
                ("survey_version", models.PositiveSmallIntegerField()),
                ("period", models.PositiveSmallIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("closed", "Closed"), ("sealed", "Sealed")],
                        default="open",
                        max_length=6,
                    ),
                ),
                ("is_synthetic", models.BooleanField(default=False)),
                ("sealed_at", models.DateTimeField(null=True)),
                ("answers", models.PositiveIntegerField(null=True)),
                (
                    "tenant",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rounds",
                        to="tenants.tenant",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rounds",
                        to="tenants.unit",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("payload", models.BinaryField()),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="raw_answers",
                        to="collect.round",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Figure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("indicator", models.CharField(max_length=80)),
                ("period", models.PositiveSmallIntegerField()),
                ("value", models.FloatField(null=True)),
                ("note", models.CharField(blank=True, max_length=40)),
                ("provisional", models.BooleanField(default=False)),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.unit",
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="figures",
                        to="collect.importrecord",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("indicator", "unit", "period", "record"),
                        name="figure_once_an_import",
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.UniqueConstraint(
                fields=("survey", "period", "unit"), name="one_round"
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "closed", "sealed"])),
                name="round_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("answers__isnull", False),
                        ("sealed_at__isnull", False),
                        ("state", "sealed"),
                    ),
                    models.Q(
                        models.Q(("state", "sealed"), _negated=True),
                        ("answers__isnull", True),
                        ("sealed_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="round_sealed_says_when_and_how_many",
            ),
        ),
        *back_office("collect_round", intake="SELECT, INSERT", assess="SELECT, UPDATE"),
        *back_office("collect_importrecord", intake="SELECT, INSERT", assess="SELECT"),
        *back_office("collect_figure", intake="SELECT, INSERT", assess="SELECT"),
        *back_office("collect_answer", intake="INSERT", assess="SELECT, DELETE"),
        migrations.RunSQL(ONLY_WHILE_OPEN, "DROP FUNCTION puls_only_while_open()"),
        migrations.RunSQL(
            "CREATE TRIGGER answers_only_while_open BEFORE INSERT ON collect_answer"
            " FOR EACH ROW EXECUTE FUNCTION puls_only_while_open()",
            "DROP TRIGGER answers_only_while_open ON collect_answer",
        ),
    ]
