"""The ledger on any cells there could be: what never changes, and a second implementation."""

from collections.abc import Collection, Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from puls.analysis.exposure import Answers
from puls.analysis.ledger import Cell, Ledger, reopened
from puls.analysis.partition import Group
from puls.cells import Status
from puls.errors import NotNow, PulsError
from tests.analysis.integer_auditor import isolable
from tests.analysis.ledger_worlds import of_scores

QUARTER = 60


# -- A second implementation: everything anew for every cell, from who is in what.


def classes_by_membership(
    groups: Collection[Group], released: Sequence[frozenset[Group]]
) -> list[frozenset[Group]]:
    """Groups by which released cells they are in; those in none are left out."""
    found: dict[tuple[bool, ...], set[Group]] = {}
    for group in groups:
        found.setdefault(tuple(group in cell for cell in released), set()).add(group)
    return [frozenset(alike) for membership, alike in found.items() if any(membership)]


def safe(
    groups: Mapping[Group, Answers], released: Sequence[frozenset[Group]], k: int, narrow60: int
) -> bool:
    with_answers = [group for group in groups if groups[group].n]
    for alike in classes_by_membership(with_answers, released):
        together = Answers(0)
        for group in alike:
            together = together.plus(groups[group])
        if not together.safe(k, narrow60):
            return False
    return True


@st.composite
def overlapping(draw: st.DrawFn) -> tuple[dict[Group, Answers], list[Cell], int]:
    """Groups with scores, any cells over them, and a threshold."""
    many = draw(st.integers(1, 7))
    score = st.sampled_from([60, 180, 285, 300, 300])
    groups = {
        Group(f"g{at}", 2025): of_scores(draw(st.lists(score, max_size=7))) for at in range(many)
    }
    some = st.sets(st.sampled_from(sorted(groups)), min_size=1)
    wanted = [
        Cell(f"c{at}", "any", frozenset(inside))
        for at, inside in enumerate(draw(st.lists(some, max_size=8)))
    ]
    return groups, wanted, draw(st.integers(2, 6))


def opened(groups: Mapping[Group, Answers], k: int, narrow60: int = QUARTER) -> Ledger:
    ledger = Ledger(k, 2 * k, ("any",), narrow60)
    ledger.add(groups)
    return ledger


Overlapping = tuple[dict[Group, Answers], list[Cell], int]


@settings(max_examples=200, deadline=None)
@given(case=overlapping())
def test_it_admits_what_is_safe_beside_all_before(case: Overlapping) -> None:
    groups, wanted, k = case
    ledger = opened(groups, k)
    for cell in wanted:
        before = [cell.groups for cell in ledger.released.values()]
        n = sum(groups[group].n for group in cell.groups)
        foretold = ledger.status([cell])
        status = ledger.release([cell])[cell.name]
        assert foretold == {cell.name: status}
        assert (status is Status.NO_DATA) == (n == 0)
        assert (status is Status.FEW) == (0 < n < k)
        allowed = safe(groups, [*before, cell.groups], k, QUARTER)
        assert (status is Status.SHOWN) == (n > 0 and allowed)
    released = [cell.groups for cell in ledger.released.values()]
    with_answers = [group for group in groups if groups[group].n]
    assert sorted(
        [group for group in alike if groups[group].n] for alike in map(sorted, ledger.classes())
    ) == sorted(sorted(alike) for alike in classes_by_membership(with_answers, released))


@settings(max_examples=100, deadline=None)
@given(case=overlapping(), data=st.data())
def test_no_order_is_unsafe_and_what_goes_together_goes_in_any(
    case: Overlapping, data: st.DataObject
) -> None:
    groups, wanted, k = case
    ledger = opened(groups, k)
    ledger.release(data.draw(st.permutations(wanted)))
    shown = list(ledger.released.values())
    assert isolable([cell.groups for cell in shown], groups, k, QUARTER) is None
    again = opened(groups, k)
    again.release(data.draw(st.permutations(shown)))
    assert again.released.keys() == ledger.released.keys()
    assert set(again.classes()) == set(ledger.classes())


@settings(max_examples=100, deadline=None)
@given(case=overlapping())
def test_a_class_never_grows_and_no_verdict_is_ever_taken_back(case: Overlapping) -> None:
    groups, wanted, k = case
    ledger = opened(groups, k)
    verdicts: dict[str, Status] = {}
    for cell in wanted:
        before = ledger.classes()
        hidden = groups.keys() - set().union(*before)
        verdicts |= ledger.release([cell])
        for alike in ledger.classes():
            assert alike <= hidden or any(alike <= old for old in before)
    after, public = ledger.classes(), ledger.publish([cell.name for cell in wanted])
    assert ledger.release(wanted) == verdicts
    assert ledger.classes() == after
    assert ledger.publish([cell.name for cell in wanted]) == public


@settings(max_examples=100, deadline=None)
@given(case=overlapping())
def test_public_cells_are_safe_by_themselves_and_beside_the_rest(case: Overlapping) -> None:
    groups, wanted, k = case
    ledger = opened(groups, k)
    ledger.release(wanted)
    status = ledger.publish([cell.name for cell in wanted])
    assert {name for name in status if status[name] is Status.SHOWN} == ledger.public.keys()
    assert ledger.public.items() <= ledger.released.items()
    public = [cell.groups for cell in ledger.public.values()]
    assert isolable(public, groups, 2 * k, QUARTER) is None
    both = public + [cell.groups for cell in ledger.released.values()]
    assert isolable(both, groups, k, QUARTER) is None


@settings(max_examples=100, deadline=None)
@given(case=overlapping())
def test_where_overlaps_are_released_the_rule_refuses_nothing_harmless(case: Overlapping) -> None:
    """A refused cell whose overlaps with released cells are released would give a group away."""
    groups, wanted, k = case
    common = {cell.groups for cell in wanted}
    while more := {one & other for one in common for other in common} - common - {frozenset()}:
        common |= more
    counts = {group: Answers(answers.n) for group, answers in groups.items()}
    ledger = opened(counts, k, 0)
    for at, inside in enumerate(sorted(common, key=lambda cell: (len(cell), sorted(cell)))):
        before = {cell.groups for cell in ledger.released.values()}
        status = ledger.release([Cell(f"c{at}", "any", inside)])[f"c{at}"]
        if status is Status.LINKED and all(
            inside & other in before or not inside & other for other in before
        ):
            assert isolable([*before, inside], counts, k) is not None


@settings(max_examples=100, deadline=None)
@given(case=overlapping(), data=st.data())
def test_finer_groups_change_nothing(case: Overlapping, data: st.DataObject) -> None:
    """A new breakdown divides groups; what is released stays, and the rest is judged alike."""
    groups, wanted, k = case
    coarse, fine = opened(groups, k), opened(groups, k)
    half = len(wanted) // 2
    coarse.release(wanted[:half])
    fine.release(wanted[:half])
    parts = {}
    for group, whole in groups.items():
        if whole.n > 1 and whole.same != -1:
            one = of_scores([whole.same])
            parts[group] = {
                group._replace(part=("girl",)): one,
                group._replace(part=("boy",)): of_scores([whole.same] * (whole.n - 1)),
            }
    fine.divide(parts)

    def finer(cell: Cell) -> Cell:
        inside = frozenset(part for group in cell.groups for part in parts.get(group, (group,)))
        return Cell(cell.name, cell.kind, inside)

    assert list(fine.released.values()) == [finer(cell) for cell in coarse.released.values()]
    assert fine.release(map(finer, wanted)) == coarse.release(wanted)
    assert fine.publish(coarse.released) == coarse.publish(coarse.released)


# -- What it refuses to do.

MUSIC, DANCE = Group("music", 2025), Group("dance", 2025)


def school() -> Ledger:
    ledger = Ledger(5, 20, ("unit", "sex", "correction"))
    ledger.add({MUSIC: Answers(12), DANCE: Answers(6)})
    return ledger


def test_counts_are_frozen() -> None:
    ledger = school()
    ledger.add({MUSIC: Answers(12)})
    with pytest.raises(NotNow, match="counted with 12 answers, now there are 13"):
        ledger.add({Group("art", 2025): Answers(9), MUSIC: Answers(13)})
    assert ledger.groups == {MUSIC: Answers(12), DANCE: Answers(6)}


def test_a_released_cell_stays_as_it_is() -> None:
    ledger = school()
    ledger.release([Cell("school", "unit", frozenset({MUSIC, DANCE}))])
    with pytest.raises(NotNow, match="school is released and stays as it is"):
        ledger.release([Cell("school", "unit", frozenset({MUSIC}))])


def test_a_group_is_divided_into_the_same_answers() -> None:
    ledger = school()
    girls, boys = DANCE._replace(part=("girl",)), DANCE._replace(part=("boy",))
    with pytest.raises(NotNow, match="6 answers cannot be divided into 7"):
        ledger.divide({DANCE: {girls: Answers(4), boys: Answers(3)}})
    assert DANCE in ledger.groups
    with pytest.raises(PulsError, match="art, 2025: not in the ledger"):
        ledger.divide({Group("art", 2025): {girls: Answers(4)}})


def test_an_unknown_group_or_kind_is_an_error() -> None:
    ledger = school()
    known = Cell("music", "unit", frozenset({MUSIC}))
    for wrong, told, asks in (
        (Cell("art", "unit", frozenset({MUSIC, Group("art", 2025)})),
         "art: the answers of art, 2025, are not in the ledger", (ledger.release, ledger.status)),
        (Cell("music", "instrument", frozenset({MUSIC})),
         "'instrument' is no kind .* Allowed: unit, sex, correction", (ledger.release,)),
    ):  # fmt: skip
        for ask in asks:
            with pytest.raises(PulsError, match=told):
                ask([known, wrong])
    assert ledger.released == {}, "nothing is released when something is wrong"


def test_what_was_kept_opens_again_unless_the_threshold_rose() -> None:
    ledger = school()
    parts = {"music": {MUSIC}, "dance": {DANCE}, "school": {MUSIC, DANCE}}
    parts = {"music": {MUSIC}, "dance": {DANCE}, "school": {MUSIC, DANCE}}
    ledger.release([Cell(name, "unit", frozenset(inside)) for name, inside in parts.items()])
    kept = (ledger.groups, list(ledger.released.values()))
    again = reopened(Ledger(5, 20, ledger.order), *kept)
    assert (again.released, again.classes()) == (ledger.released, ledger.classes())
    with pytest.raises(NotNow, match="dance was released and is not safe beside the others"):
        reopened(Ledger(7, 20, ledger.order), *kept)
    with pytest.raises(NotNow, match="school was released and is not safe"):
        reopened(Ledger(5, 20, ledger.order), *kept, ["school"])
