"""A whole walk by keyboard alone: nothing is clicked, and one always sees what has focus."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.walking import PASSWORD, Open, at_home
from tests.web.see.world import FEEDBACK, SCHOOL

pytestmark = pytest.mark.browser

PAGES = [
    "/",
    f"/hvor-er-vi/{SCHOOL}/2025-26/?celle={SCHOOL}.{FEEDBACK}",
    f"/hvordan-henger-det-sammen/{SCHOOL}/2025-26/",
    f"/utvikling/{SCHOOL}/{FEEDBACK}/",
    f"/hva-gjor-vi/{SCHOOL}/2025-26/",
    "/hvor-skal-vi/",
]
NAME = """one => (one.getAttribute("aria-label") || one.labels?.[0]?.textContent || one.textContent)
    .replace(/\\s+/g, " ").trim()"""
RING = """one => {
    const style = getComputedStyle(one);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
}"""
"""Whether one sees that something has focus: an outline of two pixels at least."""


def tab_to(page: Page, name: str, most: int = 120) -> None:
    """Tab until what has focus is called so; everything on the way shows that it has it."""
    for _ in range(most):
        page.keyboard.press("Tab")
        found = page.locator(":focus")
        if found.count() and re.search(name, found.evaluate(NAME)):
            assert found.evaluate(RING), f"one cannot see that {name} has focus"
            return
    raise AssertionError(f"{name} was never reached from {page.url}")


def test_from_the_log_in_to_a_sheet_for_the_meeting(open_as: Open) -> None:
    page = open_as(viewport={"width": 1280, "height": 800})
    page.goto("/konto/logg-inn/")
    tab_to(page, "^E-postadresse")
    page.keyboard.type("bob@example.no")
    tab_to(page, "^Passord")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    at_home(page)

    tab_to(page, "^Åpne fargetabellen")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/hvor-er-vi/"))
    tab_to(page, "^Støtte hjemmefra .*, Karmøy kulturskole:")
    for _ in range(20):
        if FEEDBACK in (page.locator(":focus").get_attribute("href") or ""):
            break
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator("#forklaring")).to_contain_text("Svak fordi 3,4")

    tab_to(page, "^Se utviklingen$")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Tilbakemeldinger")
    tab_to(page, "^Hva går den sammen med")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/hvordan-henger-det-sammen/.*valgt="))
    tab_to(page, "^Ta med til møte")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Spørsmål å snakke om")).to_be_visible()


def test_every_stop_of_every_page_shows_that_it_has_focus_and_lets_one_on(open_as: Open) -> None:
    """To the end of the page and out of it: nothing keeps the focus, nothing has it unseen."""
    page = open_as("bob", viewport={"width": 1280, "height": 800})
    unseen = []
    for address in PAGES:
        page.goto(address)
        stops = 0
        for _ in range(150):
            page.keyboard.press("Tab")
            found = page.locator(":focus")
            if not found.count():
                break
            stops += 1
            if not found.evaluate(RING):
                unseen.append(f"{address}: {found.evaluate('one => one.outerHTML.slice(0, 90)')}")
        else:
            raise AssertionError(f"{address}: Tab never leaves the page")
        assert stops > 5, address
    assert not unseen, "\n".join(unseen)
