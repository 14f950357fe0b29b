"""The open line: what happens arrives in its order, once, and nothing is lost when it breaks."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from django.db import connections

from puls.web.meet import entrances, live, pockets, room
from puls.web.meet.live import Live
from puls.web.meet.models import Meeting
from puls.web.meet.pockets import Pocket
from puls.web.tenants.access import Reach, as_entrance, as_reach
from tests.database import superuser

SOON = 10.0


@pytest.fixture
def opened(meeting: Meeting, bob: Reach) -> Meeting:
    with as_reach(bob):
        return room.room_open(bob, meeting.pk)


class Line:
    """A browser's line: its events by number, and a way to break it."""

    def __init__(self, headers: list[tuple[bytes, bytes]], path: str, query: str = "") -> None:
        self.scope: dict[str, Any] = {
            "type": "http", "method": "GET", "path": path, "headers": headers,
            "query_string": query.encode(),
        }  # fmt: skip
        self.status = 0
        self.events: list[tuple[int, str, Any]] = []
        self.came = asyncio.Event()
        self.broken = asyncio.Event()

    async def receive(self) -> dict[str, Any]:
        await self.broken.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        for block in message.get("body", b"").decode().split("\n\n"):
            told = dict(part.split(": ", 1) for part in block.split("\n") if ": " in part)
            if "id" in told:
                self.events.append((int(told["id"]), told["event"], json.loads(told["data"])))
        self.came.set()

    async def has(self, count: int) -> None:
        while len(self.events) < count:
            self.came.clear()
            await asyncio.wait_for(self.came.wait(), SOON)

    @property
    def numbers(self) -> list[int]:
        return [number for number, _kind, _data in self.events]


def cookie(meeting: Meeting, entrance: str) -> list[tuple[bytes, bytes]]:
    from django.http import HttpRequest, HttpResponse

    response = HttpResponse()
    pockets.put(response, HttpRequest(), meeting.pk, Pocket(entrance, "a secret"))
    name, kept = next(iter(response.cookies.items()))
    return [(b"cookie", f"{name}={kept.value}".encode())]


def line_of(meeting: Meeting, after: int = 0, last: int | None = None) -> Line:
    headers = cookie(meeting, entrances.hash_of(entrances.room_token(meeting)))
    if last is not None:
        headers.append((b"last-event-id", str(last).encode()))
    return Line(headers, f"{live.PREFIX}{meeting.pk}/", f"etter={after}")


def come_in(meeting: Meeting) -> None:
    with as_entrance(entrances.hash_of(entrances.room_token(meeting))):
        room.came_in(meeting.pk)
    # Each thread has a connection of its own, and ends here.
    connections.close_all()


def running(act: Callable[[Live], Awaitable[None]]) -> None:
    """Within one event loop, as in a worker."""

    async def run() -> None:
        site = Live()
        async with site.life():
            await act(site)

    asyncio.run(run())


def test_two_lines_hear_everything_in_its_order(opened: Meeting) -> None:
    async def act(site: Live) -> None:
        lines = [line_of(opened), line_of(opened, after=1)]
        tasks = [
            asyncio.create_task(site.app(each.scope, each.receive, each.send)) for each in lines
        ]
        await lines[0].has(1)
        for _phone in range(5):
            await asyncio.to_thread(come_in, opened)
        await lines[0].has(6)
        await lines[1].has(5)
        assert lines[0].numbers == [1, 2, 3, 4, 5, 6]
        assert lines[1].numbers == [2, 3, 4, 5, 6], "what the page has is not told again"
        for each in lines:
            each.broken.set()
        await asyncio.gather(*tasks)
        assert site.rooms == {}, "who has left is forgotten"

    running(act)


def test_a_line_that_broke_goes_on_where_it_was(opened: Meeting) -> None:
    async def act(site: Live) -> None:
        first = line_of(opened)
        task = asyncio.create_task(site.app(first.scope, first.receive, first.send))
        await first.has(1)
        first.broken.set()
        await task
        for _phone in range(3):
            await asyncio.to_thread(come_in, opened)
        again = line_of(opened, last=1)
        task = asyncio.create_task(site.app(again.scope, again.receive, again.send))
        await again.has(3)
        await asyncio.to_thread(come_in, opened)
        await again.has(4)
        assert again.numbers == [2, 3, 4, 5]
        again.broken.set()
        await task

    running(act)


def test_when_the_listener_breaks_it_asks_what_it_missed(opened: Meeting) -> None:
    async def act(site: Live) -> None:
        line = line_of(opened)
        task = asyncio.create_task(site.app(line.scope, line.receive, line.send))
        await line.has(1)
        with superuser() as admin:
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query ILIKE 'LISTEN%'"
            )
        await asyncio.to_thread(come_in, opened)
        await line.has(2)
        assert line.numbers == [1, 2]
        line.broken.set()
        await task

    running(act)


def test_without_an_entrance_there_is_no_line(opened: Meeting, about_cells: Meeting) -> None:
    async def act(site: Live) -> None:
        token = entrances.hash_of(entrances.room_token(opened))
        path = f"{live.PREFIX}{opened.pk}/"
        other = f"{live.PREFIX}{about_cells.pk}/"
        refused = [
            (Line([], path), 403),
            (Line([(b"cookie", b"mote_x=y")], path), 403),
            (Line(cookie(opened, "made up"), path), 403),
            # Caught: the entrance of one meeting under the name of another.
            (Line(cookie(about_cells, token), other), 403),
            (Line(cookie(opened, token), f"{live.PREFIX}nothing/"), 404),
        ]
        for line, status in refused:
            await site.app(line.scope, line.receive, line.send)
            assert line.status == status
            assert line.events == []

    running(act)


def test_a_worker_that_is_told_to_stop_ends_its_lines(opened: Meeting) -> None:
    async def act(site: Live) -> None:
        line = line_of(opened)
        task = asyncio.create_task(site.app(line.scope, line.receive, line.send))
        await line.has(1)
        site.leave()
        await asyncio.wait_for(task, SOON)

    running(act)


def test_one_meeting_does_not_take_up_all_lines(
    opened: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "MOST_LINES", 2)

    async def act(site: Live) -> None:
        lines = [line_of(opened) for _n in range(3)]
        tasks = []
        for each in lines:
            tasks.append(asyncio.create_task(site.app(each.scope, each.receive, each.send)))
            await asyncio.wait_for(each.came.wait(), SOON)
        assert [each.status for each in lines] == [200, 200, 503]
        lines[0].broken.set()
        await tasks[0]
        again = line_of(opened)
        task = asyncio.create_task(site.app(again.scope, again.receive, again.send))
        await again.has(1)
        for each in (lines[1], again):
            each.broken.set()
        await asyncio.gather(*tasks, task)

    running(act)
