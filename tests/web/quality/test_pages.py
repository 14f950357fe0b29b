"""The pages of a school's own view: who gets which, and the way through them without a script."""

import pytest
from django.test import Client

from puls.units import UnitTree
from puls.web.assess.models import Release
from puls.web.media.forms import PREVIEW
from puls.web.quality import queries
from tests.web.cast import Cast, LogIn, add_person
from tests.web.quality.staff import OTHER, RUBRIC, SCHOOL, YEAR, placed, signed_in, staff
from tests.web.see import world

PAGES = f"/kvalitet/{SCHOOL}/2025-26/"
SUBJECT, PLACING = f"{PAGES}kjennetegn/{RUBRIC}/", f"{PAGES}plassering/"


@pytest.fixture
def released(places: UnitTree, cast: Cast) -> Release:
    return world.release(places)


GETS = [
    # who, the list, a rubric, writing about it, the placing
    ("bob", 200, 200, 200, 200),
    ("tom", 200, 200, 403, 200),
    ("alice", 200, 200, 403, 403),
    ("frida", 404, 404, 404, 404),
    ("nora", 404, 404, 404, 404),
    ("charlie", 404, 404, 404, 404),
]


@pytest.mark.parametrize(("who", "overview", "subject", "write", "placing"), GETS)
def test_who_gets_which_page(
    who: str, overview: int, subject: int, write: int, placing: int, cast: Cast, log_in: LogIn
) -> None:
    client = log_in(getattr(cast, who))
    for address, status in (
        (PAGES, overview), (SUBJECT, subject), (f"{SUBJECT}skriv/", write), (PLACING, placing),
    ):  # fmt: skip
        assert client.get(address).status_code == status, address


@pytest.mark.parametrize(
    "wrong",
    [
        f"/kvalitet/{SCHOOL}/2025/",
        f"{PAGES}kjennetegn/nothing/",
        f"{PAGES}rykte/{RUBRIC}/",
        f"{PAGES}omrade/{RUBRIC}/skriv/",
        f"{PLACING}{RUBRIC}/",  # nothing is open
    ],
)
def test_what_is_not_there(wrong: str, cast: Cast, log_in: LogIn) -> None:
    assert log_in(cast.bob).get(wrong).status_code == 404


def test_the_short_address_leads_to_ones_own(released: Release, cast: Cast, log_in: LogIn) -> None:
    for who in (cast.bob, cast.tom):
        assert log_in(who).get("/kvalitet/").headers["Location"] == PAGES
    page = log_in(cast.alice).get("/kvalitet/").text
    assert PAGES in page
    assert "0 ferdige beskrivelser" in page
    assert log_in(cast.nora).get("/kvalitet/").status_code == 404


def test_where_a_placing_is_open_the_short_address_leads_there(
    released: Release, cast: Cast, log_in: LogIn
) -> None:
    log_in(cast.bob).post("/kvalitet/karmoy-kulturskole/2026-27/plassering/", {"open": "1"})
    tom = log_in(cast.tom)
    assert tom.get("/kvalitet/").headers["Location"] == f"/kvalitet/{SCHOOL}/2026-27/"
    assert "Plasseringen for 2026–27 er åpen" in tom.get(PAGES).text
    assert "Plasseringen for" not in tom.get(f"/kvalitet/{SCHOOL}/2026-27/").text


def test_from_the_first_word_to_what_the_owner_reads(
    released: Release, cast: Cast, log_in: LogIn
) -> None:
    bob, alice = log_in(cast.bob), log_in(cast.alice)
    write = {"sees": "Elevene **hører** lite.", "judges": "", "based_on": "0"}
    preview = bob.post(f"{SUBJECT}skriv/", {**write, PREVIEW: "sees"}).text
    assert "Elevene <strong>hører</strong> lite." in preview
    assert "Ingenting er skrevet ennå" in bob.get(SUBJECT).text
    assert bob.post(f"{SUBJECT}skriv/", write).status_code == 302
    refused = bob.post(f"{SUBJECT}skriv/", {**write, "sees": "Mitt."}).text
    assert "Noen har lagret i mellomtiden" in refused
    assert "Mitt." in refused, "what was written is still there to copy"
    mine = bob.get(SUBJECT).text
    assert "Elevene <strong>hører</strong> lite." in mine
    assert f"Fra utgivelse {released.pk}" in mine
    assert "Et utkast" in mine
    assert "har ikke delt noen beskrivelse" in alice.get(SUBJECT).text
    bob.post(SUBJECT, {"finish": "1"})
    theirs = alice.get(SUBJECT).text
    assert "Elevene <strong>hører</strong> lite." in theirs
    assert "/skriv/" not in theirs
    assert "1 ferdig beskrivelse" in alice.get("/kvalitet/").text
    assert alice.post(SUBJECT, {"take_back": "1"}).status_code == 403
    bob.post(SUBJECT, {"take_back": "1"})
    assert "hører" not in alice.get(SUBJECT).text


def test_the_figures_stay_those_of_the_day_it_was_written(
    places: UnitTree, released: Release, cast: Cast, log_in: LogIn
) -> None:
    bob = log_in(cast.bob)
    bob.post(f"{SUBJECT}skriv/", {"sees": "Slik er det.", "judges": "", "based_on": "0"})
    newer = world.correct(places, 30)
    page = bob.get(SUBJECT).text
    assert f"Fra utgivelse {released.pk}" in page
    assert f"Fra utgivelse {newer.pk}" not in page
    assert f"Fra utgivelse {newer.pk}" in bob.get(f"{SUBJECT}skriv/").text


def place(client: Client, level: str, rubric: str = RUBRIC, **more: str) -> int:
    return client.post(f"{PLACING}{rubric}/", {"level": level, **more}).status_code


def test_a_placing_from_opened_to_talked_about(
    released: Release, cast: Cast, log_in: LogIn
) -> None:
    bob, people = log_in(cast.bob), [log_in(each) for each in staff(5)]
    assert people[0].post(PLACING, {"open": "1"}).status_code == 403
    bob.post(PLACING, {"open": "1"})
    page = people[0].get(f"{PLACING}{RUBRIC}/").text
    assert page.index("<b>4</b>") < page.index("<b>1</b>"), "the best level first"
    assert "Velg" not in page
    assert place(people[0], "") == 200, "no level: asked again"
    for client, level in zip(people, "12334", strict=True):
        assert "minst 5 har svart" not in bob.get(PLACING).text
        assert place(client, level, reason=f"Fordi {level}") == 302
    assert "Du: nivå 4" in people[4].get(PLACING).text
    assert "Du: nivå" not in bob.get(PLACING).text
    assert bob.get(PLACING).text.count("minst 5 har svart") == 1
    people[4].post(f"{PLACING}{RUBRIC}/", {"withdraw": "1"})
    assert "minst 5 har svart" not in bob.get(PLACING).text
    place(people[4], "4", reason="Fordi 4")
    bob.post(PLACING, {"close": "1"})
    assert "gjøres om" in bob.get(PLACING).text, "asked to tick first"
    assert people[0].post(PLACING, {"close": "1", "sure": "1"}).status_code == 403
    bob.post(PLACING, {"close": "1", "sure": "1"})

    told = people[0].get(SUBJECT).text
    assert "5 har svart i 2025–26: 1 på nivå 4, 2 på nivå 3, 1 på nivå 2 og 1 på nivå 1." in told
    assert "Fordi" not in told, "the leader reads first"
    hidden = people[0].get(f"{PAGES}kjennetegn/{OTHER}/").text
    assert "2025–26: vises ikke, fordi færre enn 5 plasserte skolen" in hidden
    assert "Fordi 3" in bob.get(SUBJECT).text
    with signed_in(cast.bob):
        spread = queries.spreads_of_year(SCHOOL, YEAR)[RUBRIC]
        first = next(r for r in queries.reasons(spread.id, only_read=False) if "4" in r.text)
    bob.post(SUBJECT, {"let_through": "1", "reason": str(first.id)})
    told = people[0].get(SUBJECT).text
    assert "Fordi 4" in told
    assert "Fordi 3" not in told
    assert place(people[0], "1") == 302
    assert "Hvor vi plasserte oss 2025–26" in people[0].get("/hvor-skal-vi/").text


def test_what_the_owner_sees_of_a_placing(cast: Cast, log_in: LogIn) -> None:
    placed(cast.bob, staff(5), [1, 2, 3, 3, 4])
    bob, alice = log_in(cast.bob), log_in(cast.alice)
    told = "5 har svart i 2025–26"
    assert told not in alice.get(SUBJECT).text
    bob.post(SUBJECT, {"show": "yes"})
    shown = alice.get(SUBJECT).text
    assert told in shown
    assert "Reason of" not in shown
    bob.post(SUBJECT, {"show": "no"})
    assert told not in alice.get(SUBJECT).text


def test_a_department_s_teacher_is_of_the_school(cast: Cast, log_in: LogIn) -> None:
    tina = add_person("tina", SCHOOL, "teacher")
    log_in(cast.bob).post(PLACING, {"open": "1"})
    assert place(log_in(cast.tom), "2") == place(log_in(tina), "3") == 302
    with signed_in(cast.tom):
        found = queries.placing(SCHOOL, YEAR)
        assert found is not None
        assert queries.own_placements(found)[RUBRIC].level == 2
