"""People who take a survey at the same time, each over a connection of their own.

One process and one thread with non-blocking sockets, so that little of the machine goes into
asking: each fetches the form, sends its code with 40 answers and a text, and takes the next code
when it has been told that the answers are stored.
"""

import selectors
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlencode

FORM_HEAD = "Host: 127.0.0.1\r\nAccept-Encoding: gzip\r\nAccept-Language: nb\r\n"


@dataclass
class Taken:
    """What came of it. seconds: of each whole submission, from the form to the acknowledgement."""

    started: float
    ended: float = 0.0
    seconds: list[float] = field(default_factory=list)
    form_bytes: int = 0
    recorded: list[str] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        return len(self.seconds) / (self.ended - self.started)

    def percentile_ms(self, share: float) -> float:
        ordered = sorted(self.seconds)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


@dataclass
class _Person:
    connection: socket.socket
    code: str = ""
    begun: float = 0.0
    sending: bool = False
    got: bytes = b""


def take(port: int, address: str, codes: Iterator[str], at_once: int, seconds: float) -> Taken:
    """Let so many people answer for so long, or until all codes are used."""
    fetch = f"GET /svar/{address} HTTP/1.1\r\n{FORM_HEAD}\r\n".encode()
    selector = selectors.DefaultSelector()
    taken = Taken(time.perf_counter())
    until = taken.started + seconds
    busy = 0
    for _ in range(at_once):
        connection = socket.create_connection(("127.0.0.1", port))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        person = _Person(connection)
        selector.register(connection, selectors.EVENT_READ, person)
        busy += _next(person, codes, fetch)
    while busy:
        for key, _ in selector.select():
            person = key.data
            person.got += person.connection.recv(65536)
            whole = _whole(person.got)
            if whole is None:
                continue
            assert whole.startswith(b"HTTP/1.1 200"), whole[:200]
            person.got = b""
            if not person.sending:
                taken.form_bytes = len(whole)
                person.sending = True
                person.connection.sendall(submission(address, person.code))
                continue
            now = time.perf_counter()
            taken.seconds.append(now - person.begun)
            taken.recorded.append(person.code)
            taken.ended = now
            if now > until or not _next(person, codes, fetch):
                busy -= 1
                selector.unregister(person.connection)
                person.connection.close()
    return taken


def _next(person: _Person, codes: Iterator[str], fetch: bytes) -> bool:
    person.code = next(codes, "")
    if not person.code:
        return False
    person.sending, person.begun = False, time.perf_counter()
    person.connection.sendall(fetch)
    return True


def fields(code: str) -> dict[str, str]:
    """A whole submission: 40 answers that follow from the code, and a text."""
    seed = sum(map(ord, code))
    given = {f"q{n}": str((seed + n) % 5 + 1) for n in range(1, 40)}
    return {
        "shown": "nb",
        "code": code,
        **given,
        "b1": "1",
        "e1": f"Jeg liker {code}.",
        "send": "1",
    }


def submission(address: str, code: str) -> bytes:
    body = urlencode(fields(code)).encode()
    head = (
        f"POST /svar/{address} HTTP/1.1\r\n{FORM_HEAD}X-Puls-Script: 1\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _whole(got: bytes) -> bytes | None:
    """The response, once all of it is there."""
    head, mark, body = got.partition(b"\r\n\r\n")
    if not mark:
        return None
    lower = head.lower()
    start = lower.index(b"content-length:") + 15
    length = int(lower[start:].split(b"\r\n", 1)[0])
    return got if len(body) >= length else None
