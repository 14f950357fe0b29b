"""kill -9 of the server and of PostgreSQL, again and again, while many people answer.

Each run has a data folder of its own, with a PostgreSQL that keeps what it says it keeps. The long
setting goes on until 30,000 answers were acknowledged; PULS_KILLED=3000 chooses another number.
"""

import os
import random
import shutil
import signal
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from benchmarks import asked
from puls.web import embedded, server_home
from puls.web.collect import vault
from tests.web.answer.persistent import People

pytestmark = pytest.mark.long
ACKNOWLEDGED = int(os.environ.get("PULS_KILLED", "30000"))
AT_ONCE = 24
ROUND = f"student-2026-{asked.SCHOOL}"


@pytest.fixture
def data() -> Iterator[Path]:
    """A folder that PostgreSQL's own user can reach."""
    folder = Path(tempfile.mkdtemp(prefix="puls-killed-"))
    folder.chmod(0o711)
    yield folder / "data"
    kill_postgres(folder / "data")
    shutil.rmtree(folder, ignore_errors=True)


def admin(data: Path) -> "psycopg.Connection[tuple[object, ...]]":
    place = server_home.place(data)
    return psycopg.connect(
        host=str(place.socket), port=server_home.PORT, user="postgres", dbname="puls",
        autocommit=True,
    )  # fmt: skip


def kill_postgres(data: Path) -> None:
    """All its processes at the same moment, as a power cut does."""
    file = server_home.place(data).folder / "postmaster.pid"
    if not file.exists():
        return
    postmaster = int(file.read_text().split()[0])
    for pid in [postmaster, *children(postmaster)]:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    while Path(f"/proc/{postmaster}").exists() and not is_zombie(postmaster):
        time.sleep(0.02)
    time.sleep(0.2)


def start_postgres(data: Path) -> None:
    for _ in range(20):
        try:
            embedded._launch(server_home.place(data))
        except Exception:  # Its last processes may not be gone yet.
            time.sleep(0.3)
        else:
            return
    raise AssertionError("PostgreSQL does not come back")


def children(parent: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(stat[1]) == parent:
                found.append(int(entry.name))
    return found


def is_zombie(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


class Server:
    """`puls serve` on one port, to be killed and started again."""

    def __init__(self, data: Path, script: Path | None) -> None:
        self.data, self.port, self.script = data, asked.free_port(), script
        self.again()

    def kill(self) -> None:
        for pid in [self.process.pid, *children(self.process.pid)]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self.process.wait(10)

    def again(self) -> None:
        """Started as an administrator would: once more if it says that it cannot start yet."""
        for _ in range(5):
            self.process = asked.serve(self.data, self.port, self.script)
            try:
                asked.wait_for(self.port, self.process)
            except AssertionError:
                self.kill()
                time.sleep(1)
            else:
                return
        raise AssertionError((self.data / "served").read_text()[-2000:])

    def end(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()


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


def stored(data: Path) -> Counter[str]:
    """How often each code's answers are there: each wrote its code into its text."""
    key = vault.read_key(data / "keys", ROUND)
    with admin(data) as connection:
        rows = connection.execute("SELECT id, payload FROM collect_answer").fetchall()
    given = [vault.decrypt(key, ROUND, row, bytes(payload))[1] for row, payload in rows]  # type: ignore[arg-type]
    return Counter(each[40:].rstrip(b"\0").decode()[10:20] for each in given)


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
