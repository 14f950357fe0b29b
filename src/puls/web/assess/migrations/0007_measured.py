"""Every release remembers what its indicators measured, so that a new name changes nothing.

Of releases that are there already nobody wrote it down. They get what the pack at hand says of
each key, as indicators kept what they measure until now; a key that the pack no longer has gets
null, nobody remembers, and its cells count wherever their numbers fit. No row is touched, which
nobody may: the answer is the column's default while it is added. So bring the tables up to date
before you change what the pack calls its indicators.
"""

import json
from typing import Any, ClassVar

from django.db import migrations, models

RELEASED = "SELECT DISTINCT indicator FROM assess_cell WHERE from_answers"
ADD = "ALTER TABLE assess_release ADD COLUMN measured jsonb NOT NULL DEFAULT"


def remember(apps: Any, editor: Any) -> None:
    """Add the column, with what the releases of before measured."""
    with editor.connection.cursor() as cursor:
        cursor.execute("SELECT set_config('puls.reach', '*', true)")
        cursor.execute(RELEASED)
        keys = sorted(key for (key,) in cursor.fetchall())
        cursor.execute(f"{ADD} '{{}}'" if not keys else f"{ADD} '{_of(keys)}'")
        cursor.execute("SELECT set_config('puls.reach', '', true)")
        cursor.execute("ALTER TABLE assess_release ALTER COLUMN measured DROP DEFAULT")


def forget(apps: Any, editor: Any) -> None:
    """Drop the column."""
    editor.execute("ALTER TABLE assess_release DROP COLUMN measured")


def _of(keys: list[str]) -> str:
    """By key what it measures, as JSON. Keys are small letters, digits and _ in every pack."""
    from puls.analysis.measured import measured
    from puls.web.packs import pack

    return json.dumps(dict.fromkeys(keys) | measured(pack().indicators))


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("assess", "0006_gates"),
    ]

    operations: ClassVar = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(remember, forget)],
            state_operations=[
                migrations.AddField(
                    model_name="release",
                    name="measured",
                    field=models.JSONField(default=dict),
                ),
            ],
        ),
    ]
