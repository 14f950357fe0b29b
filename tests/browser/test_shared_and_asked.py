"""Good practice from a draft to what others say of it, and rounds, as axe sees each page."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_states import looked
from tests.browser.walking import Open
from tests.web.see.world import SCHOOL

pytestmark = pytest.mark.browser


def told(page: Page) -> None:
    """What readers elsewhere need, filled in."""
    page.get_by_label("Med to setninger").fill("Åpen øvingskveld hver måned.")
    for label in ("Hva vi gjorde", "Hva vi så"):
        page.get_by_label(label, exact=True).fill("Elevene kom, og foreldrene med dem.")
    page.get_by_label("Kvalitetsområde").select_option(index=1)
    page.get_by_label("Vi har gått gjennom navnene").check()


def test_good_practice_from_a_draft_to_thanks_and_questions(open_as: Open) -> None:
    bob, alice, charlie = (looked(open_as, name) for name in ("bob", "alice", "charlie"))
    page = bob.page
    page.goto(f"/tiltak/{SCHOOL}/nytt/")
    page.get_by_label("Hva vil dere gjøre?").fill("Åpen øvingskveld")
    page.get_by_role("button", name="Vi har vedtatt det").click()
    bob.send("Del det med andre")
    practice = page.url.removesuffix("skriv/")
    page.get_by_label("Tittel").fill("")
    bob.send("Lagre")
    page.get_by_label("Tittel").fill("Åpen øvingskveld")
    told(page)
    bob.send("Lagre")
    bob.send("Send til eieren")
    bob.at("/god-praksis/vare/")
    alice.at("/god-praksis/")
    alice.at(practice)
    alice.send("Gi ut for alle")
    charlie.at(practice)
    charlie.send("Si takk")
    charlie.page.get_by_label("Spørsmålet ditt").fill("Hvor mange kom?")
    charlie.send("Spør")
    bob.at(practice)
    page.get_by_label("Svaret ditt").fill("Tretti.")
    bob.send("Svar")
    expect(page.get_by_role("main")).to_contain_text("Tretti.")
    for each in (bob, alice, charlie):
        each.check()


def test_rounds_that_are_prepared_refused_and_given_out(open_as: Open) -> None:
    bob = looked(open_as, "bob")
    page = bob.at("/runder/")
    bob.at("/runder/ny/")
    bob.send("Lagre")
    page.goto("/runder/")
    page.get_by_role("link", name="Foreldreundersøkelse 2026–27").click()
    page.wait_for_url("**/runder/*/")
    prepared = bob.at().url
    bob.at(f"{prepared}endre/")
    bob.at(f"{prepared}paaminn/")
    bob.send("Send påminnelsen")
    page.goto(prepared)
    page.locator("textarea[name=text]").fill("Fiolin mandag")
    bob.send("Legg til")
    expect(page.locator("textarea[name=text]")).to_be_visible()
    page.goto("/runder/")
    page.get_by_role("link", name="Elevundersøkelse 2026–27").click()
    page.get_by_role("link", name="Del ut koder").click()
    bob.at()
    page.locator("input[name=count]").fill("0")
    bob.send("Lag koder og hent filen")
    bob.check()
