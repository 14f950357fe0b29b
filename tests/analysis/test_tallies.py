"""The algebra of tallies: pooling tallies is tallying the pool, in any order."""

import random
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from puls.analysis import tallies
from puls.content.definitions import Survey
from tests.analysis.surveys import survey

THREE = survey("wellbeing: a b c", "feedback: d e")
Parents = dict[str, str | None]
PARENTS: Parents = {
    "no": None,
    "west": "no",
    "east": "no",
    "karmoy": "west",
    "music": "karmoy",
    "dance": "karmoy",
    "oslo": "east",
}
UNITS = ("music", "dance", "karmoy", "oslo")

SCHEMA = {"leaf": str, "construct": str, "answered": int, "total": int, "count": int}

groups = st.lists(
    st.tuples(st.sampled_from(["l1", "l2", "l3", "l4", "l5"]), st.sampled_from([0, 1, 2, 3]))
    .flatmap(lambda g: st.tuples(st.just(g), st.integers(g[1], 5 * g[1]), st.integers(1, 9)))
    .map(lambda row: (row[0][0], "wellbeing", row[0][1], row[1], row[2])),
    max_size=12,
    unique_by=lambda row: row[:4],
)
homes = st.fixed_dictionaries({f"l{leaf}": st.sampled_from(UNITS) for leaf in range(1, 6)})


def frame(rows: list[tuple[str, str, int, int, int]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def pool(table: pl.DataFrame, of: Survey, home: dict[str, str], parents: Parents) -> pl.DataFrame:
    """The moments of every unit that holds answers, itself or below it."""
    return tallies.lift(tallies.at_home(table, of, home), parents)


def naive_pool(
    rows: list[tuple[str, str, int, int, int]], home: dict[str, str]
) -> dict[str, tuple[int, ...]]:
    """A list of all scores per unit, and then what it says."""
    scores: dict[str, list[int]] = {}
    for leaf, _, answered, total, count in rows:
        if answered >= Fraction(3, 2):
            unit: str | None = home[leaf]
            while unit is not None:
                score = Fraction(60 * total, answered)
                assert score.denominator == 1, "a score that is not a whole number of sixtieths"
                scores.setdefault(unit, []).extend([int(score)] * count)
                unit = PARENTS[unit]
    return {
        unit: (len(of), sum(of), sum(score**2 for score in of), min(of), max(of))
        for unit, of in scores.items()
    }


@settings(max_examples=80, deadline=None)
@given(rows=groups, home=homes)
def test_pooled_tallies_are_the_tally_of_the_pool(
    rows: list[tuple[str, str, int, int, int]], home: dict[str, str]
) -> None:
    pooled = pool(frame(rows), THREE, home, PARENTS)
    found = {unit: tuple(sums) for unit, _, *sums in pooled.iter_rows()}
    assert found == naive_pool(rows, home)


@settings(max_examples=40, deadline=None)
@given(rows=groups, home=homes, seed=st.integers(0, 9))
def test_order_does_not_matter(
    rows: list[tuple[str, str, int, int, int]], home: dict[str, str], seed: int
) -> None:
    shuffled = random.Random(seed).sample(rows, len(rows))
    pooled = pool(frame(rows), THREE, home, PARENTS)
    assert_frame_equal(pool(frame(shuffled), THREE, home, PARENTS), pooled)


@settings(max_examples=40, deadline=None)
@given(first=groups, second=groups, home=homes)
def test_adding_up_in_two_steps_is_adding_up_at_once(
    first: list[tuple[str, str, int, int, int]],
    second: list[tuple[str, str, int, int, int]],
    home: dict[str, str],
) -> None:
    apart = pl.concat([tallies.at_home(frame(rows), THREE, home) for rows in (first, second)])
    at_once = pool(frame(first + second), THREE, home, PARENTS)
    assert_frame_equal(tallies.lift(apart, PARENTS), at_once)


def test_without_scores_there_is_no_row() -> None:
    tally = frame([("l1", "wellbeing", 1, 5, 7), ("l1", "feedback", 0, 0, 7)])
    assert pool(tally, THREE, {"l1": "music"}, PARENTS).is_empty()


def test_a_leaf_without_a_home_is_named() -> None:
    with pytest.raises(AssertionError, match=r"without a unit to count for: \['l9'\]"):
        pool(frame([("l9", "feedback", 2, 6, 1)]), THREE, {}, PARENTS)


def test_a_strange_construct_is_named() -> None:
    tally = frame([("l1", "courage", 2, 6, 1)])
    with pytest.raises(AssertionError, match="has no constructs"):
        pool(tally, THREE, {"l1": "music"}, PARENTS)
