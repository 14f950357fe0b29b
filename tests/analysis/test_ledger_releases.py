"""The way releases are made, from tallies to cells, leaves nothing to single out in any country."""

import pytest

from puls.analysis.membership import Place
from puls.cells import ReleasedCell
from tests.analysis.integer_auditor import Found, isolable
from tests.analysis.ledger_worlds import NARROW60
from tests.analysis.release_mutants import MUTANTS, Seen, Way, as_it_is, seen
from tests.analysis.release_worlds import Country, Releasing, country

FEW_WORLDS, MANY_WORLDS = range(40), range(40, 440)
KINDS = ("unit", "correction", "pooled", "sex")


def leak(of: Country, found: Seen) -> Found | None:
    """What the public can work out; or signed-in users, who see the public pages too."""
    everybody = [of.counted(cell) for cell in found.public]
    both = [*everybody, *(of.counted(cell) for cell in found.shown)]
    return isolable(everybody, of.answers, of.large, NARROW60) or isolable(
        both, of.answers, of.small, NARROW60
    )


def kind(cell: ReleasedCell) -> str:
    return Place.of(cell).kind


Released = list[tuple[Country, list[ReleasedCell]]]


@pytest.fixture(scope="module")
def released() -> Released:
    worlds = [country(seed) for seed in FEW_WORLDS]
    return [(world, Releasing(world).run()) for world in worlds]


def test_the_auditor_finds_nothing(released: Released) -> None:
    shown, public = set(), set()
    for world, cells in released:
        assert leak(world, seen(cells)) is None
        called = {(cell.indicator, Place.of(cell)) for cell in cells}
        assert len(called) == len(cells), "a cell came twice"
        shown |= {kind(cell) for cell in seen(cells).shown}
        public |= {kind(cell) for cell in seen(cells).public}
    assert shown == set(KINDS), "a kind that is never released proves nothing"
    assert public >= set(KINDS) - {"pooled"}


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.__name__)
def test_the_auditor_finds_the_mutant(mutant: Way) -> None:
    worlds = map(country, FEW_WORLDS)
    assert any(leak(world, mutant(world)) is not None for world in worlds)


@pytest.mark.parametrize("of", KINDS)
def test_the_auditor_finds_what_is_planted_beside_a_cell(of: str, released: Released) -> None:
    """One group fewer than a released cell has: the difference is that group. In every world."""
    planted = 0
    for world, out in released:
        shown = seen(out).shown
        cells = [world.counted(cell) for cell in shown]
        for cell in (world.counted(cell) for cell in shown if kind(cell) == of):
            small = [group for group in cell if 0 < world.answers[group].n < world.small]
            if small and world.small <= sum(world.answers[g].n for g in cell - {small[0]}):
                planted += 1
                more = [*cells, cell - {small[0]}]
                found = isolable(more, world.answers, world.small, NARROW60)
                assert found is not None, small[0]
                break
    assert planted > 0


@pytest.mark.long
def test_the_auditor_finds_nothing_in_hundreds_of_countries() -> None:
    caught = dict.fromkeys(MUTANTS, 0)
    for seed in MANY_WORLDS:
        world = country(seed)
        assert leak(world, as_it_is(world)) is None, seed
        if seed < 140:
            for mutant in MUTANTS:
                caught[mutant] += leak(world, mutant(world)) is not None
    assert min(caught.values()) >= 5, caught
