"""What is told of a unit's practice: its estimate with an interval, and the levels it touches.

A small unit's mean is noisy: of the variation between answers, units explain a few per cent. So
a unit's own mean is weighed against what is known about units like it, the more so the fewer
answers it has (partial pooling, empirical Bayes). The raw mean is shown; the estimate gives its
interval.

The interval is for the unit's practice: what endlessly many respondents like its own would say on
average (a superpopulation). So there is no finite population correction, not even where everybody
has answered: a level judges what the unit does, which next year's pupils will meet too. For just
these pupils the mean that is shown is exact.

Every input of a released interval is itself released. Variances are national, and all else comes
from the published units above: what a unit of its parent is expected to be is known from the rest
of the parent, which is both n and both means apart, and from what is known of the parent without
any of its own answers, which is found the same way one step further up. A unit's own answers are
in none of this: counted twice, they would make the interval too narrow.
"""

from collections.abc import Sequence
from functools import lru_cache
from math import sqrt
from typing import NamedTuple

from puls.analysis import criteria
from puls.analysis.estimates import Components
from puls.analysis.evidence import LEAST_UNITS, WITHIN_80
from puls.analysis.membership import Place
from puls.cells import ReleasedCell, Status
from puls.content.definitions import Indicator, Scale


class Normal(NamedTuple):
    """What is known of a mean: scale points, square scale points."""

    mean: float
    variance: float


class Published(NamedTuple):
    """What is published of a unit. branches: as in `estimates.Places`."""

    n: int
    mean: float
    branches: tuple[int, ...]


def shown(
    place: Place,
    indicator: Indicator,
    line: Sequence[Published],
    variances: Components,
    scale: Scale,
    public: bool,
) -> ReleasedCell:
    """The cell of a unit that is shown: mean, interval and levels.

    place: what the cell is called. indicator: with the criteria that judge it, if any. line: the
    unit itself, then as for `prior`. variances: national, in square points of the scale. public:
    everybody sees the cell; then everybody must see all of line. Errors as for `prior`.
    """
    n, mean, _ = line[0]
    low, high = interval(n, mean, variances, prior(line, variances), scale)
    level_low, level_high = criteria.levels(indicator.criteria, mean, low, high)
    return ReleasedCell(
        place.unit,
        indicator.key,
        indicator.version,
        place.period,
        Status.SHOWN,
        value=mean,
        n=n,
        low=low,
        high=high,
        level_low=level_low,
        level_high=level_high,
        judged_by=criteria.name(indicator.criteria),
        part=place.part,
        years=place.years,
        correction=place.correction,
        public=public,
    )


def prior(line: Sequence[Published], variances: Components) -> Normal | None:
    """What is known about a unit's practice before its own answers.

    line: the unit, then the published units above it, the nearest first, each with all answers of
        the one before and more. variances: national, in square points of the scale.

    The model: the practice of a unit is the country's mean plus an effect of every unit around it.
    A level is what all within a unit have in common; for the country nothing is known of it.
    From the top down, step by step, what is known of a unit's level is put together with the mean
    of the rest, and the effects that lie between it and the level below come on top:

        rest    N(level, sigma2 / n of the rest + chance of the units in it, `Components.by_chance`)
        level of the part = level of the whole + effects of the part's own tiers

    A tier at which one unit holds both does not come between. How large hidden units are is not
    published, only how unlike a tier's units are in the country.

    None without a unit above, and where it is not known how much the unit and those beside it
    differ, because fewer than 30 such have answered: counties, in most countries. Then a unit's
    own answers stand alone; the units below it lean on its rest and on nothing further up.

    AssertionError where a unit above has no more answers than the one before. Source: Rao & Molina,
    Small Area Estimation (2nd ed. 2015), chapter 5 (the best linear unbiased predictor), for a
    nested model by message passing: Willsky (2002), Proceedings of the IEEE 90, 1396-1458.
    """
    level = _level(line[0], tuple(line[1:]), variances)
    return None if level is None else _over(level, line[0].branches, variances)


def interval(
    n: int, mean: float, variances: Components, before: Normal | None, scale: Scale
) -> tuple[float, float]:
    """The central 80 % of the estimate of a unit's practice, within the scale.

    Without a prior (the country, nothing published above, too few units to know how they
    differ) the unit's answers stand alone.

    n: at least 1, or AssertionError. mean, and the low and high that it gives: points of the scale.
    before: as `prior` gives it. Source: Raudenbush & Bryk (2nd ed. 2002), chapter 3: posterior of a
    normal mean, the variances taken as known.
    """
    assert n > 0, "status is decided from n before anything is divided"
    centre, variance = _together(before, Normal(mean, variances.sigma2 / n))
    half = WITHIN_80 * sqrt(variance)
    low, high = centre - half, centre + half
    return min(max(low, scale.low), scale.high), max(min(high, scale.high), scale.low)


def _level(part: Published, above: tuple[Published, ...], variances: Components) -> Normal | None:
    return _below(_around(above, variances), above[0], part, variances) if above else None


@lru_cache(maxsize=4096)
def _around(line: tuple[Published, ...], variances: Components) -> Normal | None:
    """The level of a unit with others below it: for all of those the same, so kept."""
    return _level(line[0], line[1:], variances)


def _below(
    level: Normal | None, whole: Published, part: Published, variances: Components
) -> Normal | None:
    """The level of a part of a whole, from what is known of the whole's and from its rest."""
    n = whole.n - part.n
    assert n > 0, "there is no rest to compare with"
    doubt, between = variances.sigma2 / n, 0.0
    for tier, (in_whole, in_part) in enumerate(zip(whole.branches, part.branches, strict=True)):
        if in_whole == 1:
            continue  # One unit holds both: its effect is in the level of the whole.
        doubt += variances.by_chance(tier, max(1, in_whole - in_part))
        if in_part == 1:
            if variances.units and variances.units[tier] < LEAST_UNITS:
                return None
            between += variances.tau2[tier]
    rest = Normal((whole.n * whole.mean - part.n * part.mean) / n, doubt)
    mean, variance = _together(level, rest)
    return Normal(mean, variance + between)


def _over(level: Normal, branches: Sequence[int], variances: Components) -> Normal:
    """What a unit with this level does on average over the units below, which differ by chance."""
    several = ((tier, units) for tier, units in enumerate(branches) if units > 1)
    return Normal(level.mean, level.variance + sum(variances.by_chance(*each) for each in several))


def _together(one: Normal | None, other: Normal) -> Normal:
    """What two independent sources say together; the other alone where neither leaves a doubt."""
    if one is None or one.variance + other.variance == 0:
        return other
    trust = one.variance / (one.variance + other.variance)
    mean = one.mean + trust * (other.mean - one.mean)
    return Normal(mean, trust * other.variance)
