"""The same tallies in pandas, as one writes them there."""

from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl

from benchmarks import patterns_by_hand as by_hand
from benchmarks.country import SURVEY, YEARS


def scoring(folder: Path) -> dict[int, by_hand.Counts]:
    found = {}
    for year in YEARS:
        frame = pd.read_parquet(folder / f"{year}.parquet")
        leaf = frame["leaf"].astype("category")
        counts, sums = [], []
        for construct in SURVEY.constructs:
            answers = frame[[item.key for item in construct.items]].astype("float64")
            for item in construct.items:
                if item.reversed:
                    answers[item.key] = 6 - answers[item.key]
            state = pd.DataFrame(
                {"leaf": leaf, "answered": answers.count(axis=1), "total": answers.sum(axis=1)}
            )
            counted = state.groupby(["leaf", "answered", "total"], observed=True).size()
            table = counted.rename("count").reset_index()
            counts.append(
                pl.DataFrame({n: table[n].to_numpy() for n in table}).with_columns(
                    leaf=pl.Series(table["leaf"].astype(str).to_list())
                )
            )
            filled, given = answers.fillna(0), answers.notna()
            found_pairs = []
            for a, b in by_hand.pairs(construct):
                first, second = filled.iloc[:, a], filled.iloc[:, b]
                both = given.iloc[:, a] & given.iloc[:, b]
                four = pd.DataFrame(
                    {"n": both, "a": first * both, "b": second * both, "ab": first * second}
                )
                found_pairs.append(four.groupby(leaf, observed=True).sum().to_numpy())
            sums.append(np.stack(found_pairs, axis=1).astype(np.int64))
        leaves = pl.Series(leaf.cat.categories.to_list())
        found[year] = by_hand.counts(counts, leaves, sums)
    return found
