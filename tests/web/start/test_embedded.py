"""The database that comes along: it starts, is shared, stops with its last user, or says why."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import psycopg
import pytest

from puls.errors import SetupError
from puls.web import embedded, server_home

HOLD = """
import sys, time
from pathlib import Path
from puls.web import embedded, server_home
embedded.start(Path(sys.argv[1]))
print("up", flush=True)
time.sleep(float(sys.argv[2]))
"""


@pytest.fixture
def data() -> Iterator[Path]:
    """A data folder that the server's own user can reach, and nothing left of it afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="puls-start-"))
    folder.chmod(0o711)
    data = folder / "data"
    yield data
    clear(data)
    shutil.rmtree(folder)


def clear(data: Path) -> None:
    """Stops whatever still runs there."""
    if (data / "run").exists():
        embedded.stop(data)
        where = server_home.place(data)
        if embedded.is_running(data):
            embedded._run("pg_ctl", "-D", str(where.folder), "-m", "immediate", "stop", where=where)
        for folder in {where.folder.parent, where.socket} - {data, where.folder}:
            shutil.rmtree(folder, ignore_errors=True)


def holder(data: Path, seconds: float) -> "subprocess.Popen[str]":
    """Another process that uses the server for a while; returns when the server is up for it."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(data), str(seconds)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    return process


def ask(data: Path) -> str:
    where = server_home.place(data)
    with psycopg.connect(
        host=str(where.socket), port=server_home.PORT, user=embedded.SUPERUSER, dbname="postgres"
    ) as connection:
        row = connection.execute("SHOW listen_addresses").fetchone()
    assert row is not None
    return str(row[0])


def test_starting_and_starting_again(data: Path) -> None:
    embedded.start(data)
    assert ask(data) == "", "no network address is listened on"
    embedded.stop(data)
    assert not embedded.is_running(data)
    embedded.start(data)
    assert embedded.is_running(data)


def test_only_its_user_may_open_the_folder(data: Path) -> None:
    folder = embedded.start(data).folder
    assert folder.stat().st_mode & 0o077 == 0
    for name in ("run", "keys", "sealed", "tallies", "mail"):
        assert (data / name).stat().st_mode & 0o077 == 0


def test_the_last_one_to_leave_stops_it(data: Path) -> None:
    embedded.start(data)
    command = holder(data, 0)
    command.communicate()
    assert embedded.is_running(data), "a command beside a running demo must not stop its database"
    other = holder(data, 30)
    embedded.stop(data)
    assert embedded.is_running(data)
    other.send_signal(signal.SIGINT)
    other.communicate()
    assert not embedded.is_running(data)


def test_a_killed_process_is_not_counted_for_ever(data: Path) -> None:
    killed = holder(data, 30)
    killed.kill()
    killed.communicate()
    embedded.start(data)
    embedded.stop(data)
    assert not embedded.is_running(data)


def test_two_first_starts_at_the_same_time(data: Path) -> None:
    commands = [
        subprocess.Popen([sys.executable, "-c", HOLD, str(data), "1"], stdout=subprocess.DEVNULL)
        for _ in range(2)
    ]
    assert [command.wait() for command in commands] == [0, 0]
    assert not embedded.is_running(data)


def test_a_server_that_was_killed_recovers(data: Path) -> None:
    where = embedded.start(data)
    embedded._run("pg_ctl", "-D", str(where.folder), "-m", "immediate", "stop", where=where)
    assert not embedded.is_running(data)
    embedded.start(data)
    assert embedded.is_running(data)


@pytest.mark.parametrize("name", ["x" * 90, 'it\'s, "æ ø" $HOME'])
def test_folders_with_odd_or_long_names(data: Path, name: str) -> None:
    odd = data.parent / name / "data"
    try:
        where = embedded.start(odd)
        assert ask(odd) == ""
        embedded.stop(odd)
        assert where.socket == where.folder or not where.socket.exists()
    finally:
        clear(odd)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's folders can be closed to the server")
def test_a_folder_closed_to_the_server_user(data: Path) -> None:
    data.parent.chmod(0o700)
    where = embedded.start(data)
    assert where.folder.is_relative_to("/var/lib")
    assert ask(data) == ""
    assert data.parent.stat().st_mode & 0o077 == 0, "nobody's folders are opened"
    embedded.stop(data)
    assert embedded.start(data) == where, "found again"


@pytest.mark.skipif(os.geteuid() != 0, reason="needs two users")
def test_an_ordinary_users_folder(data: Path) -> None:
    nobody = server_home.pwd.getpwnam("nobody")
    data.parent.chmod(0o777)
    # Becomes that user after importing, as its own Python may lie in root's home.
    become = "import os; os.setgroups([]); os.setgid({1}); os.setuid({0})\nembedded.start"
    script = HOLD.replace("embedded.start", become.format(nobody.pw_uid, nobody.pw_gid))
    started = subprocess.run(
        [sys.executable, "-c", script, str(data), "0"], capture_output=True, text=True, check=False
    )
    assert started.stdout == "up\n", started.stderr
    embedded.start(data)  # root, in that user's folder
    assert embedded.is_running(data)
    assert server_home.place(data).folder.stat().st_uid == nobody.pw_uid


# What goes wrong is one sentence with the next step.


def broken_version(data: Path) -> None:
    (data / "postgres").mkdir(parents=True)
    (data / "postgres" / "PG_VERSION").write_text("9.6\n")


def half_gone(data: Path) -> None:
    embedded.start(data)
    embedded.stop(data)
    (data / "postgres" / "PG_VERSION").unlink()


def control_file_gone(data: Path) -> None:
    embedded.start(data)
    embedded.stop(data)
    (data / "postgres" / "global" / "pg_control").unlink()


def something_else(data: Path) -> None:
    (data / "postgres").mkdir(parents=True)
    (data / "postgres" / "holiday.jpg").touch()


def a_file(data: Path) -> None:
    data.touch()


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (broken_version, r"made by PostgreSQL 9\.6"),
        (half_gone, "parts of it are gone"),
        (control_file_gone, "does not start"),
        (something_else, "not a database that Puls made"),
        (a_file, "cannot be used"),
    ],
)
def test_a_broken_folder_says_what_to_do(data: Path, broken: object, says: str) -> None:
    broken(data)  # type: ignore[operator]
    with pytest.raises(SetupError, match=says) as refused:
        embedded.start(data)
    sentence = str(refused.value)
    assert "--data" in sentence
    assert "\n" not in sentence
    assert str(data) in sentence


def test_a_missing_server_says_what_to_do(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server_home.wheel.cache_clear()
    server_home.programs.cache_clear()
    with monkeypatch.context() as without:
        without.setattr(server_home.importlib.util, "find_spec", lambda _: None)
        with pytest.raises(SetupError, match="embedded PostgreSQL is missing"):
            embedded.start(data)


@pytest.mark.skipif(os.geteuid() != 0, reason="/tmp squatting needs another user")
def test_a_socket_folder_that_somebody_put_there(data: Path) -> None:
    long = data.parent / ("x" * 90) / "data"
    trap = server_home.place(embedded.make_data_folder(long)).socket
    trap.mkdir(mode=0o777)
    os.chown(trap, 65534, 65534)
    try:
        with pytest.raises(SetupError, match="belongs to somebody else"):
            embedded.start(long)
    finally:
        clear(long)


def test_workers_that_come_first_together_make_one_folder(tmp_path: Path) -> None:
    together = Barrier(8)

    def come(data: Path) -> Path:
        together.wait(timeout=10)
        return embedded.make_data_folder(data)

    with ThreadPoolExecutor(8) as workers:
        for attempt in range(40):
            data = tmp_path / str(attempt)
            assert set(workers.map(come, [data] * 8)) == {data}
