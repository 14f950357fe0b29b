"""A page cut into what all with the same sight share, and gaps for what is a reader's own."""

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from enum import Enum

from puls.web.composed.deflating import Part, deflated, stored
from puls.web.tenants.access import Reach


class Gap(Enum):
    """What is filled in for each reader."""

    ACCOUNT = "account"
    TOKEN = "token"


@dataclass(frozen=True, slots=True)
class Sight:
    """What decides what a page shows: how far somebody sees, and in which language."""

    reach: Reach
    language: str


@dataclass(frozen=True, slots=True)
class Key:
    """A page as these readers see it at this address on this day.

    host, scheme: as the request named them, since pages write out their own address. day: gates
    open at midnight, with no change in the database. The release is the newest one, or the one in
    `query`; pages of before a release are dropped when it comes.
    """

    sight: Sight
    host: bytes
    scheme: bytes
    path: str
    query: bytes
    day: date


@dataclass(frozen=True, slots=True)
class Page:
    """headers: of the answer. pieces: in order. tag: of the shared parts. size: bytes in memory."""

    headers: tuple[tuple[bytes, bytes], ...]
    pieces: tuple[Part | Gap, ...]
    tag: str
    size: int


@dataclass(frozen=True, slots=True)
class Reader:
    """A session: what it sees, its corner of the page, and until when it may (seconds since 1970).

    user: the person's id.
    """

    user: str
    sight: Sight
    account: tuple[Part | Gap, ...]
    tag: str
    until: float


ACCOUNT = re.compile(rb'<details class="account".*?</details>', re.DOTALL)
TOKEN = re.compile(rb'(?<=name="csrfmiddlewaretoken" value=")[A-Za-z0-9]{64}(?=")')
OVERHEAD = 1000


def page_of(
    body: bytes, headers: tuple[tuple[bytes, bytes], ...], own: tuple[str, ...]
) -> Page | None:
    """A page ready to be kept; None where something of the reader would be left on it.

    own: what is the reader's alone, such as name and address.
    """
    corners = ACCOUNT.findall(body)
    before, _corner, after = body.partition(corners[0]) if len(corners) == 1 else (b"", b"", b"")
    if not before or any(word.encode() in before or word.encode() in after for word in own if word):
        return None
    pieces = (*_with_gaps(before), Gap.ACCOUNT, *_with_gaps(after))
    size = OVERHEAD + sum(len(each.data) for each in pieces if isinstance(each, Part))
    return Page(headers, pieces, _tag(TOKEN.sub(b"", before + after)), size)


def corner_of(body: bytes) -> tuple[tuple[Part | Gap, ...], str] | None:
    """The reader's own corner of a page, and its tag; None where there is not exactly one."""
    corners = ACCOUNT.findall(body)
    if len(corners) != 1:
        return None
    return _with_gaps(corners[0]), _tag(TOKEN.sub(b"", corners[0]))


def filled(page: Page, reader: Reader, token: bytes) -> list[Part]:
    """The page as this reader gets it. token: what makes forms of this browser acceptable."""
    fill = {Gap.TOKEN: [stored(token)]}
    fill[Gap.ACCOUNT] = [part for each in reader.account for part in _parts(each, fill)]
    return [part for each in page.pieces for part in _parts(each, fill)]


def _parts(piece: Part | Gap, fill: dict[Gap, list[Part]]) -> list[Part]:
    return [piece] if isinstance(piece, Part) else fill[piece]


def _with_gaps(text: bytes) -> tuple[Part | Gap, ...]:
    pieces: list[Part | Gap] = []
    for at, shared in enumerate(TOKEN.split(text)):
        pieces += [Gap.TOKEN, deflated(shared)] if at else [deflated(shared)]
    return tuple(pieces)


def _tag(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()[:16]
