"""National figures rest on whole shown cells: what hidden groups answered moves none of them."""

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from puls.analysis import associations, attenuation, release, reliability, scoring, shown_groups
from puls.analysis.estimates import places
from puls.analysis.pooled import Moments, Pooled, pooled
from puls.analysis.reliability import Detail
from puls.analysis.scoring import Tallies
from puls.analysis.tallies import lineage
from puls.cells import ReleasedCell, Status
from puls.content.definitions import SurveySource
from puls.units import Unit, UnitTree
from tests.analysis.surveys import survey
from tests.analysis.worlds import TODAY, WEIGHTS, indicator

PAIR = ("wellbeing", "feedback")
FORM = survey("wellbeing: a b", "feedback: c d", pairs=[PAIR])
INDICATORS = {
    key: replace(indicator(), key=key, source=SurveySource("student", key)) for key in PAIR
}
ITEMS = ("a", "b", "c", "d")
TOWNS = 11
Respondent = tuple[str, dict[str, int]]
Shown = dict[str, frozenset[str]]


def country(rng: random.Random) -> tuple[UnitTree, list[Respondent]]:
    """Three schools a town. In the first two have 3 and 4 answers; some have departments, of which
    one has 2."""
    units = [Unit("no", "country", "no", None)]
    units += [Unit(f"c{i}", "county", "c", "no") for i in range(4)]
    found: list[Respondent] = []
    for town in range(TOWNS + 1):
        units.append(Unit(f"m{town}", "municipality", "m", f"c{town % 4}"))
        for number in range(3):
            school = f"m{town}s{number}"
            units.append(Unit(school, "school", "s", f"m{town}"))
            sizes = {school: rng.randint(6, 12)}
            if town == 0 and number:
                sizes = {school: 2 + number}
            elif town > 0 and number == 0:
                units += [Unit(f"{school}.{d}", "department", d, school) for d in "xy"]
                sizes = {f"{school}.x": rng.randint(6, 12), f"{school}.y": 2}
            here = rng.gauss(3.3, 0.4)
            for leaf, size in sizes.items():
                for _ in range(size):
                    mood = rng.gauss(here, 0.8)
                    answers = (round(mood + rng.gauss(0, 0.8)) for _ in ITEMS)
                    found.append(
                        (leaf, {i: min(5, max(1, x)) for i, x in zip(ITEMS, answers, strict=True)})
                    )
    return UnitTree(units), found


def counted(found: list[Respondent]) -> Tallies:
    rows = [{"leaf": leaf, **answers} for leaf, answers in found]
    schema = {"leaf": pl.String, **dict.fromkeys(ITEMS, pl.Int8)}
    return scoring.tally_round(pl.DataFrame(rows, schema=schema).lazy(), FORM)


def released(tree: UnitTree, tallies: Tallies) -> list[ReleasedCell]:
    return release.survey_cells(
        FORM, 2025, tallies.answers, tree, TODAY, INDICATORS, 5, dict(WEIGHTS)
    )


def figures(tree: UnitTree, tallies: Tallies, cells: list[ReleasedCell]) -> dict[str, Any]:
    """All that is told beside the cells and rests on groups, before anything is rounded."""
    given_ = (FORM, tree, TODAY, WEIGHTS)
    field = pooled(FORM, tallies.answers, tree, TODAY, tuple(WEIGHTS))
    shown = shown_groups.shown_units(field, cells, INDICATORS, 2025)
    groups = shown_groups.of_release(tallies, *given_, cells, INDICATORS, 2025)
    reliable = attenuation.within_groups(groups, FORM)
    tell = dict.fromkeys(PAIR, Detail.CONSTRUCT)
    told = reliability.national(tallies, *given_, tell, shown=shown)
    return {
        "variances": shown_groups.of_field(field, shown).variances(),
        "tiers": {each.construct: each.tiers for each in told},
        "reliable": reliable,
        "within": associations.within_respondents(groups.products, reliable, [PAIR]).rows(),
    }


def classes(tree: UnitTree, found: list[Respondent], shown: Shown) -> list[list[int]]:
    """Respondents that no shown cell of any theme tells apart."""
    by_cells: dict[tuple[str, ...], list[int]] = {}
    for at, (leaf, _) in enumerate(found):
        line = tree.lineage(leaf)
        cells = tuple(unit for unit in line if any(unit in each for each in shown.values()))
        by_cells.setdefault(cells, []).append(at)
    return list(by_cells.values())


def changed(
    tree: UnitTree, found: list[Respondent], shown: Shown, rng: random.Random
) -> list[Respondent]:
    """Other answers of hidden groups: the same number and sum in all that is shown.

    In every class answers change leaves; where it is a remainder of both themes, they change
    otherwise too, one up and one down.
    """
    parents = {key: unit.parent for key, unit in tree.units.items()}
    kept = {unit for units in shown.values() for unit in shown_groups.leaf_most(units, parents)}
    after = [(leaf, dict(answers)) for leaf, answers in found]
    for members in classes(tree, found, shown):
        leaves = [found[at][0] for at in members]
        for at, leaf in zip(members, rng.sample(leaves, len(leaves)), strict=True):
            after[at] = (leaf, after[at][1])
        if kept.intersection(tree.lineage(leaves[0])):
            continue
        for _ in range(20):
            one, other = (after[at][1] for at in rng.sample(members, 2))
            item = rng.choice(ITEMS)
            if one is not other and one[item] < 5 and other[item] > 1:
                one[item] += 1
                other[item] -= 1
    return after


def moved(seed: int, figures_: Callable[..., dict[str, Any]] = figures) -> set[str]:
    """The figures that are others once hidden groups have answered otherwise."""
    rng = random.Random(seed)
    tree, found = country(rng)
    tallies = counted(found)
    cells = released(tree, tallies)
    field = pooled(FORM, tallies.answers, tree, TODAY, tuple(WEIGHTS))
    shown = shown_groups.shown_units(field, cells, INDICATORS, 2025)
    hidden = {cell.unit for cell in cells if cell.status in (Status.FEW, Status.LINKED)}
    assert {"m0s1", "m0s2", "m1s0.y"} <= hidden
    other = counted(changed(tree, found, shown, rng))
    after = pooled(FORM, other.answers, tree, TODAY, tuple(WEIGHTS))
    assert shown_groups.shown_units(after, cells, INDICATORS, 2025) == shown, "the same cells"
    then, now = (figures_(tree, each, cells) for each in (tallies, other))
    assert then["variances"]["wellbeing"].units
    assert then["within"][0][2] > 200
    return {name for name in then if then[name] != now[name]}


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10_000))
def test_what_hidden_groups_answered_moves_no_national_figure(seed: int) -> None:
    assert moved(seed) == set()


def test_over_all_leaf_groups_hidden_answers_move_each_of_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shown_groups, "of_field", lambda field, _: field)
    monkeypatch.setattr(reliability, "of_field", lambda field, _: field)
    monkeypatch.setattr(shown_groups, "of_release", lambda tallies, *_: tallies)
    assert moved(1) == {"variances", "tiers", "reliable", "within"}


def with_remainders(field: Pooled, shown: Shown) -> Pooled:
    """What is in a shown unit and in no shown one below it, as a group of its own."""
    own: dict[str, dict[str, Moments]] = {}
    for construct, homes in field.own.items():
        found = own.setdefault(construct, {})
        for home, moments in homes.items():
            unit = next(u for u in lineage(home, field.parents) if u in shown[construct])
            before = found.get(unit, Moments(0, 0, 0, 0, 0))
            found[unit] = Moments(*map(sum, zip(before, moments, strict=True)))
    every = sorted({unit for found in own.values() for unit in found})
    return replace(field, own=own, places=places(every, field.parents, field.rank, field.tiers))


def test_with_remainders_as_groups_of_their_own_hidden_answers_move_figures(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shown_groups, "of_field", with_remainders)
    monkeypatch.setattr(reliability, "of_field", with_remainders)
    assert moved(1) == {"variances", "tiers"}


def test_leaf_most() -> None:
    parents = {"no": None, "oslo": "no", "east": "oslo", "music": "east", "west": "oslo"}
    assert shown_groups.leaf_most((), parents) == set()
    assert shown_groups.leaf_most(("no",), parents) == {"no"}
    assert shown_groups.leaf_most(("no", "oslo", "east"), parents) == {"east"}
    assert shown_groups.leaf_most(("no", "east", "west"), parents) == {"east", "west"}
    homes = {"a": "music", "b": "west", "c": "oslo", "d": "east"}
    found = shown_groups.group_of(homes, parents, {"no", "east"})
    assert found == {"a": "east", "d": "east"}, "b and c are a remainder"


def test_what_is_kept_with_a_release_is_what_its_intervals_rest_on() -> None:
    tree, found = country(random.Random(3))
    tallies = counted(found)
    cells = released(tree, tallies)
    kept = release.national_variances(
        FORM, tallies.answers, tree, TODAY, dict(WEIGHTS), cells, INDICATORS, 2025
    )
    again = release.survey_cells(
        *(FORM, 2025, tallies.answers, tree, TODAY, INDICATORS, 5, dict(WEIGHTS)),
        variances=kept,
    )
    assert again == cells
    assert kept != release.starting_variances(FORM, dict(WEIGHTS))


def test_cells_of_other_kinds_make_no_groups() -> None:
    tree, found = country(random.Random(3))
    tallies = counted(found)
    cells = released(tree, tallies)
    field = pooled(FORM, tallies.answers, tree, TODAY, tuple(WEIGHTS))
    shown = shown_groups.shown_units(field, cells, INDICATORS, 2025)
    for other in (
        [replace(cell, part="sex.girl") for cell in cells],
        [replace(cell, years=2) for cell in cells],
        [replace(cell, correction=1) for cell in cells],
        [replace(cell, period=2024) for cell in cells],
        [replace(c, n=c.n + 1) for c in cells if c.n is not None],
        [replace(cell, indicator="gone") for cell in cells],
    ):
        assert not any(shown_groups.shown_units(field, other, INDICATORS, 2025).values())
    assert all(shown.values())
