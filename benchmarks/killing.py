"""A served data folder whose server and PostgreSQL are killed, and what is in it afterwards."""

import os
import signal
import subprocess
import time
from collections import Counter
from pathlib import Path

import psycopg

from benchmarks import asked
from puls.web import embedded, server_home
from puls.web.collect import vault

ROUND = f"student-2026-{asked.SCHOOL}"


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


def stored(data: Path) -> Counter[str]:
    """How often each code's answers are there: each wrote its code into its text."""
    key = vault.read_key(data / "keys", ROUND)
    with admin(data) as connection:
        rows = connection.execute("SELECT id, payload FROM collect_answer").fetchall()
    given = [vault.decrypt(key, ROUND, row, bytes(payload))[1] for row, payload in rows]  # type: ignore[arg-type]
    return Counter(each[40:].rstrip(b"\0").decode()[10:20] for each in given)
