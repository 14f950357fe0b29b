"""The walk that everything else is built for: log in, colour table, reason, download."""

import csv
import io
import re

import openpyxl
import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.walking import PASSWORD, Open, at_home, fill_in_login
from tests.web.see.world import FEEDBACK, SCHOOL

pytestmark = pytest.mark.browser

KARMOY = f"/hvor-er-vi/{SCHOOL}/2025-26/"
WEAK = "Svak fordi 3,4 er under grensen 3,6"


def cell(page: Page, unit: str = SCHOOL, indicator: str = FEEDBACK) -> Locator:
    return page.locator(f'a.cell[href*="celle={unit}.{indicator}#"]')


def downloaded(page: Page, name: str) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile(name)).click()
    return download.value.path().read_bytes()


def test_by_mouse_from_log_in_to_download(open_as: Open) -> None:
    page = open_as()
    fill_in_login(page, "bob")
    expect(page.get_by_role("heading", level=1)).to_have_text("Karmøy kulturskole")
    page.get_by_role("link", name="Åpne fargetabellen for 2025–26").click()
    expect(page).to_have_url(re.compile(re.escape(KARMOY)))
    table = page.get_by_role("table", name=re.compile("Fargetabell: Karmøy kulturskole"))
    expect(
        table.get_by_role("link", name="Tilbakemeldinger, Karmøy kulturskole: 3,4 svak")
    ).to_be_visible()

    # Before the script is there the link leads to a page of its own, as it should.
    expect(page.locator("table.colours[data-ready]")).to_be_attached()
    before = page.evaluate("scrollY")
    cell(page).click()
    expect(page.locator("#forklaring")).to_contain_text(WEAK)
    expect(cell(page)).to_have_attribute("aria-current", "true")
    expect(page).to_have_url(re.compile(f"celle={SCHOOL}.{FEEDBACK}"))
    assert page.evaluate("scrollY") == before, "the page jumped"

    book = openpyxl.load_workbook(io.BytesIO(downloaded(page, "Excel")))
    assert book["Fargetabell"]["A1"].value == "Karmøy kulturskole 2025–26"
    text = downloaded(page, "CSV").decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert any(row["Forklaring"].startswith(WEAK) for row in rows)
    assert {row["Ekte eller syntetisk"] for row in rows} == {"Syntetiske data"}

    page.get_by_role("link", name="Lukk forklaringen").click()
    expect(page.locator(".reason")).to_have_count(0)
    expect(page).not_to_have_url(re.compile("celle="))


def test_by_keyboard_alone(open_as: Open) -> None:
    page = open_as()
    page.goto("/konto/logg-inn/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Hopp til innholdet")).to_be_focused()
    page.get_by_label("E-postadresse").focus()
    page.keyboard.type("bob@example.no")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    at_home(page)

    page.goto(KARMOY)
    focused = page.locator(":focus")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('a.cell')"):
            break
    expect(focused).to_have_class(re.compile(r"\bcell\b"))

    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Home")
    expect(focused).to_have_text("Musikk")
    for _ in range(20):
        page.keyboard.press("ArrowRight")
        if FEEDBACK in (focused.get_attribute("href") or ""):
            break
    page.keyboard.press("Enter")
    expect(page.locator("#forklaring")).to_contain_text("God fordi 4,5")

    # The reason follows the focus; what is hidden says why in words.
    page.keyboard.press("ArrowUp")
    expect(page.locator("#forklaring")).to_contain_text("Skjult fordi")
    page.keyboard.press("ArrowUp")
    expect(page.locator("#forklaring")).to_contain_text(WEAK)

    page.keyboard.press("Escape")
    expect(page.locator(".reason")).to_have_count(0)
    expect(cell(page)).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("table.colours :focus")).to_have_count(0)


def test_without_javascript(open_as: Open) -> None:
    page = open_as("bob", java_script_enabled=False)
    page.goto(KARMOY)
    cell(page).click()
    expect(page).to_have_url(re.compile(f"celle={SCHOOL}.{FEEDBACK}#forklaring$"))
    expect(page.locator("#forklaring")).to_contain_text(WEAK)
    expect(page.locator("#forklaring")).to_be_in_viewport()
    page.get_by_role("link", name="Lukk forklaringen").click()
    expect(page.locator(".reason")).to_have_count(0)

    page.get_by_role("columnheader", name="Tilbakemeldinger").get_by_role("link").click()
    expect(page.get_by_role("columnheader", name="Tilbakemeldinger")).to_have_attribute(
        "aria-sort", "descending"
    )
    page.get_by_label("Skoleår").select_option("2024-25")
    page.get_by_label("Vis", exact=True).select_option(label="Prosess")
    page.get_by_role("button", name="Oppdater").click()
    expect(page).to_have_url(re.compile("/2024-25/.*rolle=process"))
    expect(page.get_by_role("columnheader", name="Resultat")).to_have_count(0)
    assert downloaded(page, "Excel").startswith(b"PK")
    assert downloaded(page, "CSV").startswith(b"\xef\xbb\xbf")


def test_choices_take_effect_at_once(open_as: Open) -> None:
    page = open_as("bob")
    page.goto(KARMOY)
    page.evaluate("window.stayed = true")
    page.get_by_role("columnheader", name="Tilbakemeldinger").get_by_role("link").click()
    head = page.get_by_role("columnheader", name="Tilbakemeldinger")
    expect(head).to_have_attribute("aria-sort", "descending")
    expect(head.get_by_role("link")).to_be_focused()
    names = page.locator("tr.child th").all_text_contents()
    assert names == ["Musikk", "Dans"], "what is hidden comes last"

    page.get_by_label("Skoleår").select_option("2024-25")
    expect(page).to_have_url(re.compile("/2024-25/"))
    expect(page).to_have_title(re.compile("2024–25"))
    assert page.evaluate("window.stayed"), "the page was loaded anew"
    page.go_back()
    expect(page).to_have_url(re.compile("/2025-26/"))
    expect(page.get_by_label("Skoleår")).to_have_value("2025-26")


def test_what_cannot_be_put_in_place_is_an_ordinary_way_there(open_as: Open) -> None:
    page = open_as("bob")

    def refuse(route: Route) -> None:
        fetched = route.request.resource_type == "fetch"
        route.fulfill(status=404) if fetched else route.fallback()

    page.route("**/hvor-er-vi/**", refuse)
    page.goto(KARMOY)
    expect(page.locator("table.colours[data-ready]")).to_be_attached()
    page.get_by_role("columnheader", name="Tilbakemeldinger").get_by_role("link").click()
    head = page.get_by_role("columnheader", name="Tilbakemeldinger")
    expect(head).to_have_attribute("aria-sort", "descending")
    expect(page.locator("table.colours[data-ready]")).to_be_attached()
    cell(page).click()
    expect(page.locator("#forklaring")).to_contain_text(WEAK)


def test_another_language_leads_back_to_the_same_place(open_as: Open) -> None:
    page = open_as("tom")
    page.goto(KARMOY)
    cell(page).click()
    expect(page.locator("#forklaring")).to_contain_text(WEAK)
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#forklaring")).to_contain_text("Weak because 3.4 is below")
    page.get_by_role("button", name=re.compile("norsk", re.I)).click()
    expect(page.locator("html")).to_have_attribute("lang", "nb")


def test_down_and_up_the_tree(open_as: Open) -> None:
    page = open_as("alice")
    page.goto("/hvor-er-vi/no/2025-26/")
    for name in ("Rogaland", "Karmøy", "Karmøy kulturskole", "Dans"):
        page.locator("tbody").get_by_role("link", name=name, exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    page.get_by_role("navigation", name="Veien hit").get_by_role(
        "link", name="Karmøy", exact=True
    ).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Karmøy kommune")


def test_log_out(open_as: Open) -> None:
    page = open_as()
    fill_in_login(page, "frida")
    page.locator("details.account > summary").click()
    page.get_by_role("button", name="Logg ut").click()
    page.wait_for_url("**/konto/logg-inn/")
    page.goto("/")
    expect(page).to_have_url(re.compile("/konto/logg-inn/"))


def test_a_goal_is_set_from_the_panel_without_a_script(open_as: Open) -> None:
    page = open_as("alice", java_script_enabled=False)
    page.goto(f"/hvor-er-vi/no-1149/2025-26/?celle=no-1149.{FEEDBACK}")
    page.get_by_role("link", name="Sett et mål").click()
    page.get_by_label("Eller et tall", exact=True).fill("4,6")
    page.get_by_label("Hvorfor dette målet").fill("Vi vil dit.")
    page.get_by_role("button", name="Sett målet").click()
    expect(page.locator(".reason")).to_contain_text("Mål 4,6 (satt av")
    page.goto(f"/hvor-er-vi/{SCHOOL}/2025-26/?celle={SCHOOL}.{FEEDBACK}")
    expect(page.locator(".reason")).to_contain_text("Mål 4,6")
    page.goto(f"/hvor-skal-vi/mal/{FEEDBACK}/2025-26/")
    page.get_by_role("button", name="Trekk målet tilbake").click()
    expect(page.locator(".reason")).not_to_contain_text("Mål 4")


def test_the_head_of_a_column_leads_to_what_it_is_about(open_as: Open) -> None:
    page = open_as("bob")
    page.goto(KARMOY)
    page.get_by_role("link", name="Om Trivsel", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Trivsel (elevene)")
    expect(page.get_by_role("heading", name="Hvor sikkert måles dette?")).to_be_visible()
