"""Storing submissions: those that wait share one transaction, and so one durable commit.

A code is marked as used and its answers are stored in the same transaction, or neither happens.
Whoever sent them hears of it after the commit. What broke off is sent again by the browser: the
code is the key, so it counts once.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from random import SystemRandom
from typing import Any
from uuid import UUID, uuid4

import psycopg
from psycopg import errors

from puls.web.collect import vault

MOST_AT_ONCE = 256
"""Submissions that share a commit."""
MOST_WAITING = 5_000
"""Beyond it a browser is asked to come again."""
TRIES = 4
SECONDS = 10
"""For a batch; the database's own limits end earlier."""

FIND = """
SELECT c.digest, c.used, g.unit_id, r.state FROM collect_code c
JOIN collect_group g ON g.id = c.group_id JOIN collect_round r ON r.key = c.round_id
WHERE c.digest = ANY(%s) ORDER BY c.digest FOR UPDATE OF c
"""
"""In one order everywhere, so that two workers never wait for each other."""
MARK = "UPDATE collect_code SET used = true WHERE digest = ANY(%s)"
STORE = """
INSERT INTO collect_answer (id, round_id, payload)
SELECT * FROM unnest(%s::uuid[], %s::text[], %s::bytea[])
"""
AGAIN = (errors.DeadlockDetected, errors.SerializationFailure, errors.LockNotAvailable,
         errors.RestrictViolation)  # fmt: skip
"""Another worker or the closing of a round was in between: look again."""

Connect = Callable[[], Awaitable[psycopg.AsyncConnection[Any]]]
log = logging.getLogger(__name__)
_random = SystemRandom()


class Became(StrEnum):
    """What became of a submission."""

    RECORDED = "recorded"
    ALREADY = "already"
    """Answers with this code were recorded before: perhaps these, sent twice."""
    UNKNOWN = "unknown"
    CLOSED = "closed"
    AWAY = "away"
    """Nothing was stored, or nobody can say: to be sent again."""


@dataclass(frozen=True)
class Submission:
    """digest: of the code. key: the round's. given: as `submissions.as_bytes` makes them."""

    round: str
    key: bytes = field(repr=False)
    digest: bytes = field(repr=False)
    given: bytes = field(repr=False)


Waiting = tuple[Submission, asyncio.Future[Became]]


class Writer:
    """One for each process and event loop."""

    def __init__(self, connect: Connect) -> None:
        self.connect = connect
        self._waiting: list[Waiting] = []
        self._some = asyncio.Event()
        self._connection: psycopg.AsyncConnection[Any] | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """What waits is not stored, and told so."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        _tell(self._waiting, {})
        self._waiting = []
        await self._leave()

    async def store(self, submission: Submission) -> Became:
        """Store a submission, durably; gives what became of it."""
        if len(self._waiting) >= MOST_WAITING:
            return Became.AWAY
        told: asyncio.Future[Became] = asyncio.get_running_loop().create_future()
        self._waiting.append((submission, told))
        self._some.set()
        return await told

    async def _run(self) -> None:
        while True:
            await self._some.wait()
            batch = self._waiting[:MOST_AT_ONCE]
            self._waiting = self._waiting[MOST_AT_ONCE:]
            if not self._waiting:
                self._some.clear()
            try:
                became = await self._attempt([submission for submission, _ in batch])
            except BaseException:
                _tell(batch, {})
                raise
            _tell(batch, became)

    async def _attempt(self, batch: Sequence[Submission]) -> dict[bytes, Became]:
        """What became of each, by digest; those that nothing is known of are left out."""
        # The same code twice at the same time is a second press of the button: one is stored.
        first = {each.digest: each for each in reversed(batch)}
        for _ in range(TRIES):
            known = self._connection is not None
            try:
                async with asyncio.timeout(SECONDS):
                    return await self._commit(list(first.values()))
            except AGAIN:
                await self._undo()
            except (psycopg.Error, TimeoutError, OSError) as error:
                # Its class and nothing else: a message may quote what was sent.
                log.warning("Answers could not be stored: %s", type(error).__name__)
                await self._leave()
                if not known:
                    break
                # A connection from before the database was restarted: a new one may do.
        return {}

    async def _commit(self, batch: Sequence[Submission]) -> dict[bytes, Became]:
        if self._connection is None:
            self._connection = await self.connect()
        connection = self._connection
        by_digest = {each.digest: each for each in batch}
        became = dict.fromkeys(by_digest, Became.UNKNOWN)
        taken: list[tuple[UUID, str, bytes]] = []
        marked = []
        async with connection.transaction():
            found = await connection.execute(FIND, [list(by_digest)])
            for digest, used, leaf, state in await found.fetchall():
                each = by_digest[digest]
                if used:
                    became[digest] = Became.ALREADY
                elif state != "open":
                    became[digest] = Became.CLOSED
                else:
                    became[digest] = Became.RECORDED
                    answer = uuid4()
                    payload = vault.encrypt(each.key, each.round, answer, leaf, each.given)
                    taken.append((answer, each.round, payload))
                    marked.append(digest)
            if taken:
                _random.shuffle(taken)  # The order of answers tells nothing of that of codes.
                ids, rounds, payloads = zip(*taken, strict=True)
                async with connection.pipeline():
                    await connection.execute(MARK, [marked])
                    await connection.execute(STORE, [list(ids), list(rounds), list(payloads)])
        return became

    async def _undo(self) -> None:
        if self._connection is not None and self._connection.closed:
            await self._leave()

    async def _leave(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                await connection.close()
            except psycopg.Error:
                log.warning("A connection was lost.")


def _tell(batch: Sequence[Waiting], became: dict[bytes, Became]) -> None:
    """Tell everybody. Of the same code twice the first was stored; the other is a repetition."""
    told = set()
    for submission, future in batch:
        word = became.get(submission.digest, Became.AWAY)
        if word is Became.RECORDED and submission.digest in told:
            word = Became.ALREADY
        told.add(submission.digest)
        if not future.done():
            future.set_result(word)
