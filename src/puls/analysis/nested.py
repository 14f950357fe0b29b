"""Variance components of units within units, by restricted maximum likelihood from tallies.

    y[r] = mu + u1[unit of r at tier 1] + u2[unit of r at tier 2] + ... + e[r]
    u_t ~ N(0, tau2_t), e ~ N(0, sigma2), all independent

The likelihood of a tree takes one walk up it. The mean of a unit has, around the effect of the
unit above, the variance d = tau2_t + (what is left below); means of brothers are put together with
weights 1 / d, and their mean with variance 1 / W goes one tier up. So

    -2 log L = sum over all units of log d  +  sum over all parents of (log W + Q)
               + (N - homes) log sigma2 + (squares within homes) / sigma2

with Q a parent's weighted squares of its children around their mean; the country's mean is
integrated out like any parent's. sigma2 is profiled. Each variance stays at or above 0: where the
best one would be negative it is 0, and the others are the best ones given that.

An interval that rests on a variance of 0 has no width to speak of, though the data may allow much
more: with thirty small units it is 0 in one country of ten. Where a variance is *held* from 0, the
likelihood is multiplied by tau_t / sigma, which is nothing at 0 and hardly matters where the data
say how much units differ: Chung, Rabe-Hesketh, Dorie, Gelman & Liu (2013), Psychometrika 78,
685-709.

Source: Patterson & Thompson (1971), Biometrika 58, 545-554; the walk is the recursion for nested
random effects of Searle, Casella & McCulloch, Variance Components (1992), chapter 6. With one
tier it is the model of Raudenbush & Bryk (`puls.analysis.multilevel`).
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from puls.analysis.regression import Floats

Ints = NDArray[np.int64]

START = 0.02
"""tau2 / sigma2 of every tier to begin with: about what surveys in schools find."""
STEPS = 100
CLOSE = 1e-9
"""Of -2 log L: a step that promises less gain ends the search."""


class Tree(NamedTuple):
    """Homes with answers, and the units above them.

    n: float, (homes,): respondents, above 0. mean: float, (homes,): of their scores.
    within: squares of all scores around their home's mean.
    above: from the lowest tier up to the first below the country, for each of a tier's units
        the number of its parent, (units of the tier,); homes are the lowest tier's units.
    """

    n: Floats
    mean: Floats
    within: float
    above: tuple[Ints, ...]


def most_likely(tree: Tree, held: Sequence[bool] = ()) -> tuple[float, Floats]:
    """sigma2, and tau2 of each tier in the order of `above`, (tiers,), in the scores' unit squared.

    held: for each tier whether its variance is held from 0; () for none, which is REML. A tier
    that is held needs many units: two or three could differ endlessly.

    Needs squares within homes above 0, and in each tier a parent with two children: otherwise its
    variance cannot be told from that of the tier above, and there is an AssertionError.
    """
    assert tree.within > 0, "respondents of a home do not all agree"
    assert all(len(above) > above.max() + 1 for above in tree.above), "a tier with single children"
    start = np.full(len(tree.above), START)
    kept = np.array(held or [False] * len(start))

    def penalised(ratios: Floats) -> tuple[float, Floats]:
        value, slope, _ = _likelihood(tree, ratios)
        if (ratios[kept] <= 0).any():
            return np.inf, slope
        slope[kept] -= 1 / ratios[kept]
        return value - float(np.log(ratios[kept]).sum()), slope

    ratios = _lowest(penalised, start)
    sigma2 = _likelihood(tree, ratios)[2]
    return sigma2, ratios * sigma2


def _likelihood(tree: Tree, ratios: Floats) -> tuple[float, Floats, float]:
    """-2 log L less a constant, its slope by each ratio tau2 / sigma2, and the best sigma2."""
    freedom = float(tree.n.sum()) - 1
    weight, mean, logs, squares = tree.n, tree.mean, 0.0, 0.0
    walk = []
    for above, ratio in zip(tree.above, ratios, strict=True):
        d = ratio + 1 / weight
        total = np.asarray(np.bincount(above, 1 / d), dtype=np.float64)
        middle = np.bincount(above, mean / d) / total
        off = mean - middle[above]
        logs += float(np.log(d).sum() + np.log(total).sum())
        squares += float((off**2 / d).sum())
        walk.append((above, d, total, off, weight))
        weight, mean = total, middle
    sigma2 = (squares + tree.within) / freedom
    # The same walk down again: what a little more of each quantity would do to -2 log L.
    slope = np.zeros(len(ratios))
    by_weight, by_mean = np.zeros(1), np.zeros(1)
    for tier, (above, d, total, off, weight) in reversed(list(enumerate(walk))):
        by_total = (by_weight + 1 / total)[above]
        by_middle = (by_mean / total)[above]
        by_precision = by_total + by_middle * off + off**2 / sigma2
        by_d = 1 / d - by_precision / d**2
        slope[tier] = by_d.sum()
        by_weight, by_mean = -by_d / weight**2, (by_middle + 2 * off / sigma2) / d
    return logs + freedom * float(np.log(sigma2)), slope, sigma2


def _lowest(function: Callable[[Floats], tuple[float, Floats]], start: Floats) -> Floats:
    """Where a smooth function of numbers that are at least 0 is lowest: Newton's method.

    function: gives value and slope. Curvature comes from differences of slopes; a number at 0 whose
    slope is upwards stays there; a step that does not go down is halved until it does.
    """
    at = start
    value, slope = function(at)
    for _ in range(STEPS):
        free = np.flatnonzero((at > 0) | (slope < 0))
        if not len(free):
            break
        step = np.zeros(len(at))
        step[free] = _newton(function, at, slope, free)
        promised = -float(slope @ step)
        share = 1.0
        while share > CLOSE:
            there = np.maximum(at + share * step, 0)
            below, slope_there = function(there)
            if below < value:
                break
            share /= 2
        else:
            break
        at, value, slope = there, below, slope_there
        if promised < CLOSE:
            break
    return at


def _newton(
    function: Callable[[Floats], tuple[float, Floats]], at: Floats, slope: Floats, free: Ints
) -> Floats:
    """The step to where the slope would be 0 if the curvature stayed; downwards in any case."""
    curvature = np.empty((len(free), len(free)))
    for number, each in enumerate(free):
        beside = at.copy()
        little = 1e-4 * (at[each] + 1e-3)
        beside[each] += little
        curvature[number] = (function(beside)[1] - slope)[free] / little
    bends, ways = np.linalg.eigh((curvature + curvature.T) / 2)
    bends = np.maximum(np.abs(bends), 1e-8 * max(1.0, float(np.abs(bends).max())))
    return np.asarray(-ways @ ((ways.T @ slope[free]) / bends))
