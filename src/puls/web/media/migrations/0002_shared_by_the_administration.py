"""An administration that publishes what a school tells shares its pictures, and takes them back."""

from typing import ClassVar

from django.db import migrations

from puls.web.tenants import rowlevel

TABLE = "media_file"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("media", "0001_files")]

    operations: ClassVar = [
        rowlevel.policy(
            TABLE,
            "administration_shares",
            f"{rowlevel.own_tenant()} AND {rowlevel.below()}",
            command="UPDATE",
            roles=("puls_web", "puls_owner"),
        ),
    ]
