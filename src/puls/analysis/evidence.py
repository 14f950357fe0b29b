"""When a difference is marked: how large it must be, and how sure one must be.

One rule for every mark (a change; given the prerequisites), so that they mean the same:

    marked when P(difference > smallest relevant, in this direction) >= 0.8

under a posterior that is already shrunk. A real but irrelevant difference is not marked, nor is a
large one that a few answers happen to show.

Source: a posterior held against a region of practical equivalence, as in Kruschke (2018), Advances
in Methods and Practices in Psychological Science 1, 270-280; the 80 % is a choice of ours.
"""

from math import isfinite
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
FAR_ENOUGH = NormalDist().inv_cdf(SURE)
"""A normal lies with probability SURE above what is so many standard deviations below its mean."""
LEAST_UNITS = 30
"""With fewer units nothing can be said about how much units differ: no mark at all."""


def mark(mean: float, spread: float, smallest: float = SMALLEST) -> Mark:
    """The mark of a difference with this posterior mean and standard deviation.

    spread, smallest: at least 0, in the unit of mean. UP says that the value is higher, not that
    it is better. AssertionError for a smallest below 0, and for a posterior that is none (nan, a
    spread below 0): nothing compares with nan, so it would pass for a clear difference.
    """
    assert smallest >= 0, "a smallest relevant difference below 0 would mark both directions"
    assert isfinite(mean), f"no posterior: mean {mean}"
    assert spread >= 0, f"no posterior: spread {spread}"
    beyond = abs(mean) - smallest
    if beyond <= 0 or beyond < FAR_ENOUGH * spread:
        return Mark.NONE
    return Mark.UP if mean > 0 else Mark.DOWN


def interval(mean: Number, spread: Number) -> tuple[Number, Number]:
    """Low and high of the central 80 % of a normal posterior, in the unit of mean and spread.

    mean, spread: numbers, or float arrays of one shape; low and high have it as well.
    """
    return mean - WITHIN_80 * spread, mean + WITHIN_80 * spread
