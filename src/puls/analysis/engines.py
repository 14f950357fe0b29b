"""Where sealed answers are scored: on this machine, or on a Spark cluster when that is outgrown.

Scoring itself does not know (`puls.analysis.scoring`); an engine is a way to open a sealed file.
Here that is Polars, or DuckDB, which takes longer and must come to the same.
Spark needs `pip install 'puls[cluster]'` and Java here, and the data folder at the same path on
every worker.
"""

import re
import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, TypeAlias

from puls.analysis.scoring import read_sealed
from puls.errors import SetupError

Opener: TypeAlias = Callable[[Path], Any]

POLARS, DUCKDB = "polars", "duckdb"
CLUSTER = re.compile(r"spark://(?P<host>[^:/\s]+|\[[0-9a-fA-F:]+\]):(?P<port>\d{1,5})")
WAIT_SECONDS = 5
SPARK = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    # Counts are few; 200 tasks, Spark's default, would cost more than counting.
    "spark.sql.shuffle.partitions": "16",
    "spark.executor.memory": "1g",
}


def is_engine(name: str) -> bool:
    """True for "polars", "duckdb" and spark://HOST:PORT."""
    return name in (POLARS, DUCKDB) or CLUSTER.fullmatch(name) is not None


@contextmanager
def opened(engine: str = POLARS) -> Iterator[Opener]:
    """A function that opens a sealed file for scoring on the engine.

    engine: as `is_engine` has it, else AssertionError. Raises SetupError when Spark or Java is
    missing, or nothing answers at the address.
    """
    assert is_engine(engine), engine
    if engine in (POLARS, DUCKDB):
        yield read_sealed if engine == POLARS else by_duckdb
        return
    session = _session(engine)
    try:
        yield lambda file: session.read.parquet(str(file.absolute()))
    finally:
        session.stop()


def by_duckdb(file: Path) -> Any:
    """A relation with its own in-memory connection, which may not fetch anything from outside."""
    import duckdb

    connection = duckdb.connect(
        config={"autoinstall_known_extensions": False, "autoload_known_extensions": False}
    )
    return connection.read_parquet(str(file))


def _session(engine: str) -> Any:
    try:
        spark = import_module("pyspark.sql").SparkSession
    except ModuleNotFoundError:
        raise SetupError(
            "Scoring on a cluster needs pyspark: pip install 'puls[cluster]'."
        ) from None
    if shutil.which("java") is None:
        raise SetupError("Scoring on a cluster needs Java 17 or newer on this machine: install it.")
    _need_answer(engine)
    # The cluster calls back: it must be given the address of this machine that it can see.
    builder = spark.builder.master(engine).appName("puls score")
    for key, value in {**SPARK, "spark.driver.host": _own_address(engine)}.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


def _place(engine: str) -> tuple[str, int]:
    found = CLUSTER.fullmatch(engine)
    assert found is not None, engine
    return found["host"].strip("[]"), int(found["port"])


def _need_answer(engine: str) -> None:
    """Spark itself would try for a minute and then fail with a long trace."""
    try:
        socket.create_connection(_place(engine), WAIT_SECONDS).close()
    except (OSError, OverflowError):
        raise SetupError(
            f"Nothing answers at {engine}. Is the cluster's master running, and is this the "
            "address it names at its start?"
        ) from None


def _own_address(engine: str) -> str:
    with socket.create_connection(_place(engine), WAIT_SECONDS) as line:
        return str(line.getsockname()[0])
