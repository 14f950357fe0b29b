"""The way releases are made, from tallies to cells, leaves nothing to single out in any country."""

import pytest

from puls.analysis.membership import Place
from puls.cells import ReleasedCell, Status
from tests.analysis.integer_auditor import Found
from tests.analysis.release_worlds import Country, Releasing, country, leak

FEW_WORLDS, MANY_WORLDS = range(40), range(40, 440)


def found_in(world: Country, cells: list[ReleasedCell]) -> Found | None:
    shown = [cell for cell in cells if cell.status is Status.SHOWN]
    return leak(world, shown, [cell for cell in shown if cell.public])


def test_the_auditor_finds_nothing() -> None:
    kinds: set[tuple[str, bool]] = set()
    for seed in FEW_WORLDS:
        world = country(seed)
        cells = Releasing(world).run()
        assert found_in(world, cells) is None, seed
        places = [Place.of(cell) for cell in cells]
        assert len(set(places)) == len(places), "a cell came twice"
        shown = [cell for cell in cells if cell.status is Status.SHOWN]
        kinds |= {(Place.of(cell).kind, cell.public) for cell in shown}
    assert {kind for kind, _ in kinds} >= {"unit", "correction", "sex"}
    assert {kind for kind, public in kinds if public} >= {"unit", "correction", "sex"}


@pytest.mark.long
def test_the_auditor_finds_nothing_in_hundreds_of_countries() -> None:
    for seed in MANY_WORLDS:
        world = country(seed)
        assert found_in(world, Releasing(world).run()) is None, seed
