"""The colour table as a spreadsheet (XLSX) and as plain rows (CSV).

Both keep what the page says: a cell that is hidden or not measured has its word, never a blank or
a 0, and every row can be traced to its release. Text never becomes a formula in the reader's
program, whatever it begins with.
"""

import csv as csv_module
import io
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import xlsxwriter

from puls.cells import Against, Mark, Status
from puls.content.definitions import Role
from puls.documents.provenance import Provenance, Words
from puls.views import numbers
from puls.views.tables import ColourTable, Column, Row, TableCell

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
TINTS = {"l1": ("#F6CDC9", "#7C1016"), "l2": ("#FBE6B0", "#574000"), "l3": ("#CCE7D6", "#0B4A2A")}
"""Ground and ink of the lowest, the middle and the highest level, as in the style sheet."""
ARROWS = {
    (Against.CHANGE, Mark.UP): "↗",
    (Against.CHANGE, Mark.DOWN): "↘",
    (Against.GIVEN, Mark.UP): "▲",
    (Against.GIVEN, Mark.DOWN): "▼",
}
"""Signs beside a number; the sheet of values has them in words."""
BEFORE_ANY = datetime(2000, 1, 1, tzinfo=UTC)
"""Stands as its date of creation in a sheet that no release is behind."""


def csv(table: ColourTable, provenance: Provenance, words: Words, language: str) -> bytes:
    """A row per unit and indicator, UTF-8 with a byte order mark so that Excel reads it right.

    Where the language writes a decimal comma the columns are separated by semicolons, as that
    language's Excel expects; elsewhere by commas.
    """
    comma = numbers.number(0.5, 1, language)[1] == ","
    out = io.StringIO()
    writer = csv_module.writer(out, delimiter=";" if comma else ",", lineterminator="\r\n")
    writer.writerow(_heads(words))
    for record in _records(table, provenance, words):
        writer.writerow([_plain(part, comma) for part in record])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _plain(part: object, comma: bool) -> str:
    """A field as text: numbers by the language's decimal sign, texts disarmed."""
    if part is None:
        return ""
    if isinstance(part, float):
        text = repr(round(part, 6))
        return text.replace(".", ",") if comma else text
    if isinstance(part, int):
        return str(part)
    text = str(part)
    # Excel runs text that begins like this as a formula; the apostrophe makes it stay text.
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _heads(words: Words) -> list[str]:
    return [
        words.unit,
        words.unit_key,
        words.indicator,
        words.indicator_key,
        words.role,
        words.period,
        words.years,
        words.value,
        words.measured_in,
        words.status,
        words.status_word,
        words.level,
        words.criteria,
        words.low,
        words.high,
        words.n,
        words.provisional,
        words.change,
        words.given,
        words.reason,
        words.source,
        words.release,
        words.made_at,
        words.smallest_group,
        words.licence,
        words.synthetic,
        words.address,
    ]


def _records(table: ColourTable, provenance: Provenance, words: Words) -> Iterator[list[object]]:
    """One list per unit and indicator, in the order of `_heads`; None where there is nothing."""
    roles: Mapping[Role, str] = {group.role: group.name for group in table.groups}
    for row in table.all_rows:
        for column, cell in zip(table.columns, row.cells, strict=True):
            yield [
                row.name,
                row.key,
                column.name,
                column.key,
                roles[column.role],
                provenance.period,
                cell.years,
                cell.value,
                column.unit,
                str(cell.status),
                words.shown if cell.status is Status.SHOWN else cell.word,
                cell.word,
                cell.judged_by,
                cell.low,
                cell.high,
                cell.n,
                words.yes if cell.provisional else "",
                _mark(cell, Against.CHANGE),
                _mark(cell, Against.GIVEN),
                cell.reason,
                column.source,
                provenance.release,
                provenance.made_at,
                provenance.k,
                provenance.licences_of(column.source),
                provenance.synthetic,
                provenance.address,
            ]


def _mark(cell: TableCell, against: Against) -> str:
    """A mark in words, also that there is none; "" where nothing is known."""
    sign = cell.sign(against)
    return sign.word if sign else ""


def xlsx(table: ColourTable, provenance: Provenance, words: Words) -> bytes:
    """Three sheets: the table as on the page, a row per value, and where they come from.

    A number stays a number that can be calculated with; its level's word is part of how it is
    written ("4,5 god ↗"), so that the colour is never alone, and so are its marks.
    """
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        # The same release is the same file, byte for byte, whenever it is fetched.
        made = provenance.created or BEFORE_ANY
        book.set_properties(
            {"title": provenance.title, "comments": provenance.synthetic, "created": made}
        )
        formats = _Formats(book)
        _table_sheet(book.add_worksheet(_sheet(words.table)), table, provenance, formats)
        _values_sheet(book.add_worksheet(_sheet(words.values)), table, provenance, words, formats)
        _sources_sheet(book.add_worksheet(_sheet(words.sources)), provenance, words, formats)
    return out.getvalue()


def _sheet(name: str) -> str:
    """A name that Excel takes: at most 31 letters."""
    return name[:31]


class _Formats:
    """The workbook's formats, made once each: Excel has a limit, and so has patience."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.made: dict[tuple[object, ...], Any] = {}
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.head = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "bottom", "bottom": 1}
        )
        self.group = book.add_format({"bold": True, "bottom": 2})
        self.wrap = book.add_format({"text_wrap": True, "valign": "top"})
        self.top = book.add_format({"valign": "top"})
        self.soft = book.add_format({"font_color": "#50606F", "text_wrap": False})

    def cell(self, cell: TableCell, decimals: int) -> Any:
        """Tint and number format of one cell of the table."""
        key = (cell.look, cell.word, decimals, cell.tag, cell.marked)
        if key not in self.made:
            self.made[key] = self.book.add_format(self._of(cell, decimals))
        return self.made[key]

    @staticmethod
    def _of(cell: TableCell, decimals: int) -> dict[str, object]:
        number = "#,##0" + ("." + "0" * decimals if decimals else "")
        arrows = (ARROWS[sign.against, sign.mark] for sign in cell.marked)
        beside = " ".join(part for part in (cell.word, cell.tag, *arrows) if part)
        if beside:
            number += f' "{beside.replace(chr(34), "")}"'
        made: dict[str, object] = {"num_format": number, "align": "left", "border": 1}
        made["border_color"] = "#FFFFFF"
        if cell.level is not None:
            lowest, highest = cell.level == 1, cell.level == cell.levels
            ground, ink = TINTS["l1" if lowest else "l3" if highest else "l2"]
            made |= {"bg_color": ground, "font_color": ink}
        elif cell.look == "uncertain":
            made |= {"pattern": 14, "fg_color": "#DDE3E9", "bg_color": "#FFFFFF"}
        elif not cell.text:
            made |= {"font_color": "#50606F", "border": 4, "border_color": "#7C8A99"}
        return made


def _table_sheet(sheet: Any, table: ColourTable, provenance: Provenance, formats: _Formats) -> None:
    """The table as it stands on the page, two lines of heads frozen with the first column."""
    sheet.write_string(0, 0, provenance.title, formats.title)
    told = [provenance.period, provenance.synthetic]
    sheet.write_string(1, 0, " · ".join(part for part in told if part), formats.soft)
    heads = 3
    at = 1
    for group in table.groups:
        for spot in range(at, at + group.span):
            sheet.write_string(heads, spot, group.name if spot == at else "", formats.group)
        at += group.span
    for spot, column in enumerate(table.columns, start=1):
        sheet.write_string(heads + 1, spot, column.name, formats.head)
    line = heads + 2
    for row in table.rows:
        _table_row(sheet, line, row, table.columns, formats)
        line += 1
    for row in table.comparison:
        _table_row(sheet, line + 1, row, table.columns, formats)
        line += 1
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, max(len(table.columns), 1), 16)
    sheet.set_row(heads + 1, 45)
    sheet.freeze_panes(heads + 2, 1)
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _table_row(
    sheet: Any, line: int, row: Row, columns: tuple[Column, ...], formats: _Formats
) -> None:
    sheet.write_string(line, 0, row.name)
    for spot, (column, cell) in enumerate(zip(columns, row.cells, strict=True), start=1):
        made = formats.cell(cell, column.decimals)
        if cell.value is not None:
            sheet.write_number(line, spot, cell.value, made)
        else:
            sheet.write_string(line, spot, cell.word, made)


def _values_sheet(
    sheet: Any, table: ColourTable, provenance: Provenance, words: Words, formats: _Formats
) -> None:
    heads = _heads(words)
    for spot, head in enumerate(heads):
        sheet.write_string(0, spot, head, formats.head)
    line = 0
    for line, record in enumerate(_records(table, provenance, words), start=1):
        for spot, part in enumerate(record):
            if isinstance(part, (int, float)):
                sheet.write_number(line, spot, part, formats.top)
            elif part:
                wrapped = formats.wrap if heads[spot] == words.reason else formats.top
                sheet.write_string(line, spot, str(part), wrapped)
    widths = {words.unit: 28, words.indicator: 36, words.reason: 70, words.address: 40}
    for spot, head in enumerate(heads):
        sheet.set_column(spot, spot, widths.get(head, 16))
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, line, len(heads) - 1)


def _sources_sheet(sheet: Any, provenance: Provenance, words: Words, formats: _Formats) -> None:
    """What the numbers rest on, the release, and the address that leads back to them."""
    sheet.write_string(0, 0, provenance.title, formats.title)
    facts = [
        (words.period, provenance.period),
        (words.synthetic, provenance.synthetic),
        (words.release, str(provenance.release)),
        (words.made_at, provenance.made_at),
        (words.smallest_group, str(provenance.k)),
        (words.pack, provenance.pack),
        (words.address, provenance.address),
    ]
    line = 2
    for name, fact in facts:
        if fact:
            sheet.write_string(line, 0, name, formats.head)
            sheet.write_string(line, 1, fact)
            line += 1
    line += 1
    heads = (words.source, words.source_table, words.updated, words.licence, words.checksum)
    for spot, head in enumerate(heads):
        sheet.write_string(line, spot, head, formats.head)
    for source in provenance.sources:
        line += 1
        parts = (source.name, source.table, source.updated, source.licence, source.checksum)
        for spot, part in enumerate(parts):
            sheet.write_string(line, spot, part)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 3, 26)
    sheet.set_column(4, 4, 70)
