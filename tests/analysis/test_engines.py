"""Scoring on a real Spark cluster gives what is found here, and what is missing is said."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from puls.analysis import engines, scoring
from puls.content.definitions import Background
from puls.errors import SetupError
from tests.analysis.spark_cluster import free_port, running_cluster
from tests.analysis.surveys import survey

TWO = survey("wellbeing: w1 w2 -w3 w4", "feedback: f1 -f2 f3", pairs=[("wellbeing", "feedback")])
SEX = Background("sex", ("girl", "boy"))


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[str]:
    with running_cluster(tmp_path) as address:
        yield address


@pytest.fixture
def sealed(tmp_path: Path) -> Path:
    """Three thousand respondents of thirty schools; one school answered nothing at all."""
    items = [item.key for item in TWO.items]
    rows = [
        {
            "leaf": f"school{row * 7 % 30:02}",
            "sex": (None, 1, 2)[row % 3],
            **{
                item: None if row * 7 % 30 == 3 or (row + 3 * at) % 11 == 0 else (row * at) % 5 + 1
                for at, item in enumerate(items)
            },
        }
        for row in range(3000)
    ]
    file = tmp_path / "sealed.parquet"
    columns = {"leaf": pl.String, "sex": pl.Int8, **dict.fromkeys(items, pl.Int8)}
    pl.DataFrame(rows, schema=columns).write_parquet(file)
    return file


@pytest.mark.long
@pytest.mark.filterwarnings("ignore")
def test_a_cluster_gives_the_tallies_of_duckdb_to_the_last_integer(
    cluster: str, sealed: Path
) -> None:
    asked = replace(TWO, background=(SEX,))
    found = {}
    for engine in ("polars", "duckdb", cluster):
        with engines.opened(engine) as open_file:
            answers = open_file(sealed)
            tables = (
                *scoring.tally_round(answers, asked),
                scoring.tally_parts(answers, asked, "sex"),
            )
            if engine == cluster:
                known = answers.sparkSession.sparkContext._jsc.sc().getExecutorMemoryStatus()
                assert known.size() == 3, "two workers and this process"
        found[engine] = tables
    assert found["polars"][0]["count"].sum() == 2 * 3000
    assert found["polars"][2]["n"].sum() > 0
    for engine in ("duckdb", cluster):
        for table, expected in zip(found[engine], found["polars"], strict=True):
            assert_frame_equal(table, expected)


def test_without_pyspark_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ModuleNotFoundError(name=name)

    monkeypatch.setattr(engines, "import_module", missing)
    with (
        pytest.raises(SetupError, match=r"pip install 'puls\[cluster\]'"),
        engines.opened("spark://127.0.0.1:7077"),
    ):
        pass


def test_an_address_where_nothing_answers_is_named() -> None:
    address = f"spark://127.0.0.1:{free_port()}"
    with pytest.raises(SetupError, match=f"Nothing answers at {address}"):
        engines._need_answer(address)


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("polars", True),
        ("duckdb", True),
        ("spark://10.0.0.1:7077", True),
        ("spark://[::1]:7077", True),
        ("spark://master", False),
        ("spark://master:seven", False),
        ("http://master:7077", False),
        ("", False),
    ],
)
def test_names_of_engines(name: str, known: bool) -> None:
    assert engines.is_engine(name) is known
