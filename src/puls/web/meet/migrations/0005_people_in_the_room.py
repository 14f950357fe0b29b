"""How many are in the room, as who leads counted them; and which items came up there."""

from typing import ClassVar

from django.db import migrations, models

from puls.web.tenants import rowlevel


class Migration(migrations.Migration):
    dependencies: ClassVar = [("meet", "0004_pictures_on_the_agenda")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="meeting", name="people", field=models.PositiveIntegerField(null=True)
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.CheckConstraint(
                condition=models.Q(("people__isnull", True), ("people__gte", 1), _connector="OR"),
                name="meeting_of_people",
            ),
        ),
        migrations.AddField(
            model_name="item",
            name="came_up",
            field=models.BooleanField(default=False),
        ),
        rowlevel.grant("meet_meeting", "puls_web", "UPDATE (people)"),
        rowlevel.grant("meet_item", "puls_web", "UPDATE (came_up)"),
    ]
