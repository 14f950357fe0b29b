"""The page about an indicator, and the one where a goal is set."""

import pytest
from django.test import Client

from puls.web.assess.goals import Wish, goal_history
from puls.web.assess.models import Release
from puls.web.packs import pack
from puls.web.tenants.access import Reach, as_reach
from tests.web.cast import Cast, LogIn
from tests.web.see.test_pages import YEAR
from tests.web.see.world import FEEDBACK, SCHOOL, SHARE, WELLBEING

ALICE = Reach("no-1149", ("no/no-11/no-1149",), 4, "owner", "no-1149")
CHARLIE = Reach("no-4601", ("no/no-46/no-4601",), 4, "owner", "no-4601")
POSITIONS = "gsi_positions_teaching"


def page_of(key: str) -> str:
    return f"/indikator/{key}/{YEAR}/"


def goal_of(key: str) -> str:
    return f"/hvor-skal-vi/mal/{key}/{YEAR}/"


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("&nbsp;", " ")


def test_it_says_what_is_asked_how_it_is_judged_how_surely_and_what_goes_with_it(
    released: Release, cast: Cast, log_in: LogIn
) -> None:
    page = plain(log_in(cast.bob).get(page_of(WELLBEING)).text)
    for told in (
        "Jeg trives i kulturskolen.",
        "God: 4,3 eller mer",
        "startforslag som ingen har vedtatt",
        "Svarene på de 4 spørsmålene følger hverandre: alfa 0,81 (0,80 til 0,82) og omega 0,82",
        "og så mange svar gir et stødig snitt (pålitelighet 0,7):",
        "om lag 55 svar",
        "Forutsetningene forklarer om lag en femdel av forskjellene mellom kommuner (21 %).",
        "Regnet ut fra 231 kommuner som har alle tallene.",
        "Kommuner som er høyere her, er ofte også høyere på:",
        "Elev-lærer-relasjon (",
        "ikke hva som er årsak",
    ):
        assert told in page, told
    assert "most_agree.v1" not in page, "the name of a file"
    assert page.count("enheter (resten er mellom") == page.count("Kommuner som er høyere her") == 1
    assert "Indre motivasjon (elevene) (" not in page, "what is not clear is not told"
    assert "Indre motivasjon (elevene)." in page


def test_every_indicator_has_a_page_in_every_language(
    released: Release, cast: Cast, log_in: LogIn
) -> None:
    bob = log_in(cast.bob)
    for language in pack().languages:
        bob.post("/konto/sprak/", {"language": language, "next": "/"})
        for key in [WELLBEING, FEEDBACK, SHARE, POSITIONS, "kostra_net_per_child"]:
            answer = bob.get(page_of(key))
            assert answer.status_code == 200
            assert pack().text(language, f"indicator.{key}.name") in answer.text


@pytest.mark.parametrize(
    "address", [page_of("no_such"), f"/indikator/{WELLBEING}/1999-00/", goal_of("no_such")]
)
def test_what_is_not_there_is_not_found(
    address: str, released: Release, cast: Cast, log_in: LogIn
) -> None:
    assert log_in(cast.bob).get(address).status_code == 404


def test_strangers_are_asked_to_log_in(released: Release) -> None:
    for address in (page_of(WELLBEING), goal_of(WELLBEING)):
        assert Client().get(address).status_code == 302


def test_a_page_leads_from_the_table_and_back(released: Release, cast: Cast, log_in: LogIn) -> None:
    where = f"/hvor-er-vi/{SCHOOL}/{YEAR}/"
    table = log_in(cast.bob).get(f"{where}?celle={SCHOOL}.{FEEDBACK}").text
    assert table.count(f'href="{page_of(FEEDBACK)}"') == 2, "from the head and from the panel"
    page = log_in(cast.bob).get(page_of(FEEDBACK)).text
    assert f'href="{where}"' in page
    # The line of the own unit, from here and from the panel of a cell.
    assert f'href="/utvikling/{SCHOOL}/{FEEDBACK}/"' in page
    assert f'href="/utvikling/{SCHOOL}/{FEEDBACK}/"' in table
    assert f'href="/hvordan-henger-det-sammen/{SCHOOL}/{YEAR}/"' in table


# Who may set a goal for the own unit; the others are not even shown the way.
@pytest.mark.parametrize(
    ("person", "may"),
    [("alice", True), ("bob", True), ("tom", False), ("frida", False), ("nora", False)],
)
def test_who_sets_goals(
    person: str, may: bool, released: Release, cast: Cast, log_in: LogIn
) -> None:
    browser = log_in(getattr(cast, person))
    assert browser.get(goal_of(WELLBEING)).status_code == (200 if may else 403)
    assert browser.post(goal_of(WELLBEING), {"value": "4,2"}).status_code == (302 if may else 403)
    assert (goal_of(WELLBEING) in browser.get(page_of(WELLBEING)).text) is may


def test_a_goal_is_set_read_replaced_and_withdrawn(
    released: Release, cast: Cast, log_in: LogIn
) -> None:
    alice = log_in(cast.alice)
    answer = alice.post(goal_of(WELLBEING), {"value": "4,25", "why": "Vi vil dit."}, follow=True)
    assert answer.redirect_chain[0][0].endswith(f"?celle=no-1149.{WELLBEING}#forklaring")
    assert "Mål 4,25 (satt av" in answer.text
    assert "Målet er satt." in answer.text
    alice.post(goal_of(WELLBEING), {"value": "4.5", "why": ""})
    with as_reach(ALICE):
        past = goal_history("no-1149", Wish(WELLBEING))
    assert [(each.wish.value, each.why, each.withdrawn_on is None) for each in past] == [
        (4.5, "", True),
        (4.25, "Vi vil dit.", False),
    ]
    page = alice.get(goal_of(WELLBEING)).text
    assert page.index("<b>4,5</b>") < page.index("<b>4,25</b>")
    assert 'value="4,5"' in page, "what holds is changed, not written anew"
    assert "Vi vil dit." in page
    answer = alice.post(goal_of(WELLBEING), {"withdraw": "1"}, follow=True)
    assert "Målet er trukket tilbake." in answer.text
    assert "Mål 4" not in answer.text
    assert "Trekk målet tilbake" not in alice.get(goal_of(WELLBEING)).text
    with as_reach(CHARLIE):
        assert goal_history("no-1149", Wish(WELLBEING)) == []


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("", "Velg et nivå eller skriv et tall"),
        ("mye", "Oppgi et tall"),
        ("5,5", "Et mål ligger på skalaen"),
        ("nan", "Oppgi et tall"),
    ],
)
def test_what_is_no_goal_is_told_so(
    value: str, told: str, released: Release, cast: Cast, log_in: LogIn
) -> None:
    answer = log_in(cast.alice).post(goal_of(WELLBEING), {"value": value})
    assert answer.status_code == 200
    assert told.casefold() in answer.text.casefold()


def test_a_goal_is_written_in_the_size_that_people_read(
    released: Release, cast: Cast, log_in: LogIn
) -> None:
    """Registers count positions in per cent; people set 2.5 positions."""
    alice = log_in(cast.alice)
    alice.post(goal_of(POSITIONS), {"value": "2,5"})
    with as_reach(ALICE):
        (made,) = goal_history("no-1149", Wish(POSITIONS))
    assert made.wish.value == 250.0
    page = alice.get(goal_of(POSITIONS)).text
    assert "<b>2,5</b>" in page
    assert 'value="2,5"' in page


def test_withdrawing_what_is_not_there_is_told(
    released: Release, cast: Cast, log_in: LogIn
) -> None:
    answer = log_in(cast.alice).post(goal_of(WELLBEING), {"withdraw": "1"}, follow=True)
    assert "Her er det ikke noe mål å trekke tilbake." in answer.text
