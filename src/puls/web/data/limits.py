"""How often a key may ask, counted in memory: nothing about who asked what is written anywhere.

Each worker counts for itself, so that a key gets at most as many times the rate as there are
workers. That is enough for what it is for: no program takes a worker for itself alone.
"""

from collections.abc import Callable, Hashable
from threading import Lock
from time import monotonic

AT_ONCE = 60
PER_SECOND = 2.0
"""So many requests straight away, then so many a second."""
MOST = 10_000
"""Keys that are remembered; the one that has asked least lately is forgotten first."""


class Limits:
    """A bucket for each key that fills by the second and gives one request at a time."""

    def __init__(
        self,
        at_once: int = AT_ONCE,
        per_second: float = PER_SECOND,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._at_once, self._per_second, self._clock = at_once, per_second, clock
        self._lock = Lock()
        self._left: dict[Hashable, tuple[float, float]] = {}

    def wait(self, key: Hashable) -> int:
        """0 where the request may go on, else the seconds until one may."""
        with self._lock:
            now = self._clock()
            left, before = self._left.pop(key, (float(self._at_once), now))
            left = min(self._at_once, left + (now - before) * self._per_second)
            allowed = left >= 1
            while len(self._left) >= MOST:
                self._left.pop(next(iter(self._left)))
            self._left[key] = (left - 1 if allowed else left, now)
            return 0 if allowed else max(1, round((1 - left) / self._per_second))

    def forget(self) -> None:
        with self._lock:
            self._left.clear()
