"""From an indicator to its next measurement through the pages alone, and back, bead by bead."""

import re
from html import unescape
from itertools import pairwise
from typing import Any

import pytest
from django.urls import reverse

from puls.units import UnitTree
from puls.web.assess.models import Release
from puls.web.improve import queries as improve
from puls.web.meet import queries as meet
from puls.web.tenants.access import as_reach
from tests.web.cast import Cast, LogIn, reach_for
from tests.web.see import world
from tests.web.see.world import FEEDBACK, SCHOOL

DECIDED, DONE = "Vi prøver én ny vane i alle timer.", "Øveplan i alle grupper"
PLACES = ["indikator", "problem", "mote", "beslutning", "tiltak", "maling"]
START = f"/den-rode-traden/indikator/{SCHOOL}.{FEEDBACK}/"


def button(page: str, words: str) -> str:
    """Where the first link with these words leads."""
    found = re.search(rf'<a [^>]*href="([^"]+)"[^>]*>{re.escape(words)}', page)
    assert found, words
    return unescape(found[1])


def at(page: str, place: str) -> str:
    return page.split(f'id="{place}"')[1].split('class="thread-place')[0]


@pytest.fixture
def bob(released: Release, cast: Cast, log_in: LogIn) -> Any:
    """Bob, who went from a cell to an action by the buttons of the pages."""
    browser = log_in(cast.bob)
    new = f"/prosesser/{SCHOOL}/ny/"
    sent = {"valgt": f"{SCHOOL}.{FEEDBACK}", "mal": "feedback_used", "first_day": "2026-01-12"}
    process = browser.post(new, sent)["Location"]
    browser.post(f"{process}gjor/", {"gjor": "tilstand", "til": "under_way"})
    meeting = {"title": "Personalmøte", "day": "2026-12-08", "time": "14:00", "minutes": "60"}
    browser.post(button(browser.get(process).text, "Send møteinnkalling"), meeting)
    to = button(browser.get(process).text, "Ny beslutning")
    assert f'href="{process}' in browser.get(to).text, "the form leads back"
    decision = browser.post(to, {"text": DECIDED, "decided_on": "2026-12-08"})["Location"]
    assert button(browser.get(decision).text, "Til prosessen").startswith(f"{process}#steg-")
    to = button(browser.get(process).text, "Nytt tiltak")
    form = browser.get(to).text
    assert f'<option value="{FEEDBACK}" selected>' in form
    assert f'value="{decision.split("/")[-2]}" selected>' in form
    aim = {"what": DONE, "aim1": FEEDBACK, "way1": "up", "decision": decision.split("/")[-2]}
    action = browser.post(to, {**aim, "agreed": "1"})["Location"]
    assert button(browser.get(action).text, "Til prosessen").startswith(f"{process}#steg-")
    browser.post(f"{action}flytt/", {"move": "begin"})
    return browser


def test_what_was_written_stands_in_the_step_it_was_written_from(bob: Any, cast: Cast) -> None:
    with as_reach(reach_for(cast.bob)):
        (process,) = improve.improvements(SCHOOL)
        line = {step.kind: step for step in improve.steps(process.pk)}
        (meeting,) = meet.meetings(SCHOOL, improvement=process.pk)
    assert meeting.step == line["data"].pk
    page = bob.get(reverse("improve:improvement", args=[process.pk])).text
    for kind, words in (("decide", DECIDED), ("act", DONE)):
        assert words in page.split(f'id="steg-{line[kind].pk}"')[1].split('class="step-foot')[0]


def test_the_chain_is_walked_in_both_directions(bob: Any, places: UnitTree) -> None:
    words = {
        "indikator": "Tilbakemeldinger",
        "problem": "Hvordan kan elevene",
        "mote": "Personalmøte",
        "beslutning": DECIDED,
        "tiltak": DONE,
        "maling": "ikke målt ennå",
    }
    way = PLACES[:-1]
    address, walked = START, [START]
    for here, beyond in [*pairwise(way), *pairwise(way[::-1])]:
        page = bob.get(address).text
        for place, said in words.items():
            assert said in at(page, place), (here, place)
        address = button(at(page, beyond), "Tråden herfra")
        walked.append(address)
    assert walked == walked[::-1], "the way back leads over the same beads"
    world.release(places, period=world.PERIOD + 1)
    for address in walked[: len(way)]:
        measured = at(bob.get(address).text, "maling")
        assert "ikke målt ennå" not in measured
        assert "2026–27" in measured


def test_every_thing_on_the_chain_leads_to_it(bob: Any) -> None:
    page = bob.get(START).text
    for place in PLACES[:-1]:
        thing = unescape(re.findall(r'class="bead-name"><a href="([^"]+)"', at(page, place))[0])
        assert "/den-rode-traden/" in button(bob.get(thing).text, "Følg den røde tråden")


@pytest.mark.parametrize("asked", ["forbedring=noe", f"forbedring={'0' * 32}&steg=x"])
def test_an_origin_that_is_none(asked: str, cast: Cast, log_in: LogIn) -> None:
    for address in (f"/tiltak/{SCHOOL}/nytt/", f"/beslutninger/{SCHOOL}/ny/"):
        assert log_in(cast.bob).get(f"{address}?{asked}").status_code == 404
