"""`puls score --engine spark://HOST:PORT` leaves counts of the same tallies as `puls score`."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from django.utils import translation
from polars.testing import assert_frame_equal

from puls import cli
from puls.analysis import engines, keeping, scoring
from puls.commands import imports, rounds
from puls.content.definitions import Pack
from puls.web.collect.folders import Folders
from tests.analysis.spark_cluster import running_cluster
from tests.web.inputs import DANCE, MUSIC, answers_file, student

KEY = "student-2025-no-1149"


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[str]:
    with running_cluster(tmp_path) as address:
        yield address


def tallies(folders: Folders, pack: Pack) -> dict[str, pl.DataFrame]:
    counts = keeping.read(folders.counts(KEY))
    rows = scoring.laid_out(counts, student(pack))._asdict()
    return {**rows, "by sex": pl.read_parquet(folders.parts(KEY, "sex"))}


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.filterwarnings("ignore")
def test_the_command_counts_on_the_cluster_what_it_counts_here(
    places: None,
    folders: Folders,
    pack: Pack,
    tmp_path: Path,
    cluster: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    # A task for each of the cluster's two cores: with so few answers a task is all that costs.
    monkeypatch.setitem(engines.SPARK, "spark.sql.shuffle.partitions", "2")
    for module in (imports, rounds):
        monkeypatch.setattr(module, "open_data", lambda _: folders.data)
    file = answers_file(tmp_path, student(pack), {MUSIC: 40, DANCE: 25})
    asked = ("--survey", "student", "--period", "2025-26", "--unit", "no-1149")
    with translation.override("en"):
        assert cli.main(["import", "answers", str(file), *asked]) == 0
        assert cli.main(["seal", KEY]) == 0
        found = {}
        for engine in ("duckdb", cluster):
            for kept in folders.counts(KEY).parent.iterdir():
                kept.unlink()
            assert cli.main(["score", KEY, "--engine", engine]) == 0
            assert "Counted 1 sealed round." in capsys.readouterr().out
            found[engine] = tallies(folders, pack)
    for name, table in found[cluster].items():
        assert_frame_equal(table, found["duckdb"][name])
