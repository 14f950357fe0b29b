"""How much units differ: the variances that the estimate of a unit's practice rests on.

The model: a respondent's score is the country's mean, plus an effect of every unit the
respondent belongs to (variance tau2 of the unit's tier), plus the respondent's own deviation
(variance sigma2, the same everywhere). Variances are those of restricted maximum likelihood, all
tiers at once, from tallies, held from 0 where intervals rest on them. In made-up countries with
most municipalities having one school, the method of moments (Henderson's I, negative variances set
to 0) was tried beside it: both are right on average, but its tau2 of municipalities and schools
scattered by 20 to 30 % more.

sigma2 and tau2 are national and are released with the intervals that rest on them
(`puls.analysis.practice`). A release takes them from whole shown cells alone
(`puls.analysis.shown_groups`), so that they say nothing of hidden groups (docs/safety.md), and with
two digits besides. What is here takes the groups it is given.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from puls.analysis import nested
from puls.analysis.coarse import two_digits
from puls.analysis.evidence import LEAST_UNITS
from puls.analysis.tallies import lineage
from puls.content.definitions import Scale


@dataclass(frozen=True)
class Components:
    """Variances of one construct in the whole country, in square scale points.

    sigma2: between the respondents of one leaf group.
    tau2: by tier from the country down, between the units of that tier below one parent;
        0 for the country, of which there is only one.
    unequal: by tier, how unlike in answers its units are: the squared coefficient of variation
        of n; () for all alike.
    units: by tier, how many units tau2 was learnt from; () when not from answers.
    """

    sigma2: float
    tau2: tuple[float, ...]
    unequal: tuple[float, ...] = ()
    units: tuple[int, ...] = ()

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> "Components":
        """From what `dataclasses.asdict` made of it; older ones have the variances only, and more
        digits than are used."""
        return cls(kept["sigma2"], *(tuple(kept.get(name, ())) for name in LISTS)).coarse()

    def coarse(self) -> "Components":
        """With two significant digits, as they are released and as released intervals rest on them.

        A second belt: they rest on shown cells already (`puls.analysis.coarse`).
        """
        return Components(
            two_digits(self.sigma2),
            tuple(map(two_digits, self.tau2)),
            tuple(map(two_digits, self.unequal)),
            self.units,
        )

    def by_chance(self, tier: int, units: int) -> float:
        """Variance of the mean of so many units of a tier, by which units it happens to be.

            tau2 (1 + c) / (units + c)        c: unequal

        With large and small units among them a mean is that of fewer: tau2 / units for equal ones,
        tau2 (1 + c) / units for many unequal ones, tau2 for a single one.
        """
        apart = self.unequal[tier] if self.unequal else 0.0
        return self.tau2[tier] * (1 + apart) / (units + apart)


LISTS = ("tau2", "unequal", "units")
ENOUGH_HOMES = 30
"""Below so many groups, variances say too much of single answers and too little of a country."""


USUALLY_UNEQUAL = 1.0
"""Numbers of pupils usually vary as much as their mean: so before anybody has answered."""


def starting(scale: Scale, tiers: int) -> Components:
    """Variances to begin with, before a whole country has answered.

    They come from no answers at all: with n and mean, a variance taken from one small round would
    give its answers away. The standard deviation of scores is a quarter of the scale's width, and
    units explain 5 % of the variation (schools about 4 %, municipalities about 1 %:
    Rockwool Fonden's study of Danish schools), shared equally by the tiers below the country.

    tiers: how many there are, the country's included. Variances are in square points of the scale.
    """
    variance = ((scale.high - scale.low) / 4) ** 2
    between = 0.05 * variance / max(1, tiers - 1)
    return Components(0.95 * variance, (0.0, *[between] * (tiers - 1)), (USUALLY_UNEQUAL,) * tiers)


@dataclass(frozen=True)
class Places:
    """Where the answers of every home lie, at every tier.

    homes: the units that answers count for directly.
    at: int, (homes, tiers): number of the unit at each tier, country first. A home without a
        unit at some tier (a school without departments) stands in for its own one.
    branches: by unit, for every tier the number of units at it that the unit holds; 1 at
        its own tier and above.
    """

    homes: tuple[str, ...]
    at: NDArray[np.int64]
    branches: Mapping[str, tuple[int, ...]]


def places(
    homes: Sequence[str], parents: Mapping[str, str | None], rank: Mapping[str, int], tiers: int
) -> Places:
    """Find the places of all homes. KeyError for a unit without a parent or a tier.

    homes: the units that answers count for directly. parents: the unit above each unit, None for
    the country. rank: each unit's tier, 0 for the country. tiers: how many there are.
    """
    numbers: dict[str, int] = {}
    rows = []
    held: dict[str, list[set[int]]] = {}
    for home in homes:
        line = lineage(home, parents)
        by_rank = {rank[unit]: unit for unit in line}
        row = [home] * tiers
        for tier in reversed(range(tiers - 1)):
            row[tier] = by_rank.get(tier, row[tier + 1])
        row_numbers = [numbers.setdefault(unit, len(numbers)) for unit in row]
        rows.append(row_numbers)
        for unit in line:
            below = held.setdefault(unit, [set() for _ in range(tiers)])
            for tier in range(tiers):
                below[tier].add(row_numbers[tier])
    branches = {unit: tuple(len(found) for found in below) for unit, below in held.items()}
    return Places(tuple(homes), np.array(rows, dtype=np.int64).reshape(-1, tiers), branches)


def components(
    n: NDArray[np.int64],
    total60: NDArray[np.int64],
    total60_sq: NDArray[np.int64],
    at: NDArray[np.int64],
    scale: Scale,
) -> Components:
    """The variances of one construct: restricted maximum likelihood (REML) from tallies.

    n, total60, total60_sq: int, (homes,): the scores of each home, in sixtieths; n may be 0.
    at: int, (homes, tiers): as in `Places`.

    All tiers at once (`puls.analysis.nested`). The variance of a tier with LEAST_UNITS units is
    held from 0: intervals rest on it, and would have no width. That of another may be 0, and
    nothing rests on it.

    A tier with no more units than the one above has no variance of its own: it is in that of
    the tier above. Where no home has two respondents, sigma2 cannot be told from tau2: then it is
    the largest that the scale allows, so that nothing looks surer than it is. Where all respondents
    of every home agree there is no chance to speak of, and all variances are 0.
    """
    tiers = at.shape[1]
    some = n > 0
    n, total60, total60_sq, at = n[some], total60[some], total60_sq[some], at[some]
    everyone = int(n.sum())
    nothing = (0.0,) * tiers
    if everyone == len(n):
        return Components(((scale.high - scale.low) / 2) ** 2, nothing)
    # Whole numbers up to the division: where all agree, this is 0 and nothing else.
    within = float(np.sum((n * total60_sq - total60**2) / n))
    sizes = [_sizes(n, at[:, tier]) for tier in range(tiers)]
    units = tuple(len(size) for size in sizes)
    apart = [tier for tier in range(1, tiers) if units[tier] > units[tier - 1]]
    if within == 0 or not apart:
        return Components(within / 3600 / (everyone - len(n)), nothing)
    tree = nested.Tree(n.astype(float), total60 / n, within, _above(at, [0, *apart]))
    lowest_first = apart[::-1]
    held = [units[tier] >= LEAST_UNITS for tier in lowest_first]
    sigma2, found = nested.most_likely(tree, held)
    tau2 = dict(zip(lowest_first, found.tolist(), strict=True))
    return Components(
        sigma2 / 3600,
        tuple(tau2.get(tier, 0.0) / 3600 for tier in range(tiers)),
        tuple(float(size.var() / size.mean() ** 2) for size in sizes),
        units,
    )


def _sizes(n: NDArray[np.int64], unit: NDArray[np.int64]) -> NDArray[np.float64]:
    """How many respondents each unit has. n, unit: by home."""
    found = np.bincount(np.unique(unit, return_inverse=True)[1], weights=n)
    return np.asarray(found, dtype=np.float64)


def _above(at: NDArray[np.int64], tiers: Sequence[int]) -> tuple[NDArray[np.int64], ...]:
    """For each of the tiers but the first, from the lowest up: the parent of each of its units.

    Parents are numbered within their tier, in the order of their numbers; the lowest tier's units
    are the homes, in the order of the rows.
    """
    found = []
    below = np.arange(len(at))
    for tier in reversed(tiers[:-1]):
        _, parent = np.unique(at[:, tier], return_inverse=True)
        first = np.unique(below, return_index=True)[1]
        found.append(parent[first])
        below = parent
    return tuple(found)
