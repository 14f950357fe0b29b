"""From sealed answers to tallies: counted once, added up ever after.

A sealed round is a wide table, one row per respondent: `leaf` (the leaf group) and one
small-integer column per item of the survey, null where the respondent did not answer.

    leaf            ws1   ws2   ws3            (five-point scale, ws3 is reverse-worded)
    karmoy.music      5     4     1
    karmoy.music      5  null  null

Scoring is written once, as narwhals expressions, so that the same lines run on DuckDB (as
here) and on any other engine narwhals knows. Only whole numbers are summed, so every engine
gives the same tallies to the last integer, in any order of rows.

Nulls: an engine's sum or count over nothing but nulls is null, not 0 (DuckDB's `count_if` too).
So nulls are turned into 0 or 1 per respondent, before anything is summed.
"""

from collections.abc import Iterable, Sequence
from itertools import combinations_with_replacement
from pathlib import Path
from typing import Any

import duckdb
import narwhals.stable.v2 as nw
import polars as pl

from puls.content.definitions import Construct, Item, Scale, Survey
from puls.errors import ContentError

MOST_ITEMS = 6
"""60 can be divided by 1 to 6, so a mean of up to six answers is a whole number of sixtieths."""

TALLY_KEY = ("leaf", "construct", "answered", "total")
PAIR_KEY = ("leaf", "construct", "item_a", "item_b")


def read_sealed(path: Path) -> duckdb.DuckDBPyRelation:
    """A sealed round, lazily: DuckDB reads only the columns that are asked for.

    The relation keeps its own in-memory connection, which may not fetch anything from outside.
    """
    connection = duckdb.connect(
        config={"autoinstall_known_extensions": False, "autoload_known_extensions": False}
    )
    return connection.read_parquet(str(path))


def tally_answers(sealed: Any, survey: Survey) -> pl.DataFrame:
    """Count the respondents of every leaf by what a construct's score needs.

    sealed: anything lazy that narwhals takes (a DuckDB relation, a polars LazyFrame ...).

    Gives one row per (leaf, construct, answered, total) that occurs, sorted, with
    answered: how many of the construct's items the respondent answered, 0 included;
    total: the sum of these answers, reverse-worded ones mirrored on the scale;
    count: the number of such respondents.

        leaf          construct   answered  total  count
        karmoy.music  wellbeing          1      5      1
        karmoy.music  wellbeing          3     14      1      (5 + 4 + mirrored 1)

    Raises ContentError for a construct without items or with more than six.
    """
    frame = _checked(sealed, survey)
    counted = [_count(frame, construct, survey.scale) for construct in survey.constructs]
    tally = _collect(nw.concat(counted)).select(
        "leaf", "construct", *(pl.col(name).cast(pl.Int64) for name in (*TALLY_KEY[2:], "count"))
    )
    _check_on_scale(tally, survey.scale)
    return tally.sort(TALLY_KEY)


def tally_items(sealed: Any, survey: Survey) -> pl.DataFrame:
    """Sums over the pairs of a construct's items, for reliability.

    Gives one row per (leaf, construct, item_a, item_b), item_a before or equal to item_b in
    the survey's order, sorted by leaf, with over the n respondents who answered both
    sum_a, sum_b: the sums of the two answers, sum_ab: the sum of their product,
    reverse-worded items mirrored. All zeros where nobody answered both.
    """
    frame = _checked(sealed, survey)
    parts = [_pair_sums(frame, construct, survey.scale) for construct in survey.constructs]
    return pl.concat(parts).sort("leaf", maintain_order=True)


def combine(tallies: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Add tallies of one kind together: the tally of several rounds is the sum of theirs."""
    together = pl.concat(list(tallies))
    key = [name for name in (*TALLY_KEY, *PAIR_KEY[2:]) if name in together.columns]
    sums = [name for name in together.columns if name not in key]
    return together.group_by(key).agg(pl.col(sums).sum()).sort(key)


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
    columns = frame.collect_schema().names()
    missing = {"leaf", *(item.key for item in survey.items)} - set(columns)
    assert not missing, f"sealed answers to {survey.key} lack the columns {sorted(missing)}"
    return frame


def _count(frame: nw.LazyFrame[Any], construct: Construct, scale: Scale) -> nw.LazyFrame[Any]:
    return (
        frame.select(
            "leaf",
            answered=nw.sum_horizontal(*(_answered(item) for item in construct.items)),
            total=nw.sum_horizontal(*(_aligned(item, scale) for item in construct.items)),
        )
        .group_by("leaf", "answered", "total")
        .agg(nw.len().alias("count"))
        .with_columns(construct=nw.lit(construct.key))
    )


def _pair_sums(frame: nw.LazyFrame[Any], construct: Construct, scale: Scale) -> pl.DataFrame:
    pairs = list(combinations_with_replacement(construct.items, 2))
    sums = []
    for at, (a, b) in enumerate(pairs):
        both = _answered(a) * _answered(b)
        first, second = _aligned(a, scale), _aligned(b, scale)
        sums += [
            both.sum().alias(f"n.{at}"),
            (both * first).sum().alias(f"sum_a.{at}"),
            (both * second).sum().alias(f"sum_b.{at}"),
            (first * second).sum().alias(f"sum_ab.{at}"),
        ]
    wide = _collect(frame.group_by("leaf").agg(*sums))
    return pl.concat(_one_pair(wide, construct.key, at, pair) for at, pair in enumerate(pairs))


def _one_pair(wide: pl.DataFrame, construct: str, at: int, pair: Sequence[Item]) -> pl.DataFrame:
    named = {"construct": construct, "item_a": pair[0].key, "item_b": pair[1].key}
    sums = ("n", "sum_a", "sum_b", "sum_ab")
    return wide.select(
        "leaf",
        *(pl.lit(value).alias(name) for name, value in named.items()),
        *(pl.col(f"{name}.{at}").cast(pl.Int64).alias(name) for name in sums),
    )


def _answered(item: Item) -> nw.Expr:
    """1 where the item was answered, else 0."""
    return (~nw.col(item.key).is_null()).cast(nw.Int64)


def _aligned(item: Item, scale: Scale) -> nw.Expr:
    """The answer with high meaning much of the construct; 0 where there is none."""
    answer = nw.col(item.key).cast(nw.Int64)
    mirrored = nw.lit(scale.low + scale.high) - answer if item.reversed else answer
    return mirrored.fill_null(0)


def _collect(frame: nw.LazyFrame[Any]) -> pl.DataFrame:
    collected = frame.collect("polars").to_native()
    assert isinstance(collected, pl.DataFrame)
    return collected


def _check_on_scale(tally: pl.DataFrame, scale: Scale) -> None:
    """Answers are checked when they come in; this finds a table that went around the check."""
    outside = tally.filter(
        (pl.col("total") < scale.low * pl.col("answered"))
        | (pl.col("total") > scale.high * pl.col("answered"))
    )
    assert outside.is_empty(), f"answers off the scale {scale.low} to {scale.high}: {outside}"
    assert not tally["leaf"].has_nulls(), "sealed answers without a leaf group"
