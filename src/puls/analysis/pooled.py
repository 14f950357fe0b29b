"""One survey's tallies laid out on the tree of one day: what a release is judged from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
import polars as pl

from puls.analysis import history, tallies
from puls.analysis.estimates import (
    ENOUGH_HOMES,
    Components,
    Places,
    components,
    places,
    starting,
)
from puls.content.definitions import Survey
from puls.units import UnitTree


class Moments(NamedTuple):
    """Sums over the scores of a unit, in sixtieths, as in `puls.analysis.tallies`."""

    n: int
    total60: int
    total60_sq: int
    min60: int
    max60: int

    @property
    def mean(self) -> float:
        """In points of the scale. One division of whole numbers: exact to the last bit."""
        return self.total60 / (60 * self.n)


@dataclass(frozen=True)
class Pooled:
    """Answers where they count, and summed to every unit above.

    parents: the units that exist on the day or hold answers, and the unit above each.
    rank: the tier of each, 0 for the country.
    own, every: by construct and unit, the answers given directly there, and with all below;
        a unit without scores is absent.
    torn: units that hold only a part of what others, now split up, were asked as.
    """

    survey: Survey
    parents: Mapping[str, str | None]
    rank: Mapping[str, int]
    tiers: int
    own: Mapping[str, Mapping[str, Moments]]
    every: Mapping[str, Mapping[str, Moments]]
    places: Places
    torn: frozenset[str]

    def variances(self) -> dict[str, Components]:
        """Each construct's variance components, from all the answers that are here.

        Where fewer than ENOUGH_HOMES groups have answered they are the starting ones, which
        come from no answers.
        """
        return {construct: self._components(construct) for construct in self.own}

    def _components(self, construct: str) -> Components:
        nothing = Moments(0, 0, 0, 0, 0)
        found = [self.own[construct].get(home, nothing) for home in self.places.homes]
        n, total60, total60_sq = np.array(found, dtype=np.int64).reshape(-1, 5).T[:3]
        if np.count_nonzero(n) < ENOUGH_HOMES:
            return starting(self.survey.scale, self.tiers)
        return components(n, total60, total60_sq, self.places.at, self.survey.scale)


def pooled(
    survey: Survey, tally: pl.DataFrame, tree: UnitTree, day: date, tiers: tuple[str, ...]
) -> Pooled:
    """Carry a survey's tally (`scoring.tally_answers`) to the units of the day, and sum it up.

    tiers: the keys of the country's tiers, from the country down. AssertionError for a unit of
        another tier.
    """
    home = history.carry_leaves(tree, tally["leaf"].unique().sort().to_list(), day)
    holding = {above for unit in home.values() for above in tree.lineage(unit)}
    units = sorted(holding | _existing(tree, day))
    strange = {tree[unit].tier for unit in units} - set(tiers)
    assert not strange, f"tiers without a weight: {sorted(strange)}"
    parents = {unit: tree[unit].parent for unit in units}
    rank = {unit: tiers.index(tree[unit].tier) for unit in units}
    own = tallies.at_home(tally, survey, home)
    return Pooled(
        survey,
        parents,
        rank,
        len(tiers),
        _by_construct(survey, own),
        _by_construct(survey, tallies.lift(own, parents)),
        places(sorted(set(own["unit"])), parents, rank, len(tiers)),
        history.torn(tree, home.values(), day),
    )


def _existing(tree: UnitTree, day: date) -> set[str]:
    """Units that exist on the day with all units above them: a school may outlive the closed
    municipality it was listed under, but is nowhere on today's tree."""
    valid = {unit.key for unit in tree.at(day)}
    return {unit for unit in valid if valid.issuperset(tree.lineage(unit))}


def _by_construct(survey: Survey, moments: pl.DataFrame) -> dict[str, dict[str, Moments]]:
    found = {}
    for construct in survey.constructs:
        own = moments.filter(construct=construct.key)
        sums = map(Moments._make, own.select(Moments._fields).iter_rows())
        found[construct.key] = dict(zip(own["unit"], sums, strict=True))
    return found
