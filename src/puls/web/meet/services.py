"""All writing of meetings, their agenda and who is invited: by the people of the unit itself."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from puls.errors import NotNow
from puls.web.media import queries as media
from puls.web.meet.freezing import Frozen
from puls.web.meet.models import Item, Kind, Meeting
from puls.web.meet.models.meeting import LONGEST_TITLE
from puls.web.meet.states import OPEN, State, Vote, may_follow
from puls.web.packs import language_of, pack
from puls.web.tenants.access import Reach
from puls.web.tenants.models import Tenant, Unit
from puls.web.tenants.names import unit_name
from puls.web.tenants.permissions import Place, check, place_of

FORGET_AFTER = timedelta(days=30)
"""Those who were invited are deleted so long after the last day of the meeting."""
MOST_ITEMS = 40
MOST_OPTIONS = 8
LONGEST_SERIES = timedelta(days=370)


@dataclass(frozen=True)
class Plan:
    """When, where, and what for. starts: aware. every, until: "" and None for once."""

    title: str
    starts: datetime
    minutes: int
    about: str = ""
    where: str = ""
    every: str = ""
    until: date | None = None


@dataclass(frozen=True)
class Thing:
    """Something for the agenda. cell: of Kind.CELL. options: words of a vote's options.

    said: the cell in words, for the page where the meeting is planned.
    """

    kind: str
    heading: str
    text: str = ""
    minutes: int = 0
    cell: Frozen | None = None
    rubric: str = ""
    picture: str = ""
    alt: str = ""
    options: tuple[str, ...] = ()
    said: str = ""


@dataclass(frozen=True)
class Author:
    """Who plans: the name and address that an invitation comes from."""

    name: str
    email: str


@dataclass(frozen=True)
class Origin:
    """The step of a process that a meeting was made from, by id."""

    improvement: UUID | None = None
    step: UUID | None = None


@dataclass(frozen=True)
class Changed:
    """What a change of a meeting means. tells: those who are invited do not know of it yet."""

    meeting: Meeting
    fields: tuple[str, ...] = field(default=())
    tells: bool = False


@transaction.atomic
def meeting_add(
    by: Reach,
    unit: Unit,
    plan: Plan,
    things: Sequence[Thing],
    author: Author,
    origin: Origin | None = None,
) -> Meeting:
    """A new meeting with its agenda. NotAllowed, or NotNow with the reason."""
    place = place_of(unit)
    check("meeting_plan", by, place)
    _check(plan)
    origin = origin or Origin()
    content = pack()
    host = urlsplit(settings.PULS_ADDRESS).hostname or "puls"
    made = Meeting.objects.create(
        tenant_id=place.tenant_key,
        unit=unit,
        path=unit.path,
        depth=unit.depth,
        place_name=unit_name(unit, content, language_of(content)),
        is_synthetic=Tenant.objects.filter(pk=place.tenant_key, is_synthetic=True).exists(),
        language=language_of(content),
        zone=settings.TIME_ZONE,
        uid=f"{uuid4()}@{host}",
        improvement=origin.improvement,
        step=origin.step,
        organizer_name=author.name,
        organizer_email=author.email,
        made_at=timezone.now(),
        **_fields(plan),
    )
    for thing in things[:MOST_ITEMS]:
        item_add(by, made.pk, thing)
    return made


@transaction.atomic
def meeting_change(by: Reach, key: UUID, plan: Plan) -> Changed:
    """Another time, place or title. After an invitation the sequence rises: a new letter is due."""
    held = locked(by, key)
    _check(plan)
    new = _fields(plan)
    changed = tuple(name for name, value in new.items() if getattr(held, name) != value)
    if not changed:
        return Changed(held)
    tells = held.state == State.INVITED
    for name in changed:
        setattr(held, name, new[name])
    held.sequence += tells
    held.save(update_fields=[*changed, "sequence"])
    return Changed(held, changed, tells)


def meeting_cancel(by: Reach, key: UUID) -> Meeting:
    """It does not take place. Those who were invited are told by the letters that come of it."""
    held = locked(by, key)
    move(held, State.CANCELLED)
    held.sequence += 1
    held.save(update_fields=["state", "sequence"])
    return held


def move(held: Meeting, to: State) -> None:
    """Into another state, in memory. NotNow where that is not among the next ones."""
    if not may_follow(held.state, to):
        raise NotNow(
            {
                State.PLANNED: _("The meeting has begun its life already."),
                State.INVITED: _("To a meeting that is over nobody can be invited."),
                State.HELD: _("The meeting is over or cancelled already."),
                State.CANCELLED: _("The meeting is over or cancelled already."),
            }[to]
        )
    held.state = to


def item_add(by: Reach, key: UUID, thing: Thing) -> Item:
    """Something more on the agenda, at its end."""
    held = locked(by, key)
    _check_thing(thing)
    if thing.kind == Kind.PICTURE and not media.is_picture_of(held.unit_id, thing.picture):
        raise NotNow(_("There is no such picture here. Choose one, or add one."))
    if held.items.count() >= MOST_ITEMS:
        raise NotNow(_("An agenda has at most %(most)s items.") % {"most": MOST_ITEMS})
    last = held.items.aggregate(Max("number"))["number__max"] or 0
    cell = thing.cell
    return Item.objects.create(
        tenant_id=held.tenant_id,
        path=held.path,
        meeting=held,
        number=last + 1,
        kind=thing.kind,
        heading=thing.heading.strip()[:300],
        text=thing.text.strip(),
        minutes=thing.minutes,
        about_unit=cell.unit if cell else "",
        indicator=cell.indicator if cell else "",
        period=cell.period if cell else None,
        release=cell.release if cell else None,
        frozen=cell.words if cell else {},
        rubric=thing.rubric,
        picture=thing.picture,
        alt=thing.alt,
        options=[
            {"key": str(n), "text": text.strip()} for n, text in enumerate(thing.options, start=1)
        ],
    )


def item_change(by: Reach, key: UUID, item: UUID, heading: str, text: str, minutes: int) -> None:
    """Other words and another time for an item; what it is about stays."""
    row = _item(by, key, item)
    _check_thing(Thing(row.kind, heading, text, minutes, rubric=row.rubric), known=True)
    row.heading, row.text, row.minutes = heading.strip(), text.strip(), minutes
    row.save(update_fields=["heading", "text", "minutes"])


def item_remove(by: Reach, key: UUID, item: UUID) -> None:
    """Off the agenda, with the notes on it."""
    row = _item(by, key, item)
    if row.vote:
        raise NotNow(_("There has been a vote on this: it stays in the minutes."))
    row.delete()


@transaction.atomic
def item_shift(by: Reach, key: UUID, item: UUID, step: int) -> None:
    """One place up (-1) or down (1); at an end it stays."""
    row = _item(by, key, item)
    line = list(row.meeting.items.order_by("number", "id"))
    at = [each.pk for each in line].index(row.pk)
    to = min(max(at + step, 0), len(line) - 1)
    line.insert(to, line.pop(at))
    for number, each in enumerate(line, start=1):
        if each.number != number:
            each.number = number
            each.save(update_fields=["number"])


def locked(by: Reach, key: UUID, *, over: bool = False) -> Meeting:
    """The meeting, for this writer alone. NotAllowed, or NotNow where it is over.

    over: it may be.
    """
    held = Meeting.objects.select_for_update().filter(pk=key).first()
    if held is None:
        raise NotNow(_("There is no such meeting here."))
    check("meeting_plan", by, Place(held.tenant_id, held.path))
    if not over and held.state not in OPEN:
        raise NotNow(_("The meeting is over or cancelled, and stays as it was."))
    return held


def _item(by: Reach, key: UUID, item: UUID) -> Item:
    held = locked(by, key)
    row = held.items.filter(pk=item).first()
    if row is None:
        raise NotNow(_("This is no longer on the agenda."))
    if row.vote == Vote.OPEN:
        raise NotNow(_("A vote on this is going on. Reveal it first."))
    return row


def _fields(plan: Plan) -> dict[str, object]:
    last = plan.until or plan.starts.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    return {
        "title": plan.title.strip(),
        "about": plan.about.strip(),
        "where": plan.where.strip(),
        "starts": plan.starts,
        "minutes": plan.minutes,
        "every": plan.every,
        "until": plan.until,
        "forget_on": last + FORGET_AFTER,
    }


def _check(plan: Plan) -> None:
    if not plan.title.strip():
        raise NotNow(_("Give the meeting a title."))
    if len(plan.title) > LONGEST_TITLE:
        raise NotNow(_("A title has at most %(most)s letters.") % {"most": LONGEST_TITLE})
    if not 5 <= plan.minutes <= 1440:
        raise NotNow(_("A meeting takes between 5 minutes and a day."))
    if bool(plan.every) != (plan.until is not None):
        raise NotNow(_("A meeting that comes again needs a last day, and only such a one."))
    first = timezone.localtime(plan.starts).date()
    if plan.until is not None and not first < plan.until <= first + LONGEST_SERIES:
        raise NotNow(_("The last day lies after the first, and within a year of it."))


def _check_thing(thing: Thing, known: bool = False) -> None:
    if not thing.heading.strip():
        raise NotNow(_("Give it a heading."))
    if not 0 <= thing.minutes <= 600:
        raise NotNow(_("Between 0 and %(most)s minutes.") % {"most": 600})
    if len(thing.text) > 4_000:
        raise NotNow(_("This text has at most %(most)s letters.") % {"most": 4_000})
    if thing.kind == Kind.RUBRIC and thing.rubric not in pack().rubrics:
        raise NotNow(_("There is no such rubric."))
    if thing.kind == Kind.PICTURE and not known and not thing.alt.strip():
        raise NotNow(_("Write what the picture shows, for those who do not see it."))
    several = 2 <= len([each for each in thing.options if each.strip()]) <= MOST_OPTIONS
    if thing.kind == Kind.CHOICE and not known and not several:
        raise NotNow(_("Write 2 to %(most)s options, one on a line.") % {"most": MOST_OPTIONS})
