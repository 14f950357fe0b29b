"""The ways into a meeting without a log-in: a link of one's own, the room's link, a code to type.

A token is made from the installation's secret key, so that the same link can be written again into
an update; the database keeps its digest alone. It opens one meeting's page and nothing else.
"""

import base64
import hashlib
import hmac
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse

from puls.web.meet.models import Entrance, Invitee, Meeting

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Of a code: none that is easily taken for another one."""
CODE_LENGTH = 6
AFTERWARDS = timedelta(days=2)
"""So long after the last day one's own link still leads to what was agreed on."""
ROOM_OPEN = timedelta(hours=12)


def token_of(invitee: Invitee) -> str:
    """The token in the link of somebody who is invited."""
    return _token("invitee", str(invitee.pk))


def room_token(meeting: Meeting) -> str:
    """The token behind the QR code of a room; a new one each time the room is opened."""
    return _token("room", f"{meeting.pk} {meeting.opened_at}")


def room_code(meeting: Meeting) -> str:
    """Six letters and digits for those who cannot scan: 31 to the power of 6, for some hours."""
    number = int.from_bytes(_digest("code", f"{meeting.pk} {meeting.opened_at}")[:16], "big")
    code = ""
    for _place in range(CODE_LENGTH):
        number, letter = divmod(number, len(LETTERS))
        code += LETTERS[letter]
    return code


def hash_of(token: str) -> str:
    """How a token is kept: a stolen table opens no entrance."""
    return hashlib.sha256(token.encode()).hexdigest()


def hash_of_code(code: str) -> str:
    """The same for a code, however somebody types it."""
    return hash_of("code " + "".join(code.split()).replace("-", "").upper())


def link_of(token: str) -> str:
    """The whole address that a token opens."""
    return settings.PULS_ADDRESS + reverse("meet:join", args=[token])


def entrance_for(invitee: Invitee, meeting: Meeting) -> str:
    """The token of somebody who is invited; it leads in until after the meeting."""
    token = token_of(invitee)
    Entrance.objects.update_or_create(
        token_hash=hash_of(token),
        defaults={"expires": expiry(meeting)},
        create_defaults={
            "tenant_id": meeting.tenant_id,
            "path": meeting.path,
            "meeting": meeting,
            "invitee": invitee,
            "expires": expiry(meeting),
        },
    )
    return token


def open_room(meeting: Meeting) -> None:
    """The entrances of the room, for some hours."""
    assert meeting.opened_at is not None, "a room that nobody opened"
    for token_hash in (hash_of(room_token(meeting)), hash_of_code(room_code(meeting))):
        Entrance.objects.get_or_create(
            token_hash=token_hash,
            defaults={
                "tenant_id": meeting.tenant_id,
                "path": meeting.path,
                "meeting": meeting,
                "expires": meeting.opened_at + ROOM_OPEN,
            },
        )


def close_room(meeting: Meeting) -> None:
    """The room's link and code lead nowhere any more; those of single people still do."""
    Entrance.objects.filter(meeting=meeting, invitee__isnull=True).delete()


def expiry(meeting: Meeting) -> datetime:
    """When the links of single people end."""
    zone = ZoneInfo(meeting.zone)
    last = meeting.until or meeting.starts.astimezone(zone).date()
    return datetime.combine(last, time(23, 59, 59), zone) + AFTERWARDS


def _token(what: str, whose: str) -> str:
    return base64.urlsafe_b64encode(_digest(what, whose)[:24]).decode()


def _digest(what: str, whose: str) -> bytes:
    words = f"puls.meet.{what} {whose}"
    return hmac.new(settings.SECRET_KEY.encode(), words.encode(), hashlib.sha256).digest()
