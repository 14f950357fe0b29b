"""In the room: coming in, notes, phases, and minutes that become decisions and actions."""

import re
from datetime import date
from html import unescape
from unittest.mock import patch

import pytest
from django.test import Client

from puls.errors import NotNow
from puls.web.actions.models import Action, Decision
from puls.web.meet import entrances, queries, room
from puls.web.meet.models import Event, Invitee, Item, Line, Meeting, Note
from puls.web.meet.people import Wanted, invitees_add
from puls.web.tenants.access import Reach, as_reach
from tests.database import superuser
from tests.web.cast import Cast, LogIn


@pytest.fixture
def live(meeting: Meeting, bob: Reach) -> Meeting:
    with as_reach(bob):
        return room.room_open(bob, meeting.pk)


def phone(live: Meeting) -> Client:
    """A phone that has scanned the square and pressed the button."""
    browser = Client()
    address = f"/m/{entrances.room_token(live)}/"
    assert browser.get(address).status_code == 200
    assert browser.post(address)["Location"] == f"/mote/{live.pk}/"
    return browser


def joined(bob: Reach, live: Meeting) -> int:
    with as_reach(bob):
        return Meeting.objects.get(pk=live.pk).joined


def test_following_a_link_counts_nobody_and_a_phone_counts_once(live: Meeting, bob: Reach) -> None:
    Client().get(f"/m/{entrances.room_token(live)}/")
    assert joined(bob, live) == 0
    one = phone(live)
    for _again in range(3):
        one.get(f"/mote/{live.pk}/")
    phone(live).get(f"/mote/{live.pk}/")
    assert joined(bob, live) == 2


def test_the_code_leads_in_however_it_is_typed(live: Meeting) -> None:
    code = entrances.room_code(live)
    assert re.fullmatch(r"[2-9A-HJKMNP-Z]{6}", code)
    typed = f" {code[:3].lower()} {code[3:]}"
    assert Client().post("/m/", {"code": typed})["Location"] == f"/mote/{live.pk}/"
    assert "Ingen rom er åpne" in Client().post("/m/", {"code": "AAAAAA"}).text


WAYS = ["/m/made-up/", "/m/%00/"]


@pytest.mark.parametrize("way", WAYS)
def test_a_made_up_link_leads_nowhere(way: str, live: Meeting) -> None:
    assert Client().get(way).status_code == 404


def test_without_an_entrance_a_phone_page_asks_for_the_code(live: Meeting) -> None:
    assert Client().get(f"/mote/{live.pk}/")["Location"] == "/m/"


def test_a_phone_of_one_meeting_is_none_of_another(
    about_cells: Meeting, live: Meeting, bob: Reach
) -> None:
    """Caught: a cookie that is moved to another meeting's name."""
    one = phone(live)
    kept = one.cookies[f"mote_{live.pk.hex[:16]}"].value
    one.cookies[f"mote_{about_cells.pk.hex[:16]}"] = kept
    answer = one.get(f"/mote/{about_cells.pk}/")
    assert answer.status_code == 404
    assert about_cells.title not in answer.text


def test_a_phone_that_was_in_is_told_that_the_room_is_closed(
    live: Meeting, cast: Cast, log_in: LogIn
) -> None:
    inside = phone(live)
    log_in(cast.bob).post(f"/moter/{live.pk}/lede/", {"end": "1"})
    page = inside.get(f"/mote/{live.pk}/").text
    assert "Møtet er over" in page
    assert "ikke kopiert" not in page


PAGES = ["/", "/moter/", "/moter/{key}/", "/moter/{key}/lede/", "/moter/{key}/skjerm/"]


@pytest.mark.parametrize("page", PAGES)
def test_an_entrance_is_no_log_in(page: str, live: Meeting) -> None:
    answer = phone(live).get(page.format(key=live.pk))
    assert answer.status_code == 302
    assert "/konto/logg-inn/" in answer["Location"]


def test_ones_own_link_shows_the_agenda_before_and_what_was_agreed_after(
    meeting: Meeting, bob: Reach
) -> None:
    with as_reach(bob):
        invitees_add(bob, meeting.pk, [Wanted("Liv", "liv@example.no")], "nb")
        token = entrances.entrance_for(Invitee.objects.get(), meeting)
    browser = Client()
    browser.post(f"/m/{token}/")
    page = f"/mote/{meeting.pk}/"
    shown = browser.get(page).text
    assert "Møtet har ikke begynt ennå" in shown
    assert "Hva tar vi først?" in shown
    assert "liv@example.no" not in shown
    with as_reach(bob):
        room.room_open(bob, meeting.pk)
        room.line_add(bob, meeting.pk, "decision", "Vi tar øveplanen", "Bob")
        room.room_close(bob, meeting.pk, "Bob")
    assert "Vi tar øveplanen" in browser.get(page).text


def test_a_note_comes_without_a_name_and_waits_while_everybody_thinks_alone(
    live: Meeting, bob: Reach, cast: Cast, log_in: LogIn
) -> None:
    with as_reach(bob):
        room.phase_set(bob, live.pk, "alone", 3)
    one, leader = phone(live), log_in(cast.bob)
    one.post(f"/mote/{live.pk}/lapp/{live.now}/", {"text": " Vi  spør for sjelden "})
    screen = f"/moter/{live.pk}/skjerm/"
    assert "1 lapp er lagt fram" in leader.get(screen).text
    assert "Vi spør for sjelden" not in leader.get(screen).text
    with as_reach(bob):
        room.phase_set(bob, live.pk, "together", 0)
        (note,) = queries.notes(live)
        room.note_group(bob, live.pk, note.pk, "Å spørre")
        fields = {field.name for field in Note._meta.get_fields()}
    assert fields == {"id", "tenant", "path", "meeting", "item", "text", "group", "number"}
    shown = leader.get(screen).text
    assert "Vi spør for sjelden" in shown
    assert "<h2>Å spørre</h2>" in shown


NO_NOTES = [("", "Skriv noe"), ("x" * 301, "høyst 300")]


@pytest.mark.parametrize(("text", "why"), NO_NOTES)
def test_what_is_no_note(text: str, why: str, live: Meeting) -> None:
    one = phone(live)
    answer = one.post(f"/mote/{live.pk}/lapp/{live.now}/", {"text": text}, follow=True)
    assert why in answer.text


MULTIPART = """--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n--x--\r\n"""


def test_letters_that_the_database_refuses_are_left_out(
    live: Meeting, bob: Reach, cast: Cast, log_in: LogIn
) -> None:
    """Caught: a text that reaches the database as it was sent; the answer would be 500."""
    one, leader = phone(live), log_in(cast.bob)
    address = f"/mote/{live.pk}/lapp/{live.now}/"
    assert one.post(address, {"text": "Mer\0tid"}).status_code == 302
    half = MULTIPART.format(name="text", text=r"Mer\ud800ro")
    kind = "multipart/form-data; boundary=x; charset=unicode_escape"
    assert one.generic("POST", address, half, kind).status_code == 302
    given = {"line": "action", "text": "Øv\0mer", "who": "\0Tom ", "due": "\0"}
    assert leader.post(f"/moter/{live.pk}/lede/", given).status_code == 302
    assert leader.get("/god-praksis/?q=%00").status_code == 200
    assert leader.get("/hvor-er-vi/karmoy-kulturskole%00/2025-26/").status_code == 404
    with as_reach(bob):
        assert [note.text for note in queries.notes(live)] == ["Mer tid", "Mer ro"]
        line = Line.objects.get()
    assert (line.text, line.who) == ("Øv mer", "Tom")


def test_a_vote_from_the_phone_shows_what_this_phone_chose(
    live: Meeting, bob: Reach, cast: Cast, log_in: LogIn
) -> None:
    one, leader = phone(live), log_in(cast.bob)
    with as_reach(bob):
        item = Item.objects.get(meeting=live, kind="rubric")
    leader.post(f"/moter/{live.pk}/lede/", {"vote": str(item.pk)})
    shown = one.get(f"/mote/{live.pk}/").text
    assert "Denne avstemningen er ikke anonym." in shown
    one.post(f"/mote/{live.pk}/stemme/{item.pk}/", {"option": "2"})
    one.post(f"/mote/{live.pk}/stemme/{item.pk}/", {"option": "3"})
    assert re.search(r'value="3" checked', one.get(f"/mote/{live.pk}/").text)
    assert "1 av 1 har svart" in leader.get(f"/moter/{live.pk}/lede/").text
    leader.post(f"/moter/{live.pk}/lede/", {"reveal": str(item.pk)})
    assert "avdekket" in leader.get(f"/moter/{live.pk}/skjerm/").text


def test_the_minutes_become_decisions_and_actions_once(
    live: Meeting, bob: Reach, cast: Cast, log_in: LogIn
) -> None:
    leader = log_in(cast.bob)
    lead = f"/moter/{live.pk}/lede/"
    leader.post(lead, {"line": "decision", "text": "Vi tar øveplanen"})
    action = {"line": "action", "text": "Skrive den", "who": "Liv", "due": "2027-01-15"}
    leader.post(lead, action)
    leader.post(lead, {"line": "question", "text": "Hva med dansen?"})
    leader.post(lead, {"end": "1"})
    page = leader.get(f"/moter/{live.pk}/referat/").text
    for words in ("Vi tar øveplanen", "Skrive den", "Liv", "Hva med dansen?", "følges opp"):
        assert words in page, words
    leader.post(f"/moter/{live.pk}/referat/", {"line": "decision", "text": "Og kurset"})
    with as_reach(bob):
        assert {each.text for each in Decision.objects.filter(meeting=live.pk)} == {
            "Vi tar øveplanen",
            "Og kurset",
        }
        (made,) = Action.objects.filter(meeting=live.pk)
        assert (made.what, made.responsible_name, made.due, made.state) == (
            "Skrive den",
            "Liv",
            date(2027, 1, 15),
            "agreed",
        )
        assert Line.objects.filter(handed_over__isnull=True).count() == 1
        assert Meeting.objects.get(pk=live.pk).state == "held"
        with pytest.raises(NotNow):
            room.line_remove(bob, live.pk, Line.objects.filter(kind="action").get().pk)
    assert leader.get(f"/moter/{live.pk}/referat.pdf").content[:4] == b"%PDF"


def test_events_are_numbered_without_a_gap_and_hold_nothing_of_anybody(
    live: Meeting, bob: Reach
) -> None:
    one = phone(live)
    one.get(f"/mote/{live.pk}/")
    one.post(f"/mote/{live.pk}/lapp/{live.now}/", {"text": "Hemmelig tanke"})
    with as_reach(bob):
        room.phase_set(bob, live.pk, "group", 5)
        found = list(Event.objects.order_by("number").values_list("number", "kind", "data"))
    assert [number for number, _kind, _data in found] == [1, 2, 3, 4]
    assert "Hemmelig" not in str(found)


def test_a_note_about_somebody_is_gone_for_good_also_after_the_meeting(
    live: Meeting, bob: Reach, cast: Cast, log_in: LogIn
) -> None:
    """Caught: a meeting that is over and keeps what was said about a single person."""
    leader, page = log_in(cast.bob), f"/moter/{live.pk}/referat/"
    for text in ("Kari kommer for sent", "Vi spør for sjelden"):
        phone(live).post(f"/mote/{live.pk}/lapp/{live.now}/", {"text": text})
    with as_reach(bob):
        room.room_close(bob, live.pk, "Bob")
        about = next(note for note in queries.notes(live) if "Kari" in note.text)
    assert "Kari kommer for sent" in leader.get(page).text
    assert log_in(cast.tom).post(page, {"note_remove": str(about.pk)}).status_code == 403
    leader.post(page, {"note_remove": str(about.pk)})
    shown = leader.get(page).text
    assert "Kari" not in shown
    assert "Vi spør for sjelden" in shown
    with superuser() as admin:
        rows = admin.execute("SELECT text FROM meet_note").fetchall()
        assert rows == [("Vi spør for sjelden",)]
        told = admin.execute("SELECT string_agg(data::text, '') FROM meet_event").fetchone()
        assert "Kari" not in str(told)


def test_minutes_say_what_did_not_come_up(
    live: Meeting, bob: Reach, cast: Cast, log_in: LogIn
) -> None:
    with as_reach(bob):
        _first, rubric, choice = queries.agenda(live)
        room.show(bob, live.pk, choice.pk)
        room.room_close(bob, live.pk, "Bob")
    page = log_in(cast.bob).get(f"/moter/{live.pk}/referat/").text
    (left,) = re.findall(r'<li class="meet-left">.*?<h3>([^<]+)</h3>', page, re.DOTALL)
    assert unescape(left) == rubric.heading
    assert page.count("Kom ikke opp i møtet.") == 1


def test_a_phone_leaves_room_for_notes_of_others(live: Meeting, bob: Reach) -> None:
    one, address = phone(live), f"/mote/{live.pk}/lapp/{live.now}/"
    with patch.object(room, "MOST_NOTES_OF_A_PHONE", 2):
        for n in range(3):
            one.post(address, {"text": f"Tanke {n}"})
        phone(live).post(address, {"text": "En annens"})
    with as_reach(bob):
        assert [note.text for note in queries.notes(live)] == ["Tanke 0", "Tanke 1", "En annens"]


def test_who_leads_says_how_many_there_are(live: Meeting, cast: Cast, log_in: LogIn) -> None:
    leader, lead = log_in(cast.bob), f"/moter/{live.pk}/lede/"
    for _phone in range(6):
        phone(live).get(f"/mote/{live.pk}/")
    (vote,) = re.findall(r'name="show" value="([^"]+)"[^>]*>Hvilket', leader.get(lead).text)
    leader.post(lead, {"show": vote})
    leader.post(lead, {"people": "7"})
    leader.post(lead, {"vote": vote})
    assert "0 av 7 har svart" in leader.get(lead).text
    for _voter in range(6):
        one = phone(live)
        one.post(f"/mote/{live.pk}/stemme/{vote}/", {"option": "2"})
    leader.post(lead, {"people": "5"})
    for page in (lead, f"/moter/{live.pk}/skjerm/"):
        assert "flere svar enn folk i rommet" in leader.get(page).text
    leader.post(lead, {"people": "0"})
    assert "6 av 6 har svart" in leader.get(lead).text
    # What all alike would tell is said before they vote, and the count of a hidden vote not after.
    shown = one.get(f"/mote/{live.pk}/").text
    assert "Har minst 5 svart uten at tallene kommer, har alle valgt det samme." in shown
    leader.post(lead, {"reveal": vote})
    wall = leader.get(f"/moter/{live.pk}/skjerm/").text
    assert "Avdekket" in wall
    for page in (wall, leader.get(lead).text, one.get(f"/mote/{live.pk}/").text):
        assert "Færre enn 5 svarte, eller alle valgte det samme." in page
        assert "6 av 6" not in page


@pytest.mark.parametrize("who", ["tom", "alice", "charlie"])
def test_nobody_else_leads(who: str, live: Meeting, cast: Cast, log_in: LogIn, bob: Reach) -> None:
    browser = log_in(getattr(cast, who))
    for end in ("lede/", "skjerm/"):
        assert browser.get(f"/moter/{live.pk}/{end}").status_code in (403, 404)
    for given in ({"end": "1"}, {"phase": "alone"}, {"line": "decision", "text": "x"}):
        assert browser.post(f"/moter/{live.pk}/lede/", given).status_code in (403, 404)
    with as_reach(bob):
        assert Meeting.objects.get(pk=live.pk).is_live


def test_an_action_starts_at_the_figures_that_the_team_looked_at(
    about_cells: Meeting, bob: Reach
) -> None:
    """So the next measurement can be held against them, and nobody has to choose them again."""
    with as_reach(bob):
        room.room_open(bob, about_cells.pk)
        room.line_add(bob, about_cells.pk, "action", "Skrive en øveplan", "Bob")
        room.room_close(bob, about_cells.pk, "Bob")
        item = about_cells.items.exclude(indicator="").get()
        made = Action.objects.get(meeting=about_cells.pk)
        (aim,) = made.aims.all()
    assert (aim.indicator, aim.baseline_id, aim.period) == (
        item.indicator,
        item.release,
        item.period,
    )
