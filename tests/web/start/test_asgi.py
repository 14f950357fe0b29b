"""Native parts beside Django on one port: who is asked, what an error tells, what is closed."""

import asyncio
import logging
from collections.abc import AsyncIterator, Generator, Iterable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from puls.web.asgi import Site, in_threads
from puls.web.native import App, Message, Native, Receive, Scope, Send


def saying(word: str) -> App:
    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": word.encode()})

    return app


async def failing(_scope: Scope, _receive: Receive, _send: Send) -> None:
    raise ValueError("no-1149 was asked for")


def ask(site: App, path: str, kind: str = "http", query: bytes = b"", body: bytes = b"") -> Any:
    """Everything that was sent for one request."""
    sent: list[Message] = []

    class Coming:
        """As granian gives it: awaited, but no coroutine."""

        def __await__(self) -> Generator[None, None, Message]:
            yield
            return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": kind,
        "method": "GET",
        "path": path,
        "query_string": query,
        "http_version": "1.1",
        "headers": [(b"content-length", str(len(body)).encode())],
        "client": ("192.0.2.7", 4242),
    }

    async def asked() -> None:
        await site(scope, Coming, send)

    asyncio.run(asked())
    return sent


def words(sent: Iterable[Message]) -> bytes:
    return b"".join(message.get("body", b"") for message in sent)


@pytest.mark.parametrize(
    ("path", "word"),
    [
        ("/svar/", b"answers"),
        ("/svar/AB12", b"answers"),
        ("/svar/direkte/7", b"answers"),
        ("/direkte/7", b"line"),
        ("/svar", b"django"),
        ("/", b"django"),
        ("/a/svar/", b"django"),
    ],
)
def test_the_first_part_whose_prefix_fits_answers(path: str, word: bytes) -> None:
    parts = [Native("/svar/", saying("answers")), Native("/svar/direkte/", saying("never"))]
    site = Site([*parts, Native("/direkte/", saying("line"))], saying("django"))
    assert words(ask(site, path)) == word


def test_an_error_becomes_a_plain_answer_and_the_log_names_no_address(
    caplog: pytest.LogCaptureFixture,
) -> None:
    site = Site([Native("/svar/", failing)], saying("django"))
    with caplog.at_level(logging.ERROR, "puls"):
        sent = ask(site, "/svar/AB12CD34EF")
    assert sent[0]["status"] == 500
    assert b"no-1149" not in words(sent)
    assert [record.getMessage() for record in caplog.records] == ["GET /svar/ failed"]


def test_nothing_speaks_over_a_websocket() -> None:
    assert ask(Site([], saying("django")), "/", kind="websocket")[0]["type"] == "websocket.close"


def test_parts_are_opened_in_order_and_closed_again() -> None:
    noted = []

    def part(name: str) -> Native:
        @asynccontextmanager
        async def life() -> AsyncIterator[None]:
            noted.append(f"{name} opens")
            yield
            noted.append(f"{name} closes")

        return Native(f"/{name}/", saying(name), life, lambda: noted.append(f"{name} leaves"))

    site = Site([part("a"), part("b")], saying("django"))
    assert through_life(site, site._leave) == [
        "lifespan.startup.complete",
        "lifespan.shutdown.complete",
    ]
    assert noted == ["a opens", "b opens", "a leaves", "b leaves", "b closes", "a closes"]


def test_a_part_that_cannot_be_opened_keeps_the_worker_from_serving() -> None:
    @asynccontextmanager
    async def life() -> AsyncIterator[None]:
        raise OSError("no such database")
        yield

    site = Site([Native("/a/", saying("a"), life)], saying("django"))
    assert through_life(site, lambda: None) == ["lifespan.startup.failed"]


def through_life(site: Site, when_up: Any) -> list[str]:
    """What a site says when it is started, and then stopped."""
    told: list[str] = []

    async def live() -> None:
        coming = iter(["lifespan.startup", "lifespan.shutdown"])

        async def receive() -> Message:
            if told:
                when_up()
            return {"type": next(coming)}

        async def send(message: Message) -> None:
            told.append(message["type"])

        await site({"type": "lifespan"}, receive, send)

    asyncio.run(live())
    return told


def test_django_gets_the_reader_s_address_the_body_and_any_query() -> None:
    got: dict[str, Any] = {}

    def application(environ: Any, start: Any) -> list[bytes]:
        got.update(environ)
        got["body"] = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        start("200 OK", [("X-Puls", "yes")])
        return [b"one", b"two"]

    sent = ask(in_threads(application), "/søk/", query=b"a=\xc3\xa5&b=%C3%A5+c", body=b"x" * 70_000)
    assert words(sent) == b"onetwo"
    assert sent[0]["headers"] == [(b"x-puls", b"yes")]
    assert (got["REMOTE_ADDR"], len(got["body"])) == ("192.0.2.7", 70_000)
    assert got["QUERY_STRING"] == "a=%C3%A5&b=%C3%A5+c"
    assert got["PATH_INFO"] == "/søk/".encode().decode("latin1")
