"""The store of this process, told of changes as a worker is, and asked as a browser does."""

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from django.test import Client

from puls.web.composed import serving
from puls.web.composed.listening import CHANNEL, _where
from puls.web.composed.store import STORE
from puls.web.native import Message, Receive, Scope, Send
from tests.web.see.conftest import released  # noqa: F401 - a fixture

HOST = "127.0.0.1"
TOKEN = re.compile(rb'(?<=name="csrfmiddlewaretoken" value=")[A-Za-z0-9]+(?=")')


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


class Fast:
    """listening: a connection that hears what a worker would."""

    def __init__(self, listening: psycopg.Connection[Any]) -> None:
        self.listening = listening
        self.words: list[str] = []
        listening.add_notify_handler(lambda word: self.words.append(word.payload))

    def hear(self) -> None:
        """Pass on every word that was given until now, and only then go on."""
        self.listening.execute(f"NOTIFY {CHANNEL}, 'proof'")
        while "proof" not in self.words:
            self.listening.execute("SELECT 1")
        for word in self.words:
            if word != "proof":
                STORE.heard(word)
        self.words.clear()

    def compose(self, browser: Client, address: str) -> bytes:
        """Have Django answer, after all changes were heard, so that it is kept."""
        self.hear()
        answer = browser.get(address, headers={"host": HOST})
        assert answer.status_code == 200
        return bytes(answer.content)

    def ask(self, browser: Client, address: str, **given: str) -> Answer | None:
        """What is served from memory; None where Django is asked."""
        self.hear()
        cookies = "; ".join(f"{name}={each.value}" for name, each in browser.cookies.items())
        headers = {
            "host": HOST,
            "cookie": cookies,
            **{k.replace("_", "-"): v for k, v in given.items()},
        }
        return asked(address, [(k.encode(), v.encode()) for k, v in headers.items()])


def asked(address: str, headers: list[tuple[bytes, bytes]], method: str = "GET") -> Answer | None:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    async def django(_scope: Scope, _receive: Receive, _send: Send) -> None:
        return

    path, _, query = address.partition("?")
    scope = {"type": "http", "method": method, "path": path, "query_string": query.encode()}

    async def run() -> None:
        await serving.native(django).app({**scope, "headers": headers}, receive, send)

    asyncio.run(run())
    if not sent:
        return None
    said = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return Answer(sent[0]["status"], said, sent[1]["body"])


def plain(body: bytes) -> bytes:
    """Without the tokens, which are masked anew on each page that Django makes."""
    return TOKEN.sub(b"", body)


@pytest.fixture
def fast(db: None) -> Iterator[Fast]:
    with psycopg.connect(
        **{**_where(), "application_name": "a test"}, autocommit=True
    ) as listening:
        listening.execute(f"LISTEN {CHANNEL}")
        STORE.close()
        STORE.hold_until(float("inf"))
        yield Fast(listening)
        STORE.close()
