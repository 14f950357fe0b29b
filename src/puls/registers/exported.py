"""Answers as other programs give them, all in one shape: columns with labels, rows of text.

- VV of LimeSurvey: tabs between, the questions' words in line 1, their codes in line 2.
- CSV of LimeSurvey and of forms programs: headings that are codes, `code [subcode]` or whole
  questions; answers that are codes or whole words.
- XLSX and CSV of whatever program, the headings on top.
- SPSS (.sav): names and labels of columns, words of coded values; what SPSS or its users call
  missing is empty.

What a column means is for `mapping` to say: here nothing is understood, and nothing left out.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from puls.registers import bounded, sheets
from puls.registers.refused import Refused, Why

VV, SAV = "vv", "sav"
_SAV_MARKS = (b"$FL2", b"$FL3")
_VV_CODES = {"id", "submitdate", "lastpage", "startlanguage", "token", "seed", "datestamp"}
"""Codes of a VV file's own columns; three or more of them in line 2 tell one."""
_NOT_SHOWN = "{question_not_shown}"
_VV_SIGNS = (
    ("{newline}", " "), ("{cr}", " "), ("{tab}", " "), ("{quote}", '"'), ("{lbrace}", "{"),
)  # fmt: skip
"""What stands for what in a VV file, in the order in which LimeSurvey takes it back: the brace
last. Breaks and tabs become blanks, as in the cells of every other kind."""
_LINE_ENDS = re.compile(r"\r\n?|\n")
_TAG = re.compile(r"<[^<>]{0,300}>")


@dataclass(frozen=True)
class Column:
    """name: what the file calls it, no two alike. label: the question in words, or "".

    values: the words of coded values, by code.
    """

    name: str
    label: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    """kind: "xlsx", "csv", "vv" or "sav".

    rows: those that hold something, each as long as there are columns; cells without blanks around.
    numbers: of each row, as the program that made the file counts them.
    """

    kind: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...]


def read(name: str, data: bytes) -> Table:
    """The table in a file, whichever of the kinds it is. Refused with what is wrong.

    name: how errors call the file.
    """
    if len(data) > sheets.MOST_BYTES:
        raise Refused(name, Why.TOO_LARGE, most=sheets.MOST_BYTES // 1024**2)
    if data.startswith(_SAV_MARKS):
        found = _sav(name, data)
    else:
        vv = None if data.startswith(b"PK") else _vv(name, data)
        found = vv or _headed(sheets.read(name, data))
    if not found.rows:
        raise Refused(name, Why.NO_ROWS)
    return found


def _headed(read: sheets.Rows) -> Table:
    """A sheet whose first row that is not empty has the headings."""
    top = next(place for place, row in enumerate(read.rows) if row)
    width = max(len(row) for row in read.rows[top:])
    headings = [*read.rows[top], *[""] * (width - len(read.rows[top]))]
    columns = tuple(Column(each) for each in _each_once(headings))
    below = [(number, row) for number, row in enumerate(read.rows[top + 1 :], start=top + 2) if row]
    return Table(
        read.kind,
        columns,
        tuple((*row, *("",) * (width - len(row))) for _, row in below),
        tuple(number for number, _ in below),
    )


def _each_once(headings: Iterable[str]) -> list[str]:
    """Headings in plain words, an empty one by its place, one that stands again with a number."""
    seen: Counter[str] = Counter()
    made = []
    for place, heading in enumerate(headings, start=1):
        plain = " ".join(_TAG.sub(" ", heading).split()) or f"({place})"
        seen[plain] += 1
        while seen[plain] > 1 and f"{plain} ({seen[plain]})" in seen:
            seen[plain] += 1
        named = plain if seen[plain] == 1 else f"{plain} ({seen[plain]})"
        if named != plain:
            seen[named] += 1
        made.append(named)
    return made


def _vv(name: str, data: bytes) -> Table | None:
    """A VV file of LimeSurvey; None for any other text."""
    if b"\t" not in data[: 64 * 1024].partition(b"\n")[0]:
        return None
    # Not `splitlines`: signs within a cell, such as U+2028 out of a text editor, end no row.
    lines = [line for line in _LINE_ENDS.split(sheets.text_of(name, data)) if line.strip()]
    if len(lines) < 2:
        return None
    codes = _vv_cells(name, 2, lines[1])
    if len(_VV_CODES & set(codes)) < 3:
        return None
    if len(lines) > sheets.MOST_ROWS:
        raise Refused(name, Why.TOO_MANY_ROWS, most=f"{sheets.MOST_ROWS:,}")
    if len(lines) * len(codes) > sheets.MOST_CELLS:
        raise Refused(name, Why.TOO_MANY_CELLS, most=f"{sheets.MOST_CELLS:,}")
    labels = _filled(_vv_cells(name, 1, lines[0]), len(codes))
    columns = tuple(map(Column, _each_once(codes), labels))
    rows = tuple(
        tuple(_filled(_vv_cells(name, number, line), len(codes)))
        for number, line in enumerate(lines[2:], start=3)
    )
    return Table(VV, columns, rows, tuple(range(3, 3 + len(rows))))


def _vv_cells(name: str, number: int, line: str) -> list[str]:
    """One line: breaks within a cell are written as signs, so a line is a row."""
    if line.count("\t") >= sheets.MOST_COLUMNS:
        raise Refused(name, Why.TOO_MANY_COLUMNS, f"line {number}", most=sheets.MOST_COLUMNS)
    try:
        (cells,) = csv.reader([line], delimiter="\t")
    except (csv.Error, ValueError):
        raise Refused(name, Why.NOT_CSV, f"line {number}") from None
    return [_plain(cell) for cell in cells]


def _plain(cell: str) -> str:
    if cell == _NOT_SHOWN:
        return ""
    for sign, meant in _VV_SIGNS:
        cell = cell.replace(sign, meant)
    return cell[: sheets.LONGEST_CELL].strip()


def _filled(cells: Sequence[str], width: int) -> list[str]:
    """So many cells; programs that saved the file again drop empty ones at the end, or add some."""
    return [*cells[:width], *[""] * (width - len(cells))]


def _sav(name: str, data: bytes) -> Table:
    limits = {
        "rows": sheets.MOST_ROWS,
        "columns": sheets.MOST_COLUMNS,
        "cells": sheets.MOST_CELLS,
        "cell": sheets.LONGEST_CELL,
    }
    told: dict[str, Any] = bounded.opened(name, SAV, data, limits)
    columns = tuple(map(Column, _each_once(told["names"]), told["labels"], told["values"]))
    rows = [(number, row) for number, row in enumerate(told["rows"], start=1) if any(row)]
    return Table(
        SAV,
        columns,
        tuple(tuple(cell.strip() for cell in row) for _, row in rows),
        tuple(number for number, _ in rows),
    )
