"""Work that goes on while its leader looks, and who has got an e-mail; the back office's alone."""

import uuid
from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

from puls.web.tenants import rowlevel

JOB, MAILED = "collect_job", "collect_mailed"
KINDS = [("codes", "Codes"), ("reminder", "Reminder"), ("sealing", "Sealing")]


class Migration(migrations.Migration):
    dependencies: ClassVar = [("collect", "0004_asking_in_browsers")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Job",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(choices=KINDS, max_length=8)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("running", "Running"),
                            ("done", "Done"),
                            ("stopped", "Stopped"),
                            ("broken", "Broken"),
                        ],
                        default="running",
                        max_length=7,
                    ),
                ),
                ("stop", models.BooleanField(default=False)),
                ("done", models.PositiveIntegerField(default=0)),
                ("total", models.PositiveIntegerField(default=0)),
                ("made", models.PositiveIntegerField(default=0)),
                ("skipped", models.PositiveIntegerField(default=0)),
                ("refused", models.JSONField(default=list)),
                ("doubtful", models.JSONField(default=list)),
                ("told", models.JSONField(default=list)),
                ("begun_at", models.DateTimeField(auto_now_add=True)),
                ("group_key", models.UUIDField(null=True)),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="jobs",
                        to="collect.plan",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Mailed",
            fields=[
                ("digest", models.BinaryField(primary_key=True, serialize=False)),
                ("kind", models.CharField(choices=KINDS, max_length=8)),
                ("sure", models.BooleanField(default=False)),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="collect.plan",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="job",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "running")),
                fields=("plan",),
                name="one_job_at_a_time",
            ),
        ),
        *rowlevel.by_whole_tree(JOB),
        *rowlevel.by_whole_tree(MAILED),
        rowlevel.grant(JOB, "puls_intake", "SELECT, INSERT"),
        rowlevel.grant(
            JOB,
            "puls_intake",
            "UPDATE (state, stop, done, total, made, skipped, refused, doubtful, told)",
        ),
        rowlevel.grant(MAILED, "puls_intake", "SELECT, INSERT, DELETE"),
        rowlevel.grant(MAILED, "puls_intake", "UPDATE (sure)"),
        rowlevel.grant(MAILED, "puls_assess", "SELECT, DELETE"),
    ]
