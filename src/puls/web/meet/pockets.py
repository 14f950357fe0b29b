"""What a phone keeps of a meeting: the entrance it came through, and a secret of its own.

In a signed cookie for each meeting. The secret is known to nobody but the phone: with it a vote can
be changed, and without it nobody can tell whose vote a mark is.
"""

import secrets
from dataclasses import dataclass
from uuid import UUID

from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from puls.web.meet.entrances import ROOM_OPEN
from puls.web.meet.models import Meeting

SALT = "puls.meet.pocket"
KEPT_SECONDS = 3 * 24 * 3600
assert ROOM_OPEN.total_seconds() < KEPT_SECONDS, "a phone forgets a room that is still open"


@dataclass(frozen=True, slots=True)
class Pocket:
    """entrance: hash of the token. device: the phone's secret. room: which opening of the room it
    has been counted in, "" for none. notes: how many it has put down there."""

    entrance: str
    device: str
    room: str = ""
    notes: int = 0


def room_of(meeting: Meeting) -> str:
    """Which opening of the room this is, "" while it is closed."""
    return str(int(meeting.opened_at.timestamp())) if meeting.opened_at else ""


def name_of(meeting: UUID) -> str:
    """The cookie's name: a phone may be in several meetings, and mixes none up."""
    return f"mote_{meeting.hex[:16]}"


def read(cookies: dict[str, str], meeting: UUID) -> Pocket | None:
    """What a phone brings, or None where it is not ours, or too old."""
    kept = cookies.get(name_of(meeting), "")
    try:
        entrance, device, room, notes = signing.loads(kept, salt=SALT, max_age=KEPT_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Pocket(str(entrance), str(device), str(room), int(notes))


def new(entrance: str) -> Pocket:
    return Pocket(entrance, secrets.token_urlsafe(18))


def put(response: HttpResponseBase, request: HttpRequest, meeting: UUID, pocket: Pocket) -> None:
    """Give it to the phone. No script sees it, and no other site sends it along."""
    response.set_cookie(
        name_of(meeting),
        signing.dumps([pocket.entrance, pocket.device, pocket.room, pocket.notes], salt=SALT),
        max_age=KEPT_SECONDS,
        httponly=True,
        secure=request.is_secure(),
        samesite="Lax",
    )
