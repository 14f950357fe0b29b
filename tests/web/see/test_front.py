"""The front pages: each role's own, and what the first day looks like."""

import re

import pytest

from puls.units import UnitTree
from puls.web.assess.goals import Wish, goal_set
from puls.web.assess.models import Release
from puls.web.tenants.access import as_reach
from puls.web.tenants.models import Unit
from tests.web.cast import Cast, LogIn, reach_for
from tests.web.see import world
from tests.web.see.world import CREATIVITY, FEEDBACK, SCHOOL, WELLBEING

YEAR = "2025-26"


def part(page: str, id: str) -> str:
    """The section that the heading with this id begins."""
    found = re.search(rf'aria-labelledby="{id}".*?</section>', page, re.S)
    assert found, f"no section {id}"
    return found.group()


def test_a_leader_meets_the_three_questions_with_what_stands_out(
    released: Release, cast: Cast, log_in: LogIn
) -> None:
    page = log_in(cast.bob).get("/").text
    heads = re.findall(r"<h2[^>]*>(.*?)</h2>", page)
    assert heads == ["Hvor er vi?", "Hvor skal vi?", "Hva gjør vi?"]
    changed = part(page, "skiller-changed")
    assert CREATIVITY in changed
    assert "Økt siden 2024–25" in changed
    assert "Svak fordi 3,4 er under grensen 3,6" in part(page, "skiller-weak")
    assert page.count('class="card area"') == 4
    assert f"/hvor-er-vi/{SCHOOL}/{YEAR}/?vis=omrade-results" in page
    assert f'href="/hva-gjor-vi/{SCHOOL}/{YEAR}/"' in part(page, "hva")


def test_everything_that_stands_out_leads_to_its_reason(
    released: Release, cast: Cast, log_in: LogIn
) -> None:
    bob = log_in(cast.bob)
    links = re.findall(r'class="what"><a href="([^"#]*)#', bob.get("/").text)
    assert len(links) > 2
    for link in links:
        answer = bob.get(link.replace("&amp;", "&"))
        assert answer.status_code == 200
        assert 'class="reason' in answer.text


def test_the_areas_count_what_the_colour_table_has(
    released: Release, cast: Cast, log_in: LogIn
) -> None:
    """Level words and numbers of indicators, never a mean of them."""
    bob = log_in(cast.bob)
    cards = re.findall(r'<li class="card area">.*?</li>', bob.get("/").text, re.S)
    for card in cards:
        told = re.findall(r"<b>(\d+)</b> ([^<]+)</span></dt>", card)
        link = re.search(r'href="(/hvor-er-vi[^"]*)"', card)
        assert link
        table = bob.get(link.group(1)).text
        row = re.search(r'<tr class="[^"]*self.*?</tr>', table, re.S)
        words = re.findall(r'class="word">(?:<svg.*?</svg>)?([^<]+)<', row.group()) if row else []
        for count, word in told:
            assert words.count(word.strip()) == int(count), card


@pytest.mark.parametrize(
    ("person", "names"),
    [
        ("alice", ["Karmøy kommune", "Karmøy kulturskole"]),
        ("frida", ["Rogaland fylke", "Haugesund", "Karmøy"]),
        ("nora", ["Norge", "Rogaland", "Vestland"]),
    ],
)
def test_above_schools_the_units_stand_by_name_and_are_never_ranked(
    person: str, names: list[str], released: Release, cast: Cast, log_in: LogIn
) -> None:
    page = log_in(getattr(cast, person)).get("/").text
    table = page.split('<table class="units')[1].split("</table>")[0]
    rows = re.findall(r'<th scope="row">(?:<a[^>]*>)?([^<]+)<', table)
    assert rows == names
    assert "aria-sort" not in table


def test_a_goal_says_how_far_it_is(released: Release, cast: Cast, log_in: LogIn) -> None:
    reach = reach_for(cast.alice)
    before = part(log_in(cast.alice).get("/").text, "hvorhen")
    assert "Det er ikke satt noe mål ennå" in before
    with as_reach(reach):
        goal_set(reach, Unit.objects.get(key="no-1149"), Wish(FEEDBACK, value=3.9), set_by="Alice")
    for person in (cast.alice, cast.bob):
        told = part(log_in(person).get("/").text, "hvorhen")
        assert "Mål 3,9 (satt av Alice" in told
    assert "Tallet ligger 0,5 under målet." in told
    charlies = part(log_in(cast.charlie).get("/").text, "hvorhen")
    assert "Mål 3,9" not in charlies


def test_a_goal_is_held_against_the_newest_year_that_measured_it(
    released: Release, places: UnitTree, cast: Cast, log_in: LogIn
) -> None:
    """Caught: a small round of another survey, after which nothing holds a goal any more."""
    with as_reach(reach_for(cast.alice)):
        place = Unit.objects.get(key="no-1149")
        goal_set(reach_for(cast.alice), place, Wish(FEEDBACK, value=3.9), set_by="Alice")
        goal_set(reach_for(cast.alice), place, Wish(WELLBEING, value=4.9), set_by="Alice")
    world.small_round(places)
    bob = log_in(cast.bob)
    for address, id in (("/", "hvorhen"), ("/hvor-skal-vi/", "mal")):
        told = part(bob.get(address).text, id)
        assert "ingen tall å holde målet mot" not in told
        assert "Tallet ligger 0,5 under målet." in told
        assert f"/{SCHOOL}/{YEAR}/" in told
        years = re.findall(r"Tallet er fra (\S+)\.", told)
        assert sorted(years) == ["2025–26", "2026–27"], address


def test_an_area_that_the_newest_year_hardly_measured_shows_the_year_that_did(
    released: Release, places: UnitTree, cast: Cast, log_in: LogIn
) -> None:
    """Caught: "nothing is measured here yet", because one survey of a new year is sealed."""
    before = log_in(cast.bob).get("/").text
    assert "Tall fra" not in before
    world.small_round(places)
    page = log_in(cast.bob).get("/").text
    cards = re.findall(r'<li class="card area">.*?</li>', page, re.S)
    nothing = "Ingenting er målt her ennå"
    assert page.count(nothing) == before.count(nothing)
    for card in cards:
        assert ("Tall fra 2025–26" in card) is (f"/{YEAR}/?vis=omrade-" in card)
    assert {"Tall fra 2025–26" in card for card in cards} == {True, False}


def test_who_may_not_set_goals_is_not_told_to(released: Release, cast: Cast, log_in: LogIn) -> None:
    assert "Det er ikke satt noe mål" in log_in(cast.bob).get("/").text
    assert "Det er ikke satt noe mål" not in log_in(cast.tom).get("/").text


def links_of_steps(page: str) -> list[str]:
    steps = re.findall(r'<li class="card step.*?</li>', page, re.S)
    return [match for step in steps for match in re.findall(r'href="([^"]*)"', step)]


def test_the_first_day_leads_to_pages_that_are_there(cast: Cast, log_in: LogIn) -> None:
    for person, first in (
        ("bob", "/hvor-skal-vi/#"),
        ("alice", "/hvor-skal-vi/#"),
        ("tom", "/hvor-skal-vi/#"),
        ("frida", "/hvor-skal-vi/#"),
        ("nora", "/administrasjon/ny/"),
    ):
        browser = log_in(getattr(cast, person))
        page = browser.get("/").text
        assert "Ingenting er gitt ut om dere ennå" in page
        assert "Hvor er vi?" not in re.findall(r"<h2[^>]*>(.*?)</h2>", page)
        links = links_of_steps(page)
        assert links[0].startswith(first), person
        for link in links:
            assert browser.get(link).status_code == 200, f"{person}: {link}"


def test_the_first_day_leads_a_leader_to_a_round_without_commands(
    cast: Cast, log_in: LogIn
) -> None:
    page = log_in(cast.bob).get("/").text
    assert 'href="/runder/ny/"' in page
    assert "./puls" not in page
    assert "./puls import gsi" in log_in(cast.nora).get("/").text


def test_register_figures_that_are_there_are_shown_on_the_first_day(
    places: UnitTree, cast: Cast, log_in: LogIn
) -> None:
    """Without one answer the page shows what the registers say, and what to do next."""
    world.release(places, answers=False)
    page = log_in(cast.bob).get("/").text
    assert "Hvor er vi?" in page
    assert "For å få mer ut av det" in page
    assert "Spør for første gang" in page


def test_after_the_first_answers_the_first_day_is_over(
    released: Release, cast: Cast, log_in: LogIn
) -> None:
    page = log_in(cast.bob).get("/").text
    assert "Begynn her" not in page
    assert "./puls" not in page
