"""A school year about which everything is released."""

import pytest

from puls.units import UnitTree
from puls.web.assess.models import Release
from tests.web.cast import Cast
from tests.web.see import world


@pytest.fixture
def released(places: UnitTree, cast: Cast) -> Release:
    return world.release(places)
