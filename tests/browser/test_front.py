"""Every role's front page, the first day, and the release gate, by eye of axe and by keyboard."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.walking import COLOUR_RULES, Open, axe_findings

pytestmark = pytest.mark.browser

FRONTS = {
    "bob": "leader",
    "tom": "teacher",
    "alice": "owner",
    "frida": "county",
    "nora": "national",
    "helle": "leader on the first day",
    "olga": "owner who waits",
    "greta": "leader who has something to release",
}
WITH_GATES = ("olga", "greta", "helle")


def pages_of(person: str) -> list[str]:
    return ["/", "/vis-for-eier/"] if person in WITH_GATES else ["/"]


@pytest.mark.parametrize("person", FRONTS)
def test_axe_finds_nothing_in_light_and_dark(person: str, open_as: Open) -> None:
    found = []
    page = open_as(person, color_scheme="light", reduced_motion="reduce")
    for address in pages_of(person):
        page.goto(address)
        found += axe_findings(page)
        page.emulate_media(color_scheme="dark")
        found += axe_findings(page, COLOUR_RULES)
        page.emulate_media(color_scheme="light")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("person", FRONTS)
def test_no_front_page_is_wider_than_a_phone(person: str, open_as: Open) -> None:
    page = open_as(person)
    for address in pages_of(person):
        page.goto(address)
        for width in (390, 320):
            page.set_viewport_size({"width": width, "height": 700})
            asked = page.evaluate("document.documentElement.scrollWidth")
            assert asked <= width, f"{address} at {width}: {asked}"


@pytest.mark.parametrize("person", FRONTS)
def test_no_colour_stands_without_its_word(person: str, open_as: Open) -> None:
    page = open_as(person)
    page.goto("/")
    looks = page.evaluate(
        """[...document.querySelectorAll("main .look")].map(each => ({
            level: /\\bl\\dof\\d\\b/.test(each.className),
            word: each.textContent.replace(/[\\d\\s.,%]/g, ""),
            symbol: each.querySelector("svg.symbol") !== null,
        }))"""
    )
    for look in looks:
        assert look["word"] or not look["level"], look
        assert look["symbol"] or not look["level"], look


def test_everything_on_a_front_page_can_be_hit_with_a_thumb(open_as: Open) -> None:
    """Buttons have 44 pixels, links on their own line the 24 of WCAG 2.2."""
    page = open_as("alice", viewport={"width": 390, "height": 800})
    page.goto("/")
    small = page.evaluate(
        """[...document.querySelectorAll("main .ds-button, main a")]
            .filter(each => each.checkVisibility())
            .filter(each => each.getBoundingClientRect().height <
                (each.matches(".ds-button") ? 43.9 : 24))
            .map(each => each.outerHTML.slice(0, 120))"""
    )
    assert not small


@pytest.mark.parametrize("person", ["bob", "alice", "frida", "nora"])
def test_on_a_phone_the_first_screen_is_what_stands_out_and_the_rest_is_folded(
    person: str, open_as: Open
) -> None:
    page = open_as(person, viewport={"width": 390, "height": 844})
    page.goto("/")
    expect(page.locator(".standouts li a").first).to_be_in_viewport(ratio=1)
    inside = page.locator(".folds :is(.areas, .units)")
    expect(inside).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollHeight") < 4 * 844
    page.locator(".folds > summary").focus()
    page.keyboard.press("Enter")
    expect(inside).to_be_visible()
    page.keyboard.press("Enter")
    page.set_viewport_size({"width": 1280, "height": 900})
    expect(inside).to_be_visible()
    expect(page.locator(".folds > summary")).to_be_hidden()


def test_what_stands_out_leads_to_its_reason_by_keyboard(open_as: Open) -> None:
    page = open_as("bob")
    page.goto("/")
    page.locator(".standouts a").first.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/hvor-er-vi/.*#forklaring$"))
    expect(page.locator(".reason")).to_be_visible()


def test_from_the_first_day_to_a_rubric_without_a_script(open_as: Open) -> None:
    page = open_as("helle", java_script_enabled=False)
    page.goto("/")
    expect(page.get_by_role("heading", name="Begynn her")).to_be_visible()
    page.get_by_role("link", name="Åpne kjennetegnet").click()
    expect(page.locator(".rubric:target")).to_be_in_viewport()


def test_a_leader_releases_and_takes_back_without_a_script(open_as: Open) -> None:
    leader = open_as("greta", java_script_enabled=False)
    owner = open_as("olga", java_script_enabled=False)
    there = "/hvor-er-vi/haugesund-kulturskole/2026-27/"
    owner.goto(there)
    expect(owner.get_by_text("Bare skolen ser det")).to_be_visible()
    expect(owner.locator("a.cell")).to_have_count(0)

    leader.goto("/")
    leader.get_by_role("button", name="Vis for eier").click()
    expect(leader.get_by_role("status")).to_contain_text("Skoleeieren kan se resultatene")
    leader.get_by_role("button", name="Trekk tilbake").click()
    expect(leader.get_by_role("status")).to_contain_text("Trukket tilbake")
    leader.get_by_role("button", name="Vis for eier").click()

    owner.goto("/")
    owner.get_by_role("link", name="Se resultatene").click()
    expect(owner).to_have_url(re.compile(there))
    expect(owner.locator("a.cell").first).to_be_visible()
    leader.goto("/vis-for-eier/")
    expect(leader.get_by_role("button", name="Trekk tilbake")).to_have_count(0)
