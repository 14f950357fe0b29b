"""Reliability in every unit, in any groups of leaves, and between the units of every tier.

For a statistician who may see the tallies; what a release may tell is in
`puls.analysis.reliability`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from puls.analysis.agreement import iccs, reliability_of_mean
from puls.analysis.consistency import (
    Covariances,
    alpha_interval,
    alphas,
    covariances,
    item_rests,
    omegas,
)
from puls.analysis.pooled import Pooled
from puls.analysis.scoring import PAIR_KEY, PAIR_SUMS, Tallies
from puls.analysis.tallies import lineage, with_score
from puls.content.definitions import Survey

LEVEL = 0.8
"""Probability of the interval of alpha, as of all intervals."""


@dataclass(frozen=True)
class OfTier:
    """How far the means of the units of one tier tell them apart.

    units: with a score. size: scores per unit, on average.
    icc1, icc2: as in `puls.analysis.agreement`; None where they are not defined.
    """

    tier: str
    units: int
    size: float
    icc1: float | None
    icc2: float | None

    def reliability(self, n: float) -> float | None:
        """Of the mean of a unit with n scores, 0 to 1; None where ICC(1) is not known."""
        return None if self.icc1 is None else reliability_of_mean(self.icc1, n)


def by_unit(
    tallies: Tallies,
    survey: Survey,
    home: Mapping[str, str],
    parents: Mapping[str, str | None],
    level: float = LEVEL,
) -> pl.DataFrame:
    """Response, alpha and omega of every construct in every unit that holds answers.

    tallies: as `scoring.tally_round` lays them out. level: probability of the interval, 0 to 1.
    home: the unit that each leaf's answers count for. parents: the unit above each unit, None for
        the highest. Units need not be those of the tree: with a home of any name and no parents,
        leaves are put together as one likes.

    Gives one row per unit and construct, sorted by unit, then in the survey's order: `unit`,
    `construct`, `asked`, `answered`, `n` (respondents: all; with an item or more; with a score),
    `alpha` with its interval `low`, `high`, `omega`, and `bounded` (see `OfConstruct`); null where
    not defined. The interval counts the respondents of the pair of items that fewest answered.
    AssertionError for a leaf without a home. Sources: as in `puls.analysis.consistency`.
    """
    counts, layout = _by_unit(tallies, survey, home, parents)
    tables = []
    for construct in survey.constructs:
        found = layout[construct.key]
        alpha_ = alphas(found.values)
        fewest = found.n.min(axis=(1, 2))
        low, high = alpha_interval(alpha_, fewest, len(construct.items), level)
        omega = omegas(found.values)
        table = pl.DataFrame({"unit": found.units}, schema={"unit": pl.String}).with_columns(
            construct=pl.lit(construct.key),
            alpha=alpha_,
            low=low,
            high=high,
            omega=omega.omega,
            bounded=omega.bounded,
        )
        tables.append(table.with_columns(pl.col(pl.Float64).fill_nan(None)))
    order = pl.concat(tables).join(counts, on=["unit", "construct"], maintain_order="left")
    names = ("unit", "construct", "asked", "answered", "n", "alpha", "low", "high", "omega")
    return order.select(*names, "bounded").sort("unit", maintain_order=True)


def items_by_unit(
    tallies: Tallies,
    survey: Survey,
    home: Mapping[str, str],
    parents: Mapping[str, str | None],
) -> pl.DataFrame:
    """Every item in every unit that holds answers; arguments as for `by_unit`.

    Gives one row per unit and item, sorted by unit, then in the survey's order: `unit`,
    `construct`, `item`, `n` (who answered it), `unanswered` (the share of those asked who did
    not), `item_rest` (null where not defined).
    """
    counts, layout = _by_unit(tallies, survey, home, parents)
    tables = []
    for construct in survey.constructs:
        found = layout[construct.key]
        units, items = len(found.units), [item.key for item in construct.items]
        table = pl.DataFrame(
            {
                "unit": [unit for unit in found.units for _ in items],
                "construct": [construct.key] * (units * len(items)),
                "item": items * units,
                "n": np.diagonal(found.n, axis1=1, axis2=2).ravel(),
                "item_rest": item_rests(found.values).ravel(),
            },
            schema_overrides=dict.fromkeys(("unit", "construct", "item"), pl.String),
        )
        tables.append(table.with_columns(pl.col("item_rest").fill_nan(None)))
    order = pl.concat(tables).join(
        counts.drop("n"), on=["unit", "construct"], maintain_order="left"
    )
    return (
        order.with_columns(unanswered=1 - pl.col("n") / pl.col("asked"))
        .select("unit", "construct", "item", "n", "unanswered", "item_rest")
        .sort("unit", maintain_order=True)
    )


def by_tier(field: Pooled, tiers: tuple[str, ...]) -> dict[str, tuple[OfTier, ...]]:
    """ICC(1) and ICC(2) of each construct between the units of each tier below the country.

    field: as `pooled.pooled` gives it. tiers: keys of its tiers, from the country down.

    Answers that belong to no unit of a tier (a school without departments) are a group of their
    own there. What lies between the units of a tier holds what lies between those above.
    Source: Bliese (2000), as in `puls.analysis.agreement`.
    """
    found = {}
    for construct, own in field.own.items():
        at = [place for place, unit in enumerate(field.places.homes) if unit in own]
        sums = np.array([own[field.places.homes[place]][:3] for place in at]).reshape(-1, 3).T
        rows = []
        for rank, tier in enumerate(tiers[1:], start=1):
            groups, group = np.unique(field.places.at[at, rank], return_inverse=True)
            n, total, total_sq = (np.bincount(group, each, len(groups)) for each in sums)
            size = float(n.sum()) / max(1, len(groups))
            rows.append(OfTier(tier, len(groups), size, *iccs(n, total, total_sq)))
        found[construct] = tuple(rows)
    return found


def _by_unit(
    tallies: Tallies, survey: Survey, home: Mapping[str, str], parents: Mapping[str, str | None]
) -> tuple[pl.DataFrame, dict[str, Covariances]]:
    """asked, answered and n by unit and construct; and the covariances of each construct."""
    climb = pl.DataFrame(
        [(leaf, above) for leaf, unit in home.items() for above in lineage(unit, parents)],
        schema={"leaf": pl.String, "unit": pl.String},
        orient="row",
    )
    lost = set(tallies.answers["leaf"].unique()) - home.keys()
    assert not lost, f"leaves without a unit to count for: {sorted(lost)[:5]}"
    of_unit = ["unit", "construct"]
    count = pl.col("count")
    asked = (
        tallies.answers.join(climb, on="leaf")
        .group_by(of_unit)
        .agg(asked=count.sum(), answered=count.filter(pl.col("answered") > 0).sum())
    )
    scored = with_score(tallies.answers, survey).join(climb, on="leaf").group_by(of_unit)
    counts = asked.join(scored.agg(n=count.sum()), on=of_unit, how="left")
    pairs = (
        tallies.items.join(climb, on="leaf")
        .group_by("unit", *PAIR_KEY[1:])
        .agg(pl.col(PAIR_SUMS).sum())
    )
    layout = {each.key: covariances(pairs, each) for each in survey.constructs}
    return counts.with_columns(pl.col("n").fill_null(0)), layout
