"""Who reads a meeting of a unit above reads of its agenda what lies within their own reach.

An administration meets about one of its schools, or about one that it runs with others: the people
of its other schools see that meeting, and not that school's results. Who is invited to it comes
through an entrance, and sees all of it.
"""

from typing import ClassVar

from django.db import migrations

from puls.web.tenants import rowlevel

TABLE = "meet_item"
SEEN = f"{rowlevel.own_tenant()} AND {rowlevel.own_or_above('path')}"
WITHIN = "(about_unit = '' OR EXISTS (SELECT FROM tenants_unit u WHERE u.key = about_unit))"


def narrowed(using: str, before: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"ALTER POLICY seen ON {TABLE} USING ({using})",
        f"ALTER POLICY seen ON {TABLE} USING ({before})",
    )


class Migration(migrations.Migration):
    dependencies: ClassVar = [("meet", "0002_rules")]

    operations: ClassVar = [narrowed(f"{SEEN} AND {WITHIN}", SEEN)]
