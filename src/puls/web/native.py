"""A part of the site that answers by itself, beside Django: the shape that `asgi` serves."""

from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
"""An ASGI application, asked for HTTP requests and nothing else."""


@asynccontextmanager
async def nothing_to_open() -> AsyncIterator[None]:
    yield


def nothing_to_leave() -> None:
    pass


@dataclass(frozen=True, slots=True)
class Native:
    """A part of the site that answers by itself.

    prefix: what its paths begin with, as "/svar/".
    app: answers. None of Django's middleware has run: what it promises, this keeps itself.
    life: opened in the worker's event loop before the first request and closed after the last: for
        a pool or a listener. An error while opening ends the worker: nothing is served by halves.
    leave: called when the worker was told to stop. Lines that stay open are closed then; whoever
        still holds one a second later is cut off, and `life` is not closed.
    """

    prefix: str
    app: App
    life: Callable[[], AbstractAsyncContextManager[None]] = nothing_to_open
    leave: Callable[[], None] = nothing_to_leave


MakeNative = Callable[[App], Native]
"""Makes a native part. It is given Django's pages, for what it would rather not answer."""
