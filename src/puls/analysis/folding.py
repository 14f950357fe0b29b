"""From counts of patterns of answers to what is kept of them: adding whole numbers, no engine."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray

from puls.analysis.patterns import Patterns, states
from puls.content.definitions import Construct, Scale, Survey

BLOCK = 20_000
"""So many leaf groups are laid out at a time: some 100 MB for a survey of forty items."""

MANY_CODES = 50_000

Ints: TypeAlias = NDArray[np.int64]


class Counted(NamedTuple):
    """How many respondents of each leaf answered a construct in which way; a row for each way.

    number: of the leaf in its block. pattern: the row of `digits`. people: as floats, which hold
        whole numbers to 2**53, because np.bincount adds floats.
    digits: (patterns, items), the states of the items in a pattern, 0 for no answer.
    """

    number: Ints
    pattern: Ints
    people: NDArray[np.float64]
    digits: Ints


def blocks(patterns: Patterns, survey: Survey) -> Iterator[tuple[int, int, dict[str, Counted]]]:
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
            counts[each.key] = Counted(
                number.astype(np.int64) - first, pattern, count.astype(float), digits
            )
        yield first, leaves, counts


def _aligned(scale: Scale, reversed_: bool) -> Ints:
    """The answer of each state with high meaning much of the construct; 0 for none."""
    answers = range(scale.low, scale.high + 1)
    return np.array([0, *(reversed(answers) if reversed_ else answers)])


def scored(construct: Construct, scale: Scale) -> Ints:
    """All pairs of answered and total there might be, (pairs, 2), numbered as `scored_counts`."""
    items = len(construct.items)
    answered, above = np.indices((items + 1, items * (scale.high - scale.low) + 1)).reshape(2, -1)
    return np.stack([answered, above + answered * scale.low], axis=1)


def scored_counts(counted: Counted, leaves: int, construct: Construct, scale: Scale) -> Ints:
    """How many respondents of each leaf have which answered and total: (leaves, pairs)."""
    digits = counted.digits
    answered: Ints = (digits > 0).sum(axis=1)
    total: Ints = np.zeros(len(digits), dtype=np.int64)
    for place, item in enumerate(construct.items):
        total += _aligned(scale, item.reversed)[digits[:, place]]
    pairs = len(scored(construct, scale))
    width = pairs // (len(construct.items) + 1)
    state: Ints = answered * width + total - answered * scale.low
    return _laid_out(counted, state, (leaves, pairs))


def pair_sums(
    counted: Counted, leaves: int, construct: Construct, pair: tuple[int, int], scale: Scale
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


def _laid_out(counted: Counted, state: Ints, shape: tuple[int, int]) -> Ints:
    """How many respondents of each leaf have which state: `shape`. state: that of each pattern."""
    place = counted.number * shape[1] + state[counted.pattern]
    flat = np.bincount(place, weights=counted.people, minlength=shape[0] * shape[1])
    return flat.astype(np.int64).reshape(shape)


def stacked(tables: Iterable[Ints]) -> Ints:
    """Tables under each other, with the number of each table before its rows."""
    return np.concatenate(
        [np.insert(table, 0, number, axis=1) for number, table in enumerate(tables)]
    )
