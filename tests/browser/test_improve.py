"""The designer of processes as it is used: two at once, by keyboard, without scripts, by mouse."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.walking import COLOUR_RULES, Open, axe_findings
from tests.web.see.world import FEEDBACK, SCHOOL

pytestmark = pytest.mark.browser

STEPS = ["Hva sier elevene?", "Problemstilling", "Lytt etter i egne timer", "Refleksjon"]


def begun(page: Page, title: str) -> str:
    """A process from an example, by the form. Its address."""
    page.goto(f"/prosesser/{SCHOOL}/ny/?valgt={SCHOOL}.{FEEDBACK}")
    page.get_by_role("radio", name="Tilbakemeldinger som blir brukt").check()
    page.get_by_label("Tittel").fill(title)
    page.get_by_role("button", name="Lag prosessen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    return page.url


def order(page: Page) -> list[str]:
    return page.locator(".line h2").all_inner_texts()


def test_two_browsers_at_once_lose_nothing(open_as: Open) -> None:
    bob, tina = open_as("bob"), open_as("tina")
    begun(bob, "To på en gang")
    bob.get_by_role("link", name="Problemstilling", exact=True).click()
    expect(bob.get_by_role("heading", level=1)).to_have_text("Problemstilling")
    tina.goto(bob.url)
    for page, words in ((bob, "Bob spør hvordan"), (tina, "Tina spør hvordan")):
        page.get_by_label("Problemstilling").fill(words)
        page.get_by_label("Spørsmål å tenke over").focus()
        if page is bob:
            expect(page.locator(".saved")).to_contain_text("Lagret")
    clash = tina.get_by_role("region", name="To har skrevet samtidig: Problemstilling")
    expect(clash).to_contain_text("Bob spør hvordan")
    expect(clash).to_contain_text("Tina spør hvordan")
    assert not axe_findings(tina)
    clash.get_by_label("Eller lag én tekst av begge").fill("Bob og Tina spør hvordan")
    clash.get_by_role("button", name="Lagre denne teksten").click()
    expect(tina.get_by_label("Problemstilling")).to_have_value("Bob og Tina spør hvordan")
    # What Bob writes further is held against what stands there now.
    bob.get_by_label("Problemstilling").fill("Bob spør hvordan, og når")
    bob.get_by_label("Spørsmål å tenke over").focus()
    expect(bob.get_by_role("region", name=re.compile("To har skrevet"))).to_contain_text(
        "Bob og Tina spør hvordan"
    )
    tina.goto(re.sub(r"steg/.*", "historikk/", tina.url))
    for words in ("Bob spør hvordan", "Tina spør hvordan", "Bob og Tina spør hvordan"):
        expect(tina.locator(".journal")).to_contain_text(words)


def test_what_one_writes_saves_itself_one_after_the_other(open_as: Open) -> None:
    """Fast changes of one field are no clash with oneself, and nothing is left for the button."""
    page = open_as("bob")
    begun(page, "Skriver fort")
    page.get_by_role("link", name="Problemstilling", exact=True).click()
    field = page.get_by_label("Problemstilling")
    for words in ("Hvordan", "Hvordan kan", "Hvordan kan vi"):
        field.fill(words)
        page.get_by_label("Hvem som er med").focus()
        field.focus()
    expect(page.locator("[name=var-problem]")).to_have_value("Hvordan kan vi")
    expect(page.locator(".clash")).to_have_count(0)
    page.reload()
    expect(field).to_have_value("Hvordan kan vi")


def test_by_keyboard_alone(open_as: Open) -> None:
    page = open_as("bob")
    begun(page, "Med tastatur")
    assert order(page)[:4] == STEPS
    more = page.locator(".step").nth(1).locator("summary", has_text="Flytt og mer")
    more.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Flytt senere: Problemstilling")
    page.keyboard.press("Enter")
    expect(page.locator(".line h2").nth(2)).to_have_text("Problemstilling")
    assert order(page)[:4] == [STEPS[0], STEPS[2], STEPS[1], STEPS[3]]
    undo = page.get_by_role("button", name="Angre")
    undo.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".line h2").nth(1)).to_have_text("Problemstilling")


def test_without_javascript(open_as: Open) -> None:
    page = open_as("bob", java_script_enabled=False)
    begun(page, "Uten skript")
    step = page.locator(".step").nth(1)
    step.locator("summary", has_text="Flytt og mer").click()
    step.get_by_role("button", name="Ta det bort").click()
    expect(page.locator(".line")).not_to_contain_text("Problemstilling")
    page.get_by_role("button", name="Angre").click()
    page.get_by_role("link", name="Problemstilling", exact=True).click()
    page.get_by_label("Problemstilling").fill("Hvordan uten skript?")
    page.get_by_role("button", name="Lagre", exact=True).click()
    expect(page.locator(".problem").first).to_have_text("Hvordan uten skript?")


def test_a_step_can_be_dragged(open_as: Open) -> None:
    page = open_as("bob", viewport={"width": 1280, "height": 900})
    begun(page, "Med mus")
    heads = page.locator(".step-mark")
    heads.nth(0).drag_to(heads.nth(2))
    expect(page.locator(".line h2").nth(2)).to_have_text(STEPS[0])
    assert order(page)[:3] == [STEPS[1], STEPS[2], STEPS[0]]


def test_its_pages_are_for_everybody(open_as: Open) -> None:
    """Light, dark, and a phone of 320 pixels: the line, a step, the history."""
    page = open_as("bob", reduced_motion="reduce")
    designer = begun(page, "For alle")
    page.get_by_role("link", name="Hva sier elevene?", exact=True).click()
    step = page.url
    found = []
    for address in (designer, step, re.sub(r"steg/.*", "historikk/", step)):
        page.goto(address)
        found += axe_findings(page)
        page.emulate_media(color_scheme="dark")
        found += axe_findings(page, COLOUR_RULES)
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": 320, "height": 700})
        if page.evaluate("document.documentElement.scrollWidth") > 320:
            found.append(f"{address} is wider than a phone")
        small = page.evaluate(
            """[...document.querySelectorAll("main :is(a.value-chip, .ds-button, select, summary,"
                + " .step-acts button, .step-head a, .step-ways a, .untie)")]
                .filter(each => each.checkVisibility() && !each.closest(".editor"))
                .filter(each => each.getBoundingClientRect().height < 43.9)
                .map(each => each.outerHTML.slice(0, 90))"""
        )
        found += small
        page.set_viewport_size({"width": 1280, "height": 900})
    assert not found, "\n".join(found)
