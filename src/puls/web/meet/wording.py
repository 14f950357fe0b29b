"""A meeting in words of a language: when it is, what is on its agenda, how it comes again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date
from django.utils.translation import gettext as _

from puls.content.definitions import Pack
from puls.documents.calendar import Every
from puls.views import numbers
from puls.web.meet import voting
from puls.web.meet.freezing import Thawed
from puls.web.meet.models import Item, Kind, Meeting, Note
from puls.web.meet.pictures import told
from puls.web.meet.states import Phase, State, Vote

LEVELS = (4, 3, 2, 1)
"""Of a rubric, the best first, as on the page about rubrics."""


@dataclass(frozen=True, slots=True)
class Option:
    """Something one can vote for. key: "1" to "4" of a rubric's levels, else its number."""

    key: str
    text: str
    level: int | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """An item in words. minutes: "10 min" or "". options: what a vote is about.

    card, chart: address of a picture in a letter, with its alt text; "" without one.
    picture, alt: id of the item's own picture, and what it shows. photo: its address in a letter.
    """

    number: int
    heading: str
    text: str
    minutes: str
    cell: Thawed | None
    options: tuple[Option, ...]
    card: str = ""
    card_alt: str = ""
    chart: str = ""
    chart_alt: str = ""
    picture: str = ""
    alt: str = ""
    photo: str = ""

    @property
    def paragraphs(self) -> list[str]:
        """The text by its empty lines."""
        blocks = self.text.replace("\r\n", "\n").split("\n\n")
        return [block.strip() for block in blocks if block.strip()]


def local(meeting: Meeting) -> datetime:
    """When it starts, on the clock of the place where it is held."""
    return meeting.starts.astimezone(ZoneInfo(meeting.zone))


def when(meeting: Meeting, language: str) -> str:
    """ "tirsdag 20. oktober 2026, kl. 14.00–15.30"."""
    starts = local(meeting)
    ends = (meeting.starts + timedelta(minutes=meeting.minutes)).astimezone(starts.tzinfo)
    locale = numbers.LOCALES.get(language, language)
    said = {
        "day": format_date(starts.date(), "full", locale=locale),
        "from": clock(starts, language),
        "to": clock(ends, language),
    }
    return _("%(day)s, %(from)s–%(to)s") % said


def clock(moment: datetime, language: str) -> str:
    """ "14.00" in Norwegian, "14:00" in English."""
    return moment.strftime("%H:%M" if language == "en" else "%H.%M")


def again(meeting: Meeting, language: str) -> str:
    """How often it comes, "" for once."""
    if not meeting.every or meeting.until is None:
        return ""
    said = {"day": numbers.day(meeting.until, language)}
    return {
        Every.WEEK: _("Every week until %(day)s"),
        Every.FORTNIGHT: _("Every second week until %(day)s"),
        Every.MONTH: _("Every month until %(day)s"),
    }[Every(meeting.every)] % said


def options(item: Item, language: str, pack: Pack) -> tuple[Option, ...]:
    """What one can vote for: the levels of a rubric, or the item's own options."""
    if item.kind == Kind.RUBRIC and item.rubric in pack.rubrics:
        start = f"rubric.{item.rubric}"
        return tuple(Option(str(n), pack.text(language, f"{start}.level_{n}"), n) for n in LEVELS)
    return tuple(Option(each["key"], each["text"]) for each in item.options)


def point(
    item: Item,
    language: str,
    pack: Pack,
    drawn: Mapping[str, str] | None = None,
    host: str = "",
) -> Said:
    """An item in words. drawn: alt texts of a letter's pictures by name; host: of their ids."""
    drawn = drawn or {}
    card, chart, photo = (f"{what}-{item.number}" for what in ("card", "chart", "photo"))
    return Said(
        number=item.number,
        heading=item.heading,
        text=item.text,
        minutes=_("%(n)s min") % {"n": item.minutes} if item.minutes else "",
        cell=told(item, language),
        options=options(item, language, pack),
        card=f"cid:{card}@{host}" if card in drawn else "",
        card_alt=drawn.get(card, ""),
        chart=f"cid:{chart}@{host}" if chart in drawn else "",
        chart_alt=drawn.get(chart, ""),
        picture=item.picture,
        alt=item.alt,
        photo=f"cid:{photo}@{host}" if photo in drawn else "",
    )


def points(items: Iterable[Item], language: str, pack: Pack) -> list[Said]:
    """All items in words."""
    return [point(item, language, pack) for item in items]


def phase(meeting: Meeting, language: str) -> str:
    """How the team works now, and until when: "Alone until 14.10"; "" for nothing said."""
    names = {
        Phase.NONE: "",
        Phase.ALONE: _("Alone"),
        Phase.GROUP: _("In groups"),
        Phase.TOGETHER: _("Together"),
    }
    name = names[Phase(meeting.phase)]
    if not name or meeting.phase_until is None:
        return name
    until = meeting.phase_until.astimezone(ZoneInfo(meeting.zone))
    return _("%(how)s until %(time)s") % {"how": name, "time": clock(until, language)}


@dataclass(frozen=True, slots=True)
class Counted:
    """An option with how many chose it."""

    option: Option
    count: int

    @property
    def dots(self) -> range:
        return range(self.count)


def results(item: Item, language: str, pack: Pack) -> list[Counted] | None:
    """What came of a vote; None where there is nothing to see, or it may not be seen."""
    found = voting.result(item)
    if found is None:
        return None
    return [Counted(each, found.get(each.key, 0)) for each in options(item, language, pack)]


def hidden() -> str:
    """Why nothing is shown of a vote. Which of the two it was is not told; those in
    the room can tell, as they saw how many voted."""
    return _(
        "Fewer than %(k)s voted, or all chose the same. It would tell what each one answered, so"
        " the result is not shown."
    ) % {"k": voting.k()}


def heaps(notes: Iterable[Note]) -> list[tuple[str, list[Note]]]:
    """Notes by their heaps, in the order in which heaps were begun; loose ones come last."""
    found: dict[str, list[Note]] = {}
    for note in notes:
        found.setdefault(note.group, []).append(note)
    loose = found.pop("", [])
    return [*found.items(), *([("", loose)] if loose else [])]


@dataclass(frozen=True, slots=True)
class Talked:
    """An item with what came of it."""

    said: Said
    item: Item
    results: list[Counted] | None
    heaps: list[tuple[str, list[Note]]]

    @property
    def is_hidden(self) -> bool:
        """There was a vote, and it would tell what single persons answered."""
        return self.item.vote == Vote.REVEALED and self.results is None

    @property
    def is_left(self) -> bool:
        """The meeting is over, and this did not come up in it."""
        return self.item.meeting.state == State.HELD and not self.item.came_up


def minutes(meeting: Meeting, items: Sequence[Item], language: str, pack: Pack) -> list[Talked]:
    """The minutes that write themselves: items, votes, notes."""
    notes = Note.objects.filter(meeting=meeting).order_by("number")
    by_item: dict[object, list[Note]] = {}
    for note in notes:
        by_item.setdefault(note.item_id, []).append(note)
    return [
        Talked(
            point(item, language, pack),
            item,
            results(item, language, pack),
            heaps(by_item.get(item.pk, [])),
        )
        for item in items
    ]


def listed(items: Sequence[Item]) -> list[str]:
    """The agenda in lines, as calendars show it."""
    return [f"{n}. {item.heading}" for n, item in enumerate(items, start=1)]
