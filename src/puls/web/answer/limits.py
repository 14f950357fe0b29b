"""How often somebody may guess. In memory only, and under digests with a salt of this process.

A class behind one address types its codes in the same minutes, so only wrong ones count. Whether a
code is wrong is known after it was looked up: until then a try counts as wrong, so that a thousand
guesses at the same moment are no more than a thousand one after the other. Whoever would be one too
many waits until a try before theirs has turned out right or wrong.
"""

import asyncio
import hashlib
import ipaddress
import os
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

WRONG = 60
"""Wrong codes from one address within `SECONDS`, by each worker: with a million codes open, a whole
day of guessing from one address by two workers meets one with a chance of 2 in 100,000."""
SECONDS = 600
MOST = 50_000
"""Addresses remembered; with more the oldest are forgotten."""
OF_ONE_PLACE = 64
"""Bits of an IPv6 address that a line is given: what comes behind them it chooses freely."""


@dataclass
class Try:
    """One code that is looked up. wait: seconds until this address is listened to again, or 0."""

    wait: int = 0
    wrong: bool = False


@dataclass
class _Under:
    """Tries of one address that are not known yet, and those that wait for them in order."""

    way: int = 0
    waiting: deque["asyncio.Future[int]"] = field(default_factory=deque)


@dataclass
class Limits:
    """Counts wrong codes. clock: seconds, of one that never goes back."""

    clock: Callable[[], float]
    salt: bytes = field(default_factory=lambda: os.urandom(16))
    since: float = float("-inf")
    wrong: dict[bytes, int] = field(default_factory=dict)
    under: dict[str, _Under] = field(default_factory=dict)
    """By address, only while a request of it is being answered."""

    @asynccontextmanager
    async def trying(self, address: str) -> AsyncIterator[Try]:
        """Around looking a code up. To be said inside: whether it was wrong."""
        place = place_of(address)
        this = Try(await self._begin(place))
        if this.wait:
            yield this
            return
        try:
            yield this
        finally:
            if this.wrong:
                self._count(place)
            self._end(place)

    async def _begin(self, place: str) -> int:
        """Seconds to wait; 0 when the try may begin, and counts."""
        under = self.under.setdefault(place, _Under())
        if not under.waiting and (told := self._told(place, under)) is not None:
            if told:
                self._forget_idle(place)
            else:
                under.way += 1
            return told
        mine: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        under.waiting.append(mine)
        try:
            return await mine
        except asyncio.CancelledError:
            if mine.done() and not mine.cancelled() and not mine.result():
                self._end(place)
            raise

    def _told(self, place: str, under: _Under) -> int | None:
        """Seconds to wait, 0 to go ahead, or None while tries under way could use up the rest."""
        counted = self._counted(place)
        if counted >= WRONG:
            return max(1, int(self.since + SECONDS - self.clock()) + 1)
        return 0 if counted + under.way < WRONG else None

    def _end(self, place: str) -> None:
        """A try is known: those who waited for it go on, or hear that they have to wait."""
        under = self.under[place]
        under.way -= 1
        while under.waiting:
            if under.waiting[0].done():  # Cancelled: its phone has gone.
                under.waiting.popleft()
                continue
            told = self._told(place, under)
            if told is None:
                break
            under.way += not told
            under.waiting.popleft().set_result(told)
        self._forget_idle(place)

    def _forget_idle(self, place: str) -> None:
        under = self.under[place]
        if not under.way and not under.waiting:
            del self.under[place]

    def _counted(self, place: str) -> int:
        if self.clock() - self.since >= SECONDS:
            self.since = self.clock()
            self.wrong.clear()
            self.salt = os.urandom(16)
        return self.wrong.get(self._name(place), 0)

    def _count(self, place: str) -> None:
        before = self._counted(place)
        name = self._name(place)
        self.wrong.pop(name, None)
        self.wrong[name] = before + 1
        if len(self.wrong) > MOST:
            self.wrong.pop(next(iter(self.wrong)))

    def _name(self, place: str) -> bytes:
        return hashlib.blake2b(place.encode(), key=self.salt, digest_size=16).digest()


def place_of(address: str) -> str:
    """What one device cannot change: an IPv4 address, or the part of an IPv6 one that is given."""
    if ":" not in address:
        return address
    try:
        found = ipaddress.IPv6Address(address.split("%")[0])
    except ValueError:
        return address
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.IPv6Network((found, OF_ONE_PLACE), strict=False))
