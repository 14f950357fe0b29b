"""Requests and responses of the answering path: only what a form needs, and no cookie.

Nothing here writes a log: a path, an address of a device and a time would say who answered.
"""

import asyncio
import gzip
from collections.abc import Iterable
from dataclasses import dataclass

from puls.web.middleware import POLICY
from puls.web.native import Receive, Scope, Send

SECONDS_FOR_A_BODY = 20
"""A phone on a poor line sends a form of 1 kB in that time; who is slower comes again."""

ALWAYS = (
    (b"content-security-policy", POLICY.encode()),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)
PACK_FROM = 512
"""Bytes below which packing costs more than it saves."""


class TooSlow(Exception):
    """A body that did not come in time."""


class TooLong(Exception):
    """A body that is longer than any form of ours."""


class Gone(Exception):
    """The browser left in the middle: nobody is there to be answered."""


@dataclass(frozen=True)
class Response:
    """packed: the body, gzip-compressed beforehand; "" to have it done, None for never."""

    status: int
    body: bytes
    kind: str = "text/html; charset=utf-8"
    headers: tuple[tuple[bytes, bytes], ...] = ()
    packed: bytes | None = b""
    keep: str = "no-store"


async def body(receive: Receive, most: int) -> bytes:
    """The whole body of a request. Raises TooSlow, TooLong or Gone."""
    read = bytearray()
    try:
        async with asyncio.timeout(SECONDS_FOR_A_BODY):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise Gone
                read += message.get("body", b"")
                if len(read) > most:
                    raise TooLong
                if not message.get("more_body", False):
                    return bytes(read)
    except TimeoutError:
        raise TooSlow from None


async def respond(scope: Scope, send: Send, response: Response) -> None:
    """Send it, compressed where the browser takes that and it was said to be worth it."""
    content, headers = response.body, list(ALWAYS)
    if response.packed is not None and b"gzip" in header(scope, b"accept-encoding"):
        if response.packed:
            content = response.packed
        elif len(content) >= PACK_FROM:
            content = gzip.compress(content, 5, mtime=0)
        if content is not response.body:
            headers.append((b"content-encoding", b"gzip"))
    headers += [
        (b"content-type", response.kind.encode()),
        (b"content-length", str(len(content)).encode()),
        (b"cache-control", response.keep.encode()),
        (b"vary", b"Accept-Encoding, Accept-Language"),
        *response.headers,
    ]
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    sent = b"" if scope["method"] == "HEAD" else content
    await send({"type": "http.response.body", "body": sent})


def header(scope: Scope, name: bytes) -> bytes:
    return next((value for key, value in scope["headers"] if key == name), b"")


def language(scope: Scope, known: Iterable[str]) -> str:
    """The first of the browser's languages that is known, else the first known one."""
    known = list(known)
    for part in header(scope, b"accept-language").decode("latin-1").split(",")[:20]:
        asked = part.split(";")[0].split("-")[0].strip().lower()
        asked = "nb" if asked in ("no", "nn") and asked not in known else asked
        if asked in known:
            return asked
    return known[0]


def device(scope: Scope, proxies: int) -> str:
    """The address a request comes from, past so many proxies; for counting wrong codes only."""
    if proxies:
        # Some proxies add a line of their own below what the device itself claimed.
        lines = [value for key, value in scope["headers"] if key == b"x-forwarded-for"]
        passed = b",".join(lines).decode("latin-1").split(",")
        if len(passed) >= proxies and passed[-proxies].strip():
            return passed[-proxies].strip()
    client = scope.get("client")
    return str(client[0]) if client else ""
