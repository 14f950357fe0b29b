"""People who answer over the network while everything dies around them, and never give up."""

import http.client
import json
import random
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlencode

from benchmarks import asked, takers


@dataclass
class People:
    """Threads that take the next code until there is none, or until they are told to stop.

    thanked: codes whose answers were acknowledged. tried: all that were sent at least once.
    """

    port: int
    codes: Iterable[str]
    thanked: set[str] = field(default_factory=set)
    tried: set[str] = field(default_factory=set)
    refusals: int = 0
    stop: bool = False

    def __post_init__(self) -> None:
        self._left = iter(self.codes)
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []

    def start(self, at_once: int) -> None:
        for _ in range(at_once):
            thread = threading.Thread(target=self._go, daemon=True)
            thread.start()
            self._threads.append(thread)

    def wait(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.1, until - time.monotonic()))
        assert not any(thread.is_alive() for thread in self._threads), "somebody never got through"

    def _go(self) -> None:
        while not self.stop:
            with self._lock:
                code = next(self._left, "")
                self.tried.add(code)
            if not code:
                return
            while not self._sent(code):
                if self.stop:
                    return
                time.sleep(random.uniform(0.02, 0.2))
            with self._lock:
                self.thanked.add(code)
            if random.random() < 0.1:
                self._sent(code)

    def _sent(self, code: str) -> bool:
        body = urlencode(takers.fields(code))
        server = http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
        try:
            server.request("POST", f"/svar/{asked.ADDRESS}", body, {"X-Puls-Script": "1"})
            reply = server.getresponse()
            said = reply.read()
        except (OSError, http.client.HTTPException):
            return False
        finally:
            server.close()
        if reply.status == 503:
            self.refusals += 1
            return False
        assert reply.status == 200, (reply.status, said)
        assert json.loads(said)["became"] in ("recorded", "already")
        return True
