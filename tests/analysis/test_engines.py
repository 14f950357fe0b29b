"""Scoring on a real Spark cluster gives what DuckDB gives, and what is missing is said."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from puls.analysis import engines, scoring
from puls.errors import SetupError
from tests.analysis.surveys import survey

TWO = survey("wellbeing: w1 w2 -w3 w4", "feedback: f1 -f2 f3")
START_SECONDS = 90


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def started(log: Path, *arguments: object) -> Iterator[None]:
    """A part of Spark, in a process group of its own that is ended afterwards."""
    import pyspark

    home = Path(pyspark.__file__).parent
    environment = {**os.environ, "SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1"}
    command = [str(home / "bin" / "spark-class"), *map(str, arguments)]
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, stdout=out, stderr=out, env=environment, start_new_session=True
        )
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def wait_until(true: Callable[[], bool], log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while not true():
        assert time.monotonic() < end, log.read_text()[-2000:]
        time.sleep(0.3)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[str]:
    """The address of a standalone master with two workers of one core each."""
    if find_spec("pyspark") is None:
        pytest.skip("needs pyspark: pip install 'puls[cluster]'")
    if shutil.which("java") is None:
        pytest.skip("needs Java")
    port = free_port()
    address, deploy = f"spark://127.0.0.1:{port}", "org.apache.spark.deploy"
    log = tmp_path / "master.log"
    with ExitStack() as running:
        ports = ("--host", "127.0.0.1", "--port", port, "--webui-port", free_port())
        running.enter_context(started(log, f"{deploy}.master.Master", *ports))
        wait_until(lambda: "I have been elected leader" in log.read_text(), log)
        for number in range(2):
            folder = tmp_path / f"worker{number}"
            size = ("--cores", 1, "--memory", "1g", "--work-dir", folder, "--host", "127.0.0.1")
            running.enter_context(
                started(
                    tmp_path / f"worker{number}.log",
                    f"{deploy}.worker.Worker",
                    *size,
                    "--webui-port",
                    free_port(),
                    address,
                )
            )
        wait_until(lambda: log.read_text().count("Registering worker") == 2, log)
        yield address


@pytest.fixture
def sealed(tmp_path: Path) -> Path:
    """Three thousand respondents of thirty schools; one school answered nothing at all."""
    items = [item.key for item in TWO.items]
    rows = [
        {
            "leaf": f"school{row * 7 % 30:02}",
            **{
                item: None if row * 7 % 30 == 3 or (row + 3 * at) % 11 == 0 else (row * at) % 5 + 1
                for at, item in enumerate(items)
            },
        }
        for row in range(3000)
    ]
    file = tmp_path / "sealed.parquet"
    columns = {"leaf": pl.String, **dict.fromkeys(items, pl.Int8)}
    pl.DataFrame(rows, schema=columns).write_parquet(file)
    return file


@pytest.mark.long
@pytest.mark.filterwarnings("ignore")
def test_a_cluster_gives_the_tallies_of_duckdb_to_the_last_integer(
    cluster: str, sealed: Path
) -> None:
    with engines.opened() as open_file:
        here = scoring.tally_round(open_file(sealed), TWO)
    with engines.opened(cluster) as open_file:
        answers = open_file(sealed)
        there = scoring.tally_round(answers, TWO)
        executors = answers.sparkSession.sparkContext._jsc.sc().getExecutorMemoryStatus().size()
    assert executors == 3, "two workers and this process"
    assert here.answers["count"].sum() == 2 * 3000
    assert_frame_equal(there.answers, here.answers)
    assert_frame_equal(there.items, here.items)


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
