"""Answers of calendars, matched by meeting, version and person; and what is not believed."""

from pathlib import Path

import pytest

from puls.errors import ImportFileError
from puls.web.meet import letters, replies
from puls.web.meet.models import Invitee, Meeting
from puls.web.tenants.access import Reach, as_reach, as_whole_tree
from tests.web.cast import Cast, LogIn


@pytest.fixture
def invited(about_cells: Meeting, bob: Reach) -> Meeting:
    with as_reach(bob):
        letters.invite(bob, about_cells.pk)
    return about_cells


def reply(
    uid: str,
    says: str = "ACCEPTED",
    who: str = "tom@example.no",
    sequence: int = 0,
    at: str = "20261201T080000Z",
    more: str = "",
    method: str = "REPLY",
) -> bytes:
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", f"METHOD:{method}", "BEGIN:VEVENT",
        f"UID:{uid}", f"SEQUENCE:{sequence}", f"DTSTAMP:{at}",
        f"ATTENDEE;PARTSTAT={says}:mailto:{who}", *more.split("|"), "END:VEVENT", "END:VCALENDAR",
    ]  # fmt: skip
    return "\r\n".join(line for line in lines if line).encode()


def take(bob: Reach, data: bytes) -> list[str]:
    with as_reach(bob):
        return [each.why for each in replies.take(replies.answers_in(data, "svar.ics"))]


def tom(bob: Reach) -> Invitee:
    with as_reach(bob):
        return Invitee.objects.get(email="tom@example.no")


SAID = [("ACCEPTED", "yes"), ("DECLINED", "no"), ("TENTATIVE", "perhaps")]


@pytest.mark.parametrize(("partstat", "said"), SAID)
def test_an_answer_stands_beside_the_name(
    partstat: str, said: str, invited: Meeting, bob: Reach
) -> None:
    assert take(bob, reply(invited.uid, partstat, more="COMMENT:Litt sent")) == [""]
    assert (tom(bob).said, tom(bob).comment) == (said, "Litt sent")


def test_another_time_is_shown_to_who_plans(invited: Meeting, bob: Reach) -> None:
    data = reply(invited.uid, method="COUNTER", more="DTSTART:20261209T090000Z")
    assert take(bob, data) == [""]
    assert tom(bob).said == "other_time"
    assert f"{tom(bob).wants:%d %H}" == "09 09"


# What is not counted, and the word in the sentence that says why.
NOT_COUNTED = [
    ({"who": "eve@example.no"}, "ikke invitert"),
    ({"sequence": 1}, "aldri er sendt"),
    ({"says": "DELEGATED"}, "sendt innkallingen videre"),
    ({"more": "RECURRENCE-ID:20261208T130000Z"}, "én av flere dager"),
]


@pytest.mark.parametrize(("given", "why"), NOT_COUNTED)
def test_what_is_not_counted(
    given: dict[str, object], why: str, invited: Meeting, bob: Reach
) -> None:
    (said,) = take(bob, reply(invited.uid, **given))  # type: ignore[arg-type]
    assert why in said
    assert tom(bob).said == "unknown"


def test_an_answer_to_an_older_invitation_or_written_earlier_changes_nothing(
    invited: Meeting, bob: Reach
) -> None:
    assert take(bob, reply(invited.uid, "DECLINED", at="20261202T080000Z")) == [""]
    (said,) = take(bob, reply(invited.uid, "ACCEPTED", at="20261201T080000Z"))
    assert "svart på nytt" in said
    with as_reach(bob):
        Meeting.objects.filter(pk=invited.pk).update(sequence=1)
    (said,) = take(bob, reply(invited.uid, "ACCEPTED", at="20261203T080000Z"))
    assert "eldre innkalling" in said
    assert tom(bob).said == "no"


def test_another_units_meeting_is_none_of_ours(invited: Meeting, cast: Cast, log_in: LogIn) -> None:
    from tests.web.cast import reach_for

    (said,) = take(reach_for(cast.charlie), reply(invited.uid))
    assert "ikke er planlagt her" in said
    (said,) = take(reach_for(cast.tom), reply(invited.uid))
    assert "ikke er planlagt her" in said


def letter(ics: bytes, sender: str = "tom@example.no") -> bytes:
    return (
        f"From: Tom <{sender}>\r\nSubject: Godtatt\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: text/plain\r\n\r\nJa\r\n"
        "--b\r\nContent-Type: text/calendar; method=REPLY; charset=utf-8\r\n\r\n"
    ).encode() + (
        ics
        + b"\r\n--b\r\nContent-Type: application/ics\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        + ics
        + b"\r\n--b--\r\n"
    )


def test_a_letter_with_the_same_answer_twice_counts_once(invited: Meeting, bob: Reach) -> None:
    assert take(bob, letter(reply(invited.uid))) == [""]
    assert tom(bob).said == "yes"


HOSTILE = [
    b"",
    b"no letter at all",
    b"From: a@b.no\r\n\r\nHello",
    b"x" * (replies.MOST_BYTES + 1),
    b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    + b"--b\r\nContent-Type: text/plain\r\n\r\nx\r\n" * 60
    + b"--b--",
]


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_what_holds_no_answer_is_refused(number: int) -> None:
    with pytest.raises(ImportFileError):
        replies.answers_in(HOSTILE[number], "svar.eml")


def test_a_maildir_is_read_for_the_whole_house(
    invited: Meeting, bob: Reach, tmp_path: Path
) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "cur").mkdir()
    (tmp_path / "new" / "1").write_bytes(letter(reply(invited.uid, "DECLINED")))
    (tmp_path / "cur" / "2").write_bytes(b"From: a@b.no\r\n\r\nIkke noe svar")
    read = list(replies.files([tmp_path]))
    assert [path.name for path in read] == ["1", "2"]
    with as_whole_tree("owner"):
        (found,) = replies.take(replies.read_file(read[0]), "owner")
    assert found.is_kept
    assert tom(bob).said == "no"


def test_answers_are_read_in_on_a_page(invited: Meeting, cast: Cast, log_in: LogIn) -> None:
    browser = log_in(cast.bob)
    address = f"/moter/{invited.pk}/svar/"
    pasted = reply(invited.uid).decode()
    assert "Svaret fra tom@example.no" in browser.post(address, {"pasted": pasted}).text
    assert "✓ kommer" in browser.get(f"/moter/{invited.pk}/").text
    assert "ikke noe svar å lese" in browser.post(address, {"pasted": "hei"}).text
