"""How often each pattern of answers to a construct occurs in each leaf group: the one pass.

A respondent's answers to a construct's items are written as one small number, the *code*, whose
digits in base `states` are 0 for an item not answered and 1, 2, ... for the answers from the
scale's low end up, the first item last. With five points there are six states, so three items
have 216 codes:

    5, 4, not answered     5 + 4 * 6 + 0 * 36 = 29

Everything that is kept about a construct follows from how many respondents have which code
(`puls.analysis.scoring`), and counting codes is all that an engine is asked for. It is written
once, as narwhals expressions. On this machine the codes, two bytes a construct and respondent,
are held in memory; on a cluster they stay there, and only the counts come back.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np
import polars as pl

from puls.content.definitions import MOST_ITEMS, Construct, Scale, Survey
from puls.errors import ContentError

SMALL = 2**15
"""Codes below it need two bytes."""


@dataclass(frozen=True)
class Patterns:
    """What the pass over the answers found.

    leaves: the leaf groups, sorted.
    counts: by construct the columns `number` (of the leaf, from 0), `code` and `count`, in no
        particular order, a row for each code that occurs in the leaf.
    """

    leaves: pl.Series
    counts: dict[str, pl.DataFrame]


def states(scale: Scale) -> int:
    """The states of an item: the answers there are, and none."""
    return scale.high - scale.low + 2


def count_patterns(sealed: Any, survey: Survey) -> Patterns:
    """Count the codes of all constructs in one pass over the answers.

    sealed: anything lazy that narwhals takes (a DuckDB relation, a polars LazyFrame, a Spark
        DataFrame ...), with `leaf` and a column per item.

    Raises ContentError for a construct without items or with more than six.
    """
    frame = _checked(sealed, survey)
    # Not unique(), which numbers all rows on some engines.
    found = frame.group_by("leaf").agg(size=nw.len())
    numbers = found.with_row_index("number", order_by="leaf").select("leaf", "number")
    leaves = collect(numbers).sort("number")["leaf"]
    assert not leaves.has_nulls(), "sealed answers without a leaf group"
    coded = frame.join(numbers, on="leaf").select(
        nw.col("number").cast(nw.Int32),
        *(_code(construct, survey.scale) for construct in survey.constructs),
    )
    with _held(coded) as held:
        counted = _collect_all(
            [_count(held, each, survey.scale, len(leaves)) for each in survey.constructs]
        )
    pairs = zip(survey.constructs, counted, strict=True)
    return Patterns(leaves, {each.key: _named(found, each, survey.scale) for each, found in pairs})


def collect(frame: nw.LazyFrame[Any]) -> pl.DataFrame:
    """Run a query on its engine, and bring its rows here."""
    collected = frame.collect("polars").to_native()
    assert isinstance(collected, pl.DataFrame)
    return collected


def _checked(sealed: Any, survey: Survey) -> nw.LazyFrame[Any]:
    for construct in survey.constructs:
        if not 1 <= len(construct.items) <= MOST_ITEMS:
            raise ContentError(
                f"survey {survey.key}.v{survey.version}",
                construct.key,
                f"a construct with {len(construct.items)} items cannot be scored exactly",
                f"1 to {MOST_ITEMS} items",
            )
    frame: nw.LazyFrame[Any] = nw.from_native(sealed).lazy()
    items = [item.key for item in survey.items]
    missing = {"leaf", *items} - set(frame.collect_schema().names())
    assert not missing, f"sealed answers to {survey.key} lack the columns {sorted(missing)}"
    # Answers are checked when they come in; this finds a table that went around the check. It is
    # cheap: engines know the ends of every column of a Parquet file without reading it.
    low, high = survey.scale.low, survey.scale.high
    ends = collect(
        frame.select(
            *(nw.col(item).min().alias(f"{item}.min") for item in items),
            *(nw.col(item).max().alias(f"{item}.max") for item in items),
        )
    ).row(0)
    outside = [end for end in ends if end is not None and not low <= end <= high]
    assert not outside, f"answers off the scale {low} to {high}: {outside}"
    return frame


def _code(construct: Construct, scale: Scale) -> nw.Expr:
    base = states(scale)
    kind = nw.Int16 if base ** len(construct.items) <= SMALL else nw.Int32
    digits = (
        # Summed over nothing but nulls an engine gives null, not 0: they become 0 here, at once.
        (nw.col(item.key).cast(kind) - (scale.low - 1)).fill_null(0) * base**place
        for place, item in enumerate(construct.items)
    )
    code: nw.Expr = reduce(add, digits)
    return code.cast(kind).alias(construct.key)


def _count(
    held: nw.LazyFrame[Any], construct: Construct, scale: Scale, leaves: int
) -> nw.LazyFrame[Any]:
    """Grouped by leaf and code as one number, which engines do much faster than by two."""
    codes = states(scale) ** len(construct.items)
    kind = nw.Int32 if leaves * codes < 2**31 else nw.Int64
    both = nw.col("number").cast(kind) * codes + nw.col(construct.key).cast(kind)
    return held.select(both=both).group_by("both").agg(count=nw.len())


def _collect_all(queries: list[nw.LazyFrame[Any]]) -> list[pl.DataFrame]:
    """Run the queries; at the same time where the engine can."""
    if all(query.implementation.is_polars() for query in queries):
        return pl.collect_all([query.to_native() for query in queries])
    return [collect(query) for query in queries]


def _named(found: pl.DataFrame, construct: Construct, scale: Scale) -> pl.DataFrame:
    codes = states(scale) ** len(construct.items)
    number, code = np.divmod(found["both"].to_numpy(), codes)
    return pl.DataFrame({"number": number, "code": code, "count": found["count"].cast(pl.Int64)})


@contextmanager
def _held(coded: nw.LazyFrame[Any]) -> Iterator[nw.LazyFrame[Any]]:
    """Keep the codes where they are counted, so that the answers are read once."""
    if not coded.implementation.is_pyspark():
        yield nw.from_native(collect(coded).lazy())
        return
    native = coded.to_native().persist()
    try:
        yield nw.from_native(native)
    finally:
        native.unpersist()
