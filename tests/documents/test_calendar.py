"""Invitations as calendars take them, and answers as calendars send them."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar, Component

from puls.documents.calendar import Every, Invited, Person, cancel, request
from puls.documents.calendar_answers import MOST_BYTES, Answer, Said, read_answers
from puls.errors import ImportFileError
from tests.shared_data import shared

OSLO = ZoneInfo("Europe/Oslo")
STAMP = datetime(2026, 10, 1, 12, tzinfo=UTC)
WEEKS = (date(2026, 10, 20), date(2026, 10, 27))


def meeting(**other: object) -> Invited:
    said = {
        "uid": "m1@puls.example.no",
        "sequence": 0,
        "title": "Tilbakemeldinger; hva nå?",
        "about": "1. Se på tallene\n2. Snakk, lenge",
        "where": "Øvingsrom 2",
        "starts": datetime(2026, 10, 20, 14, tzinfo=OSLO),
        "minutes": 90,
        "organizer": Person("bob@example.no", "Bob Øye"),
        "people": (Person("tom@example.no", "Tom"), Person("tina@example.no")),
    }
    return Invited(**{**said, **other})  # type: ignore[arg-type]


def event_of(data: bytes) -> Component:
    return Calendar.from_ical(data).walk("VEVENT")[0]


def test_an_invitation_says_all_that_was_said() -> None:
    data = request(meeting(link="https://puls.example.no/m/x/"), STAMP)
    whole, event = Calendar.from_ical(data), event_of(data)
    assert whole["METHOD"] == "REQUEST"
    assert event["SUMMARY"] == "Tilbakemeldinger; hva nå?"
    assert event["DESCRIPTION"] == "1. Se på tallene\n2. Snakk, lenge"
    assert event["DTSTART"].dt == datetime(2026, 10, 20, 14, tzinfo=OSLO)
    assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(minutes=90)
    assert [str(each) for each in event["ATTENDEE"]] == [
        "mailto:tom@example.no",
        "mailto:tina@example.no",
    ]
    assert event["ATTENDEE"][0].params["RSVP"] == "TRUE"
    assert all(len(line) <= 75 for line in data.split(b"\r\n")), "lines are folded"
    assert b"\n" not in data.replace(b"\r\n", b"")


def test_the_time_zone_comes_along_as_a_rule() -> None:
    zone = Calendar.from_ical(request(meeting(), STAMP)).walk("VTIMEZONE")[0]
    assert zone["TZID"] == "Europe/Oslo"
    assert b"RDATE" not in zone.to_ical(), "Outlook takes no list of days"
    read = zone.to_tz()
    for told in ("2026-07-01T12:00", "2026-12-01T12:00", "2030-03-31T04:00"):
        moment = datetime.fromisoformat(told)
        assert moment.replace(tzinfo=read).utcoffset() == moment.replace(tzinfo=OSLO).utcoffset()


EVERY = [
    (Every.WEEK, "FREQ=WEEKLY;UNTIL=20261027T225959Z;INTERVAL=1"),
    (Every.FORTNIGHT, "FREQ=WEEKLY;UNTIL=20261027T225959Z;INTERVAL=2"),
    (Every.MONTH, "FREQ=MONTHLY;UNTIL=20261027T225959Z;INTERVAL=1"),
]


@pytest.mark.parametrize(("every", "rule"), EVERY)
def test_a_series_ends_on_its_last_day_where_it_is_held(every: Every, rule: str) -> None:
    """The clock has changed on the 25th: midnight of the 27th is 23 UTC, of the 20th it is 22."""
    written = event_of(request(meeting(every=every, until=WEEKS[1]), STAMP))
    assert written["RRULE"].to_ical().decode() == rule


def test_a_cancellation_has_the_same_uid_and_asks_for_no_answer() -> None:
    data = cancel(meeting(sequence=3), STAMP)
    event = event_of(data)
    assert Calendar.from_ical(data)["METHOD"] == "CANCEL"
    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == (
        "m1@puls.example.no",
        3,
        "CANCELLED",
    )
    assert "RSVP" not in event["ATTENDEE"][0].params


@settings(max_examples=30)
@given(title=st.text(max_size=80), about=st.text(max_size=300), name=st.text(max_size=30))
def test_no_text_breaks_out_of_its_line(title: str, about: str, name: str) -> None:
    written = request(
        meeting(title=title, about=about, organizer=Person("b@example.no", name)), STAMP
    )
    names = [line.split(b":")[0].split(b";")[0] for line in written.split(b"\r\n")]
    assert names.count(b"ATTENDEE") == 2
    assert names.count(b"METHOD") == 1
    assert names.count(b"END") == 5


def reply(*lines: str, method: str = "REPLY", attendee: str = "") -> bytes:
    attendee = attendee or "ATTENDEE;PARTSTAT=ACCEPTED:mailto:Tom@Example.no"
    inside = ("UID:m1@puls.example.no", "DTSTAMP:20261002T080000Z", "SEQUENCE:2", attendee, *lines)
    head = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", f"METHOD:{method}", "BEGIN:VEVENT")
    return "\r\n".join((*head, *inside, "END:VEVENT", "END:VCALENDAR", "")).encode()


def answers(data: bytes, sender: str = "") -> Sequence[Answer]:
    return [a for each in read_answers(data, "svar.ics", sender) for a in each.answers]


SAID = [
    ("ACCEPTED", Said.YES),
    ("DECLINED", Said.NO),
    ("tentative", Said.PERHAPS),
    ("NEEDS-ACTION", Said.UNKNOWN),
    ("DELEGATED", Said.UNKNOWN),
]


@pytest.mark.parametrize(("partstat", "said"), SAID)
def test_what_somebody_answered(partstat: str, said: Said) -> None:
    (found,) = answers(reply(attendee=f"ATTENDEE;PARTSTAT={partstat}:MAILTO:Tom@Example.no"))
    assert (found.email, found.said, found.sequence) == ("tom@example.no", said, 2)
    assert found.stamp == datetime(2026, 10, 2, 8, tzinfo=UTC)


def test_another_time_is_told_in_utc_and_a_crowd_only_answers_through_its_sender() -> None:
    lines = ("DTSTART;TZID=Europe/Oslo:20261021T150000", "COMMENT:Da kan jeg")
    (found,) = answers(reply(*lines, method="COUNTER"))
    assert found.said is Said.OTHER_TIME
    assert found.starts == datetime(2026, 10, 21, 13, tzinfo=UTC)
    assert found.comment == "Da kan jeg"
    crowd = (*lines, "ATTENDEE:mailto:tina@example.no")
    assert answers(reply(*crowd, method="COUNTER")) == []
    (found,) = answers(reply(*crowd, method="COUNTER"), sender="Tina@example.no")
    assert found.email == "tina@example.no"


# Of the 53 calendars: how many have each method, and what is read out of those that answer.
METHODS = {
    "ADD": 3,
    "CANCEL": 5,
    "COUNTER": 2,
    "DECLINECOUNTER": 1,
    "PUBLISH": 6,
    "REFRESH": 2,
    "REPLY": 10,
    "REQUEST": 24,
}
SENT = [
    # who answers in each REPLY, in the order of the file; five of them are about a to-do or
    # free time, which nobody asked for
    ("b@example.com", Said.YES),
    ("c@example.com", Said.UNKNOWN),  # passes it on to e
    ("e@example.com", Said.YES),
    ("c@example.com", Said.UNKNOWN),  # PARTSTAT=DELEGATED, e declined
    ("b@example.com", Said.UNKNOWN),  # asks why one of a series was moved
]


def test_fifty_three_calendars_of_others_are_all_understood() -> None:
    text = (shared("ical") / "libical_2446.ics").read_bytes()
    single = re.findall(rb"BEGIN:VCALENDAR.*?END:VCALENDAR\r?\n?", text, re.DOTALL)
    read = [each for data in single for each in read_answers(data, "x.ics", "a@example.com")]
    assert len(read) == 53
    counted = {name: sum(each.method == name for each in read) for name in METHODS}
    assert counted == METHODS
    told = [(a.email, a.said) for each in read if each.method == "REPLY" for a in each.answers]
    assert told == SENT
    first, second = [a for each in read if each.method == "COUNTER" for a in each.answers]
    assert (first.email, first.starts) == ("a@example.com", datetime(1997, 7, 1, 16, tzinfo=UTC))
    assert (first.of_one, second.of_one, second.sequence) == (False, True, 4)
    assert all(not each.answers for each in read if each.method not in ("REPLY", "COUNTER"))


HOSTILE = [
    (b"", "no calendar"),
    (b"\x00\xff" * 50, "no calendar"),
    (b"BEGIN:VCALENDAR\r\n" + b"X:" + b"a" * MOST_BYTES, "bytes"),
    (b"BEGIN:VCALENDAR\r\n" + b"X:a\r\n" * 6000, "too many lines"),
    (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\n", "cannot be read"),
    (
        b"BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\n"
        + b"BEGIN:VEVENT\r\nUID:a\r\nEND:VEVENT\r\n" * 60
        + b"END:VCALENDAR\r\n",
        "60 events",
    ),
    (b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * 3000, "cannot be read"),
]


@pytest.mark.parametrize(("data", "why"), HOSTILE)
def test_a_hostile_file_is_refused_in_one_sentence(data: bytes, why: str) -> None:
    with pytest.raises(ImportFileError, match=why):
        read_answers(data, "svar.ics")


@settings(max_examples=40)
@given(st.integers(0, 400), st.binary(max_size=12))
def test_a_damaged_answer_is_read_or_refused_but_never_crashes(at: int, bytes_: bytes) -> None:
    whole = reply("DTSTART;TZID=Europe/Oslo:20261021T150000", method="COUNTER")
    try:
        found = answers(whole[:at] + bytes_ + whole[at + len(bytes_) :])
    except ImportFileError:
        return
    assert len(found) <= 1
