"""A random-intercept model with covariates of the units, by restricted maximum likelihood.

    y[r, j] = x[j]'b + u[j] + e[r, j]        u ~ N(0, tau2), e ~ N(0, sigma2)

for respondent r in unit j. Everything is estimated from each unit's number, sum and sum of
squares: no answer is read again. Estimator: REML, profiled to one dimension (tau2 / sigma2) and
maximised there. Assumes that units are drawn independently, that respondents differ equally much
in all units, and that both deviations are about normal.

Source: Raudenbush & Bryk, Hierarchical Linear Models (2nd ed. 2002), chapters 3 and 4.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from puls.analysis.agreement import ROUNDING
from puls.analysis.regression import Floats, maximum, weighted


@dataclass(frozen=True)
class RandomIntercept:
    """A fitted model.

    coefficients: float, (p,): the intercept first, then one a covariate, in the score's unit per
        unit of the covariate.
    standard_errors: float, (p,): the variances taken as known.
    tau2, sigma2: between units (left over after the covariates) and between the respondents of
        one unit, in the score's unit squared.
    """

    coefficients: Floats
    standard_errors: Floats
    tau2: float
    sigma2: float
    units: int
    respondents: int

    @property
    def icc(self) -> float:
        """The share of the variance (not explained by covariates) between units: 0 to 1."""
        return self.tau2 / (self.tau2 + self.sigma2)

    def reliability(self, n: ArrayLike) -> Floats:
        """How much of the differences between means of n respondents is real: 0 to 1.

        n: above 0, of any shape; the result has it. tau2 / (tau2 + sigma2 / n).
        """
        sampling = self.sigma2 / np.asarray(n, dtype=np.float64)
        return np.asarray(self.tau2 / (self.tau2 + sampling))


def random_intercept(
    n: ArrayLike, total: ArrayLike, total_sq: ArrayLike, covariates: Sequence[ArrayLike] = ()
) -> RandomIntercept:
    """Fit the model to the sums of each unit.

    n, total, total_sq: (units,): number of scores, their sum and their sum of squares. Units
        without scores are left out.
    covariates: each (units,): a known figure of every unit.

    ValueError for nan, with no more units than coefficients, where no unit has two respondents,
    where all respondents of every unit agree, and for covariates of which one follows from the
    others.

    Source: Raudenbush & Bryk (2nd ed. 2002), chapters 3 and 4.
    """
    size = np.asarray(n, dtype=np.float64)
    some = ~(size <= 0)  # nan stays among them, and is refused below
    sums, squares, *raw = (
        np.asarray(each, dtype=np.float64)[some] for each in (total, total_sq, *covariates)
    )
    size = size[some]
    if not all(np.isfinite(each).all() for each in (size, sums, squares, *raw)):
        raise ValueError("a number, sum, square or covariate of a unit with scores is no number")
    means = sums / size
    within = float(np.sum(squares - sums * means))
    units, columns = len(means), 1 + len(raw)
    freedom = float(size.sum()) - columns
    # Where all agree, floats leave a trace of the squares.
    alike = within <= ROUNDING * float(squares.sum())
    if units <= columns or freedom <= units - columns or alike:
        raise ValueError(
            f"{units} units with {int(size.sum())} respondents are too few, or too alike, "
            f"for {columns} coefficients and two variances"
        )
    x, back = _standardised(raw, units)

    def profile(spread: Floats) -> Floats:
        """Restricted log-likelihood by sqrt(tau2 / sigma2), with the best sigma2 for each."""
        fit = weighted(means, x, spread[:, None] ** 2 + 1 / size)
        return np.asarray(fit.log_determinants + freedom * np.log(fit.rss + within)) / -2

    # A larger tau2 than this would not leave room for what lies between respondents.
    apart = float(np.sum((means - means.mean()) ** 2)) / (units - columns)
    spread = maximum(profile, 0.0, 2 * float(np.sqrt(apart * freedom / within)) + 1e-6)
    fit = weighted(means, x, (spread**2 + 1 / size)[None, :])
    sigma2 = float(fit.rss[0] + within) / freedom
    covariance = sigma2 * back @ fit.covariance[0] @ back.T
    return RandomIntercept(
        coefficients=back @ fit.coefficients[0],
        standard_errors=np.sqrt(np.diag(covariance)),
        tau2=spread**2 * sigma2,
        sigma2=sigma2,
        units=units,
        respondents=int(size.sum()),
    )


def _standardised(raw: Sequence[Floats], units: int) -> tuple[Floats, Floats]:
    """Ones and the covariates with mean 0 and spread 1, and the way back to their own units.

    Gives x: (units, p) and back: (p, p), so that back @ coefficients are those of the raw ones.
    """
    back = np.eye(1 + len(raw))
    columns = [np.ones(units)]
    for number, covariate in enumerate(raw, start=1):
        centre, spread = float(covariate.mean()), float(covariate.std())
        if not spread > 1e-12 * max(1.0, abs(centre)):
            raise ValueError(f"covariate {number} is the same for all units")
        columns.append((covariate - centre) / spread)
        back[number, number] = 1 / spread
        back[0, number] = -centre / spread
    x = np.column_stack(columns)
    if np.linalg.matrix_rank(x) < x.shape[1]:
        raise ValueError("one covariate follows from the others")
    return x, back
