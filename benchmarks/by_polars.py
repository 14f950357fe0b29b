"""The same numbers in Polars, written by hand to be as fast as we know how."""

from pathlib import Path

import numpy as np
import polars as pl

from benchmarks import patterns_by_hand as by_hand
from benchmarks.country import SURVEY, YEARS
from puls.analysis.condensing import Condensed

WIDTH = by_hand.STATES**5
"""More than any code of a construct."""


def _patterns(file: Path) -> tuple[pl.Series, list[pl.DataFrame]]:
    """The schools, and for each construct id, k and c: how many of a school have a code."""
    answers = pl.scan_parquet(file)
    leaves = answers.select(pl.col("leaf").unique().sort()).collect()["leaf"]
    school = pl.col("leaf").cast(pl.Enum(leaves)).to_physical().cast(pl.Int32)
    codes = []
    for construct in SURVEY.constructs:
        code = pl.lit(0, dtype=pl.Int16)
        for at, item in enumerate(construct.items):
            code += pl.col(item.key).fill_null(0).cast(pl.Int16) * by_hand.STATES**at
        codes.append((school * WIDTH + code).alias(construct.key))
    coded = answers.select(codes).collect().lazy()
    counted = pl.collect_all(
        [coded.group_by(both=construct.key).agg(c=pl.len()) for construct in SURVEY.constructs]
    )
    both = pl.col("both")
    return leaves, [each.select(id=both // WIDTH, k=both % WIDTH, c="c") for each in counted]


def _summed(
    counted: pl.DataFrame, known: pl.DataFrame, names: list[str], ends: bool = False
) -> np.ndarray:
    """What is known about each pattern, summed by school. ends: also lowest and highest score."""
    k, c = pl.col("k"), pl.col("c").cast(pl.Float64)
    looked_up = ((pl.lit(known[name]).gather(k) * c).alias(name) for name in names)
    score = pl.lit(known["score60"]).gather(k).alias("score60")
    sums = [pl.col(names).sum()]
    if ends:
        least, most = pl.col("score60").min(), pl.col("score60").max()
        sums += [least.fill_null(0).alias("least"), most.fill_null(0).alias("most")]
    table = counted.lazy().select("id", *looked_up, *([score] if ends else []))
    return table.group_by("id").agg(sums).sort("id").drop("id").collect().to_numpy()


def scoring(folder: Path) -> dict[int, by_hand.Counts]:
    found = {}
    for year in YEARS:
        leaves, patterns = _patterns(folder / f"{year}.parquet")
        counts, sums = [], []
        for construct, counted in zip(SURVEY.constructs, patterns, strict=True):
            known, names = by_hand.meaning(construct), by_hand.packed(construct)
            state = (known["answered"] * 100 + known["total"]).cast(pl.Int32)
            key = pl.col("id") * 1000 + state.gather(counted["k"])
            table = counted.select(key=key, c="c").group_by("key").agg(count=pl.col("c").sum())
            counts.append(
                table.select(
                    "count",
                    leaf=leaves.gather(table["key"] // 1000),
                    answered=pl.col("key") % 1000 // 100,
                    total=pl.col("key") % 100,
                )
            )
            sums.append(by_hand.unpacked(_summed(counted, known, names)))
        found[year] = by_hand.counts(counts, leaves, sums)
    return found


def condensed(folder: Path, year: int) -> Condensed:
    leaves, patterns = _patterns(folder / f"{year}.parquet")
    moments, pairs = [], []
    for construct, counted in zip(SURVEY.constructs, patterns, strict=True):
        known, names = by_hand.meaning(construct), by_hand.packed(construct)
        first = [*by_hand.MOMENTS[:3]]
        shares = [*by_hand.MOMENTS[3:]]
        sums = _summed(counted, known, [*first, *shares, *names], ends=True)
        order = [0, 1, 2, -2, -1, *range(3, 3 + len(shares))]
        moments.append(sums[:, order].astype(np.int64))
        pairs.append(by_hand.unpacked(sums[:, 3 + len(shares) : -2]))
    return Condensed(tuple(leaves), np.stack(moments, axis=1), np.concatenate(pairs, axis=1))
