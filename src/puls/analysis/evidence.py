"""When a difference is marked: how large it must be, and how sure one must be.

One rule for every mark (a change; given the prerequisites), so that they mean the same:

    marked when P(difference > smallest relevant, in this direction) >= 0.8

under a posterior that is already shrunk. A real but irrelevant difference is not marked, nor is a
large one that a few answers happen to show.
"""

from statistics import NormalDist
from typing import TypeVar

from puls.analysis.regression import Floats
from puls.cells import Mark

Number = TypeVar("Number", float, Floats)

SMALLEST = 0.2
"""Smallest relevant difference in points of a 1 to 5 scale, until a pack sets its own."""
SURE = 0.8
WITHIN_80 = NormalDist().inv_cdf(0.9)
"""The central 80 % of a normal distribution: this many standard deviations to either side."""
LEAST_UNITS = 30
"""With fewer units nothing can be said about how much units differ: no mark at all."""


def mark(mean: float, spread: float, smallest: float = SMALLEST) -> Mark:
    """The mark of a difference with this posterior mean and standard deviation.

    smallest: at least 0, in the unit of mean.
    """
    assert smallest >= 0, "a smallest relevant difference below 0 would mark both directions"
    if spread == 0:
        return Mark.UP if mean > smallest else Mark.DOWN if mean < -smallest else Mark.NONE
    posterior = NormalDist(mean, spread)
    if 1 - posterior.cdf(smallest) >= SURE:
        return Mark.UP
    if posterior.cdf(-smallest) >= SURE:
        return Mark.DOWN
    return Mark.NONE


def interval(mean: Number, spread: Number) -> tuple[Number, Number]:
    """The central 80 % of the posterior."""
    return mean - WITHIN_80 * spread, mean + WITHIN_80 * spread
