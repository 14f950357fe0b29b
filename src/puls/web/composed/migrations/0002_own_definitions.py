"""An administration's own definitions tell of their changes: its pages are composed anew."""

from typing import ClassVar

from django.db import migrations
from django.db.migrations import RunSQL


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("composed", "0001_changes"),
        ("own", "0001_initial"),
    ]

    operations: ClassVar = [
        RunSQL(
            "CREATE TRIGGER own_definition_tells AFTER INSERT OR UPDATE OR DELETE"
            " ON own_definition FOR EACH ROW"
            " EXECUTE FUNCTION puls_tell_whose('tenant', 'tenant_id')",
            "DROP TRIGGER own_definition_tells ON own_definition",
        ),
    ]
