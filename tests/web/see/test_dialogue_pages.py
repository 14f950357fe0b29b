"""The page of the dialogue map, and what a team writes on it."""

import re
from typing import Any

import pytest
from django.test import Client

from puls.units import UnitTree
from puls.web.assess.models import Release
from puls.web.packs import pack
from puls.web.see import connected
from tests.web.cast import Cast, LogIn, add_person
from tests.web.see import world
from tests.web.see.world import FEEDBACK, SCHOOL, WELLBEING

RELATION, MOTIVATION = "student_teacher_relation", "student_intrinsic_motivation"
MAP = f"/hvordan-henger-det-sammen/{SCHOOL}/2025-26/"
NOTE = "De som blir sett, trives."


def names_on(page: str) -> list[str]:
    """The indicators that the list names, in its order."""
    listing = page.split('class="map-narrow"')[1].split("<details")[0]
    return re.findall(r'class="map-name">(?:<a [^>]*>)?([^<]*)<', listing)


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def write(browser: Client, a: str = RELATION, b: str = WELLBEING, note: str = NOTE) -> Any:
    return browser.post(MAP, {"a": a, "b": b, "note": note}, follow=True)


def test_everything_known_stands_in_three_columns(
    released: Release, cast: Cast, log_in: LogIn
) -> None:
    page = plain(log_in(cast.bob).get(MAP).text)
    shown = names_on(page)
    assert "Tilbakemeldinger" in shown
    assert shown.index("Støtte hjemmefra (elevene)") < shown.index("Tilbakemeldinger")
    assert shown.index("Tilbakemeldinger") < shown.index("Trivsel (elevene)")
    assert "Netto driftsutgifter per innbygger 6–15 år" not in shown, "nobody here has a number"
    for told in (
        "1 par av dem går tydelig sammen i landet.",
        "Går tydelig sammen med Trivsel (elevene).",
        "Tallene avgjør ikke: Indre motivasjon (elevene).",
        # Nobody has chosen yet, and there is still something to talk about.
        "Elev-lærer-relasjon – Trivsel (elevene)",
        "Hvordan merker en elev at vi er glad",
        "trenger ikke å være årsak",
    ):
        assert told in page, told


def test_a_chosen_one_and_its_neighbours_stay(released: Release, cast: Cast, log_in: LogIn) -> None:
    bob = log_in(cast.bob)
    page = plain(bob.get(f"{MAP}?valgt={WELLBEING}").text)
    assert names_on(page) == [
        "Elev-lærer-relasjon", "Trivsel (elevene)", "Indre motivasjon (elevene)"
    ]  # fmt: skip
    assert "Kommuner som er høyere på det ene" in page
    assert "Undersøkt, men tallene avgjør det ikke." in page
    page = plain(bob.get(f"{MAP}?valgt={WELLBEING}&ved={MOTIVATION}").text)
    assert "Kjenner vi elever der" in page
    assert f'href="/utvikling/{SCHOOL}/{WELLBEING}/"' in page


def test_one_that_is_not_on_the_overview_widens_the_map(
    released: Release, cast: Cast, log_in: LogIn
) -> None:
    bob = log_in(cast.bob)
    assert len(names_on(bob.get(f"{MAP}?valgt=parent_wellbeing").text)) > 1, "nothing known of it"
    assert bob.get(f"{MAP}?valgt=no_such&ved=nor_this&vis=neither").status_code == 200


def test_every_selection_is_a_page_in_every_language(
    released: Release, cast: Cast, log_in: LogIn
) -> None:
    bob = log_in(cast.bob)
    for language in pack().languages:
        bob.post("/konto/sprak/", {"language": language, "next": "/"})
        for show in connected.selections(pack()):
            assert bob.get(f"{MAP}?vis={show}").status_code == 200


@pytest.mark.parametrize(
    ("who", "unit", "status"),
    [
        ("bob", "no-4601", 404), ("charlie", SCHOOL, 404), ("alice", SCHOOL, 200),
        ("nora", "no-1149", 200), ("nora", SCHOOL, 404),
    ],
)  # fmt: skip
def test_within_reach_and_no_further(
    who: str, unit: str, status: int, released: Release, cast: Cast, log_in: LogIn
) -> None:
    browser = log_in(getattr(cast, who))
    address = f"/hvordan-henger-det-sammen/{unit}/2025-26/"
    assert browser.get(address).status_code == status
    assert browser.post(address, {"a": WELLBEING, "note": "x"}).status_code in (403, 404)
    assert Client().get(address).status_code == 302


def test_another_year_is_another_address(released: Release, cast: Cast, log_in: LogIn) -> None:
    answer = log_in(cast.bob).get(f"{MAP}?skolear=2024-25&valgt={WELLBEING}")
    assert answer.headers["Location"] == MAP.replace("2025", "2024").replace("26/", "25/") + (
        f"?valgt={WELLBEING}"
    )


def test_a_year_of_which_the_country_says_nothing(
    places: UnitTree, cast: Cast, log_in: LogIn
) -> None:
    world.release(places, answers=False)
    page = log_in(cast.bob).get(MAP).text
    assert "har ikke funnet noe som tydelig går sammen her" in page


def test_a_team_writes_a_line_changes_its_words_and_withdraws_it(
    released: Release, cast: Cast, log_in: LogIn
) -> None:
    bob = log_in(cast.bob)
    page = write(bob, a=FEEDBACK, b=MOTIVATION)
    assert page.redirect_chain[0][0] == f"{MAP}?valgt={FEEDBACK}&ved={MOTIVATION}#vi-tror"
    told = page.text
    assert "Nå står det på kartet." in told
    # On the picture, in the list, and below with who wrote it; a line of its own, kept apart.
    assert told.count("Vi tror: Tilbakemeldinger og Indre motivasjon (elevene).") >= 2
    assert "vi tror, uten tall bak" in told
    assert "Skrevet av Bob" in told
    assert names_on(told) == ["Tilbakemeldinger", "Indre motivasjon (elevene)"]
    (way,) = set(re.findall(r'href="([^"]*/vi-tror/[^"]*)"', told))
    tina = log_in(add_person("tina", SCHOOL, "teacher"))
    assert NOTE in tina.get(way).text
    told = tina.post(way, {"note": "Vi er ikke sikre."}, follow=True).text
    assert "Vi er ikke sikre." in told
    assert NOTE not in told
    assert "Endret av Tina" in told
    told = bob.post(way, {"withdraw": "1"}, follow=True).text
    assert "Det er trukket tilbake" in told
    assert "Vi er ikke sikre." not in told
    assert bob.get(way).status_code == 404
    assert bob.post(way, {"note": "x"}).status_code == 404


def test_those_above_read_it_and_have_no_way_to_write(
    released: Release, cast: Cast, log_in: LogIn
) -> None:
    bob = log_in(cast.bob)
    (way,) = set(re.findall(r'href="([^"]*/vi-tror/[^"]*)"', write(bob).text))
    for who in (cast.alice, cast.tom):
        browser = log_in(who)
        page = browser.get(MAP).text
        assert NOTE in page
        assert "Sett det på kartet" not in page
        assert "/vi-tror/" not in page
        assert browser.post(MAP, {"a": WELLBEING, "note": "Hør her"}).status_code == 403
        assert browser.get(way).status_code == 403
        assert browser.post(way, {"withdraw": "1"}).status_code == 403
    assert log_in(cast.charlie).get(way).status_code == 404
    other = way.replace(SCHOOL, f"{SCHOOL}.dans")
    assert bob.get(other).status_code == 404, "one address for each"


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        ({"a": WELLBEING, "b": WELLBEING, "note": "x"}, "to ulike indikatorer"),
        ({"a": WELLBEING, "b": "", "note": " "}, "Skriv hva dere tror"),
        ({"a": "no_such", "b": "", "note": "x"}, "gyldig valg"),
        ({"a": WELLBEING, "b": "", "note": "x" * 401}, "400"),
    ],
)
def test_what_is_no_thought_is_told_so_and_nothing_that_was_written_is_lost(
    sent: dict[str, str], why: str, released: Release, cast: Cast, log_in: LogIn
) -> None:
    page = log_in(cast.bob).post(MAP, sent)
    assert page.status_code == 200
    assert why in page.text
    assert sent["note"].strip() in page.text
    assert '<details class="chart-more no-print" open>' in page.text


def test_what_a_team_writes_is_text_and_nothing_else(
    released: Release, cast: Cast, log_in: LogIn
) -> None:
    page = write(log_in(cast.bob), note="<script>alert(1)</script>").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_a_page_as_it_once_was_has_no_thoughts(
    places: UnitTree, released: Release, cast: Cast, log_in: LogIn
) -> None:
    bob = log_in(cast.bob)
    write(bob)
    newer = world.release(places, share=31.0, answers=False)
    assert NOTE in bob.get(MAP).text
    then = bob.get(f"{MAP}?per={released.pk}").text
    assert newer.pk > released.pk
    assert NOTE not in then
    assert "Det vi selv tror" not in then
    assert "Vis den nyeste" in then
