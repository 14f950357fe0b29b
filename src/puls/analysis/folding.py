"""From patterns of answers to what is kept of them: counted in tables, added by matrix products.

What is kept of a group is the sum over its people of some small whole numbers, the *labels*, that
follow from what they answered: 1 for having this score, the product of these two answers. So the
people are counted by group and *state* (a few items' answers, no more than matter for the labels),
and the table is multiplied by the labels of the states. All numbers are whole and stay far below
2**53, where floats begin to round, so sums are exact and do not depend on any order.
"""

from itertools import combinations, combinations_with_replacement
from typing import NamedTuple

import numpy as np

from puls.analysis.coding import Ints, aligned, codes, digits_of, scores, states
from puls.analysis.patterns import Ways
from puls.content.definitions import Construct, Scale

CELLS = 2**24
"""So many cells of a table are laid out at a time: 128 MB."""

FEW_PRODUCTS = 2**18
"""So many at a time do linear algebra libraries without threads, which would cost more here than
they give: several times the CPU on a busy machine."""


class Read(NamedTuple):
    """Ways of answering, with what each pattern means.

    pattern: the row of `digits` of each way. digits: (patterns, items), the states of the items.
    """

    ways: Ways
    pattern: Ints
    digits: Ints
    construct: Construct
    scale: Scale


class Scored(NamedTuple):
    """How many people of each group answered how much of a construct.

    states: (states, 2), answered and total, sorted. of_states: (groups, states).
    patterns: bit i is set when item i was answered, sorted. of_patterns: (groups, patterns).
    """

    states: Ints
    of_states: Ints
    patterns: Ints
    of_patterns: Ints


def read(ways: Ways, construct: Construct, scale: Scale) -> Read:
    """The ways of answering a construct, with the states of its items."""
    if codes(construct, scale) <= len(ways.code):
        code, pattern = np.arange(codes(construct, scale)), ways.code.astype(np.intp)
    else:
        # Where there can be more codes than there are people, only those that occur.
        code, pattern = np.unique(ways.code.astype(np.int64), return_inverse=True)
    return Read(ways, pattern, digits_of(code, construct, scale), construct, scale)


def summed(found: Read, state: Ints, labels: Ints, groups: int) -> Ints:
    """The sums of labels over each group's people: (groups, labels).

    state: that of each way. labels: (states, labels).
    """
    number, people, (width, terms) = found.ways.number, found.ways.people, labels.shape
    sums = np.empty((groups, terms), dtype=np.int64)
    largest = int(np.abs(labels).max(initial=0))
    rows = max(1, FEW_PRODUCTS // max(1, width * terms))
    block = max(1, CELLS // max(1, width))
    for first in range(0, groups, block):
        size = min(block, groups - first)
        inside = slice(*np.searchsorted(number, [first, first + size]))
        place = (number[inside] - first) * width
        place += state[inside]
        weights = None if people is None else people[inside]
        padded = -(-size // rows) * rows
        table = np.bincount(place, weights=weights, minlength=padded * width)
        # Shorter floats, which are twice as fast, where they are exact, too.
        short = weights is None and len(place) * largest < 2**24
        kind = np.float32 if short else np.float64
        product = table.astype(kind).reshape(-1, rows, width) @ labels.astype(kind)
        sums[first : first + size] = np.rint(product.reshape(padded, terms)[:size])
    return sums


def fold_scores(found: Read, groups: int) -> Scored:
    """People of each group by answered and total, and by which items they answered.

    groups: how many there are; a group that nobody is in has zeros.
    """
    given, items = found.digits > 0, found.digits.shape[1]
    answered = given.sum(axis=1)
    pattern = given @ 2 ** np.arange(items)
    total = aligned(found.digits, found.construct, found.scale).sum(axis=1)
    # Of the people with one pattern of given answers and one total, nothing more is told.
    low = int(total.min(initial=0))
    width = int(total.max(initial=0)) - low + 1
    _, first, kind = np.unique(
        pattern * width + total - low, return_index=True, return_inverse=True
    )
    score = answered[first] * width + total[first] - low
    states_, state = np.unique(score, return_inverse=True)
    patterns, at = np.unique(pattern[first], return_inverse=True)
    labels = np.concatenate([_one_hot(state, len(states_)), _one_hot(at, len(patterns))], axis=1)
    sums = summed(found, kind[found.pattern], labels, groups)
    both = np.stack([states_ // width, states_ % width + low], axis=1)
    return Scored(both, sums[:, : len(states_)], patterns, sums[:, len(states_) :])


def fold_pairs(found: Read, groups: int) -> Ints:
    """n, sum_a, sum_b, sum_ab over those who answered both: (groups, pairs, 4).

    Three items are counted at a time, which is enough for the pairs among them.
    """
    items, base = len(found.construct.items), states(found.scale)
    parts, told = [], []
    for some, new in _triples(items):
        state = found.digits[:, some] @ base ** np.arange(len(some))
        every = np.arange(base ** len(some))
        digits = every[:, None] // base ** np.arange(len(some)) % base
        few = Construct("", tuple(found.construct.items[item] for item in some))
        answers, given = aligned(digits, few, found.scale), digits > 0
        labels = []
        for one, other in new:
            a, b = some.index(one), some.index(other)
            both = given[:, a] & given[:, b]
            terms = (both, answers[:, a], answers[:, b], answers[:, a] * answers[:, b])
            labels += [term * both for term in terms]
        sums = summed(found, state[found.pattern], np.stack(labels, axis=1), groups)
        parts.append(sums.reshape(groups, len(new), 4))
        told += new
    in_order = sorted(range(len(told)), key=lambda at: told[at])
    return np.concatenate(parts, axis=1)[:, in_order]


def fold_product(one: Read, other: Read, groups: int) -> Ints:
    """`patterns.PRODUCT_SUMS` of two constructs, from a row for each respondent: (groups, 6)."""
    (a_scores, a), (b_scores, b) = (
        np.unique(scores(each.digits, each.construct, each.scale), return_inverse=True)
        for each in (one, other)
    )
    first, second = (each.ravel() for each in np.meshgrid(a_scores, b_scores, indexing="ij"))
    both = (first >= 0) & (second >= 0)
    terms = (both, first, second, first**2, second**2, first * second)
    labels = np.stack([term * both for term in terms], axis=1)
    state = a[one.pattern] * len(b_scores) + b[other.pattern]
    return summed(one, state, labels, groups)


def _one_hot(place: Ints, places: int) -> Ints:
    found: Ints = (place[:, None] == np.arange(places)).astype(np.int64)
    return found


def _triples(items: int) -> list[tuple[tuple[int, ...], list[tuple[int, int]]]]:
    """Few sets of at most three items in which every pair stands; with each set, its new pairs."""
    left = set(combinations_with_replacement(range(items), 2))
    found = []
    while left:
        some = max(
            combinations(range(items), min(3, items)),
            key=lambda some: len(left & set(combinations_with_replacement(some, 2))),
        )
        new = sorted(left & set(combinations_with_replacement(some, 2)))
        found.append((tuple(sorted({item for pair in new for item in pair})), new))
        left -= set(new)
    return found
