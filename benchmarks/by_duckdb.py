"""The same numbers in DuckDB, written by hand to be as fast as we know how."""

from pathlib import Path

import duckdb
import numpy as np
import polars as pl

from benchmarks import patterns_by_hand as by_hand
from benchmarks.country import SURVEY, YEARS
from puls.analysis.condensing import Condensed


def _encoded(file: Path) -> tuple[duckdb.DuckDBPyConnection, pl.Series]:
    """A table `w` of the year: number of the school and a code for each construct."""
    base = duckdb.connect()
    base.execute(f"create temp table lv as select leaf, (row_number() over (order by leaf) - 1)"
                 f"::smallint as id from (select distinct leaf from '{file}')")  # fmt: skip
    codes = ", ".join(
        "("
        + " + ".join(
            f"coalesce({item.key}, 0)::smallint * {by_hand.STATES**at}::smallint"
            for at, item in enumerate(construct.items)
        )
        + f") as {construct.key}"
        for construct in SURVEY.constructs
    )
    base.execute(f"create temp table w as select id, {codes} from '{file}' join lv using (leaf)")
    for construct in SURVEY.constructs:
        known = by_hand.meaning(construct).to_arrow()
        base.register("known", known)
        base.execute(f"create temp table d_{construct.key} as from known")
        base.unregister("known")
    return base, base.sql("select leaf from lv order by id").to_arrow_table()["leaf"].to_pylist()


def _patterns(base: duckdb.DuckDBPyConnection, key: str) -> None:
    base.execute(
        f"create or replace temp table p as select id, {key} as k, count(*)::integer as c "
        "from w group by all"
    )


def _summed(base: duckdb.DuckDBPyConnection, key: str, names: list[str], more: str = "") -> dict:
    sums = ", ".join(f"sum(c * {name}) as {name}" for name in names)
    return base.sql(
        f"select id, {sums}{more} from p join d_{key} using (k) group by id order by id"
    ).fetchnumpy()


def scoring(folder: Path) -> dict[int, by_hand.Counts]:
    found = {}
    for year in YEARS:
        base, leaves = _encoded(folder / f"{year}.parquet")
        counts, sums = [], []
        for construct in SURVEY.constructs:
            _patterns(base, construct.key)
            counts.append(
                pl.DataFrame(
                    base.sql(
                        "select leaf, answered, total, count from (select id, answered, total, "
                        f"sum(c)::bigint as count from p join d_{construct.key} using (k) "
                        "group by all) join lv using (id)"
                    ).to_arrow_table()
                )
            )
            names = by_hand.packed(construct)
            table = _summed(base, construct.key, names)
            sums.append(by_hand.unpacked(np.stack([table[name] for name in names], axis=1)))
        found[year] = by_hand.counts(counts, pl.Series(leaves), sums)
        base.close()
    return found


def condensed(folder: Path, year: int) -> Condensed:
    base, leaves = _encoded(folder / f"{year}.parquet")
    moments, pairs = [], []
    for construct in SURVEY.constructs:
        _patterns(base, construct.key)
        names = by_hand.packed(construct)
        ends = ", coalesce(min(score60), 0) as least, coalesce(max(score60), 0) as most"
        table = _summed(base, construct.key, [*by_hand.MOMENTS, *names], ends)
        wanted = [*by_hand.MOMENTS[:3], "least", "most", *by_hand.MOMENTS[3:]]
        moments.append(np.stack([table[name] for name in wanted], axis=1).astype(np.int64))
        pairs.append(by_hand.unpacked(np.stack([table[name] for name in names], axis=1)))
    base.close()
    return Condensed(tuple(leaves), np.stack(moments, axis=1), np.concatenate(pairs, axis=1))
