"""Planning a meeting: who may, who reads, its states, its agenda, and what the database refuses."""

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.db.utils import Error
from django.test import Client

from puls.errors import NotAllowed, NotNow
from puls.web.assess.models import Release
from puls.web.meet import letters, people, queries, services
from puls.web.meet.freezing import frozen
from puls.web.meet.models import Kind, Meeting
from puls.web.meet.services import Thing
from puls.web.meet.states import NEXT, State, may_follow
from puls.web.packs import pack
from puls.web.tenants.access import Reach, as_reach
from puls.web.tenants.models import Unit
from tests.web.cast import Cast, LogIn, add_person, reach_for
from tests.web.meet.conftest import AUTHOR, PLAN, planned
from tests.web.see import world

SCHOOL, DANCE = "karmoy-kulturskole", "karmoy-kulturskole.dans"

# Who may plan a meeting where: those who work there, and nobody else.
PLANNERS = [
    ("bob", SCHOOL, True),
    ("bob", DANCE, False),
    ("tom", DANCE, True),
    ("tom", SCHOOL, False),
    ("alice", "no-1149", True),
    ("alice", SCHOOL, False),
    ("frida", "no-11", False),
    ("nora", "no", False),
]


@pytest.mark.parametrize(("who", "unit", "may"), PLANNERS)
def test_who_may_plan(who: str, unit: str, may: bool, cast: Cast) -> None:
    if may:
        assert planned(getattr(cast, who), unit).place_name
        return
    with pytest.raises(NotAllowed, match="Bare de som arbeider her"):
        planned(getattr(cast, who), unit)


def test_a_teacher_of_the_school_plans_too(cast: Cast) -> None:
    assert planned(add_person("tina", SCHOOL, "teacher")).state == "planned"


# Who reads a meeting of Bob's school: its people, and those of its departments. What a school
# talks about may rest on results that its owner does not see yet.
READERS = [("bob", 200), ("tom", 200), ("alice", 404), ("frida", 404), ("nora", 404)]


@pytest.mark.parametrize(("who", "status"), [*READERS, ("charlie", 404)])
def test_who_reads_it(who: str, status: int, meeting: Meeting, cast: Cast, log_in: LogIn) -> None:
    bob = reach_for(cast.bob)
    with as_reach(bob):
        people.invitees_add(bob, meeting.pk, list(people.wanted("liv@example.no")), "nb")
    browser = log_in(getattr(cast, who))
    page = browser.get(f"/moter/{meeting.pk}/")
    assert page.status_code == status
    assert browser.get(f"/moter/{meeting.pk}/sakliste.pdf").status_code == status
    # Only those who plan see who is invited.
    assert ("liv@example.no" in page.text) is (who == "bob")
    assert (meeting.title in browser.get("/moter/").text) is (status == 200)


# Alice owns Karmøy and runs Haugesund's school together with Haugesund. Bob and Tom read what she
# meets about, and see no results of a school or a department that is not theirs.
ABOUT = [
    ("haugesund-kulturskole", {"alice": True, "bob": False, "tom": False}),
    (SCHOOL, {"alice": True, "bob": True, "tom": True}),
    (f"{SCHOOL}.musikk", {"bob": True, "tom": False}),
    ("no-1149", {"alice": True, "bob": True, "tom": True}),
]


@pytest.mark.parametrize(("about", "readers"), ABOUT)
def test_an_agenda_shows_results_within_the_reader_s_reach_alone(
    about: str, readers: dict[str, bool], released: Release, cast: Cast, log_in: LogIn
) -> None:
    planner = getattr(cast, next(iter(readers)))
    reach = reach_for(planner)
    with as_reach(reach):
        (cell,) = frozen(reach, [(about, world.FEEDBACK)], None, None, pack())
        things = (Thing(Kind.CELL, "Cellen", cell=cell), Thing(Kind.QUESTION, "Spørsmålet"))
        place = Unit.objects.get(key=reach.unit)
        made = services.meeting_add(reach, place, PLAN, things, AUTHOR)
    for who, sees in readers.items():
        browser = log_in(getattr(cast, who))
        for address in ("", "referat/"):
            page = browser.get(f"/moter/{made.pk}/{address}")
            assert ("Cellen" in page.text) is sees, (who, address)
            assert "Spørsmålet" in page.text
        assert browser.get(f"/moter/{made.pk}/sakliste.pdf").status_code == 200


CHANGES: list[tuple[str, dict[str, str]]] = [
    ("", {"send": "1"}),
    ("", {"cancel": "1"}),
    ("endre/", {"title": "Nå", "day": "2026-12-09", "time": "10:00", "minutes": "60"}),
    ("sak/ny/", {"kind": "comment", "heading": "Min sak"}),
    ("folk/", {"people": "x@example.no"}),
    ("svar/", {"pasted": "BEGIN:VCALENDAR"}),
]


@pytest.mark.parametrize("who", ["tom", "alice", "charlie"])
def test_nobody_else_changes_it(who: str, meeting: Meeting, cast: Cast, log_in: LogIn) -> None:
    browser = log_in(getattr(cast, who))
    for end, given in CHANGES:
        answer = browser.post(f"/moter/{meeting.pk}/{end}", given)
        assert answer.status_code in (403, 404), end
    with as_reach(reach_for(cast.bob)):
        now = Meeting.objects.get(pk=meeting.pk)
        assert (now.title, now.state, now.items.count()) == (meeting.title, "planned", 3)
        assert not now.invitees.exists()


def test_who_has_access_there_is_written_down_with_one_press(
    meeting: Meeting, cast: Cast, log_in: LogIn
) -> None:
    """Below the meeting's unit; neither its planner nor anybody who is invited already."""
    add_person("odd", "haugesund-kulturskole", "teacher")
    page, bob = f"/moter/{meeting.pk}/folk/", log_in(cast.bob)
    assert "tom@example.no" not in bob.get(page).text
    asked = bob.get(f"{page}?alle=1").text.partition("<textarea")[2].partition("</textarea>")[0]
    assert re.findall(r"\w+@", asked) == ["tom@"]
    bob.post(page, {"people": "Tom <tom@example.no>"})
    assert "?alle=1" not in bob.get(page).text


@pytest.mark.parametrize(
    ("name", "read"), [("Åse Ø. Dahl", "Åse Ø. Dahl"), ("Ruud, Per", "Ruud Per"), ("a@b.no", "")]
)
def test_what_is_written_down_of_somebody_is_read_back(name: str, read: str) -> None:
    (found,) = people.wanted(people.written(name, "a@b.no"))
    assert (found.name, found.email) == (read, "a@b.no")


STATES = [
    ("planned", {"invited", "held", "cancelled"}),
    ("invited", {"held", "cancelled"}),
    ("held", set()),
    ("cancelled", set()),
]


@pytest.mark.parametrize(("now", "then"), STATES)
def test_which_state_follows_which(now: str, then: set[str]) -> None:
    assert {each for each in State if may_follow(now, each)} == then
    assert set(NEXT) == set(State)


def test_what_is_cancelled_stays_as_it_was(meeting: Meeting, bob: Reach) -> None:
    with as_reach(bob):
        letters.call_off(bob, meeting.pk)
        for act in (
            lambda: services.meeting_change(bob, meeting.pk, PLAN),
            lambda: letters.call_off(bob, meeting.pk),
            lambda: services.item_add(bob, meeting.pk, Thing(Kind.COMMENT, "Nytt")),
            lambda: letters.invite(bob, meeting.pk),
        ):
            with pytest.raises(NotNow, match="over eller avlyst"):
                act()


LATER = timedelta(hours=1)
NO_PLANS: list[tuple[dict[str, Any], str]] = [
    ({"title": " "}, "en tittel"),
    ({"title": "x" * 201}, "høyst 200"),
    ({"minutes": 4}, "mellom 5 minutter"),
    ({"every": "week"}, "siste dag"),
    ({"until": date(2026, 12, 20)}, "siste dag"),
    ({"every": "week", "until": date(2026, 12, 8)}, "etter den første"),
    ({"every": "week", "until": date(2028, 12, 8)}, "innen et år"),
]


def test_what_is_no_plan(meeting: Meeting, bob: Reach) -> None:
    for other, why in NO_PLANS:
        with as_reach(bob), pytest.raises(NotNow, match=why):
            services.meeting_change(bob, meeting.pk, replace(PLAN, **other))


def test_the_sequence_rises_only_when_somebody_knows_the_meeting(
    about_cells: Meeting, bob: Reach
) -> None:
    key = about_cells.pk
    with as_reach(bob):
        assert not services.meeting_change(bob, key, replace(PLAN, minutes=90)).tells
        assert Meeting.objects.get(pk=key).sequence == 0
        letters.invite(bob, key)
        assert not services.meeting_change(bob, key, replace(PLAN, minutes=90)).fields
        later = replace(PLAN, minutes=90, starts=PLAN.starts + LATER)
        moved = services.meeting_change(bob, key, later)
        assert (moved.tells, moved.fields, moved.meeting.sequence) == (True, ("starts",), 1)


def test_items_keep_an_order_that_one_can_change(meeting: Meeting, bob: Reach) -> None:
    with as_reach(bob):
        a, b, c = queries.agenda(meeting)
        services.item_shift(bob, meeting.pk, c.pk, -1)
        assert queries.agenda(meeting) == [a, c, b]
        services.item_shift(bob, meeting.pk, b.pk, 1)
        assert queries.agenda(meeting) == [a, c, b], "at an end it stays"
        services.item_remove(bob, meeting.pk, a.pk)
        services.item_change(bob, meeting.pk, c.pk, "Annet", "Mer", 5)
        now = queries.agenda(meeting)
        assert [each.heading for each in now] == ["Annet", b.heading]
        assert queries.minutes_of(now) == 5


NO_THINGS = [
    (Thing(Kind.COMMENT, " "), "overskrift"),
    (Thing(Kind.RUBRIC, "x", rubric="happiness"), "ikke noe slikt kjennetegn"),
    (Thing(Kind.CHOICE, "x", options=("bare ett",)), "2 til 8"),
    (Thing(Kind.PICTURE, "x", picture="1"), "hva bildet viser"),
    (Thing(Kind.COMMENT, "x", minutes=601), "Mellom 0 og 600"),
]


def test_what_is_no_item(meeting: Meeting, bob: Reach) -> None:
    for thing, why in NO_THINGS:
        with as_reach(bob), pytest.raises(NotNow, match=why):
            services.item_add(bob, meeting.pk, thing)


LIV = "Liv Lærer <Liv@Skole.no>; tor@skole.no"
PASTED = [
    (LIV, [("Liv Lærer", "liv@skole.no"), ("", "tor@skole.no")]),
    ("a@b.no\n\n  c@d.no,\n", [("", "a@b.no"), ("", "c@d.no")]),
]


@pytest.mark.parametrize(("text", "found"), PASTED)
def test_names_and_addresses_as_people_paste_them(text: str, found: list[Any]) -> None:
    assert [(each.name, each.email) for each in people.wanted(text)] == found


@pytest.mark.parametrize("text", ["liv", "liv@", "a@b.no\nBcc: x@y", "<script>@x.no"])
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(NotNow, match="ingen e-postadresse"):
        list(people.wanted(text))


def test_those_who_were_invited_are_deleted_a_month_later(about_cells: Meeting, bob: Reach) -> None:
    day = about_cells.forget_on
    assert day == date(2027, 1, 7)
    with as_reach(bob):
        letters.invite(bob, about_cells.pk)
        assert people.people_forget(day - timedelta(days=1)) == 0
        assert people.people_forget(day) == 2
        assert not about_cells.letters.exists()
        assert not about_cells.entrances.exists()
        assert Meeting.objects.filter(pk=about_cells.pk).exists()


# Pages, as somebody uses them.


def test_a_meeting_is_made_from_cells_that_were_chosen(
    released: Release, cast: Cast, log_in: LogIn
) -> None:
    browser: Client = log_in(cast.bob)
    chosen = f"{world.SCHOOL}.{world.FEEDBACK},no-1149.{world.WELLBEING}"
    address = f"/moter/nytt/?valgt={chosen}&skolear=2025-26&per={released.pk}"
    assert "3,4" in browser.get(address).text
    given = {"title": "Om tallene", "day": "2026-12-08", "time": "14:00", "minutes": "60"}
    answer = browser.post(address, given)
    assert answer.status_code == 302
    page = browser.get(answer["Location"]).text
    for words in ("Om tallene", "14.00–15.00", "3,4", "svak", "Karmøy kommune", "148"):
        assert words in page, words


def test_a_frozen_cell_stays_when_another_release_comes(
    about_cells: Meeting, cast: Cast, log_in: LogIn, places: Any
) -> None:
    world.correct(places, 20)
    page = log_in(cast.bob).get(f"/moter/{about_cells.pk}/").text
    assert "148 svarte" in page
    assert "168 svarte" not in page


def test_a_cell_outside_reach_makes_no_meeting(
    released: Release, cast: Cast, log_in: LogIn
) -> None:
    address = f"/moter/nytt/?valgt=bergen-kulturskole.{world.FEEDBACK}"
    assert log_in(cast.bob).get(address).status_code == 404


@pytest.mark.parametrize("kind", ["pdf", "pptx"])
def test_the_agenda_as_a_file(kind: str, about_cells: Meeting, cast: Cast, log_in: LogIn) -> None:
    answer = log_in(cast.bob).get(f"/moter/{about_cells.pk}/sakliste.{kind}")
    assert answer.status_code == 200
    assert answer.content[:4] == {"pdf": b"%PDF", "pptx": b"PK\x03\x04"}[kind]


def test_next_meeting_and_those_of_an_improvement(cast: Cast, bob: Reach) -> None:
    with as_reach(bob):
        place = Unit.objects.get(key=SCHOOL)
        of = services.Origin(improvement=uuid4(), step=uuid4())
        soon = services.meeting_add(bob, place, PLAN, (), AUTHOR, of)
        later = replace(PLAN, starts=PLAN.starts + timedelta(days=7))
        services.meeting_add(bob, place, later, (), AUTHOR)
        assert queries.next_meeting(SCHOOL) == soon
        assert queries.meetings(SCHOOL, improvement=of.improvement) == [soon]
        assert queries.meetings(SCHOOL, step=of.step) == [soon]
        assert len(queries.meetings(SCHOOL)) == 2
        letters.call_off(bob, soon.pk)
        assert queries.next_meeting(SCHOOL) != soon


# What the database refuses, whoever asks.

BROKEN = [
    "UPDATE meet_meeting SET title = ''",
    "UPDATE meet_meeting SET minutes = 2",
    "UPDATE meet_meeting SET state = 'lost'",
    "UPDATE meet_meeting SET every = 'week'",
    "UPDATE meet_meeting SET closed_at = now()",
    "UPDATE meet_meeting SET phase = 'asleep'",
    "UPDATE meet_meeting SET uid = 'another'",
    "UPDATE meet_item SET vote = 'open'",
    "UPDATE meet_item SET vote = 'revealed'",
    "UPDATE meet_item SET key = 'x'",
    "UPDATE meet_item SET path = 'no'",
]


def test_what_the_database_refuses(meeting: Meeting, bob: Reach) -> None:
    for change in BROKEN:
        with pytest.raises(Error), as_reach(bob):
            connection.cursor().execute(change)


def test_a_row_belongs_to_its_meeting_and_no_other_place(meeting: Meeting, cast: Cast) -> None:
    """Caught: a note put into Bob's meeting by somebody who writes rows of another school."""
    charlie = reach_for(cast.charlie)
    with pytest.raises(Error), as_reach(charlie), connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO meet_note (id, tenant_id, path, meeting_id, text, "group", number)'
            " VALUES (gen_random_uuid(), %s, %s, %s, 'x', '', 1)",
            [charlie.tenant_key, charlie.paths[0], meeting.pk],
        )
