"""A rubric of our own, from nothing to shared and copied elsewhere, in the browser."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_states import looked
from tests.browser.walking import Open

pytestmark = pytest.mark.browser


def test_from_a_first_draft_to_a_copy_elsewhere(open_as: Open) -> None:
    alice = looked(open_as, "alice")
    page = alice.at("/egne/nytt-kjennetegn/")
    page.get_by_label("Kvalitetsområde").select_option(index=1)
    page.get_by_label("Tittel").first.fill("Samspill {i} gruppe")
    page = alice.send("Lagre og se det")
    expect(page.get_by_text("uten { og }")).to_be_visible()
    page.get_by_label("Tittel").first.fill("Samspill i gruppe")
    page = alice.send("Lagre og se det")
    page.get_by_role("link", name="Skriv noe under «Nivå 2»").click()
    for number in range(1, 5):
        page.get_by_label(f"Nivå {number}").first.fill(f"Slik er det hos oss på nivå {number}.")
    page.get_by_label("Spørsmål 1").first.fill("Når spiller vi sammen?")
    alice.send("Lagre og se det")
    page = alice.send("Ta det i bruk")
    own = page.url
    page.goto("/hvor-skal-vi/")
    expect(page.get_by_role("heading", name="Samspill i gruppe")).to_be_visible()
    page.goto(own)
    page.get_by_label("Vi har sett etter").check()
    alice.send("Del det med andre")
    alice.at("/egne/")
    alice.check()
    charlie = looked(open_as, "charlie")
    page = charlie.at("/egne/delte/")
    page.get_by_role("link", name="Samspill i gruppe").click()
    charlie.at()
    charlie.send("Ta en kopi")
    expect(page.get_by_label("Tittel").first).to_have_value("Samspill i gruppe")
    charlie.at("/egne/")
    charlie.check()


def test_a_survey_is_written_with_plain_buttons(open_as: Open) -> None:
    alice = looked(open_as, "alice", java_script_enabled=False)
    page = alice.page
    page.goto("/egne/ny-undersokelse/")
    page.get_by_label("Hva undersøkelsen heter").first.fill("Øving hjemme")
    page.get_by_label("Påstand 1").first.fill("Jeg liker ikke å øve.")
    page.get_by_role("button", name="Legg til en påstand del 1").click()
    expect(page.get_by_label("Påstand 4").first).to_be_visible()
    expect(page.get_by_text("Snu det")).to_be_visible()
    page.get_by_role("button", name="Legg til en del").click()
    expect(page.get_by_role("group", name="Del 2")).to_be_visible()
    page.get_by_role("button", name="Flytt ned påstand 1 i del 1").click()
    expect(page.get_by_label("Påstand 2").first).to_have_value("Jeg liker ikke å øve.")
    page.get_by_role("button", name="Lagre og se det").last.click()
    expect(page.get_by_role("heading", name="Øving hjemme")).to_be_visible()
    address = page.url
    seen = looked(open_as, "alice")
    seen.at(address)
    seen.at(f"{address}skriv/")
    seen.check()
