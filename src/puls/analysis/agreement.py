"""How far the mean of a unit tells units apart, from each unit's number, sum and sum of squares.

One-way analysis of variance. Formulas: Bartko (1976); Bliese (2000), with the average group size;
Spearman (1910) and Brown (1910). Assumes that units are drawn independently and that respondents
differ equally much in all of them.
"""

from math import ceil
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

ROUNDING = 1e-14
"""Of the sum of squares: what floats leave of a difference of sums that is nothing."""


class MeanSquares(NamedTuple):
    """An analysis of variance of scores in groups.

    between, within: mean squares, in the score's unit squared.
    size: respondents per group, on average.
    """

    between: float
    within: float
    groups: int
    size: float


def mean_squares(n: ArrayLike, total: ArrayLike, total_sq: ArrayLike) -> MeanSquares | None:
    """Mean squares between and within groups.

    n, total, total_sq: (groups,): the number of scores of each group, their sum and their sum of
        squares, in any unit. Groups without scores are left out.

    None with one group, and with no group of two. AssertionError for nan. A mean square that is no
    more than rounding of the squares is 0.

    Source: Bliese (2000), in Klein & Kozlowski, 349-381.
    """
    size, sums, each_sq = _floats(n), _floats(total), _floats(total_sq)
    assert np.isfinite([size, sums, each_sq]).all(), "a group's number, sum or squares is no number"
    size, sums, squares = size[size > 0], sums[size > 0], float(np.sum(each_sq))
    groups, everyone = len(size), float(size.sum())
    if groups < 2 or everyone == groups:
        return None
    between = float(np.sum(sums**2 / size))
    apart = between - float(sums.sum()) ** 2 / everyone
    within = squares - between
    floor = ROUNDING * squares
    msb, msw = (
        each / freedom if each > floor else 0.0
        for each, freedom in ((apart, groups - 1), (within, everyone - groups))
    )
    return MeanSquares(msb, msw, groups, everyone / groups)


def icc1(n: ArrayLike, total: ArrayLike, total_sq: ArrayLike) -> float | None:
    """ICC(1): the share of the variation between single answers that lies between groups.

        ICC(1) = (MSB - MSW) / (MSB + (N/G - 1) MSW)

    with N scores in G groups; arguments as for `mean_squares`. Negative when groups differ less
    than chance would make them. None where there are no mean squares, and where nothing varies.
    """
    found = mean_squares(n, total, total_sq)
    return None if found is None else _icc1(found)


def icc2(n: ArrayLike, total: ArrayLike, total_sq: ArrayLike) -> float | None:
    """ICC(2): the reliability of the mean of a group of average size.

        ICC(2) = (MSB - MSW) / MSB

    At most 1, negative when groups differ less than chance would make them. Arguments and None as
    for `icc1`; None also where all groups have the same mean.
    """
    found = mean_squares(n, total, total_sq)
    return None if found is None else _icc2(found)


def iccs(n: ArrayLike, total: ArrayLike, total_sq: ArrayLike) -> tuple[float | None, float | None]:
    """ICC(1) and ICC(2) from one analysis; arguments and None as for `icc1` and `icc2`."""
    found = mean_squares(n, total, total_sq)
    return (None, None) if found is None else (_icc1(found), _icc2(found))


def reliability_of_mean(icc: float, n: float) -> float:
    """How much of the differences between means of n answers is real: 0 to 1.

    icc: ICC(1), at most 1. 0 where it is not above 0, and for no answers. AssertionError for an icc
    above 1 or nan.

        n icc / (1 + (n - 1) icc)

    With the average size for n this is ICC(2). Source: Spearman (1910) and Brown (1910).
    """
    assert icc <= 1, f"an ICC(1) of at most 1, not {icc}"
    if icc <= 0 or n <= 0:
        return 0.0
    return n * icc / (1 + (n - 1) * icc)


def answers_needed(icc: float, reliability: float) -> int | None:
    """How many answers a unit's mean takes to be that reliable (above 0, below 1).

    icc: ICC(1), at most 1. None where units do not differ (icc not above 0): no number of answers
    is enough. AssertionError for an icc above 1 or nan, and for a reliability that is not between 0
    and 1.

    Source: Spearman (1910) and Brown (1910), solved for the number of answers.
    """
    assert 0 < reliability < 1, f"a reliability between 0 and 1, not {reliability}"
    assert icc <= 1, f"an ICC(1) of at most 1, not {icc}"
    if icc <= 0:
        return None
    exact = reliability * (1 - icc) / (icc * (1 - reliability))
    # 24 answers are 24 also where the division gives 24.000000000000004.
    return max(1, ceil(exact * (1 - 1e-12)))


def _icc1(found: MeanSquares) -> float | None:
    spread = found.between + (found.size - 1) * found.within
    return (found.between - found.within) / spread if spread > 0 else None


def _icc2(found: MeanSquares) -> float | None:
    return (found.between - found.within) / found.between if found.between > 0 else None


def _floats(values: ArrayLike) -> NDArray[np.float64]:
    return np.asarray(values, dtype=np.float64)
