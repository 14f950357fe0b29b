"""A child answers on a phone, also where the network comes and goes; a leader looks at rounds."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.asked import CODES, PLACE, answering
from tests.browser.walking import COLOUR_RULES, Open, axe_findings

pytestmark = pytest.mark.browser
PHONE = {"viewport": {"width": 360, "height": 700}}


def open_form(page: Page, code: str) -> None:
    page.goto(f"/svar/{PLACE['address']}#{code}")
    expect(page.get_by_role("heading", name="Elevundersøkelse")).to_be_visible()


def kept(page: Page) -> list[str]:
    """What lies on the device under our names."""
    return list(page.evaluate("[...Object.keys(localStorage), ...Object.keys(sessionStorage)]"))


def to_the_end(page: Page) -> None:
    """From the first question to the look through, answering some and skipping the others."""
    for number in range(40):
        if number % 3:
            page.keyboard.press("Tab")
            page.locator(".step.here .option").nth(number % 5).click()
            page.locator("#next").click()
        else:
            page.get_by_role("button", name="Hopp over").click()
    expect(page.get_by_role("heading", name="Se over svarene dine")).to_be_visible()
    expect(page.locator("#progress")).to_have_text(re.compile(r"^2\d av 40 besvart$"))


def test_one_question_at_a_time_back_and_forth_and_sent(open_as: Open) -> None:
    page = open_as("", reduced_motion="reduce", **PHONE)
    with answering(page.context) as told:
        open_form(page, CODES[0])
        assert "#" not in page.url, "the code leaves the address at once"
        found = axe_findings(page)
        page.locator("#next").click()
        expect(page.get_by_text("Spørsmål 1 av 40")).to_be_visible()
        found += axe_findings(page)
        page.emulate_media(color_scheme="dark")
        found += axe_findings(page, COLOUR_RULES)
        page.get_by_text("Litt enig").first.click()
        page.get_by_role("button", name="Neste").click()
        page.get_by_role("button", name="Tilbake").click()
        expect(page.get_by_label("Litt enig").first).to_be_checked()
        sizes = page.locator(".step.here .option, #steps button, .tools button:visible")
        assert all(each["height"] >= 44 for each in (b.bounding_box() for b in sizes.all()) if each)
        page.reload()
        expect(page.get_by_text("Spørsmål 1 av 40")).to_be_visible()
        expect(page.get_by_label("Litt enig").first).to_be_checked()
        page.get_by_role("button", name="English").click()
        expect(page.get_by_text("Question 1 of 40")).to_be_visible()
        expect(page.get_by_label("Agree a little", exact=True).first).to_be_checked()
        page.get_by_role("button", name="norsk").click()
        to_the_end(page)
        found += axe_findings(page)
        page.get_by_role("button", name=re.compile("^Endre")).nth(4).click()
        expect(page.get_by_text("Spørsmål 5 av 40")).to_be_visible()
        for _ in range(36):
            page.locator("#next").click()
        page.get_by_role("button", name="Send svarene mine").click()
        expect(page.get_by_role("heading", name="Takk!")).to_be_visible()
        found += axe_findings(page)
        assert told[-1] == 200
        assert kept(page) == []
    assert not found, "\n".join(found)


def test_without_a_network_the_answers_wait_and_are_sent_once(open_as: Open) -> None:
    page = open_as("", **PHONE)
    with answering(page.context) as told:
        open_form(page, CODES[1])
        page.locator("#next").click()
        to_the_end(page)
        page.context.set_offline(True)
        sent_before = len(told)
        page.evaluate("() => { window.fetch = () => Promise.reject(new TypeError('gone')); }")
        page.get_by_role("button", name="Send svarene mine").click()
        expect(page.get_by_role("heading", name="Venter på nettet")).to_be_visible()
        assert len(told) == sent_before
        assert any(CODES[1] in each for each in kept(page))
        # The tab is closed; another visit, to another form, sends what waits.
        page.context.set_offline(False)
        other = page.context.new_page()
        other.goto(f"/svar/{PLACE['address']}")
        expect(other.get_by_role("heading", name="Elevundersøkelse")).to_be_visible()
        other.wait_for_function("Object.keys(localStorage).length === 0")
        page.close()
        # The same code again is told to be there already.
        other.goto(f"/svar/{PLACE['address']}#{CODES[1]}")
        other.reload()
        other.locator("#code").fill(CODES[1])
        other.locator("#next").click()
        to_the_end(other)
        other.get_by_role("button", name="Send svarene mine").click()
        expect(other.get_by_role("heading", name="Allerede registrert")).to_be_visible()


def test_without_a_script_it_is_one_page_with_one_send(open_as: Open) -> None:
    page = open_as("", java_script_enabled=False, **PHONE)
    with answering(page.context):
        page.goto("/svar/")
        page.get_by_label("Koden på lappen").fill(f"{CODES[2][:5].lower()} {CODES[2][5:]}")
        page.get_by_role("button", name="Gå videre").click()
        page.locator("input[name=q1][value='4']").check()
        page.get_by_role("button", name="English").click()
        assert page.locator("input[name=q1][value='4']").is_checked()
        page.get_by_role("button", name="Send my answers").click()
        expect(page.get_by_role("heading", name="Thank you!")).to_be_visible()


def test_a_leader_looks_at_rounds(open_as: Open) -> None:
    page = open_as("bob", reduced_motion="reduce")
    found = []
    for path in ("/runder/", "/runder/ny/"):
        page.goto(path)
        found += axe_findings(page)
    for name in ("Elevundersøkelse 2026–27", "Foreldreundersøkelse 2026–27"):
        page.goto("/runder/")
        page.get_by_role("link", name=name).click()
        page.wait_for_load_state()
        found += axe_findings(page)
        page.emulate_media(color_scheme="dark")
        found += axe_findings(page, COLOUR_RULES)
        page.emulate_media(color_scheme="light")
    page.goto("/runder/")
    page.get_by_role("link", name="Elevundersøkelse 2026–27").click()
    expect(page.get_by_text("Du stoppet etter 12 av 30 e-poster.")).to_be_visible()
    page.get_by_role("link", name="Del ut koder").click()
    page.wait_for_load_state()
    found += axe_findings(page)
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert not found, "\n".join(found)
