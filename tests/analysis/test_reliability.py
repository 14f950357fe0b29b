"""Reliability against numbers that others published, and against plain loops."""

import math
from collections.abc import Sequence
from itertools import combinations
from statistics import median, variance

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from puls.analysis import reliability, scoring
from puls.content.definitions import Scale
from tests.analysis.surveys import survey
from tests.shared_data import shared

SIX_POINTS = Scale("bfi_6", 1, 6)

BFI = {
    "agree: -A1 A2 A3 A4 A5": 0.70,
    "conscientious: C1 C2 C3 -C4 -C5": 0.72,
    "extraversion: -E1 -E2 E3 E4 E5": 0.76,
    "neuroticism: N1 N2 N3 N4 N5": 0.81,
    "openness: O1 -O2 O3 O4 -O5": 0.60,
}


def alpha_of(answers: pl.DataFrame, construct: str, scale: Scale) -> float | None:
    sealed = answers.with_columns(leaf=pl.lit("all")).lazy()
    return reliability.alpha(scoring.tally_items(sealed, survey(construct, scale=scale)))


@pytest.mark.parametrize("construct", BFI)
def test_alphas_of_the_big_five(construct: str) -> None:
    """psychTools, overview p. 51-52; missing answers are the item's median there."""
    answers = pl.read_csv(shared("survey/psychTools_bfi.csv"), null_values="NA")
    items = survey(construct).items
    middle = {item.key: int(median(answers[item.key].drop_nulls())) for item in items}
    filled = answers.with_columns(pl.col(key).fill_null(value) for key, value in middle.items())
    alpha = alpha_of(filled, construct, SIX_POINTS)
    assert alpha is not None
    assert round(alpha, 2) == BFI[construct]


def test_alpha_of_a_long_table() -> None:
    long = pl.read_csv(shared("survey/cronbach_alpha.csv"))
    answers = long.pivot(on="Items", index="Subj", values="Scores")
    items = [name for name in answers.columns if name != "Subj"]
    found = _alpha_of_many(answers, items)
    assert found == pytest.approx(0.59172, abs=5e-6)


def test_alpha_of_eleven_leadership_items() -> None:
    answers = pl.read_csv(shared("survey/multilevel_bhr2000.csv"))
    items = [name for name in answers.columns if name.startswith("A")]
    assert len(items) == 11
    assert _alpha_of_many(answers, items) == pytest.approx(0.8913433, abs=5e-8)


def _alpha_of_many(answers: pl.DataFrame, items: Sequence[str]) -> float | None:
    """Alpha of more items than a construct of ours may have, from the same pair sums."""
    rows = []
    for at, a in enumerate(items):
        for b in items[at:]:
            first, second = answers[a], answers[b]
            sums = (int(first.sum()), int(second.sum()), int((first * second).sum()))
            rows.append(("all", "many", a, b, len(answers), *sums))
    names = ("leaf", "construct", "item_a", "item_b", "n", "sum_a", "sum_b", "sum_ab")
    return reliability.alpha(pl.DataFrame(rows, schema=names, orient="row"))


def test_icc_of_hours_between_companies() -> None:
    """Bliese (2000), bhr2000: ICC(1) of HRS, 5,400 respondents in 99 groups."""
    answers = pl.read_csv(shared("survey/multilevel_bhr2000.csv"))
    groups = answers.group_by("GRP").agg(
        n=pl.len(), total=pl.col("HRS").sum(), total_sq=(pl.col("HRS") ** 2).sum()
    )
    assert groups.height == 99
    sums = (groups["n"], groups["total"], groups["total_sq"])
    assert reliability.icc1(*sums) == pytest.approx(0.1741008, abs=5e-8)
    # ICC(2) is what Spearman and Brown make of the published ICC(1) for the average company.
    of_average = reliability.reliability_of_mean(0.1741008, 5400 / 99)
    assert reliability.icc2(*sums) == pytest.approx(of_average, abs=5e-8)
    assert round(of_average, 2) == 0.92


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(st.tuples(*[st.integers(1, 5)] * 3), min_size=3, max_size=12),
    cut=st.integers(0, 12),
)
def test_alpha_is_the_textbook_formula(rows: list[tuple[int, int, int]], cut: int) -> None:
    """In plain loops, and the same however the respondents are spread over leaves."""
    columns = list(zip(*rows, strict=True))
    of_sums = variance(map(sum, rows))
    leaves = ["music" if at < cut else "dance" for at in range(len(rows))]
    sealed = pl.DataFrame({"leaf": leaves, **dict(zip("abc", columns, strict=True))})
    found = reliability.alpha(scoring.tally_items(sealed.lazy(), survey("x: a b c")))
    if of_sums == 0:
        assert found is None
    else:
        expected = 3 / 2 * (1 - sum(variance(column) for column in columns) / of_sums)
        assert found == pytest.approx(expected, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.integers(1, 5), min_size=1, max_size=6), min_size=2, max_size=6))
def test_icc_is_the_analysis_of_variance(groups: list[list[int]]) -> None:
    everyone = [score for group in groups for score in group]
    mean = sum(everyone) / len(everyone)
    means = [sum(group) / len(group) for group in groups]
    within = sum((s - m) ** 2 for group, m in zip(groups, means, strict=True) for s in group)
    between = sum(len(g) * (m - mean) ** 2 for g, m in zip(groups, means, strict=True))
    sums = zip(*((len(g), sum(g), sum(s * s for s in g)) for g in groups), strict=True)
    found = reliability.icc1(*map(list, sums))
    if len(everyone) == len(groups) or within + between < 1e-12:
        assert found is None
        return
    msb, msw = between / (len(groups) - 1), within / (len(everyone) - len(groups))
    expected = (msb - msw) / (msb + (len(everyone) / len(groups) - 1) * msw)
    assert found == pytest.approx(expected, abs=1e-6)


def test_what_cannot_be_told_is_none_without_a_warning() -> None:
    one_item = pl.DataFrame({"leaf": ["x"] * 3, "a": [1, 2, 3]})
    assert alpha_of(one_item, "x: a", SIX_POINTS) is None
    alike = pl.DataFrame({"a": [3, 3, 3], "b": [2, 2, 2]})
    assert alpha_of(alike, "x: a b", SIX_POINTS) is None
    evened_out = pl.DataFrame({"a": [3, 2, 3], "b": [4, 2, 4], "c": [2, 5, 2]})
    assert alpha_of(evened_out, "x: a b c", SIX_POINTS) is None
    apart = pl.DataFrame({"a": [3, None, 1], "b": [None, 2, None]}, schema={"a": int, "b": int})
    assert alpha_of(apart, "x: a b", SIX_POINTS) is None
    assert reliability.icc1([], [], []) is None
    assert reliability.icc1([9], [27], [90]) is None
    assert reliability.icc1([1, 1, 0], [3, 4, 0], [9, 16, 0]) is None
    assert reliability.icc1(np.array([2, 2]), np.array([6, 6]), np.array([18, 18])) is None
    assert reliability.icc2([], [], []) is None
    assert reliability.icc2([2, 2], [6, 6], [20, 20]) is None
    # Tenths leave a trace of their squares; it is nothing.
    for tenth in (0.1, 0.3, 0.7):
        for size in (3, 7):
            alike = [size] * 3, [size * tenth] * 3, [size * tenth**2] * 3
            assert (reliability.icc1(*alike), reliability.icc2(*alike)) == (None, None)


def test_what_is_no_number_is_refused() -> None:
    with pytest.raises(AssertionError, match="is no number"):
        reliability.icc1([2, 2], [3, math.nan], [5, 5])
    with pytest.raises(AssertionError, match="at most 1"):
        reliability.answers_needed(math.nan, 0.7)
    with pytest.raises(AssertionError, match="at most 1"):
        reliability.reliability_of_mean(1.2, 5)


def test_skipped_items_leave_nobody_out() -> None:
    """Each pair of items is counted over those who answered both."""
    answers = pl.DataFrame(
        {"a": [1, 2, 3, 4, None], "b": [1, 2, 3, None, 5], "c": [2, 1, None, 4, 5]}
    )
    pairs = scoring.tally_items(answers.with_columns(leaf=pl.lit("x")).lazy(), survey("x: a b c"))
    assert dict(pairs.select(pl.concat_str("item_a", "item_b"), "n").rows()) == {
        **{a + a: 4 for a in "abc"},
        **{a + b: 3 for a, b in combinations("abc", 2)},
    }
    assert reliability.alpha(pairs) is not None
