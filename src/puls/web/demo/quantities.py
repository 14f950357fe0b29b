"""What the registers of the demo country count: places, hours, positions, money.

All made up around what is usual: a place and a fifth per pupil, most of them music, some twenty
hours a year for each, a position for about forty pupils, a few thousand kroner a child.
"""

import numpy as np
import polars as pl

from puls.analysis.synthetic import rng_for

PRICES = 1.035
"""Yearly growth of costs."""
FIRST_YEAR = 2018


def counted(heads: pl.DataFrame, departments: pl.DataFrame, period: int, seed: int) -> pl.DataFrame:
    """Culture schools: a row a municipality of today with all that is counted in a school year.

    heads: as `places.headcounts` gives them, also for the year before. departments: as in
    `places.Places`. All columns but `municipality` are counts that can be summed.
    """
    now = heads.filter(pl.col("period") == period).sort("municipality")
    before = heads.filter(pl.col("period") == period - 1).select(
        "municipality", of_age_before="of_age"
    )
    # What is usual somewhere lasts: the same draws every year.
    lasting = rng_for(seed, "quantities")
    spending, hours = (np.exp(lasting.normal(0, s, now.height)) for s in (0.28, 0.12))
    prices = PRICES ** (period - FIRST_YEAR)
    every = list(dict.fromkeys(departments["kind"].sort()))
    kinds = (
        departments.group_by("municipality", "kind")
        .agg(pl.col("share").sum())
        .pivot(on="kind", index="municipality", values="share")
        .select("municipality", *(pl.col(kind).fill_null(0.0) for kind in every))
    )
    own = pl.col("pupils")
    return (
        now.join(before, on="municipality")
        .join(kinds, on="municipality", how="left")
        .sort("municipality")
        .with_columns(pl.col(every).fill_null(0.0))
        .with_columns((pl.col("places") * pl.col(kind)).alias(f"places_{kind}") for kind in every)
        .with_columns(
            hours=pl.col("places") * 19.0 * pl.Series(hours),
            teaching=own * 2.3,
            administration=own * 0.22 + 12.0 * (own > 0),
            gross_kroner=own * 19_500.0 * prices * pl.Series(spending),
        )
        .with_columns(
            net_kroner=pl.col("gross_kroner") * 0.74 + pl.col("children") * 250.0 * prices
        )
        .drop("period", *every)
    )


def kostra(numbers: pl.DataFrame, tier_of_rows: pl.Series, year: int, seed: int) -> pl.DataFrame:
    """KOSTRA's key figures by unit: shares in per cent, amounts in kroner; null where unreported.

    numbers: `counted` on the borders of the year, with sums above. tier_of_rows: True for a
    municipality: a few of those report no accounts in a year.
    """
    silent = rng_for(seed, "unreported", str(year)).random(numbers.height) < 0.012
    reported = ~(pl.Series(silent) & tier_of_rows)
    children = pl.col("children")
    per_child = pl.when(children > 0)
    return numbers.select(
        "unit",
        share=per_child.then(
            (pl.col("of_age_before") * 7 / 12 + pl.col("of_age") * 5 / 12) / children * 100
        ),
        queue=per_child.then(pl.col("waiting_of_age") / children * 100),
        net=pl.when((children > 0) & reported).then(pl.col("net_kroner") / children),
        gross=pl.when((pl.col("pupils") >= 1) & reported).then(
            pl.col("gross_kroner") / pl.col("pupils")
        ),
    )
