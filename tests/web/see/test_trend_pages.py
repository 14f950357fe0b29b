"""The page of an indicator over time, and what it reads."""

from datetime import date

import pytest
from django.test import Client

from puls.units import UnitTree
from puls.views.gate import GateState
from puls.web.assess import gates, lines
from puls.web.assess import queries as assess
from puls.web.assess.goals import Wish, goal_set
from puls.web.assess.models import Release
from puls.web.packs import pack
from puls.web.see import over_time
from puls.web.tenants.access import as_reach
from puls.web.tenants.models import Unit
from tests.web import gated
from tests.web.cast import Cast, LogIn, reach_for
from tests.web.see import world
from tests.web.see.world import CREATIVITY, FEEDBACK, PERIOD, SCHOOL, SHARE, TOGETHER, WELLBEING

DANCE = f"{SCHOOL}.dans"


@pytest.fixture
def two_years(places: UnitTree, cast: Cast) -> Release:
    world.release(places, period=PERIOD - 1)
    return world.release(places)


def page_of(key: str, unit: str = SCHOOL) -> str:
    return f"/utvikling/{unit}/{key}/"


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("&nbsp;", " ")


def test_it_shows_the_line_its_table_and_the_newest_reason(
    two_years: Release, cast: Cast, log_in: LogIn
) -> None:
    page = plain(log_in(cast.bob).get(page_of(FEEDBACK)).text)
    for told in (
        '<svg class="chart wide"',
        '<svg class="chart narrow"',
        "Tilbakemeldinger over tid, Karmøy kulturskole",
        "Svak fordi 3,4 er under grensen 3,6",
        "Fra 3,4 (svak) i 2024–25 til 3,4 (svak) i 2025–26.",
        '<th scope="row">2024–25</th>',
        '<th scope="col">Norge</th>',
        "Spørsmål å snakke om",
        f'href="/hvordan-henger-det-sammen/{SCHOOL}/2025-26/?valgt={FEEDBACK}"',
        f"?celle={SCHOOL}.{FEEDBACK}".removeprefix("?"),
        f'href="/utvikling/{DANCE}/{FEEDBACK}/"',
    ):
        assert told in page, told


def test_it_speaks_every_language(two_years: Release, cast: Cast, log_in: LogIn) -> None:
    bob = log_in(cast.bob)
    for language in pack().languages:
        bob.post("/konto/sprak/", {"language": language, "next": "/"})
        for key in (FEEDBACK, SHARE):
            page = bob.get(page_of(key)).text
            assert pack().text(language, f"indicator.{key}.name") in page
            assert pack().text(language, "trend.question_1") in page


@pytest.mark.parametrize(
    ("who", "address", "status"),
    [
        ("bob", page_of("no_such"), 404),
        ("bob", page_of(FEEDBACK, "no-4601"), 404),
        ("charlie", page_of(FEEDBACK), 404),
        ("alice", page_of(FEEDBACK, "no-1149"), 200),
        ("tom", page_of(FEEDBACK, "no"), 200),
    ],
)
def test_within_reach_and_no_further(
    who: str, address: str, status: int, two_years: Release, cast: Cast, log_in: LogIn
) -> None:
    assert log_in(getattr(cast, who)).get(address).status_code == status


def test_strangers_are_asked_to_log_in(two_years: Release) -> None:
    assert Client().get(page_of(FEEDBACK)).status_code == 302


def test_another_indicator_is_chosen_by_its_key(
    two_years: Release, cast: Cast, log_in: LogIn
) -> None:
    bob = log_in(cast.bob)
    answer = bob.get(f"{page_of(FEEDBACK)}?indikator={WELLBEING}")
    assert answer.headers["Location"] == page_of(WELLBEING)
    assert bob.get(f"{page_of(FEEDBACK)}?indikator=no_such").status_code == 200


def test_what_is_never_measured_here_leads_to_where_it_is(
    two_years: Release, cast: Cast, log_in: LogIn
) -> None:
    page = log_in(cast.bob).get(page_of("kostra_net_per_child", DANCE)).text
    assert '<svg class="chart' not in page
    assert f'href="{page_of("kostra_net_per_child", "no-1149")}"' in page


def test_changes_and_years_together_are_told(two_years: Release, cast: Cast, log_in: LogIn) -> None:
    bob = log_in(cast.bob)
    page = plain(bob.get(page_of(CREATIVITY)).text)
    assert "Økt siden 2024–25, til det bedre" in page
    unit, key = TOGETHER
    page = plain(bob.get(page_of(key, unit)).text)
    assert "2024–26 samlet:" in page
    assert "2 år" in page


def test_the_goal_is_a_line_and_a_sentence_for_the_administration_alone(
    two_years: Release, cast: Cast, log_in: LogIn
) -> None:
    reach = reach_for(cast.alice)
    with as_reach(reach):
        goal_set(
            reach,
            Unit.objects.get(key="no-1149"),
            Wish(FEEDBACK, value=4.2),
            set_by="Alice",
            due=date(2027, 6, 1),
        )
    page = plain(log_in(cast.bob).get(page_of(FEEDBACK)).text)
    assert "mål 4,2" in page
    assert "Mål 4,2 innen 1. juni 2027 (satt av Alice" in page
    assert ">Mål</th><td>4,2</td>" in page
    assert "<td>innen 1. juni 2027</td>" in page
    frozen = plain(log_in(cast.bob).get(f"{page_of(FEEDBACK)}?per={two_years.pk - 1}").text)
    assert "mål 4,2" not in frozen
    assert "mål 4,2" not in log_in(cast.nora).get(page_of(FEEDBACK, "no-1149")).text


def test_a_page_stays_as_a_release_left_it(
    two_years: Release, places: UnitTree, cast: Cast, log_in: LogIn
) -> None:
    world.release(places, share=31.0, answers=False)
    bob = log_in(cast.bob)
    now, then = bob.get(page_of(SHARE)).text, bob.get(f"{page_of(SHARE)}?per={two_years.pk}").text
    assert "31,0" in now
    assert "31,0" not in then
    assert f"?per={two_years.pk + 1}" in now, "the lasting address"
    assert "Vis den nyeste" in then


@pytest.mark.parametrize("as_of", [None, 0, 1])
def test_lines_say_what_the_pages_of_single_years_say(
    as_of: int | None, two_years: Release, places: UnitTree, cast: Cast
) -> None:
    """Read year by year instead, by the queries of the colour table."""
    release = None if as_of is None else two_years.pk - as_of
    years = (PERIOD - 1, PERIOD)
    with as_reach(reach_for(cast.alice)):
        for unit in ("no", "no-1149", SCHOOL, DANCE, f"{SCHOOL}.musikk"):
            for key in (FEEDBACK, WELLBEING, CREATIVITY, SHARE):
                args = (unit, key, release)
                marks = [m for y in years for m in assess.marks([unit], y, release)]
                assert lines.line_marks(*args) == [m for m in marks if m.indicator == key]
                cells = [c for y in years for c in assess.cells([unit], y, release)]
                assert lines.line(*args) == [c for c in cells if c.indicator == key]
                pooled = [c for y in years for c in assess.pooled([unit], y, release)]
                assert lines.pooled_line(*args) == [c for c in pooled if c.indicator == key]


def test_lines_beside_are_those_above_and_never_the_same_line_again(
    two_years: Release, cast: Cast
) -> None:
    content = pack()
    reach = reach_for(cast.bob)
    with as_reach(reach):
        found = over_time.over_time(reach, SCHOOL, content.indicators[FEEDBACK])
        assert [unit.key for unit, _ in found.beside] == ["no-1149", "no-11", "no"]
        dance = over_time.over_time(reach, f"{SCHOOL}.musikk", content.indicators[FEEDBACK])
        assert [unit.key for unit, _ in dance.beside] == [SCHOOL, "no-1149", "no"]
        # A register's figure of the municipality stands for its school, too.
        share = over_time.over_time(reach, SCHOOL, content.indicators[SHARE])
        assert "no-1149" not in [unit.key for unit, _ in share.beside]


def test_an_owner_who_looks_at_a_line_has_seen_what_the_school_released(
    places: UnitTree, cast: Cast, log_in: LogIn
) -> None:
    def state() -> GateState:
        with as_reach(reach_for(cast.bob)):
            (note,) = gates.gates(gated.PERIOD)
            return note.state

    gated.announce(cast.alice)
    gated.release(places)
    line = page_of(gated.STUDENT)
    alice, bob = log_in(cast.alice), log_in(cast.bob)
    assert "4,0" in bob.get(line).text
    assert "4,0" not in alice.get(line).text
    assert state() is GateState.CLOSED
    with as_reach(reach_for(cast.bob)):
        (note,) = gates.gates(gated.PERIOD)
        gates.gate_open(reach_for(cast.bob), note.id, "Bob")
    # A register's line shows nothing of the answers.
    alice.get(page_of(SHARE))
    assert state() is GateState.OPEN
    assert "4,0" in alice.get(line).text
    assert state() is GateState.USED
