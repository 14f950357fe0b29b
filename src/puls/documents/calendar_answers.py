"""Answers to invitations, read from calendar files that anybody may have written.

Nothing in a file is believed: not its size, not its dates, not that it is a calendar at all.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from icalendar import Calendar, Component

from puls.errors import ImportFileError

MOST_BYTES = 256 * 1024
MOST_LINES = 5_000
MOST_EVENTS = 50
LONGEST = 1_000
"""Letters of a comment that are kept."""


class Said(StrEnum):
    """What somebody answered."""

    YES = "yes"
    NO = "no"
    PERHAPS = "perhaps"
    OTHER_TIME = "other_time"
    """Asks for another time or place (COUNTER)."""
    UNKNOWN = "unknown"
    """Has not answered yet, or passed it on: nothing that we could count."""


PARTSTAT = {"ACCEPTED": Said.YES, "DECLINED": Said.NO, "TENTATIVE": Said.PERHAPS}


@dataclass(frozen=True, slots=True)
class Answer:
    """One person's answer to one invitation.

    email: in small letters, "" where the file names nobody. sequence: the version answered to.
    stamp: when it was written, in UTC; None where that is not told. starts: what a counter-proposal
    wants, in UTC (a day alone counts as its midnight). comment: in their words.
    of_one: it is about a single one of a series, which has a day of its own.
    """

    uid: str
    email: str
    said: Said
    sequence: int
    stamp: datetime | None
    comment: str = ""
    starts: datetime | None = None
    of_one: bool = False


@dataclass(frozen=True, slots=True)
class Read:
    """What a file held. method: in capitals, "" without one. answers: only REPLY and COUNTER have
    any; every other method tells us nothing that we asked for."""

    method: str
    answers: tuple[Answer, ...]


def read_answers(data: bytes, file: str, sender: str = "") -> tuple[Read, ...]:
    """Every calendar of a file. ImportFileError where it is too large or no calendar.

    sender: the address that the file came from. A counter-proposal may list everybody who is
    invited; it is then only the sender's.
    """
    if len(data) > MOST_BYTES:
        raise _wrong(file, f"it has {len(data)} bytes", f"at most {MOST_BYTES} bytes")
    if data.count(b"\n") + data.count(b"\r") > 2 * MOST_LINES:
        raise _wrong(file, "it has too many lines", f"at most {MOST_LINES} lines")
    if b"BEGIN:VCALENDAR" not in data.upper():
        raise _wrong(file, "it is no calendar", "a text with BEGIN:VCALENDAR")
    try:
        found = Calendar.from_ical(data, multiple=True)
        read = tuple(
            _read(each, file, sender.lower()) for each in found if each.name == "VCALENDAR"
        )
    except ImportFileError:
        raise
    # Whatever a hostile file makes the parser stumble over ends here, in one sentence.
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError) as problem:
        shown = " ".join(str(problem).split())[:120]
        raise _wrong(file, f"it cannot be read ({shown})", "a whole calendar file") from None
    except RecursionError:
        raise _wrong(file, "its parts lie too deep in each other", "a plain calendar") from None
    if not read:
        raise _wrong(file, "it cannot be read: it breaks off", "a whole calendar file")
    return read


def _wrong(file: str, problem: str, expected: str) -> ImportFileError:
    return ImportFileError(
        file, "", problem, expected, "Save the answer from the calendar again, or write it in."
    )


def _read(calendar: Component, file: str, sender: str) -> Read:
    method = str(calendar.get("METHOD", "")).strip().upper()
    events = [each for each in calendar.subcomponents if each.name == "VEVENT"]
    if len(events) > MOST_EVENTS:
        raise _wrong(file, f"it has {len(events)} events", f"at most {MOST_EVENTS}")
    if method not in ("REPLY", "COUNTER"):
        return Read(method, ())
    return Read(method, tuple(a for each in events for a in _answers(each, method, sender)))


def _answers(event: Component, method: str, sender: str) -> Iterator[Answer]:
    """What the one who answers says. Where several are named, only the sender can be meant."""
    uid = str(event.get("UID", "")).strip()
    named = _all(event.get("ATTENDEE"))
    if len(named) > 1:
        named = [each for each in named if _email(str(each)) == sender]
    for attendee in named if uid else ():
        status = str(getattr(attendee, "params", {}).get("PARTSTAT", "")).upper()
        said = Said.OTHER_TIME if method == "COUNTER" else PARTSTAT.get(status, Said.UNKNOWN)
        yield Answer(
            uid=uid[:LONGEST],
            email=_email(str(attendee)),
            said=said,
            sequence=_number(event.get("SEQUENCE")),
            stamp=_moment(event.get("DTSTAMP")),
            comment="\n".join(str(each) for each in _all(event.get("COMMENT")))[:LONGEST].strip(),
            starts=_moment(event.get("DTSTART")) if method == "COUNTER" else None,
            of_one="RECURRENCE-ID" in event,
        )


def _all(value: Any) -> list[Any]:
    """A property that may be missing, there once, or there more than once."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _email(address: str) -> str:
    name = address.strip()
    return (name[7:] if name.lower().startswith("mailto:") else name).strip().lower()[:254]


def _number(value: Any) -> int:
    try:
        return max(0, min(int(value or 0), 2**31 - 1))
    except (ValueError, TypeError):
        return 0


def _moment(value: Any) -> datetime | None:
    """A moment in UTC, or None where there is none that can be understood."""
    told = getattr(value, "dt", None)
    if isinstance(told, datetime):
        try:
            return (told if told.tzinfo else told.replace(tzinfo=UTC)).astimezone(UTC)
        except (OverflowError, ValueError):
            return None
    if isinstance(told, date):
        return datetime(told.year, told.month, told.day, tzinfo=UTC)
    return None
