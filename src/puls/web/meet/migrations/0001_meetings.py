"""Meetings and all that belongs to one: agenda, people, letters, votes, notes, minutes, events."""

import uuid
from typing import ClassVar

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.text
import django.db.models.lookups
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies: ClassVar = [
        ("tenants", "0002_shared_schools"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Invitee",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("path", models.CharField(max_length=400)),
                ("name", models.CharField(blank=True, max_length=120)),
                ("email", models.EmailField(max_length=254)),
                ("language", models.CharField(max_length=8)),
                ("told", models.PositiveIntegerField(null=True)),
                (
                    "said",
                    models.CharField(default="unknown", max_length=12),
                ),
                ("said_about", models.PositiveIntegerField(null=True)),
                ("said_at", models.DateTimeField(null=True)),
                ("comment", models.CharField(blank=True, max_length=1000)),
                ("wants", models.DateTimeField(null=True)),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.tenant",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Item",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("path", models.CharField(max_length=400)),
                ("number", models.PositiveSmallIntegerField()),
                ("kind", models.CharField(max_length=10)),
                ("heading", models.CharField(max_length=300)),
                ("text", models.CharField(blank=True, max_length=4000)),
                ("minutes", models.PositiveSmallIntegerField(default=0)),
                ("about_unit", models.CharField(blank=True, max_length=80)),
                ("indicator", models.CharField(blank=True, max_length=80)),
                ("period", models.PositiveSmallIntegerField(null=True)),
                ("release", models.PositiveBigIntegerField(null=True)),
                ("frozen", models.JSONField(default=dict)),
                ("rubric", models.CharField(blank=True, max_length=80)),
                ("picture", models.CharField(blank=True, max_length=80)),
                ("alt", models.CharField(blank=True, max_length=300)),
                ("options", models.JSONField(default=list)),
                ("vote", models.CharField(blank=True, max_length=10)),
                ("named", models.BooleanField(default=False)),
                ("counts", models.JSONField(default=dict)),
                ("voted", models.PositiveIntegerField(default=0)),
                ("key", models.BinaryField(null=True)),
                ("revealed_at", models.DateTimeField(null=True)),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.tenant",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Meeting",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("path", models.CharField(max_length=400)),
                ("depth", models.PositiveSmallIntegerField()),
                ("place_name", models.CharField(max_length=250)),
                ("is_synthetic", models.BooleanField(default=False)),
                ("language", models.CharField(max_length=8)),
                ("title", models.CharField(max_length=200)),
                ("about", models.CharField(blank=True, max_length=2000)),
                ("where", models.CharField(blank=True, max_length=300)),
                ("starts", models.DateTimeField()),
                ("minutes", models.PositiveSmallIntegerField()),
                ("zone", models.CharField(max_length=60)),
                ("every", models.CharField(blank=True, max_length=12)),
                ("until", models.DateField(null=True)),
                ("uid", models.CharField(max_length=120, unique=True)),
                ("sequence", models.PositiveIntegerField(default=0)),
                (
                    "state",
                    models.CharField(default="planned", max_length=12),
                ),
                ("improvement", models.UUIDField(null=True)),
                ("step", models.UUIDField(null=True)),
                ("organizer_name", models.CharField(max_length=200)),
                ("organizer_email", models.EmailField(max_length=254)),
                ("made_at", models.DateTimeField()),
                ("forget_on", models.DateField()),
                ("opened_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("joined", models.PositiveIntegerField(default=0)),
                ("now", models.UUIDField(null=True)),
                ("phase", models.CharField(blank=True, max_length=12)),
                ("phase_until", models.DateTimeField(null=True)),
                ("last_event", models.PositiveBigIntegerField(default=0)),
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
        ),
        migrations.CreateModel(
            name="Line",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("path", models.CharField(max_length=400)),
                ("kind", models.CharField(max_length=10)),
                ("text", models.CharField(max_length=400)),
                ("who", models.CharField(blank=True, max_length=120)),
                ("due", models.DateField(null=True)),
                ("number", models.PositiveBigIntegerField()),
                ("written_by", models.CharField(max_length=200)),
                ("handed_over", models.UUIDField(null=True)),
                (
                    "item",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="meet.item",
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
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="meet.meeting",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Letter",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("path", models.CharField(max_length=400)),
                ("sequence", models.PositiveIntegerField()),
                ("what", models.CharField(max_length=10)),
                ("message", models.BinaryField(null=True)),
                ("state", models.CharField(default="waiting", max_length=8)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("problem", models.CharField(blank=True, max_length=300)),
                ("made_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                (
                    "invitee",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="letters",
                        to="meet.invitee",
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
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="letters",
                        to="meet.meeting",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="item",
            name="meeting",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="items", to="meet.meeting"
            ),
        ),
        migrations.AddField(
            model_name="invitee",
            name="meeting",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="invitees",
                to="meet.meeting",
            ),
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("path", models.CharField(max_length=400)),
                ("number", models.PositiveBigIntegerField()),
                ("kind", models.CharField(max_length=12)),
                ("data", models.JSONField(default=dict)),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.tenant",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="meet.meeting",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Entrance",
            fields=[
                ("token_hash", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("path", models.CharField(max_length=400)),
                ("expires", models.DateTimeField()),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.tenant",
                    ),
                ),
                (
                    "invitee",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="meet.invitee",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="entrances",
                        to="meet.meeting",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Ballot",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("path", models.CharField(max_length=400)),
                ("seal", models.CharField(max_length=64)),
                ("turn", models.PositiveIntegerField(default=1)),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.tenant",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="meet.item",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="meet.meeting",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("path", models.CharField(max_length=400)),
                ("text", models.CharField(max_length=300)),
                ("group", models.CharField(blank=True, max_length=80)),
                ("number", models.PositiveBigIntegerField()),
                (
                    "item",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notes",
                        to="meet.item",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notes",
                        to="meet.meeting",
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
            ],
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.CheckConstraint(
                condition=models.Q(("title", ""), _negated=True), name="meeting_has_a_title"
            ),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.CheckConstraint(
                condition=models.Q(("minutes__range", (5, 1440))), name="meeting_takes_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "planned",
                            "invited",
                            "held",
                            "cancelled",
                        ],
                    )
                ),
                name="meeting_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "phase__in",
                        [
                            "",
                            "alone",
                            "group",
                            "together",
                        ],
                    )
                ),
                name="meeting_phase_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("every", ""), ("until__isnull", True)),
                    models.Q(
                        (
                            "every__in",
                            [
                                "week",
                                "fortnight",
                                "month",
                            ],
                        ),
                        ("until__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="meeting_that_comes_again_ends",
            ),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("closed_at__isnull", True),
                    models.Q(
                        ("closed_at__gte", models.F("opened_at")), ("opened_at__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="meeting_closed_after_opened",
            ),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.UniqueConstraint(
                fields=("id", "tenant", "path"), name="meeting_and_its_place"
            ),
        ),
        migrations.AddConstraint(
            model_name="meeting",
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
                name="meeting_depth_is_of_path",
            ),
        ),
        migrations.AddConstraint(
            model_name="line",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["decision", "action", "question"])),
                name="line_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="line",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="line_says_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="line",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind", "action"),
                    models.Q(("due__isnull", True), ("who", "")),
                    _connector="OR",
                ),
                name="line_only_actions_are_somebodys",
            ),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["waiting", "sent", "failed"])),
                name="letter_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("message__isnull", True), ("sent_at__isnull", False), ("state", "sent")
                    ),
                    models.Q(models.Q(("state", "sent"), _negated=True), ("sent_at__isnull", True)),
                    _connector="OR",
                ),
                name="letter_is_gone_once_sent",
            ),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["cell", "rubric", "question", "comment", "picture", "choice"])
                ),
                name="item_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.CheckConstraint(
                condition=models.Q(("heading", ""), _negated=True), name="item_has_a_heading"
            ),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "vote__in",
                        [
                            "",
                            "open",
                            "revealed",
                        ],
                    )
                ),
                name="item_vote_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("key__isnull", False), ("vote", "open")),
                    models.Q(
                        models.Q(("vote", "open"), _negated=True),
                        ("key__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="item_key_only_while_voting",
            ),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("revealed_at__isnull", False),
                        ("vote", "revealed"),
                    ),
                    models.Q(
                        models.Q(("vote", "revealed"), _negated=True),
                        ("revealed_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="item_revealed_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitee",
            constraint=models.UniqueConstraint(fields=("meeting", "email"), name="invited_once"),
        ),
        migrations.AddConstraint(
            model_name="invitee",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "said__in",
                        [
                            "yes",
                            "no",
                            "perhaps",
                            "other_time",
                            "unknown",
                        ],
                    )
                ),
                name="invitee_said_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="event",
            constraint=models.UniqueConstraint(
                fields=("meeting", "number"), name="event_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="ballot",
            constraint=models.UniqueConstraint(fields=("item", "seal"), name="voted_once"),
        ),
        migrations.AddConstraint(
            model_name="note",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="note_says_something"
            ),
        ),
    ]
