"""Slow lines: those who send or read slowly do not keep others waiting, and a phone on 3G works.

The fast tests ask the answering path itself; the long ones the site as it is served, over sockets.
"""

import asyncio
import shutil
import socket
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from benchmarks import asked, slow_phone, takers
from benchmarks.killing import kill_postgres
from puls.content.definitions import Pack
from puls.web.answer import http
from puls.web.answer.app import Answering
from puls.web.collect.folders import Folders
from tests.web.answer.client import ask
from tests.web.answer.conftest import Open, Opened, answering

SLOW = 50
ENOUGH_SECONDS = 10
"""Far more than a submission takes on a machine that does much else."""


async def drip() -> dict[str, Any]:
    """A body that comes byte by byte and never ends."""
    await asyncio.sleep(0.05)
    return {"type": "http.request", "body": b"q", "more_body": True}


async def whole() -> dict[str, Any]:
    return {"type": "http.request", "body": b"", "more_body": False}


async def never(_message: Any) -> None:
    """A reader that takes nothing."""
    await asyncio.Event().wait()


def crowd(app: Answering, opened: Opened, told: list[int]) -> list[Awaitable[None]]:
    """Slow senders whose answers are noted, and readers who never read."""

    async def note(message: Any) -> None:
        if message["type"] == "http.response.start":
            told.append(message["status"])

    def scope(method: str) -> dict[str, Any]:
        path = f"/svar/{opened.address}"
        return {"type": "http", "method": method, "path": path, "headers": [], "client": None}

    senders = [app(scope("POST"), drip, note) for _ in range(SLOW)]
    return [*senders, *(app(scope("GET"), whole, never) for _ in range(SLOW))]


def among_slow_ones(opened: Opened, pack: Pack, folders: Folders) -> tuple[list[int], list[int]]:
    """Statuses of those who answer among slow ones, and of the slow senders within a second."""

    async def run() -> tuple[list[int], list[int]]:
        slow: list[int] = []
        async with answering(pack, folders) as app:
            tasks = [asyncio.ensure_future(each) for each in crowd(app, opened, slow)]
            async with asyncio.timeout(ENOUGH_SECONDS):
                replies = [
                    await ask(app, "POST", f"/svar/{opened.address}", {"code": code, "q1": "3"})
                    for code in opened.codes
                ]
            until = time.monotonic() + 1.5
            while len(slow) < SLOW and time.monotonic() < until:
                await asyncio.sleep(0.05)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        return [each.status for each in replies], slow

    return asyncio.run(run())


def test_slow_ones_keep_nobody_waiting_and_are_let_go(
    open_round: Open, pack: Pack, folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "SECONDS_FOR_A_BODY", 0.3)
    told, slow = among_slow_ones(open_round(), pack, folders)
    assert told == 12 * [200]
    assert slow == SLOW * [408]


def test_caught_a_body_that_may_take_for_ever(
    open_round: Open, pack: Pack, folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mutant: no end to the patience. Each slow sender holds a line of the server for good."""
    monkeypatch.setattr(http, "SECONDS_FOR_A_BODY", None)
    _told, slow = among_slow_ones(open_round(), pack, folders)
    assert slow == []


@pytest.fixture
def served() -> Iterator[tuple[int, list[str]]]:
    """The port of a site that is served, and codes for it."""
    folder = Path(tempfile.mkdtemp(prefix="puls-slow-"))
    folder.chmod(0o711)
    data = folder / "data"
    codes = asked.prepare(data, 500)
    try:
        with asked.served(data) as (port, _server):
            yield port, codes
    finally:
        kill_postgres(data)
        shutil.rmtree(folder, ignore_errors=True)


Open_ = Callable[[int], socket.socket]


def with_head(port: int) -> socket.socket:
    """A request whose head comes slowly."""
    line = socket.create_connection(("127.0.0.1", port))
    line.sendall(f"POST /svar/{asked.ADDRESS} HTTP/1.1\r\nHost: a\r\nX-Slow: ".encode())
    return line


def with_body(port: int) -> socket.socket:
    """A request whose body comes slowly."""
    line = socket.create_connection(("127.0.0.1", port))
    head = f"POST /svar/{asked.ADDRESS} HTTP/1.1\r\nHost: a\r\nContent-Length: 9000\r\n\r\n"
    line.sendall(head.encode())
    return line


def without_reading(port: int) -> socket.socket:
    """Many requests, none of whose answers is read."""
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    line.connect(("127.0.0.1", port))
    line.setblocking(False)
    with suppress(BlockingIOError):
        line.sendall(200 * f"GET /svar/{asked.ADDRESS} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
    return line


@pytest.mark.long
@pytest.mark.parametrize("slowly", [with_head, with_body, without_reading])
def test_a_thousand_slow_lines_do_not_starve_a_class(
    served: tuple[int, list[str]], slowly: Open_
) -> None:
    port, codes = served
    lines = [slowly(port) for _ in range(1_000)]
    try:
        left = iter(codes)
        for _ in range(4):
            taken = takers.take(port, asked.ADDRESS, islice(left, 100), at_once=16, seconds=60)
            assert len(taken.recorded) == 100
            assert taken.percentile_ms(0.99) < 1000 * ENOUGH_SECONDS
            for line in lines:
                with suppress(OSError):
                    line.send(b"x")
        print(f"{slowly.__name__}: p99 {taken.percentile_ms(0.99):.0f} ms among 1,000 slow lines")
    finally:
        for line in lines:
            line.close()


@pytest.mark.long
def test_on_a_slow_phone_the_first_question_is_there_within_two_seconds(
    served: tuple[int, list[str]],
) -> None:
    port, codes = served
    found = slow_phone.visits(port, codes[:3])
    assert found["question"] < 2_000
    assert found["kb"] <= 40
    assert found["requests"] <= 4
