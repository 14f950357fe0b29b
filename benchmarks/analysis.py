"""Scoring, refresh and release, beside what else one would use: `python -m benchmarks.analysis`.

For each number of respondents (default 100,000, 1 million, 10 million) a made-up country is
written as sealed Parquet, one file for each of three years, into a temporary folder that is
removed at the end. Then every contender does the same work in turn, each time in a process of
its own, some rounds one after the other, so that a busy moment meets all of them; the median
counts. All that comes out is compared to the last integer.

    scoring   sealed Parquet -> per school, year and construct the counts of (answered, total), and
              per pair of a construct's items n, sum_a, sum_b, sum_ab. Ours also counts which items
              were left out, and writes all of it with `puls.analysis.keeping`, as a sealed round is
              kept: rows are laid out by whoever reads them (the release, and the comparison
              afterwards). No products of scores are declared here. Ours and the best others may
              use both cores.
    refresh   per country, county, municipality and school, year and construct: n, mean, sd, shares,
              interval, alpha, suppression at k = 5. Ours from what scoring kept; the others have
              kept nothing and start at the Parquet. From each school's sums on, all use
              `puls.analysis.overview`, so the others' time is that of their engine. It is for a
              statistician: what Puls runs when a round is sealed is the release.
    release   a country's year with suppression, partial pooling and levels, from what scoring kept.
    scan      the sum of every column, in DuckDB: what reading alone costs.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.country import write

SIZES = (100_000, 1_000_000, 10_000_000)
MOST_FOR_PANDAS = 1_000_000
LIMIT = 600
"""Seconds after which a contender is given up."""


def main() -> int:
    parser = argparse.ArgumentParser(description="Times, CPU and memory of the analysis.")
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES, metavar="RESPONDENTS")
    parser.add_argument("--rounds", type=int, default=3, help="default 3; 2 from 10 million on")
    given = parser.parse_args()
    sizes = sorted(given.sizes)
    found: dict[tuple[int, str, str], dict[str, float]] = {}
    for size in sizes:
        folder = Path(tempfile.mkdtemp(prefix="puls-benchmark-"))
        try:
            print(f"\n{size:,} respondents x 40 items, three years", flush=True)
            write(size, folder)
            rounds = given.rounds if size < SIZES[-1] else min(given.rounds, 2)
            for (who, what), measured in _measure(size, folder, rounds).items():
                found[size, who, what] = measured
        finally:
            shutil.rmtree(folder)
    print(_result(found, sizes))
    return 0


def _contenders(size: int) -> Iterator[tuple[str, str]]:
    yield "duckdb", "scan"
    yield from ((who, "scoring") for who in ("ours", "duckdb", "polars"))
    if size <= MOST_FOR_PANDAS and find_spec("pandas"):
        yield "pandas", "scoring"
    yield from ((who, "refresh") for who in ("ours", "duckdb", "polars"))
    yield "ours", "release"


def _measure(size: int, folder: Path, rounds: int) -> dict[tuple[str, str], dict[str, float]]:
    runs: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for _ in range(rounds):
        for who, what in _contenders(size):
            runs[who, what].append(_run(who, what, folder))
    table = {}
    for (who, what), each in runs.items():
        table[who, what] = {
            "seconds": median(run["seconds"] for run in each),
            "cpu": median(run["cpu"] for run in each),
            "rss": max(run["rss"] for run in each),
        }
        print(
            "{:8} {:8} {seconds:9.3f} s {cpu:9.3f} CPU s {rss:7.2f} GB".format(
                who, what, **table[who, what]
            ),
            flush=True,
        )
    for what in ("scoring", "refresh"):
        digests = {run["digest"] for key, each in runs.items() if key[1] == what for run in each}
        assert len(digests) == 1, f"{what} of {size:,} respondents: the numbers differ"
    print("equal to the last integer: all scoring, all refresh")
    if size <= MOST_FOR_PANDAS and ("pandas", "scoring") not in runs:
        print(
            "pandas is not installed, so it was not measured: ./puls test installs it, or "
            ".venv/bin/python -m pip install pandas"
        )
    return table


def _run(who: str, what: str, folder: Path) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.contender", who, what, str(folder)],
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{who}, {what}: {done.stderr.strip()}")
    measured: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return measured


def _result(found: dict[tuple[int, str, str], dict[str, float]], sizes: list[int]) -> str:
    small, large = sizes[0], sizes[-1]
    beside_pandas = max((size for size, who, _ in found if who == "pandas"), default=None)

    def seconds(size: int, who: str, what: str) -> float:
        return found[size, who, what]["seconds"]

    def best(what: str) -> float:
        return min(seconds(large, who, what) for who in ("duckdb", "polars"))

    pandas = "not_measured"
    if beside_pandas is not None:
        theirs = seconds(beside_pandas, "pandas", "scoring")
        pandas = f"{seconds(beside_pandas, 'ours', 'scoring') / theirs:.3f}"
    rss = max(measured["rss"] for (_, who, _), measured in found.items() if who == "ours")
    refresh = seconds(large, "ours", "refresh")
    return (
        f"RESULT scoring_over_best={seconds(large, 'ours', 'scoring') / best('scoring'):.3f}"
        f" refresh_over_best={refresh / best('refresh'):.4f}"
        f" refresh_10m_over_100k={refresh / seconds(small, 'ours', 'refresh'):.3f}"
        f" scoring_over_pandas={pandas}"
        f" rss_gb={rss:.2f} release_s={seconds(large, 'ours', 'release'):.2f}"
    )


if __name__ == "__main__":
    sys.exit(main())
