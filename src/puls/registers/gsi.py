"""Udir's open tables (GSI and others) as their report pages fetch them: JSON with text cells.

    metadata.columns   header rows from top to bottom; a heading spans `columnCount` columns
    rows               navn, kode, id, and one text per column

Counties and municipalities stand mixed; the depth of `id` ("1", "1.49", "1.49.1423") is the place
in metadata.rowHierarchy. A number has spaces between thousands and a decimal comma. "*" is
suppressed: a cell without a number, and never 0. Udir says that its addresses "may change without
notice".
"""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from puls import periods
from puls.content.definitions import RegisterBinding
from puls.errors import ImportFileError
from puls.figures import Figure
from puls.registers.files import read_json
from puls.registers.regions import Regions
from puls.registers.tables import RegisterTable
from puls.units import UnitTree

EXPECTED = "a table of Udir's statistics as JSON (metadata and rows)"
NEXT_STEP = "Fetch the table again from its data address, with rows down to the municipality."

SYMBOLS = {"*", "-", "–", ".", "..", "...", ":", ""}
"""Cells without a number: suppressed, not possible, missing. Kept as the figure's note."""

_SPACES = "\u0020\u00a0\u202f\u2009"
_NUMBER = re.compile(
    rf"-?(?:\d{{1,3}}(?:[{_SPACES}]\d{{3}})+|\d{{1,15}})(?:,\d{{1,15}})?", re.ASCII
)
_YEAR = re.compile(r"\d{4}(?:[-–]\d{2,4})?", re.ASCII)

MAX_COLUMNS, MAX_HEADER_ROWS = 10_000, 20
"""A heading says itself how many columns it spans."""


@dataclass(frozen=True)
class Cell:
    value: float | None
    note: str


@dataclass(frozen=True)
class Row:
    """level: 0 for the country, 1 for a county, 2 for a municipality, 3 for a single school."""

    name: str
    code: str
    level: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Table:
    """columns: the headings above each column, from top to bottom."""

    columns: tuple[tuple[str, ...], ...]
    rows: tuple[Row, ...]


def read_table(file: Path) -> Table:
    """The file as it stands, every cell read. ImportFileError with row and column."""
    content = read_json(file, EXPECTED, NEXT_STEP)
    parse = _Parse(file.name)
    top = parse.mapping(content, "")
    columns = parse.columns(parse.mapping(top.get("metadata"), "metadata").get("columns"))
    rows = [
        parse.row(row, number, columns)
        for number, row in enumerate(parse.list(top.get("rows"), "rows"), start=1)
    ]
    return Table(columns, tuple(rows))


def read(file: Path, bindings: Sequence[RegisterBinding], tree: UnitTree) -> RegisterTable:
    """The figures that the pack binds, by the headings of the last header rows.

    A column is bound when its lowest heading, or its lowest two or more joined by ", ", is among a
    binding's cells ("Sum elever"; "Venteliste til skolen, sum"), it stands under a school year,
    and under every heading that the binding fixes. Columns that no binding names are recorded.
    """
    table = read_table(file)
    ours = [binding for binding in bindings if binding.reader in ("", "gsi")]
    reading = _Reading(file.name, table, tree)
    binding, columns = reading.bound(ours)
    regions = Regions(file.name, tree, binding)
    figures = reading.figures(columns, regions)
    unbound = [
        (" > ".join(column), "feeds no indicator of the pack")
        for place, column in enumerate(table.columns)
        if place not in columns
    ]
    headings = zip(*table.columns, strict=True)
    years = sorted({period for _, period in columns.values()})
    return RegisterTable(
        source=binding.source,
        licence=binding.licence,
        table=binding.table,
        label=" ".join([binding.table, *dict.fromkeys(map(periods.label, years))]),
        updated=None,
        selection={
            f"heading {level}": tuple(dict.fromkeys(names))
            for level, names in enumerate(headings, start=1)
        },
        notes=(),
        rows_in=len(table.rows),
        refused=(*regions.refused, *unbound),
        figures=tuple(figures),
    )


class _Parse:
    """Checks the parts one by one; knows the file's name for the errors."""

    def __init__(self, file: str) -> None:
        self.file = file

    def wrong(self, where: str, problem: str, expected: str = EXPECTED) -> ImportFileError:
        return ImportFileError(self.file, where, problem, expected, NEXT_STEP)

    def mapping(self, value: Any, where: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self.wrong(where, "missing or not an object { }")
        return value

    def list(self, value: Any, where: str) -> list[Any]:
        if not isinstance(value, list) or not value:
            raise self.wrong(where, "missing, empty or not a list [ ]")
        return value

    def text(self, value: Any, where: str) -> str:
        if not isinstance(value, str):
            raise self.wrong(where, f"{ascii(value)[:40]} instead of text", "text")
        return value.strip()

    def columns(self, content: Any) -> tuple[tuple[str, ...], ...]:
        """The headings of each column, spans written out."""
        levels: list[list[str]] = []
        header = self.list(content, "metadata.columns")
        if len(header) > MAX_HEADER_ROWS:
            problem, allowed = f"{len(header):,} header rows", f"at most {MAX_HEADER_ROWS}"
            raise self.wrong("metadata.columns", problem, allowed)
        for number, level in enumerate(header, start=1):
            where = f"header row {number}"
            spread: list[str] = []
            for heading in self.list(level, where):
                own = self.mapping(heading, where)
                span = own.get("columnCount")
                if type(span) is not int or not 1 <= span <= MAX_COLUMNS:
                    raise self.wrong(
                        where, f"columnCount {ascii(span)[:40]}", "a number of columns"
                    )
                spread += [self.text(own.get("name"), where)] * span
                if len(spread) > MAX_COLUMNS:
                    allowed = f"at most {MAX_COLUMNS:,}"
                    raise self.wrong(where, f"more than {MAX_COLUMNS:,} columns", allowed)
            if levels and len(spread) != len(levels[0]):
                problem = f"{len(spread)} columns where the first has {len(levels[0])}"
                raise self.wrong(where, problem, "as many columns in each header row")
            levels.append(spread)
        return tuple(zip(*levels, strict=True))

    def row(self, content: Any, number: int, columns: tuple[tuple[str, ...], ...]) -> Row:
        own = self.mapping(content, f"row {number}")
        code = self.text(own.get("kode"), f"row {number}, kode")
        name = self.text(own.get("navn"), f"row {number}, navn")
        where = f"row {number} ({code} {name})"
        level = self.text(own.get("id"), f"{where}, id").count(".")
        data = self.list(own.get("data"), f"{where}, data")
        if len(data) != len(columns):
            raise self.wrong(
                where, f"{len(data)} cells", f"{len(columns)} cells, one for each column"
            )
        cells = (
            self.cell(text, f"{where}, column '{heading[-1]}'")
            for text, heading in zip(data, columns, strict=True)
        )
        return Row(name, code, level, tuple(cells))

    def cell(self, content: Any, where: str) -> Cell:
        text = self.text(content, where)
        if text in SYMBOLS:
            return Cell(None, text)
        if not _NUMBER.fullmatch(text):
            expected = "a number such as 12 345 or 6,5, or a symbol such as *"
            raise self.wrong(where, f"{ascii(text)[:40]} is no number", expected)
        return Cell(float(re.sub(f"[{_SPACES}]", "", text).replace(",", ".")), "")


class _Reading:
    """One table on its way to figures."""

    def __init__(self, file: str, table: Table, tree: UnitTree) -> None:
        self.file, self.table, self.tree = file, table, tree

    def bound(
        self, bindings: Sequence[RegisterBinding]
    ) -> tuple[RegisterBinding, Mapping[int, tuple[str, int]]]:
        """The binding that knows most of the columns, and (indicator, period) by column."""
        found = [(binding, self._columns(binding)) for binding in bindings]
        known = [(binding, columns) for binding, columns in found if columns]
        if known:
            return max(known, key=lambda each: len(each[1]))
        there = ", ".join(f"'{name}'" for name in dict.fromkeys(c[-1] for c in self.table.columns))
        wanted = ", ".join(f"'{code}'" for binding in bindings for code in list(binding.cells)[:3])
        raise ImportFileError(
            self.file,
            "header",
            f"no source of the pack has any of the columns {there[:200]}",
            f"a school year such as 2025-26 above columns such as {wanted or '(none)'}",
            "Fetch a table with these columns, or bind the columns in the pack's sources folder.",
        )

    def _columns(self, binding: RegisterBinding) -> Mapping[int, tuple[str, int]]:
        found: dict[int, tuple[str, int]] = {}
        for place, headings in enumerate(self.table.columns):
            indicator = _indicator(binding, headings)
            years = _periods(headings)
            fixed = all(name in headings for name in binding.fixed.values())
            if indicator is None or not fixed or len(years) != 1:
                continue
            if (indicator, years[0]) in found.values():
                raise ImportFileError(
                    self.file,
                    f"header, column {place + 1}",
                    f"a second column for {indicator} in {periods.label(years[0])}: "
                    + " > ".join(headings),
                    "one column for each figure and school year",
                    "Fetch the table with one choice of each heading (such as 'Alle kjønn'), or "
                    f"name the heading under 'fixed' in sources/{binding.source}.yaml.",
                )
            found[place] = (indicator, years[0])
        return found

    def figures(self, columns: Mapping[int, tuple[str, int]], regions: Regions) -> list[Figure]:
        found: list[Figure] = []
        first_row: dict[str, int] = {}
        for number, row in enumerate(self.table.rows, start=1):
            where = f"row {number} ({row.code} {row.name})"
            unit = regions.unit(row.code, row.name, where, is_country=row.level == 0)
            if unit is None:
                continue
            if unit.key in first_row:
                raise ImportFileError(
                    self.file,
                    where,
                    f"row {first_row[unit.key]} has the same unit",
                    "one row for each unit",
                    NEXT_STEP,
                )
            first_row[unit.key] = number
            for place, (indicator, period) in columns.items():
                cell = row.cells[place]
                found.append(Figure(indicator, unit.key, period, cell.value, cell.note))
        return found


def _indicator(binding: RegisterBinding, headings: tuple[str, ...]) -> str | None:
    """By the lowest heading, or by the lowest few joined, as far up as it takes."""
    for start in range(len(headings) - 1, -1, -1):
        indicator = binding.cells.get(", ".join(headings[start:]))
        if indicator:
            return indicator
    return None


def _periods(headings: tuple[str, ...]) -> list[int]:
    found = []
    for heading in headings:
        if _YEAR.fullmatch(heading):
            with suppress(ValueError):
                found.append(periods.parse(heading))
    return found
