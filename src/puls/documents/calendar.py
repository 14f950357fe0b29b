"""Meetings as iCalendar files (RFC 5545, 5546): what is sent to those who are invited.

Knows no clock: when something was written (`stamp`) is handed over. Reading the answers is in
`calendar_answers`.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from icalendar import (
    Calendar,
    Event,
    Timezone,
    TimezoneDaylight,
    TimezoneStandard,
    vCalAddress,
    vRecur,
    vText,
)

PRODUCT = "-//Puls//Puls//NO"
CENTRAL_EUROPE = ("Europe/Oslo", "Europe/Stockholm", "Europe/Copenhagen")


class Every(StrEnum):
    """How often a meeting comes again."""

    WEEK = "week"
    FORTNIGHT = "fortnight"
    MONTH = "month"


STEPS = {Every.WEEK: ("WEEKLY", 1), Every.FORTNIGHT: ("WEEKLY", 2), Every.MONTH: ("MONTHLY", 1)}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an e-mail address; the name may be ""."""

    email: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Invited:
    """A meeting as calendars know it.

    uid: the same for all its versions. sequence: rises with every change of when or where.
    starts: with the time zone that the meeting keeps, also over a change of the clock.
    every, until: how often it comes again, and the last day; None for once.
    """

    uid: str
    sequence: int
    title: str
    about: str
    where: str
    starts: datetime
    minutes: int
    organizer: Person
    people: tuple[Person, ...]
    link: str = ""
    every: Every | None = None
    until: date | None = None

    def __post_init__(self) -> None:
        assert isinstance(self.starts.tzinfo, ZoneInfo), "a meeting without a named time zone"
        assert self.minutes > 0, f"a meeting of {self.minutes} minutes"
        assert self.every is None or self.until is not None, "a meeting that never ends"


def request(meeting: Invited, stamp: datetime) -> bytes:
    """An invitation, or with a higher sequence its update. stamp: when it is written, in UTC."""
    return _written(meeting, stamp, "REQUEST", "CONFIRMED")


def cancel(meeting: Invited, stamp: datetime) -> bytes:
    """The word that it does not take place. Its sequence is above that of the last invitation."""
    return _written(meeting, stamp, "CANCEL", "CANCELLED")


def _written(meeting: Invited, stamp: datetime, method: str, status: str) -> bytes:
    event = Event()
    event.add("uid", meeting.uid)
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", stamp.astimezone(UTC))
    event.add("dtstart", meeting.starts)
    # Added as the clock on the wall goes: an hour is an hour, also in the night of the change.
    ends = meeting.starts.astimezone(UTC) + timedelta(minutes=meeting.minutes)
    event.add("dtend", ends.astimezone(meeting.starts.tzinfo))
    event.add("summary", meeting.title)
    event.add("status", status)
    if meeting.about:
        event.add("description", meeting.about)
    if meeting.where:
        event.add("location", meeting.where)
    if meeting.link:
        event.add("url", meeting.link)
    if meeting.every is not None:
        event.add("rrule", _rule(meeting))
    event.add("organizer", _address(meeting.organizer), encode=False)
    for person in meeting.people:
        event.add("attendee", _attendee(person, asked=method == "REQUEST"), encode=False)
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    if str(meeting.starts.tzinfo) in CENTRAL_EUROPE:
        calendar.add_component(_central_europe(str(meeting.starts.tzinfo)))
    calendar.add_component(event)
    calendar.add_missing_timezones()
    written: bytes = calendar.to_ical()
    return written


def _central_europe(name: str) -> Timezone:
    """The zone by the rule that holds since 1996. Outlook takes no list of single days."""
    zone = Timezone()
    zone.add("tzid", name)
    hour = timedelta(hours=1)
    # The clock on the wall, in which such a rule is written.
    spring = datetime.fromisoformat("1996-03-31T02:00")
    autumn = datetime.fromisoformat("1996-10-27T03:00")
    for part, first, month, before, after, short in (
        (TimezoneDaylight(), spring, 3, hour, 2 * hour, "CEST"),
        (TimezoneStandard(), autumn, 10, 2 * hour, hour, "CET"),
    ):
        part.add("dtstart", first)
        part.add("rrule", vRecur({"FREQ": "YEARLY", "BYMONTH": month, "BYDAY": "-1SU"}))
        part.add("tzoffsetfrom", before)
        part.add("tzoffsetto", after)
        part.add("tzname", short)
        zone.add_component(part)
    return zone


def _rule(meeting: Invited) -> vRecur:
    """How it comes again. The last day is told in UTC, as the standard wants it."""
    assert meeting.every is not None
    assert meeting.until is not None
    often, interval = STEPS[meeting.every]
    last = datetime.combine(meeting.until, time(23, 59, 59), meeting.starts.tzinfo)
    return vRecur({"FREQ": often, "INTERVAL": interval, "UNTIL": last.astimezone(UTC)})


def _address(person: Person) -> vCalAddress:
    address = vCalAddress(f"mailto:{person.email}")
    if person.name:
        address.params["CN"] = vText(person.name)
    return address


def _attendee(person: Person, asked: bool) -> vCalAddress:
    address = _address(person)
    address.params["CUTYPE"] = vText("INDIVIDUAL")
    address.params["ROLE"] = vText("REQ-PARTICIPANT")
    if asked:
        address.params["PARTSTAT"] = vText("NEEDS-ACTION")
        address.params["RSVP"] = vText("TRUE")
    return address
