"""Scoring against plain loops, on two engines, and what it must not stumble over."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from itertools import combinations_with_replacement
from pathlib import Path
from typing import TypeAlias
from unittest.mock import patch

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from puls.analysis import engines, folding, patterns, scoring
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


def as_on_a_cluster() -> AbstractContextManager[None]:
    """The engine itself counts and sums, as it must where answers do not fit on this machine."""
    return patch.object(patterns, "held_here", patterns.counted_there)


Counted: TypeAlias = Callable[[], AbstractContextManager[None]]
COUNTED = pytest.mark.parametrize("counted", [nullcontext, as_on_a_cluster], ids=["here", "there"])


@SURVEYS
@COUNTED
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_tallies_are_what_plain_loops_count(
    counted: Counted, of: Survey, data: st.DataObject
) -> None:
    rows = data.draw(respondents(of))
    with counted():
        found = scoring.tally_round(wide(rows, of).lazy(), of)
    for table, expected in zip(found, naive.tallies(rows, of), strict=True):
        assert_frame_equal(table, expected)


@COUNTED
@settings(max_examples=40, deadline=None)
@given(rows=respondents(TWO))
def test_parts_are_what_plain_loops_count(counted: Counted, rows: Rows) -> None:
    of = replace(TWO, background=(SEX,))
    with counted():
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
    with pytest.raises(AssertionError, match="part has 4, off the scale 0 to 3"):
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


def by_duckdb(file: Path) -> object:
    """On the connection that everybody shares: only there does narwhals turn columns to rows."""
    import duckdb

    return duckdb.read_parquet(str(file))


ENGINES = pytest.mark.parametrize(
    ("counted", "open_file"),
    [
        (nullcontext, engines.read_sealed),
        (nullcontext, engines.by_duckdb),
        (as_on_a_cluster, engines.read_sealed),
        (as_on_a_cluster, by_duckdb),
    ],
    ids=["polars", "duckdb", "polars counting", "duckdb counting"],
)


@ENGINES
def test_every_engine_counts_the_same(
    counted: Counted, open_file: engines.Opener, rows: Rows, tmp_path: Path
) -> None:
    wide(rows, TWO).write_parquet(tmp_path / "sealed.parquet")
    with counted():
        found = scoring.tally_round(open_file(tmp_path / "sealed.parquet"), TWO)
    for table, expected in zip(found, naive.tallies(rows, TWO), strict=True):
        assert_frame_equal(table, expected)


@ENGINES
def test_nothing_but_nulls_is_counted_as_nothing_not_as_null(
    counted: Counted, open_file: engines.Opener, rows: Rows, tmp_path: Path
) -> None:
    wide(rows, TWO).write_parquet(tmp_path / "sealed.parquet")
    with counted():
        found = scoring.tally_round(open_file(tmp_path / "sealed.parquet"), TWO)
    art = [table.filter(leaf="art") for table in found]
    assert art[0].rows() == [("art", "feedback", 0, 0, 2), ("art", "wellbeing", 0, 0, 2)]
    assert art[1].select(scoring.PAIR_SUMS).unique().rows() == [(0, 0, 0, 0)]
    assert art[2].rows() == [("art", "wellbeing", "feedback", 0, 0, 0, 0, 0, 0)]
    assert art[3].rows() == [("art", "feedback", 0, 2), ("art", "wellbeing", 0, 2)]


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


@pytest.mark.parametrize("cells", [1, 20, 500])
def test_many_leaves_are_laid_out_in_blocks_to_the_same_end(
    cells: int, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folding, "CELLS", cells)
    found = scoring.tally_round(wide(rows, TWO).lazy(), TWO)
    for table, expected in zip(found, naive.tallies(rows, TWO), strict=True):
        assert_frame_equal(table, expected)


@pytest.mark.parametrize("products", [1, 1000])
def test_few_products_at_a_time_come_to_the_same(
    products: int, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folding, "FEW_PRODUCTS", products)
    found = scoring.tally_round(wide(rows, TWO).lazy(), TWO)
    assert_frame_equal(found.items, naive.items(rows, TWO))


def test_an_answer_without_a_leaf_is_found(rows: Rows) -> None:
    sealed = wide([*rows, {**rows[0], "leaf": None}], TWO)
    with pytest.raises(AssertionError, match="without a leaf group"):
        scoring.tally_answers(sealed.lazy(), TWO)


def test_a_sealed_table_without_an_item_is_named() -> None:
    with pytest.raises(AssertionError, match=r"lack the columns \['f3', 'w4'\]"):
        scoring.tally_answers(wide([], TWO).drop("w4", "f3").lazy(), TWO)


@COUNTED
@pytest.mark.parametrize("answer", [0, 6])
def test_an_answer_off_the_scale_that_slipped_in_is_found(answer: int, counted: Counted) -> None:
    sealed = pl.DataFrame({"leaf": ["music", "dance"], "w": [answer, None]})
    with counted(), pytest.raises(AssertionError, match=f"w has {answer}, off the scale 1 to 5"):
        scoring.tally_answers(sealed.lazy(), survey("wellbeing: w"))


@pytest.mark.parametrize("items", range(1, 7))
def test_all_pairs_of_items_are_counted_in_few_threes(items: int) -> None:
    sets = folding._triples(items)
    told = [pair for some, new in sets for pair in new if set(pair) <= set(some)]
    assert sorted(told) == list(combinations_with_replacement(range(items), 2))
    assert len(sets) == (1, 1, 1, 3, 4, 7)[items - 1]
    assert all(len(some) <= 3 for some, _ in sets)
