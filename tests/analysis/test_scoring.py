"""Scoring against plain loops, on two engines, and what it must not stumble over."""

from collections import Counter
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from puls.analysis import scoring
from puls.content.definitions import Scale, Survey
from tests.analysis.surveys import survey

TWO = survey("wellbeing: w1 w2 -w3 w4", "feedback: f1 -f2 f3")
SIX = survey("all: a b -c d -e f", scale=Scale("zero_to_ten", 0, 10))

TALLY = {"leaf": str, "construct": str, "answered": int, "total": int, "count": int}


def naive_tally(rows: list[dict[str, int | str | None]], of: Survey) -> pl.DataFrame:
    """The same counting, a respondent at a time."""
    counts: Counter[tuple[str, str, int, int]] = Counter()
    for row in rows:
        for construct in of.constructs:
            answers = []
            for item in construct.items:
                answer = row[item.key]
                if isinstance(answer, int):
                    mirrored = of.scale.low + of.scale.high - answer
                    answers.append(mirrored if item.reversed else answer)
            counts[str(row["leaf"]), construct.key, len(answers), sum(answers)] += 1
    table = [(*key, count) for key, count in sorted(counts.items())]
    return pl.DataFrame(table, schema=TALLY, orient="row")


def naive_pairs(rows: list[dict[str, int | str | None]], of: Survey) -> dict[object, list[int]]:
    found: dict[object, list[int]] = {}
    for row in rows:
        for construct in of.constructs:
            for at, a in enumerate(construct.items):
                for b in construct.items[at:]:
                    sums = found.setdefault((row["leaf"], construct.key, a.key, b.key), [0] * 4)
                    first, second = row[a.key], row[b.key]
                    if isinstance(first, int) and isinstance(second, int):
                        ends = of.scale.low + of.scale.high
                        first = ends - first if a.reversed else first
                        second = ends - second if b.reversed else second
                        added = (1, first, second, first * second)
                        sums[:] = [old + new for old, new in zip(sums, added, strict=True)]
    return found


def wide(rows: list[dict[str, int | str | None]], of: Survey) -> pl.DataFrame:
    columns = {"leaf": pl.String, **{item.key: pl.Int8 for item in of.items}}
    return pl.DataFrame(rows, schema=columns, orient="row")


def respondents(of: Survey, most: int = 12) -> st.SearchStrategy[list[dict[str, int | str | None]]]:
    answer = st.none() | st.integers(of.scale.low, of.scale.high)
    row = {"leaf": st.sampled_from(["music", "dance", "art"])}
    return st.lists(
        st.fixed_dictionaries({**row, **{item.key: answer for item in of.items}}), max_size=most
    )


@settings(max_examples=60, deadline=None)
@given(rows=respondents(TWO))
def test_tally_is_what_plain_loops_count(rows: list[dict[str, int | str | None]]) -> None:
    found = scoring.tally_answers(wide(rows, TWO).lazy(), TWO)
    assert_frame_equal(found, naive_tally(rows, TWO))


@settings(max_examples=20, deadline=None)
@given(rows=respondents(SIX))
def test_six_items_on_a_scale_from_zero(rows: list[dict[str, int | str | None]]) -> None:
    found = scoring.tally_answers(wide(rows, SIX).lazy(), SIX)
    assert_frame_equal(found, naive_tally(rows, SIX))


@settings(max_examples=30, deadline=None)
@given(rows=respondents(TWO))
def test_item_pairs_are_what_plain_loops_sum(rows: list[dict[str, int | str | None]]) -> None:
    found = scoring.tally_items(wide(rows, TWO).lazy(), TWO)
    assert {key[:4]: list(key[4:]) for key in found.iter_rows()} == naive_pairs(rows, TWO)


@pytest.fixture
def rows() -> list[dict[str, int | str | None]]:
    """Art answered nothing at all: every sum over it is a sum over nulls."""
    nothing: dict[str, int | str | None] = dict.fromkeys([item.key for item in TWO.items])
    music = {"w1": 5, "w2": 4, "w3": 1, "f2": 2}
    return [
        {**nothing, "leaf": "art"},
        {**nothing, "leaf": "art"},
        {**nothing, "leaf": "music", **music},
        {**nothing, "leaf": "music", **music},
        {**nothing, "leaf": "dance", "w4": 1},
    ]


def test_duckdb_counts_the_same_as_polars(
    rows: list[dict[str, int | str | None]], tmp_path: Path
) -> None:
    wide(rows, TWO).write_parquet(tmp_path / "sealed.parquet")
    sealed = scoring.read_sealed(tmp_path / "sealed.parquet")
    in_memory = wide(rows, TWO).lazy()
    tally = scoring.tally_answers(sealed, TWO)
    assert_frame_equal(tally, naive_tally(rows, TWO))
    assert_frame_equal(tally, scoring.tally_answers(in_memory, TWO))
    assert_frame_equal(
        scoring.tally_items(sealed, TWO), scoring.tally_items(in_memory, TWO), check_row_order=False
    )


def test_nothing_but_nulls_is_counted_as_nothing_not_as_null(
    rows: list[dict[str, int | str | None]], tmp_path: Path
) -> None:
    wide(rows, TWO).write_parquet(tmp_path / "sealed.parquet")
    sealed = scoring.read_sealed(tmp_path / "sealed.parquet")
    tally = scoring.tally_answers(sealed, TWO).filter(leaf="art")
    assert tally.rows() == [("art", "feedback", 0, 0, 2), ("art", "wellbeing", 0, 0, 2)]
    pairs = scoring.tally_items(sealed, TWO).filter(leaf="art")
    assert pairs.select("n", "sum_a", "sum_b", "sum_ab").unique().rows() == [(0, 0, 0, 0)]


@settings(max_examples=20, deadline=None)
@given(first=respondents(TWO), second=respondents(TWO))
def test_two_rounds_combined_are_the_rounds_tallied_together(
    first: list[dict[str, int | str | None]], second: list[dict[str, int | str | None]]
) -> None:
    for count in (scoring.tally_answers, scoring.tally_items):
        apart = [count(wide(part, TWO).lazy(), TWO) for part in (first, second)]
        together = count(wide(first + second, TWO).lazy(), TWO)
        assert_frame_equal(scoring.combine(apart), together, check_row_order=False)
        assert_frame_equal(scoring.combine(apart), scoring.combine(apart[::-1]))


def test_many_leaves_are_laid_out_in_blocks_to_the_same_end(
    rows: list[dict[str, int | str | None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed = wide(rows, TWO).lazy()
    at_once = scoring.tally_round(sealed, TWO)
    assert_frame_equal(at_once.answers, naive_tally(rows, TWO))
    monkeypatch.setattr(scoring, "BLOCK", 2)
    in_blocks = scoring.tally_round(sealed, TWO)
    assert_frame_equal(in_blocks.answers, at_once.answers)
    assert_frame_equal(in_blocks.items, at_once.items)


def test_an_answer_without_a_leaf_is_found(rows: list[dict[str, int | str | None]]) -> None:
    sealed = wide([*rows, {**rows[0], "leaf": None}], TWO)
    with pytest.raises(AssertionError, match="without a leaf group"):
        scoring.tally_answers(sealed.lazy(), TWO)


def test_a_sealed_table_without_an_item_is_named() -> None:
    with pytest.raises(AssertionError, match=r"lack the columns \['f3', 'w4'\]"):
        scoring.tally_answers(wide([], TWO).drop("w4", "f3").lazy(), TWO)


def test_an_answer_off_the_scale_that_slipped_in_is_found() -> None:
    sealed = pl.DataFrame({"leaf": ["music"], "w": [6]})
    with pytest.raises(AssertionError, match="off the scale 1 to 5"):
        scoring.tally_answers(sealed.lazy(), survey("wellbeing: w"))
