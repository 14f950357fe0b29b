"""Files of the pages come compressed, with Django's headers, and are asked of Django once."""

import asyncio
import gzip
from typing import Any

from puls.web import files
from puls.web.asgi import in_threads
from puls.web.native import Message, Receive, Scope, Send
from puls.web.wsgi import application


class Site:
    """The files, with Django behind them, and how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0
        django = in_threads(application)

        async def rest(scope: Scope, receive: Receive, send: Send) -> None:
            self.asked += 1
            await django(scope, receive, send)

        self.native = files.native(rest)

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        sent: list[Message] = []
        named = [(n.replace("_", "-").encode(), v.encode()) for n, v in headers.items()]
        scope: dict[str, Any] = {
            "type": "http", "method": "GET", "path": path, "query_string": b"",
            "http_version": "1.1", "headers": [(b"host", b"127.0.0.1"), *named],
        }  # fmt: skip

        async def receive() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Message) -> None:
            sent.append(message)

        async def run() -> None:
            await self.native.app(scope, receive, send)

        asyncio.run(run())
        said = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        return sent[0]["status"], said, b"".join(each.get("body", b"") for each in sent)


def test_a_file_is_compressed_and_asked_for_once() -> None:
    site, path = Site(), "/static/css/puls.css"
    _, plain_headers, plain = site.get(path)
    first = site.get(path, accept_encoding="gzip, br")
    again = site.get(path, accept_encoding="gzip, br")
    assert site.asked == 2
    assert first == again
    status, said, body = first
    assert (status, said["content-encoding"], gzip.decompress(body)) == (200, "gzip", plain)
    assert len(body) < len(plain) / 2
    for name in ("content-type", "x-content-type-options", "content-security-policy"):
        assert said[name] == plain_headers[name]
    assert site.get(path, accept_encoding="gzip", if_none_match=said["etag"])[0] == 304
    assert site.asked == 2


def test_what_is_not_a_whole_file_is_django_s() -> None:
    site = Site()
    for _ in range(2):
        assert site.get("/static/none.css", accept_encoding="gzip")[0] == 404
    part = site.get("/static/css/puls.css", accept_encoding="gzip", range="bytes=0-9")
    assert (part[0], len(part[2])) == (206, 10)
    assert site.asked == 3
