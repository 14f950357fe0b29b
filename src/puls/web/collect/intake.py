"""As the back office that takes in rounds, codes and files: its database, and one at a time."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections

from puls.web.tenants.access import as_whole_tree

INTAKE = "intake"
LOCK = 7_857_003
"""Number of the advisory lock under which one file is imported, or one round opened, at a time."""


@contextmanager
def working() -> Iterator[None]:
    """One transaction on the whole tree: no other file comes in and no other round is opened.

    Otherwise the same file, twice at the same time, would meet itself half-way.
    """
    with as_whole_tree(INTAKE):
        with connections[INTAKE].cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        yield
