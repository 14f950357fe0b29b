"""Who comes to a meeting through an entrance sees the pictures on its agenda, and no others."""

from typing import ClassVar

from django.db import migrations

from puls.web.tenants import rowlevel

TABLE = "media_file"
OPENED = (
    "SELECT meeting_id FROM meet_entrance"
    f" WHERE token_hash = {rowlevel.setting('entrance')} AND expires > now()"
)
# Of the same unit: nobody opens a picture of others by naming it on an agenda of their own.
ON_THE_AGENDA = (
    f"kind = 'picture' AND EXISTS (SELECT FROM meet_item i WHERE i.meeting_id IN ({OPENED})"
    f" AND i.picture = {TABLE}.id::text AND i.tenant_id = {TABLE}.tenant_id"
    f" AND i.path = {TABLE}.path)"
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("meet", "0003_cells_within_reach"),
        ("media", "0002_shared_by_the_administration"),
    ]

    operations: ClassVar = [
        rowlevel.policy(
            TABLE, "on_the_agenda", ON_THE_AGENDA, command="SELECT", roles=("puls_web",)
        ),
    ]
