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

from collections.abc import Iterable, Iterator
from itertools import combinations_with_replacement
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import duckdb
import numpy as np
import polars as pl
from numpy.typing import NDArray

from puls.analysis.patterns import Patterns, count_patterns, states
from puls.content.definitions import Construct, Scale, Survey

TALLY_KEY = ("leaf", "construct", "answered", "total")
PAIR_KEY = ("leaf", "construct", "item_a", "item_b")
PAIR_SUMS = ("n", "sum_a", "sum_b", "sum_ab")

BLOCK = 20_000
"""So many leaf groups are laid out at a time: some 100 MB for a survey of forty items."""

MANY_CODES = 50_000

Ints: TypeAlias = NDArray[np.int64]


class Tallies(NamedTuple):
    """All that is kept of a round: what `tally_answers` and `tally_items` give."""

    answers: pl.DataFrame
    items: pl.DataFrame


def read_sealed(path: Path) -> duckdb.DuckDBPyRelation:
    """A sealed round, lazily: DuckDB reads only the columns that are asked for.

    The relation keeps its own in-memory connection, which may not fetch anything from outside.
    """
    connection = duckdb.connect(
        config={"autoinstall_known_extensions": False, "autoload_known_extensions": False}
    )
    return connection.read_parquet(str(path))


def tally_round(sealed: Any, survey: Survey) -> Tallies:
    """Both tallies from one pass over the answers; arguments and errors as below."""
    patterns = count_patterns(sealed, survey)
    return Tallies(_answers(patterns, survey), _items(patterns, survey))


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


def combine(tallies: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Add tallies of one kind together: the tally of several rounds is the sum of theirs."""
    together = pl.concat(list(tallies))
    key = [name for name in (*TALLY_KEY, *PAIR_KEY[2:]) if name in together.columns]
    sums = [name for name in together.columns if name not in key]
    return together.group_by(key).agg(pl.col(sums).sum()).sort(key)


def _answers(patterns: Patterns, survey: Survey) -> pl.DataFrame:
    """Rows come out sorted because the counts are laid out in that order."""
    constructs = sorted(survey.constructs, key=lambda construct: construct.key)
    labels = _stacked([_scored(construct, survey.scale) for construct in constructs])
    names = pl.Series([construct.key for construct in constructs], dtype=pl.String)
    parts = []
    for first, leaves, counts in _blocks(patterns, survey):
        wide = np.concatenate(
            [_states(counts[each.key], leaves, each, survey.scale) for each in constructs], axis=1
        )
        leaf, state = np.nonzero(wide)
        parts.append(
            pl.DataFrame(
                {
                    "leaf": patterns.leaves.gather(leaf + first),
                    "construct": names.gather(labels[state, 0]),
                    "answered": labels[state, 1],
                    "total": labels[state, 2],
                    "count": wide[leaf, state],
                }
            )
        )
    return pl.concat(parts) if parts else _no_answers()


def _no_answers() -> pl.DataFrame:
    kinds = [pl.String, pl.String, pl.Int64, pl.Int64, pl.Int64]
    return pl.DataFrame(schema=dict(zip((*TALLY_KEY, "count"), kinds, strict=True)))


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
    for _, leaves, counts in _blocks(patterns, survey):
        sums = np.empty((leaves, len(pairs), len(PAIR_SUMS)), dtype=np.int64)
        for at, (each, a, b) in enumerate(pairs):
            sums[:, at] = _pair_sums(counts[each.key], leaves, each, (a, b), survey.scale)
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


class _Counted(NamedTuple):
    """How many respondents of each leaf answered a construct in which way; a row for each way.

    number: of the leaf in its block. pattern: the row of `digits`. people: as floats, which hold
        whole numbers to 2**53, because np.bincount adds floats.
    digits: (patterns, items), the states of the items in a pattern, 0 for no answer.
    """

    number: Ints
    pattern: Ints
    people: NDArray[np.float64]
    digits: Ints


def _blocks(patterns: Patterns, survey: Survey) -> Iterator[tuple[int, int, dict[str, _Counted]]]:
    """Neighbouring leaves together: number of the first, how many, their counts."""
    for first in range(0, len(patterns.leaves), BLOCK):
        leaves = min(BLOCK, len(patterns.leaves) - first)
        inside = pl.col("number").is_between(first, first + leaves - 1)
        counts = {}
        for each in survey.constructs:
            block = patterns.counts[each.key]
            if len(patterns.leaves) > BLOCK:
                block = block.filter(inside)
            number, code, count = (block[name].to_numpy() for name in block.columns)
            base, items = states(survey.scale), len(each.items)
            # Where there can be very many codes, only those that occur are looked at.
            if base**items > MANY_CODES:
                codes, pattern = np.unique(code, return_inverse=True)
            else:
                codes, pattern = np.arange(base**items), code
            digits = codes[:, None] // base ** np.arange(items) % base
            counts[each.key] = _Counted(
                number.astype(np.int64) - first, pattern, count.astype(float), digits
            )
        yield first, leaves, counts


def _aligned(scale: Scale, reversed_: bool) -> Ints:
    """The answer of each state with high meaning much of the construct; 0 for none."""
    answers = range(scale.low, scale.high + 1)
    return np.array([0, *(reversed(answers) if reversed_ else answers)])


def _scored(construct: Construct, scale: Scale) -> Ints:
    """All pairs of answered and total there might be, (pairs, 2), as `_states` numbers them."""
    items = len(construct.items)
    answered, above = np.indices((items + 1, items * (scale.high - scale.low) + 1)).reshape(2, -1)
    return np.stack([answered, above + answered * scale.low], axis=1)


def _states(counted: _Counted, leaves: int, construct: Construct, scale: Scale) -> Ints:
    """How many respondents of each leaf have which answered and total: (leaves, pairs)."""
    digits = counted.digits
    answered: Ints = (digits > 0).sum(axis=1)
    total: Ints = np.zeros(len(digits), dtype=np.int64)
    for place, item in enumerate(construct.items):
        total += _aligned(scale, item.reversed)[digits[:, place]]
    pairs = len(_scored(construct, scale))
    width = pairs // (len(construct.items) + 1)
    state: Ints = answered * width + total - answered * scale.low
    return _laid_out(counted, state, (leaves, pairs))


def _pair_sums(
    counted: _Counted, leaves: int, construct: Construct, pair: tuple[int, int], scale: Scale
) -> Ints:
    """n, sum_a, sum_b, sum_ab of each leaf, (leaves, 4), from its table of both items' states."""
    base = states(scale)
    both_states: Ints = counted.digits[:, pair[0]] * base + counted.digits[:, pair[1]]
    table = _laid_out(counted, both_states, (leaves, base**2))
    a, b = np.indices((base, base)).reshape(2, -1)
    both = (a > 0) & (b > 0)
    first, second = (
        _aligned(scale, construct.items[place].reversed)[state]
        for place, state in zip(pair, (a, b), strict=True)
    )
    weights: Ints = np.stack([both, first, second, first * second], axis=1) * both[:, None]
    sums: Ints = table @ weights
    return sums


def _laid_out(counted: _Counted, state: Ints, shape: tuple[int, int]) -> Ints:
    """How many respondents of each leaf have which state: `shape`. state: that of each pattern."""
    place = counted.number * shape[1] + state[counted.pattern]
    flat = np.bincount(place, weights=counted.people, minlength=shape[0] * shape[1])
    return flat.astype(np.int64).reshape(shape)


def _stacked(tables: Iterable[Ints]) -> Ints:
    """Tables under each other, with the number of each table before its rows."""
    return np.concatenate(
        [np.insert(table, 0, number, axis=1) for number, table in enumerate(tables)]
    )
