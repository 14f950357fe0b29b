"""One release at a time, over all processes: an advisory lock of the database."""

from django.db import connections

LOCK = 7_857_002
"""Held while a release is made, and while what releases wait for is changed."""


def wait_for_releases(using: str) -> None:
    """Hold the lock until the end of the current transaction, as soon as others let it go."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def no_release_is_made(using: str) -> bool:
    """Hold the lock until the end of the current transaction. False: a release is being made."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])
