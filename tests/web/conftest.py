"""Django, set up for the tests of the web, and fixtures with the people and places of `cast`."""

import pytest
from pytest_django.plugin import blocking_manager_key

from puls.units import UnitTree
from tests import database

database.configure()

# Imports of models wait until Django is set up.
from django.test import Client  # noqa: E402

from puls.web.tenants.models import Membership  # noqa: E402
from puls.web.tenants.services import tenant_add, units_load  # noqa: E402
from tests.web.cast import CAST, OWNERS, Cast, LogIn, add_person, corner_of_norway  # noqa: E402


def pytest_configure(config: pytest.Config) -> None:
    """Without the fixture `db` a query is refused, however pytest came to load this file."""
    blocker = config.stash[blocking_manager_key]
    if not blocker.is_active:
        blocker.block()


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
