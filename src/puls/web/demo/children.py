"""Children of the demo's schools and kindergartens, where one in each municipality takes part.

All made up from the real number of residents: who is asked, and what GSI counts of schools.
"""

import numpy as np
import polars as pl

from puls.analysis.synthetic import rng_for

LEAST, OF_ALL = 40, 0.05
"""How many children the one school has, and how many more for each child of the municipality."""


def headcounts(children: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Children at the school that takes part, by municipality and school year.

    children: municipality, period, children. Returns the same with pupils.
    """
    homes = children["municipality"].unique().sort()
    lasting = rng_for(seed, "children")
    liking = pl.DataFrame(
        {"municipality": homes, "liking": np.exp(lasting.normal(0, 0.25, len(homes)))}
    )
    wanted = (LEAST + OF_ALL * pl.col("children")) * pl.col("liking")
    return (
        children.join(liking, on="municipality")
        .with_columns(
            pupils=pl.min_horizontal(wanted, pl.col("children") * 0.9).round().cast(pl.Int64)
        )
        .select("municipality", "period", "children", "pupils")
        .sort("period", "municipality")
    )


def counted(heads: pl.DataFrame, period: int, seed: int) -> pl.DataFrame:
    """Compulsory schools: a row a municipality of today with what GSI counts of them all."""
    now = heads.filter(pl.col("period") == period).sort("municipality")
    lasting = rng_for(seed, "compulsory")
    adapted, norwegian, size = (
        pl.Series(middle * np.exp(lasting.normal(0, spread, now.height)))
        for middle, spread in ((0.08, 0.25), (0.045, 0.5), (190.0, 0.2))
    )
    everybody = pl.col("children") * 0.97
    return now.select(
        "municipality",
        everybody=everybody,
        adapted=everybody * adapted,
        norwegian=everybody * norwegian,
        schools=(everybody / size).ceil(),
    )
