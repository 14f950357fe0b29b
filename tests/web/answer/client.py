"""A browser for the answering path, without a server in between: requests in, responses out."""

import gzip
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from puls.web.answer.app import Answering


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    raw: bytes

    @property
    def text(self) -> str:
        packed = self.headers.get("content-encoding") == "gzip"
        return (gzip.decompress(self.raw) if packed else self.raw).decode()


async def ask(
    app: Answering,
    method: str,
    path: str,
    fields: dict[str, str] | Sequence[tuple[str, str]] | bytes = b"",
    device: str = "203.0.113.7",
    **headers: str,
) -> Reply:
    """One request. headers: as keywords, with "_" for "-"."""
    body = fields if isinstance(fields, bytes) else urlencode(fields).encode()
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": b"",
        "client": (device, 5000),
        "headers": [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()],
    }
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    told = {key.decode(): value.decode() for key, value in sent[0]["headers"]}
    return Reply(sent[0]["status"], told, sent[1]["body"])
