"""One contender doing one thing, in a process of its own: `python -m benchmarks.contender`.

Prints a line of JSON: seconds and CPU seconds of the work (starting Python and importing do not
count), the process's peak memory in GB, and a digest of every whole number that came out.
"""

import json
import resource
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from benchmarks.country import DAY, SURVEY, WEIGHTS, YEARS, Country, country, digest, indicators
from puls.analysis import keeping, release, scoring
from puls.analysis.condensing import Condensed, condense
from puls.analysis.overview import overview
from puls.analysis.scoring import Counts

K = 5

SMALL = 64 * 2**20
"""Bytes of sealed answers."""


def _keep(folder: Path, _: Country) -> dict[int, Counts]:
    """Our scoring: sealed Parquet in, counts written, as a sealed round's are."""
    files = {year: folder / f"{year}.parquet" for year in YEARS}
    # Small rounds side by side; a large one has both cores for itself, and the memory.
    together = len(YEARS) if sum(file.stat().st_size for file in files.values()) < SMALL else 1
    with ThreadPoolExecutor(together) as pool:
        return dict(zip(YEARS, pool.map(_count, files.values()), strict=True))


def _count(file: Path) -> Counts:
    counts = scoring.count_round(scoring.read_sealed(file), SURVEY)
    keeping.write(counts, file.with_suffix(".npz"))
    return counts


def _refresh(folder: Path, of: Country) -> pl.DataFrame:
    """Ours: from what is kept."""
    kept = {year: keeping.read(folder / f"{year}.npz") for year in YEARS}
    return _figures({year: condense(counts, SURVEY) for year, counts in kept.items()}, of)


def _figures(kept: dict[int, Condensed], of: Country) -> pl.DataFrame:
    return pl.concat(
        overview(sums, SURVEY, of.parents, K).with_columns(year=pl.lit(year))
        for year, sums in kept.items()
    )


def _release(folder: Path, of: Country) -> list[Any]:
    counts = keeping.read(folder / f"{YEARS[-1]}.npz")
    tallies, _ = scoring.score_tables(counts.groups, counts.scored)
    return release.survey_cells(SURVEY, YEARS[-1], tallies, of.tree, DAY, indicators(), K, WEIGHTS)


def _scan(folder: Path, _: Country) -> Any:
    sums = ", ".join(f"sum({item.key})" for item in SURVEY.items)
    return duckdb.sql(f"select {sums} from '{folder}/20??.parquet'").fetchall()


def _task(who: str, what: str) -> Callable[[Path, Country], Any]:
    if who == "ours":
        return {"scoring": _keep, "refresh": _refresh, "release": _release}[what]
    if what == "scan":
        return _scan
    module = import_module(f"benchmarks.by_{who}")
    if what == "scoring":
        return lambda folder, _: module.scoring(folder)
    return lambda folder, of: _figures({y: module.condensed(folder, y) for y in YEARS}, of)


def _digest(found: Any) -> str:
    if isinstance(found, pl.DataFrame):
        return digest(found)
    if isinstance(found, dict):
        tables = [
            scoring.laid_out(each, SURVEY)[:2] if isinstance(each, Counts) else each[:2]
            for each in found.values()
        ]
        return " ".join(digest(table) for both in tables for table in both)
    return str(len(found))


def main() -> None:
    who, what, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    task, of = _task(who, what), country()
    seconds, cpu = time.perf_counter(), time.process_time()
    found = task(folder, of)
    seconds, cpu = time.perf_counter() - seconds, time.process_time() - cpu
    rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(json.dumps({"seconds": seconds, "cpu": cpu, "rss": rss, "digest": _digest(found)}))


if __name__ == "__main__":
    main()
