"""Weighted regression for many candidate variances at once, and the search for the best one.

The pieces that the random-intercept model (`multilevel`) and the shrunk unit means (`shrinkage`)
have in common. All of it is generalised least squares with a diagonal covariance matrix.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]

GRID = 33
ROUNDS = 8
ROUNDING = 1e-5
"""Of the range: so close to its lower end a likelihood is flat up to rounding."""


@dataclass(frozen=True)
class Weighted:
    """K regressions of the same J values on the same p covariates, each with its own variances.

    coefficients: float, (K, p).
    covariance: float, (K, p, p), of the coefficients, the variances taken as known.
    rss: float, (K,): squared residuals, each divided by its variance.
    log_determinants: float, (K,): log|V| + log|X'V^-1 X|.
    """

    coefficients: Floats
    covariance: Floats
    rss: Floats
    log_determinants: Floats

    @property
    def log_restricted(self) -> Floats:
        """Restricted log-likelihood less a constant that does not depend on the variances, (K,)."""
        return -(self.log_determinants + self.rss) / 2


def weighted(y: Floats, x: Floats, variances: Floats) -> Weighted:
    """Generalised least squares.

    y: float, (J,). x: float, (J, p), of full rank, with a column of ones where an intercept is
    wanted; columns of about the same size keep it exact. variances: float, (K, J), above 0.

        b = (X'V^-1 X)^-1 X'V^-1 y
        -2 log L = log|V| + log|X'V^-1 X| + (y - Xb)'V^-1 (y - Xb)

    Source: Patterson & Thompson (1971), Biometrika 58, 545-554; Searle, Casella & McCulloch,
    Variance Components (1992), section 6.6.
    """
    units, columns = x.shape
    weights = 1 / variances
    products = (x[:, :, None] * x[:, None, :]).reshape(units, columns**2)
    information = (weights @ products).reshape(-1, columns, columns)
    covariance = np.linalg.inv(information)
    coefficients = np.einsum("kpq,kq->kp", covariance, weights @ (x * y[:, None]))
    # From the residuals themselves: differences of large sums would lose digits.
    residuals = y - coefficients @ x.T
    return Weighted(
        coefficients,
        np.asarray(covariance, dtype=np.float64),
        np.asarray((weights * residuals**2).sum(axis=1)),
        np.asarray(np.log(variances).sum(axis=1) + np.linalg.slogdet(information)[1]),
    )


def maximum(log_likelihood: Callable[[Floats], Floats], low: float, high: float) -> float:
    """Where between low and high the function is largest; it takes and gives float, (K,), K any.

    A grid over the whole range finds the right hill, finer grids its top, down to 1e-9 of the
    range. Slower than Newton's method, but it needs no derivative and cannot run away.
    A best value next to low, as of a variance that is 0, is low exactly.
    """
    best, lowest, width = low, low, high - low
    for _ in range(ROUNDS):
        grid = np.linspace(low, high, GRID)
        at = int(np.argmax(log_likelihood(grid)))
        best = float(grid[at])
        low, high = float(grid[max(at - 1, 0)]), float(grid[min(at + 1, GRID - 1)])
    return lowest if best - lowest < ROUNDING * width else best
