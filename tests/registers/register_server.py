"""A register on this machine: it replays what it was told to answer, and notes what it was asked.

Each address has its replies in order; the last is repeated. A reply is (status, headers, body), or
a function that writes to the connection as it likes.
"""

import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Reply = tuple[int, Mapping[str, str], bytes] | Callable[[BaseHTTPRequestHandler], None]


def ok(content: Any, **headers: str) -> Reply:
    """200 with JSON, or with bytes as they are."""
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return 200, headers, body


def error(status: int, content: Any = None, **headers: str) -> Reply:
    """An error, without a body when there is no content. `retry_after` becomes `retry-after`."""
    body = b"" if content is None else json.dumps(content).encode()
    return status, {name.replace("_", "-"): value for name, value in headers.items()}, body


class Register:
    """asked: (method, path, query, question) in order."""

    def __init__(self, replies: Mapping[str, Sequence[Reply]]) -> None:
        self.replies = {path: list(each) for path, each in replies.items()}
        self.asked: list[tuple[str, str, dict[str, list[str]], Any]] = []
        self.address = ""

    def paths(self) -> list[str]:
        return [path for _, path, _, _ in self.asked]

    def next_reply(self, path: str) -> Reply:
        waiting = self.replies.get(path)
        if not waiting:
            return error(404, {"title": "Non-existent table", "status": 404})
        return waiting.pop(0) if len(waiting) > 1 else waiting[0]


@contextmanager
def serving(replies: Mapping[str, Sequence[Reply]]) -> Iterator[Register]:
    """A server on a free port of 127.0.0.1, gone afterwards."""
    register = Register(replies)

    class Handler(BaseHTTPRequestHandler):
        timeout = 20  # Nobody waits longer for a test that went wrong.

        def do_GET(self) -> None:
            self._answer("GET", None)

        def do_POST(self) -> None:
            length = int(self.headers.get("content-length", "0"))
            self._answer("POST", json.loads(self.rfile.read(length)))

        def _answer(self, method: str, question: Any) -> None:
            parts = urlsplit(self.path)
            register.asked.append((method, parts.path, parse_qs(parts.query), question))
            reply = register.next_reply(parts.path)
            try:
                if callable(reply):
                    reply(self)
                    return
                status, headers, body = reply
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            except OSError:
                pass  # The client had enough, which is what some tests are about.

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    register.address = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield register
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


class Pauses:
    """A clock that only moves when somebody sleeps: no test waits."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
