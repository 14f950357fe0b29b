"""The pages: who gets which, what stands on them, and what never does."""

import csv
import io
import re
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from puls.cells import ReleasedCell, Status
from puls.documents.provenance import Source
from puls.units import UnitTree
from puls.views import colour_table
from puls.web.assess.models import Release
from puls.web.packs import pack
from puls.web.see import exports, pages, queries
from puls.web.tenants.models import Unit
from tests.web.cast import Cast, LogIn
from tests.web.see import world
from tests.web.see.world import FEEDBACK, SCHOOL, SHARE, TOGETHER, WELLBEING

YEAR = "2025-26"
KARMOY = f"/hvor-er-vi/{SCHOOL}/{YEAR}/"
EVERY_PAGE = ["/", KARMOY, "/hvor-skal-vi/", f"/hva-gjor-vi/{SCHOOL}/{YEAR}/", "/not-here/"]

# Who sees the page of which unit. A unit out of reach is as far away as one that is not there.
REACH = [
    # unit,                      alice bob  charlie nora frida tom
    ("no",                       "yes yes yes     yes  yes   yes"),
    ("no-11",                    "yes yes no      yes  yes   yes"),
    ("no-1149",                  "yes yes no      yes  yes   yes"),
    ("karmoy-kulturskole",       "yes yes no      no   no    yes"),
    ("karmoy-kulturskole.dans",  "yes yes no      no   no    yes"),
    ("karmoy-kulturskole.musikk", "yes yes no     no   no    no"),
    ("bergen-kulturskole",       "no  no  yes     no   no    no"),
    ("no-4601",                  "no  no  yes     yes  no    no"),
    ("no-such-unit",             "no  no  no      no   no    no"),
]  # fmt: skip
PEOPLE = ("alice", "bob", "charlie", "nora", "frida", "tom")


@pytest.mark.parametrize(("unit", "row"), REACH)
def test_who_sees_which_unit(
    unit: str, row: str, released: Release, cast: Cast, log_in: LogIn
) -> None:
    for person, sees in zip(PEOPLE, row.split(), strict=True):
        browser = log_in(getattr(cast, person))
        for address in (
            f"/hvor-er-vi/{unit}/{YEAR}/",
            f"/hvor-er-vi/{unit}/{YEAR}/fargetabell.csv",
            f"/hva-gjor-vi/{unit}/{YEAR}/",
        ):
            expected = 200 if sees == "yes" else 404
            assert browser.get(address).status_code == expected, f"{person} at {address}"


@pytest.mark.parametrize(
    "address",
    [
        f"/hvor-er-vi/{SCHOOL}/1999-00/",
        f"/hvor-er-vi/{SCHOOL}/2025/",
        f"/hvor-er-vi/{SCHOOL}/2025-27/",
        f"/hvor-er-vi/{SCHOOL}/nonsense/",
        f"{KARMOY}?skolear=%2F%2Fevil.example",
    ],
)
def test_only_real_school_years_in_their_one_spelling(
    address: str, released: Release, cast: Cast, log_in: LogIn
) -> None:
    assert log_in(cast.bob).get(address).status_code == 404


def test_strangers_are_asked_to_log_in(released: Release) -> None:
    for address in ("/", KARMOY, f"{KARMOY}fargetabell.xlsx", "/hvor-skal-vi/"):
        answer = Client().get(address)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/konto/logg-inn/")


def test_short_addresses_lead_to_the_own_unit(released: Release, cast: Cast, log_in: LogIn) -> None:
    bob = log_in(cast.bob)
    assert bob.get("/hvor-er-vi/", follow=True).redirect_chain[-1][0] == KARMOY
    assert bob.get("/hva-gjor-vi/", follow=True).redirect_chain[-1][0] == f"/hva-gjor-vi/{SCHOOL}/"
    assert bob.get(f"{KARMOY}?skolear=2024-25&vis=alle").headers["Location"] == (
        f"/hvor-er-vi/{SCHOOL}/2024-25/?vis=alle"
    )


def test_before_anything_is_released_the_pages_say_so(cast: Cast, log_in: LogIn) -> None:
    bob = log_in(cast.bob)
    assert "Ingenting er gitt ut ennå" in bob.get("/hvor-er-vi/", follow=True).text
    assert bob.get("/hva-gjor-vi/", follow=True).status_code == 200
    assert bob.get("/hvor-skal-vi/").status_code == 200


def the_cell(page: str, unit: str, indicator: str) -> str:
    """The HTML of one cell of the table."""
    found = re.search(rf'<a class="cell[^>]*celle={re.escape(f"{unit}.{indicator}")}#.*?</a>', page)
    assert found, f"no cell of {unit} and {indicator}"
    return found.group()


def test_a_level_is_tint_symbol_word_and_number(
    released: Release, cast: Cast, log_in: LogIn
) -> None:
    cell = the_cell(log_in(cast.bob).get(KARMOY).text, SCHOOL, FEEDBACK)
    assert "l1of3" in cell
    assert "#bars-1-3" in cell
    assert 'aria-label="Tilbakemeldinger, Karmøy kulturskole: 3,4 svak"' in cell
    assert ">3,4<" in cell
    assert ">svak<" in re.sub(r"<svg.*?</svg>", "", cell)


def test_hidden_is_told_in_words_and_has_no_number(
    released: Release, cast: Cast, log_in: LogIn
) -> None:
    page = log_in(cast.bob).get(KARMOY).text
    cell = the_cell(page, f"{SCHOOL}.dans", FEEDBACK)
    assert "look hidden" in cell
    assert ">skjult<" in cell
    told = re.sub(r"<svg.*?</svg>", "", cell)
    assert not re.search(r"\d", re.sub(r'href="[^"]*"', "", told))


def test_uncertain_names_its_levels(released: Release, cast: Cast, log_in: LogIn) -> None:
    cell = the_cell(log_in(cast.bob).get(KARMOY).text, SCHOOL, WELLBEING)
    assert "look uncertain" in cell
    assert "#dots" in cell
    assert "usikkert" in cell
    assert "svak, på vei og god" in cell


def test_comparison_rows_stay_below(released: Release, cast: Cast, log_in: LogIn) -> None:
    for sort in ("", "?sorter=name", f"?sorter={FEEDBACK}", f"?sorter=-{FEEDBACK}"):
        page = log_in(cast.bob).get(KARMOY + sort).text
        rows = re.findall(r'<tr class="(\w+)[^"]*"><th class="unit"', page)
        assert rows == ["self", "child", "child", "pale", "pale", "pale"]


def test_sorting_is_said_to_everybody(released: Release, cast: Cast, log_in: LogIn) -> None:
    page = log_in(cast.bob).get(f"{KARMOY}?sorter=-{FEEDBACK}").text
    assert page.count('aria-sort="descending"') == 1
    assert f'href="?sorter={FEEDBACK}"' in page


def test_the_reason_stands_on_the_page_without_javascript(
    released: Release, cast: Cast, log_in: LogIn
) -> None:
    page = log_in(cast.bob).get(f"{KARMOY}?celle={SCHOOL}.{FEEDBACK}").text
    assert "Svak fordi 3,4 er under grensen 3,6" in page
    assert "148 svarte." in page
    assert page.count('aria-current="true"') == 2, "the question and the cell"


def test_a_script_gets_only_the_reason(released: Release, cast: Cast, log_in: LogIn) -> None:
    answer = log_in(cast.bob).get(
        f"{KARMOY}?celle={SCHOOL}.{FEEDBACK}",
        headers={"Puls-Part": "forklaring"},
    )
    assert "Svak fordi 3,4" in answer.text
    assert "<html" not in answer.text
    assert "<table" not in answer.text


@pytest.mark.parametrize(
    "query",
    [
        f"celle={SCHOOL}.{FEEDBACK}",
        f"celle={SCHOOL}.dans.{FEEDBACK}",
        f"celle={'.'.join(TOGETHER)}",
        f"celle=no.{FEEDBACK}&sorter=-{FEEDBACK}",
        f"rolle=result&celle={SCHOOL}.{WELLBEING}",
        f"rolle=result&celle={SCHOOL}.{FEEDBACK}",
        f"kolonner={WELLBEING}&celle={SCHOOL}.{WELLBEING}",
        f"celle=bergen-kulturskole.{FEEDBACK}",
        f"celle={SCHOOL}.gsi_pupils",
    ],
)
def test_a_reason_alone_is_that_of_the_page(
    query: str, released: Release, cast: Cast, log_in: LogIn
) -> None:
    """Alone it is drawn from one row and one column; nothing of it may go missing."""
    bob = log_in(cast.bob)
    page = bob.get(f"{KARMOY}?{query}").text
    alone = bob.get(f"{KARMOY}?{query}", headers={"Puls-Part": "forklaring"}).text
    assert alone.strip() in page
    assert ('class="reason"' in alone) == ('class="reason"' in page)


def test_a_reason_alone_draws_one_cell(
    released: Release, cast: Cast, log_in: LogIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = []
    real = colour_table._Words.cell

    def counted(words: Any, cell: ReleasedCell, *more: Any) -> Any:
        drawn.append(cell)
        return real(words, cell, *more)

    monkeypatch.setattr(colour_table._Words, "cell", counted)
    log_in(cast.bob).get(
        f"{KARMOY}?vis=alle&celle={SCHOOL}.{FEEDBACK}",
        headers={"Puls-Part": "forklaring"},
    )
    assert len(drawn) == 1


@pytest.mark.parametrize(
    "cell", [f"bergen-kulturskole.{FEEDBACK}", f"no-such.{FEEDBACK}", f"{SCHOOL}.gsi_pupils"]
)
def test_a_cell_that_is_not_on_the_page_has_no_reason(
    cell: str, released: Release, cast: Cast, log_in: LogIn
) -> None:
    page = log_in(cast.bob).get(f"{KARMOY}?celle={cell}")
    assert page.status_code == 200
    assert 'class="reason"' not in page.text


def test_columns_of_which_nothing_is_known_are_named_beneath(
    released: Release, cast: Cast, log_in: LogIn
) -> None:
    page = log_in(cast.bob).get(KARMOY).text
    assert f"{SCHOOL}.kostra_net_per_child" not in page
    assert "Utelatt fordi ingen her har tall: Netto driftsutgifter" in page


def test_the_lasting_address_keeps_its_numbers(
    released: Release, places: UnitTree, cast: Cast, log_in: LogIn
) -> None:
    bob = log_in(cast.bob)
    lasting = re.search(
        r'id="adresse" readonly value="http://testserver([^"]*)"', bob.get(KARMOY).text
    )
    assert lasting
    assert lasting[1] == f"{KARMOY}?per={released.pk}"
    newer = world.release(places, share=13.9, answers=False)
    assert "13,9" in the_cell(bob.get(KARMOY).text, SCHOOL, SHARE)
    kept = bob.get(lasting[1]).text
    assert "12,3" in the_cell(kept, SCHOOL, SHARE)
    assert "13,9" not in kept
    assert "Det finnes en nyere" in kept
    sheet = bob.get(f"{KARMOY}fargetabell.csv?per={released.pk}").content.decode()
    assert "12,3" in sheet
    assert "13,9" not in sheet
    assert f"?per={newer.pk}" in bob.get(KARMOY).text


def test_the_answers_of_the_first_release_stay_in_the_second(
    released: Release, places: UnitTree, cast: Cast, log_in: LogIn
) -> None:
    world.release(places, share=13.9, answers=False)
    assert "3,4" in the_cell(log_in(cast.bob).get(KARMOY).text, SCHOOL, FEEDBACK)


def test_csv_keeps_status_reason_and_provenance(
    released: Release, cast: Cast, log_in: LogIn
) -> None:
    answer = log_in(cast.bob).get(f"{KARMOY}fargetabell.csv?vis=alle")
    assert (
        'filename="puls-karmoy-kulturskole-2025-26-syntetisk.csv"'
        in (answer.headers["Content-Disposition"])
    )
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    weak = next(r for r in rows if r["Enhetsnøkkel"] == SCHOOL and r["Indikatornøkkel"] == FEEDBACK)
    assert (weak["Verdi"], weak["Svar"], weak["Nivå eller status i ord"]) == ("3,4", "148", "svak")
    assert weak["Forklaring"].startswith("Svak fordi 3,4")
    assert weak["Ekte eller syntetisk"] == "Syntetiske data"
    assert weak["Adresse"].startswith(f"http://testserver{KARMOY}?vis=alle&per=")
    hidden = next(
        r for r in rows
        if r["Enhetsnøkkel"] == f"{SCHOOL}.dans" and r["Indikatornøkkel"] == FEEDBACK
    )  # fmt: skip
    assert (hidden["Statuskode"], hidden["Status"]) == ("linked", "skjult")
    assert (hidden["Verdi"], hidden["Svar"], weak["Status"]) == ("", "", "vist")


def test_xlsx_is_a_workbook_with_its_sources(released: Release, cast: Cast, log_in: LogIn) -> None:
    answer = log_in(cast.bob).get(f"{KARMOY}fargetabell.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["Fargetabell", "Verdier", "Kilder"]
    told = [str(c.value) for line in book["Kilder"].iter_rows() for c in line if c.value]
    for fact in ("Syntetiske data", "KOSTRA (SSB)", "Elevundersøkelse", "CC BY 4.0", "ab" * 32):
        assert fact in told


@pytest.mark.parametrize("address", ["/", KARMOY, f"/hva-gjor-vi/{SCHOOL}/{YEAR}/"])
def test_every_page_with_data_says_that_they_are_synthetic(
    address: str, released: Release, cast: Cast, log_in: LogIn
) -> None:
    assert "Syntetiske data" in log_in(cast.bob).get(address).text


@pytest.mark.parametrize("address", EVERY_PAGE)
def test_no_page_needs_inline_code_or_another_host(
    address: str, released: Release, cast: Cast, log_in: LogIn
) -> None:
    page = log_in(cast.bob).get(address).text
    assert not re.search(r"\sstyle=|\son\w+=|<style|javascript:", page)
    assert not re.search(r"<script(?![^>]* src=)", page)
    for link in re.findall(r'(?:src|href|action)="([^"]*)"', page):
        assert not re.match(r"(?:[a-z]+:)?//", link), link


@pytest.mark.parametrize("address", EVERY_PAGE[:-1])
def test_pages_are_the_readers_own(
    address: str, released: Release, cast: Cast, log_in: LogIn
) -> None:
    answer = log_in(cast.bob).get(address)
    assert {"private", "no-cache"} <= set(answer.headers["Cache-Control"].split(", "))
    assert {"Cookie", "Puls-Part"} <= set(re.split(r",\s*", answer.headers["Vary"]))


def test_english_is_a_choice_away(released: Release, cast: Cast, log_in: LogIn) -> None:
    bob = log_in(cast.bob)
    chosen = bob.post("/konto/sprak/", {"language": "en", "next": KARMOY}, follow=True)
    assert 'lang="en"' in chosen.text
    for words in (
        "Where are we?",
        "Feedback",
        "Synthetic data",
        "3.4",
        "weak",
        "measured for the municipality",
    ):
        assert words in chosen.text
    for words in ("Hvor er vi?", "Syntetiske data", "3,4", "svak"):
        assert words not in chosen.text


def test_the_conversation_sheet_says_what_is_clear_and_why(
    released: Release, cast: Cast, log_in: LogIn
) -> None:
    page = log_in(cast.bob).get(f"/hva-gjor-vi/{SCHOOL}/{YEAR}/").text
    weak, strong = page.index('id="svakt"'), page.index('id="godt"')
    assert weak < page.index("Svak fordi 3,4 er under grensen 3,6") < strong
    assert "Vurdering for læring" in page
    assert "Når fikk elevene sist vite hva de har fått til" in page


def test_the_rubrics_have_four_levels_and_questions(
    released: Release, cast: Cast, log_in: LogIn
) -> None:
    page = log_in(cast.bob).get("/hvor-skal-vi/").text
    assert page.count('<article class="rubric"') == 6
    assert page.count('class="level-word"') == 24


def test_a_page_asks_the_database_a_fixed_number_of_times(
    released: Release, cast: Cast, log_in: LogIn
) -> None:
    """More rows or columns cost no more questions."""
    counts = set()
    for address in (f"/hvor-er-vi/no-46/{YEAR}/", f"/hvor-er-vi/no-11/{YEAR}/?vis=alle"):
        nora = log_in(cast.nora)
        nora.get(address)
        with CaptureQueriesContext(connection) as asked:
            nora.get(address)
        counts.add(len(asked))
    assert len(counts) == 1
    assert counts.pop() <= 32


def test_the_page_of_a_fault_needs_nothing_that_could_be_at_fault() -> None:
    """Django renders it without a request: no user, no database, no language chosen."""
    page = render_to_string("500.html")
    assert "Noe gikk galt" in page
    assert "<form" not in page


def test_the_sheet_says_once_who_set_the_cut_points(
    released: Release, cast: Cast, log_in: LogIn
) -> None:
    sheet = log_in(cast.bob).get(f"/hva-gjor-vi/{SCHOOL}/{YEAR}/").text
    assert sheet.count("startforslag som ingen har vedtatt") == 1


def test_figures_that_are_made_up_claim_no_licence() -> None:
    source = {"source": "gsi", "table": "GSI 1/8", "label": "GSI 1/8 2025–26", "licence": "NLOD"}
    for synthetic, table, licence in (
        (True, "GSI 1/8 2025–26 (synthetic)", "none: synthetic figures"),
        (False, "GSI 1/8 2025–26", "NLOD"),
    ):
        told = told_source(source | {"updated": None, "checksum": "", "synthetic": synthetic})
        assert (told.table, told.licence) == (table, licence)


def test_a_table_that_comes_with_puls_is_told_in_words() -> None:
    told = told_source(
        {
            "source": "population",
            "table": "population.csv",
            "label": "yearly, state at 1 January",
            "licence": "CC BY 4.0",
            "updated": None,
            "checksum": "",
        }
    )
    assert (told.table, told.licence) == ("Yearly, at 1 January", "CC BY 4.0")


def test_a_department_with_nothing_at_all_that_year_has_no_row() -> None:
    school = Unit(key="s", name="Skolen", tier="school", depth=3)
    kinds = {"dance": Status.NO_DATA, "music": Status.FEW, "art": None}
    below = [Unit(key=key, name=key, tier="department", depth=4) for key in kinds]
    found = [
        ReleasedCell(key, FEEDBACK, 1, 2025, status) for key, status in kinds.items() if status
    ]
    seen = queries.Seen(queries.Family(school, [], below), 2025, found, [], False)
    assert [row.key for row in pages.row_units(seen, pack(), "nb")] == ["s", "music"]


def told_source(source: dict[str, Any]) -> Source:
    with translation.override("en"):
        return exports.source(source, pack(), "en")
