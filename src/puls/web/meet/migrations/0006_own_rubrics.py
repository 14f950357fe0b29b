"""Who comes to a meeting through an entrance reads the own rubrics of its administration."""

from typing import ClassVar

from django.db import migrations

from puls.web.tenants import rowlevel

OPENED = (
    "SELECT meeting_id FROM meet_entrance"
    f" WHERE token_hash = {rowlevel.setting('entrance')} AND expires > now()"
)
OF_THE_MEETING = (
    "published_at IS NOT NULL"
    f" AND tenant_id IN (SELECT m.tenant_id FROM meet_meeting m WHERE m.id IN ({OPENED}))"
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("meet", "0005_people_in_the_room"),
        ("own", "0001_initial"),
    ]

    operations: ClassVar = [
        rowlevel.policy(
            "own_definition",
            "entrance",
            OF_THE_MEETING,
            command="SELECT",
            roles=("puls_web",),
        ),
    ]
