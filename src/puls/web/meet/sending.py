"""Sending what waits: each letter by itself, and what could not be sent is said beside the name."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from smtplib import SMTPException
from typing import Any
from uuid import UUID

from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from puls.web.meet.letters import REMOVE
from puls.web.meet.models import Invitee, Letter, Meeting, Post
from puls.web.tenants.access import Reach, as_reach, as_whole_tree

log = logging.getLogger(__name__)
TRIED_FOR = timedelta(days=3)
"""How old a letter may be that is tried again at night."""


class Written(EmailMessage):
    """A letter that is whole already, as Django's ways of sending want it."""

    def __init__(self, data: bytes, **told: Any) -> None:
        super().__init__(**told)
        self.data = data

    def message(self, **_options: Any) -> Any:
        return self

    def as_bytes(self, unixfrom: bool = False, linesep: str = "\n") -> bytes:
        return self.data if linesep == "\r\n" else self.data.replace(b"\r\n", b"\n")


def send_left(now: datetime) -> tuple[int, int]:
    """Tries once more what waits or failed, of all meetings that lie ahead. As `send_waiting`.

    Letters of at most `TRIED_FOR`: what did not go by then is for a person to look at.
    """
    since = now - TRIED_FOR
    ahead = Q(meeting__starts__gte=now) | Q(meeting__until__gte=timezone.localdate(now))
    with as_whole_tree("owner"):
        found = Letter.objects.using("owner").exclude(state=Post.SENT)
        found = found.filter(ahead, made_at__gte=since).select_related("meeting")
        meetings = {letter.meeting_id: letter.meeting for letter in found.defer("message")}
    went = [send_waiting(_of_unit(each), key, since) for key, each in meetings.items()]
    return sum(sent for sent, _left in went), sum(left for _sent, left in went)


def _of_unit(meeting: Meeting) -> Reach:
    """What the people of the meeting's unit reach, and no more."""
    return Reach(meeting.tenant_id, (meeting.path,), meeting.depth, "", meeting.unit_id)


def send_waiting(reach: Reach, meeting: UUID, since: datetime | None = None) -> tuple[int, int]:
    """Sends all letters of a meeting that wait or failed: how many went, how many did not.

    since: only those written from then on.
    Called after the transaction that wrote them, from a page or a job. Each letter's fate is kept
    at once: who has got theirs gets no second one, whatever happens to the next.
    """
    connection = get_connection()
    unreachable = _opened(connection)
    went = [
        _send(reach, letter, connection, unreachable) for letter in _unsent(reach, meeting, since)
    ]
    if not unreachable:
        connection.close()
    return sum(went), len(went) - sum(went)


def _opened(connection: Any) -> str:
    """Says once that the server is away, instead of waiting for it at every letter."""
    try:
        connection.open()
    except (SMTPException, OSError) as error:
        log.warning("the mail server cannot be reached: %s", type(error).__name__)
        return _("The mail server cannot be reached.")
    return ""


def _unsent(reach: Reach, meeting: UUID, since: datetime | None) -> Sequence[UUID]:
    with as_reach(reach):
        found = Letter.objects.filter(meeting=meeting).exclude(state=Post.SENT)
        if since is not None:
            found = found.filter(made_at__gte=since)
        return list(found.order_by("made_at", "id").values_list("id", flat=True))


def _send(reach: Reach, key: UUID, connection: Any, unreachable: str) -> bool:
    """One letter, held while it is sent: two who press the button send it once."""
    with as_reach(reach), transaction.atomic():
        found = Letter.objects.select_for_update(skip_locked=True, of=("self",))
        letter = found.select_related("invitee").filter(pk=key).exclude(state=Post.SENT).first()
        if letter is None or letter.message is None:
            return False
        problem = unreachable or _problem(letter, connection)
        if problem:
            letter.state, letter.problem = Post.FAILED, problem
            letter.attempts = F("attempts") + 1
            letter.save(update_fields=["state", "problem", "attempts"])
            return False
        if letter.what == REMOVE:
            letter.invitee.delete()
            return True
        letter.state, letter.problem, letter.message = Post.SENT, "", None
        letter.sent_at = timezone.now()
        letter.save(update_fields=["state", "problem", "message", "sent_at"])
        Invitee.objects.filter(pk=letter.invitee_id).update(told=letter.sequence)
        return True


def _problem(letter: Letter, connection: Any) -> str:
    """Sends it; "" or a sentence that says why it did not go."""
    message = Written(bytes(letter.message or b""), to=[letter.invitee.email])
    try:
        if connection.send_messages([message]):
            return ""
        return _("The mail server did not take it.")
    except SMTPException as error:
        # Its words may hold addresses: they belong beside the name on the page, not in a log.
        log.warning("a letter was refused: %s", type(error).__name__)
        return _("The mail server refused it: %(why)s") % {"why": _told(error)}
    except OSError as error:
        log.warning("a letter could not be handed over: %s", type(error).__name__)
        return _("The mail server cannot be reached.")


def _told(error: SMTPException) -> str:
    code = getattr(error, "smtp_code", None)
    refused = getattr(error, "recipients", None)
    if isinstance(refused, dict) and refused:
        code = next(iter(refused.values()))[0]
    return str(code or type(error).__name__)
