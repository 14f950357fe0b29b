"""A real Spark cluster on the loopback address: a master and two workers, each a process."""

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

import pytest

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


@contextmanager
def running_cluster(folder: Path) -> Iterator[str]:
    """The address of a standalone master with two workers of one core each; all end with it."""
    if find_spec("pyspark") is None:
        pytest.skip("needs pyspark: pip install 'puls[cluster]'")
    if shutil.which("java") is None:
        pytest.skip("needs Java")
    port = free_port()
    address, deploy = f"spark://127.0.0.1:{port}", "org.apache.spark.deploy"
    log = folder / "master.log"
    with ExitStack() as running:
        ports = ("--host", "127.0.0.1", "--port", port, "--webui-port", free_port())
        running.enter_context(started(log, f"{deploy}.master.Master", *ports))
        wait_until(lambda: "I have been elected leader" in log.read_text(), log)
        for number in range(2):
            work = folder / f"worker{number}"
            size = ("--cores", 1, "--memory", "1g", "--work-dir", work, "--host", "127.0.0.1")
            running.enter_context(
                started(
                    folder / f"worker{number}.log",
                    f"{deploy}.worker.Worker",
                    *size,
                    "--webui-port",
                    free_port(),
                    address,
                )
            )
        wait_until(lambda: log.read_text().count("Registering worker") == 2, log)
        yield address
