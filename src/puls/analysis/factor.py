"""One factor behind the items of a construct, for omega: by maximum likelihood, many at once.

    item i = loading[i] * factor + own part of variance uniqueness[i]

so that the covariance matrix is S = loadings loadings' + diag(uniquenesses). What is minimised is

    log det S + trace(R inv(S))

over correlation matrices R: maximum likelihood gives the same on whatever scale items are told.
By Fisher scoring with damped steps (Levenberg-Marquardt): the expected second derivatives are

    of two loadings             2 (v[i] v[j] + W[i, j] loadings'v)      W = inv(S), v = W loadings
    of loading and uniqueness   2 W[i, j] v[j]
    of two uniquenesses         W[i, j]^2

A uniqueness is at least LEAST of its item's variance. Without that bound the best one is nothing
at all, or less, in some samples (a Heywood case): an item without error of its own.

Source: Joereskog (1967), Psychometrika 32, 443-482, and (1971), Psychometrika 36, 109-133.
"""

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Marks: TypeAlias = NDArray[np.bool_]

LEAST = 0.005
STEPS = 500
SETTLED = 1e-6
"""The steepest slope of a finished fit. A few answers that no factor fits may stay above it."""
DAMPED, EASED = 4.0, 0.25
"""What damping is multiplied by after a step that made it worse, and one that made it better."""


class Factor(NamedTuple):
    """Fits of one factor to several covariance matrices.

    loadings, uniquenesses: float, (fits, items), in the unit of the items and its square. The
        loadings of a fit sum to 0 or more.
    bounded: bool, (fits,): some uniqueness is at its bound.
    settled: bool, (fits,): False where the steps did not come to rest; then nothing is known.
    """

    loadings: Floats
    uniquenesses: Floats
    bounded: Marks
    settled: Marks


def one_factor(covariances: Floats) -> Factor:
    """Fit one factor to each matrix.

    covariances: float, (fits, items, items): three items or more, every item varies.
        AssertionError for fewer items.
    """
    items = covariances.shape[1]
    assert items >= 3, "one factor behind two items cannot be told from their covariance alone"
    scale = np.sqrt(np.diagonal(covariances, axis1=1, axis2=2))
    correlations = covariances / scale[:, :, None] / scale[:, None, :]
    loadings, unique, settled = _minimise(correlations)
    bounded = np.asarray((unique <= LEAST).any(axis=1))
    loadings = loadings * scale
    loadings = loadings * np.where(loadings.sum(axis=1) < 0, -1.0, 1.0)[:, None]
    return Factor(loadings, unique * scale**2, bounded, settled)


def _minimise(correlations: Floats) -> tuple[Floats, Floats, Marks]:
    """Loadings and uniquenesses of correlation matrices, (fits, items) each; whether settled."""
    fits, items, _ = correlations.shape
    settled = np.zeros(fits, dtype=bool)
    where = _start(correlations)
    value = _value(correlations, where)
    damping = np.full(fits, 1e-3)
    left = np.arange(fits)
    for _ in range(STEPS):
        here = where[left]
        gradient, curvature = _derivatives(correlations[left], here)
        # Held by its bound, and would go further: it is out of the equations of this step.
        held = np.zeros_like(gradient, dtype=bool)
        held[:, items:] = (here[:, items:] <= LEAST) & (gradient[:, items:] > 0)
        gradient[held] = 0
        curvature[held[:, :, None] | held[:, None, :]] = 0
        diagonal = np.einsum("fpp->fp", curvature)
        diagonal += damping[left, None] * np.where(held, 0, diagonal) + np.where(held, 1, 1e-12)
        step = -np.linalg.solve(curvature, gradient[:, :, None])[:, :, 0]
        there = here + step
        there[:, items:] = np.maximum(there[:, items:], LEAST)
        tried = _value(correlations[left], there)
        better = tried <= value[left]
        where[left[better]], value[left[better]] = there[better], tried[better]
        damping[left] = np.maximum(damping[left] * np.where(better, EASED, DAMPED), 1e-9)
        steepest = np.abs(gradient).max(axis=1)
        settled[left] = steepest <= SETTLED
        left = left[(steepest > 1e-9) & (np.abs(there - here).max(axis=1) > 1e-13)]
        if not len(left):
            break
    return where[:, :items], where[:, items:], settled


def _start(correlations: Floats) -> Floats:
    """From the first principal component: (fits, 2 items), loadings and then uniquenesses."""
    values, vectors = np.linalg.eigh(correlations)
    loadings = vectors[:, :, -1] * np.sqrt(np.maximum(values[:, -1:] - 1, 0.1))
    loadings = np.clip(loadings, -0.95, 0.95)
    return np.concatenate([loadings, 1 - loadings**2], axis=1)


def _value(correlations: Floats, where: Floats) -> Floats:
    """log det S + trace(R inv(S)) of each fit: (fits,)."""
    items = correlations.shape[1]
    loadings, unique = where[:, :items], where[:, items:]
    ratio = loadings / unique
    grown = 1 + (loadings * ratio).sum(axis=1)
    explained = np.einsum("fi,fij,fj->f", ratio, correlations, ratio) / grown
    return np.asarray(
        np.log(grown) + np.log(unique).sum(axis=1) + (1 / unique).sum(axis=1) - explained
    )


def _derivatives(correlations: Floats, where: Floats) -> tuple[Floats, Floats]:
    """First derivatives, (fits, 2 items), and expected second ones, (fits, 2 items, 2 items)."""
    items = correlations.shape[1]
    loadings, unique = where[:, :items], where[:, items:]
    ratio = loadings / unique
    grown = 1 + (loadings * ratio).sum(axis=1)
    inverse = -ratio[:, :, None] * ratio[:, None, :] / grown[:, None, None]
    np.einsum("fii->fi", inverse)[:] += 1 / unique
    slope = inverse - inverse @ correlations @ inverse
    v = ratio / grown[:, None]
    gradient = np.concatenate(
        [2 * np.einsum("fij,fj->fi", slope, loadings), np.einsum("fii->fi", slope)], axis=1
    )
    curvature = np.empty((len(where), 2 * items, 2 * items))
    between = (loadings * v).sum(axis=1)[:, None, None]
    curvature[:, :items, :items] = 2 * (v[:, :, None] * v[:, None, :] + inverse * between)
    mixed = 2 * inverse * v[:, None, :]
    curvature[:, :items, items:] = mixed
    curvature[:, items:, :items] = mixed.transpose(0, 2, 1)
    curvature[:, items:, items:] = inverse**2
    return gradient, curvature
