"""The editor in a browser: its toolbar writes what one can write by hand, its dialog pictures."""

import re

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.walking import Open, axe_findings
from tests.web.media.uploads import encoded
from tests.web.see.world import SCHOOL

pytestmark = pytest.mark.browser

WRITE = f"/kvalitet/{SCHOOL}/2025-26/omrade/organisational_quality/skriv/"


def press(page: Page, name: str) -> None:
    page.locator(".editor").first.get_by_role("button", name=name, exact=True).click()


def test_the_toolbar_writes_what_one_can_write_and_undo(open_as: Open) -> None:
    page = open_as("bob")
    page.goto(WRITE)
    area = page.get_by_label("Hva ser vi?")
    expect(page.locator(".editor-tools").first).to_be_visible()
    area.fill("en\nto")
    area.press("Control+a")
    press(page, "Liste")
    expect(area).to_have_value("- en\n- to")
    area.press("Control+z")
    expect(area).to_have_value("en\nto")
    area.fill("")
    press(page, "Uthevet")
    page.keyboard.type("viktig")
    expect(area).to_have_value("**viktig**")
    area.fill("")
    press(page, "Lenke")
    page.keyboard.type("planen")
    expect(area).to_have_value("[planen](https://)")


def test_a_picture_is_added_from_the_text_and_a_refused_one_says_why(open_as: Open) -> None:
    page = open_as("bob")
    page.goto(WRITE)
    area, dialog = page.get_by_label("Hva ser vi?"), page.get_by_role("dialog")
    picture = FilePayload(
        name="kor.png", mimeType="image/png", buffer=encoded(Image.new("RGB", (90, 60), "green"))
    )
    press(page, "Bilde")
    expect(dialog.get_by_role("heading", name="Sett inn et bilde")).to_be_focused()
    dialog.get_by_label("Bilde", exact=True).set_input_files(picture)
    dialog.get_by_role("button", name="Legg til og sett inn").click()
    expect(dialog.get_by_label("Hva bildet viser")).to_have_attribute("aria-invalid", "true")
    found = axe_findings(page)
    dialog.get_by_label("Bilde", exact=True).set_input_files(picture)
    dialog.get_by_label("Hva bildet viser").fill("Et kor synger")
    dialog.get_by_role("button", name="Legg til og sett inn").click()
    expect(dialog).to_have_count(0)
    expect(area).to_have_value(re.compile(r"!\[Et kor synger\]\(/bilde/[0-9a-f-]{36}\)"))
    page.get_by_role("button", name="Se hvordan det blir").first.click()
    shown = page.get_by_role("region", name="Slik blir teksten")
    expect(shown.get_by_role("img", name="Et kor synger")).to_be_visible()
    expect(shown).to_be_in_viewport()
    assert not found + axe_findings(page)


def test_without_javascript_the_text_is_previewed_and_saved(open_as: Open) -> None:
    page = open_as("bob", java_script_enabled=False)
    page.goto(WRITE)
    expect(page.locator(".editor-tools").first).to_be_hidden()
    page.get_by_label("Hva ser vi?").fill("Vi **ser** mer.")
    page.get_by_role("button", name="Se hvordan det blir").first.click()
    expect(page.get_by_role("region", name="Slik blir teksten")).to_contain_text("Vi ser mer.")
    page.get_by_role("button", name="Lagre").click()
    expect(page.locator(".written strong")).to_have_text("ser")
