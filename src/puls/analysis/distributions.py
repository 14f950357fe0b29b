"""Quantiles of the F distribution, which the interval of alpha needs (`puls.analysis.consistency`).

Written here because nothing that is installed has them. The density of y = log F with a = df1 / 2
and b = df2 / 2 is proportional to exp(g(y)),

    g(y) = a y - (a + b) log(1 + q (exp(y) - 1))        q = a / (a + b), g(0) = 0

smooth and highest at y = 0, so Gauss-Legendre quadrature gives its areas to twelve digits at a
cost that does not grow with the degrees of freedom.
"""

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats: TypeAlias = NDArray[np.float64]

_POINTS, _WEIGHTS = np.polynomial.legendre.leggauss(200)
STEPS, WEIGHTS = (_POINTS + 1) / 2, _WEIGHTS / 2
"""Points and weights of the quadrature, moved to the interval from 0 to 1."""
NOTHING_LEFT = 40.0
"""exp(-40): what lies beyond is too little to be seen in a double."""


def f_quantile(share: float, df1: ArrayLike, df2: ArrayLike) -> Floats:
    """The value that F with df1 and df2 degrees of freedom stays below with probability share.

    df1, df2: above 0, of shapes that fit each other; the result has their common shape.
    AssertionError for a share that is not between 0 and 1.

    Newton's method from y = 0: the distribution function of y is convex below and concave above,
    so every step stays on its own side of the quantile and nearer to it.
    """
    assert 0 < share < 1, f"a share between 0 and 1, not {share}"
    a, b = np.broadcast_arrays(np.asarray(df1, dtype=float) / 2, np.asarray(df2, dtype=float) / 2)
    spread = np.sqrt(1 / a + 1 / b)
    below = -_area(-(NOTHING_LEFT / a + 9 * spread), a, b)
    above = _area(NOTHING_LEFT / b + 9 * spread, a, b)
    wanted = share * (below + above) - below
    y = np.zeros(a.shape)
    for _ in range(200):
        step = (wanted - _area(y, a, b)) / np.exp(_log_density(y, a, b))
        y = y + step
        if (np.abs(step) <= 1e-13 * spread).all():
            break
    return np.exp(y)


def _area(end: Floats, a: Floats, b: Floats) -> Floats:
    """The area between 0 and each end; below 0 where the end is."""
    inside = _log_density(end[..., None] * STEPS, a[..., None], b[..., None])
    return np.asarray(end * (np.exp(inside) @ WEIGHTS))


def _log_density(y: Floats, a: Floats, b: Floats) -> Floats:
    return np.asarray(a * y - (a + b) * np.log1p(a / (a + b) * np.expm1(y)))
