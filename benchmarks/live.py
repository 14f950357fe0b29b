"""A meeting of 200 on a small server: from a vote on one phone to every screen.

    python -m benchmarks.live [--clients 200] [--seconds 20]

Serves Puls as `./puls serve` does (granian, two workers) over an embedded database of its own,
opens an event stream for each client, and lets every phone vote once through the ordinary page,
spread over the time; a tenth of the streams break and come back in the middle. Client and server
share the machine. Latency is from the moment a vote is sent to the moment its event has reached a
client, for every client. The last line is the RESULT; `lost` counts events that a client never got.
"""

import argparse
import asyncio
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import quantiles

import httpx

BROKEN = 0.1
"""The share of streams that break in the middle."""
PATIENCE_SECONDS = 20
"""What has not come so long after the last vote is lost."""
PORT = 8391
START = """
import os
from datetime import timedelta
from pathlib import Path
import django
django.setup()
from django.utils import timezone
from puls.web import database, server_home
database.prepare()
from puls.units import Unit as Plain, UnitTree
from puls.web.accounts.services import user_add
from puls.web.meet import entrances, room, services, voting
from puls.web.meet.models import Item, Kind
from puls.web.meet.services import Author, Plan, Thing
from puls.web.tenants.access import Reach, as_reach
from puls.web.tenants.models import Unit
from puls.web.tenants.services import tenant_add, units_load
tree = UnitTree([
    Plain("no", "country", "Norge", None), Plain("no-11", "county", "Rogaland", "no", code="11"),
    Plain("no-1149", "municipality", "Karmøy", "no-11", code="1149")])
units_load(tree)
tenant_add("no-1149", is_synthetic=True)
by = Reach("no-1149", ("no/no-11/no-1149",), 9, "owner", "no-1149")
with as_reach(by):
    things = [Thing(Kind.RUBRIC, "Hvilket nivå er vi oftest på?", rubric="assessment_for_learning")]
    plan = Plan("Måling", timezone.now() + timedelta(hours=1), 60)
    unit = Unit.objects.get(key="no-1149")
    held = services.meeting_add(by, unit, plan, things, Author("x", "x@x.no"))
    held = room.room_open(by, held.pk)
    item = Item.objects.get()
    from puls.web.meet.models import Meeting
    Meeting.objects.filter(pk=held.pk).update(joined=200)
    voting.vote_open(by, held.pk, item.pk)
    folder = server_home.place(Path(os.environ["PULS_DATA"])).folder
    postgres = next(folder.rglob("postmaster.pid")).read_text().split()[0]
    print("READY", held.pk, item.pk, entrances.room_token(held), postgres, flush=True)
from puls.web.server import serve
serve("127.0.0.1", int(os.environ["PORT"]), Path(os.environ["PULS_DATA"]))
"""


class Phone:
    """One phone: its cookies, its stream, what it heard and when."""

    def __init__(self, client: httpx.AsyncClient, number: int) -> None:
        self.client = client
        self.number = number
        self.cookies: dict[str, str] = {}
        self.csrf = ""
        self.heard: dict[int, float] = {}
        self.last = 0
        self.open = asyncio.Event()
        self.reconnects = 0

    @property
    def header(self) -> dict[str, str]:
        return {"cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}

    def keep(self, answer: httpx.Response) -> httpx.Response:
        for each in answer.headers.get_list("set-cookie"):
            name, _eq, rest = each.partition("=")
            self.cookies[name] = rest.split(";")[0]
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', answer.text)
        self.csrf = found[1] if found else self.csrf
        return answer

    async def join(self, token: str) -> None:
        address = f"/m/{token}/"
        self.keep(await self.client.get(address, headers=self.header))
        form = {"csrfmiddlewaretoken": self.csrf}
        answer = await self.client.post(address, data=form, headers=self.header)
        self.keep(await self.client.get(self.keep(answer).headers["location"], headers=self.header))

    async def vote(self, meeting: str, item: str) -> None:
        form = {"csrfmiddlewaretoken": self.csrf, "option": random.choice("1234")}
        answer = await self.client.post(
            f"/mote/{meeting}/stemme/{item}/", data=form, headers=self.header
        )
        assert answer.status_code == 302, answer.status_code

    async def listen(self, meeting: str, breaks: float | None) -> None:
        """Hears until it is told to stop; at `breaks` the line is cut and begun again."""
        while True:
            headers = {**self.header, "last-event-id": str(self.last)}
            path = f"/direkte/mote/{meeting}/"
            try:
                async with self.client.stream("GET", path, headers=headers) as answer:
                    assert answer.status_code == 200, answer.status_code
                    self.open.set()
                    async for line in answer.aiter_lines():
                        now = time.perf_counter()
                        if line.startswith("id: "):
                            self.last = int(line[4:])
                            assert self.last not in self.heard, "an event came twice"
                            self.heard[self.last] = now
                        if breaks and now > breaks:
                            breaks = None
                            self.reconnects += 1
                            break
            except httpx.TransportError:
                await asyncio.sleep(0.1)


def usage(*roots: int) -> tuple[float, float]:
    """Processor seconds and resident megabytes of processes and all below them."""
    ticks, pages = 0, 0
    below: dict[int, list[int]] = {}
    stats = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = stat.read_text()
        except OSError:
            continue
        fields = text[text.rindex(")") + 2 :].split()
        pid = int(stat.parent.name)
        below.setdefault(int(fields[1]), []).append(pid)
        stats[pid] = (int(fields[11]) + int(fields[12]), int(fields[21]))
    waiting = [*roots]
    while waiting:
        pid = waiting.pop()
        if pid in stats:
            ticks += stats[pid][0]
            pages += stats[pid][1]
        waiting += below.get(pid, [])
    megabytes = pages * os.sysconf("SC_PAGE_SIZE") / 2**20
    return ticks / os.sysconf("SC_CLK_TCK"), megabytes


async def measure(clients: int, seconds: float, server: list[int], ready: list[str]) -> None:
    meeting, item, token = ready
    limits = httpx.Limits(max_connections=None)
    base = f"http://127.0.0.1:{PORT}"
    async with httpx.AsyncClient(base_url=base, limits=limits, timeout=60) as client:
        phones = [Phone(client, n) for n in range(clients)]
        for start in range(0, clients, 20):
            await asyncio.gather(*(each.join(token) for each in phones[start : start + 20]))
        begins = time.perf_counter() + 2
        lines = []
        for phone in phones:
            breaks = begins + seconds * random.uniform(0.2, 0.8)
            cut = breaks if random.random() < BROKEN else None
            lines.append(asyncio.create_task(phone.listen(meeting, cut)))
        await asyncio.gather(*(each.open.wait() for each in phones))
        before = usage(*server)
        first = max(max(each.heard, default=0) for each in phones)
        sent: list[float] = []

        async def vote(phone: Phone) -> None:
            await asyncio.sleep(max(0, begins - time.perf_counter()) + random.uniform(0, seconds))
            sent.append(time.perf_counter())
            await phone.vote(meeting, item)

        started = time.perf_counter()
        await asyncio.gather(*(vote(each) for each in phones))
        took = time.perf_counter() - started
        until = time.perf_counter() + PATIENCE_SECONDS
        while time.perf_counter() < until:
            if all(each.last >= first + len(sent) for each in phones):
                break
            await asyncio.sleep(0.2)
        after = usage(*server)
        for line in lines:
            line.cancel()
        await asyncio.gather(*lines, return_exceptions=True)
    _report(phones, sorted(sent), first, before, after, took)


def _report(
    phones: list[Phone],
    sent: list[float],
    first: int,
    before: tuple[float, float],
    after: tuple[float, float],
    took: float,
) -> None:
    """Votes are numbered in the order in which they were committed, nearly that of their sending:
    the n-th event is held against the n-th vote sent, which can only make a latency longer for one
    and shorter for its neighbour."""
    wanted = range(first + 1, first + len(sent) + 1)
    late = [
        phone.heard[number] - sent[place]
        for phone in phones
        for place, number in enumerate(wanted)
        if number in phone.heard
    ]
    lost = sum(number not in phone.heard for phone in phones for number in wanted)
    cuts = quantiles(late, n=100)
    share = (after[0] - before[0]) / took
    print(f"votes {len(sent)} in {took:.1f} s, events {len(late)}, reconnects "
          f"{sum(phone.reconnects for phone in phones)}")  # fmt: skip
    print(f"vote to screen p50 {1000 * cuts[49]:.1f} ms, p99 {1000 * cuts[98]:.1f} ms, "
          f"longest {1000 * max(late):.1f} ms")  # fmt: skip
    print(f"server with database: {share:.2f} cores, {after[1]:.0f} MB resident (shared counted "
          "for each process)")  # fmt: skip
    print(f"RESULT clients={len(phones)} p99_ms={1000 * cuts[98]:.1f} lost={lost} "
          f"rss_mb={after[1]:.0f}")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=20.0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "PULS_DATA": str(Path(folder) / "data"),
            "PULS_ADDRESS": f"http://127.0.0.1:{PORT}",
            "DJANGO_SETTINGS_MODULE": "puls.web.settings",
            "PORT": str(PORT),
        }
        server = subprocess.Popen(
            [sys.executable, "-c", START], env=environment, stdout=subprocess.PIPE, text=True
        )
        try:
            assert server.stdout is not None
            line = next(each for each in server.stdout if each.startswith("READY"))
            _wait()
            *ready, postgres = line.split()[1:]
            roots = [server.pid, int(postgres)]
            asyncio.run(measure(given.clients, given.seconds, roots, ready))
        finally:
            server.terminate()
            server.wait(20)


def _wait() -> None:
    """Until the pages answer."""
    for _try in range(300):
        try:
            httpx.get(f"http://127.0.0.1:{PORT}/m/", timeout=5)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("The server did not come up.")


if __name__ == "__main__":
    main()
