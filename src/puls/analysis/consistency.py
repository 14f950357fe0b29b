"""How well the items of a construct hang together, from their covariances; many groups at once.

Everything here starts from the sums over pairs of items that `scoring.tally_items` keeps: they
add up over leaf groups, and no answer is read again. A covariance is taken over the respondents
who answered both items, so nobody is left out for one skipped item.

Formulas: Cronbach (1951), coefficient alpha; Feldt (1965), its interval; McDonald (1999), omega
total of one factor. nan stands for what is not defined, never a number.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple, TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray

from puls.analysis.distributions import f_quantile
from puls.analysis.factor import LEAST, one_factor
from puls.content.definitions import Construct

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]

NOISE = 1e-12
"""Of the items' variances: a variance of sums below this is rounding and nothing else."""


class Covariances(NamedTuple):
    """The items of one construct in several units, items in the construct's order.

    n: int, (units, items, items): respondents who answered both; n of the item on the diagonal.
    values: float, (units, items, items): in square scale points; nan with fewer than two.
    """

    units: tuple[str, ...]
    n: Ints
    values: Floats


def covariances(pairs: pl.DataFrame, construct: Construct) -> Covariances:
    """Lay out the pair sums of some units, in the order of their keys.

    pairs: as `scoring.tally_items`, with `unit` for `leaf` and one row per unit and pair; other
        constructs are passed over. AssertionError for sums too large to be multiplied exactly.
    """
    own = pairs.filter(pl.col("construct") == construct.key)
    units = own["unit"].unique().sort()
    numbers = dict(zip(units, range(len(units)), strict=True))
    unit = _numbers(own["unit"], numbers)
    places = {item.key: place for place, item in enumerate(construct.items)}
    a, b = (_numbers(own[name], places) for name in ("item_a", "item_b"))
    shape = (len(units), len(places), len(places))
    n, values = np.zeros(shape, dtype=np.int64), np.full(shape, np.nan)
    both, sum_a, sum_b, sum_ab = (
        own[name].to_numpy() for name in ("n", "sum_a", "sum_b", "sum_ab")
    )
    found = covariance(both, sum_a, sum_b, sum_ab)
    for first, second in ((a, b), (b, a)):
        n[unit, first, second] = both
        values[unit, first, second] = found
    return Covariances(tuple(units), n, values)


def covariance(n: Ints, sum_a: Ints, sum_b: Ints, sum_ab: Ints) -> Floats:
    """Of two answers of one respondent, in square scale points; nan with fewer than two.

    n, sum_a, sum_b, sum_ab: int, of one shape: respondents who answered both, and sums over them.
        AssertionError for sums too large to be multiplied exactly.

        (n sum_ab - sum_a sum_b) / (n (n - 1))
    """
    # Whole numbers until the division: what does not vary comes out as exactly 0.
    largest = int(n.max(initial=0)) * int(np.abs(sum_ab).max(initial=0))
    assert largest < 2**62, "too many answers"
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(n > 1, (n * sum_ab - sum_a * sum_b) / (n * (n - 1.0)), np.nan)


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
    # Sums over different respondents may contradict each other: then there is no alpha.
    if own + shared <= 0 or (items - 1) * (own + shared) < items * shared:
        return None
    return float(Fraction(items, items - 1) * (1 - own / (own + shared)))


def alphas(values: Floats) -> Floats:
    """Cronbach's alpha of each matrix: (units,), as `alpha` defines it; nan where that is None.

    values: float, (units, items, items): covariances, reverse-worded items mirrored.
    Source: Cronbach (1951), Psychometrika 16, 297-334.
    """
    items = values.shape[1]
    own, everything = _own(values), values.sum(axis=(1, 2))
    if items < 2:
        return np.full(len(values), np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = items / (items - 1) * (1 - own / everything)
    # More than 1 only where sums over different respondents contradict each other.
    sound = (everything > NOISE * own) & (found <= 1 + 1e-9)
    return np.where(sound, np.minimum(found, 1), np.nan)


def alpha_interval(alpha: Floats, n: Ints, items: int, level: float) -> tuple[Floats, Floats]:
    """Where alpha lies in the population that respondents are drawn from (Feldt 1965).

    alpha: (units,). n: (units,): respondents. level: the interval's probability, 0.8 for 80 %.

        (1 - true alpha) / (1 - alpha) follows F with n - 1 and (n - 1)(items - 1) degrees

    which is exact for items of equal true scores (in the sense of the test theory) and normal,
    independent errors. nan with fewer than two respondents and where alpha is.
    """
    known = np.isfinite(alpha) & (n > 1)
    freedom = np.where(known, n - 1.0, 1.0)
    between = freedom * max(1, items - 1)
    low, high = (
        np.where(known, 1 - (1 - alpha) * f_quantile(share, freedom, between), np.nan)
        for share in ((1 + level) / 2, (1 - level) / 2)
    )
    return low, high


class Omegas(NamedTuple):
    """omega: float, (units,). bounded: bool, (units,): an item came out (almost) without error."""

    omega: Floats
    bounded: NDArray[np.bool_]


def omegas(values: Floats) -> Omegas:
    """McDonald's omega total: the share of the variance of sums that one common factor explains.

    values: float, (units, items, items): covariances.

        omega = (sum of loadings)^2 / ((sum of loadings)^2 + sum of uniquenesses)

    with the factor of `puls.analysis.factor`. With one factor this is omega hierarchical as well.
    Two items do not tell their loadings apart: they are taken as equal, which makes omega alpha.
    nan for one item, where an item does not vary, where two items do not go together, where sums
    over different respondents contradict each other, and where no factor could be fitted.
    Source: McDonald (1999), Test Theory, chapter 6.
    """
    units, items, _ = values.shape
    omega, bounded = np.full(units, np.nan), np.zeros(units, dtype=bool)
    variances = np.diagonal(values, axis1=1, axis2=2)
    known = np.isfinite(values).all(axis=(1, 2)), (variances > 0).all(axis=1)
    fit: NDArray[np.bool_] = np.logical_and(*known)
    if items == 2:
        shared = values[:, 0, 1]
        # Not above 1: else sums over different respondents contradict each other.
        fit &= (np.nan_to_num(shared) > 0) & (2 * np.nan_to_num(shared) <= variances.sum(axis=1))
        omega[fit] = 4 * shared[fit] / values[fit].sum(axis=(1, 2))
        bounded[fit] = (shared > (1 - LEAST) * variances.min(axis=1))[fit]
    elif items > 2:
        scale = np.sqrt(np.where(fit[:, None], variances, 1))
        correlations = np.where(fit[:, None, None], values, 1) / scale[:, :, None] / scale[:, None]
        fit &= np.linalg.eigvalsh(correlations)[:, 0] > -1e-9
        factor = one_factor(values[fit])
        common = factor.loadings.sum(axis=1) ** 2
        found = common / (common + factor.uniquenesses.sum(axis=1))
        omega[fit] = np.where(factor.settled, found, np.nan)
        bounded[fit] = factor.bounded & factor.settled
    return Omegas(omega, bounded)


def item_rests(values: Floats) -> Floats:
    """The correlation of each item with the sum of all others: (units, items).

    values: float, (units, items, items): covariances, reverse-worded items mirrored.

    Also called the corrected item-total correlation. nan for one item, and where the item or the
    sum of the others does not vary.
    """
    own = np.diagonal(values, axis1=1, axis2=2)
    shared = values.sum(axis=2) - own
    rest = values.sum(axis=(1, 2))[:, None] - own - 2 * shared
    floor = NOISE * _own(values)[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        found = shared / np.sqrt(own * rest)
    # Sums over different respondents may contradict each other: then there is no correlation.
    sound = (own > floor) & (rest > floor) & (np.abs(found) <= 1 + 1e-9)
    return np.where(sound, np.clip(found, -1, 1), np.nan)


def _numbers(keys: pl.Series, numbers: Mapping[str, int]) -> Ints:
    """The number of each key; none where there are no keys."""
    if keys.is_empty():
        return np.zeros(0, dtype=np.int64)
    return keys.replace_strict(numbers, return_dtype=pl.Int64).to_numpy()


def _own(values: Floats) -> Floats:
    """The sum of the items' variances: (units,)."""
    return np.asarray(np.einsum("uii->u", values))
