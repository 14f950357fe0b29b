"""A school year of which some is public, and a world in which single answers may be told apart."""

import pytest

from puls.units import UnitTree
from puls.web.assess.models import Release
from tests.web.cast import Cast
from tests.web.data import open_world


@pytest.fixture
def released(places: UnitTree, cast: Cast) -> Release:
    return open_world.release(places)
