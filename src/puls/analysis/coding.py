"""A respondent's answers to a construct as one small number, and back.

The digits of the *code*, in base `states`, are 0 for an item not answered and 1, 2, ... for the
answers from the scale's low end up; the first item has the lowest digit. With five points there are
six states, so three items have 216 codes:

    5, 4, not answered     5 + 4 * 6 + 0 * 36 = 29

Codes and scores are written as narwhals expressions, which run unchanged on every engine. What a
code means is worked out here with numpy, once for each code.
"""

from collections.abc import Mapping
from functools import reduce
from operator import add
from typing import TypeAlias

import narwhals.stable.v2 as nw
import numpy as np
from numpy.typing import NDArray

from puls.analysis.tallies import SIXTY
from puls.content.definitions import Construct, Item, Scale

Ints: TypeAlias = NDArray[np.int64]

SMALL = 2**15
"""Codes below it need two bytes."""


def states(scale: Scale) -> int:
    """The states of an item: the answers there are, and none."""
    return scale.high - scale.low + 2


def codes(construct: Construct, scale: Scale) -> int:
    """How many codes there are."""
    found: int = states(scale) ** len(construct.items)
    return found


def code(construct: Construct, scale: Scale) -> nw.Expr:
    """The code of a respondent, under the construct's key; without a meaning where `off_scale`."""
    kind = nw.Int16 if codes(construct, scale) <= SMALL else nw.Int32
    *lower, highest = (_digit(item, scale) for item in construct.items)
    found = highest.cast(kind)
    for digit in reversed(lower):
        found = found * states(scale) + digit
    return found.cast(kind).alias(construct.key)


def _digit(item: Item, scale: Scale) -> nw.Expr:
    # Summed over nothing but nulls an engine gives null, not 0: they become 0 here, at once.
    digit = nw.col(item.key).fill_null(scale.low - 1)
    return digit if scale.low == 1 else digit - (scale.low - 1)


def score(construct: Construct, scale: Scale) -> nw.Expr:
    """The score in sixtieths, null where less than half of the items were answered."""
    answered: nw.Expr = reduce(
        add, ((~nw.col(item.key).is_null()).cast(nw.Int64) for item in construct.items)
    )
    total: nw.Expr = reduce(add, (_mirrored(item, scale).fill_null(0) for item in construct.items))
    enough = range((len(construct.items) + 1) // 2, len(construct.items) + 1)
    return nw.coalesce(
        *(nw.when(answered == given).then(total * (SIXTY // given)) for given in enough)
    )


def off_scale(ends: Mapping[str, tuple[int, int]]) -> nw.Expr:
    """True where there is an answer below the lowest or above the highest. ends: by column."""
    right = (nw.col(name).is_between(low, high) for name, (low, high) in ends.items())
    return ~nw.all_horizontal(*right, ignore_nulls=True)


def _mirrored(item: Item, scale: Scale) -> nw.Expr:
    answer = nw.col(item.key).cast(nw.Int64)
    return scale.low + scale.high - answer if item.reversed else answer


def digits_of(code: Ints, construct: Construct, scale: Scale) -> Ints:
    """The states of the items, (codes, items); 0 for no answer."""
    base = states(scale)
    return code[:, None] // base ** np.arange(len(construct.items)) % base


def aligned(digits: Ints, construct: Construct, scale: Scale) -> Ints:
    """The answers, with high meaning much of the construct; 0 for none. As `digits_of`."""
    answer = digits + scale.low - 1
    mirrored = [item.reversed for item in construct.items]
    found = np.where(mirrored, scale.low + scale.high - answer, answer)
    return np.where(digits > 0, found, 0)


def scores(digits: Ints, construct: Construct, scale: Scale) -> Ints:
    """The scores in sixtieths, -1 where there is none, (codes,): the same that `score` gives."""
    answered = (digits > 0).sum(axis=1)
    total = aligned(digits, construct, scale).sum(axis=1)
    found = total * (SIXTY // np.maximum(answered, 1))
    enough = (answered > 0) & (2 * answered >= len(construct.items))
    return np.where(enough, found, -1)
