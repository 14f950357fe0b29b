"""Releases: safe in any order, and built on released numbers only."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from puls.analysis import release
from puls.analysis.criteria import levels
from puls.analysis.estimates import Components
from puls.analysis.practice import Published, interval, prior
from puls.cells import ReleasedCell, Status
from puls.content.definitions import Indicator, RegisterSource, Role
from puls.units import Change, Unit, UnitTree
from tests.analysis.surveys import FIVE
from tests.analysis.worlds import CRITERIA, ONE_ITEM, TIERS, TODAY, WEIGHTS, World, indicator, world

USUAL = {"wellbeing": Components(0.64, (0.0, 0.001, 0.005, 0.02, 0.01))}


@st.composite
def countries(draw: st.DrawFn) -> World:
    """A country with small schools: one to three of everything, down to departments."""
    units = [Unit("no", "country", "no", None)]
    answers: dict[str, tuple[int, ...]] = {}
    level = ["no"]
    for tier in TIERS[1:]:
        below = []
        for parent in level:
            for at in range(draw(st.sampled_from([1, 1, 2, 3]))):
                key = f"{parent}.{at}"
                units.append(Unit(key, tier, key, parent))
                below.append(key)
        level = below
    score = st.sampled_from([1, 2, 3, 4, 5, 5, 5])
    for leaf in level:
        given_here = draw(st.lists(score, max_size=9))
        if given_here:
            answers[leaf] = tuple(given_here)
    return World(UnitTree(units), answers)


@settings(max_examples=60, deadline=None)
@given(country=countries(), k=st.integers(2, 6))
def test_a_whole_release_isolates_nobody(country: World, k: int) -> None:
    cells = country.release(k=k)
    assert set(cells) == set(country.tree.units)
    assert country.isolable(cells.values(), k) == []
    n = {
        unit: sum(len(given) for leaf, given in country.answers.items() if _below(leaf, unit))
        for unit in cells
    }
    for unit, cell in cells.items():
        if n[unit] == 0:
            assert cell.status is Status.NO_DATA
        elif n[unit] < k:
            assert cell.status is Status.FEW
        else:
            assert cell.status in (Status.SHOWN, Status.LINKED)
        if cell.status is Status.SHOWN:
            assert cell.n == n[unit]


def _below(unit: str, above: str) -> bool:
    return unit == above or unit.startswith(f"{above}.")


@settings(max_examples=60, deadline=None)
@given(country=countries(), k=st.integers(2, 6), data=st.data())
def test_no_order_of_releases_isolates_anybody(country: World, k: int, data: st.DataObject) -> None:
    """Subtrees in any order, then the country: each unit once, and safe after every step."""
    roots = data.draw(st.permutations(sorted(country.tree.units)).map(lambda keys: keys[:4]))
    released: dict[str, ReleasedCell] = {}
    for root in [*roots, "no"]:
        new = country.release(k=k, root=root, fixed=released.values())
        assert not new.keys() & released.keys()
        assert all(_below(unit, root) for unit in new)
        released |= new
        assert country.isolable(released.values(), k) == []
    assert released.keys() == set(country.tree.units)


def test_forgetting_what_was_released_before_is_caught() -> None:
    """The mutant of the test above: it leaves out `fixed`, and a group of three stands alone."""
    country = world("""
        no
          west
            karmoy
              big-school
                music    x12
                theatre  x9
              small-school
                art      x3
    """)
    first = country.release(root="big-school")
    second = country.release(root="no")
    together = {**second, **first}
    assert [group.n for group in country.isolable(together.values(), 5)] == [3]


@settings(max_examples=60, deadline=None)
@given(country=countries(), data=st.data())
def test_every_input_of_a_released_number_is_released(country: World, data: st.DataObject) -> None:
    """Interval and levels can be worked out again from shown cells and the country's variances."""
    root = data.draw(st.sampled_from(sorted(country.tree.units)))
    known: dict[str, ReleasedCell] = {}
    for step in (root, None):
        new = country.release(root=step, fixed=known.values(), variances=USUAL, public_k=9)
        known |= new
        statuses = {key: each.status for key, each in known.items()}
        for cell in new.values():
            if cell.status is Status.SHOWN:
                seen = {key: each for key, each in known.items() if each.public >= cell.public}
                low, high = _worked_out(cell, seen, statuses, country)
                assert (cell.low, cell.high) == pytest.approx((low, high))
                touched = levels(CRITERIA, float(cell.value or 0), low, high)
                assert (cell.level_low, cell.level_high) == touched


def _worked_out(
    cell: ReleasedCell, known: dict[str, ReleasedCell], statuses: dict[str, Status], country: World
) -> tuple[float, float]:
    """The interval of a cell from released cells alone, and from everybody's statuses."""
    line, n = [], 0
    for unit in reversed(country.tree.lineage(cell.unit)):
        each = known.get(unit)
        if each is not None and each.status is Status.SHOWN and (each.n or 0) > n:
            n = each.n or 0
            line.append(Published(n, each.value or 0.0, tuple(_branches(unit, statuses))))
    before = prior(line, USUAL["wellbeing"])
    return interval(line[0].n, line[0].mean, USUAL["wellbeing"], before, FIVE)


def _branches(above: str, statuses: dict[str, Status]) -> list[int]:
    """At every tier, how many units below have answers: their released status tells."""
    some = [unit for unit, status in statuses.items() if status is not Status.NO_DATA]
    below = [unit.count(".") for unit in some if _below(unit, above)]
    return [max(1, below.count(tier)) for tier in range(len(TIERS))]


def test_a_unit_released_late_is_weighed_against_what_is_shown_above() -> None:
    """The county's 15 are known: less the school's 12 they would be the three of the tiny one."""
    country = world("""
        no
          west
            karmoy
              school  x12
              tiny    x3
    """)
    west = country.release()["west"]
    assert country.release(root="school")["school"].status is Status.SHOWN
    assert country.release(root="school", fixed=[west])["school"].status is Status.LINKED
    # What is shown nearer by, but of another indicator, must not draw attention away.
    nearer = replace(west, unit="karmoy", indicator="feedback")
    assert country.release(root="school", fixed=[west, nearer])["school"].status is Status.LINKED


def test_what_is_not_released_yet_is_not_leaned_on() -> None:
    """The school is weighed against its county: the municipality between them is not out."""
    country = world("""
        no
          west
            karmoy
              school  x12
              tiny    x3
              third   x9
            sola
              sola-school  x40
    """)
    west = country.release()["west"]
    school = country.release(root="school", fixed=[west], variances=USUAL)["school"]
    assert (west.n, school.n) == (64, 12)
    own = Published(12, float(school.value or 0), (1,) * 5)
    whole = Published(64, float(west.value or 0), (1, 1, 2, 4, 4))
    before = prior([own, whole], USUAL["wellbeing"])
    expected = interval(own.n, own.mean, USUAL["wellbeing"], before, FIVE)
    assert (school.low, school.high) == pytest.approx(expected)


def test_the_means_are_those_of_the_answers() -> None:
    cells = world("""
        no
          west
            karmoy
              school
                music    5 4 4 2 1
                dance    3 3 4 2 1 1
    """).release()
    assert cells["music"].value == 16 / 5
    assert cells["dance"].value == 14 / 6
    assert cells["school"].value == cells["no"].value == 30 / 11


def test_nobody_answered_gives_no_data_without_a_warning() -> None:
    cells = world("no\n  west\n    karmoy\n      school\n        music").release()
    assert {cell.status for cell in cells.values()} == {Status.NO_DATA}


def test_answers_of_a_merged_municipality_count_for_its_successor() -> None:
    merged = date(2020, 1, 1)
    units = [
        Unit("no", "country", "Norway", None),
        Unit("west", "county", "West", "no"),
        Unit("finnoy", "municipality", "Finnøy", "west", valid_to=merged),
        Unit("stavanger", "municipality", "Stavanger", "west"),
        Unit("finnoy-school", "school", "Finnøy", "finnoy"),
        Unit("stavanger-school", "school", "Stavanger", "stavanger"),
    ]
    tree = UnitTree(units, [Change(merged, "finnoy", "stavanger")])
    country = World(tree, {"finnoy-school": (5, 3, 4), "stavanger-school": (1, 2, 3, 4, 5, 5)})
    cells = country.release()
    assert not {"finnoy", "finnoy-school"} & cells.keys()
    assert cells["stavanger"].n == 9
    assert cells["stavanger"].value == 32 / 9
    # Stavanger less its school would be the three of Finnøy.
    assert cells["stavanger-school"].status is Status.LINKED


def test_cells_of_other_years_and_indicators_do_not_count() -> None:
    country = world("no\n  west\n    karmoy\n      school  x12")
    first = country.release()
    last_year = [replace(cell, period=2024) for cell in first.values()]
    other = [replace(cell, indicator="feedback") for cell in first.values()]
    assert country.release(fixed=last_year + other).keys() == first.keys()


def test_only_indicators_of_the_survey_are_made() -> None:
    country = world("no\n  west\n    karmoy\n      school  x12")
    places = Indicator(
        "places", 1, "frame", Role.PREREQUISITE, RegisterSource("gsi", True), "places", 0, None
    )
    cells = release.survey_cells(
        ONE_ITEM,
        2025,
        country.tally,
        country.tree,
        TODAY,
        {"places": places, "wellbeing": indicator(None)},
        5,
        WEIGHTS,
    )
    assert {cell.indicator for cell in cells} == {"wellbeing"}
    assert {(cell.level_low, cell.level_high) for cell in cells} == {(None, None)}


def test_variances_are_those_of_the_cells_that_are_shown_unless_given() -> None:
    country = world("""
        no
          west
            karmoy
              school
                music    x12
                dance    x8
    """)
    cells = country.release().values()
    own = release.national_variances(
        *(ONE_ITEM, country.tally, country.tree, TODAY, dict(WEIGHTS)),
        *(cells, {"wellbeing": indicator()}, 2025),
    )
    assert country.release() == country.release(variances=own)
    assert country.release() != country.release(variances=USUAL)


def test_the_variances_of_a_few_groups_say_nothing_of_their_answers() -> None:
    """With n and mean, a variance taken from five answers would leave few ways to give them."""
    weights = dict(WEIGHTS)
    starting = release.starting_variances(ONE_ITEM, weights)
    for given_here in ((1, 1, 3, 5, 5), (3, 3, 3, 3, 3), (2, 3, 3, 3, 4)):
        tree = UnitTree([Unit("no", "country", "no", None)])
        few = World(tree, {"no": given_here})
        cells = few.release(k=1).values()
        of_few = release.national_variances(
            *(ONE_ITEM, few.tally, tree, TODAY, weights),
            *(cells, {"wellbeing": indicator()}, 2025),
        )
        assert of_few == starting
    (variances,) = starting.values()
    assert variances.sigma2 + sum(variances.tau2) == pytest.approx(1.0, abs=0.01)


def test_a_unit_that_got_part_of_a_split_one_is_not_comparable() -> None:
    """The school's music went whole to north, its dance was parted: north is not what it was."""
    then = date(TODAY.year - 1, 1, 1)
    units = [
        Unit("no", "country", "no", None),
        Unit("old", "municipality", "old", "no", valid_to=then),
        Unit("old.music", "department", "old.music", "old", valid_to=then),
        Unit("old.dance", "department", "old.dance", "old", valid_to=then),
        Unit("beside", "municipality", "beside", "no"),
    ]
    changes = []
    for name in ("north", "south"):
        units.append(Unit(name, "municipality", name, "no", valid_from=then))
        units.append(Unit(f"{name}.dance", "department", name, name, valid_from=then))
        changes += [Change(then, "old", name), Change(then, "old.dance", f"{name}.dance")]
    units.append(Unit("north.music", "department", "north.music", "north", valid_from=then))
    changes.append(Change(then, "old.music", "north.music"))
    answers = {"old.music": (3,) * 6 + (5,) * 6, "old.dance": (2, 4) * 6, "beside": (1, 5) * 6}
    cells = World(UnitTree(units, changes), answers).release()
    torn = {"north", "south", "north.dance", "south.dance"}
    assert {key for key, cell in cells.items() if cell.status is Status.NOT_COMPARABLE} == torn
    assert cells["no"].n == 36
    assert cells["north.music"].n == 12
