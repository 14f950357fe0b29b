"""Hearing of changes in the database, and proving five times a second that they would be heard."""

import asyncio
import logging
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import psycopg
from django.db import connections

from puls.web.composed.store import Store

CHANNEL = "puls_changed"
NAME = "puls listening"
"""By which the database's administrator knows these connections."""
EVERY = 0.2
"""Seconds between proofs."""
HOLDS = 0.8
"""Seconds for which a proof holds. What has changed is never served longer than this."""
PATIENCE = 10.0
"""Seconds until a proof that does not come back means that the line is lost. Until then nothing is
served from memory, but it is kept: what has changed meanwhile is heard before the proof is."""
AGAIN = 2.0
"""Seconds until the next try where the database could not be reached."""

log = logging.getLogger(__name__)


@asynccontextmanager
async def heard(store: Store) -> AsyncIterator[None]:
    """While it lasts the store hears of changes; afterwards, and whenever not, it is closed."""
    task = asyncio.get_running_loop().create_task(_listen_for_ever(store))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        store.close()


async def _listen_for_ever(store: Store) -> None:
    while True:
        try:
            await _listen(store)
        except (psycopg.Error, OSError, TimeoutError) as problem:
            log.warning("Pages are composed anew each time: no word of changes (%s)", type(problem))
        finally:
            store.close()
        await asyncio.sleep(AGAIN)


async def _listen(store: Store) -> None:
    async with await psycopg.AsyncConnection.connect(**_where(), autocommit=True) as connection:
        proofs: set[str] = set()
        mine = f"proof:{secrets.token_hex(8)}"

        def hear(word: psycopg.Notify) -> None:
            if not word.payload.startswith("proof:"):
                store.heard(word.payload)
            elif word.payload.startswith(mine):
                proofs.add(word.payload)

        connection.add_notify_handler(hear)
        await connection.execute(f"LISTEN {CHANNEL}")
        number = 0
        while True:
            number += 1
            # Not wait_for, which forgets that we were cancelled if a proof comes at that moment.
            async with asyncio.timeout(PATIENCE):
                await _prove(connection, f"{mine}:{number}", proofs, store)
            await asyncio.sleep(EVERY)


async def _prove(
    connection: psycopg.AsyncConnection[Any], word: str, proofs: set[str], store: Store
) -> None:
    """Our own word comes back after every word that was given before it: words keep their order.

    Raises TimeoutError, from outside, where it does not come back, as behind a pool that
    changes connections.
    """
    began = time.monotonic()
    await connection.execute("SELECT pg_notify(%s, %s)", [CHANNEL, word])
    while word not in proofs:
        await asyncio.sleep(0.01)
        await connection.execute("SELECT 1")
    proofs.clear()
    store.hold_until(began + HOLDS)


def _where() -> dict[str, Any]:
    """How the pages' own role reaches the database."""
    given = connections["default"].get_connection_params()
    plain = ("dbname", "user", "password", "host", "port", "sslmode", "sslrootcert")
    return {name: given[name] for name in plain if name in given} | {"application_name": NAME}
