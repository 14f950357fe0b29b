"""Answers that calendars sent: read out of files and letters, and matched by UID, version, sender.

An answer can be forged by whoever knows a meeting's UID and the address of somebody who is invited,
as with every calendar. So it changes what stands beside a name, and nothing else.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import parseaddr
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from puls.documents.calendar_answers import Answer, read_answers
from puls.errors import ImportFileError
from puls.web.meet.models import Meeting
from puls.web.meet.people import answer_note
from puls.web.meet.states import OPEN

MOST_BYTES = 2 * 1024 * 1024
"""Of a whole letter."""
MOST_PARTS = 50


@dataclass(frozen=True)
class Outcome:
    """What became of one answer. why: "" where it was kept, else a sentence about somebody."""

    answer: Answer | None
    meeting: Meeting | None
    why: str

    @property
    def is_kept(self) -> bool:
        return not self.why


def answers_in(data: bytes, name: str) -> list[Answer]:
    """Every answer of a file: a calendar, or a letter with one. ImportFileError, one sentence."""
    if len(data) > MOST_BYTES:
        raise ImportFileError(
            name,
            "",
            f"it has {len(data)} bytes",
            f"at most {MOST_BYTES}",
            "Save the answer from the calendar alone.",
        )
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:15].upper() == b"BEGIN:VCALENDAR":
        return [a for each in read_answers(data, name) for a in each.answers]
    return list(_of_letter(data, name))


def _of_letter(data: bytes, name: str) -> Iterator[Answer]:
    letter = message_from_bytes(data, policy=default)
    assert isinstance(letter, EmailMessage)
    sender = parseaddr(str(letter.get("From", "")))[1]
    seen: set[bytes] = set()
    for number, part in enumerate(letter.walk()):
        if number > MOST_PARTS:
            raise ImportFileError(
                name, "", "it has too many parts", f"at most {MOST_PARTS}", "Take another file."
            )
        if part.get_content_type() not in ("text/calendar", "application/ics"):
            continue
        content = part.get_payload(decode=True)
        # Many programs send the same calendar twice.
        if isinstance(content, bytes) and content.strip() not in seen:
            seen.add(content.strip())
            for each in read_answers(content, name, sender):
                yield from each.answers
    if not seen:
        raise ImportFileError(
            name,
            "",
            "there is no answer to a meeting in it",
            "a calendar file (.ics), or a letter with one",
            "Look for the file that the calendar sent.",
        )


def take(answers: list[Answer], using: str = "default") -> list[Outcome]:
    """Keep every answer that fits a meeting of the reader's own unit, or of the whole tree."""
    return [_take(each, using) for each in answers]


def _take(answer: Answer, using: str) -> Outcome:
    with transaction.atomic(using=using):
        rows = Meeting.objects.using(using).select_for_update()
        held = rows.filter(uid=answer.uid, state__in=OPEN).first()
        if held is None:
            return Outcome(answer, None, _("It answers a meeting that is not planned here."))
        return Outcome(answer, held, answer_note(held, answer))


def read_file(path: Path) -> list[Answer]:
    """The answers of a file; never more of it is read than a letter may have."""
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise ImportFileError(
            path.name, "", f"it cannot be read ({error.strerror})", "a file", "Check its name."
        ) from None
    return answers_in(data, path.name)


def files(paths: list[Path]) -> Iterator[Path]:
    """The files themselves, and those of a maildir: what came, read or not."""
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        for folder in (path / "new", path / "cur"):
            yield from sorted(folder.iterdir()) if folder.is_dir() else ()
