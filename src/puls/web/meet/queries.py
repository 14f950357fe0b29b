"""All reading of meetings. Called within a reach; what lies outside is not found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from puls.web.meet.models import Invitee, Item, Letter, Line, Meeting, Note, Post
from puls.web.meet.states import OPEN, State

ENDING = timedelta(hours=2)
"""A meeting is still the next one while it lasts, and a little longer."""


@dataclass(frozen=True)
class Addressed:
    """Somebody who is invited, with their last letter, or None before the first."""

    invitee: Invitee
    letter: Letter | None
    is_told: bool
    """Whether they know the meeting as it is now."""


def next_meeting(unit: str) -> Meeting | None:
    """The meeting of a unit that comes next, or goes on; None where none is planned."""
    since = timezone.now() - ENDING
    found = Meeting.objects.filter(unit=unit, state__in=OPEN, starts__gte=since)
    return found.order_by("starts").first()


def meetings(
    unit: str = "", *, improvement: UUID | None = None, step: UUID | None = None
) -> list[Meeting]:
    """The meetings of a unit, of an improvement, of a step of it, or all in reach, by time."""
    asked = {"unit": unit, "improvement": improvement, "step": step}
    found = Meeting.objects.filter(**{name: value for name, value in asked.items() if value})
    return list(found.select_related("unit").order_by("starts", "id"))


def meeting(key: UUID) -> Meeting | None:
    """One within reach, with its unit."""
    return Meeting.objects.select_related("unit").filter(pk=key).first()


def meeting_or_404(key: UUID) -> Meeting:
    found = meeting(key)
    if found is None:
        raise Http404
    return found


def agenda(meeting: Meeting) -> list[Item]:
    """The items in their order."""
    return list(meeting.items.order_by("number", "id"))


def minutes_of(items: Sequence[Item]) -> int:
    """How long the agenda takes, as far as somebody said."""
    return sum(item.minutes for item in items)


def addressed(meeting: Meeting) -> list[Addressed]:
    """Everybody who is invited, by name; only for the unit's own people."""
    last = {letter.invitee_id: letter for letter in _letters(meeting).order_by("made_at")}
    found = sorted(meeting.invitees.all(), key=lambda each: (each.name or each.email).casefold())
    return [
        Addressed(each, last.get(each.pk), is_told=each.told == meeting.sequence) for each in found
    ]


def untold(meeting: Meeting) -> int:
    """How many of those invited do not know the meeting as it is, and have no letter waiting."""
    waiting = _letters(meeting).filter(sequence=meeting.sequence).exclude(state=Post.SENT)
    rows = meeting.invitees.exclude(pk__in=waiting.values("invitee"))
    return sum(each.told != meeting.sequence for each in rows)


def unsent(meeting: Meeting) -> int:
    """How many letters wait, or could not be sent."""
    return _letters(meeting).exclude(state=Post.SENT).count()


def up_now(meeting: Meeting) -> Item | None:
    """The item that is up, None where nothing is."""
    return meeting.items.filter(pk=meeting.now).first() if meeting.now else None


def notes(meeting: Meeting, item: UUID | None = None) -> list[Note]:
    """The notes in the order in which they came, of one item or of all."""
    found = Note.objects.filter(meeting=meeting)
    return list((found if item is None else found.filter(item=item)).order_by("number", "id"))


def lines(meeting: Meeting) -> list[Line]:
    """What the minutes say so far."""
    return list(Line.objects.filter(meeting=meeting).select_related("item").order_by("number"))


def is_over(meeting: Meeting) -> bool:
    return meeting.state in (State.HELD, State.CANCELLED)


def _letters(meeting: Meeting) -> QuerySet[Letter]:
    return Letter.objects.filter(meeting=meeting).defer("message")
