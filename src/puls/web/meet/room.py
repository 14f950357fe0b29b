"""All writing while a meeting goes on: the room, what is up, notes, and the minutes."""

from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from puls.errors import NotNow
from puls.web.actions.deciding import decision_add
from puls.web.actions.planned import MOST_AIMS, Planned, Wanted
from puls.web.actions.services import action_add
from puls.web.actions.states import State as ActionState
from puls.web.meet import entrances, events, voting
from puls.web.meet.models import Event, Item, Line, LineKind, Meeting, Note
from puls.web.meet.services import locked, move
from puls.web.meet.states import Phase, State, Vote
from puls.web.tenants.access import Reach

MOST_NOTES = 600
MOST_NOTES_OF_A_PHONE = 40
MOST_PHONES = 1_000
"""Nobody meets with more; who comes later is in, and is not counted."""
MOST_LINES = 100
LONGEST_NOTE = 300
LONGEST_LINE = {LineKind.ACTION: 200, LineKind.DECISION: 400, LineKind.QUESTION: 400}


@transaction.atomic
def room_open(by: Reach, key: UUID) -> Meeting:
    """The room's link and code lead in from now on; nobody is in yet."""
    held = locked(by, key)
    if held.is_live:
        return held
    held.opened_at, held.joined, held.people = timezone.now(), 0, None
    first = held.items.order_by("number").first()
    if first:
        _came_up(held, first.pk)
    held.now = first.pk if first else None
    held.save(update_fields=["opened_at", "joined", "people", "now"])
    entrances.open_room(held)
    events.tell(held, events.STAGE)
    return held


@transaction.atomic
def room_close(by: Reach, key: UUID, written_by: str) -> Meeting:
    """The meeting is over. Decisions and actions go where they are followed up."""
    held = locked(by, key)
    if not held.is_live:
        raise NotNow(_("The room is not open."))
    for item in held.items.filter(vote=Vote.OPEN):
        voting.close(item)
    move(held, State.HELD)
    held.closed_at, held.phase, held.phase_until = timezone.now(), Phase.NONE, None
    held.save(update_fields=["state", "closed_at", "phase", "phase_until"])
    entrances.close_room(held)
    hand_over(by, held, written_by)
    events.tell(held, events.STAGE)
    # Screens that come later are told by the page itself.
    Event.objects.filter(meeting=held, number__lt=held.last_event).delete()
    return held


def hand_over(by: Reach, held: Meeting, written_by: str) -> None:
    """Every decision and action of the minutes becomes one that is followed up, once."""
    for line in Line.objects.filter(meeting=held, handed_over__isnull=True).order_by("number"):
        if line.kind == LineKind.DECISION:
            made = decision_add(
                by,
                held.unit,
                line.text,
                written_by=written_by,
                improvement=held.improvement,
                step=held.step,
                meeting=held.pk,
            ).pk
        elif line.kind == LineKind.ACTION:
            made = action_add(
                by,
                held.unit,
                Planned(
                    line.text,
                    responsible_name=line.who,
                    due=line.due,
                    aims=_aims(held, line),
                ),
                written_by=written_by,
                state=ActionState.AGREED,
                improvement=held.improvement,
                step=held.step,
                meeting=held.pk,
            ).pk
        else:
            continue
        line.handed_over = made
        line.save(update_fields=["handed_over"])


def _aims(held: Meeting, line: Line) -> list[Wanted]:
    """What an action should move: what its item is about, else all that the team looked at.

    As it was looked at: that is the starting point. None where the team looked at more than an
    action can be about; whoever is responsible then chooses.
    """
    items = held.items.filter(about_unit=held.unit_id).exclude(indicator="").order_by("number")
    of_line = [item for item in items if item.pk == line.item_id]
    looked = {item.indicator: item for item in of_line or items}
    if len(looked) > MOST_AIMS:
        return []
    return [Wanted(key, release=item.release, period=item.period) for key, item in looked.items()]


@transaction.atomic
def show(by: Reach, key: UUID, item: UUID) -> None:
    """Put an item up, on the screen and on every phone."""
    held = _live(by, key)
    if not _came_up(held, item):
        raise NotNow(_("This is no longer on the agenda."))
    held.now, held.phase, held.phase_until = item, Phase.NONE, None
    held.save(update_fields=["now", "phase", "phase_until"])
    events.tell(held, events.STAGE)


@transaction.atomic
def phase_set(by: Reach, key: UUID, phase: str, minutes: int) -> None:
    """How the team works now; minutes: until when, 0 for no clock."""
    held = _live(by, key)
    if phase not in tuple(Phase) or not 0 <= minutes <= 600:
        raise NotNow(_("There is no such way to work."))
    held.phase = phase
    until = timezone.now() + timedelta(minutes=minutes)
    held.phase_until = until if phase and minutes else None
    held.save(update_fields=["phase", "phase_until"])
    events.tell(held, events.STAGE)


@transaction.atomic
def people_set(by: Reach, key: UUID, people: int | None) -> None:
    """How many are in the room, counted by who leads; None: as many as there are phones."""
    held = _live(by, key)
    if people is not None and not 1 <= people <= MOST_PHONES:
        raise NotNow(_("Between 1 and %(most)s people.") % {"most": MOST_PHONES})
    held.people = people
    held.save(update_fields=["people"])
    events.tell(held, events.STAGE)


@transaction.atomic
def came_in(meeting: UUID) -> None:
    """One more phone is in the room. Called within `as_entrance`."""
    held = Meeting.objects.select_for_update().get(pk=meeting)
    if held.is_live and held.joined < MOST_PHONES:
        held.joined += 1
        held.save(update_fields=["joined"])
        events.tell(held, events.JOINED, joined=held.joined)


@transaction.atomic
def note_add(meeting: UUID, item: UUID, text: str) -> None:
    """A note from somebody in the room. Called within `as_entrance`: nobody knows from whom."""
    held = Meeting.objects.select_for_update().filter(pk=meeting).first()
    if held is None or not held.is_live:
        raise NotNow(_("The room is not open."))
    text = " ".join(text.split())
    if not text:
        raise NotNow(_("Write something first."))
    if len(text) > LONGEST_NOTE:
        raise NotNow(_("A note has at most %(most)s letters.") % {"most": LONGEST_NOTE})
    notes = Note.objects.filter(meeting=held)
    if notes.count() >= MOST_NOTES:
        raise NotNow(_("There is no room for more notes."))
    if not Item.objects.filter(pk=item, meeting=held).exists():
        raise NotNow(_("This is no longer on the agenda."))
    number = events.tell(held, events.NOTE, item=item.hex)
    Note.objects.create(
        tenant_id=held.tenant_id,
        path=held.path,
        meeting=held,
        item_id=item,
        text=text,
        number=number,
    )


@transaction.atomic
def note_group(by: Reach, key: UUID, note: UUID, group: str) -> None:
    """Put a note on a heap, by its name; "" takes it off."""
    held = _live(by, key)
    changed = Note.objects.filter(pk=note, meeting=held).update(group=" ".join(group.split())[:80])
    if not changed:
        raise NotNow(_("This note is gone."))
    events.tell(held, events.NOTE)


@transaction.atomic
def note_remove(by: Reach, key: UUID, note: UUID) -> None:
    """Take a note away for good, for example one that is about a single person; also afterwards.

    It is kept nowhere else: the minutes are made from the notes that are there.
    """
    held = locked(by, key, over=True)
    Note.objects.filter(pk=note, meeting=held).delete()
    if held.is_live:
        events.tell(held, events.NOTE)


@transaction.atomic
def line_add(
    by: Reach,
    key: UUID,
    kind: str,
    text: str,
    written_by: str,
    who: str = "",
    due: date | None = None,
) -> Line:
    """A line of the minutes, about the item that is up; after the meeting followed up at once."""
    held = locked(by, key, over=True)
    if held.state == State.CANCELLED:
        raise NotNow(_("The meeting is over or cancelled, and stays as it was."))
    text, who = (" ".join(each.split()) for each in (text, who))
    if kind not in LineKind.values or not text:
        raise NotNow(_("Write something first."))
    if len(text) > LONGEST_LINE[LineKind(kind)]:
        most = LONGEST_LINE[LineKind(kind)]
        raise NotNow(_("This text has at most %(most)s letters.") % {"most": most})
    if held.lines.count() >= MOST_LINES:
        raise NotNow(_("The minutes are full."))
    is_action = kind == LineKind.ACTION
    line = Line.objects.create(
        tenant_id=held.tenant_id,
        path=held.path,
        meeting=held,
        item_id=held.now,
        kind=kind,
        text=text,
        who=who[:120] if is_action else "",
        due=due if is_action else None,
        number=events.tell(held, events.NOTE),
        written_by=written_by,
    )
    if held.state == State.HELD:
        hand_over(by, held, written_by)
    return line


@transaction.atomic
def line_remove(by: Reach, key: UUID, line: UUID) -> None:
    """Take a line back. What was handed over is changed where it is followed up."""
    held = locked(by, key, over=True)
    row = Line.objects.filter(pk=line, meeting=held).first()
    if row is None or row.handed_over is not None:
        raise NotNow(_("This line is being followed up already. Change it there."))
    row.delete()
    events.tell(held, events.NOTE)


def _came_up(held: Meeting, item: UUID) -> bool:
    """Keeps that an item was up in the room; False where it is on this agenda no longer."""
    return bool(held.items.filter(pk=item).update(came_up=True))


def _live(by: Reach, key: UUID) -> Meeting:
    held = locked(by, key)
    if not held.is_live:
        raise NotNow(_("The room is not open."))
    return held
