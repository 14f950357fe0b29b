"""A round may have additions: answers of other people that came when it was sealed."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("collect", "0002_answers_once"),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name="round",
            name="addition",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.RemoveConstraint(model_name="round", name="one_round"),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.UniqueConstraint(
                fields=("survey", "period", "unit", "addition"), name="one_round"
            ),
        ),
    ]
