"""Serving ends when it is told to, and leaves no process behind."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

PROGRAM = """
import sys
from pathlib import Path
from puls.web.server import serve

if __name__ == "__main__":
    up = lambda: print("up", flush=True)
    serve("127.0.0.1", int(sys.argv[1]), Path(sys.argv[2]), up)
    print("left", flush=True)
"""


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@pytest.fixture
def server(tmp_path: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """A server that has just come up, in a terminal session of its own."""
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    started = subprocess.Popen(
        [sys.executable, program, str(port), tmp_path / "data"],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert started.stdout is not None
        assert started.stdout.readline() == "up\n"
        yield started
    finally:
        started.kill()
        started.communicate()


def family(server: subprocess.Popen[str]) -> list[psutil.Process]:
    return psutil.Process(server.pid).children(recursive=True)


def still_there(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Those that have not ended within a second; one that only waits to be counted has."""
    until = time.monotonic() + 1
    while left := [process for process in processes if not has_ended(process)]:
        if time.monotonic() > until:
            break
        time.sleep(0.02)
    return left


def has_ended(process: psutil.Process) -> bool:
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_in_order(server: subprocess.Popen[str], ending: signal.Signals) -> None:
    children = family(server)
    assert len(children) >= 2
    server.send_signal(ending)
    said, _ = server.communicate(timeout=10)
    assert (server.returncode, said) == (0, "left\n")
    assert still_there(children) == []


def test_ctrl_c_reaches_everybody_at_once_and_still_ends_in_order(
    server: subprocess.Popen[str],
) -> None:
    children = family(server)
    os.killpg(server.pid, signal.SIGINT)
    said, _ = server.communicate(timeout=10)
    assert (server.returncode, said) == (0, "left\n")
    assert still_there(children) == []


def test_workers_do_not_outlive_a_parent_that_was_killed(server: subprocess.Popen[str]) -> None:
    children = family(server)
    server.kill()
    server.wait()
    assert still_there(children) == []


def test_an_impatient_ctrl_c_ends_it_in_order_too(server: subprocess.Popen[str]) -> None:
    """Signals that come while one is being handled once left the server hanging for good."""
    children = family(server)
    for _ in range(50):
        server.send_signal(signal.SIGINT)
        server.send_signal(signal.SIGTERM)
    said, _ = server.communicate(timeout=10)
    assert (server.returncode, said) == (0, "left\n")
    assert still_there(children) == []


def test_a_request_under_way_is_answered_before_it_leaves(
    server: subprocess.Popen[str], port: int
) -> None:
    """Half of a form has come when the stop signal does: the other half still gets its answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        head = "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 10\r\n"
        line.sendall(f"{head}Content-Type: application/x-www-form-urlencoded\r\n\r\nhalf=".encode())
        time.sleep(0.2)
        os.killpg(server.pid, signal.SIGINT)
        time.sleep(0.2)
        line.sendall(b"other")
        assert line.recv(100).startswith(b"HTTP/1.1 403 ")
    said, _ = server.communicate(timeout=10)
    assert (server.returncode, said) == (0, "left\n")
