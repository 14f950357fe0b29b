"""A process is read by its own administration alone: a county or a partner reads no names in it."""

from typing import ClassVar

from django.db import migrations
from django.db.migrations import RunSQL

from puls.web.tenants import rowlevel

TABLES = ("improve_improvement", "improve_step")
REACH = f"{rowlevel.below()} OR {rowlevel.above()}"


def narrowed(table: str) -> RunSQL:
    return RunSQL(
        f"ALTER POLICY reach ON {table} USING ({rowlevel.own_tenant()} AND ({REACH}))",
        f"ALTER POLICY reach ON {table} USING ({REACH})",
    )


class Migration(migrations.Migration):
    dependencies: ClassVar = [("improve", "0001_initial")]

    operations: ClassVar = [narrowed(table) for table in TABLES]
