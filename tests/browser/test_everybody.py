"""Pages for everybody: axe-core in light and dark, phones, and a word in every cell."""

import pytest
from playwright.sync_api import expect

from tests.browser.walking import COLOUR_RULES, Open, axe_findings, internal_names
from tests.web.see.world import ABOVE, CREATIVITY, FEEDBACK, SCHOOL, SHARE, TOGETHER, WELLBEING

pytestmark = pytest.mark.browser

OUTSIDE = [
    "/konto/logg-inn/",
    "/konto/passord/glemt/",
    "/m/",
    "/apne-data/",
    "/apne-data/2025-26/",
    "/api/v1/",
    "/innebygd/no-1149/2025-26/",
]
QUALITY = f"/kvalitet/{SCHOOL}/2025-26/"
PAGES = {
    "bob": [
        "/",
        "/god-praksis/",
        "/god-praksis/?q=elev&area=results",
        "/god-praksis/vare/",
        "/egne/",
        "/egne/delte/",
        "/egne/nytt-kjennetegn/",
        "/egne/ny-undersokelse/",
        "/arshjul/",
        "/mitt/varsler/",
        "/mitt/alt-jeg-har-skrevet/",
        f"/hvor-er-vi/{SCHOOL}/2025-26/",
        f"/hvor-er-vi/{SCHOOL}/2025-26/?celle={SCHOOL}.{FEEDBACK}",
        f"/hvor-er-vi/{SCHOOL}/2025-26/?celle={SCHOOL}.dans.{FEEDBACK}&sorter=-{FEEDBACK}",
        f"/hvor-er-vi/{SCHOOL}/2025-26/?celle={SCHOOL}.{CREATIVITY}",
        f"/hvor-er-vi/{SCHOOL}/2025-26/?celle={'.'.join(TOGETHER)}",
        f"/indikator/{WELLBEING}/2025-26/",
        f"/indikator/{SHARE}/2025-26/",
        f"/hva-gjor-vi/{SCHOOL}/2025-26/",
        f"/prosesser/{SCHOOL}/",
        f"/prosesser/{SCHOOL}/ny/?valgt={SCHOOL}.{FEEDBACK}",
        "/hvor-skal-vi/",
        "/hvor-skal-vi/kjennetegn/assessment_for_learning/",
        f"/hva-gjor-vi/{SCHOOL}/",
        f"/tiltak/{SCHOOL}/",
        f"/tiltak/{SCHOOL}/nytt/",
        f"/beslutninger/{SCHOOL}/ny/",
        f"/den-rode-traden/indikator/{SCHOOL}.{FEEDBACK}/",
        "/moter/",
        "/moter/nytt/",
        "/tilgang/",
        "/enheter/",
        f"/enheter/{SCHOOL}/ny/",
        "/rolle/",
        "/konto/passord/",
        "/konto/nokler/",
        "/bilder/",
        f"{QUALITY}",
        f"{QUALITY}kjennetegn/assessment_for_learning/",
        f"{QUALITY}kjennetegn/assessment_for_learning/skriv/",
        f"{QUALITY}plassering/",
        f"{QUALITY}plassering/assessment_for_learning/",
        "/not-here/",
    ],
    "alice": [
        f"/hvor-skal-vi/mal/{WELLBEING}/2025-26/",
        "/hvor-skal-vi/kjennetegn/learning_relations/",
        f"/hvor-er-vi/no-1149/2025-26/?celle={'.'.join(ABOVE)}",
        "/kvalitet/",
        f"{QUALITY}omrade/results/",
        "/enheter/",
        "/enheter/no-1149/ny/",
    ],
    "nora": ["/", "/hvor-er-vi/no/2025-26/?vis=alle", "/hvor-er-vi/no-11/2025-26/"],
}


def visits() -> list[tuple[str, str]]:
    return [("", address) for address in OUTSIDE] + [
        (person, address) for person, addresses in PAGES.items() for address in addresses
    ]


@pytest.mark.parametrize("person", ["", *PAGES])
def test_axe_finds_nothing_in_light_and_dark(person: str, open_as: Open) -> None:
    """All rules in light; in dark, where only colours differ, those about colour."""
    found = []
    page = open_as(person, color_scheme="light", reduced_motion="reduce")
    for who, address in visits():
        if who == person:
            page.goto(address)
            found += axe_findings(page)
            page.emulate_media(color_scheme="dark")
            found += axe_findings(page, COLOUR_RULES)
            page.emulate_media(color_scheme="light")
    assert not found, "\n".join(found)


def test_an_internal_name_is_found_wherever_it_hides(open_as: Open) -> None:
    page = open_as()
    page.set_content(
        "<details><summary>Krav</summary>many_agree.v1</details><p title='council.v2'>v3, 1.v</p>"
    )
    assert internal_names(page) == ["council.v2", "many_agree.v1"]


def test_axe_finds_nothing_in_english_with_the_menu_open(open_as: Open) -> None:
    page = open_as("bob")
    page.goto("/")
    page.get_by_role("button", name="English").click()
    page.locator("details.account > summary").click()
    found = axe_findings(page)
    page.goto(f"/hvor-er-vi/{SCHOOL}/2025-26/?celle={SCHOOL}.{FEEDBACK}")
    found += axe_findings(page)
    page.get_by_role("button", name="norsk").click()
    assert not found, "\n".join(found)


@pytest.mark.parametrize("person", ["", *PAGES])
def test_no_page_is_wider_than_a_phone(person: str, open_as: Open) -> None:
    wide = []
    page = open_as(person)
    for who, address in visits():
        if who == person:
            page.goto(address)
            for width in (390, 320):
                page.set_viewport_size({"width": width, "height": 700})
                asked = page.evaluate("document.documentElement.scrollWidth")
                if asked > width:
                    wide.append(f"{address} at {width}: {asked}")
    assert not wide


def test_on_a_phone_the_unit_stays_beside_its_numbers(open_as: Open) -> None:
    page = open_as("bob", viewport={"width": 320, "height": 700}, has_touch=True)
    page.goto(f"/hvor-er-vi/{SCHOOL}/2025-26/")
    region = page.get_by_role("region", name="Fargetabell: Karmøy kulturskole, 2025–26")
    region.evaluate("region => region.scrollLeft = 400")
    head = page.locator("tr.self th")
    region.scroll_into_view_if_needed()
    expect(head).to_be_in_viewport(ratio=1)
    last = page.locator("tr.self td").last.locator("a")
    last.tap()
    expect(page.locator(".reason")).to_be_in_viewport()


def test_twelve_columns_fit_on_a_small_laptop_and_a_phone_says_that_there_are_more(
    open_as: Open,
) -> None:
    page = open_as("bob", viewport={"width": 1280, "height": 800})
    page.goto(f"/hvor-er-vi/{SCHOOL}/2025-26/")
    frame, region = page.locator(".table-frame"), page.locator(".table-region")
    expect(frame).to_have_attribute("data-more", "")
    assert region.evaluate("region => region.scrollWidth <= region.clientWidth")
    page.set_viewport_size({"width": 390, "height": 700})
    expect(frame).to_have_attribute("data-more", "after")
    region.evaluate("region => region.scrollLeft = 100")
    expect(frame).to_have_attribute("data-more", "before after")
    region.evaluate("region => region.scrollLeft = 10000")
    expect(frame).to_have_attribute("data-more", "before")


@pytest.mark.parametrize("end", ["", "#forklaring"])
@pytest.mark.parametrize("width", [390, 1280])
def test_a_cell_that_was_sent_to_somebody_is_in_sight(width: int, end: str, open_as: Open) -> None:
    page = open_as("bob", viewport={"width": width, "height": 700})
    page.goto(f"/hvor-er-vi/{SCHOOL}/2025-26/?celle={SCHOOL}.kostra_share_6_15{end}")
    chosen, reason = page.locator("a.cell[aria-current]"), page.locator(".reason")
    expect(chosen).to_be_in_viewport(ratio=1)
    expect(reason).to_be_in_viewport()
    box, dock = chosen.bounding_box(), reason.bounding_box()
    assert box["y"] + box["height"] <= dock["y"] + 1, "the reason covers its cell"


def test_the_level_word_is_in_the_name_of_every_cell(open_as: Open) -> None:
    page = open_as("bob")
    page.goto(f"/hvor-er-vi/{SCHOOL}/2025-26/?vis=alle")
    cells = page.evaluate(
        """[...document.querySelectorAll("a.cell")].map(cell => ({
            name: cell.getAttribute("aria-label"),
            word: cell.querySelector(".word")?.textContent ?? "",
            value: cell.querySelector(".value")?.textContent ?? "",
            level: /l\\dof\\d/.test(cell.className),
        }))"""
    )
    assert len(cells) > 50
    for cell in cells:
        assert cell["word"] in cell["name"]
        assert cell["value"] in cell["name"]
        assert cell["word"] or not cell["level"]
        assert cell["word"] or cell["value"]


def test_everything_can_be_hit_with_a_thumb(open_as: Open) -> None:
    """Cells, buttons and lists to choose from are at least 44 pixels high.

    The way from a column's head to its page is smaller, as the explanation has it, too; it still
    has the 24 pixels that WCAG 2.2 asks for.
    """
    page = open_as("bob", viewport={"width": 390, "height": 800})
    page.goto(f"/hvor-er-vi/{SCHOOL}/2025-26/?celle={SCHOOL}.{CREATIVITY}")
    small = page.evaluate(
        """[...document.querySelectorAll("a.cell, .ds-button, select, .questions a, .head-cell a,"
            + ".unit a, summary, .language button, .reason-links a")]
            .filter(each => each.checkVisibility() && each.getBoundingClientRect().height < 43.9)
            .filter(each => !each.closest(".left-out") && !each.matches(".head-about"))
            .map(each => each.outerHTML.slice(0, 120))"""
    )
    assert not small
    about = page.locator(".head-about").first.bounding_box()
    assert about is not None
    assert min(about["width"], about["height"]) >= 24
