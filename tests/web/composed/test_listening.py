"""Word from the database: it comes within a second, and silence closes the store."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from django.db import connections

from puls.web.accounts.models import User
from puls.web.composed import listening as line
from puls.web.composed.listening import NAME, heard
from puls.web.composed.store import Store
from tests.database import superuser
from tests.web.cast import Cast


async def until(what: Callable[[], Any], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not what() and time.monotonic() < end:
        await asyncio.sleep(0.01)
    return bool(what())


def listening(then: Callable[[Store], Awaitable[None]]) -> Store:
    store = Store()

    async def run() -> None:
        async with asyncio.timeout(60), heard(store):
            assert await until(store.holds, 10)
            await then(store)

    asyncio.run(run())
    return store


def rename(user: User) -> None:
    """In a thread, whose connection to the database nobody else would close."""
    user.name = "Robert"
    user.save()
    connections.close_all()


def test_a_change_is_heard_within_a_second_and_a_lost_line_closes_the_store(cast: Cast) -> None:
    async def change(store: Store) -> None:
        before = store.changes
        await asyncio.to_thread(rename, cast.bob.user)
        assert await until(lambda: store.changes > before, 1)
        with superuser() as above:
            above.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = %s AND datname = current_database()",
                [NAME],
            )
        assert await until(lambda: not store.holds(), 1)
        assert await until(store.holds, 10), "it takes up the line again"

    store = listening(change)
    assert not store.holds()


def test_it_ends_although_a_proof_comes_at_that_moment(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mutant that waits with asyncio.wait_for goes on for ever, and a worker never stops."""

    async def run() -> None:
        over = asyncio.Event()

        async def proved(*_: object) -> None:
            over.set()
            task.cancel()

        monkeypatch.setattr(line, "_prove", proved)
        task = asyncio.create_task(line._listen_for_ever(Store()))
        await asyncio.wait_for(over.wait(), 30)
        done, _ = await asyncio.wait([task], timeout=5)
        assert done

    asyncio.run(run())
