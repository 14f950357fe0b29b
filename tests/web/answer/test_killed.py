"""kill -9 of the server and of PostgreSQL, again and again, while many people answer.

Each run has a data folder of its own, with a PostgreSQL that keeps what it says it keeps. The long
setting goes on until 30,000 answers were acknowledged; PULS_KILLED=3000 chooses another number.
"""

import os
import random
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from benchmarks import asked
from benchmarks.killing import Server, kill_postgres, start_postgres, stored
from tests.web.answer.persistent import People

pytestmark = pytest.mark.long
ACKNOWLEDGED = int(os.environ.get("PULS_KILLED", "30000"))
AT_ONCE = 24


@pytest.fixture
def data() -> Iterator[Path]:
    """A folder that PostgreSQL's own user can reach."""
    folder = Path(tempfile.mkdtemp(prefix="puls-killed-"))
    folder.chmod(0o711)
    yield folder / "data"
    kill_postgres(folder / "data")
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def answering(
    data: Path, codes: list[str], script: Path | None = None
) -> Iterator[tuple[Server, People]]:
    server = Server(data, script)
    people = People(server.port, codes)
    people.start(AT_ONCE)
    try:
        yield server, people
    finally:
        people.stop = True
        server.end()


def wrongs(data: Path, people: People) -> tuple[set[str], set[str]]:
    """Acknowledged answers that are lost, and answers that are there twice."""
    found = stored(data)
    assert set(found) <= people.tried
    return people.thanked - set(found), {code for code, times in found.items() if times > 1}


def until(people: People, count: int, do: Callable[[], None], every: float) -> None:
    """Do something again and again until so many were thanked."""
    while len(people.thanked) < count:
        time.sleep(random.uniform(0.5, 1.5) * every)
        do()


def test_no_acknowledged_answer_is_lost_or_doubled(data: Path) -> None:
    codes = asked.prepare(data, ACKNOWLEDGED + 2_000)
    kills = 0
    with answering(data, codes) as (server, people):

        def kill() -> None:
            nonlocal kills
            kills += 1
            if kills % 3 == 0:
                server.kill()
                server.again()
            else:
                kill_postgres(data)
                start_postgres(data)

        until(people, ACKNOWLEDGED, kill, every=1.5)
        people.stop = True
        people.wait(60)
        assert wrongs(data, people) == (set(), set())
        print(f"{len(people.thanked)} acknowledged, {kills} kills, {people.refusals} times 503")
    assert kills >= 3


def test_caught_a_commit_that_is_not_durable(data: Path) -> None:
    """The mutant: `synchronous_commit` off. What was acknowledged last is gone with the power."""
    codes = asked.prepare(data, 20_000)
    script = data / "lazy.py"
    script.write_text(LAZY)
    lost: set[str] = set()
    with answering(data, codes, script) as (_server, people):
        for _ in range(6):
            time.sleep(4)
            kill_postgres(data)
            start_postgres(data)
            lost = people.thanked - set(stored(data))
            if lost:
                break
    assert lost


LAZY = """
import sys
from puls.web.answer import database
database.OPTIONS = database.OPTIONS.replace("commit=on", "commit=off")
if __name__ == "__main__":  # Workers read this file too, and only want what is above.
    from puls.cli import main
    sys.exit(main(sys.argv[1:]))
"""


def test_a_disk_that_is_full_loses_nothing(tmp_path: Path) -> None:
    """On a small file system of its own, which needs the right to mount one."""
    disk = Path(tempfile.mkdtemp(prefix="puls-disk-"))
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=220m,mode=0711", "none", str(disk)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        disk.rmdir()
        pytest.skip(f"no file system can be mounted here: {mounted.stderr.decode().strip()}")
    data = disk / "data"
    try:
        codes = asked.prepare(data, 4_000)
        with answering(data, codes) as (_server, people):
            while len(people.thanked) < 200:
                time.sleep(0.1)
            filler = disk / "filler"
            with filler.open("wb") as out:
                while True:
                    try:
                        out.write(b"x" * 65536)
                        out.flush()
                    except OSError:
                        break
            time.sleep(6)
            filler.unlink()
            kill_postgres(data)  # A PostgreSQL whose log found no room may have ended itself.
            start_postgres(data)
            before = len(people.thanked)
            while len(people.thanked) < before + 200:
                time.sleep(0.1)
            people.stop = True
            people.wait(60)
            assert wrongs(data, people) == (set(), set())
            assert people.refusals > 0, "the disk was never full"
    finally:
        kill_postgres(data)
        subprocess.run(["umount", "-l", str(disk)], check=False)
        disk.rmdir()
