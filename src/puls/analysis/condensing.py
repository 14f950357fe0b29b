"""From a round's counts to sums of which there is a fixed number for each leaf group and construct.

They are all that `puls.analysis.overview` needs.
"""

from collections.abc import Iterable, Sequence
from itertools import combinations_with_replacement
from typing import NamedTuple

import numpy as np
import polars as pl

from puls.analysis.coding import Ints
from puls.analysis.scoring import PAIR_SUMS, Counts, Tallies
from puls.analysis.tallies import SIXTY
from puls.content.definitions import Construct, Scale, Survey

MOMENTS = ("n", "total60", "total60_sq", "min60", "max60")


class Condensed(NamedTuple):
    """Sums of a round, in the order of `leaves` and of the survey's constructs.

    moments: int, (leaves, constructs, 5 + points of the scale): `MOMENTS`, and how many scores
        are nearest to each point, halves up. All zeros without a score.
    pairs: int, (leaves, pairs of items of all constructs, 4): as `scoring.tally_items`.
    """

    leaves: tuple[str, ...]
    moments: Ints
    pairs: Ints


def condense(counts: Counts, survey: Survey) -> Condensed:
    """The sums of a round. counts: what `scoring.count_round` gave."""
    people = (
        (counts.scored[each.key].states, counts.scored[each.key].of_states)
        for each in survey.constructs
    )
    pairs = [counts.pairs[each.key] for each in survey.constructs]
    return Condensed(
        tuple(counts.groups["leaf"]), _all_moments(people, survey), np.concatenate(pairs, axis=1)
    )


def condense_tallies(tallies: Tallies, survey: Survey) -> Condensed:
    """The same of tallies that were laid out, as of several rounds that were combined.

    AssertionError for constructs the survey has not.
    """
    leaves, keys = tallies.items["leaf"].unique().sort(), [each.key for each in survey.constructs]
    construct = _place(tallies.answers["construct"], keys)
    leaf = _place(tallies.answers["leaf"], leaves)
    given = tallies.answers.select("answered", "total", "count").to_numpy()
    people = []
    for at in range(len(keys)):
        mine = construct == at
        states, state = np.unique(given[mine, :2], axis=0, return_inverse=True)
        of_states = np.zeros((len(leaves), len(states)), dtype=np.int64)
        of_states[leaf[mine], state.ravel()] = given[mine, 2]
        people.append((states, of_states))
    return Condensed(
        tuple(leaves), _all_moments(people, survey), _in_order(tallies.items, leaves, survey)
    )


def points(scale: Scale) -> range:
    """The answers there are."""
    return range(scale.low, scale.high + 1)


def _all_moments(people: Iterable[tuple[Ints, Ints]], survey: Survey) -> Ints:
    """`Condensed.moments`. people: by construct the states and their counts, as `Scored`."""
    found = zip(people, survey.constructs, strict=True)
    return np.stack([_moments(*each, construct, survey.scale) for each, construct in found], axis=1)


def _moments(states: Ints, people: Ints, construct: Construct, scale: Scale) -> Ints:
    answered, total = states.T
    # As `tallies.with_score`, a state at a time; a test holds the two together.
    enough = np.flatnonzero((answered > 0) & (2 * answered >= len(construct.items)))
    score = total[enough] * SIXTY // answered[enough]
    rising = np.argsort(score, kind="stable")
    score, people = score[rising], people[:, enough[rising]]
    nearest = (score[:, None] + SIXTY // 2) // SIXTY == np.array(points(scale))
    labels = np.column_stack([np.ones_like(score), score, score**2, nearest])
    # Floats multiply fast, and are exact for whole numbers far below 2**53; a leaf at a time, for
    # which linear algebra starts no threads.
    sums = np.rint(people[:, None].astype(float) @ labels.astype(float))[:, 0].astype(np.int64)
    ends = np.zeros((len(people), 2), dtype=np.int64)
    some = np.flatnonzero(sums[:, 0])
    if len(some):
        there = people[some] > 0
        ends[some, 0] = score[there.argmax(axis=1)]
        ends[some, 1] = score[::-1][there[:, ::-1].argmax(axis=1)]
    return np.concatenate([sums[:, :3], ends, sums[:, 3:]], axis=1)


def _in_order(items: pl.DataFrame, leaves: pl.Series, survey: Survey) -> Ints:
    """The sums of pairs, (leaves, pairs, 4); tallies that were combined have them in another."""
    keys = [item.key for item in survey.items]
    number = {key: at for at, key in enumerate(keys)}
    pairs = np.zeros((len(keys), len(keys)), dtype=np.int64)
    named = [
        (number[a.key], number[b.key])
        for construct in survey.constructs
        for a, b in combinations_with_replacement(construct.items, 2)
    ]
    pairs[tuple(np.array(named).T)] = np.arange(len(named))
    pair = pairs[_place(items["item_a"], keys), _place(items["item_b"], keys)]
    if (pair != np.tile(np.arange(len(named)), len(leaves))).any():
        items = items[np.lexsort((pair, _place(items["leaf"], leaves)))]
    return items.select(PAIR_SUMS).to_numpy().reshape(len(leaves), -1, len(PAIR_SUMS))


def _place(words: pl.Series, known: pl.Series | Sequence[str]) -> Ints:
    """Where each word stands among the known ones."""
    place = words.cast(pl.Enum(known), strict=False).to_physical()
    strangers = set(words.filter(place.is_null())) if place.has_nulls() else set()
    assert not strangers, f"no {words.name} of this survey: {sorted(strangers)[:5]}"
    return place.to_numpy().astype(np.int64)
