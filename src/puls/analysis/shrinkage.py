"""Unit means that are known with different certainty, shrunk towards what units like them have.

    y[i] = x[i]'b + u[i] + e[i]        u ~ N(0, tau2), e ~ N(0, v[i]) with v known

y is a unit's mean (or its change), v its sampling variance: the variance between respondents over
their number. u is what is special about the unit, and the model is for what y would be with
endlessly many answers: x'b + u.

tau2 cannot be pinned down with some tens of units, and with its best estimate taken as the truth
intervals come out too narrow (of no width at all when the estimate is 0). So a handful of
candidate values of tau is kept, each with its probability, and every result is averaged over them:
a Bayesian posterior with a flat prior on b and on tau2. (A flat prior on tau, tried beside it, gave
80 % intervals that held only 76 % where units hardly differ.)

Source: Fay & Herriot (1979), JASA 74, 269-277; Rao & Molina, Small Area Estimation (2nd ed.
2015), chapters 5, 6 and 10; the prior: Morris & Tang (2011), Statistical Science 26, 271-287.
Assumes independent units, normal deviations, and v as good as known.
"""

from dataclasses import dataclass

import numpy as np

from puls.analysis.regression import Floats, maximum, weighted

CANDIDATES = 16
DROP = 8.0
"""Values of tau that are e^8 times less likely than the best one are left out."""


@dataclass(frozen=True)
class Shared:
    """What all units have in common, and all that a unit's own estimate needs beside its figures.

    coefficients: float, (p,), averaged over the candidates; covariance: float, (p, p).
    tau2: the REML estimate, to be told in words; the estimates use the candidates.
    tau: float, (K,): candidate standard deviations between units; weight: float, (K,), sums to 1.
    units: how many units it was learnt from.
    """

    coefficients: Floats
    covariance: Floats
    tau2: float
    tau: Floats
    weight: Floats
    units: int


def shared(y: Floats, x: Floats, v: Floats) -> Shared:
    """Learn from all units.

    y: float, (J,): each unit's mean or change. x: float, (J, p), of full rank, with a column of
    ones where an intercept is wanted. v: float, (J,): sampling variances, at least 0, in the unit
    of y squared.

    AssertionError unless J > p + 2, for nan, and for a variance below 0. Source: Fay & Herriot
    (1979); the prior: Morris & Tang (2011).
    """
    assert len(y) > x.shape[1] + 2, "too few units for a variance between them"
    known = np.isfinite(y).all() and np.isfinite(x).all() and np.isfinite(v).all()
    assert known, "a unit's mean, covariate or sampling variance is no number"
    assert v.min() >= 0, "a sampling variance below 0"
    top = _most(y, x)
    # With a variance of 0 in v, tau = 0 would be infinitely certain.
    least = 0.0 if v.min() > 0 else 1e-6 * top

    def log_restricted(tau: Floats) -> Floats:
        return weighted(y, x, tau[:, None] ** 2 + v).log_restricted

    best = maximum(log_restricted, least, top)
    tau = likely(y, x, v, CANDIDATES)
    fits = weighted(y, x, tau[:, None] ** 2 + v)
    # Values of tau stand evenly, and the prior is flat in tau2: hence the factor tau.
    weight = tau * np.exp(fits.log_restricted - fits.log_restricted.max())
    weight /= weight.sum()
    coefficients = weight @ fits.coefficients
    apart = fits.coefficients - coefficients
    covariance = np.einsum("k,kpq->pq", weight, fits.covariance)
    covariance += np.einsum("k,kp,kq->pq", weight, apart, apart)
    tau2 = 0.0 if best == least else best**2
    return Shared(coefficients, covariance, tau2, tau, weight, len(y))


def likely(y: Floats, x: Floats, v: Floats, count: int) -> Floats:
    """Evenly spaced values of tau, float, (count,), that cover all that y makes likely.

    y: (J,), x: (J, p), v: (J,), as for `shared`; tau is in the unit of y, and never 0 itself.
    """
    top = _most(y, x)
    steps = np.linspace(0, top, 2 * 96 + 1)[1::2]
    found = weighted(y, x, steps[:, None] ** 2 + v).log_restricted
    inside = np.flatnonzero(found >= found.max() - DROP)
    half = steps[0]
    low, high = steps[inside[0]] - half, steps[inside[-1]] + half
    return np.asarray(low + (high - low) * (np.arange(count) + 0.5) / count)


def effect(known: Shared, y: Floats, x: Floats, v: Floats) -> tuple[Floats, Floats]:
    """Posterior mean and standard deviation of u: how far each unit is from units like it.

    y, v: (J,). x: (J, p), with the columns that `known` was learnt from. Both results: (J,), in the
    unit of y. Source: Rao & Molina (2015), chapters 6 and 10.
    """
    kept = _kept(known, v)
    residual, leverage = _residual(known, y, x)
    variance = kept * v + kept**2 * leverage
    return _averaged(known, kept * residual, variance)


def value(known: Shared, y: Floats, x: Floats, v: Floats) -> tuple[Floats, Floats]:
    """Posterior mean and standard deviation of x'b + u: what endlessly many answers would show.

    Arguments and results as for `effect`.
    """
    kept = _kept(known, v)
    residual, leverage = _residual(known, y, x)
    variance = kept * v + (1 - kept) ** 2 * leverage
    return _averaged(known, y - residual + kept * residual, variance)


def _kept(known: Shared, v: Floats) -> Floats:
    """The share of a unit's own deviation that is believed, by candidate: (K, J)."""
    tau2 = known.tau[:, None] ** 2
    return np.asarray(tau2 / (tau2 + v))


def _residual(known: Shared, y: Floats, x: Floats) -> tuple[Floats, Floats]:
    leverage = np.einsum("jp,pq,jq->j", x, known.covariance, x)
    return y - x @ known.coefficients, leverage


def _averaged(known: Shared, means: Floats, variances: Floats) -> tuple[Floats, Floats]:
    """Mean and standard deviation of a mixture of K normals: (K, J) each to (J,) each."""
    mean = known.weight @ means
    return mean, np.sqrt(known.weight @ (variances + (means - mean) ** 2))


def _most(y: Floats, x: Floats) -> float:
    """A standard deviation between units that is certainly too large, in the unit of y."""
    residual = y - x @ np.linalg.lstsq(x, y, rcond=None)[0]
    spread = float(np.sqrt(np.sum(residual**2) / (len(y) - x.shape[1])))
    return max(3 * spread, 1e-9)
