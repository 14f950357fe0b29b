"""Invitations by a real mail server: whole, in everybody's language, once, and told when not."""

import re
import socket
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as Handler
from django.conf import settings
from django.core.mail import get_connection
from django.test import Client
from icalendar import Calendar

from puls.web.meet import letters, queries, sending, services
from puls.web.meet.models import Invitee, Letter, Meeting, Post
from puls.web.tenants.access import Reach, as_reach, as_whole_tree
from tests.database import superuser
from tests.web.cast import Cast, LogIn
from tests.web.meet.conftest import PLAN


class Box(Handler):
    """Takes letters, apart from those to somebody it refuses."""

    def __init__(self) -> None:
        super().__init__()
        self.letters: list[EmailMessage] = []
        self.refused = ""

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if address == self.refused:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    def prepare_message(self, session: Any, envelope: Any) -> EmailMessage:
        letter = message_from_bytes(envelope.content, policy=default)
        assert isinstance(letter, EmailMessage)
        return letter

    def handle_message(self, message: Any) -> None:
        self.letters.append(message)


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch) -> Iterator[Box]:
    found = Box()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(found, hostname="127.0.0.1", port=port)
    controller.start()
    monkeypatch.setattr(settings, "EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend")
    monkeypatch.setattr(settings, "EMAIL_HOST", "127.0.0.1")
    monkeypatch.setattr(settings, "EMAIL_PORT", port)
    yield found
    controller.stop()


def invite(bob: Reach, meeting: Meeting) -> tuple[int, int]:
    with as_reach(bob):
        letters.invite(bob, meeting.pk)
    return sending.send_waiting(bob, meeting.pk)


def part(letter: EmailMessage, kind: str) -> EmailMessage:
    found = next(each for each in letter.walk() if each.get_content_type() == kind)
    assert isinstance(found, EmailMessage)
    return found


def told(letter: EmailMessage) -> str:
    return str(part(letter, "text/plain").get_content())


def calendar_of(letter: EmailMessage) -> Any:
    return Calendar.from_ical(part(letter, "text/calendar").get_content())


def test_an_invitation_comes_whole_and_in_the_language_of_each(
    box: Box, about_cells: Meeting, bob: Reach
) -> None:
    assert invite(bob, about_cells) == (2, 0)
    tom, tina = sorted(box.letters, key=lambda letter: letter["To"])
    assert "inviterer deg til et møte" in told(tom)
    assert "tirsdag 8. desember 2026, kl. 14.00–15.00" in told(tom)
    assert "3,4 svak" in told(tom)
    assert "invites you to a meeting" in told(tina)
    assert "3.4 weak" in told(tina)
    html = str(part(tom, "text/html").get_content())
    pictures = [each for each in tom.walk() if each.get_content_type() == "image/png"]
    assert len(pictures) == 2, "the card and the chart"
    for picture in pictures:
        assert picture.get_content()[:4] == b"\x89PNG"
        tag = re.search(f'<img src="cid:{picture["Content-ID"][1:-1]}" alt="([^"]+)"', html)
        assert tag is not None
        assert "3,4" in tag[1] or "Tilbakemeldinger" in tag[1]
    assert "<script" not in html
    assert "http-equiv" not in html
    assert tom["Reply-To"] == "Bob Øye <bob@example.no>"
    assert "Bob" in tom["From"]
    assert "bob@example.no" not in tom["From"], "our own address sends, under his name"


def test_the_calendar_comes_as_request_then_update_then_cancel(
    box: Box, about_cells: Meeting, bob: Reach
) -> None:
    invite(bob, about_cells)
    with as_reach(bob):
        later = replace(PLAN, starts=PLAN.starts + timedelta(days=1))
        services.meeting_change(bob, about_cells.pk, later)
    assert invite(bob, about_cells) == (2, 0)
    with as_reach(bob):
        letters.call_off(bob, about_cells.pk)
    assert sending.send_waiting(bob, about_cells.pk) == (2, 0)
    mine = [letter for letter in box.letters if letter["To"] == "Tom <tom@example.no>"]
    assert [letter["Subject"].partition(":")[0] for letter in mine] == [
        "Innkalling",
        "Endret",
        "Avlyst",
    ]
    read = [calendar_of(letter) for letter in mine]
    events = [each.walk("VEVENT")[0] for each in read]
    assert [each["METHOD"] for each in read] == ["REQUEST", "REQUEST", "CANCEL"]
    assert [each["SEQUENCE"] for each in events] == [0, 1, 2]
    assert {each["UID"] for each in events} == {about_cells.uid}
    assert part(mine[0], "text/calendar").get_param("method") == "REQUEST"
    links = {re.search(r"http://\S+/m/\S+", told(letter)) for letter in mine[:2]}
    assert len({link[0] for link in links if link}) == 1, "the same link in the update"


def test_everybody_has_a_link_of_their_own_and_no_address_of_the_others(
    box: Box, about_cells: Meeting, bob: Reach
) -> None:
    invite(bob, about_cells)
    links = set()
    for letter in box.letters:
        other = "tina@example.no" if "tom" in letter["To"] else "tom@example.no"
        assert other not in letter.as_string()
        assert other not in str(calendar_of(letter).to_ical())
        found = re.search(r"/m/([\w=-]+)/", told(letter))
        assert found is not None
        links.add(found[1])
    assert len(links) == 2


def test_who_could_not_be_reached_is_named_and_gets_it_later(
    box: Box, about_cells: Meeting, bob: Reach, cast: Cast, log_in: LogIn
) -> None:
    box.refused = "tom@example.no"
    browser: Client = log_in(cast.bob)
    page = f"/moter/{about_cells.pk}/"
    browser.post(page, {"send": "1"})
    assert [letter["To"] for letter in box.letters] == ["tina@example.no"]
    shown = browser.get(page).text
    assert "E-posttjeneren avviste den: 550" in shown
    assert "Send 1 e-post på nytt" in shown
    box.refused = ""
    browser.post(page, {"resend": "1"})
    assert [letter["To"] for letter in box.letters[1:]] == ["Tom <tom@example.no>"]
    assert "på nytt" not in browser.get(page).text
    assert sending.send_waiting(bob, about_cells.pk) == (0, 0), "nobody gets it twice"


def test_without_a_mail_server_everything_waits(
    box: Box, about_cells: Meeting, bob: Reach, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "EMAIL_PORT", 1)
    assert invite(bob, about_cells) == (0, 2)
    with as_reach(bob):
        assert queries.unsent(about_cells) == 2
        assert {each.state for each in Letter.objects.all()} == {Post.FAILED}


def test_letters_are_written_for_all_or_for_nobody(
    about_cells: Meeting, bob: Reach, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Caught: the second letter cannot be drawn, and the first one is there already."""
    written = letters.Draft.written

    def broken(self: letters.Draft, invitee: Invitee, token: str) -> bytes:
        if invitee.email.startswith("tina"):
            raise RuntimeError("no paper")
        return written(self, invitee, token)

    monkeypatch.setattr(letters.Draft, "written", broken)
    with pytest.raises(RuntimeError), as_reach(bob):
        letters.invite(bob, about_cells.pk)
    with as_reach(bob):
        assert not Letter.objects.exists()
        assert Meeting.objects.get(pk=about_cells.pk).state == "planned"


def test_a_letter_is_kept_no_longer_than_it_waits(
    box: Box, about_cells: Meeting, bob: Reach
) -> None:
    invite(bob, about_cells)
    with as_reach(bob):
        assert {(each.state, each.message) for each in Letter.objects.all()} == {("sent", None)}


def test_who_is_no_longer_invited_is_told_and_then_deleted(
    box: Box, about_cells: Meeting, bob: Reach
) -> None:
    invite(bob, about_cells)
    with as_reach(bob):
        tom = Invitee.objects.get(email="tom@example.no")
        letters.uninvite(bob, about_cells.pk, tom.pk)
    assert sending.send_waiting(bob, about_cells.pk) == (1, 0)
    assert calendar_of(box.letters[-1])["METHOD"] == "CANCEL"
    with as_reach(bob):
        assert [each.email for each in Invitee.objects.all()] == ["tina@example.no"]


def test_a_letter_that_two_send_at_once_goes_once(
    box: Box, about_cells: Meeting, bob: Reach
) -> None:
    with as_reach(bob):
        letters.invite(bob, about_cells.pk)
        keys: Sequence[Any] = [each.pk for each in Letter.objects.all()]
    connection = get_connection()
    # Both have read the list before either sends.
    went = [sending._send(bob, key, connection, "") for _who in range(2) for key in keys]
    assert went == [True, True, False, False]
    assert len(box.letters) == 2


ENCODED = "=?utf-8?q?M=C3=B8te=0d=0aBcc:_mallory@example.no=0d=0a=0d=0aPay_here?="
"""A header's own way to write letters, with line ends in it."""


@pytest.mark.parametrize("where", ["title", "organizer", "invitee"])
@pytest.mark.parametrize("words", [ENCODED, "Møte\r\nBcc: mallory@example.no", "Møte\x0bBcc: x"])
def test_no_title_and_no_name_becomes_a_header_of_its_own(
    where: str, words: str, box: Box, meeting: Meeting, bob: Reach
) -> None:
    with as_reach(bob):
        Invitee.objects.create(
            tenant_id=meeting.tenant_id,
            path=meeting.path,
            meeting=meeting,
            name=words if where == "invitee" else "Tom",
            email="tom@example.no",
            language="nb",
        )
        if where == "title":
            services.meeting_change(bob, meeting.pk, replace(PLAN, title=words))
    if where == "organizer":
        with as_whole_tree("owner"):
            Meeting.objects.using("owner").filter(pk=meeting.pk).update(organizer_name=words)
    assert invite(bob, meeting) == (1, 0)
    (letter,) = box.letters
    assert letter["Bcc"] is None
    assert {"Subject", "From", "To", "Date", "Message-ID"} <= set(letter.keys())
    assert "Hva gjør vi?" in told(letter)


# How the meeting lies and how old the letters are, and whether the night tries them again.
NIGHTS = [
    (timedelta(days=-1), timedelta(hours=5), True),
    (timedelta(days=-1), timedelta(days=4), False),
    (timedelta(days=1), timedelta(hours=5), False),
]


@pytest.mark.parametrize(("after_it", "old", "goes"), NIGHTS)
def test_the_night_tries_again_what_did_not_go(
    after_it: timedelta, old: timedelta, goes: bool, box: Box, about_cells: Meeting, bob: Reach
) -> None:
    now = about_cells.starts + after_it
    box.refused = "tom@example.no"
    invite(bob, about_cells)
    with superuser() as connection:
        connection.execute("UPDATE meet_letter SET made_at = %s", [now - old])
    box.refused = ""
    assert sending.send_left(now) == ((1, 0) if goes else (0, 0))
    assert [letter["To"] for letter in box.letters].count("Tom <tom@example.no>") == goes
    assert sending.send_left(now) == (0, 0)
