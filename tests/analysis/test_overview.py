"""All figures at once against the same figures one by one."""

from math import nan, sqrt
from statistics import mean, stdev

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from puls.analysis import scoring, suppression
from puls.analysis.condensing import condense, condense_tallies
from puls.analysis.consistency import alpha
from puls.analysis.exposure import Answers
from puls.analysis.overview import _all_alphas, _all_safe, overview
from puls.analysis.tallies import lineage, with_score
from puls.content.definitions import Scale, Survey
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
    return overview(condense(scoring.count_round(sealed.lazy(), TWO), TWO), TWO, PARENTS, k)


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


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(st.tuples(*[st.none() | st.integers(1, 5)] * 4), min_size=1, max_size=9),
    opposed=st.booleans(),
)
def test_alpha_is_that_of_one_construct_at_a_time(
    rows: list[tuple[int | None, ...]], opposed: bool
) -> None:
    """opposed: the last two answers undo the first two, so that sums do not vary at all."""
    four = survey("wellbeing: a b c d")
    if opposed:
        rows = [(a or 1, b or 2, 6 - (a or 1), 6 - (b or 2)) for a, b, *_ in rows]
    sealed = pl.DataFrame(rows, schema=dict.fromkeys("abcd", pl.Int8), orient="row")
    items = scoring.tally_items(sealed.with_columns(leaf=pl.lit("school")).lazy(), four)
    pairs = items.select(scoring.PAIR_SUMS).to_numpy()[None]
    found, expected = float(_all_alphas(pairs, four)[0, 0]), alpha(items)
    assert found == pytest.approx(nan if expected is None else expected, nan_ok=True)


def test_there_is_no_alpha_where_sums_of_different_respondents_contradict_each_other() -> None:
    """The two items go together more than each varies, as three left one of them out: 1.23."""
    rows = [(1, 1), (5, 5), (1, 1), (5, 5), (3, None), (3, None), (3, None), (None, 3)]
    two = survey("x: a b")
    given = pl.DataFrame(rows, schema=dict.fromkeys("ab", pl.Int8), orient="row")
    sealed = given.with_columns(leaf=pl.lit("school")).lazy()
    table = overview(condense(scoring.count_round(sealed, two), two), two, {"school": None}, 5)
    assert table.select("shown", "alpha").rows() == [(True, None)]


def test_a_round_that_nobody_has_answered_has_no_units() -> None:
    table = shown(answers(30).clear())
    assert table.is_empty()
    assert table.columns == shown(answers(30)).columns


@pytest.mark.parametrize("of", [TWO, survey("x: a", scale=Scale("ten", 0, 10))])
@settings(max_examples=200, deadline=None)
@given(data=st.data(), k=st.integers(1, 6))
def test_what_is_safe_is_what_exposure_says(of: Survey, data: st.DataObject, k: int) -> None:
    low60, high60 = 60 * of.scale.low, 60 * of.scale.high
    scores = data.draw(st.lists(st.integers(low60, high60), max_size=7))
    if data.draw(st.booleans(), "near an end"):
        scores = [high60 - (score - low60) // 8 for score in scores]
    moments = [len(scores), sum(scores), 0, min(scores, default=0), max(scores, default=0)]
    own = np.array([[moments]])
    n, total, _, least, most = moments
    answers = Answers.of_scores(n, total, least, most, low60=low60, high60=high60)
    safe = n == 0 or answers.safe(k, (high60 - low60) // 4)
    assert bool(_all_safe(own, of.scale, k)[0]) is safe


@pytest.mark.parametrize("of", [TWO, survey("x: a b c", scale=Scale("ten", 0, 10))])
@pytest.mark.parametrize("most", [2, 9, 60])
def test_counts_are_condensed_to_what_their_rows_are(most: int, of: Survey) -> None:
    sealed = answers(most)
    if of is not TWO:
        sealed = sealed.select("leaf", a="w1", b=10 - 2 * pl.col("w2"), c="w4")
    counts = scoring.count_round(sealed.lazy(), of)
    one, tallies = condense(counts, of), scoring.laid_out(counts, of)
    scored = with_score(tallies.answers, of).sort("score60")
    for at, construct in enumerate(of.constructs):
        for leaf, moments in zip(one.leaves, one.moments[:, at].tolist(), strict=True):
            rows = scored.filter(leaf=leaf, construct=construct.key).select("count", "score60")
            each = [score for count, score in rows.iter_rows() for _ in range(count)]
            own = [len(each), sum(each), sum(score**2 for score in each)]
            ends = [each[0], each[-1]] if each else [0, 0]
            points = range(of.scale.low, of.scale.high + 1)
            near = [sum((score + 30) // 60 == point for score in each) for point in points]
            assert moments == own + ends + near
    assert (
        one.pairs.reshape(-1, 4).tolist()
        == tallies.items.select(scoring.PAIR_SUMS).to_numpy().tolist()
    )


@pytest.mark.parametrize("most", [2, 60])
def test_tallies_that_were_combined_are_condensed_to_the_same(most: int) -> None:
    """Combining sorts by names; wellbeing stands before feedback in the survey."""
    counts = scoring.count_round(answers(most).lazy(), TWO)
    tallies = scoring.laid_out(counts, TWO)
    combined = scoring.Tallies(*(scoring.combine([table]) for table in tallies))
    assert combined.items["construct"][0] == "feedback"
    one, other = condense(counts, TWO), condense_tallies(combined, TWO)
    assert one.leaves == other.leaves
    assert (one.moments == other.moments).all()
    assert (one.pairs == other.pairs).all()


def test_a_strange_construct_is_named() -> None:
    tallies = scoring.tally_round(answers(9).lazy(), TWO)
    with pytest.raises(AssertionError, match=r"no construct of this survey: \['feedback'\]"):
        condense_tallies(tallies, survey("wellbeing: w1 w2 -w3 w4"))


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
