"""Downloads keep what the page says: status, words, reasons, and where the numbers come from."""

import csv as csv_module
import io
from dataclasses import fields
from datetime import UTC, datetime

import openpyxl
import pytest

from puls.cells import Against, Mark, ReleasedMark, Status
from puls.documents import spreadsheet
from puls.documents.provenance import Provenance, Source, Words
from puls.views.tables import ColourTable, Kind, RowUnit
from tests.views.cast import (
    COST,
    DANCE,
    FEEDBACK,
    KARMOY,
    MUSIC,
    NORWAY,
    pack,
    shown,
    silent,
    table,
)

WORDS = Words(**{field.name: field.name for field in fields(Words)})
PROVENANCE = Provenance(
    title="Karmøy kulturskole 2025–26",
    period="2025–26",
    address="https://puls.example.no/hvor-er-vi/karmoy-kulturskole/2025-26/?per=14",
    release=14,
    made_at="3. mars 2026",
    k=5,
    pack="kulturskole 2026.1",
    synthetic="Syntetiske data",
    sources=(
        Source("KOSTRA (SSB)", "12139", "CC BY 4.0", "15. mars 2026", "ab" * 32),
        Source("Elevundersøkelsen", "", "", "3. mars 2026"),
    ),
    created=datetime(2026, 3, 3, 12, 30, tzinfo=UTC),
)
UNITS = (KARMOY, MUSIC, DANCE, NORWAY)


@pytest.fixture(scope="module")
def drawn() -> ColourTable:
    cells = [
        shown(3.4, (1, 1), interval=(3.3, 3.5), n=148),
        shown(3.7, (1, 2), unit=MUSIC, interval=(3.5, 3.9), n=12),
        silent(Status.LINKED, unit=DANCE),
        shown(4.2, (3, 3), unit=NORWAY, interval=(4.19, 4.21), n=90412),
        shown(21450.25, None, indicator=COST, provisional=True),
    ]
    return table(cells, (FEEDBACK, COST), UNITS, with_reasons=True, k=5)


def rows_of(data: bytes, delimiter: str) -> list[dict[str, str]]:
    text = data.decode("utf-8-sig")
    return list(csv_module.DictReader(io.StringIO(text), delimiter=delimiter))


def test_csv_has_a_row_per_unit_and_indicator(drawn: ColourTable) -> None:
    rows = rows_of(spreadsheet.csv(drawn, PROVENANCE, WORDS, "nb"), ";")
    assert len(rows) == len(UNITS) * 2
    first = next(r for r in rows if r["unit"] == KARMOY.name and r["indicator_key"] == FEEDBACK)
    assert first["value"] == "3,4"
    assert (first["low"], first["high"], first["n"]) == ("3,3", "3,5", "148")
    assert (first["status"], first["status_word"], first["level"]) == ("shown", "shown", "svak")
    assert first["reason"].startswith("Svak fordi 3,4 er under grensen 3,6")
    assert (first["release"], first["smallest_group"]) == ("14", "5")
    assert first["synthetic"] == "Syntetiske data"
    cost = next(r for r in rows if r["unit"] == KARMOY.name and r["indicator_key"] == COST)
    assert (first["licence"], cost["licence"]) == ("", "CC BY 4.0"), "each of its own source"
    assert first["address"].endswith("?per=14")


def test_csv_tells_hidden_in_words_and_gives_no_number(drawn: ColourTable) -> None:
    rows = rows_of(spreadsheet.csv(drawn, PROVENANCE, WORDS, "nb"), ";")
    hidden = next(r for r in rows if r["unit"] == "Dans" and r["indicator_key"] == FEEDBACK)
    assert (hidden["status"], hidden["status_word"]) == ("linked", "skjult")
    assert hidden["level"] == "skjult"
    assert [hidden[part] for part in ("value", "low", "high", "n")] == ["", "", "", ""]
    assert hidden["reason"].startswith("Skjult fordi")


def test_csv_in_english_has_points_and_commas(drawn: ColourTable) -> None:
    rows = rows_of(spreadsheet.csv(drawn, PROVENANCE, WORDS, "en"), ",")
    assert rows[0]["value"] in ("3.4", "21450.25")


def test_csv_starts_with_a_byte_order_mark(drawn: ColourTable) -> None:
    assert spreadsheet.csv(drawn, PROVENANCE, WORDS, "nb").startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("start", spreadsheet.FORMULA_STARTS)
def test_no_name_becomes_a_formula(start: str) -> None:
    """The mutant is csv and openpyxl alone: both would hand `=1+1` on as it is."""
    evil = RowUnit("evil", f"{start}cmd|' /C calc'!A0", Kind.CHILD)
    made = table([], units=(evil,), with_reasons=True, k=5)
    (row,) = rows_of(spreadsheet.csv(made, PROVENANCE, WORDS, "nb"), ";")
    assert row["unit"].startswith("'")
    book = openpyxl.load_workbook(io.BytesIO(spreadsheet.xlsx(made, PROVENANCE, WORDS)))
    for sheet in book.worksheets:
        for line in sheet.iter_rows():
            for cell in line:
                assert cell.data_type != "f"


def test_xlsx_has_table_values_and_sources(drawn: ColourTable) -> None:
    book = openpyxl.load_workbook(io.BytesIO(spreadsheet.xlsx(drawn, PROVENANCE, WORDS)))
    assert book.sheetnames == ["table", "values", "sources"]
    page, values, sources = book.worksheets
    assert page.freeze_panes == "B6"
    assert [cell.value for cell in page[5]][1:] == [
        pack().text("nb", f"indicator.{COST}.name"),
        "Tilbakemeldinger",
    ]
    # Cost comes first: a prerequisite. A number stays a number, its word is in how it is written.
    karmoy = page[6]
    assert karmoy[0].value == "Karmøy kulturskole"
    assert karmoy[1].value == 21450.25
    assert karmoy[2].value == 3.4
    assert karmoy[2].number_format == '#,##0.0 "svak"'
    assert karmoy[2].fill.bgColor.rgb == "FFF6CDC9" or karmoy[2].fill.fgColor.rgb == "FFF6CDC9"
    assert page[8][2].value == "skjult"
    assert page[8][1].value == "ikke målt"
    assert page[2][0].value == "2025–26 · Syntetiske data"
    assert values.max_row == len(UNITS) * 2 + 1
    told = [cell.value for line in sources.iter_rows() for cell in line if cell.value]
    for fact in ("Syntetiske data", "14", "5", "KOSTRA (SSB)", "12139", "CC BY 4.0", "ab" * 32):
        assert fact in told


def test_the_same_table_is_the_same_file(drawn: ColourTable) -> None:
    first = spreadsheet.xlsx(drawn, PROVENANCE, WORDS)
    assert spreadsheet.xlsx(drawn, PROVENANCE, WORDS) == first


def test_xlsx_was_made_when_its_release_was(drawn: ColourTable) -> None:
    book = openpyxl.load_workbook(io.BytesIO(spreadsheet.xlsx(drawn, PROVENANCE, WORDS)))
    assert book.properties.created == datetime(2026, 3, 3, 12, 30)  # noqa: DTZ001 - as openpyxl


def test_a_table_without_columns_is_still_a_file() -> None:
    empty = table([], indicators=())
    assert spreadsheet.xlsx(empty, PROVENANCE, WORDS)
    assert rows_of(spreadsheet.csv(empty, PROVENANCE, WORDS, "nb"), ";") == []


@pytest.fixture(scope="module")
def marked() -> ColourTable:
    """Karmøy has changed and is above what is expected, dance is shown for two years together."""
    judged_by = "many_agree.v1"
    cells = [
        shown(4.0, (2, 2), interval=(3.9, 4.05), n=148, judged_by=judged_by),
        shown(4.0, (2, 2), unit=MUSIC, interval=(3.9, 4.05), n=48, judged_by=judged_by),
        silent(Status.FEW, unit=DANCE),
    ]
    both = shown(4.4, (3, 3), unit=DANCE, interval=(4.2, 4.5), n=9, judged_by=judged_by, years=2)

    def mark(unit: RowUnit, against: Against, sign: Mark) -> ReleasedMark:
        since = 2023 if against is Against.CHANGE else None
        return ReleasedMark(unit.key, FEEDBACK, 2025, against, 3.7, 0.3, 0.2, 0.4, sign, since)

    found = [
        mark(KARMOY, Against.CHANGE, Mark.UP),
        mark(KARMOY, Against.GIVEN, Mark.DOWN),
        mark(MUSIC, Against.CHANGE, Mark.NONE),
    ]
    return table(cells, (FEEDBACK,), UNITS, with_reasons=True, k=5, marks=found, pooled=[both])


def test_marks_criteria_and_years_are_told_in_words(marked: ColourTable) -> None:
    rows = {r["unit"]: r for r in rows_of(spreadsheet.csv(marked, PROVENANCE, WORDS, "nb"), ";")}
    told = {
        name: (row["change"], row["given"], row["criteria"], row["years"])
        for name, row in rows.items()
    }
    assert told == {
        "Karmøy kulturskole": (
            "økning siden 2023–24",
            "svakere enn ventet ut fra forutsetningene",
            "many_agree.v1",
            "1",
        ),
        "Musikk": ("ingen klar endring siden 2023–24", "", "many_agree.v1", "1"),
        "Dans": ("", "", "many_agree.v1", "2"),
        "Norge": ("", "", "", "1"),
    }
    assert rows["Dans"]["reason"].startswith("2024–26 samlet: god fordi")


def test_marks_stand_beside_the_number_in_the_table(marked: ColourTable) -> None:
    book = openpyxl.load_workbook(io.BytesIO(spreadsheet.xlsx(marked, PROVENANCE, WORDS)))
    page, values, _ = book.worksheets
    formats = [page.cell(line, 2).number_format for line in (6, 7, 8)]
    assert formats == ['#,##0.0 "på vei ↗ ▼"', '#,##0.0 "på vei"', '#,##0.0 "god 2 år"']
    heads = [cell.value for cell in values[1]]
    assert values[2][heads.index("change")].value == "økning siden 2023–24"
