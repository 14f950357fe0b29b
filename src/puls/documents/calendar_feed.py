"""A calendar to subscribe to (RFC 5545): whole days with a name. Knows no clock.

A feed is fetched again and again, so an entry keeps its uid for as long as it is the same thing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar, Event

from puls.documents.calendar import PRODUCT


@dataclass(frozen=True, slots=True)
class Day:
    """Something on a day, or from `on` to the day `until`, that one included.

    uid: the same in every fetch. yearly: it comes again each year. link: a page, or "".
    """

    uid: str
    on: date
    title: str
    until: date | None = None
    yearly: bool = False
    link: str = ""

    def __post_init__(self) -> None:
        assert self.until is None or self.until >= self.on, f"{self.title} ends before it begins"


def feed(name: str, days: Iterable[Day], stamp: datetime) -> bytes:
    """The whole calendar. stamp: when it is written, in UTC."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    # What calendars read that do not know NAME yet.
    calendar.add("x-wr-calname", name)
    for day in days:
        calendar.add_component(_event(day, stamp))
    written: bytes = calendar.to_ical()
    return written


def _event(day: Day, stamp: datetime) -> Event:
    event = Event()
    event.add("uid", day.uid)
    event.add("dtstamp", stamp.astimezone(UTC))
    event.add("dtstart", day.on)
    # The end of whole days is the first day that is free again.
    event.add("dtend", (day.until or day.on) + timedelta(days=1))
    event.add("summary", day.title)
    # It takes nobody's time: it only says what is due.
    event.add("transp", "TRANSPARENT")
    if day.yearly:
        event.add("rrule", {"FREQ": "YEARLY"})
    if day.link:
        event.add("url", day.link)
    return event
