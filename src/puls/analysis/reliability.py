"""How far a construct's score can be trusted, from tallies alone.

Formulas: Cronbach (1951), coefficient alpha; Bliese (2000), ICC(1) from a one-way analysis of
variance with the average group size.
"""

from fractions import Fraction

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray


def alpha(pairs: pl.DataFrame) -> float | None:
    """Cronbach's alpha of one construct.

    pairs: rows of `scoring.tally_items` for one construct, of any number of leaves.

        alpha = m / (m - 1) * (1 - sum of item variances / sum of all variances and covariances)

    with m items. Each variance and covariance is taken over the respondents who answered both
    items (pairwise), so nobody is left out for one skipped item. None for a single item, and
    where two respondents cannot be found for every pair or the items do not vary.
    """
    sums = pairs.group_by("item_a", "item_b").agg(pl.col("n", "sum_a", "sum_b", "sum_ab").sum())
    items = sums["item_a"].n_unique()
    if items < 2 or sums["n"].min() is None or (sums["n"] < 2).any():
        return None
    # Fractions: where respondents' sums do not vary, this must come out as 0 and nothing else.
    own = shared = Fraction(0)
    for item_a, item_b, n, sum_a, sum_b, sum_ab in sums.iter_rows():
        covariance = Fraction(n * sum_ab - sum_a * sum_b, n * (n - 1))
        if item_a == item_b:
            own += covariance
        else:
            shared += 2 * covariance
    if own + shared <= 0:
        return None
    return float(Fraction(items, items - 1) * (1 - own / (own + shared)))


def icc1(n: ArrayLike, total: ArrayLike, total_sq: ArrayLike) -> float | None:
    """ICC(1): the share of the variation between single answers that lies between groups.

    n, total, total_sq: per group the number of scores, their sum and their sum of squares, in
        any unit. Groups without scores are left out.

        ICC(1) = (MSB - MSW) / (MSB + (N/G - 1) MSW)

    with the mean squares between and within groups, N scores and G groups. Negative when groups
    differ less than chance would make them. None with one group, with no group of two, and where
    nothing varies.
    """
    size, sums = _floats(n), _floats(total)
    size, sums, squares = size[size > 0], sums[size > 0], float(np.sum(_floats(total_sq)))
    groups, everyone = len(size), float(size.sum())
    if groups < 2 or everyone == groups:
        return None
    between_groups = float(np.sum(sums**2 / size))
    msb = (between_groups - float(sums.sum()) ** 2 / everyone) / (groups - 1)
    msw = (squares - between_groups) / (everyone - groups)
    spread = msb + (everyone / groups - 1) * msw
    return (msb - msw) / spread if spread > 0 else None


def _floats(values: ArrayLike) -> NDArray[np.float64]:
    return np.asarray(values, dtype=np.float64)
