"""Scoring against plain loops, on two engines, and what it must not stumble over."""

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from puls.analysis import folding, scoring
from puls.content.definitions import Background, Scale, Survey
from tests.analysis import naive_tallies as naive
from tests.analysis.naive_tallies import Rows
from tests.analysis.surveys import survey

SEX = Background("sex", ("girl", "boy", "other"))
TWO = survey("wellbeing: w1 w2 -w3 w4", "feedback: f1 -f2 f3", pairs=[("wellbeing", "feedback")])
SIX = survey(
    "all: a b -c d -e f",
    "one: -g",
    "two: h i",
    scale=Scale("zero_to_ten", 0, 10),
    pairs=[("all", "one"), ("two", "all"), ("one", "two")],
)
SURVEYS = pytest.mark.parametrize("of", [TWO, SIX], ids=["five points", "from zero to ten"])


def wide(rows: Rows, of: Survey) -> pl.DataFrame:
    columns = {"leaf": pl.String, **{item.key: pl.Int8 for item in of.items}}
    if any("sex" in row for row in rows):
        columns["sex"] = pl.Int8
    return pl.DataFrame(rows, schema=columns, orient="row")


def respondents(of: Survey, most: int = 12) -> st.SearchStrategy[Rows]:
    """Some of whom answered nothing at all, and so perhaps a whole leaf."""
    answer = st.none() | st.integers(of.scale.low, of.scale.high)
    nothing = st.fixed_dictionaries({item.key: st.none() for item in of.items})
    answers = st.fixed_dictionaries({item.key: answer for item in of.items})
    about = st.fixed_dictionaries(
        {
            "leaf": st.sampled_from(["music", "dance", "art"]),
            "sex": st.sampled_from([None, 1, 2, 3]),
        }
    )
    row = st.tuples(about, answers | nothing).map(lambda both: {**both[0], **both[1]})
    return st.lists(row, max_size=most)


@SURVEYS
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_tallies_are_what_plain_loops_count(of: Survey, data: st.DataObject) -> None:
    rows = data.draw(respondents(of))
    found = scoring.tally_round(wide(rows, of).lazy(), of)
    assert_frame_equal(found.answers, naive.answers(rows, of))
    assert_frame_equal(found.items, naive.items(rows, of))
    assert_frame_equal(found.products, naive.products(rows, of))
    assert_frame_equal(found.missing, naive.missing(rows, of))


@settings(max_examples=40, deadline=None)
@given(rows=respondents(TWO))
def test_parts_are_what_plain_loops_count(rows: Rows) -> None:
    of = replace(TWO, background=(SEX,))
    found = scoring.tally_parts(wide(rows, of).lazy(), of, "sex")
    assert_frame_equal(found, naive.parts(rows, of, SEX))


@given(rows=respondents(TWO))
@settings(max_examples=20, deadline=None)
def test_all_parts_together_are_everybody(rows: Rows) -> None:
    of = replace(TWO, background=(SEX,))
    parts = scoring.tally_parts(wide(rows, of).lazy(), of, "sex")
    everybody = scoring.tally_answers(wide(rows, of).lazy(), of)
    assert_frame_equal(scoring.combine([parts.drop("part")]), everybody)


def test_where_it_was_not_asked_nobody_said(rows: Rows) -> None:
    of = replace(TWO, background=(SEX,))
    parts = scoring.tally_parts(wide(rows, of).lazy(), of, "sex")
    assert parts["part"].unique().to_list() == ["sex."]
    assert_frame_equal(parts.drop("part"), naive.answers(rows, of))


def test_an_option_that_there_is_not_is_found(rows: Rows) -> None:
    of = replace(TWO, background=(SEX,))
    with pytest.raises(AssertionError, match="sex beyond its 3 options"):
        scoring.tally_parts(wide([{**rows[0], "sex": 4}], of).lazy(), of, "sex")


def test_without_pairs_there_are_no_products(rows: Rows) -> None:
    found = scoring.tally_round(wide(rows, TWO).lazy(), replace(TWO, pairs=()))
    assert found.products.is_empty()
    assert found.products.columns == ["leaf", "a", "b", *scoring.PRODUCT_SUMS]


@pytest.fixture
def rows() -> Rows:
    """Art answered nothing at all: every sum over it is a sum over nulls."""
    nothing: naive.Row = dict.fromkeys([item.key for item in TWO.items])
    music = {"w1": 5, "w2": 4, "w3": 1, "f2": 2}
    return [
        {**nothing, "leaf": "art"},
        {**nothing, "leaf": "art"},
        {**nothing, "leaf": "music", **music},
        {**nothing, "leaf": "music", **music},
        {**nothing, "leaf": "dance", "w4": 1},
    ]


def test_duckdb_counts_the_same_as_polars(rows: Rows, tmp_path: Path) -> None:
    wide(rows, TWO).write_parquet(tmp_path / "sealed.parquet")
    of_duckdb = scoring.tally_round(scoring.read_sealed(tmp_path / "sealed.parquet"), TWO)
    of_polars = scoring.tally_round(wide(rows, TWO).lazy(), TWO)
    for one, other in zip(of_duckdb, of_polars, strict=True):
        assert_frame_equal(one, other)
    assert_frame_equal(of_duckdb.answers, naive.answers(rows, TWO))


def test_nothing_but_nulls_is_counted_as_nothing_not_as_null(rows: Rows, tmp_path: Path) -> None:
    wide(rows, TWO).write_parquet(tmp_path / "sealed.parquet")
    sealed = scoring.read_sealed(tmp_path / "sealed.parquet")
    tally = scoring.tally_answers(sealed, TWO).filter(leaf="art")
    assert tally.rows() == [("art", "feedback", 0, 0, 2), ("art", "wellbeing", 0, 0, 2)]
    pairs = scoring.tally_items(sealed, TWO).filter(leaf="art")
    assert pairs.select("n", "sum_a", "sum_b", "sum_ab").unique().rows() == [(0, 0, 0, 0)]


@settings(max_examples=20, deadline=None)
@given(first=respondents(TWO), second=respondents(TWO))
def test_two_rounds_combined_are_the_rounds_tallied_together(first: Rows, second: Rows) -> None:
    both = [scoring.tally_round(wide(part, TWO).lazy(), TWO) for part in (first, second)]
    together = scoring.tally_round(wide(first + second, TWO).lazy(), TWO)
    for *apart, at_once in zip(*both, together, strict=True):
        assert_frame_equal(scoring.combine(apart), at_once, check_row_order=False)
        assert_frame_equal(scoring.combine(apart), scoring.combine(apart[::-1]))


@settings(max_examples=20, deadline=None)
@given(first=respondents(TWO), second=respondents(TWO))
def test_parts_of_rounds_combine_too(first: Rows, second: Rows) -> None:
    of = replace(TWO, background=(SEX,))
    one, other, together = (
        scoring.tally_parts(wide(part, of).lazy(), of, "sex")
        for part in (first, second, first + second)
    )
    assert_frame_equal(scoring.combine([one, other]), together)


def test_many_leaves_are_laid_out_in_blocks_to_the_same_end(
    rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed = wide(rows, TWO).lazy()
    at_once = scoring.tally_round(sealed, TWO)
    assert_frame_equal(at_once.answers, naive.answers(rows, TWO))
    monkeypatch.setattr(folding, "BLOCK", 2)
    in_blocks = scoring.tally_round(sealed, TWO)
    assert_frame_equal(in_blocks.answers, at_once.answers)
    assert_frame_equal(in_blocks.items, at_once.items)


def test_an_answer_without_a_leaf_is_found(rows: Rows) -> None:
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
