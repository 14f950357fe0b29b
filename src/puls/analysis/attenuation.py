"""What goes together among respondents, corrected for the chance in their scores.

    r' = r / sqrt(reliability a * reliability b)

Reliability depends on who is compared. In the whole country scores differ by the schools as well,
so alpha is higher than among respondents of one leaf group; and who skipped an item has a score of
fewer items, with more chance in it. Both made alpha too large for respondents that are compared
within their group and counted with half of the items: strengths came out 3 % too weak.

r' is the correlation of true scores, which are points of the scale: what endlessly many answers to
these questions would average to. Of the attitudes behind them it says 1 or 2 % too little, as steps
and ends of a scale make a straight line crooked; nobody can tell that from answers alone.

Source: Spearman (1904), American Journal of Psychology 15, 72-101; how sure r' is where the
reliabilities are learnt from the same respondents: Hakstian, Schroeder & Rogers (1988),
Psychometrika 53, 27-43. Assumes normal scores.
"""

from typing import NamedTuple

import numpy as np
import polars as pl

from puls.analysis.consistency import Floats, alphas, omegas
from puls.analysis.correlation import Likely, Z
from puls.analysis.scoring import APART, Tallies
from puls.analysis.tallies import with_score
from puls.content.definitions import Construct, Survey

FAR = 5.5
"""Correlations so many standard errors off are out of the question."""
LEAST_RANGE = 0.1


class Reliable(NamedTuple):
    """value: the share of a score's variance that is no error, 0 to 1. items: of the construct."""

    value: float
    items: int


def within_groups(tallies: Tallies, survey: Survey) -> dict[str, Reliable]:
    """By construct, how reliable one respondent's score is among those of the same leaf group.

    Omega of the items' covariances within leaf groups, pooled over all of them; alpha where one
    factor does not fit them (`puls.analysis.consistency`). With r that of all m items, a score of a
    items has m / a times the error of the score of all:

        reliability = r / (r + (1 - r) * mean of m / a over all with a score)

    Constructs of which it is not defined, or not above 0, are left out.

    tallies: of groups that are compared within, as `scoring.tally_round` lays them out.
    Source: McDonald (1999), chapter 6, for omega; error by the number of items as in Spearman and
    Brown (1910).
    """
    share = with_score(tallies.answers, survey).group_by("construct")
    fewer = dict(
        share.agg((pl.col("count") / pl.col("answered")).sum() / pl.col("count").sum()).iter_rows()
    )
    found = {}
    for construct in survey.constructs:
        values = _within(tallies.items, construct)[None]
        own = values.diagonal(0, 1, 2)
        if construct.key not in fewer or not (own.min() > 0 and values.sum() > own.sum()):
            continue
        omega = omegas(values)
        all_items = omega.omega[0]
        if omega.bounded[0] or np.isnan(all_items):
            all_items = alphas(values)[0]
        items = len(construct.items)
        error = (1 - all_items) * items * fewer[construct.key]
        found[construct.key] = Reliable(float(all_items / (all_items + error)), items)
    return found


def seen(r: float, freedom: float, reliability: tuple[Reliable, Reliable]) -> Likely:
    """How likely each correlation of the true scores of two constructs is.

    r: seen between the scores, within groups, -1 to 1. freedom: respondents less groups, above 2.
    reliability: of either construct's score; AssertionError unless above 0 and at most 1.

    atanh(r) is about normal around atanh(rho sqrt(reliabilities)), with the variance of `_doubt`.
    Told where it is not out of the question: in steps of a fortieth of a standard error.
    Source: Hakstian, Schroeder & Rogers (1988).
    """
    assert all(0 < each.value <= 1 for each in reliability), f"reliabilities {reliability}"
    attenuation = float(np.sqrt(reliability[0].value * reliability[1].value))
    centre, most = np.arctanh(np.clip(r, -0.9999, 0.9999)), np.tanh(Z[-1])
    first = _doubt(np.clip(r / attenuation, -most, most), reliability) / (freedom - 1)
    around = np.tanh(centre + FAR * np.sqrt(first) * np.array([-1, 1])) / attenuation
    low, high = np.arctanh(np.clip(around, -most, most))
    # More than is possible: the reliabilities are too low, and all that is left is the end.
    low, high = min(low, Z[-1] - LEAST_RANGE), max(high, LEAST_RANGE - Z[-1])

    def logs(z: Floats) -> Floats:
        rho = np.tanh(z)
        variance = _doubt(rho, reliability) / (freedom - 1)
        distance = np.arctanh(rho * attenuation) - centre
        return np.asarray(-(distance**2 / variance + np.log(variance)) / 2)

    z = np.linspace(low, high, len(Z))
    return Likely(z, logs(z), float(logs(np.zeros(1))[0]))


def _doubt(rho: Floats, reliability: tuple[Reliable, Reliable]) -> Floats:
    """The variance of atanh(r) around its expectation times the degrees of freedom, at each rho.

    With reliabilities p and q from m and k items, that of r' is

        1 / pq + rho^2 (1 + 1 / 2p^2 + 1 / 2q^2 - 2 / p - 2 / q) + rho^4
               + rho^2 ((1 / p - 1)^2 / (m - 1) + (1 / q - 1)^2 / (k - 1)) / 2

    which is (1 - rho^2)^2 for scores without error.
    """
    (p, m), (q, k) = reliability
    alike = 1 + 0.5 / p**2 + 0.5 / q**2 - 2 / p - 2 / q
    errors = ((1 / p - 1) ** 2 / max(1, m - 1) + (1 / q - 1) ** 2 / max(1, k - 1)) / 2
    variance = 1 / (p * q) + rho**2 * (alike + errors) + rho**4
    return np.asarray(p * q * variance / (1 - p * q * rho**2) ** 2)


def _within(pairs: pl.DataFrame, construct: Construct) -> Floats:
    """The items' covariances around their leaf groups' means, (items, items), in square points.

    nan for a pair that nowhere two respondents have answered.
    """
    sums = (
        pairs.filter(pl.col("construct") == construct.key, pl.col("n") > 1)
        .group_by("item_a", "item_b")
        .agg(APART.sort().sum() / (pl.col("n") - 1).sum())
    )
    places = {item.key: place for place, item in enumerate(construct.items)}
    values = np.full((len(places), len(places)), np.nan)
    for a, b, covariance in sums.iter_rows():
        values[places[a], places[b]] = values[places[b], places[a]] = covariance
    return values
