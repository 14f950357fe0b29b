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

from puls.analysis.attenuation import Reliable, seen
from puls.analysis.correlation import Likely, Z, log_likelihood
from puls.analysis.evidence import LEAST_UNITS
from puls.analysis.regression import Floats
from puls.analysis.scoring import APART

WIDTHS = (0.1, 0.2, 0.4, 0.8)
"""Standard deviations of atanh(rho) that associations may have, beside 0."""
EVEN, SCEPTICAL = (0.2, 1.0, 1.0, 1.0, 1.0), (10.0, 0.2, 0.2, 0.2, 0.2)
"""Pairs of no association and of each width assumed to have been seen before any data.

Even over the widths for how strong an association is; sceptical (Stephens) for whether to tell it.
Scepticism alone would draw intervals towards 0: in a country where most pairs go together they held
half the time, and with 1 for no association, 77 in 100 of those from 200 respondents.
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
    an indicator with n but without a covariance within units, and nan among the means.
    """
    shared = {frozenset((a, b)): c for a, b, c in within.select("a", "b", "covariance").iter_rows()}
    known = {
        str(key): rows.select("unit", "mean", pl.col("n").fill_null(0))
        for (key,), rows in means.group_by("indicator")
    }
    nothing = pl.DataFrame(schema={"unit": pl.String(), "mean": pl.Float64(), "n": pl.Int64()})
    sizes: list[int] = []
    found: list[Likely | None] = []
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
        logs = log_likelihood(*values, (*error, np.zeros(len(both)) + joint))
        found.append(Likely(Z, logs, float(logs[len(Z) // 2])))
    return _told(pairs, sizes, found)


def within_respondents(
    products: pl.DataFrame, reliability: Mapping[str, Reliable], pairs: Sequence[tuple[str, str]]
) -> pl.DataFrame:
    """How strongly two constructs go together among respondents of the same unit.

    products: a row per leaf group and pair of constructs asked in one survey, over the respondents
        with both scores, in any unit: a, b, n, sum_a, sum_b, sum_aa, sum_bb, sum_ab.
    reliability: of each construct's score among respondents of a group, learnt from the same ones
        (`attenuation.within_groups`).
    pairs: as above.

    Deviations from the own group's means are pooled, so differences between schools play no part.
    The strength is that of the true scores: what endlessly many answers of each respondent to these
    questions would average to (`puls.analysis.attenuation`). The result is as that of
    `across_units`, with n the number of respondents, and null with fewer than 30 degrees of
    freedom. KeyError for a construct without a reliability.

    Source: Spearman (1904), Stephens (2017), as in this module and `attenuation`.
    """
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
            ab=APART.sort().sum(),
            aa=own_a.sort().sum(),
            bb=own_b.sort().sum(),
        )
        .iter_rows()
    }
    sizes: list[int] = []
    found: list[Likely | None] = []
    for a, b in pairs:
        n, freedom, ab, aa, bb = pooled.get((a, b)) or pooled.get((b, a)) or (0, 0, 0, 0, 0)
        sizes.append(int(n))
        if freedom < LEAST_UNITS or aa <= 0 or bb <= 0:
            found.append(None)
            continue
        r = float(ab / np.sqrt(aa * bb))
        found.append(seen(r, freedom, (reliability[a], reliability[b])))
    return _told(pairs, sizes, found)


def _error(shared: Mapping[frozenset[str], float], a: str, b: str, n: Floats) -> Floats:
    """Sampling (co)variance of each unit's means; 0 where there is no n: a register figure."""
    if not n.any():
        return np.zeros(len(n))
    assert (n > 0).all(), f"{a} or {b} is a register figure for some units and a mean for others"
    assert frozenset((a, b)) in shared, f"no covariance within units for {a} and {b}"
    return np.asarray(shared[frozenset((a, b))] / n)


def _told(
    pairs: Sequence[tuple[str, str]], sizes: Sequence[int], found: Sequence[Likely | None]
) -> pl.DataFrame:
    likely = [one for one in found if one is not None]
    summaries = iter(_shrunk(likely) if likely else [])
    rows = [
        (a, b, size, *((None, None, None, None, False) if one is None else next(summaries)))
        for (a, b), size, one in zip(pairs, sizes, found, strict=True)
    ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _shrunk(found: Sequence[Likely]) -> list[tuple[float, float, float, float, bool]]:
    """Strength, low, high, wrong and together of each pair."""
    z = np.array([one.z for one in found])
    doubtful, posterior = _posterior(found, z, SCEPTICAL), _posterior(found, z, EVEN)
    summaries = []
    for at, own in enumerate(z):
        none, some = posterior[at, 0], posterior[at, 1:]
        low, high = np.tanh([_quantile(own, some, none, share) for share in (0.1, 0.9)])
        steps, edges = _steps(own, doubtful[at, 1:])
        below = np.interp(0.0, edges, steps)
        # Where all is on one side, rounding may leave a little less than nothing.
        wrong = max(0.0, float(1 - max(below, steps[-1] - below)))
        strength = float(some @ np.tanh(own))
        summaries.append((strength, float(low), float(high), wrong, wrong <= WRONG))
    return summaries


def _posterior(found: Sequence[Likely], z: Floats, seen_before: Sequence[float]) -> Floats:
    """Each pair's probabilities of none and at its z, (P, 1 + K), with the prior that all suggest.

    The shares of "none" and of each width in the prior by expectation-maximisation.
    """
    top = np.array([max(one.none, one.log.max()) for one in found])
    likelihood = np.exp(np.array([one.log for one in found]) - top[:, None])
    none = np.exp(np.array([one.none for one in found]) - top)
    step = z[:, 1] - z[:, 0]
    some = [np.exp(-((z / w) ** 2) / 2) / (w * np.sqrt(2 * np.pi)) * likelihood for w in WIDTHS]
    parts = np.array([each * step[:, None] for each in some])
    fit = np.stack([none, *parts.sum(axis=2)], axis=1)
    share = np.full(fit.shape[1], 1 / fit.shape[1])
    for _ in range(500):
        belongs = fit * share
        belongs /= belongs.sum(axis=1, keepdims=True)
        share = belongs.sum(axis=0) + np.array(seen_before)
        share /= share.sum()
    each = np.einsum("w,wpk->pk", share[1:], parts)
    posterior = np.concatenate([(share[0] * none)[:, None], each], axis=1)
    return np.asarray(posterior / posterior.sum(axis=1, keepdims=True))


def _steps(z: Floats, some: Floats) -> tuple[Floats, Floats]:
    """Probability below each edge between the z, and the edges: (K + 1,) each."""
    half = (z[1] - z[0]) / 2
    return np.append(0.0, np.cumsum(some)), np.append(z - half, z[-1] + half)


def _quantile(z: Floats, some: Floats, none: float, share: float) -> float:
    """Below which so much of the probability lies: of some at z, (K,), and of none at 0."""
    steps, edges = _steps(z, some)
    below = float(np.interp(0.0, edges, steps))
    if below < share <= below + none:
        return 0.0
    return float(np.interp(share if share <= below else share - none, steps, edges))
