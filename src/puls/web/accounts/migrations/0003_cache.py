"""Where attempts to log in are counted: what Django's createcachetable would make, for the web.

The keys are digests and the values times: the table knows nobody.
"""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("accounts", "0002_grants")]

    operations: ClassVar = [
        migrations.RunSQL(
            """
            CREATE TABLE puls_cache (
                cache_key varchar(255) PRIMARY KEY,
                value text NOT NULL,
                expires timestamptz NOT NULL
            );
            CREATE INDEX puls_cache_expires ON puls_cache (expires);
            GRANT SELECT, INSERT, UPDATE, DELETE ON puls_cache TO puls_web;
            """,
            "DROP TABLE puls_cache",
        )
    ]
