"""How likely each correlation between the true values of two indicators is, across units.

Each unit has two means, seen through sampling error:

    (a[i], b[i]) ~ N((mu_a, mu_b), T + E[i])
    T    = [[tau_a^2, rho tau_a tau_b], [., tau_b^2]]      between units: what is asked for
    E[i] = [[sigma_aa / n_a, sigma_ab n_ab / (n_a n_b)], [., sigma_bb / n_b]]     known

so that the covariance of the true values is the covariance of the means less what respondents
share within units, and its correlation is corrected for unreliability. The restricted likelihood
of rho is averaged over the tau that are likely (`puls.analysis.shrinkage`): where units hardly
differ in an indicator, every rho stays possible, which a correction by division would not say.

Source: Raudenbush & Bryk (2nd ed. 2002), chapter 6 (multivariate); averaging as in Gelman et al.,
Bayesian Data Analysis (3rd ed. 2013), section 5.4. Assumes independent units and normal values.
"""

from typing import NamedTuple

import numpy as np

from puls.analysis.regression import Floats
from puls.analysis.shrinkage import likely

Z = np.linspace(-2.65, 2.65, 425)
"""Where likelihoods are told: atanh(rho), from -.99 to .99, with 0 in the middle."""
COARSE, FINE, TAUS = 41, 33, 5
OUT_OF_QUESTION = -1e9


class Likely(NamedTuple):
    """How likely each correlation is.

    z: float, (K,): atanh(rho), evenly spaced, as finely as the likelihood needs; K as in `Z`.
    log: float, (K,): log-likelihood there. none: at 0, which need not be among them.
    """

    z: Floats
    log: Floats
    none: float


def log_likelihood(a: Floats, b: Floats, error: tuple[Floats, Floats, Floats]) -> Floats:
    """Log-likelihood of atanh(rho) at `Z`, less its largest value.

    a, b: float, (J,): the two means of each unit.
    error: each (J,): sampling variance of a, of b, and their sampling covariance.

    Gives float, (Z,). AssertionError where an indicator is the same for all units, or no number for
    one of them. All in the units of a and b.

    Source: Raudenbush & Bryk (2nd ed. 2002), chapter 6.
    """
    a, a_error, a_scale = _standardised(a, error[0])
    b, b_error, b_scale = _standardised(b, error[1])
    shared_error = error[2] / (a_scale * b_scale)
    ones = np.ones((len(a), 1))
    tau_a, tau_b = likely(a, ones, a_error, TAUS), likely(b, ones, b_error, TAUS)
    means, errors = (a, b), (a_error, b_error, shared_error)
    # First roughly over all rho, then closely where they are not out of the question.
    rough = np.linspace(Z[0], Z[-1], COARSE)
    seen = _over_tau(means, errors, tau_a[1:-1:2], tau_b[1:-1:2], rough)
    inside = np.flatnonzero(seen >= seen.max() - 14)
    low, high = rough[max(inside[0] - 1, 0)], rough[min(inside[-1] + 1, COARSE - 1)]
    close = np.linspace(low, high, FINE)
    found = _over_tau(means, errors, tau_a, tau_b, close)
    told = np.interp(Z, close, found - found.max(), left=OUT_OF_QUESTION, right=OUT_OF_QUESTION)
    return np.asarray(told - told.max(), dtype=np.float64)


def _standardised(values: Floats, error: Floats) -> tuple[Floats, Floats, float]:
    assert np.isfinite(values).all(), "a unit's mean is no number"
    scale = float(values.std())
    assert scale > 0, "the indicator is the same for all units"
    return (values - values.mean()) / scale, error / scale**2, scale


def _over_tau(
    means: tuple[Floats, Floats],
    errors: tuple[Floats, Floats, Floats],
    tau_a: Floats,
    tau_b: Floats,
    z: Floats,
) -> Floats:
    """Log-likelihood at each z, (Z,), averaged over all pairs of tau with the prior tau_a tau_b."""
    rho = np.tanh(z)
    # One pair of tau at a time: all of them together would not fit the processor's cache.
    by_z = np.array(
        [
            _restricted(means, errors, one, other, rho) + np.log(one * other)
            for one in tau_a
            for other in tau_b
        ]
    )
    top = by_z.max()
    # Far from the top a likelihood may be nothing at all: then it is out of the question.
    return np.asarray(top + np.log(np.exp(by_z - top).sum(axis=0) + 1e-300))


def _restricted(
    means: tuple[Floats, Floats],
    errors: tuple[Floats, Floats, Floats],
    tau_a: float,
    tau_b: float,
    rho: Floats,
) -> Floats:
    """Restricted log-likelihood of each rho, (K,), by 2 x 2 algebra over all units."""
    a, b = means
    aa, bb = tau_a**2 + errors[0], tau_b**2 + errors[1]
    ab = (rho * tau_a * tau_b)[:, None] + errors[2]
    determinant = np.maximum(aa * bb - ab**2, 1e-12 * aa * bb)
    w_aa, w_bb, w_ab = bb / determinant, aa / determinant, -ab / determinant
    i_aa, i_bb, i_ab = w_aa.sum(axis=1), w_bb.sum(axis=1), w_ab.sum(axis=1)
    right_a, right_b = w_aa @ a + w_ab @ b, w_ab @ a + w_bb @ b
    information = i_aa * i_bb - i_ab**2
    explained = (i_bb * right_a**2 - 2 * i_ab * right_a * right_b + i_aa * right_b**2) / information
    squares = w_aa @ a**2 + 2 * w_ab @ (a * b) + w_bb @ b**2
    logs = np.log(determinant).sum(axis=1) + np.log(information)
    return np.asarray(-(logs + squares - explained) / 2)
