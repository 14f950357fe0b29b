"""Reliability of units and of a country: against plain loops over respondents."""

import json
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from puls.analysis import reliability, scoring
from puls.analysis.agreement import mean_squares
from puls.analysis.pooled import pooled
from puls.analysis.reliability import Detail
from puls.analysis.scoring import Tallies
from puls.cells import ReleasedCell, Status
from puls.content.definitions import Indicator, SurveySource
from puls.units import Unit, UnitTree
from tests.analysis.surveys import survey
from tests.analysis.worlds import TIERS, TODAY, WEIGHTS, indicator

ASKED = survey("joy: a b -c", "craft: d e", "mood: f")
ITEMS = {"joy": "abc", "craft": "de", "mood": "f"}


def country(schools: int, seed: int = 1) -> tuple[UnitTree, pl.DataFrame]:
    """Two counties, a municipality for every two schools; some schools have no departments.

    Gives the tree and a row a respondent: leaf, and items a to f, some skipped.
    """
    rng = np.random.default_rng(seed)
    units = [Unit("no", "country", "no", None)]
    units += [Unit(f"c{at}", "county", f"c{at}", "no") for at in range(2)]
    leaves = []
    for at in range(schools):
        municipality, school = f"m{at // 2}", f"s{at}"
        if at % 2 == 0:
            units.append(Unit(municipality, "municipality", municipality, f"c{at // 2 % 2}"))
        units.append(Unit(school, "school", school, municipality))
        own = [f"{school}.music", f"{school}.dance"] if at % 3 else []
        units += [Unit(leaf, "department", leaf, school) for leaf in own]
        leaves += own or [school]
    rows = []
    for leaf in leaves:
        lifted = rng.normal(0, 0.4)
        for _ in range(int(rng.integers(3, 20))):
            person = rng.normal(lifted, 0.6)
            answers = np.clip(np.rint(3.4 + person + rng.normal(0, 0.9, 6)), 1, 5).astype(int)
            answers[2] = 6 - answers[2]
            skipped = rng.random(6) < 0.1
            rows.append((leaf, *np.where(skipped, None, answers)))
    schema = {"leaf": pl.String, **dict.fromkeys("abcdef", pl.Int8)}
    return UnitTree(units), pl.DataFrame(rows, schema=schema, orient="row")


def score(row: dict[str, int | None], construct: str) -> float | None:
    """The mean of the answered items, c mirrored, of those who answered half."""
    given = [(item, row[item]) for item in ITEMS[construct] if row[item] is not None]
    if 2 * len(given) < len(ITEMS[construct]):
        return None
    return sum(6 - x if item == "c" else x for item, x in given if x is not None) / len(given)


TREE, SEALED = country(12)
TALLIES = scoring.tally_round(SEALED.lazy(), ASKED)
HOME = {leaf: leaf for leaf in SEALED["leaf"].unique()}
PARENTS = {key: unit.parent for key, unit in TREE.units.items()}


def respondents(sealed: pl.DataFrame, unit: str) -> list[dict[str, int | None]]:
    return [row for row in sealed.iter_rows(named=True) if unit in TREE.lineage(row["leaf"])]


def test_every_unit_counts_its_respondents() -> None:
    found = reliability.by_unit(TALLIES, ASKED, HOME, PARENTS)
    assert found["unit"].unique().sort().to_list() == sorted(TREE.units)
    assert found["construct"].to_list() == list(ITEMS) * len(TREE.units)
    for row in found.iter_rows(named=True):
        rows, items = respondents(SEALED, row["unit"]), ITEMS[row["construct"]]
        scores = [score(each, row["construct"]) for each in rows]
        assert row["asked"] == len(rows)
        assert row["answered"] == sum(any(each[i] is not None for i in items) for each in rows)
        assert row["n"] == sum(each is not None for each in scores)


def test_alpha_of_every_unit_is_that_of_its_pairs() -> None:
    found = reliability.by_unit(TALLIES, ASKED, HOME, PARENTS)
    for row in found.iter_rows(named=True):
        inside = [leaf for leaf in HOME if row["unit"] in TREE.lineage(leaf)]
        pairs = TALLIES.items.filter(pl.col("leaf").is_in(inside), construct=row["construct"])
        expected = reliability.alpha(pairs)
        assert (row["alpha"] is None) is (expected is None)
        if expected is not None and row["low"] is not None:
            assert row["alpha"] == pytest.approx(expected)
            assert row["low"] < row["alpha"] < row["high"]
    mood = found.filter(construct="mood")
    assert mood["alpha"].null_count() == mood["omega"].null_count() == mood.height
    craft = found.filter(pl.col("omega").is_not_null(), construct="craft")
    assert craft["omega"].to_list() == pytest.approx(craft["alpha"].to_list())


def test_a_wider_level_gives_a_wider_interval() -> None:
    usual, wide = (
        reliability.by_unit(TALLIES, ASKED, HOME, PARENTS, level=level).filter(
            unit="no", construct="joy"
        )
        for level in (0.8, 0.95)
    )
    assert wide["low"][0] < usual["low"][0] < usual["high"][0] < wide["high"][0]


def test_items_of_every_unit() -> None:
    found = reliability.items_by_unit(TALLIES, ASKED, HOME, PARENTS)
    assert found["item"].to_list() == list("abcdef") * len(TREE.units)
    for row in found.iter_rows(named=True):
        rows = respondents(SEALED, row["unit"])
        given = sum(each[row["item"]] is not None for each in rows)
        assert row["n"] == given
        assert row["unanswered"] == pytest.approx(1 - given / len(rows))


def test_item_rest_is_the_correlation_with_the_sum_of_the_others() -> None:
    complete = SEALED.drop_nulls()
    tallies = scoring.tally_round(complete.lazy(), ASKED)
    home = dict.fromkeys(complete["leaf"].unique(), "all")
    found = reliability.items_by_unit(tallies, ASKED, home, {"all": None})
    answers = complete.select("a", "b", 6 - pl.col("c")).to_numpy().astype(float)
    rests = [np.corrcoef(answers[:, at], answers.sum(1) - answers[:, at])[0, 1] for at in range(3)]
    assert found.filter(construct="joy")["item_rest"].to_list() == pytest.approx(rests)


def test_leaves_may_be_put_together_as_one_likes() -> None:
    kinds = {leaf: leaf.partition(".")[2] or "whole" for leaf in HOME}
    found = reliability.by_unit(TALLIES, ASKED, kinds, dict.fromkeys(kinds.values()))
    assert found["unit"].unique().sort().to_list() == ["dance", "music", "whole"]
    music = [row for row in SEALED.iter_rows(named=True) if row["leaf"].endswith("music")]
    assert found.filter(unit="music", construct="joy")["asked"].item() == len(music)


def test_two_rounds_together_are_one() -> None:
    first, second = (
        scoring.tally_round(part.lazy(), ASKED) for part in (SEALED[::2], SEALED[1::2])
    )
    both = Tallies(*(scoring.combine(parts) for parts in zip(first, second, strict=True)))
    whole, added = (reliability.by_unit(each, ASKED, HOME, PARENTS) for each in (TALLIES, both))
    assert added.equals(whole)


def anova(groups: Iterable[list[float]]) -> tuple[float, float, float]:
    """Mean squares between and within, and the average size, in plain loops."""
    some = [group for group in groups if group]
    everyone = [x for group in some for x in group]
    mean = sum(everyone) / len(everyone)
    between = sum(len(group) * (sum(group) / len(group) - mean) ** 2 for group in some)
    within = sum((x - sum(group) / len(group)) ** 2 for group in some for x in group)
    msb, msw = between / (len(some) - 1), within / (len(everyone) - len(some))
    return msb, msw, len(everyone) / len(some)


@pytest.mark.parametrize("construct", ITEMS)
def test_tiers_are_an_analysis_of_variance_each(construct: str) -> None:
    found = reliability.by_tier(pooled(ASKED, TALLIES.answers, TREE, TODAY, TIERS), TIERS)
    assert [tier.tier for tier in found[construct]] == list(TIERS[1:])
    for tier in found[construct]:
        groups: dict[str, list[float]] = {}
        for row in SEALED.iter_rows(named=True):
            of_tier = [key for key in TREE.lineage(row["leaf"]) if TREE[key].tier == tier.tier]
            # A school without departments stands for its own.
            group = groups.setdefault((of_tier or [row["leaf"]])[0], [])
            if (own := score(row, construct)) is not None:
                group.append(own)
        msb, msw, size = anova(groups.values())
        assert (tier.units, tier.size) == (len(groups), pytest.approx(size))
        assert tier.icc1 == pytest.approx((msb - msw) / (msb + (size - 1) * msw), abs=1e-9)
        assert tier.icc2 == pytest.approx((msb - msw) / msb, abs=1e-9)
        if tier.icc1 is not None and tier.icc1 > 0:
            assert tier.reliability(size) == pytest.approx(tier.icc2)


PUBLISHED_MEAN_SQUARES = [
    (10.9893, 1.4412, 0.8688),
    (11.9737, 0.9902, 0.9173),
    (2.3405, 0.6401, 0.7265),
]


@pytest.mark.parametrize(("between", "within", "icc2"), PUBLISHED_MEAN_SQUARES)
def test_icc2_of_published_mean_squares(between: float, within: float, icc2: float) -> None:
    """BMC Health Services Research 11, 251 (2011), table 3: three scales in hospital units."""
    # Two groups of two with these mean squares: deviations d within, centres c apart.
    d, c = within**0.5, between**0.5
    groups = [[-c / 2 - d / 2**0.5, -c / 2 + d / 2**0.5], [c / 2 - d / 2**0.5, c / 2 + d / 2**0.5]]
    sums = [
        [len(g) for g in groups],
        [sum(g) for g in groups],
        [sum(x * x for x in g) for g in groups],
    ]
    found = mean_squares(*sums)
    assert found is not None
    assert (found.between, found.within) == pytest.approx((between, within))
    assert reliability.icc2(*sums) == pytest.approx(icc2, abs=1e-4)


def told(detail: Detail, schools: int = 60) -> list[reliability.OfConstruct]:
    tree, sealed = country(schools)
    tallies = scoring.tally_round(sealed.lazy(), ASKED)
    tell = dict.fromkeys(ITEMS, detail)
    return reliability.national(tallies, ASKED, tree, TODAY, WEIGHTS, tell)


def test_a_country_is_told_as_much_as_it_may() -> None:
    joy = told(Detail.ITEMS)[0]
    assert joy.asked is not None
    assert joy.answered is not None
    assert joy.n is not None
    assert joy.alpha is not None
    assert joy.low is not None
    assert joy.high is not None
    assert joy.omega is not None
    assert joy.asked >= joy.answered >= joy.n > 30
    assert joy.low < joy.alpha < joy.high
    assert [item.item for item in joy.items] == list("abc")
    assert all(item.n and item.unanswered and item.item_rest for item in joy.items)
    response, construct, nothing = (
        told(each)[0] for each in (Detail.RESPONSE, Detail.CONSTRUCT, Detail.NOTHING)
    )
    assert response.asked == joy.asked
    assert response.items == tuple(reliability.OfItem(item) for item in "abc")
    assert (construct.asked, construct.answered) == (None, None)
    assert (construct.n, construct.alpha, construct.omega) == (joy.n, joy.alpha, joy.omega)
    assert nothing == reliability.OfConstruct("joy", response.items)


def test_tiers_of_few_units_are_not_told_apart() -> None:
    tiers = {tier.tier: tier for tier in told(Detail.CONSTRUCT)[0].tiers}
    assert [tiers[key].units for key in TIERS[1:]] == [2, 30, 60, 100]
    assert tiers["county"].icc1 is tiers["county"].icc2 is tiers["county"].reliability(9) is None
    assert tiers["school"].icc1 is not None
    assert tiers["school"].reliability(50) == reliability.reliability_of_mean(
        tiers["school"].icc1, 50
    )


def test_a_handful_of_groups_tells_nothing() -> None:
    assert all(each.n is each.alpha is None and not each.tiers for each in told(Detail.ITEMS, 6))


def test_a_construct_that_no_rule_was_asked_about_stays_untold() -> None:
    tree, sealed = country(60)
    tallies = scoring.tally_round(sealed.lazy(), ASKED)
    tell = {"craft": Detail.CONSTRUCT}
    found = reliability.national(tallies, ASKED, tree, TODAY, WEIGHTS, tell)
    assert [each.n is None for each in found] == [True, False, True]


def test_as_json_is_plain() -> None:
    found = told(Detail.ITEMS)
    rows = reliability.as_json(found)
    assert json.loads(json.dumps(rows, allow_nan=False)) == rows
    assert [row["construct"] for row in rows] == list(ITEMS)
    school = next(tier for tier in rows[0]["tiers"] if tier["tier"] == "school")
    needed = reliability.answers_needed(school["icc1"], 0.7)
    assert school["needed"]["0.7"] == needed
    assert list(school["needed"]) == ["0.5", "0.7", "0.8"]
    county = rows[0]["tiers"][0]
    assert county["needed"] == {"0.5": None, "0.7": None, "0.8": None}


def test_a_release_tells_what_its_cells_allow() -> None:
    tree, sealed = country(60)
    joy = indicator_of("joy")
    cells = [ReleasedCell("no", "joy", 1, 2025, Status.SHOWN, 3.5, 600, 3.4, 3.6)]
    # Where items were skipped, fewer than five in the whole country have skipped all three.
    for answers, items_told in ((sealed.drop_nulls(), True), (sealed, False)):
        tallies = scoring.tally_round(answers.lazy(), ASKED)
        found = reliability.of_release(
            tallies, ASKED, tree, TODAY, WEIGHTS, cells, {"joy": joy}, 2025, 5
        )
        told_of = {row["construct"]: row for row in found}
        assert (told_of["joy"]["alpha"] is not None, told_of["craft"]["alpha"]) == (True, None)
        assert (told_of["joy"]["items"][0]["n"] is not None) is items_told


def indicator_of(construct: str) -> Indicator:
    return replace(indicator(), key=construct, source=SurveySource("student", construct))


def test_the_same_whatever_the_order_of_tallies() -> None:
    tree, sealed = country(60)
    tallies = scoring.tally_round(sealed.lazy(), ASKED)
    mixed = Tallies(*(each.sample(fraction=1, shuffle=True, seed=2) for each in tallies))
    tell = dict.fromkeys(ITEMS, Detail.ITEMS)
    first, again = (
        reliability.national(each, ASKED, tree, TODAY, WEIGHTS, tell) for each in (tallies, mixed)
    )
    assert first == again
