"""Decisions and actions as somebody writes them: without a script, on a phone, and by dragging."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_states import looked
from tests.browser.walking import Open
from tests.web.see.world import SCHOOL

pytestmark = pytest.mark.browser

LIST = f"/tiltak/{SCHOOL}/"


def test_from_a_decision_to_how_far_it_has_come_without_a_script(open_as: Open) -> None:
    bob = looked(open_as, "bob", java_script_enabled=False)
    page = bob.page
    page.goto(f"/beslutninger/{SCHOOL}/ny/")
    page.get_by_label("Hva besluttet dere?").fill("Elevene skal vite hva som er neste steg.")
    page.get_by_role("button", name="Skriv det ned").click()
    page.get_by_role("link", name="Nytt tiltak ut fra denne").click()
    page.get_by_label("Hva vil dere gjøre?").fill("Øveplan med ukentlig tilbakemelding")
    page.get_by_label("Indikator").first.select_option(label="Tilbakemeldinger")
    page.get_by_text("Skriv mer: hvorfor").click()
    page.get_by_label("Skal gå").first.select_option("up")
    page.get_by_role("button", name="Vi har vedtatt det").click()
    expect(page.get_by_role("main")).to_contain_text("Ikke målt på nytt ennå")
    page.get_by_role("button", name=re.compile("^Start")).click()
    page.get_by_label("Hvor langt har dere kommet").fill("40")
    page.get_by_label("Hva har skjedd?").fill("To grupper er i gang.")
    page.get_by_role("button", name="Skriv det ned").click()
    expect(page.get_by_role("progressbar").first).to_have_attribute("value", "40")
    page.get_by_role("link", name=re.compile("Følg den røde tråden")).click()
    page.get_by_role("link", name="Elevene skal vite hva som er neste steg.", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("neste steg")


def test_all_their_pages_are_looked_at_and_a_card_is_dragged(open_as: Open) -> None:
    bob = looked(open_as, "bob")
    page = bob.page
    page.goto(f"{LIST}nytt/")
    page.get_by_label("Hva vil dere gjøre?").fill("Åpen øvingskveld")
    page.get_by_label("Indikator").first.select_option(label="Tilbakemeldinger")
    bob.send("Behold som forslag")
    bob.at(f"{page.url}endre/")
    bob.at(f"{LIST}?vis=tidslinje")
    page.goto(f"{LIST}?vis=tavle")
    card = page.locator("[data-card]", has_text="Åpen øvingskveld")
    card.drag_to(page.locator('[data-state="agreed"]'))
    expect(page.locator('[data-state="agreed"]')).to_contain_text("Åpen øvingskveld")
    bob.at()
    page.goto(f"/beslutninger/{SCHOOL}/ny/")
    page.get_by_label("Hva besluttet dere?").fill("Vi åpner salen.")
    bob.send("Skriv det ned")
    bob.at(f"/hva-gjor-vi/{SCHOOL}/")
    bob.check()
