"""What a worker has in memory, for as long as the database keeps saying that it still holds."""

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from puls.web.composed.pages import Key, Page, Reader

BYTES = 96 * 2**20
"""Memory of a worker for pages; those not asked for longest go first."""
READERS = 20_000


class Store:
    """Pages and readers, thrown away by word of a change; closed whenever nobody listens.

    A page is composed from what the database says while it is composed. `changes` counts what
    was heard, so whoever keeps something says at which count it began: a change that came in
    between is heard before, and then it is not kept, or after, and then it is thrown away.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.lock = threading.Lock()
        self.changes = 0
        self.holds_until = float("-inf")
        self.pages: OrderedDict[Key, Page] = OrderedDict()
        self.readers: OrderedDict[str, Reader] = OrderedDict()
        """By `session_word`: no session can be taken over from here."""
        self.bytes = 0

    def holds(self) -> bool:
        """Whether everything that changed until a moment ago has been heard of."""
        return self.clock() < self.holds_until

    def begin(self) -> int | None:
        """The count to give when keeping what is composed from now on; None while closed."""
        return self.changes if self.holds() else None

    def hold_until(self, moment: float) -> None:
        self.holds_until = moment

    def close(self) -> None:
        """Nobody listens: nothing is served, and nothing of before will ever be."""
        with self.lock:
            self.holds_until = float("-inf")
            self._forget_all()

    def reader(self, session: str) -> Reader | None:
        with self.lock:
            return self.readers.get(session_word(session))

    def page(self, key: Key) -> Page | None:
        with self.lock:
            found = self.pages.get(key)
            if found is not None:
                self.pages.move_to_end(key)
            return found

    def keep(self, begun: int, session: str, reader: Reader, key: Key, page: Page) -> bool:
        """Keep what was composed, unless anything at all has changed since it was begun."""
        with self.lock:
            if begun != self.changes or not self.holds():
                return False
            word = session_word(session)
            self.readers[word] = reader
            self.readers.move_to_end(word)
            if len(self.readers) > READERS:
                self.readers.popitem(last=False)
            self._drop([key] if key in self.pages else [])
            self.pages[key] = page
            self.bytes += page.size
            while self.bytes > BYTES:
                self._drop([next(iter(self.pages))])
            return True

    def heard(self, word: str) -> None:
        """Something has changed: "session:HASH", "user:ID", "tenant:KEY", "pages", or all."""
        kind, _, what = word.partition(":")
        with self.lock:
            self.changes += 1
            if kind == "session":
                self.readers.pop(what, None)
            elif kind == "user":
                for session in [key for key, each in self.readers.items() if each.user == what]:
                    del self.readers[session]
            elif kind == "tenant":
                self._drop([key for key in self.pages if key.sight.reach.tenant_key == what])
            elif kind == "pages":
                self._drop(list(self.pages))
            else:
                self._forget_all()

    def _drop(self, keys: list[Key]) -> None:
        for each in keys:
            self.bytes -= self.pages.pop(each).size

    def _forget_all(self) -> None:
        self.changes += 1
        self.readers.clear()
        self.pages.clear()
        self.bytes = 0


def session_word(key: str) -> str:
    """How a change names a session: whoever overhears it cannot become that session."""
    return hashlib.sha256(key.encode()).hexdigest()


STORE = Store()
"""This worker's."""
