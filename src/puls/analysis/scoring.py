"""From sealed answers to tallies: counted once, added up ever after.

A sealed round is a wide table, one row per respondent: `leaf` (the leaf group) and one
small-integer column per item of the survey, null where the respondent did not answer.

    leaf            ws1   ws2   ws3            (five-point scale, ws3 is reverse-worded)
    karmoy.music      5     4     1
    karmoy.music      5  null  null

An engine finds the patterns of answers (`puls.analysis.patterns`); the tallies follow from them by
adding whole numbers (`puls.analysis.folding`), so every engine gives the same to the last integer,
in any order of rows.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations_with_replacement
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np
import polars as pl

from puls.analysis.coding import Ints
from puls.analysis.folding import Read, Scored, fold_pairs, fold_product, fold_scores, read
from puls.analysis.patterns import PART, PRODUCT_SUMS, find_patterns
from puls.content.definitions import Background, Survey

Folded = TypeVar("Folded")

MANY_ROWS = 1_000_000

TALLY_KEY = ("leaf", "construct", "answered", "total")
PAIR_KEY = ("leaf", "construct", "item_a", "item_b")
PAIR_SUMS = ("n", "sum_a", "sum_b", "sum_ab")
PRODUCT_KEY = ("leaf", "a", "b")
MISSING_KEY = ("leaf", "construct", "pattern")
APART = pl.col("sum_ab") - pl.col("sum_a") * pl.col("sum_b") / pl.col("n")
"""Of a row of `Tallies.items` or `.products`: the sum of products around the group's means."""
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


class Counts(NamedTuple):
    """The same as `Tallies`, not laid out in rows: arrays, which take far less time.

    groups: a row for each leaf group, sorted: `leaf`. The number of a group is its row.
    scored: by construct, in the survey's order, what `answers` and `missing` tell.
    pairs: by construct, the sums in `PAIR_SUMS`: (groups, pairs of its items, 4).
    products: by pair of constructs, the sums in `PRODUCT_SUMS`: (groups, 6).
    """

    groups: pl.DataFrame
    scored: Mapping[str, Scored]
    pairs: Mapping[str, Ints]
    products: Sequence[Ints]


def read_sealed(path: Path) -> pl.LazyFrame:
    """A sealed round, lazily: only the columns that are asked for are read."""
    return pl.scan_parquet(path)


def tally_round(sealed: Any, survey: Survey) -> Tallies:
    """All tallies from one pass over the answers; arguments and errors as below."""
    return laid_out(count_round(sealed, survey), survey)


def count_round(sealed: Any, survey: Survey) -> Counts:
    """The counts of which `tally_round` gives the rows; arguments and errors as below."""
    found = _found(sealed, survey)
    return Counts(found.groups, _scored(found), _pairs(found), _products(found, survey))


def laid_out(counts: Counts, survey: Survey) -> Tallies:
    """The rows of what `count_round` counted."""
    answers, missing = score_tables(counts.groups, counts.scored)
    named = pl.DataFrame(
        survey.pairs, schema=dict.fromkeys(PRODUCT_KEY[1:], pl.String), orient="row"
    )
    products = [each[:, None] for each in counts.products]
    return Tallies(
        answers,
        _pair_table(counts.groups, counts.pairs, survey),
        _laid_out(counts.groups, named, PRODUCT_SUMS, products),
        missing,
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
    found = _found(sealed, survey)
    return score_tables(found.groups, _scored(found))[0]


def tally_items(sealed: Any, survey: Survey) -> pl.DataFrame:
    """Sums over the pairs of a construct's items, for reliability.

    Gives one row per (leaf, construct, item_a, item_b), item_a before or equal to item_b in
    the survey's order, sorted by leaf, with over the n respondents who answered both
    sum_a, sum_b: the sums of the two answers, sum_ab: the sum of their product,
    reverse-worded items mirrored. All zeros where nobody answered both.
    """
    found = _found(sealed, survey)
    return _pair_table(found.groups, _pairs(found), survey)


def tally_parts(sealed: Any, survey: Survey, background_key: str) -> pl.DataFrame:
    """`tally_answers` by the options of one of the survey's background questions.

    Gives the columns of `tally_answers` with `part` after `leaf`: "sex.girl", or "sex." for those
    who did not say and for all of a round that was sealed before the question was asked. Sorted.

    Raises KeyError when the survey has no such question.
    """
    asked = {each.key: each for each in survey.background}[background_key]
    found = _found(sealed, survey, asked)
    names = pl.Series([f"{asked.key}.{option}" for option in ("", *asked.options)])
    parts = found.groups.with_columns(names.gather(found.groups[PART]).alias(PART))
    answers, _ = score_tables(parts, _scored(found))
    return answers.sort("leaf", PART, *TALLY_KEY[1:])


def combine(tallies: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Add tallies of one kind together: the tally of several rounds is the sum of theirs.

    Any kind in `Tallies`, and that of `tally_parts`; sorted by what is not added.
    """
    together = pl.concat(list(tallies))
    key = [name for name in together.columns if name not in SUMS]
    return together.group_by(key).agg(pl.col(*together.columns[len(key) :]).sum()).sort(key)


class _Found(NamedTuple):
    """groups: `leaf`, perhaps `part`, sorted; the number of a group is its row."""

    groups: pl.DataFrame
    constructs: dict[str, Read]
    products: tuple[Ints, ...] | None


def _found(sealed: Any, survey: Survey, background: Background | None = None) -> _Found:
    patterns = find_patterns(sealed, survey, background)
    reads = {
        construct.key: read(patterns.ways[construct.key], construct, survey.scale)
        for construct in survey.constructs
    }
    return _Found(patterns.groups, reads, patterns.products)


def _side_by_side(fold: Callable[[Read, int], Folded], found: _Found) -> dict[str, Folded]:
    """The same of all constructs, two at a time where there are many rows.

    No more than two: numpy counts in one thread at a time, only the rest goes side by side.
    """
    rows = max((len(each.pattern) for each in found.constructs.values()), default=0)
    with ThreadPoolExecutor(2 if rows >= MANY_ROWS else 1) as pool:
        folded = pool.map(lambda each: fold(each, len(found.groups)), found.constructs.values())
        return dict(zip(found.constructs, folded, strict=True))


def _scored(found: _Found) -> dict[str, Scored]:
    return _side_by_side(fold_scores, found)


def _pairs(found: _Found) -> dict[str, Ints]:
    return _side_by_side(fold_pairs, found)


def _products(found: _Found, survey: Survey) -> Sequence[Ints]:
    if found.products is not None:
        return found.products
    return [
        fold_product(found.constructs[a], found.constructs[b], len(found.groups))
        for a, b in survey.pairs
    ]


def score_tables(
    groups: pl.DataFrame, scored: Mapping[str, Scored]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """`Tallies.answers` and `Tallies.missing`, sorted because counts are laid out in that order.

    groups, scored: as in `Counts`; groups told apart by a background question have a `part`, too.
    """
    keys = sorted(scored)
    folded = [scored[key] for key in keys]
    answers = _counts(
        groups, keys, TALLY_KEY[2:], [(each.states, each.of_states) for each in folded]
    )
    missing = _counts(
        groups,
        keys,
        MISSING_KEY[2:],
        [(each.patterns[:, None], each.of_patterns) for each in folded],
    )
    return answers, missing


def _counts(
    groups: pl.DataFrame,
    keys: Sequence[str],
    names: Sequence[str],
    tables: Sequence[tuple[Ints, Ints]],
) -> pl.DataFrame:
    """The counts that are not 0, one under the other.

    tables: by construct what the states are called, (states, names), and the counts,
        (groups, states).
    """
    labels = np.concatenate([called for called, _ in tables])
    construct = np.repeat(np.arange(len(keys)), [len(called) for called, _ in tables])
    wide = np.concatenate([counts for _, counts in tables], axis=1)
    found = np.flatnonzero(wide)
    group, state = np.divmod(found, max(1, wide.shape[1]))
    return groups[group].with_columns(
        pl.Series(keys, dtype=pl.String).gather(construct[state]).alias("construct"),
        *(pl.Series(name, labels[state, at]) for at, name in enumerate(names)),
        pl.Series("count", wide.ravel()[found]),
    )


def _pair_table(groups: pl.DataFrame, pairs: Mapping[str, Ints], survey: Survey) -> pl.DataFrame:
    keys = [
        (each.key, a.key, b.key)
        for each in survey.constructs
        for a, b in combinations_with_replacement(each.items, 2)
    ]
    named = pl.DataFrame(keys, schema=dict.fromkeys(PAIR_KEY[1:], pl.String), orient="row")
    return _laid_out(groups, named, PAIR_SUMS, list(pairs.values()))


def _laid_out(
    groups: pl.DataFrame, named: pl.DataFrame, names: Sequence[str], sums: Sequence[Ints]
) -> pl.DataFrame:
    """A row for each group and each row of `named`. sums: (groups, rows, names), in parts."""
    empty = np.empty((len(groups), 0, len(names)), dtype=np.int64)
    every = np.concatenate([empty, *sums], axis=1).reshape(-1, len(names))
    group = np.repeat(np.arange(len(groups)), len(named))
    row = np.tile(np.arange(len(named)), len(groups))
    return pl.concat(
        [groups[group], named[row], pl.DataFrame(every, schema=list(names))], how="horizontal"
    )
