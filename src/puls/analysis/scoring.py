"""From sealed answers to tallies: counted once, added up ever after.

A sealed round is a wide table, one row per respondent: `leaf` (the leaf group) and one
small-integer column per item of the survey, null where the respondent did not answer.

    leaf            ws1   ws2   ws3            (five-point scale, ws3 is reverse-worded)
    karmoy.music      5     4     1
    karmoy.music      5  null  null

An engine counts patterns of answers (`puls.analysis.patterns`); the tallies follow from these
counts here, by adding whole numbers, so every engine gives the same to the last integer, in any
order of rows.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations_with_replacement
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import numpy as np
import polars as pl

from puls.analysis.folding import blocks, pair_sums, scored, scored_counts, stacked
from puls.analysis.patterns import PART, PRODUCT_SUMS, Patterns, count_patterns, states
from puls.content.definitions import Survey

TALLY_KEY = ("leaf", "construct", "answered", "total")
PAIR_KEY = ("leaf", "construct", "item_a", "item_b")
PAIR_SUMS = ("n", "sum_a", "sum_b", "sum_ab")
PRODUCT_KEY = ("leaf", "a", "b")
MISSING_KEY = ("leaf", "construct", "pattern")
SUMS = ("count", *PRODUCT_SUMS)
"""Columns that are added where tallies are; all others are keys, and stand before them."""


class Tallies(NamedTuple):
    """All that is kept of a round, from one pass over its answers.

    answers: as `tally_answers`. items: as `tally_items`.
    products: for the pairs of constructs in `Survey.pairs`, whether respondents' scores go
        together. A row per (leaf, a, b), sorted by leaf, then in the survey's order, with over the
        n respondents who have both scores, in sixtieths, sum_a, sum_b, sum_aa, sum_bb, sum_ab.
        All zeros where nobody has both.
    missing: which items of a construct were answered together, for what may be said about those
        who left some out. A row per (leaf, construct, pattern) that occurs, sorted, with the
        count of respondents. Bit i of pattern is set when item i was answered: 0 is nothing,
        5 the first and the third.
    """

    answers: pl.DataFrame
    items: pl.DataFrame
    products: pl.DataFrame
    missing: pl.DataFrame


def read_sealed(path: Path) -> duckdb.DuckDBPyRelation:
    """A sealed round, lazily: DuckDB reads only the columns that are asked for.

    The relation keeps its own in-memory connection, which may not fetch anything from outside.
    """
    connection = duckdb.connect(
        config={"autoinstall_known_extensions": False, "autoload_known_extensions": False}
    )
    return connection.read_parquet(str(path))


def tally_round(sealed: Any, survey: Survey) -> Tallies:
    """All tallies from one pass over the answers; arguments and errors as below."""
    patterns = count_patterns(sealed, survey)
    return Tallies(
        _answers(patterns, survey),
        _items(patterns, survey),
        _products(patterns, survey),
        _missing(patterns, survey),
    )


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
    return _answers(count_patterns(sealed, survey), survey)


def tally_items(sealed: Any, survey: Survey) -> pl.DataFrame:
    """Sums over the pairs of a construct's items, for reliability.

    Gives one row per (leaf, construct, item_a, item_b), item_a before or equal to item_b in
    the survey's order, sorted by leaf, with over the n respondents who answered both
    sum_a, sum_b: the sums of the two answers, sum_ab: the sum of their product,
    reverse-worded items mirrored. All zeros where nobody answered both.
    """
    return _items(count_patterns(sealed, survey), survey)


def tally_parts(sealed: Any, survey: Survey, background_key: str) -> pl.DataFrame:
    """`tally_answers` by the options of one of the survey's background questions.

    Gives the columns of `tally_answers` with `part` after `leaf`: "sex.girl", or "sex." for those
    who did not say and for all of a round that was sealed before the question was asked. Sorted.

    Raises KeyError when the survey has no such question.
    """
    asked = {each.key: each for each in survey.background}[background_key]
    patterns = count_patterns(sealed, survey, asked)
    names = pl.Series([f"{asked.key}.{option}" for option in ("", *asked.options)])
    return (
        _answers(patterns, survey, {PART: names.gather(patterns.groups[PART])})
        .select("leaf", PART, *TALLY_KEY[1:], "count")
        .sort("leaf", PART, *TALLY_KEY[1:])
    )


def combine(tallies: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Add tallies of one kind together: the tally of several rounds is the sum of theirs.

    Any kind in `Tallies`, and that of `tally_parts`; sorted by what is not added.
    """
    together = pl.concat(list(tallies))
    key = [name for name in together.columns if name not in SUMS]
    return together.group_by(key).agg(pl.col(*together.columns[len(key) :]).sum()).sort(key)


def _answers(
    patterns: Patterns, survey: Survey, more: Mapping[str, pl.Series] | None = None
) -> pl.DataFrame:
    """Rows come out sorted because the counts are laid out in that order.

    more: columns beside `leaf`, by their names, with a value for each group.
    """
    named = {"leaf": patterns.leaves, **(more or {})}
    constructs = sorted(survey.constructs, key=lambda construct: construct.key)
    scale = survey.scale
    labels = stacked([scored(construct, scale) for construct in constructs])
    names = pl.Series([construct.key for construct in constructs], dtype=pl.String)
    parts = []
    for first, leaves, counts in blocks(patterns, survey):
        wide = np.concatenate(
            [scored_counts(counts[each.key], leaves, each, survey.scale) for each in constructs],
            axis=1,
        )
        leaf, state = np.nonzero(wide)
        parts.append(
            pl.DataFrame(
                {
                    **{name: each.gather(leaf + first) for name, each in named.items()},
                    "construct": names.gather(labels[state, 0]),
                    "answered": labels[state, 1],
                    "total": labels[state, 2],
                    "count": wide[leaf, state],
                }
            )
        )
    return pl.concat(parts) if parts else _empty((*named, "construct"), (*TALLY_KEY[2:], "count"))


def _empty(words: Sequence[str], numbers: Sequence[str]) -> pl.DataFrame:
    return pl.DataFrame(schema=dict.fromkeys(words, pl.String) | dict.fromkeys(numbers, pl.Int64))


def _products(patterns: Patterns, survey: Survey) -> pl.DataFrame:
    parts = [_empty(PRODUCT_KEY, PRODUCT_SUMS)]
    for (a, b), found in zip(survey.pairs, patterns.products, strict=True):
        sums = np.zeros((len(patterns.leaves), len(PRODUCT_SUMS)), dtype=np.int64)
        sums[found["number"].to_numpy()] = found.select(PRODUCT_SUMS).to_numpy()
        key = patterns.leaves.to_frame().with_columns(a=pl.lit(a), b=pl.lit(b))
        parts.append(key.hstack(pl.DataFrame(sums, schema=list(PRODUCT_SUMS))))
    # Sorting is stable: the pairs of a leaf stay in the survey's order.
    return pl.concat(parts).sort("leaf", maintain_order=True)


def _missing(patterns: Patterns, survey: Survey) -> pl.DataFrame:
    parts = [_empty(MISSING_KEY[:2], (MISSING_KEY[2], "count"))]
    base = states(survey.scale)
    for construct in survey.constructs:
        items = np.arange(len(construct.items))
        number, code, count = patterns.counts[construct.key]
        given = code.to_numpy()[:, None] // base**items % base > 0
        pattern = pl.Series("pattern", given @ 2**items, dtype=pl.Int64)
        found = pl.DataFrame([number, pattern, count]).group_by("number", "pattern").sum()
        parts.append(
            found.select(
                patterns.leaves.gather(found["number"]),
                pl.lit(construct.key).alias("construct"),
                "pattern",
                "count",
            )
        )
    return pl.concat(parts).sort(MISSING_KEY)


def _items(patterns: Patterns, survey: Survey) -> pl.DataFrame:
    pairs = [
        (each, a, b)
        for each in survey.constructs
        for a, b in combinations_with_replacement(range(len(each.items)), 2)
    ]
    named = pl.DataFrame(
        [(each.key, each.items[a].key, each.items[b].key) for each, a, b in pairs],
        schema=dict.fromkeys(PAIR_KEY[1:], pl.String),
        orient="row",
    )
    parts = [pl.DataFrame(schema=dict.fromkeys(PAIR_SUMS, pl.Int64))]
    for _, leaves, counts in blocks(patterns, survey):
        sums = np.empty((leaves, len(pairs), len(PAIR_SUMS)), dtype=np.int64)
        for at, (each, a, b) in enumerate(pairs):
            sums[:, at] = pair_sums(counts[each.key], leaves, each, (a, b), survey.scale)
        parts.append(pl.DataFrame(sums.reshape(-1, len(PAIR_SUMS)), schema=list(PAIR_SUMS)))
    every = np.arange(len(patterns.leaves))
    return pl.concat(
        [
            patterns.leaves.gather(np.repeat(every, len(pairs))).to_frame("leaf"),
            named[np.tile(np.arange(len(pairs)), len(every))],
            pl.concat(parts),
        ],
        how="horizontal",
    )
