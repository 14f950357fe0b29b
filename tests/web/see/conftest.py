"""A school year about which everything is released."""

import pytest

from puls.units import UnitTree
from puls.web.assess.models import Release
from tests import database
from tests.web.cast import Cast
from tests.web.see import world


@pytest.fixture
def released(places: UnitTree, cast: Cast) -> Release:
    return database.made_once("released", lambda: world.release(places))
