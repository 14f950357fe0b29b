"""How often somebody may guess. In memory only, and under digests with a salt of this process.

A class behind one address types its codes in the same minutes, so only wrong ones count.
"""

import hashlib
import os
from dataclasses import dataclass, field

WRONG = 60
"""Wrong codes from one address within `SECONDS`, by each worker: with a million codes open, a whole
day of guessing from one address by two workers meets one with a chance of 2 in 100,000."""
SECONDS = 600
MOST = 50_000
"""Addresses remembered; with more the oldest are forgotten."""


@dataclass
class Limits:
    """Counts wrong codes. Times are seconds of a clock that never goes back."""

    salt: bytes = field(default_factory=lambda: os.urandom(16))
    since: float = 0.0
    wrong: dict[bytes, int] = field(default_factory=dict)

    def seconds_to_wait(self, address: str, now: float) -> int:
        """0 when this address may try a code now."""
        self._forget(now)
        if self.wrong.get(self._name(address), 0) < WRONG:
            return 0
        return max(1, int(self.since + SECONDS - now) + 1)

    def count_wrong(self, address: str, now: float) -> None:
        self._forget(now)
        name = self._name(address)
        self.wrong[name] = self.wrong.pop(name, 0) + 1
        if len(self.wrong) > MOST:
            self.wrong.pop(next(iter(self.wrong)))

    def _name(self, address: str) -> bytes:
        return hashlib.blake2b(address.encode(), key=self.salt, digest_size=16).digest()

    def _forget(self, now: float) -> None:
        if now - self.since >= SECONDS:
            self.since = now
            self.wrong.clear()
            self.salt = os.urandom(16)
