"""The ledger leaves nothing to single out in any country; and wrong ledgers are caught."""

import random

import pytest

from puls.analysis import audit_table, suppression
from puls.analysis.exposure import Answers
from puls.analysis.ledger import Cell, Ledger, cells
from puls.analysis.partition import Group
from puls.cells import Status
from tests.analysis.integer_auditor import isolable
from tests.analysis.ledger_mutants import MUTANTS, Way, as_it_is
from tests.analysis.ledger_worlds import Country, country
from tests.shared_data import shared

FEW_WORLDS, MANY_WORLDS = range(60), range(60, 760)


@pytest.fixture(scope="module")
def worlds() -> list[Country]:
    return [country(seed) for seed in FEW_WORLDS]


def test_the_auditor_finds_nothing(worlds: list[Country]) -> None:
    for world in worlds:
        seen = as_it_is(world)
        assert seen.signed_in, "nothing released proves nothing"
        assert seen.leak(world) is None
    assert sum(len(as_it_is(world).public) for world in worlds) > 0


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.__name__)
def test_the_auditor_finds_the_mutant(mutant: Way, worlds: list[Country]) -> None:
    assert sum(mutant(world).leak(world) is not None for world in worlds) > 0


@pytest.mark.long
def test_the_auditor_finds_nothing_in_hundreds_of_countries() -> None:
    caught = dict.fromkeys(MUTANTS, 0)
    for seed in MANY_WORLDS:
        world = country(seed)
        assert as_it_is(world).leak(world) is None, seed
        for mutant in MUTANTS:
            caught[mutant] += mutant(world).leak(world) is not None
    assert min(caught.values()) >= 20, caught


def teams() -> dict[tuple[str, ...], int]:
    return audit_table.read(shared("disclosure/teams.csv"))


def test_the_shared_table_of_teams_goes_through_the_ledger() -> None:
    """What the tree programme chose is admitted whole; public cells chosen apart leak 2 groups."""
    nodes = suppression.nodes_of(teams())
    parents = {node.key: node.parent for node in nodes}
    chosen = suppression.choose(nodes, 5)
    groups = {Group(node.key, 2025): node.own for node in nodes}

    def above(group: Group) -> list[str]:
        found, key = [], group.unit
        while key:
            found.append(key)
            key = parents[key] or ""
        return found

    ledger = Ledger(5, 20, ("unit",))
    ledger.add(groups)
    every = cells("unit", groups, above)
    status = ledger.release(every[key] for key in chosen)
    assert list(status.values()) == [Status.SHOWN] * 4655
    apart = suppression.choose(nodes, 20)
    assert len(suppression.audit(nodes, chosen | apart, 5)) == 2
    among = suppression.choose(nodes, 20, forbidden=parents.keys() - chosen)
    assert suppression.audit(nodes, chosen | among, 5) == []
    assert set(ledger.publish(among).values()) == {Status.SHOWN}


def by_sex() -> tuple[dict[Group, Answers], list[Cell]]:
    """The teams' answers in three parts, and the cells of all units, with and without sex."""
    rng = random.Random(1)
    groups = {}
    for line, n in teams().items():
        drawn = rng.choices(("girl", "boy", "other"), (60, 37, 3), k=n)
        for part in ("girl", "boy", "other"):
            groups[Group("/".join(("no", *line)), 2025, (part,))] = Answers(drawn.count(part))

    def above(group: Group) -> list[str]:
        parts = group.unit.split("/")
        return ["/".join(parts[:many]) for many in range(1, len(parts) + 1)]

    unit = cells("unit", groups, above)
    sex = cells("sex", groups, lambda group: [f"{u} {group.part[0]}" for u in above(group)])
    wanted = [*unit.values(), *sex.values()]
    return groups, sorted(wanted, key=lambda cell: (-len(cell.groups), cell.name))


def test_a_country_by_sex() -> None:
    """7,610 units in three parts, 30,440 cells; the order decides which of them are shown."""
    groups, wanted = by_sex()
    shown = {}
    for order in (("unit", "sex"), ("sex", "unit")):
        ledger = Ledger(5, 20, order)
        ledger.add(groups)
        ledger.release(wanted)
        kinds = [cell.kind for cell in ledger.released.values()]
        shown[order] = (kinds.count("unit"), kinds.count("sex"))
        for alike in ledger.classes():
            assert sum(groups[group].n for group in alike) >= 5
    assert shown == {("unit", "sex"): (4655, 2125), ("sex", "unit"): (1103, 5713)}


@pytest.mark.long
def test_the_auditor_finds_nothing_in_a_country_by_sex_and_one_careless_cell() -> None:
    groups, wanted = by_sex()
    ledger = Ledger(5, 20, ("unit", "sex"))
    ledger.add(groups)
    status = ledger.release(wanted)
    released = [cell.groups for cell in ledger.released.values()]
    assert isolable(released, groups, 5) is None
    refused = [cell.groups for cell in wanted if status[cell.name] is Status.LINKED]
    assert any(isolable([*released, cell], groups, 5) for cell in reversed(refused))
