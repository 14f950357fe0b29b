"""The overview and the thread: it holds together from every bead, and says what is missing."""

import re
from html import unescape
from typing import Any
from uuid import UUID

import pytest

from puls.web.actions.notes import Origin
from puls.web.actions.planned import Planned, Wanted
from puls.web.actions.queries import actions, decisions
from puls.web.actions.services import action_add, decision_add
from puls.web.assess.models import Release
from puls.web.improve.proposals import Proposed
from puls.web.improve.services import improvement_begin
from puls.web.improve.steps import step_add, step_write
from puls.web.tenants.access import as_reach
from puls.web.tenants.models import Unit
from tests.web.cast import Cast, LogIn, reach_for
from tests.web.see.world import FEEDBACK, SCHOOL

DECIDED, DONE = "Vi begynner med tilbakemeldinger.", "Øveplan"
PLACES = ["indikator", "problem", "mote", "beslutning", "tiltak", "maling"]


@pytest.fixture
def thread(released: Release, cast: Cast) -> dict[str, str]:
    """A decision and an action for an indicator: where the thread can be taken up."""
    reach = reach_for(cast.bob)
    with as_reach(reach):
        unit = Unit.objects.get(key=SCHOOL)
        decision = decision_add(reach, unit, DECIDED, written_by="Bob")
        plan = Planned(DONE, decision=decision.pk, aims=(Wanted(FEEDBACK, "up"),))
        action = action_add(reach, unit, plan, written_by="Bob")
    return {
        "indikator": f"/den-rode-traden/indikator/{SCHOOL}.{FEEDBACK}/",
        "beslutning": f"/den-rode-traden/beslutning/{decision.pk}/",
        "tiltak": f"/den-rode-traden/tiltak/{action.pk}/",
    }


def at(page: str, place: str) -> str:
    return page.split(f'id="{place}"')[1].split('class="thread-place')[0]


def test_it_is_the_same_thread_from_every_bead(
    thread: dict[str, str], cast: Cast, log_in: LogIn
) -> None:
    bob = log_in(cast.bob)
    for kind, address in thread.items():
        page = bob.get(address).text
        assert re.findall(r'class="thread-place[^"]*" id="(\w+)"', page) == PLACES
        assert "Tilbakemeldinger" in at(page, "indikator")
        assert DECIDED in at(page, "beslutning")
        assert DONE in at(page, "tiltak")
        assert "ikke målt ennå" in at(page, "maling")
        assert 'aria-current="true"' in at(page, kind)
        others = {href for href in thread.values() if href != address}
        assert others <= set(re.findall(r'href="(/den-rode-traden/[^"]*)"', page)), kind


def test_what_is_missing_is_told_with_what_to_do(
    thread: dict[str, str], cast: Cast, log_in: LogIn
) -> None:
    page = log_in(cast.bob).get(thread["tiltak"]).text
    assert "Ingen har skrevet ned hvilken problemstilling" in at(page, "problem")
    assert "Ikke noe møte er knyttet" in at(page, "mote")
    cells = f"?valgt={SCHOOL}.{FEEDBACK}"
    assert f'href="/moter/nytt/{cells}"' in at(page, "mote")
    assert f'href="/prosesser/{SCHOOL}/ny/{cells}"' in at(page, "problem")
    lonely = log_in(cast.bob).get(f"/den-rode-traden/indikator/{SCHOOL}.student_wellbeing/").text
    assert "Det er ikke gjort noe med det" in at(lonely, "tiltak")
    assert f"/tiltak/{SCHOOL}/nytt/?indikator=student_wellbeing" in at(lonely, "tiltak")


def test_what_is_written_from_the_thread_knows_where_it_comes_from(
    released: Release, cast: Cast, log_in: LogIn
) -> None:
    """Caught: a decision or an action that hangs on nothing, so that the thread ends there."""
    reach, browser = reach_for(cast.bob), log_in(cast.bob)
    with as_reach(reach):
        unit = Unit.objects.get(key=SCHOOL)
        case = improvement_begin(reach, unit, "Råd", "Bob", "", []).pk
        step = step_add(reach, case, "Bob", Proposed(kind="reflect", title="Problem"))
        step_write(reach, step.pk, {"problem": "Hvordan?"}, {"problem": ""}, "Bob")
    thread = f"/den-rode-traden/forbedring/{case}/"
    (plan,) = re.findall(r'href="(/moter/nytt/[^"]*)"', browser.get(thread).text)
    given = {"title": "Møte", "day": "2026-12-08", "time": "14:00", "minutes": "60"}
    meeting = browser.post(unescape(plan), given)["Location"].split("/")[-2]
    (decide,) = re.findall(r'href="(/beslutninger/[^"]*/ny/[^"]*)"', browser.get(thread).text)
    said = {"text": DECIDED, "decided_on": "2026-12-08"}
    decision = browser.post(unescape(decide), said)["Location"]
    (act,) = re.findall(r'href="(/tiltak/[^"]*/nytt/[^"]*)"', browser.get(decision).text)
    action = browser.post(unescape(act), {"what": DONE, "agreed": "1"})["Location"]
    with as_reach(reach):
        wanted = Origin(case, step.pk, UUID(meeting))
        (decided,), (done,) = decisions(SCHOOL), actions(SCHOOL)
        assert (decided.origin, done.origin) == (wanted, wanted)
    for page in (decision, action):
        assert f'href="/moter/{meeting}/"' in browser.get(page).text, "and back"
    back = browser.get(f"/moter/{meeting}/").text
    assert f"/{case}/#steg-{step.pk}" in back


def test_a_reader_is_not_told_to_write(thread: dict[str, str], cast: Cast, log_in: LogIn) -> None:
    page = log_in(cast.alice).get(thread["tiltak"]).text
    assert "/nytt/" not in page
    assert "/ny/" not in page


def test_how_far_an_action_has_come_is_told_once_it_is_begun(
    thread: dict[str, str], cast: Cast, log_in: LogIn
) -> None:
    """Caught: "decided, 0 %" of what nobody was to begin with yet."""
    bob, number = log_in(cast.bob), thread["tiltak"].split("/")[-2]
    bob.post(f"/tiltak/{SCHOOL}/{number}/flytt/", {"move": "agree"})
    assert "%" not in at(bob.get(thread["tiltak"]).text, "tiltak")
    bob.post(f"/tiltak/{SCHOOL}/{number}/flytt/", {"move": "begin"})
    assert "0\N{NO-BREAK SPACE}%" in at(bob.get(thread["tiltak"]).text, "tiltak")


@pytest.mark.parametrize("who", ["charlie", "frida", "nora"])
def test_nobody_else_follows_it(
    who: str, thread: dict[str, str], cast: Cast, log_in: LogIn
) -> None:
    browser = log_in(getattr(cast, who))
    for address in thread.values():
        assert browser.get(address).status_code == 404


def test_it_is_reached_from_what_hangs_on_it(
    thread: dict[str, str], cast: Cast, log_in: LogIn
) -> None:
    bob = log_in(cast.bob)
    key = thread["tiltak"].split("/")[-2]
    decision = thread["beslutning"].split("/")[-2]
    for address, kind in (
        (f"/tiltak/{SCHOOL}/{key}/", "tiltak"),
        (f"/beslutninger/{SCHOOL}/{decision}/", "beslutning"),
        (f"/utvikling/{SCHOOL}/{FEEDBACK}/", "indikator"),
    ):
        assert f'href="{thread[kind]}"' in bob.get(address).text


@pytest.mark.parametrize(
    "address",
    [
        "/den-rode-traden/tiltak/6b1c7b0e-5a0e-4a52-9a4f-2f6f1d8f0c11/",
        "/den-rode-traden/tiltak/noe/",
        "/den-rode-traden/noe/1/",
        f"/den-rode-traden/indikator/{SCHOOL}.student_happiness/",
        f"/den-rode-traden/indikator/{FEEDBACK}/",
        f"/den-rode-traden/indikator/bergen-kulturskole.{FEEDBACK}/",
    ],
)
def test_what_is_no_thread(address: str, cast: Cast, log_in: LogIn) -> None:
    assert log_in(cast.bob).get(address).status_code == 404


def test_the_overview(thread: dict[str, str], cast: Cast, log_in: LogIn) -> None:
    bob = log_in(cast.bob)
    assert bob.get("/hva-gjor-vi/")["Location"] == f"/hva-gjor-vi/{SCHOOL}/"
    page = bob.get(f"/hva-gjor-vi/{SCHOOL}/").text
    for words in (DONE, DECIDED, "Foreslått", "Ingen prosess er i gang", "Åpne samtalearket"):
        assert words in page, words
    assert bob.get("/hva-gjor-vi/bergen-kulturskole/").status_code == 404


def test_the_front_page_says_what_is_under_way(
    thread: dict[str, str], cast: Cast, log_in: LogIn
) -> None:
    page: Any = log_in(cast.bob).get("/").text
    assert DONE in page
    assert f'href="/hva-gjor-vi/{SCHOOL}/"' in page


def test_an_action_that_began_stands_on_the_line_of_its_indicator(
    thread: dict[str, str], cast: Cast, log_in: LogIn
) -> None:
    bob = log_in(cast.bob)
    key = thread["tiltak"].split("/")[-2]
    line = f"/utvikling/{SCHOOL}/{FEEDBACK}/"
    assert f'<th scope="row">{DONE}</th>' not in bob.get(line).text
    bob.post(f"/tiltak/{SCHOOL}/{key}/flytt/", {"move": "begin"})
    assert f'<th scope="row">{DONE}</th>' in bob.get(line).text
