"""What stands beside a reason: marks, years together, parts, notes, goals."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from puls.units import UnitTree
from puls.web.assess.goals import Wish, goal_set, goal_withdraw
from puls.web.assess.models import Release
from puls.web.see import panel as panels
from puls.web.tenants.access import Reach, as_reach
from puls.web.tenants.models import Unit
from tests.web.cast import Cast, LogIn
from tests.web.see import world
from tests.web.see.test_pages import KARMOY, YEAR, the_cell
from tests.web.see.world import ABOVE, CREATIVITY, FEEDBACK, SCHOOL, SHARE, TOGETHER, WELLBEING

ALICE = Reach("no-1149", ("no/no-11/no-1149",), 4, "owner", "no-1149")
ON_CELL = f"{KARMOY}?celle={SCHOOL}."


def panel(page: str) -> str:
    """The text of the open explanation."""
    found = re.search(r'<section class="reason".*?</section>', page, re.DOTALL)
    assert found, "no explanation is open"
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found.group()))
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_a_clear_change_is_an_arrow_a_name_and_a_sentence(
    released: Release, cast: Cast, log_in: LogIn
) -> None:
    page = log_in(cast.bob).get(ON_CELL + CREATIVITY).text
    cell = the_cell(page, SCHOOL, CREATIVITY)
    assert "#change-up" in cell
    assert "økning siden 2024–25" in cell
    assert "#change-" not in the_cell(page, f"{SCHOOL}.musikk", CREATIVITY)
    assert "Økt siden 2024–25, til det bedre: fra 3,0 til" in panel(page)
    assert "klar endring" in page


def test_no_clear_change_is_said_when_one_asks(
    released: Release, cast: Cast, log_in: LogIn
) -> None:
    page = log_in(cast.bob).get(f"{KARMOY}?celle={SCHOOL}.musikk.{CREATIVITY}").text
    assert "Ingen klar endring siden 2024–25, da snittet var 3,4." in panel(page)


def test_given_the_prerequisites_is_another_sign_and_no_colour(
    released: Release, cast: Cast, log_in: LogIn
) -> None:
    page = log_in(cast.alice).get(f"/hvor-er-vi/no-1149/{YEAR}/?celle={'.'.join(ABOVE)}").text
    cell = the_cell(page, *ABOVE)
    assert "#given-up" in cell
    assert "bedre enn ventet ut fra forutsetningene" in cell
    assert "Bedre enn kommuner med like forutsetninger har (ventet 3,1)" in panel(page)


def test_years_together_stand_where_the_year_is_hidden(
    released: Release, cast: Cast, log_in: LogIn
) -> None:
    page = log_in(cast.bob).get(f"{KARMOY}?celle={'.'.join(TOGETHER)}").text
    cell = the_cell(page, *TOGETHER)
    assert "l3of3 pooled" in cell
    assert ">2 år<" in cell
    assert "2024–26 samlet: god fordi 4,5" in panel(page)
    assert "Året for seg er skjult" in panel(page)
    sheet = log_in(cast.bob).get(f"{KARMOY}fargetabell.csv").content.decode()
    assert "2024–26 samlet" in sheet
    assert "økning siden 2024–25" in sheet


def test_parts_are_told_where_they_were_released(
    released: Release, cast: Cast, log_in: LogIn
) -> None:
    bob = log_in(cast.bob)
    assert "Kjønn: Jenter 3,6 (80 svarte) · Gutter 3,2 (68 svarte)" in panel(
        bob.get(ON_CELL + FEEDBACK).text
    )
    assert "Kjønn" not in panel(bob.get(ON_CELL + CREATIVITY).text)


def test_a_correction_is_told_with_the_number_that_stood_before(
    released: Release, places: UnitTree, cast: Cast, log_in: LogIn
) -> None:
    world.correct(places, late=29)
    bob = log_in(cast.bob)
    page = bob.get(ON_CELL + FEEDBACK).text
    told = "Rettet: 29 svar kom etter at tallet først ble gitt ut; før: 3,4 av 148 svar."
    assert told in panel(page)
    assert "177 svarte" in panel(page)
    assert told in bob.get(f"{KARMOY}fargetabell.csv").content.decode().replace("\xa0", " ")
    sources = page.split('<section class="sources"')[1].split("</table>")[0]
    assert sources.count("Elevundersøkelse") == 1, "two rounds are one source"
    before = bob.get(f"{KARMOY}?per={released.pk}&celle={SCHOOL}.{FEEDBACK}").text
    assert "Rettet" not in panel(before)


def test_a_page_as_an_earlier_release_left_it_has_its_marks(
    released: Release, places: UnitTree, cast: Cast, log_in: LogIn
) -> None:
    world.release(places, share=13.9, answers=False)
    page = log_in(cast.bob).get(f"{KARMOY}?per={released.pk}&celle={SCHOOL}.{CREATIVITY}").text
    assert "#change-up" in the_cell(page, SCHOOL, CREATIVITY)
    assert "Økt siden" in panel(page)


def test_a_merger_is_told_where_it_concerns_the_year(
    places: UnitTree, cast: Cast, log_in: LogIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the tests' own Norway Vindafjord became a part of Haugesund in 2020."""
    monkeypatch.setattr(panels, "country_units", lambda: places)
    for period in (2018, 2020):
        world.release(places, period=period)
    frida = log_in(cast.frida)
    for period, told in (("2020-21", True), ("2018-19", False)):
        page = frida.get(f"/hvor-er-vi/no-1106/{period}/?celle=no-1106.{SHARE}").text
        assert ("Slått sammen fra 2020–21" in panel(page)) is told


def set_goal(indicator: str, value: float) -> None:
    with as_reach(ALICE):
        goal_set(
            ALICE,
            Unit.objects.get(key="no-1149"),
            Wish(indicator, value=value),
            set_by="Alice Aasen",
        )


TARGETS = [
    # The school's feedback is 3.4 (3.3 to 3.5), its wellbeing 4.0 (3.5 to 4.5).
    (FEEDBACK, 3.2, "nådd"),
    (FEEDBACK, 4.2, "ikke nådd"),
    (WELLBEING, 4.2, "svarene avgjør ikke om målet er nådd"),
]


@pytest.mark.parametrize(("indicator", "value", "state"), TARGETS)
def test_the_owners_goal_is_told_on_the_school_and_changes_no_colour(
    indicator: str,
    value: float,
    state: str,
    released: Release,
    cast: Cast,
    log_in: LogIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: date(2026, 3, 1))
    bob = log_in(cast.bob)
    before = the_cell(bob.get(KARMOY).text, SCHOOL, indicator)
    set_goal(indicator, value)
    page = bob.get(ON_CELL + indicator).text
    written = str(value).replace(".", ",")
    assert f"Mål {written} (satt av Alice Aasen, 2026): {state}." in panel(page)
    assert the_cell(bob.get(KARMOY).text, SCHOOL, indicator) == before
    with as_reach(ALICE):
        goal_withdraw(ALICE, Unit.objects.get(key="no-1149"), Wish(indicator))
    assert "Mål 4" not in panel(bob.get(ON_CELL + indicator).text)


def test_a_goal_says_nothing_on_units_of_others_or_on_old_pages(
    released: Release, places: UnitTree, cast: Cast, log_in: LogIn
) -> None:
    set_goal(FEEDBACK, 4.2)
    assert "Mål 4" not in panel(log_in(cast.bob).get(f"{KARMOY}?celle=no.{FEEDBACK}").text)
    charlie = log_in(cast.charlie)
    page = charlie.get(f"/hvor-er-vi/no-4601/{YEAR}/?celle=no-4601.{FEEDBACK}").text
    assert "Mål 4" not in panel(page)
    world.release(places, share=13.9, answers=False)
    old = log_in(cast.bob).get(f"{KARMOY}?per={released.pk}&celle={SCHOOL}.{FEEDBACK}").text
    assert "Mål 4" not in panel(old)


def test_an_explanation_asks_the_database_a_fixed_number_of_times(
    released: Release, cast: Cast, log_in: LogIn
) -> None:
    counts = set()
    nora = log_in(cast.nora)
    for cell in (f"no-11.{FEEDBACK}", f"no-1149.{WELLBEING}", f"no-1106.{SHARE}"):
        address = f"/hvor-er-vi/no-11/{YEAR}/?celle={cell}"
        nora.get(address)
        with CaptureQueriesContext(connection) as asked:
            nora.get(address)
        counts.add(len(asked))
    assert len(counts) == 1
    assert counts.pop() <= 38
