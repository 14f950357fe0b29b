"""What was counted of a round is read as it was written."""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from puls.analysis import keeping, scoring
from puls.analysis.scoring import Counts
from puls.content.definitions import Scale, Survey
from tests.analysis.surveys import survey

SIX = ("all: a b -c d -e f", "one: -g")
ALONE = survey("two: h i -j", "more: k")
FROM_ZERO = survey(*SIX, scale=Scale("zero_to_ten", 0, 10), pairs=[("all", "one"), ("one", "all")])
BELOW_ZERO = survey(*SIX, scale=Scale("around_zero", -2, 2), pairs=[("one", "all")])


def counted(rows: list[dict[str, object]], of: Survey) -> Counts:
    schema = {"leaf": pl.String, **{item.key: pl.Int8 for item in of.items}}
    return scoring.count_round(pl.DataFrame(rows, schema=schema, orient="row").lazy(), of)


def again(counts: Counts) -> Counts:
    with TemporaryDirectory() as folder:
        keeping.write(counts, Path(folder) / "counts.draft")
        assert [file.name for file in Path(folder).iterdir()] == ["counts.draft"]
        return keeping.read(Path(folder) / "counts.draft")


def same(one: Counts, other: Counts) -> None:
    """Kinds of numbers too: sums of small ones must not run over later."""
    assert_frame_equal(one.groups, other.groups)
    assert list(one.scored) == list(other.scored)
    assert list(one.pairs) == list(other.pairs)
    for mine, theirs in [
        *zip(one.products, other.products, strict=True),
        *zip(one.pairs.values(), other.pairs.values(), strict=True),
        *(
            both
            for key in one.scored
            for both in zip(one.scored[key], other.scored[key], strict=True)
        ),
    ]:
        assert mine.dtype == theirs.dtype == np.int64
        np.testing.assert_array_equal(mine, theirs, strict=True)


LEAVES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1)


@pytest.mark.parametrize("of", [ALONE, FROM_ZERO, BELOW_ZERO], ids=["no pairs", "zero", "below"])
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_what_is_written_is_read(of: Survey, data: st.DataObject) -> None:
    answer = st.none() | st.integers(of.scale.low, of.scale.high)
    items = {item.key: answer for item in of.items}
    rows = data.draw(st.lists(st.fixed_dictionaries({"leaf": LEAVES, **items}), max_size=8))
    counts = counted(rows, of)
    found = again(counts)
    same(counts, found)
    for mine, theirs in zip(scoring.laid_out(counts, of), scoring.laid_out(found, of), strict=True):
        assert_frame_equal(mine, theirs)


@pytest.mark.parametrize("of", [ALONE, FROM_ZERO], ids=["no pairs", "pairs"])
def test_a_round_that_nobody_answered(of: Survey) -> None:
    counts = counted([], of)
    found = again(counts)
    same(counts, found)
    assert found.groups.schema == {"leaf": pl.String}
    assert all(table.is_empty() for table in scoring.laid_out(found, of))


def test_groups_are_of_any_size() -> None:
    """One byte holds 255, two hold 65,535: the mutant that keeps fewer bytes loses people."""
    for people in (255, 256, 65_535, 65_536):
        rows: dict[str, object] = {"leaf": "ås.øve–é", "h": 5, "i": 1, "j": None, "k": None}
        counts = counted([rows] * people, ALONE)
        same(counts, again(counts))
