"""Releases are not emptied either: a trigger on rows does not see TRUNCATE."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("assess", "0001_initial"),
    ]

    operations: ClassVar = [
        migrations.RunSQL(
            f"CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION puls_refuse_change()",
            f"DROP TRIGGER {table}_never_emptied ON {table}",
        )
        for table in ("assess_release", "assess_cell")
    ]
