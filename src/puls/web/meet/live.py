"""The open line of each screen in a room: what happens, as it happens (server-sent events).

One listener for each worker hears of all meetings (PostgreSQL's NOTIFY) and hands each event to the
lines of its meeting. A line that broke begins again after the last event that it had: events are
kept until the meeting is over, and their numbers have no gaps.
"""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

import psycopg

from puls.web.native import App, Native, Receive, Scope, Send

PREFIX = "/direkte/mote/"
WAITING = 500
"""Events that may wait for one line; a slower one is cut, and begins again where it was."""
MOST_LINES = 1_000
"""Of one meeting, in one worker: a way into a meeting is none to take up the whole server."""
BEAT_SECONDS = 20.0
LONGEST_SECONDS = 3600.0
"""A line ends after an hour, so that who has left the meeting is asked again."""

log = logging.getLogger(__name__)


@dataclass
class Room:
    """The lines of one meeting. last: the number of the last event that they were given."""

    lines: set["asyncio.Queue[tuple[int, bytes] | None]"] = field(default_factory=set)
    last: int = 0
    entrance: str = ""


class Live:
    """Everything that one worker knows of its open lines."""

    def __init__(self) -> None:
        self.rooms: dict[UUID, Room] = {}
        self.reader: psycopg.AsyncConnection[Any] | None = None
        self.lock = asyncio.Lock()
        self.is_leaving = False

    # The listener

    @asynccontextmanager
    async def life(self) -> AsyncIterator[None]:
        listener = asyncio.create_task(self._listen())
        try:
            yield
        finally:
            listener.cancel()
            with suppress(asyncio.CancelledError):
                await listener
            if self.reader is not None:
                await self.reader.close()

    async def _listen(self) -> None:
        """Hears for ever; after a broken connection it asks what it has missed."""
        from puls.web.meet.events import CHANNEL

        while True:
            try:
                async with await _connect() as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    for key in list(self.rooms):
                        await self._catch_up(key)
                    async for notice in connection.notifies():
                        await self._heard(notice.payload)
            except psycopg.OperationalError as problem:
                log.warning("the line to the database broke: %s", type(problem).__name__)
                await asyncio.sleep(1)

    async def _heard(self, payload: str) -> None:
        told = json.loads(payload)
        key = UUID(told["m"])
        room = self.rooms.get(key)
        if room is None or told["n"] <= room.last:
            return
        if told["n"] > room.last + 1:
            await self._catch_up(key)
            return
        self._give(room, told["n"], told["k"], told["d"])

    async def _catch_up(self, key: UUID) -> None:
        """Whatever a room has not been given yet, from the table."""
        room = self.rooms.get(key)
        if room is None:
            return
        found = await self._events(key, room.entrance, room.last)
        for number, kind, data in found[1] if found else ():
            self._give(room, number, kind, data)

    @staticmethod
    def _give(room: Room, number: int, kind: str, data: Any) -> None:
        if number <= room.last:
            return
        room.last = number
        for line in list(room.lines):
            try:
                line.put_nowait((number, written(number, kind, data)))
            except asyncio.QueueFull:
                room.lines.discard(line)
                line.get_nowait()
                line.put_nowait(None)

    async def _events(self, key: UUID, entrance: str, after: int) -> tuple[int, list[Any]] | None:
        """The number of a meeting's last event, and its events after another one.

        None where the entrance does not lead there.
        """
        async with self.lock:
            if self.reader is None or self.reader.closed:
                self.reader = await _connect()
            async with self.reader.transaction():
                await self.reader.execute(
                    "SELECT set_config('puls.entrance', %s, true)", [entrance]
                )
                asked = "SELECT last_event FROM meet_meeting WHERE id = %s"
                newest = await (await self.reader.execute(asked, [key])).fetchone()
                if newest is None:
                    return None
                rows = await self.reader.execute(
                    "SELECT number, kind, data FROM meet_event"
                    " WHERE meeting_id = %s AND number > %s ORDER BY number",
                    [key, after],
                )
                return int(newest[0]), await rows.fetchall()

    # The lines

    def leave(self) -> None:
        """Every line ends; browsers come back to the next worker by themselves."""
        self.is_leaving = True
        for room in self.rooms.values():
            for line in room.lines:
                with suppress(asyncio.QueueFull):
                    line.put_nowait(None)

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        key = _key_of(scope["path"])
        entrance = _entrance_of(scope, key) if key else ""
        if key is None or not entrance or self.is_leaving:
            await _answer(send, 404 if key is None else 403)
            return
        if key in self.rooms and len(self.rooms[key].lines) >= MOST_LINES:
            await _answer(send, 503)
            return
        after = _after(scope)
        line: asyncio.Queue[tuple[int, bytes] | None] = asyncio.Queue(WAITING)
        is_new = key not in self.rooms
        room = self.rooms.setdefault(key, Room(entrance=entrance))
        # First on the list, then the table: what comes in between is there twice, never missing.
        room.lines.add(line)
        try:
            found = await self._events(key, entrance, after)
            if found is None:
                await _answer(send, 403)
                return
            newest, missed = found
            room.entrance = entrance
            if is_new:
                # Not the newest: another line may have looked at the table before this one.
                room.last = max(room.last, min(after, newest))
            await _open(send)
            last = after
            for number, kind, data in missed:
                last = number
                await _say(send, written(number, kind, data))
            await self._follow(line, last, receive, send)
        finally:
            room.lines.discard(line)
            if not room.lines:
                self.rooms.pop(key, None)

    async def _follow(
        self,
        line: "asyncio.Queue[tuple[int, bytes] | None]",
        last: int,
        receive: Receive,
        send: Send,
    ) -> None:
        """Gives what comes, until the reader goes, the hour is over, or the worker is told to."""
        gone = asyncio.create_task(_gone(receive))
        ends = asyncio.get_running_loop().time() + LONGEST_SECONDS
        try:
            while asyncio.get_running_loop().time() < ends:
                wanted = asyncio.create_task(line.get())
                await asyncio.wait(
                    {wanted, gone}, timeout=BEAT_SECONDS, return_when=asyncio.FIRST_COMPLETED
                )
                if gone.done():
                    wanted.cancel()
                    return
                if not wanted.done():
                    wanted.cancel()
                    await _say(send, b": puls\n\n")
                    continue
                parts = [wanted.result()]
                while not line.empty():
                    parts.append(line.get_nowait())
                told = [each[1] for each in parts if each is not None and each[0] > last]
                last = max([last, *(each[0] for each in parts if each is not None)])
                if told:
                    await _say(send, b"".join(told))
                if None in parts:
                    break
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            gone.cancel()


def native(_pages: App) -> Native:
    """The open lines as a native part of the site."""
    live = Live()
    return Native(PREFIX, live.app, live.life, live.leave)


def written(number: int, kind: str, data: Any) -> bytes:
    """An event on the line."""
    return f"id: {number}\nevent: {kind}\ndata: {json.dumps(data)}\n\n".encode()


async def _connect() -> psycopg.AsyncConnection[Any]:
    """A connection as the role of the pages, which row-level security binds."""
    from django.db import connections

    told = connections["default"].get_connection_params()
    names = ("host", "port", "dbname", "user", "password", "sslmode", "sslrootcert")
    given = {name: told[name] for name in names if told.get(name)}
    return await psycopg.AsyncConnection.connect(**given, autocommit=True)


def _key_of(path: str) -> UUID | None:
    try:
        return UUID(path.removeprefix(PREFIX).strip("/"))
    except ValueError:
        return None


def _entrance_of(scope: Scope, key: UUID) -> str:
    """The entrance that the reader's own cookie names, or ""."""
    from puls.web.meet import pockets

    cookies: SimpleCookie = SimpleCookie()
    for name, value in scope["headers"]:
        if name == b"cookie":
            with suppress(CookieError):
                cookies.load(value.decode("latin-1"))
    pocket = pockets.read({name: each.value for name, each in cookies.items()}, key)
    return pocket.entrance if pocket else ""


def _after(scope: Scope) -> int:
    """The last event that the reader has: as browsers say when they come back, else the page's."""
    asked = parse_qs(scope["query_string"].decode("latin-1")).get("etter", ["0"])[0]
    for name, value in scope["headers"]:
        if name == b"last-event-id":
            asked = value.decode("latin-1")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 16 else 0


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _open(send: Send) -> None:
    headers = [
        (b"content-type", b"text/event-stream; charset=utf-8"),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),
        (b"x-content-type-options", b"nosniff"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await _say(send, b"retry: 2000\n\n")


async def _say(send: Send, body: bytes) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": True})


async def _answer(send: Send, status: int) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
