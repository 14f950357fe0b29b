"""A calendar to subscribe to, read back by a calendar library."""

from datetime import UTC, date, datetime

import pytest
from icalendar import Calendar

from puls.documents.calendar_feed import Day, feed

STAMP = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def events(*days: Day) -> list[object]:
    return list(Calendar.from_ical(feed("Karmøy", days, STAMP)).walk("VEVENT"))


def test_whole_days_end_on_the_first_free_day() -> None:
    (event,) = events(Day("a@puls", date(2026, 5, 4), "Uke", until=date(2026, 5, 8)))
    assert event["DTSTART"].dt == date(2026, 5, 4)  # type: ignore[index]
    assert event["DTEND"].dt == date(2026, 5, 9)  # type: ignore[index]
    assert event["TRANSP"] == "TRANSPARENT"  # type: ignore[index]


def test_what_is_the_same_keeps_its_uid_and_letters_stay_letters() -> None:
    day = Day("a@puls", date(2026, 5, 4), "Møte; «æøå», \\ og\nmer", link="https://a.no/1")
    (event,) = events(day)
    (again,) = events(day)
    assert event["UID"] == again["UID"] == "a@puls"  # type: ignore[index]
    assert str(event["SUMMARY"]) == "Møte; «æøå», \\ og\nmer"  # type: ignore[index]
    assert event["URL"] == "https://a.no/1"  # type: ignore[index]


def test_a_day_that_comes_each_year_says_so() -> None:
    (event,) = events(Day("a@puls", date(2026, 10, 1), "GSI", yearly=True))
    assert event["RRULE"]["FREQ"] == ["YEARLY"]  # type: ignore[index]


def test_nothing_ends_before_it_begins() -> None:
    with pytest.raises(AssertionError):
        Day("a@puls", date(2026, 5, 4), "Uke", until=date(2026, 5, 3))
