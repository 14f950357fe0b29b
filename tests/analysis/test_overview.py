"""All figures at once against the same figures one by one."""

from math import sqrt
from statistics import mean, stdev

import numpy as np
import polars as pl
import pytest

from puls.analysis import reliability, scoring, suppression
from puls.analysis.exposure import Answers
from puls.analysis.overview import condense, overview
from puls.analysis.tallies import lineage
from tests.analysis.surveys import survey

TWO = survey("wellbeing: w1 w2 -w3 w4", "feedback: f1 -f2 f3")
PARENTS: dict[str, str | None] = {
    "no": None,
    **{f"no-{county}": "no" for county in range(3)},
    **{f"m{at}": f"no-{at % 3}" for at in range(7)},
    **{f"school{at:02}": f"m{at % 7}" for at in range(25)},
}


def answers(most: int, seed: int = 3) -> pl.DataFrame:
    """Schools of 0 to `most` respondents; some of them answer less than half of the items."""
    chance = np.random.default_rng(seed)
    leaves = [f"school{at:02}" for at in range(25) for _ in range(chance.integers(0, most))]
    given = {
        item.key: [
            None if chance.random() < 0.2 else int(value)
            for value in np.clip(chance.normal(3.4, 1, len(leaves)).round(), 1, 5)
        ]
        for item in TWO.items
    }
    return pl.DataFrame({"leaf": leaves, **given}, schema_overrides=dict.fromkeys(given, pl.Int8))


def scores(sealed: pl.DataFrame, construct: int) -> dict[str, list[float]]:
    """The scores of each unit's respondents, a respondent at a time."""
    found: dict[str, list[float]] = {}
    items = TWO.constructs[construct].items
    for row in sealed.iter_rows(named=True):
        given = [
            6 - row[item.key] if item.reversed else row[item.key]
            for item in items
            if row[item.key] is not None
        ]
        if 2 * len(given) >= len(items):
            for unit in lineage(row["leaf"], PARENTS):
                found.setdefault(unit, []).append(mean(given))
    return found


def shown(sealed: pl.DataFrame, k: int = 5) -> pl.DataFrame:
    return overview(condense(scoring.tally_round(sealed.lazy(), TWO), TWO), TWO, PARENTS, k)


@pytest.mark.parametrize("construct", [0, 1])
@pytest.mark.parametrize("most", [9, 60])
def test_figures_are_those_of_the_respondents(most: int, construct: int) -> None:
    sealed = answers(most)
    table = shown(sealed).filter("shown", construct=TWO.constructs[construct].key)
    expected = scores(sealed, construct)
    assert not table.is_empty()
    for row in table.iter_rows(named=True):
        own = expected[row["unit"]]
        assert row["n"] == len(own)
        assert row["mean"] == pytest.approx(mean(own))
        assert row["sd"] == pytest.approx(stdev(own))
        assert row["high"] - row["mean"] == pytest.approx(1.2815516 * stdev(own) / sqrt(len(own)))
        near = [sum(int(score + 0.5) == point for score in own) / len(own) for point in range(1, 6)]
        assert [row[f"share_{point}"] for point in range(1, 6)] == pytest.approx(near)


def test_alpha_is_that_of_reliability() -> None:
    sealed = answers(60)
    items = scoring.tally_items(sealed.lazy(), TWO)
    for row in shown(sealed).filter("shown").iter_rows(named=True):
        inside = [leaf for leaf in items["leaf"].unique() if row["unit"] in lineage(leaf, PARENTS)]
        pairs = items.filter(pl.col("leaf").is_in(inside), construct=row["construct"])
        assert row["alpha"] == pytest.approx(reliability.alpha(pairs))


@pytest.mark.parametrize(("most", "hidden"), [(9, True), (60, True), (400, False)])
def test_what_is_shown_gives_nobody_away(most: int, hidden: bool) -> None:
    sealed = answers(most, seed=5)
    table = shown(sealed)
    assert table.filter(~pl.col("shown"))["n"].null_count() == table.filter(~pl.col("shown")).height
    assert table.filter(~pl.col("shown")).is_empty() is not hidden
    for at, construct in enumerate(TWO.constructs):
        by_unit = scores(sealed, at)
        nodes = [
            suppression.Node(
                unit, above, Answers(len(by_unit.get(unit, [])) if "school" in unit else 0), 1
            )
            for unit, above in PARENTS.items()
        ]
        published = set(table.filter("shown", construct=construct.key)["unit"])
        assert suppression.audit(nodes, published, 5) == []
        assert "no" in published
