"""Whether a transaction reads for everybody is true or false, where it was null.

After a null the rest of the rule was worked out too: for a member, each unit of the country was
looked up among public cells, a third of a second for every list of units.

On a new database 0001 writes the rules like this already, and nothing changes here.
"""

from importlib import import_module
from typing import ClassVar

from django.db import migrations

from puls.web.tenants import rowlevel

EVERYBODY = import_module("puls.web.data.migrations.0001_initial").EVERYBODY
NOT_FOR_EVERYBODY = ("tenants_partnership", "tenants_tenant")


def again(name: str, table: str, rule: str) -> migrations.RunSQL:
    """The rule once more, in today's words. Backwards it stays: it lets the same rows be read."""
    return migrations.RunSQL(
        f"ALTER POLICY {name} ON {table} USING ({rule})", migrations.RunSQL.noop
    )


class Migration(migrations.Migration):
    dependencies: ClassVar = [("data", "0001_initial")]

    operations: ClassVar = [
        *(
            again("everybody", table, f"{rowlevel.everybody()} AND ({which})")
            for table, which in EVERYBODY.items()
        ),
        *(
            again("not_for_everybody", table, f"NOT {rowlevel.everybody()}")
            for table in NOT_FOR_EVERYBODY
        ),
    ]
