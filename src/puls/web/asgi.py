"""The application that the server runs: native ASGI where it carries, Django for every other page.

A native path holds an open line to many readers, or answers so often that a thread and all of
Django for each would be too dear. Whatever none of them takes goes to Django in a thread.
"""

import asyncio
import logging
import os
import signal
import string
from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import Any
from urllib.parse import quote

from a2wsgi import WSGIMiddleware

from puls.web.native import App, MakeNative, Message, Native, Receive, Scope, Send

THREADS = 4
"""Pages that one worker can be composing at the same time; each may hold database connections."""


def natives() -> Sequence[MakeNative]:
    """The native parts. The first whose prefix fits is asked. Django is set up."""
    from puls.web import files
    from puls.web.answer import app as answer
    from puls.web.composed import serving
    from puls.web.meet import live

    return (answer.native, serving.native, files.native, live.native)


log = logging.getLogger(__name__)


def make() -> "Site":
    """The whole site, with Django set up."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "puls.web.settings")
    from django.urls import get_resolver

    from puls.web.wsgi import application

    # All pages' code is read now, not while the first reader waits.
    assert get_resolver().url_patterns
    pages = in_threads(application)
    return Site([make_native(pages) for make_native in natives()], pages)


class Site:
    """One ASGI application out of native parts and the rest."""

    def __init__(self, natives: Sequence[Native], rest: App) -> None:
        self.natives = natives
        self.rest = rest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)
        else:  # Nothing here speaks over a WebSocket.
            await send({"type": "websocket.close", "code": 1000})

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        for native in self.natives:
            if path.startswith(native.prefix):
                await _guarded(native, scope, receive, send)
                return
        await self.rest(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        async with AsyncExitStack() as opened:
            try:
                for native in self.natives:
                    await opened.enter_async_context(native.life())
            except Exception:
                log.exception("A part of the site could not be opened.")
                await send({"type": "lifespan.startup.failed", "message": ""})
                return
            self._leave_when_told()
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})

    def _leave_when_told(self) -> None:
        """Beside the server's own listening, which goes through the event loop and stays."""
        loop = asyncio.get_running_loop()
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, lambda *_: loop.call_soon_threadsafe(self._leave))

    def _leave(self) -> None:
        for native in self.natives:
            native.leave()


async def _guarded(native: Native, scope: Scope, receive: Receive, send: Send) -> None:
    """An error inside becomes a plain answer, and a line in the log that names no address."""
    begun = False

    async def noting(message: Message) -> None:
        nonlocal begun
        begun = True
        await send(message)

    try:
        await native.app(scope, receive, noting)
    except Exception:
        log.exception("%s %s failed", scope["method"], native.prefix)
        if begun:
            raise
        kind = (b"content-type", b"text/plain; charset=utf-8")
        await send({"type": "http.response.start", "status": 500, "headers": [kind]})
        await send({"type": "http.response.body", "body": b"Something went wrong. Try again."})


def in_threads(application: Any) -> App:
    """A WSGI application as an ASGI one; each request has a thread of its own until it is done."""
    bridge: Any = WSGIMiddleware(application, workers=THREADS)

    async def pages(scope: Scope, receive: Receive, send: Send) -> None:
        query = scope["query_string"]
        if not query.isascii():  # The bridge takes no raw bytes. Browsers quote them.
            scope = {**scope, "query_string": quote(query, safe=string.printable).encode()}

        async def coming() -> Message:
            # The bridge takes a coroutine; the server gives something else that can be awaited.
            return await receive()

        await bridge(scope, coming, send)

    return pages
