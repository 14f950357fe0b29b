"""Style sheets, scripts and pictures, compressed once and served from memory.

Django answers first, with every header that it gives; what it answered to a browser that takes
gzip is kept. They do not change while a worker runs.
"""

from dataclasses import dataclass

from puls.web.native import App, Message, Native, Receive, Scope, Send

PREFIX = "/static/"
MOST = 1000
"""More than there are files: whoever asks in a thousand ways does not fill the memory."""
ASKED = (b"accept-encoding", b"if-none-match", b"x-forwarded-proto")

Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Kept:
    headers: Headers
    tag: bytes
    body: bytes


def native(rest: App) -> Native:
    """The part of the site that serves files."""
    kept: dict[tuple[str, bytes], Kept] = {}

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        asked = {name: value for name, value in scope["headers"] if name in ASKED}
        ranged = any(name == b"range" for name, _ in scope["headers"])
        if ranged:  # Of the file as it is: a part of it, compressed, would be no part of anything.
            headers = [each for each in scope["headers"] if each[0] != b"accept-encoding"]
            await rest({**scope, "headers": headers}, receive, send)
            return
        if scope["method"] != "GET" or b"gzip" not in asked.get(b"accept-encoding", b""):
            await rest(scope, receive, send)
            return
        key = (scope["path"], asked.get(b"x-forwarded-proto", b""))
        found = kept.get(key)
        if found is None:
            found = await _ask(rest, scope, receive, send)
            if found is None:
                return
            if len(kept) < MOST:
                kept[key] = found
        same = found.tag in asked.get(b"if-none-match", b"")
        status, body = (304, b"") if same else (200, found.body)
        length = [] if same else [(b"content-length", str(len(body)).encode())]
        await send(
            {"type": "http.response.start", "status": status, "headers": found.headers + length}
        )
        await send({"type": "http.response.body", "body": body})

    return Native(PREFIX, app)


async def _ask(rest: App, scope: Scope, receive: Receive, send: Send) -> Kept | None:
    """What Django answers; None where it was no whole file and has been sent on as it is."""
    answer: list[Message] = []

    async def note(message: Message) -> None:
        answer.append(message)

    plain = [each for each in scope["headers"] if each[0] not in (b"if-none-match", b"cookie")]
    plain = [each for each in plain if each[0] != b"if-modified-since"]
    await rest({**scope, "headers": plain}, receive, note)
    headers: Headers = [each for each in answer[0]["headers"] if each[0] != b"content-length"]
    tag = dict(headers).get(b"etag", b"")
    if answer[0]["status"] != 200 or not tag:
        for message in answer:
            await send(message)
        return None
    return Kept(headers, tag, b"".join(message.get("body", b"") for message in answer))
