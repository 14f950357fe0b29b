"""Doing one thing at a time, over all processes: advisory locks of the database.

A lock belongs to a connection. Whatever happens to its process, the database lets it go.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import Error, connections

ROUND = 7_857_004
"""First number of the locks of rounds; the second one is made from the round's key."""
JOB = 7_857_006
"""First number of the locks of jobs, each held for as long as its job lives."""
DEMO = (7_857_005, 0)
"""Held while the demo country is set up."""

Lock = tuple[int, int]


def lock_of(round_key: str) -> Lock:
    """The lock of one round. Two rounds may share one by chance, and then wait for each other."""
    return ROUND, _number(round_key)


def lock_of_job(key: UUID) -> Lock:
    return JOB, _number(str(key))


def _number(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big", signed=True)


@contextmanager
def alone(using: str, lock: Lock, waiting: Callable[[], object]) -> Iterator[None]:
    """Everything inside is done by one process at a time; `waiting` is called before a wait.

    Around transactions, never inside one: what another process did has to be read anew.
    """
    connection = connections[using]
    assert not connection.in_atomic_block, "a lock around transactions, taken inside one"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", lock)
        if not cursor.fetchone()[0]:
            waiting()
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", lock)
    try:
        yield
    finally:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", lock)
        except Error:
            # The end of a connection frees its locks, in whatever state it was left.
            connection.close()


def try_alone(using: str, lock: Lock) -> bool:
    """Hold the lock until the end of the current transaction. False: somebody else holds it."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", lock)
        return bool(cursor.fetchone()[0])
