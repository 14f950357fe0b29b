"""Udir's open tables as their report pages fetch them: JSON with text cells.

    metadata.columns   header rows from top to bottom; a heading spans `columnCount` columns
    rows               navn, kode, id, and one text per column

Counties and municipalities stand mixed; the depth of `id` ("1", "1.49", "1.49.1423") is the place
in metadata.rowHierarchy. A number has spaces between thousands and a decimal comma. "*" is
suppressed: a cell without a number, and never 0. Udir says that its addresses "may change without
notice".
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from puls.errors import ImportFileError
from puls.registers.files import read_json

EXPECTED = "a table of Udir's statistics as JSON (metadata and rows)"
NEXT_STEP = "Fetch the table again from its data address, with rows down to the municipality."

SYMBOLS = {"*", "-", "–", ".", "..", "...", ":", ""}
"""Cells without a number: suppressed, not possible, missing. Kept as the figure's note."""

_SPACES = "\u0020\u00a0\u202f\u2009"
_NUMBER = re.compile(
    rf"-?(?:\d{{1,3}}(?:[{_SPACES}]\d{{3}})+|\d{{1,15}})(?:,\d{{1,15}})?", re.ASCII
)

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


NUMBER = "a number such as 12 345 or 6,5, or a symbol such as *"


def cell(text: str) -> Cell | None:
    """A cell as Udir writes it; None for what is neither a number nor a symbol."""
    if text in SYMBOLS:
        return Cell(None, text)
    if not _NUMBER.fullmatch(text):
        return None
    return Cell(float(re.sub(f"[{_SPACES}]", "", text).replace(",", ".")), "")


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
        found = cell(text)
        if found is None:
            raise self.wrong(where, f"{ascii(text)[:40]} is no number", NUMBER)
        return found
