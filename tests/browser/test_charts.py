"""The line over time and the dialogue map in a real browser: everybody, every screen, on paper."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.walking import COLOUR_RULES, Open, axe_findings
from tests.web.see.world import CREATIVITY, FEEDBACK, SCHOOL, SHARE, TOGETHER, WELLBEING

pytestmark = pytest.mark.browser

MAP = f"/hvordan-henger-det-sammen/{SCHOOL}/2025-26/"
LINE = f"/utvikling/{SCHOOL}/{FEEDBACK}/"
RELATION = "student_teacher_relation"
PAGES = [
    MAP,
    f"{MAP}?valgt={WELLBEING}",
    f"{MAP}?valgt={WELLBEING}&ved={RELATION}",
    f"{MAP}?vis=alle",
    LINE,
    f"/utvikling/{SCHOOL}/{CREATIVITY}/",
    f"/utvikling/{SCHOOL}/{SHARE}/",
    f"/utvikling/{TOGETHER[0]}/{TOGETHER[1]}/",
    f"/utvikling/{SCHOOL}.dans/kostra_net_per_child/",
    "/hvor-skal-vi/",
]


def write(page: Page, a: str, b: str, note: str) -> None:
    """A thought of the team, as somebody without a script writes it."""
    page.goto(MAP)
    page.get_by_text("Legg til noe vi tror").click()
    page.get_by_label("Indikator", exact=True).select_option(a)
    page.get_by_label("Henger sammen med").select_option(b)
    page.get_by_label("Det vi tror").fill(note)
    page.get_by_role("button", name="Sett det på kartet").click()
    expect(page.get_by_role("status")).to_contain_text("Nå står det på kartet.")


def open_all(page: Page) -> None:
    page.evaluate("document.querySelectorAll('main details').forEach(each => each.open = true)")


def test_a_team_writes_changes_and_withdraws_without_a_script(open_as: Open) -> None:
    page = open_as("bob", java_script_enabled=False)
    write(page, FEEDBACK, "student_mastery_expectation", "De som får råd, tør mer.")
    own = page.get_by_role("region", name="Det vi selv tror")
    expect(own).to_contain_text("De som får råd, tør mer.")
    expect(own).to_contain_text("Skrevet av Bob")
    # The picture draws it as a line of its own, which its key names.
    expect(page.locator(".chart.wide, .chart").first).to_contain_text("vi tror, uten tall bak")
    own.get_by_role("link", name="Endre eller trekk tilbake").click()
    page.get_by_label("Det vi tror").fill("De som får råd og tid, tør mer.")
    page.get_by_role("button", name="Endre teksten").click()
    expect(own).to_contain_text("råd og tid")
    own.get_by_role("link", name="Endre eller trekk tilbake").click()
    page.get_by_role("button", name="Trekk det tilbake").click()
    expect(own).not_to_contain_text("råd og tid")


def test_axe_finds_nothing_on_any_chart_page_in_light_and_dark(open_as: Open) -> None:
    page = open_as("bob", color_scheme="light", reduced_motion="reduce")
    write(page, RELATION, WELLBEING, "De som blir sett, trives.")
    write(page, FEEDBACK, "", "Vi gir mye av det.")
    way = page.get_by_role("link", name="Endre eller trekk tilbake").first.get_attribute("href")
    found = []
    for address in (*PAGES, str(way)):
        page.goto(address)
        open_all(page)
        found += axe_findings(page)
        page.emulate_media(color_scheme="dark")
        found += axe_findings(page, COLOUR_RULES)
        page.emulate_media(color_scheme="light")
    assert not found, "\n".join(found)


def test_axe_finds_nothing_on_a_phone_and_in_english(open_as: Open) -> None:
    page = open_as("bob", viewport={"width": 390, "height": 800})
    page.goto("/")
    page.get_by_role("button", name="English").click()
    found = []
    for address in (MAP, f"{MAP}?valgt={WELLBEING}&ved={RELATION}", LINE):
        page.goto(address)
        open_all(page)
        found += axe_findings(page)
    expect(page.get_by_role("heading", name="Questions to talk about")).to_be_visible()
    page.get_by_role("button", name="norsk").click()
    assert not found, "\n".join(found)


def test_no_chart_page_is_wider_than_its_screen(open_as: Open) -> None:
    """640 is a laptop of 1280 at 200 %."""
    page = open_as("bob", viewport={"width": 640, "height": 700})
    wide = []
    for address in PAGES:
        page.goto(address)
        open_all(page)
        for width in (640, 390, 320):
            page.set_viewport_size({"width": width, "height": 700})
            asked = page.evaluate("document.documentElement.scrollWidth")
            if asked > width:
                wide.append(f"{address} at {width}: {asked}")
    assert not wide


def test_the_map_is_a_picture_on_a_desk_and_a_list_on_a_phone(open_as: Open) -> None:
    page = open_as("bob", viewport={"width": 1280, "height": 800})
    page.goto(MAP)
    card = page.locator(".chart a.node", has_text="Trivsel")
    expect(card).to_be_visible()
    expect(page.locator(".map-narrow")).to_be_hidden()
    page.set_viewport_size({"width": 390, "height": 700})
    expect(card).to_be_hidden()
    expect(
        page.locator(".map-narrow").get_by_role("link", name="Trivsel (elevene)")
    ).to_be_visible()
    expect(page.get_by_text("Det samme som liste")).to_be_hidden()


def test_by_keyboard_alone_to_a_pair_and_its_questions(open_as: Open) -> None:
    page = open_as("bob", viewport={"width": 1280, "height": 800})
    page.goto(MAP)
    press_until(page, "Trivsel (elevene)")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"valgt={WELLBEING}"))
    expect(page.locator(".chart a.node[aria-current]")).to_contain_text("Trivsel")
    assert page.locator(".chart a.node").count() == 3
    press_until(page, "Indre motivasjon (elevene)", inside=".pairs")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("ved=student_intrinsic_motivation"))
    expect(page.get_by_role("complementary")).to_contain_text("Kjenner vi elever der")


def press_until(page: Page, name: str, inside: str = "body") -> None:
    """Tab until the link with this name has focus, and can be seen to have it."""
    for _ in range(80):
        page.keyboard.press("Tab")
        found = page.evaluate(
            """([name, inside]) => { const one = document.activeElement;
            return one.textContent.replace(/\\s+/g, " ").includes(name) && !!one.closest(inside)
                && one.matches("a") && getComputedStyle(one).outlineStyle !== "none"; }""",
            [name, inside],
        )
        if found:
            return
    raise AssertionError(f"{name} was never reached")


def test_every_card_and_year_has_its_level_in_words(open_as: Open) -> None:
    page = open_as("bob", viewport={"width": 1280, "height": 800})
    page.goto(MAP)
    names = page.locator(".chart a.node").all_text_contents()
    assert len(names) > 5
    level = re.compile(r"svak|på vei|god|usikkert|skjult|ingen")
    figures = re.compile(r"Barn 6–15|Netto")
    assert all(level.search(name) or figures.search(name) for name in names), names
    page.goto(LINE)
    for row in page.locator(".chart-table tbody tr").all_inner_texts():
        assert level.search(row), row
    tree = page.locator("svg.chart.wide").aria_snapshot()
    assert "Tilbakemeldinger over tid, Karmøy kulturskole" in tree


def painted(page: Page, selector: str, what: str) -> set[str]:
    found: Any = page.evaluate(
        """([selector, what]) => [...document.querySelectorAll(selector)]
            .filter(each => each.checkVisibility())
            .map(each => getComputedStyle(each)[what])""",
        [selector, what],
    )
    return set(found)


def test_forced_colours_leave_words_lines_and_rims(open_as: Open) -> None:
    page = open_as("bob", viewport={"width": 1280, "height": 800}, forced_colors="active")
    page.goto(MAP)
    # Tints are gone; every card has a rim, every line and word the system's own colour.
    cards = ".chart .node rect:nth-of-type(2)"
    canvas = painted(page, "body", "backgroundColor")
    assert painted(page, cards, "fill") - canvas <= {'url("#kart-bilde-w-hatch")'}
    assert "none" not in painted(page, cards, "stroke")
    assert canvas.isdisjoint(painted(page, ".chart text", "fill"))
    assert canvas.isdisjoint(painted(page, ".chart path", "stroke"))
    page.goto(LINE)
    assert canvas.isdisjoint(painted(page, ".chart.wide text", "fill"))


def test_on_paper_charts_keep_their_words_and_nothing_to_press(open_as: Open) -> None:
    """740 pixels is a standing A4 sheet."""
    page = open_as("bob", viewport={"width": 740, "height": 1000})
    page.emulate_media(media="print")
    for address in (MAP, LINE):
        page.goto(address)
        expect(page.locator("svg.chart").first).to_be_visible()
        expect(page.locator("form").first).to_be_hidden()
        expect(page.locator("summary:visible")).to_have_count(0)
        expect(page.get_by_role("heading", name="Spørsmål å snakke om")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 740
        assert page.pdf(format="A4").startswith(b"%PDF")


def test_everything_on_a_chart_page_can_be_hit_with_a_thumb(open_as: Open) -> None:
    page = open_as("bob", viewport={"width": 390, "height": 800})
    for address in (MAP, f"{MAP}?valgt={WELLBEING}", LINE):
        page.goto(address)
        small = page.evaluate(
            """[...document.querySelectorAll("main .map-name a, main .pairs a, main .ways a,"
                + "main .ds-button, main select, main summary, main .chart-units a")]
                .filter(each => each.checkVisibility())
                .filter(each => each.getBoundingClientRect().height < 43.9)
                .map(each => each.outerHTML.slice(0, 120))"""
        )
        assert not small, address


def test_a_walk_from_the_table_over_the_line_to_the_map_and_a_meeting(open_as: Open) -> None:
    page = open_as("bob")
    page.goto(f"/hvor-er-vi/{SCHOOL}/2025-26/?celle={SCHOOL}.{WELLBEING}")
    page.get_by_role("link", name="Se utviklingen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Trivsel (elevene)")
    page.get_by_role("link", name="Hva går den sammen med?").click()
    expect(
        page.get_by_role("heading", level=2, name="Trivsel (elevene)", exact=True)
    ).to_be_visible()
    page.get_by_role("link", name="Ta med til møte").click()
    expect(page.get_by_text("Hvordan merker en elev at vi er glad")).to_be_visible()
