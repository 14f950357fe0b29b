"""The colour table in every shape, in a real browser: axe, a phone, the keyboard, no script."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.walking import COLOUR_RULES, Open, axe_findings
from tests.web.see.world import CREATIVITY, FEEDBACK, SCHOOL, WELLBEING

pytestmark = pytest.mark.browser

KARMOY = f"/hvor-er-vi/{SCHOOL}/2025-26/"
PICKED = f"{SCHOOL}.{FEEDBACK},{SCHOOL}.musikk.{CREATIVITY}"
STATES = [
    f"{KARMOY}?snudd=1&valgt={PICKED}",
    f"{KARMOY}?snudd=1&celle={SCHOOL}.{FEEDBACK}",
    f"{KARMOY}?velg=1&valgt={PICKED}",
    f"{KARMOY}?snudd=1&velg=1",
    f"{KARMOY}?kolonner={FEEDBACK},{WELLBEING}&apne=1",
    f"{KARMOY}utskrift/?vis=alle",
    f"{KARMOY}ar-for-ar/",
    f"{KARMOY}ar-for-ar/?indikator={FEEDBACK}",
    f"/hva-gjor-vi/{SCHOOL}/2025-26/?valgt={PICKED}",
    "/utvalg/",
]
"""Addresses of everything that a table can be turned into."""


SMALL = """[...document.querySelectorAll(".cell:is(a, label), .ds-button, .tool, select, .box,"
        + " .indicator-head a, .unit-head a")]
    .filter(each => each.checkVisibility())
    .filter(each => each.getBoundingClientRect().height < 43.9)
    .map(each => each.outerHTML.slice(0, 100))"""
"""What a thumb would miss: lower than 44 pixels."""


def box(page: Page, unit: str = SCHOOL, indicator: str = FEEDBACK) -> Locator:
    return page.locator(f'input[name="valgt"][value="{unit}.{indicator}"]')


def keep(page: Page, name: str) -> None:
    page.get_by_text("Lagre utvalget").click()
    page.get_by_label("Navn").fill(name)
    page.get_by_role("button", name="Lagre", exact=True).click()
    expect(page.get_by_text("Utvalget er lagret under navnet sitt.")).to_be_visible()


def make_big(page: Page) -> None:
    """The same table as a very large one is drawn: tests have no country of 400 municipalities."""
    page.evaluate("document.querySelector('table.colours').classList.add('big')")


def test_axe_finds_nothing_in_any_shape(open_as: Open) -> None:
    found = []
    page = open_as("bob", color_scheme="light", reduced_motion="reduce")
    for address in STATES:
        page.goto(address)
        found += axe_findings(page)
        page.emulate_media(color_scheme="dark")
        found += axe_findings(page, COLOUR_RULES)
        page.emulate_media(color_scheme="light")
    page.goto(KARMOY)
    page.get_by_text("Filter og kolonner").click()
    page.get_by_text("Lagre utvalget").click()
    found += axe_findings(page)
    make_big(page)
    found += axe_findings(page)
    assert not found, "\n".join(found)


def test_no_shape_is_wider_than_a_phone_or_too_small_for_a_thumb(open_as: Open) -> None:
    """At 320 pixels, which is also what 1280 are at 400 %."""
    wrong = []
    page = open_as("bob", viewport={"width": 320, "height": 700}, has_touch=True)
    for address in STATES:
        page.goto(address)
        asked = page.evaluate("document.documentElement.scrollWidth")
        if asked > 320:
            wrong.append(f"{address}: {asked}")
        small = page.evaluate(SMALL)
        wrong += [f"{address}: {each}" for each in small]
    assert not wrong, "\n".join(wrong)


def test_rows_and_columns_change_places_and_back(open_as: Open) -> None:
    page = open_as("bob", viewport={"width": 390, "height": 800})
    page.goto(KARMOY)
    page.get_by_role("link", name="Indikatorer som rader").click()
    row = page.get_by_role("row", name=re.compile("^Tilbake"))
    expect(row.get_by_role("link", name=re.compile("Karmøy kulturskole: 3,4 svak"))).to_be_visible()
    # The level's word is in every cell of the tree that a screen reader reads.
    told = page.locator("table.colours").aria_snapshot()
    assert "rowheader" in told
    assert 'link "Tilbakemeldinger, Karmøy kulturskole: 3,4 svak"' in told
    page.get_by_role("link", name="Enheter som rader").click()
    expect(page.get_by_role("columnheader", name="Tilbakemeldinger")).to_be_visible()


@pytest.mark.parametrize("script", [True, False])
def test_from_filter_to_columns_to_a_name_and_back(script: bool, open_as: Open) -> None:
    page = open_as("bob", java_script_enabled=script)
    page.goto(KARMOY)
    page.get_by_text("Filter og kolonner").click()
    page.get_by_label("Kilde", exact=True).select_option(label="Elevundersøkelse")
    page.get_by_label("Forutsetning, prosess, resultat", exact=True).select_option(label="Resultat")
    page.get_by_role("button", name="Vis disse").click()
    expect(page).to_have_url(re.compile(r"rolle=result&kilde=student"))
    expect(page.get_by_role("columnheader", name="Prosess")).to_have_count(0)

    page.get_by_text("Filter og kolonner").click()
    page.get_by_role("link", name="Kryss av dem som vises nå").click()
    expect(page.get_by_role("checkbox", name="Trivsel (elevene)")).to_be_checked()
    expect(page.get_by_role("checkbox", name="Tilbakemeldinger", exact=True)).not_to_be_checked()
    page.get_by_role("checkbox", name="Trivsel (elevene)").uncheck()
    page.get_by_role("button", name="Vis disse").click()
    expect(page.get_by_role("columnheader", name="Trivsel")).to_have_count(0)

    name = f"Resultater {script}"
    keep(page, name)
    expect(page.get_by_label("Vis", exact=True).locator("option:checked")).to_have_text(name)
    page.get_by_text("Lagre utvalget").click()
    page.get_by_role("link", name="Alle lagrede utvalg").click()
    page.get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("columnheader", name="Trivsel")).to_have_count(0)
    page.goto("/utvalg/")
    page.get_by_role("link", name=re.compile(f"Endre navn eller slett.*{name}")).click()
    page.get_by_role("button", name="Slett utvalget").click()
    expect(page.get_by_role("link", name=name, exact=True)).to_have_count(0)


@pytest.mark.parametrize("script", [True, False])
def test_chosen_cells_go_to_the_meeting(script: bool, open_as: Open) -> None:
    page = open_as("bob", java_script_enabled=script)
    page.goto(KARMOY)
    page.get_by_role("link", name="Velg celler til møte").click()
    box(page).check()
    box(page, f"{SCHOOL}.musikk", CREATIVITY).check()
    if script:
        expect(page.get_by_text("2 celler valgt til møte")).to_be_visible()
    page.get_by_role("button", name="Behold valget").click()
    expect(page.get_by_text("2 celler valgt til møte")).to_be_visible()
    cell = page.locator(f'a.cell.picked[href*="celle={SCHOOL}.{FEEDBACK}#"]')
    expect(cell).to_have_attribute("aria-label", re.compile("valgt til møte"))
    page.get_by_role("link", name="Ta med til møte").click()
    expect(page.get_by_role("heading", name="Tilbakemeldinger 3,4 svak")).to_be_visible()
    expect(page.get_by_text(re.compile("Svak fordi 3,4 er under grensen 3,6"))).to_be_visible()
    assert PICKED in page.url
    page.get_by_role("link", name="Endre valget").click()
    expect(box(page)).to_be_checked()


def test_cells_are_ticked_by_keyboard_alone(open_as: Open) -> None:
    page = open_as("bob")
    page.goto(f"{KARMOY}?velg=1")
    expect(page.locator("table.colours[data-ready]")).to_be_attached()
    page.locator(".table-region").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(page.get_by_text("2 celler valgt til møte")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Ta med til møte")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/hva-gjor-vi/.*valgt="))


def lines_up(page: Page) -> bool:
    """Whether every cell stands below its head."""
    return bool(
        page.evaluate(
            """(() => {
                const left = each => Math.round(each.getBoundingClientRect().left);
                const table = document.querySelector(".colours");
                const heads = [...table.tHead.rows].at(-1).cells;
                const places = [...heads].map(left);
                return [...table.querySelectorAll("tbody tr")].every(row =>
                    [...row.cells].every((cell, n) => Math.abs(left(cell) - places[n]) <= 1));
            })()"""
        )
    )


@pytest.mark.parametrize("width", [390, 1280])
def test_stretches_of_a_very_large_table_stand_in_line(width: int, open_as: Open) -> None:
    page = open_as("nora", viewport={"width": width, "height": 800})
    page.goto("/hvor-er-vi/no/2025-26/?vis=alle&rader=municipality")
    make_big(page)
    assert lines_up(page)
    told = page.locator("table.colours").aria_snapshot()
    assert re.search(r'link "Tilbakemeldinger, Karmøy: [^"]*"', told)


def test_forced_colours_keep_what_is_chosen_in_sight(open_as: Open) -> None:
    page = open_as("bob", forced_colors="active")
    page.goto(f"{KARMOY}?valgt={PICKED}")
    tick: Any = page.locator("a.picked").first.evaluate(
        "cell => getComputedStyle(cell, '::after').backgroundColor"
    )
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert tick != ground


def test_on_paper_no_part_is_wider_than_a_lying_sheet(open_as: Open) -> None:
    """A4 less its margins is 277 mm: 1047 pixels."""
    page = open_as("bob", viewport={"width": 1047, "height": 717})
    for more in ("?vis=alle", "?vis=alle&snudd=1"):
        page.goto(f"{KARMOY}utskrift/{more}")
        page.emulate_media(media="print")
        widest = page.evaluate(
            "Math.max(...[...document.querySelectorAll('.colours')].map(t => t.scrollWidth))"
        )
        assert widest <= 1060, more
        assert (
            page.evaluate("getComputedStyle(document.querySelector('.colours thead')).display")
            == "table-header-group"
        )
        page.emulate_media(media="screen")
