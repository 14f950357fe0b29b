"""A school year of which some is public, and a world in which single answers may be told apart."""

from collections.abc import Iterator

import pytest

from puls.units import UnitTree
from puls.web.assess.models import Release
from puls.web.data import api, opened
from tests.web.cast import Cast
from tests.web.data import open_world


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    """Nothing that a worker keeps in memory goes from one test to the next."""
    yield
    opened.kept.forget()
    api.limits.forget()


@pytest.fixture
def released(places: UnitTree, cast: Cast) -> Release:
    return open_world.release(places)
