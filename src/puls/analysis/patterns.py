"""How often each pattern of answers to a construct occurs in each leaf group: the one pass.

A respondent's answers to a construct's items are written as one small number, the *code*, whose
digits in base `states` are 0 for an item not answered and 1, 2, ... for the answers from the
scale's low end up, the first item last. With five points there are six states, so three items
have 216 codes:

    5, 4, not answered     5 + 4 * 6 + 0 * 36 = 29

Everything that is kept about a construct follows from how many respondents have which code
(`puls.analysis.scoring`). For pairs of constructs their respondents' two scores are multiplied and
summed in the same pass. That is all that an engine is asked for. It is written once, as narwhals
expressions. On this machine the codes, two bytes a construct and respondent, are held in memory;
on a cluster they stay there, and only the counts come back.
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

from puls.analysis.tallies import SIXTY
from puls.content.definitions import MOST_ITEMS, Background, Construct, Item, Scale, Survey
from puls.errors import ContentError

SMALL = 2**15
"""Codes below it need two bytes."""


PART = "part"
"""Column of the option of a background question, 0 for not said."""

PRODUCT_SUMS = ("n", "sum_a", "sum_b", "sum_aa", "sum_bb", "sum_ab")


@dataclass(frozen=True)
class Patterns:
    """What the pass over the answers found.

    groups: a row for each group, sorted: `leaf`, and `part` when told apart by a background
        question. A group's number is its row.
    counts: by construct the columns `number` (of the group), `code` and `count`, in no
        particular order, a row for each code that occurs in the group.
    products: for each of the survey's pairs `number` and `PRODUCT_SUMS` over the respondents with
        both scores, in no particular order, a row for each group that has such.
    """

    groups: pl.DataFrame
    counts: dict[str, pl.DataFrame]
    products: tuple[pl.DataFrame, ...]

    @property
    def leaves(self) -> pl.Series:
        return self.groups["leaf"]


def states(scale: Scale) -> int:
    """The states of an item: the answers there are, and none."""
    return scale.high - scale.low + 2


def count_patterns(sealed: Any, survey: Survey, background: Background | None = None) -> Patterns:
    """Count the codes of all constructs in one pass over the answers.

    sealed: anything lazy that narwhals takes (a DuckDB relation, a polars LazyFrame, a Spark
        DataFrame ...), with `leaf` and a column per item.
    background: a question that tells the respondents of a leaf apart, then without the products.

    Raises ContentError for a construct without items or with more than six.
    """
    frame = _checked(sealed, survey)
    key = ["leaf"]
    if background is not None:
        frame, key = _parted(frame, background), [*key, PART]
    pairs = survey.pairs if background is None else ()
    # Not unique(), which numbers all rows on some engines.
    found = frame.group_by(*key).agg(size=nw.len())
    numbers = found.with_row_index("number", order_by=key).select(*key, "number")
    groups = collect(numbers).sort("number").select(key)
    assert not groups["leaf"].has_nulls(), "sealed answers without a leaf group"
    scored = [each for each in survey.constructs if any(each.key in pair for pair in pairs)]
    coded = frame.join(numbers, on=key).select(
        nw.col("number").cast(nw.Int32),
        *(_code(construct, survey.scale) for construct in survey.constructs),
        *(_score(construct, survey.scale) for construct in scored),
    )
    with _held(coded) as held:
        queries = [_count(held, each, survey.scale, len(groups)) for each in survey.constructs]
        queries += [_product(held, a, b) for a, b in pairs]
        counted = _collect_all(queries)
    counts = zip(survey.constructs, counted, strict=False)
    return Patterns(
        groups,
        {each.key: _named(found, each, survey.scale) for each, found in counts},
        tuple(counted[len(survey.constructs) :]),
    )


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


def _score(construct: Construct, scale: Scale) -> nw.Expr:
    """The score in sixtieths, null where less than half of the items were answered."""
    items = len(construct.items)
    given: nw.Expr = reduce(add, (_given(item) for item in construct.items))
    total: nw.Expr = reduce(add, (_mirrored(item, scale).fill_null(0) for item in construct.items))
    enough = range((items + 1) // 2, items + 1)
    score = nw.coalesce(
        *(nw.when(given == answered).then(total * (SIXTY // answered)) for answered in enough)
    )
    return score.alias(_score_name(construct.key))


def _score_name(construct: str) -> str:
    return f"{construct} score"


def _given(item: Item) -> nw.Expr:
    return (~nw.col(item.key).is_null()).cast(nw.Int64)


def _mirrored(item: Item, scale: Scale) -> nw.Expr:
    answer = nw.col(item.key).cast(nw.Int64)
    return scale.low + scale.high - answer if item.reversed else answer


def _product(held: nw.LazyFrame[Any], one: str, other: str) -> nw.LazyFrame[Any]:
    a, b = nw.col(_score_name(one)), nw.col(_score_name(other))
    both = held.filter(~a.is_null(), ~b.is_null()).select(
        "number", sum_a=a, sum_b=b, sum_aa=a * a, sum_bb=b * b, sum_ab=a * b
    )
    return (
        both.group_by("number")
        .agg(nw.len().alias("n"), *(nw.col(name).sum() for name in PRODUCT_SUMS[1:]))
        .select(nw.col("number", *PRODUCT_SUMS).cast(nw.Int64))
    )


def _parted(frame: nw.LazyFrame[Any], background: Background) -> nw.LazyFrame[Any]:
    """With the option of a background question in `part`; 0 for all where it was not asked."""
    if background.key not in frame.collect_schema().names():
        return frame.with_columns(nw.lit(0).cast(nw.Int8).alias(PART))
    options = len(background.options)
    answer = nw.col(background.key)
    ends = collect(frame.select(answer.min().alias("least"), answer.max().alias("most"))).row(0)
    strange = [end for end in ends if end is not None and not 1 <= end <= options]
    assert not strange, f"answers to {background.key} beyond its {options} options: {strange}"
    return frame.with_columns(answer.fill_null(0).cast(nw.Int8).alias(PART))


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
