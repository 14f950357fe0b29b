"""What cells beside the units are made of, and what is refused with a reason."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from puls.analysis.membership import Membership, Place, Year
from puls.analysis.standing import Standing
from puls.cells import ReleasedCell, Status
from puls.content.definitions import Background
from puls.errors import NotNow
from tests.analysis.release_worlds import (
    BREAKDOWNS,
    INDICATORS,
    ONE_ITEM,
    Country,
    Given,
    Releasing,
    Step,
    country,
)
from tests.analysis.worlds import world

TREE = world("no\n  west\n    karmoy\n      big\n      small").tree
ORDER = ("unit", "correction", "pooled", "sex")
LARGE = tuple((3, 5, 2, 4, 1)[at % 5] for at in range(12))
GIVEN = (
    Given("big", 2025, "sex.girl", 0, LARGE),
    Given("big", 2025, "sex.boy", 0, LARGE),
    Given("big", 2025, "sex.boy", 2, LARGE),
)
UNITS = (Step("no", 2025, 0),)


def releasing(*steps: Step, order: tuple[str, ...] = ORDER) -> Releasing:
    return Releasing(Country(TREE, GIVEN, steps, order, 5, 20))


def names(cells: Sequence[ReleasedCell]) -> set[tuple[str, str, int]]:
    return {(cell.unit, cell.part, cell.correction) for cell in cells}


def test_before_the_country_there_is_nothing_to_add_to() -> None:
    with pytest.raises(NotNow, match="country is not released for 2025"):
        releasing(Step("big", 2025, 0), Step("", 2025, 0)).run()


def test_only_the_kinds_that_the_pack_names_are_made() -> None:
    late = (*UNITS, Step("", 2025, 2))
    assert len(releasing(*late, order=("unit",)).run()) == 5
    made = releasing(*late, order=("unit", "sex")).run()[5:]
    assert {cell.part for cell in made} == {"sex.girl", "sex.boy"}


def test_a_correction_comes_once_and_is_called_after_its_latest_answer() -> None:
    now = Step("", 2025, 2)
    found = releasing(*UNITS, Step("", 2025, 0), now, now).run()[5:]
    units = ("big", "karmoy", "no", "west")
    first = {(unit, part, 0) for unit in units for part in ("sex.girl", "sex.boy")}
    later = {(unit, part, 2) for unit in units for part in ("", "sex.boy")}
    assert names(found) == first | later
    assert len(found) == len(first | later)
    assert {cell.n for cell in found if cell.correction and not cell.part} == {36}


@pytest.mark.parametrize(("told", "shown"), [({2025}, False), ({2024, 2026}, True)])
def test_classes_in_which_response_was_told_are_cut_no_more(told: set[int], shown: bool) -> None:
    of = releasing(*UNITS, Step("", 2025, 2))
    of.told = {"wellbeing": told, "feedback": {2025}}
    tried = of.run()[5:]
    assert {(cell.part, cell.correction) for cell in tried} == {
        ("", 2), ("sex.girl", 0), ("sex.boy", 2),
    }  # fmt: skip
    assert any(cell.status is Status.SHOWN for cell in tried) is shown
    assert {cell.status for cell in tried} <= {Status.SHOWN, Status.LINKED}


def test_answers_counted_since_without_saying_so_are_found() -> None:
    class Live(Releasing):
        def years(self, step: Step) -> list[Year]:
            (year,) = super().years(step)
            return [replace(year, rounds=[(0, tally) for _, tally in year.rounds])]

    of = releasing(*UNITS, Step("", 2025, 2)).country
    with pytest.raises(NotNow, match="released with 24 answers, now there are 36 or others"):
        Live(of).run()


def test_a_higher_threshold_cannot_be_added_afterwards() -> None:
    low = releasing(*UNITS, Step("", 2025, 0))
    low.run()
    high = replace(low.country, small=13, large=20)
    with pytest.raises(NotNow, match="was released and is not safe beside the others"):
        Releasing(high, low.cells).more(Step("", 2025, 2))


def test_two_breakdowns_of_one_survey_are_refused() -> None:
    asked = (*ONE_ITEM.background, Background("instrument", ("violin",)))

    class Both(Releasing):
        def years(self, step: Step) -> list[Year]:
            survey = replace(ONE_ITEM, background=asked)
            return [replace(year, survey=survey) for year in super().years(step)]

    of = releasing(*UNITS, Step("", 2025, 0)).country
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(BREAKDOWNS, "instrument", ("school",))
        with pytest.raises(NotNow, match="broken down by sex, instrument"):
            Both(of).run()


def test_cells_of_other_indicators_and_older_versions_of_other_answers_are_passed_over() -> None:
    first = releasing(*UNITS)
    first.run()
    wanted = first.more(Step("", 2025, 0))
    other = [replace(cell, indicator="feedback", n=7) for cell in first.cells if cell.n]
    older = [replace(cell, version=0, n=7, part="sex.girl") for cell in first.cells if cell.n]
    assert Releasing(first.country, [*first.cells, *other, *older]).more(UNITS[0]) == wanted


def test_which_groups_a_cell_counts() -> None:
    of = country(3)
    steps = [step for step in of.steps if not step.root]
    members = Membership(Releasing(of).years(steps[-1]), of.tree)
    for cell in Releasing(of).run():
        if cell.period in members.years and cell.status is Status.SHOWN:
            inside = {
                (group.unit, group.period, "".join(group.part) or "sex.", group.arrived)
                for group in members.cell(Place.of(cell)).groups
            }
            expected = {group for group in of.counted(cell) if of.answers[group].n}
            assert inside == {(g.unit, g.period, "".join(g.part), g.arrived) for g in expected}


def test_a_pool_refused_without_the_year_before_would_be_refused_with_it() -> None:
    class Watched(Releasing):
        tried = 0

        def more(self, step: Step, admission: Sequence[str] | None = None) -> list[ReleasedCell]:
            before = list(self.cells)
            made = super().more(step, admission)
            order = self.country.order
            first = order[: order.index("pooled")]
            known = [*before, *(cell for cell in made if Place.of(cell).kind in first)]
            members = Membership(self.years(step), self.country.tree)
            scored = members.scored("wellbeing")
            limits = (self.country.small, self.country.large)
            standing = Standing(
                step.period, INDICATORS["wellbeing"], members, scored, known, *limits, order
            )
            standing.widen(step.period - 1)
            pools = {Place.of(cell): cell.status for cell in made if cell.years == 2}
            standing.admit(list(pools))
            assert {pool: standing.status[pool] for pool in pools} == pools
            self.tried += len(pools)
            return made

    tried = 0
    for seed in range(20):
        watched = Watched(country(seed))
        watched.run()
        tried += watched.tried
    assert tried > 20
