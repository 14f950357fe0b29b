"""`puls score --engine spark://HOST:PORT` leaves the very tallies that `puls score` leaves."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from django.utils import translation
from polars.testing import assert_frame_equal

from puls import cli
from puls.commands import imports, rounds
from puls.content.definitions import Pack
from puls.web.collect.folders import Folders
from tests.analysis.spark_cluster import running_cluster
from tests.web.collect.inputs import DANCE, MUSIC, answers_file, student

KEY = "student-2025-no-1149"


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[str]:
    with running_cluster(tmp_path) as address:
        yield address


def tallies(folders: Folders) -> dict[str, pl.DataFrame]:
    kept = folders.tally(KEY).parent.glob(f"{KEY}*.parquet")
    return {file.name: pl.read_parquet(file) for file in kept}


@pytest.mark.long
@pytest.mark.timeout(300)
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
    for module in (imports, rounds):
        monkeypatch.setattr(module, "open_data", lambda _: folders.data)
    file = answers_file(tmp_path, student(pack), {MUSIC: 40, DANCE: 25})
    asked = ("--survey", "student", "--period", "2025-26", "--unit", "no-1149")
    with translation.override("en"):
        assert cli.main(["import", "answers", str(file), *asked]) == 0
        assert cli.main(["seal", KEY]) == 0
        found = {}
        for engine in ("duckdb", cluster):
            for kept in folders.tally(KEY).parent.iterdir():
                kept.unlink()
            assert cli.main(["score", KEY, "--engine", engine]) == 0
            assert "Counted 1 sealed round." in capsys.readouterr().out
            found[engine] = tallies(folders)
    assert len(found["duckdb"]) == 5, "answers, items, products, missing answers, and by sex"
    assert found["duckdb"].keys() == found[cluster].keys()
    for name, table in found[cluster].items():
        assert_frame_equal(table, found["duckdb"][name])
