"""Complete submissions against the application as it is served: `python -m benchmarks.intake`.

A submission: fetch the form, send a single-use code with 40 answers and a text, and wait until the
reply says that they are stored; the reply comes after the durable commit. At 1, 16 and 64 at once.
Beside it `pgbench` inserts one row of 42 columns a durable transaction, at as many at once, on the
same PostgreSQL, in the same run. Both take turns; each number is the median of its turns.

Everything shares this machine: the server's two workers, PostgreSQL, and who asks. Style sheet and
script are fetched once by each phone and kept: they count in `form_kb` and `requests`, not in time.
CPU is that of the workers and of PostgreSQL together.
"""

import argparse
import gzip
import http.client
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks import asked, takers

AT_ONCE = (1, 16, 64)
TABLE = "CREATE TABLE IF NOT EXISTS peer (" + ", ".join(f"c{n} smallint" for n in range(42)) + ")"
INSERT = "INSERT INTO peer VALUES (" + ", ".join(str(n % 5 + 1) for n in range(42)) + ");\n"


def main() -> int:
    parser = argparse.ArgumentParser(description="Submissions a second, beside pgbench.")
    parser.add_argument("--seconds", type=float, default=4, help="of each turn; default 4")
    parser.add_argument("--turns", type=int, default=3, help="of each; default 3")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="puls-intake-") as folder:
        return _run(Path(folder), given.seconds, given.turns)


def _run(folder: Path, seconds: float, turns: int) -> int:
    data = folder / "data"
    folder.chmod(0o711)
    codes = asked.prepare(data, int(4_000 * seconds * turns * len(AT_ONCE)))
    left = iter(codes)
    with asked.served(data) as (port, server):
        form_kb, requests = _cold(port)
        _turn(port, left, 16, 1.0)
        ours: dict[int, list[takers.Taken]] = {n: [] for n in AT_ONCE}
        theirs: dict[int, list[float]] = {n: [] for n in AT_ONCE}
        cpu = []
        for _ in range(turns):
            for at_once in AT_ONCE:
                theirs[at_once].append(_pgbench(data, folder, at_once, seconds))
                before = _cpu_seconds(server.pid, data)
                taken = _turn(port, left, at_once, seconds)
                if at_once == AT_ONCE[-1]:
                    used = _cpu_seconds(server.pid, data) - before
                    cpu.append(1000 * used / len(taken.seconds))
                ours[at_once].append(taken)
    for at_once in AT_ONCE:
        turns_of = ours[at_once]
        print(
            f"{at_once:>2} at once: {median(t.per_second for t in turns_of):7,.0f} submissions a"
            f" second, p50 {median(t.percentile_ms(0.5) for t in turns_of):6.1f} ms, p99"
            f" {median(t.percentile_ms(0.99) for t in turns_of):6.1f} ms; pgbench"
            f" {median(theirs[at_once]):8,.0f} a second"
        )
    most = AT_ONCE[-1]
    per_s = median(t.per_second for t in ours[most])
    print(f"form: {requests} requests, {form_kb:.1f} kB compressed, cold, with everything")
    print(
        f"RESULT per_s_64={per_s:.0f} over_pgbench_64={per_s / median(theirs[most]):.3f}"
        f" p99_ms_64={median(t.percentile_ms(0.99) for t in ours[most]):.1f}"
        f" cpu_ms={median(cpu):.2f} form_kb={form_kb:.1f} requests={requests}"
    )
    return 0


def _turn(port: int, left: Iterator[str], at_once: int, seconds: float) -> takers.Taken:
    return takers.take(port, asked.ADDRESS, left, at_once, seconds)


def _cold(port: int) -> tuple[float, int]:
    """What a phone fetches that was never here: kB compressed, and requests with the sending."""
    page = http.client.HTTPConnection("127.0.0.1", port)
    fetched, waiting, size = 0, [f"/svar/{asked.ADDRESS}"], 0
    while waiting:
        page.request("GET", waiting.pop(), headers={"Accept-Encoding": "gzip"})
        reply = page.getresponse()
        body = reply.read()
        fetched, size = fetched + 1, size + len(body)
        if fetched == 1:
            html = gzip.decompress(body).decode()
            waiting = re.findall(r'(?:src|href)="(/[^"]+)"', html)
    page.close()
    return size / 1000, fetched + 1


def _pgbench(data: Path, folder: Path, at_once: int, seconds: float) -> float:
    """Transactions a second."""
    from puls.web import server_home

    place = server_home.place(data)
    account = server_home.account_for(place.folder)
    script = folder / "insert.sql"
    script.write_text(INSERT)
    script.chmod(0o644)
    programs = server_home.programs(account)
    who = ["-h", str(place.socket), "-p", server_home.PORT, "-U", "postgres", "postgres"]

    def run(*command: str) -> str:
        return subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=True,
            user=account.uid if account else None,
            cwd="/",
        ).stdout

    run(str(programs / "psql"), "-qc", f"SET client_min_messages = error; {TABLE}", *who)
    threads = str(min(2, at_once))
    said = run(
        str(programs / "pgbench"), "-n", "-c", str(at_once), "-j", threads,
        "-T", str(max(1, round(seconds))), "-f", str(script), *who,
    )  # fmt: skip
    return float(re.search(r"tps = ([\d.]+)", said)[1])  # type: ignore[index]


def _cpu_seconds(parent: int, data: Path) -> float:
    """CPU seconds so far of the server with its workers, and of PostgreSQL with its processes."""
    postmaster = int((_postgres(data) / "postmaster.pid").read_text().split()[0])
    ticks = 0
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            stat = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(entry.name) in (parent, postmaster) or int(stat[1]) in (parent, postmaster):
            ticks += int(stat[11]) + int(stat[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _postgres(data: Path) -> Path:
    from puls.web import server_home

    return server_home.place(data).folder


if __name__ == "__main__":
    sys.exit(main())
