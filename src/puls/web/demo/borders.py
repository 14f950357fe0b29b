"""Numbers of today's municipalities, told on the borders of an earlier year.

Made-up figures are drawn for the municipalities of today, and registers speak of those that
existed in the year: a merged one is taken apart, a split one put together.
"""

from datetime import date

import numpy as np
import polars as pl

from puls.analysis.synthetic import rng_for
from puls.units import UnitTree


def shares(tree: UnitTree, tier: str, then: date, today: date, seed: int) -> pl.DataFrame:
    """Which part of each municipality of today lay in which municipality then.

    Returns municipality, then, part; the parts of a municipality add up to 1. How large the
    merged ones were is not known here, so it is drawn.
    """
    rows: list[tuple[str, str, float]] = []
    for unit in tree.at(today):
        if unit.tier != tier:
            continue
        # Parts that one living municipality gave to another are too small to matter here.
        closed = [k for k in tree.origins(unit.key, then) if not tree[k].valid_on(today)]
        were = sorted({*closed, *([unit.key] if unit.valid_on(then) else [])})
        sizes = rng_for(seed, unit.key).gamma(4, 1, len(were))
        sizes *= np.where([key == unit.key for key in were], 6, 1)
        rows += zip([unit.key] * len(were), were, sizes / sizes.sum(), strict=True)
    return pl.DataFrame(rows, schema=["municipality", "then", "part"], orient="row")


def told(numbers: pl.DataFrame, parts: pl.DataFrame) -> pl.DataFrame:
    """Sums of counts by the municipality of then.

    numbers: municipality and one column a count. parts: as `shares` gives them.
    Returns unit and the same columns, in the order of units.
    """
    columns = [name for name in numbers.columns if name != "municipality"]
    return (
        numbers.join(parts, on="municipality")
        .group_by(pl.col("then").alias("unit"))
        .agg((pl.col(name) * pl.col("part")).sum() for name in columns)
        .sort("unit")
    )


def with_sums(numbers: pl.DataFrame, tree: UnitTree) -> pl.DataFrame:
    """The same with rows for all units above: a county is the sum of its municipalities."""
    columns = [name for name in numbers.columns if name != "unit"]
    above = [
        (unit, upper) for unit in numbers["unit"] for upper in reversed(tree.lineage(unit)[:-1])
    ]
    climb = pl.DataFrame(above, schema=["unit", "upper"], orient="row")
    summed = (
        numbers.join(climb, on="unit")
        .group_by(pl.col("upper").alias("unit"))
        .agg(pl.col(columns).sum())
    )
    return pl.concat([numbers, summed.select(numbers.columns)]).sort("unit")
