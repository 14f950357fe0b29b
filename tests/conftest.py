"""Fixtures for all tests. Only those of web, browser and setup may reach a database, by `db`."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from pytest_django import DjangoDbBlocker

# A busy machine is slow, not wrong: no property fails by the clock.
settings.register_profile("puls", settings.default, deadline=None)
settings.load_profile("puls")

STORES = ("web", "browser", "setup")
"""Folders under tests/ whose tests may open a store."""


@pytest.fixture(autouse=True)
def _no_store(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A library test that reaches a database is stopped, with a hint."""
    folder = Path(request.node.path).relative_to(Path(__file__).parent).parts[0]
    if folder in STORES:
        return
    import psycopg

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError(
            f"A test in tests/{folder} reached the database. Library code takes tables, not "
            "connections; if this really is about the web, move it to tests/web and use `db`."
        )

    monkeypatch.setattr(psycopg.Connection, "connect", refuse)
    monkeypatch.setattr(psycopg, "connect", refuse)


@pytest.fixture(scope="session")
def own_database(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """This worker's copy of the migrated database."""
    from tests import database

    with django_db_blocker.unblock(), database.own_copy():
        yield


@pytest.fixture
def db(own_database: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A database without rows. What a test commits is really committed, and removed afterwards."""
    from tests import database

    with django_db_blocker.unblock():
        yield
        database.empty_tables()


@pytest.fixture
def transactional_db(db: None) -> None:
    """The same: every test here is transactional."""


@pytest.fixture
def _django_db_helper(db: None) -> None:
    """What pytest-django's mark `django_db` asks for: again the same database."""
