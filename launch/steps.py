"""The parts that every step of the set-up is made of: a line with seconds, a child, a stamp."""

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / "stamps"
VAR = ROOT / "var"
LOG = VAR / "log" / "setup.log"


class Trouble(Exception):
    """Puls cannot go on. The text is one sentence that says what to do."""


@dataclass(frozen=True)
class Step:
    """One thing the set-up brings about.

    name: of the stamp that says it is done.
    asked: a checksum over everything that decides what should be there.
    there: whether what the step makes is (still) there; checked beside the stamp.
    bring: does it; doing it twice is harmless.
    """

    name: str
    asked: Callable[[], str]
    there: Callable[[], bool]
    bring: Callable[[], None]

    def current(self) -> bool:
        stamp = STAMPS / self.name
        return stamp.is_file() and stamp.read_text() == self.asked() and self.there()

    def run(self) -> None:
        """Brings it about and notes so last: a step that was broken off runs again."""
        self.bring()
        STAMPS.mkdir(exist_ok=True)
        (STAMPS / self.name).write_text(self.asked())


def checksum(files: Iterable[Path], *words: str) -> str:
    """One sum over words and over names and bytes of files; a missing file counts as missing."""
    total = hashlib.sha256()
    for word in words:
        total.update(f"{len(word)}:{word}".encode())
    for file in sorted(files):
        content = file.read_bytes() if file.is_file() else None
        total.update(f"{file.name}:{-1 if content is None else len(content)}:".encode())
        total.update(content or b"")
    return total.hexdigest()


@contextmanager
def said(what: str) -> Iterator[None]:
    """Says what is being done and then how long it took: "Bundling style sheets ... 0.2 s".

    On standard error, as standard output belongs to the command that follows.
    """
    started = time.monotonic()
    print(f"{what} ...", end=" ", file=sys.stderr, flush=True)
    try:
        yield
    except BaseException:
        print("broken off", file=sys.stderr, flush=True)
        raise
    print(f"{time.monotonic() - started:.1f} s", file=sys.stderr, flush=True)


def run(what: str, command: Sequence[str | Path]) -> None:
    """Runs a child without input, its words to the log.

    Raises Trouble, saying that `what` failed and where the log is.
    """
    with open_log() as log:
        words = " ".join(str(part) for part in command)
        print(f"\n{time.strftime('%Y-%m-%d %H:%M:%S')} {what}: {words}", file=log, flush=True)
        try:
            done = subprocess.run(
                [str(part) for part in command],
                cwd=ROOT,
                env=child_env(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                check=False,
            )
        except OSError as problem:
            raise Trouble(f"{what} failed: {problem}.") from None
    if done.returncode != 0:
        raise Trouble(f"{what} failed: the end of {shown(LOG)} says why; then run ./puls again.")


def works(*command: str | Path) -> bool:
    """Whether a program is there and answers without an error within ten seconds."""
    try:
        done = subprocess.run(
            [str(part) for part in command],
            env=child_env(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=10,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def open_log() -> TextIO:
    """The log that the children of the set-up write to, opened for appending."""
    try:
        make_private(LOG.parent)
        return LOG.open("a", encoding="utf-8")
    except OSError:
        raise Trouble(
            f"Puls cannot write in {ROOT}: make that folder yours, "
            "or clone Puls into a folder of your own."
        ) from None


def child_env() -> dict[str, str]:
    """The environment for children: without what bends a Python that is not the user's own, and
    with a home to keep caches in even where there is none."""
    bending = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "CONDA_PREFIX", "DJANGO_SETTINGS_MODULE")
    env = {name: value for name, value in os.environ.items() if name not in bending}
    env["HOME"] = str(home())
    # Many offices look into encrypted traffic: then only the system's own certificates hold.
    return {"UV_SYSTEM_CERTS": "1", "NODE_USE_SYSTEM_CA": "1"} | env


def home() -> Path:
    """The user's home, or a folder of Puls's where that is missing or cannot be written."""
    given = os.environ.get("HOME", "")
    if given and Path(given).is_dir() and os.access(given, os.W_OK):
        return Path(given)
    made = VAR / "home"
    make_private(made)
    return made


def make_private(folder: Path) -> None:
    """A folder in `var/`, which answers will lie beside: for its user only.

    Root's may be passed through, by the user whom root's database runs as.
    """
    VAR.mkdir(exist_ok=True, mode=0o711 if os.geteuid() == 0 else 0o700)
    folder.mkdir(exist_ok=True, mode=0o700)


def shown(path: Path) -> str:
    """A path as a person would write it: from the folder they are in, where it lies below."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
