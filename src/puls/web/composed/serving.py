"""Answering from memory: the session, the access and the page are known, and nothing is asked."""

import re
import time
import zlib
from datetime import date, datetime
from functools import cache

from django.conf import settings
from django.utils import timezone

from puls.web.composed.deflating import together
from puls.web.composed.keeping import LONGEST, WROTE
from puls.web.composed.listening import heard
from puls.web.composed.pages import Key, Page, Reader, filled
from puls.web.composed.store import STORE, Store
from puls.web.native import App, Native, Receive, Scope, Send

PREFIX = "/hvor-er-vi/"
SESSION = re.compile(rb"[a-z0-9]{32}")
TOKEN = re.compile(rb"[A-Za-z0-9]{32}")
ASKED = (b"host", b"x-forwarded-proto", b"cookie", b"accept-encoding", b"if-none-match")

Found = tuple[Page, Reader, bytes]


def native(rest: App) -> Native:
    """The part of the site that serves kept pages; all else beneath its prefix goes to `rest`."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        headers = _headers(scope)
        found = _found(scope, headers, STORE) if headers is not None else None
        if headers is None or found is None:
            await rest(scope, receive, send)
            return
        status, said, body = _answer(found, headers)
        await send({"type": "http.response.start", "status": status, "headers": said})
        await send({"type": "http.response.body", "body": body})

    return Native(PREFIX, app, lambda: heard(STORE))


def _headers(scope: Scope) -> dict[bytes, bytes] | None:
    """The headers that matter; None for whatever is more than asking for a page to look at."""
    if scope["method"] != "GET" or len(scope["query_string"]) > LONGEST:
        return None
    found: dict[bytes, bytes] = {}
    for name, value in scope["headers"]:
        if name in ASKED:
            if name in found:
                return None
            found[name] = value
        elif name == b"puls-part":
            return None
    return found


def _found(scope: Scope, headers: dict[bytes, bytes], store: Store) -> Found | None:
    """The page for this reader, if everything about it is certain."""
    cookies = _cookies(headers.get(b"cookie", b""))
    if cookies is None or not store.holds():
        return None
    session, token = cookies
    reader = store.reader(session)
    if reader is None or time.time() >= reader.until:
        return None
    key = Key(
        reader.sight,
        headers.get(b"host", b""),
        headers.get(b"x-forwarded-proto", b""),
        scope["path"],
        scope["query_string"],
        _today(int(time.time())),
    )
    page = store.page(key)
    return None if page is None else (page, reader, token)


@cache
def _names() -> tuple[bytes, bytes, frozenset[bytes]]:
    """The cookies' names: of the session, of the token, and those that Django has to see."""
    return (
        settings.SESSION_COOKIE_NAME.encode(),
        settings.CSRF_COOKIE_NAME.encode(),
        frozenset((b"messages", WROTE.encode())),
    )


def _cookies(header: bytes) -> tuple[str, bytes] | None:
    """Session and token, each once and of the usual shape; None for anything else."""
    session_name, token_name, for_django = _names()
    session = token = None
    for each in header.split(b";"):
        name, _, value = each.strip().partition(b"=")
        if name == session_name:
            if session is not None or not SESSION.fullmatch(value):
                return None
            session = value
        elif name == token_name:
            if token is not None or not TOKEN.fullmatch(value):
                return None
            token = value
        elif name in for_django:
            return None
    return None if session is None or token is None else (session.decode(), token)


_days: tuple[int, date] = (-1, date.min)


def _today(now: int) -> date:
    """The day here, reckoned once a second."""
    global _days
    if _days[0] != now:
        zone = timezone.get_default_timezone()
        _days = (now, datetime.fromtimestamp(now, zone).date())
    return _days[1]


def _answer(
    found: Found, headers: dict[bytes, bytes]
) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    """Status, headers and body: deflated where the reader takes that, else as it is."""
    page, reader, token = found
    small = b"deflate" in headers.get(b"accept-encoding", b"")
    mine = f"{zlib.crc32(token):08x}"
    tag = f'"{page.tag}-{reader.tag}-{mine}-{"d" if small else "i"}"'.encode()
    said = [*page.headers, (b"etag", tag)]
    if tag in headers.get(b"if-none-match", b""):
        return 304, [each for each in said if each[0] != b"content-type"], b""
    body = together(filled(page, reader, token))
    if small:
        said.append((b"content-encoding", b"deflate"))
    else:
        body = zlib.decompress(body)
    said.append((b"content-length", str(len(body)).encode()))
    return 200, said, body
