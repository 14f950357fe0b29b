"""Django, set up for the tests of the web, and fixtures with the people and places of `cast`.

And for rounds and files: a data folder of its own for each test, and a look at all that came in.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connections
from pytest_django.plugin import blocking_manager_key

from puls.content.definitions import Pack
from puls.units import UnitTree
from tests import database

database.configure()

# Imports of models wait until Django is set up.
from django.test import Client  # noqa: E402

from puls.web.collect import jobs  # noqa: E402
from puls.web.collect.folders import Folders  # noqa: E402
from puls.web.tenants.models import Membership  # noqa: E402
from puls.web.tenants.services import tenant_add, units_load  # noqa: E402
from tests.web import inputs  # noqa: E402
from tests.web.cast import CAST, OWNERS, Cast, LogIn, add_person, corner_of_norway  # noqa: E402


def pytest_configure(config: pytest.Config) -> None:
    """Without the fixture `db` a query is refused, however pytest came to load this file."""
    blocker = config.stash[blocking_manager_key]
    if not blocker.is_active:
        blocker.block()


@pytest.fixture(autouse=True)
def _until_it_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes on in a thread is told when it has ended, however busy the machine is."""
    monkeypatch.setattr(jobs, "SECONDS_TO_LOOK", 60)


@pytest.fixture
def places(db: None) -> UnitTree:
    """The corner of Norway in the database, each municipality with its administration."""
    database.made_once("places", _make_places)
    return corner_of_norway()


def _make_places() -> None:
    tree = corner_of_norway()
    above = [unit for unit in tree.units.values() if unit.tier not in ("school", "department")]
    units_load(UnitTree(above, tree.changes))
    for key in ("no", "no-11", "no-46", *OWNERS.values()):
        tenant_add(key)
    whose = {
        unit.key: OWNERS[unit.key.split("-")[0]]
        for unit in tree.units.values()
        if unit.tier in ("school", "department")
    }
    units_load(tree, whose)


@pytest.fixture
def cast(places: UnitTree) -> Cast:
    return database.made_once("cast", _make_cast)


def _make_cast() -> Cast:
    return Cast(**{name: add_person(name, *place) for name, place in CAST.items()})


@pytest.fixture
def log_in() -> LogIn:
    """A browser in which this member is logged in."""

    def open_browser(member: Membership) -> Client:
        client = Client()
        client.force_login(member.user)
        return client

    return open_browser


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path / "data")


@pytest.fixture(scope="session")
def pack() -> Pack:
    return inputs.kulturskole()


@pytest.fixture
def traces(folders: Folders) -> Callable[[], dict[str, int]]:
    """How many rows and files there are of everything that comes in."""

    def look() -> dict[str, int]:
        found = {}
        with connections["assess"].cursor() as cursor:
            cursor.execute("SELECT set_config('puls.reach', '*', false)")
            for table in ("round", "answer", "importrecord", "figure"):
                cursor.execute(f"SELECT count(*) FROM collect_{table}")
                found[table] = cursor.fetchone()[0]
            cursor.execute("SELECT set_config('puls.reach', '', false)")
        files = [file for file in folders.data.rglob("*") if file.is_file()]
        return found | {"file": len(files)}

    return look
