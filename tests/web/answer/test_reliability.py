"""Nothing that was acknowledged is lost, and nothing counts twice, whatever dies in between.

Here connections are cut under the answering path, in the database of the tests; the long runs in
`test_killed` kill the server and PostgreSQL themselves.
"""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import date
from typing import Any

import psycopg
import pytest
from django.db import connections

from puls.content.definitions import Pack
from puls.web.answer import writing
from puls.web.answer.app import Answering
from puls.web.collect.folders import Folders
from tests.database import superuser
from tests.web.answer.client import ask
from tests.web.answer.conftest import TODAY, Open, Opened, answering

PEOPLE = 120
AT_ONCE = 24
Stored = Callable[[str], list[tuple[str, bytes]]]


async def persist(app: Answering, opened: Opened, code: str, number: int) -> None:
    """Send until it is acknowledged, sometimes twice at once, sometimes once more afterwards."""
    fields = {"code": code, "q1": str(number % 5 + 1), "q2": str(number // 5 % 5 + 1)}
    path = f"/svar/{opened.address}"
    while True:
        clicks = 2 if number % 3 == 0 else 1
        replies = await asyncio.gather(*(ask(app, "POST", path, fields) for _ in range(clicks)))
        if any(each.status == 200 for each in replies):
            break
        assert {each.status for each in replies} == {503}, "nothing else is said than to come again"
        await asyncio.sleep(0.01)
    if number % 4 == 0:
        assert (await ask(app, "POST", path, fields)).status in (200, 503)


def cut(seed: int) -> None:
    """End some connections of the role that takes answers in, wherever they are."""
    with superuser("postgres") as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'puls_intake'"
            " AND datname = %s AND pid %% 2 = %s",
            [connections["default"].settings_dict["NAME"], seed % 2],
        )


@asynccontextmanager
async def cutting() -> AsyncIterator[None]:
    """Connections are cut again and again, in a thread of its own."""
    going = True

    async def go() -> None:
        seed = 0
        while going:
            await asyncio.sleep(random.uniform(0.005, 0.03))
            await asyncio.to_thread(cut, seed := seed + 1)

    task = asyncio.create_task(go())
    yield
    going = False
    await task


def everybody_answers(opened: Opened, pack: Pack, folders: Folders) -> None:
    async def run() -> None:
        room = asyncio.Semaphore(AT_ONCE)

        async def one(app: Answering, code: str, number: int) -> None:
            async with room:
                await persist(app, opened, code, number)

        workers = answering(pack, folders), answering(pack, folders)
        async with workers[0] as first, workers[1] as second, cutting():
            both = (first, second)
            people = (one(both[n % 2], code, n) for n, code in enumerate(opened.codes))
            await asyncio.gather(*people)

    asyncio.run(run())


def lost_or_doubled(opened: Opened, stored: Stored) -> int:
    """How many of those who were thanked are not there exactly once."""
    found = sorted((given[0], given[1]) for _, given in stored(opened.round.key))
    expected = sorted((n % 5 + 1, n // 5 % 5 + 1) for n in range(len(opened.codes)))
    return sum(abs(found.count(each) - expected.count(each)) for each in {*found, *expected})


def test_cut_connections_lose_nothing_and_double_nothing(
    open_round: Open, pack: Pack, folders: Folders, stored: Stored
) -> None:
    opened = open_round(music=PEOPLE, dance=0)
    everybody_answers(opened, pack, folders)
    assert lost_or_doubled(opened, stored) == 0


async def in_two_transactions(self: writing.Writer, batch: Any) -> Any:
    """The mutant: first the codes are used, then, as a work of its own, the answers are stored."""
    if self._connection is None:
        self._connection = await self.connect()
        await self._connection.set_autocommit(True)
    connection = self._connection
    became = {}
    rows = []
    for each in batch:
        found = await connection.execute(
            "UPDATE collect_code SET used = true WHERE digest = %s AND NOT used RETURNING group_id",
            [each.digest],
        )
        new = await found.fetchone() is not None
        became[each.digest] = writing.Became.RECORDED if new else writing.Became.ALREADY
        if new:
            answer = writing.uuid4()
            leaf = "karmoy-kulturskole.musikk"
            payload = writing.vault.encrypt(each.key, each.round, answer, leaf, each.given)
            rows.append((answer, each.round, payload))
    await asyncio.sleep(0.005)
    for row in rows:
        await connection.execute(
            "INSERT INTO collect_answer (id, round_id, payload) VALUES (%s, %s, %s)", row
        )
    return became


def test_caught_two_transactions_instead_of_one(
    open_round: Open,
    pack: Pack,
    folders: Folders,
    stored: Stored,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(writing.Writer, "_commit", in_two_transactions)
    opened = open_round(music=PEOPLE, dance=0)
    everybody_answers(opened, pack, folders)
    assert lost_or_doubled(opened, stored) > 0


def test_what_is_acknowledged_is_on_the_disk_whatever_the_server_s_default(
    open_round: Open, pack: Pack, folders: Folders
) -> None:
    """The database of the tests forgets on purpose; the answering path's own connections do not."""

    async def said() -> str:
        async with answering(pack, folders) as app:
            connection = await app.writer.connect()
            async with connection:
                row = await (await connection.execute("SHOW synchronous_commit")).fetchone()
        return str(row[0]) if row else ""

    with superuser() as admin:
        assert admin.execute("SHOW synchronous_commit").fetchone() == ("off",)
    assert asyncio.run(said()) == "on"


@pytest.mark.parametrize("trouble", [psycopg.errors.DiskFull, psycopg.errors.TooManyConnections])
def test_a_full_disk_is_told_honestly_and_the_code_is_still_good(
    open_round: Open,
    pack: Pack,
    folders: Folders,
    stored: Stored,
    monkeypatch: pytest.MonkeyPatch,
    trouble: type[Exception],
) -> None:
    opened = open_round(music=1, dance=0)
    commit = writing.Writer._commit
    full = True

    async def perhaps(self: writing.Writer, batch: Any) -> Any:
        if full:
            raise trouble("could not extend file: No space left on device")
        return await commit(self, batch)

    monkeypatch.setattr(writing.Writer, "_commit", perhaps)

    async def run() -> list[int]:
        nonlocal full
        fields = {"code": opened.codes[0], "q1": "3"}
        async with answering(pack, folders) as app:
            first = await ask(app, "POST", f"/svar/{opened.address}", fields)
            full = False
            second = await ask(app, "POST", f"/svar/{opened.address}", fields)
        assert first.headers["retry-after"] == "10"
        return [first.status, second.status]

    assert asyncio.run(run()) == [503, 200]
    assert len(stored(opened.round.key)) == 1


def test_a_clock_that_jumps_while_people_send_makes_nobody_wait(
    open_round: Open, pack: Pack, folders: Folders, stored: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing on the way of an answer waits for the time of day, which may go back by years."""
    opened = open_round(music=20, dance=0)
    jumps = iter(range(10**9))
    monkeypatch.setattr(time, "time", lambda: 1e9 * (next(jumps) % 3))

    async def run() -> list[int]:
        async with answering(pack, folders) as app, asyncio.timeout(20):
            fields = [{"code": code, "q1": "3"} for code in opened.codes]
            path = f"/svar/{opened.address}"
            return [each.status for each in await asyncio.gather(
                *(ask(app, "POST", path, given) for given in fields)
            )]  # fmt: skip

    assert asyncio.run(run()) == 20 * [200]
    assert len(stored(opened.round.key)) == 20


def test_a_clock_that_jumps_closes_and_opens_and_loses_nothing(
    open_round: Open, pack: Pack, folders: Folders, stored: Stored
) -> None:
    opened = open_round(music=3, dance=0)
    days = [TODAY, date(2031, 1, 1), date(1970, 1, 1), TODAY]

    async def run() -> list[int]:
        told = []
        async with answering(pack, folders) as app:
            for day, code in zip(days, [*opened.codes, opened.codes[0]], strict=False):
                app.today = lambda day=day: day
                fields = {"code": code, "q1": "3"}
                told.append((await ask(app, "POST", f"/svar/{opened.address}", fields)).status)
        return told

    assert asyncio.run(run()) == [200, 410, 410, 200]
    assert len(stored(opened.round.key)) == 1
