"""What the web may do with people, their addresses and their sessions.

These tables have no tenant: a person logs in before one is known, and may belong to several.
"""

from typing import ClassVar

from django.db import migrations

ALLOWED = {
    "accounts_user": "SELECT, INSERT, UPDATE",
    "account_emailaddress": "SELECT, INSERT, UPDATE, DELETE",
    "django_session": "SELECT, INSERT, UPDATE, DELETE",
}


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("accounts", "0001_initial"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("sessions", "0001_initial"),
    ]

    operations: ClassVar = [
        migrations.RunSQL(
            f"GRANT {privileges} ON {table} TO puls_web",
            f"REVOKE {privileges} ON {table} FROM puls_web",
        )
        for table, privileges in ALLOWED.items()
    ]
