"""What goes together: how strongly pairs of indicators do, across units and within respondents.

For the dialogue map. "Goes together", never "causes". Tables in: unit means and n as released, and
national covariances within units; no answers.

Many pairs are looked at, so the strongest raw correlation is mostly luck. All pairs together say
how strong associations usually are; each is shrunk by that, and told only when it is none, or of
the other sign, with probability 0.1 or less: at most one in ten of those told is expected to be
wrong, and none hides among sure ones. Method: adaptive shrinkage with local false sign rates
(Stephens 2017, Biostatistics 18, 275-294) on atanh(rho); the prior is a mixture of no association
at all and normals of several widths.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from puls.analysis.correlation import Z, log_likelihood
from puls.analysis.evidence import LEAST_UNITS
from puls.analysis.regression import Floats

WIDTHS = (0.1, 0.2, 0.4, 0.8)
"""Standard deviations of atanh(rho) that associations may have, beside 0."""
EVEN, SCEPTICAL = (1.0, 1.0, 1.0, 1.0, 1.0), (10.0, 0.2, 0.2, 0.2, 0.2)
"""Pairs of no association and of each width assumed to have been seen before any data.

Even for how strong an association is; sceptical (Stephens) for whether to tell it. Scepticism alone
would draw intervals towards 0: in a country where most pairs go together they held half the time.
"""
WRONG = 0.1
"""An association is told when it is none, or of the other sign, with this probability or less."""
SCHEMA = {
    "a": pl.String(),
    "b": pl.String(),
    "n": pl.Int64(),
    "strength": pl.Float64(),
    "low": pl.Float64(),
    "high": pl.Float64(),
    "wrong": pl.Float64(),
    "together": pl.Boolean(),
}


def across_units(
    means: pl.DataFrame, within: pl.DataFrame, pairs: Sequence[tuple[str, str]]
) -> pl.DataFrame:
    """How strongly the true values of pairs of indicators go together from unit to unit.

    means: a row per unit and indicator that is shown: `unit`, `indicator`, `mean`, `n` (null or
        0 for a register figure, which has no sampling error).
    within: `a`, `b`, `covariance` (of two scores of one respondent, within units, national, in
        the units of the means); a = b for a survey indicator's variance. Pairs of different
        surveys have no row: nobody answers both.
    pairs: the declared pairs, each once.

    Gives, in the order of pairs: `a`, `b`, `n` (units with both), `strength` (correlation of the
    true values, shrunk, -1 to 1) with `low` and `high` (central 80 %), `wrong` (probability
    that there is none, or of the other sign) and `together` (to be told). With fewer than 30 units,
    or an indicator that is the same for all, the numbers are null and nothing is told.

    AssertionError for a unit that has an indicator twice, a pair of one indicator with itself, and
    an indicator with n but without a covariance within units.
    """
    shared = {frozenset((a, b)): c for a, b, c in within.select("a", "b", "covariance").iter_rows()}
    known = {
        str(key): rows.select("unit", "mean", pl.col("n").fill_null(0))
        for (key,), rows in means.group_by("indicator")
    }
    nothing = pl.DataFrame(schema={"unit": pl.String(), "mean": pl.Float64(), "n": pl.Int64()})
    sizes: list[int] = []
    found: list[Floats | None] = []
    for a, b in pairs:
        assert a != b, f"{a} goes together with itself"
        both = (
            known.get(a, nothing).join(known.get(b, nothing), on="unit", suffix="_b").sort("unit")
        )
        assert both["unit"].is_unique().all(), f"a unit has {a} or {b} twice"
        sizes.append(len(both))
        varies = both["mean"].n_unique() > 1 and both["mean_b"].n_unique() > 1
        if len(both) < LEAST_UNITS or not varies:
            found.append(None)
            continue
        n_a, n_b = both["n"].to_numpy(), both["n_b"].to_numpy()
        error = _error(shared, a, a, n_a), _error(shared, b, b, n_b)
        # All who are in the smaller n answered both: n_ab / (n_a n_b) is 1 / the larger n.
        joint = _error(shared, a, b, np.maximum(n_a, n_b)) if frozenset((a, b)) in shared else 0
        values = both["mean"].to_numpy().astype(float), both["mean_b"].to_numpy().astype(float)
        found.append(log_likelihood(*values, (*error, np.zeros(len(both)) + joint)))
    return _told(pairs, sizes, found)


def within_respondents(
    products: pl.DataFrame, reliability: Mapping[str, float], pairs: Sequence[tuple[str, str]]
) -> pl.DataFrame:
    """How strongly two constructs go together among respondents of the same unit.

    products: per leaf group and pair of constructs asked in one survey, over the respondents with
        both scores: `a`, `b`, `n`, `sum_a`, `sum_b`, `sum_aa`, `sum_bb`, `sum_ab`, in any unit.
    reliability: of each construct's score (omega or alpha), above 0.
    pairs: as above.

    Deviations from the own group's means are pooled, so differences between schools play no part.
    r is divided by the square root of both reliabilities (Spearman 1904), taken as known; atanh(r)
    is normal with variance 1 / (degrees of freedom - 1). The result is as that of `across_units`,
    with n the number of respondents. KeyError for a construct without a reliability.
    """
    sums = pl.col("sum_ab") - pl.col("sum_a") * pl.col("sum_b") / pl.col("n")
    own_a = pl.col("sum_aa") - pl.col("sum_a") ** 2 / pl.col("n")
    own_b = pl.col("sum_bb") - pl.col("sum_b") ** 2 / pl.col("n")
    pooled = {
        (a, b): figures
        for a, b, *figures in products.filter(pl.col("n") > 1)
        .with_columns(pl.col("n", "^sum_.*$").cast(pl.Float64))
        .group_by("a", "b")
        .agg(
            n=pl.col("n").sum(),
            freedom=(pl.col("n") - 1).sum(),
            ab=sums.sort().sum(),
            aa=own_a.sort().sum(),
            bb=own_b.sort().sum(),
        )
        .iter_rows()
    }
    sizes: list[int] = []
    found: list[Floats | None] = []
    for a, b in pairs:
        n, freedom, ab, aa, bb = pooled.get((a, b)) or pooled.get((b, a)) or (0, 0, 0, 0, 0)
        sizes.append(int(n))
        if freedom < LEAST_UNITS or aa <= 0 or bb <= 0:
            found.append(None)
            continue
        attenuation = float(np.sqrt(reliability[a] * reliability[b]))
        seen = np.arctanh(np.clip(ab / np.sqrt(aa * bb), -0.999, 0.999))
        distance = np.arctanh(np.tanh(Z) * attenuation) - seen
        found.append(np.asarray(-(distance**2) * (freedom - 1) / 2))
    return _told(pairs, sizes, found)


def _error(shared: Mapping[frozenset[str], float], a: str, b: str, n: Floats) -> Floats:
    """Sampling (co)variance of each unit's means; 0 where there is no n: a register figure."""
    if not n.any():
        return np.zeros(len(n))
    assert (n > 0).all(), f"{a} or {b} is a register figure for some units and a mean for others"
    assert frozenset((a, b)) in shared, f"no covariance within units for {a} and {b}"
    return np.asarray(shared[frozenset((a, b))] / n)


def _told(
    pairs: Sequence[tuple[str, str]], sizes: Sequence[int], found: Sequence[Floats | None]
) -> pl.DataFrame:
    logs = [one for one in found if one is not None]
    summaries = iter(_shrunk(np.array(logs)) if logs else [])
    rows = [
        (a, b, size, *((None, None, None, None, False) if one is None else next(summaries)))
        for (a, b), size, one in zip(pairs, sizes, found, strict=True)
    ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _shrunk(logs: Floats) -> list[tuple[float, float, float, float, bool]]:
    """Strength, low, high, wrong and together of each pair, from its likelihoods at Z: (P, Z)."""
    likelihood = np.exp(logs - logs.max(axis=1, keepdims=True))
    doubtful, posterior = _posterior(likelihood, SCEPTICAL), _posterior(likelihood, EVEN)
    rho, middle = np.tanh(Z), len(Z) // 2
    below, above = doubtful[:, :middle].sum(axis=1), doubtful[:, middle + 1 :].sum(axis=1)
    wrong = 1 - np.maximum(below, above)
    together = wrong <= WRONG
    steps = np.cumsum(posterior, axis=1)
    low, high = (rho[np.argmax(steps >= share, axis=1)] for share in (0.1, 0.9))
    columns = (posterior @ rho, low, high, wrong, together)
    return [
        (float(s), float(lo), float(hi), float(w), bool(t))
        for s, lo, hi, w, t in zip(*columns, strict=True)
    ]


def _posterior(likelihood: Floats, seen_before: Sequence[float]) -> Floats:
    """Each pair's probabilities at Z, (P, Z), with the prior that all pairs together suggest.

    The shares of "none" and of each width in the prior by expectation-maximisation.
    """
    shapes = [np.where(np.arange(len(Z)) == len(Z) // 2, 1.0, 0.0)]
    for width in WIDTHS:
        bell = np.exp(-((Z / width) ** 2) / 2)
        shapes.append(bell / bell.sum())
    parts = np.array(shapes)
    fit = likelihood @ parts.T
    share = np.full(len(parts), 1 / len(parts))
    for _ in range(500):
        belongs = fit * share
        belongs /= belongs.sum(axis=1, keepdims=True)
        share = belongs.sum(axis=0) + np.array(seen_before)
        share /= share.sum()
    posterior = likelihood * (share @ parts)
    return np.asarray(posterior / posterior.sum(axis=1, keepdims=True))
