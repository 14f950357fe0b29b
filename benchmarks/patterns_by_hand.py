"""What the hand-written contenders look up for each pattern of answers to a construct.

Both found this the fastest of what was tried: write the answers to a construct as one number,
count the numbers per school, and only then look up what each means. Sums of pairs are packed by
twos into doubles (whole numbers below 2**53), which an engine adds four times as fast.
"""

from itertools import combinations_with_replacement
from typing import NamedTuple

import numpy as np
import polars as pl

from benchmarks.country import SURVEY
from puls.content.definitions import Construct

STATES = 6
PACK = 2**26
POINTS = range(1, 6)
MOMENTS = ("n", "total60", "total60_sq", *(f"at_{point}" for point in POINTS))
"""Sums over the respondents with a score."""


class Counts(NamedTuple):
    """What all contenders make of a year's answers: two of the tables in `scoring.Tallies`."""

    answers: pl.DataFrame
    items: pl.DataFrame


def pairs(construct: Construct) -> list[tuple[int, int]]:
    return list(combinations_with_replacement(range(len(construct.items)), 2))


def meaning(construct: Construct) -> pl.DataFrame:
    """By `k`: answered, total, score60 (null without), moments, and e<pair>, f<pair>: packed."""
    items = construct.items
    k = np.arange(STATES ** len(items))
    digits = k[:, None] // STATES ** np.arange(len(items)) % STATES
    given = digits > 0
    aligned = np.where([item.reversed for item in items], given * 6 - digits, digits)
    answered, total = given.sum(axis=1), aligned.sum(axis=1)
    scored = (answered > 0) & (2 * answered >= len(items))
    score = np.where(scored, 60 * total // np.maximum(answered, 1), 0)
    columns = {
        "k": k,
        "answered": answered,
        "total": total,
        "n": scored.astype(float),
        "total60": score.astype(float),
        "total60_sq": score.astype(float) ** 2,
    }
    for point in POINTS:
        columns[f"at_{point}"] = (scored & ((score + 30) // 60 == point)).astype(float)
    for at, (a, b) in enumerate(pairs(construct)):
        both = (given[:, a] & given[:, b]).astype(float)
        columns[f"e{at}"] = both * (1 + PACK * aligned[:, a])
        columns[f"f{at}"] = both * (aligned[:, b] + PACK * aligned[:, a] * aligned[:, b])
    score60 = pl.Series("score60", score).set(pl.Series(~scored), None)
    return pl.DataFrame(columns).with_columns(score60)


def packed(construct: Construct) -> list[str]:
    return [f"{letter}{at}" for at in range(len(pairs(construct))) for letter in "ef"]


def unpacked(sums: np.ndarray) -> np.ndarray:
    """(schools, 2 * pairs) packed to (schools, pairs, 4): n, sum_a, sum_b, sum_ab."""
    high, low = np.divmod(sums.astype(np.int64), PACK)
    wide = np.stack([low, high], axis=-1)  # e: n, a; f: b, ab
    return wide.reshape(len(sums), -1, 4)


def counts(parts: list[pl.DataFrame], leaves: pl.Series, sums: list[np.ndarray]) -> Counts:
    """By construct: leaf, answered, total, count; sums of pairs of items, (schools, pairs, 4)."""
    return Counts(_answers(parts), _items(leaves, sums))


def _answers(parts: list[pl.DataFrame]) -> pl.DataFrame:
    """Counts of all constructs (leaf, answered, total, count) under each other, sorted."""
    named = [
        part.with_columns(construct=pl.lit(construct.key))
        for part, construct in zip(parts, SURVEY.constructs, strict=True)
    ]
    names = ["leaf", "construct", "answered", "total", "count"]
    whole = [pl.col(name).cast(pl.Int64) for name in names[2:]]
    return pl.concat(named).select(*names[:2], *whole).sort(names[:4])


def _items(leaves: pl.Series, sums: list[np.ndarray]) -> pl.DataFrame:
    """Sums of pairs of all constructs, each (schools, pairs, 4), as a table sorted by leaf."""
    every = np.concatenate(sums, axis=1)
    named = pl.DataFrame(
        [
            (construct.key, construct.items[a].key, construct.items[b].key)
            for construct in SURVEY.constructs
            for a, b in pairs(construct)
        ],
        schema=["construct", "item_a", "item_b"],
        orient="row",
    )
    at = np.arange(len(leaves))
    return pl.concat(
        [
            leaves.gather(np.repeat(at, len(named))).alias("leaf").to_frame(),
            named[np.tile(np.arange(len(named)), len(at))],
            pl.DataFrame(every.reshape(-1, 4), schema=["n", "sum_a", "sum_b", "sum_ab"]),
        ],
        how="horizontal",
    )
