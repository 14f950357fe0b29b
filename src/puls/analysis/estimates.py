"""What a unit's mean says about its practice: an estimate with an interval.

A small unit's mean is noisy: of the variation between answers, units explain a few per cent. So
a unit's own mean is weighed against what is known about units like it, the more so the fewer
answers it has (partial pooling, empirical Bayes). The raw mean is shown; the estimate gives its
interval, which is for the unit's practice and not only for the respondents who happened to answer.

The model: a respondent's score is the country's mean, plus an effect of every unit the
respondent belongs to (variance tau2 of the unit's tier), plus the respondent's own deviation
(variance sigma2, the same everywhere).

Where things come from matters for what they give away: every input of a released interval is
itself released. sigma2 and tau2 are national. What a unit is weighed against is the *rest* of the
nearest published unit above that holds more answers: both n and both means are published, so the
rest is too. (Weighing a unit against a mean in which its own answers count once more would make
the interval too narrow, most of all in a municipality with one school.)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from puls.analysis.evidence import WITHIN_80
from puls.analysis.tallies import lineage
from puls.content.definitions import Scale


@dataclass(frozen=True)
class Components:
    """Variances of one construct in the whole country, in square scale points.

    sigma2: between the respondents of one leaf group.
    tau2: by tier from the country down, between the units of that tier below one parent;
        0 for the country, of which there is only one.
    """

    sigma2: float
    tau2: tuple[float, ...]


ENOUGH_HOMES = 30
"""Below so many groups, variances say too much of single answers and too little of a country."""


def starting(scale: Scale, tiers: int) -> Components:
    """Variances to begin with, before a whole country has answered.

    They come from no answers at all: with n and mean, a variance taken from one small round would
    give its answers away. The standard deviation of scores is a quarter of the scale's width, and
    units explain 5 % of the variation (schools about 4 %, municipalities about 1 %:
    Rockwool Fonden's study of Danish schools), shared equally by the tiers below the country.
    """
    variance = ((scale.high - scale.low) / 4) ** 2
    between = 0.05 * variance / max(1, tiers - 1)
    return Components(0.95 * variance, (0.0, *[between] * (tiers - 1)))


@dataclass(frozen=True)
class Prior:
    """What is known about a unit before its own answers: scale points, square scale points."""

    mean: float
    variance: float


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
    """Find the places of all homes. rank: each unit's tier, 0 for the country."""
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
    """The variances of one construct, by the method of moments from tallies.

    n, total60, total60_sq: int, (homes,): the scores of each home, in sixtieths; n may be 0.
    at: int, (homes, tiers): as in `Places`.

    Each tier's sum of squares between units within the unit above has an expectation that is
    linear in the variances; solved from the lowest tier up (Henderson's method I; Searle,
    Casella & McCulloch, Variance Components, 1992, chapter 5). Negative solutions become 0.
    Where no home has two respondents, sigma2 cannot be told from tau2: then it is the largest
    that the scale allows, so that nothing looks surer than it is.
    """
    tiers = at.shape[1]
    some = n > 0
    n, at = n[some], at[some]
    everyone = int(n.sum())
    if everyone == len(n):
        return Components(((scale.high - scale.low) / 2) ** 2, (0.0,) * tiers)
    centre = float(total60[some].sum()) / everyone
    deviation = total60[some] - n * centre
    size, between, groups = [], [], []
    for tier in range(tiers):
        units, unit = np.unique(at[:, tier], return_inverse=True)
        sizes = np.bincount(unit, weights=n)
        between.append(float(np.sum(np.bincount(unit, weights=deviation) ** 2 / sizes)))
        size.append(sizes[unit])
        groups.append(len(units))
    everything = float(total60_sq[some].sum()) - everyone * centre**2
    sigma2 = max(0.0, (everything - between[-1]) / (everyone - groups[-1]))
    tau2 = [0.0] * tiers
    for tier in reversed(range(1, tiers)):
        # By the tier's own units less the units above: its squares, and its share of each variance.
        squares = between[tier] - between[tier - 1]
        share = [np.sum(n * s / size[tier]) - np.sum(n * s / size[tier - 1]) for s in size]
        squares -= sigma2 * (groups[tier] - groups[tier - 1])
        squares -= sum(tau2[lower] * share[lower] for lower in range(tier + 1, tiers))
        if groups[tier] > groups[tier - 1]:
            tau2[tier] = max(0.0, float(squares / share[tier]))
    return Components(sigma2 / 3600, tuple(variance / 3600 for variance in tau2))


def rest_of(
    whole: tuple[int, float],
    part: tuple[int, float],
    tiers: tuple[int, int],
    branches: tuple[Sequence[int], Sequence[int]],
    variances: Components,
) -> Prior:
    """What the rest of a unit above says about one unit within it.

    whole, part: n and mean of the unit above and of the unit itself; whole has more answers.
    tiers: the tier numbers of the two. branches: of the two, as in `Places`.

    The variance is that of the difference between the practice of the unit and of the rest,
    each an average of the units it holds, plus the sampling variance of the rest's mean. How
    large hidden units are is not published, so units of one tier count as equally large.
    """
    (n_whole, mean_whole), (n_part, mean_part) = whole, part
    n_rest = n_whole - n_part
    assert n_rest > 0, "there is no rest to compare with"
    variance = variances.sigma2 / n_rest
    for tier in range(tiers[0] + 1, len(variances.tau2)):
        in_whole, in_part = branches[0][tier], branches[1][tier]
        if in_whole == 1:
            continue  # One unit holds both: its effect is in both means and falls out.
        in_rest = max(1, in_whole - in_part)
        variance += variances.tau2[tier] * (1 / in_part + 1 / in_rest)
    return Prior((n_whole * mean_whole - n_part * mean_part) / n_rest, variance)


def interval(
    n: int, mean: float, variances: Components, prior: Prior | None, scale: Scale
) -> tuple[float, float]:
    """The central 80 % of the estimate of a unit's practice, within the scale.

    Without a prior (the country; nothing published above) the unit's answers stand alone.
    """
    assert n > 0, "status is decided from n before anything is divided"
    sampling = variances.sigma2 / n
    if prior is None or sampling == 0:
        centre, variance = mean, sampling
    else:
        trust = prior.variance / (prior.variance + sampling)
        centre, variance = prior.mean + trust * (mean - prior.mean), trust * sampling
    half = WITHIN_80 * sqrt(variance)
    low, high = centre - half, centre + half
    return min(max(low, scale.low), scale.high), max(min(high, scale.high), scale.low)
