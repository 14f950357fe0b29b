"""The first sheet of a spreadsheet, or a text file with columns, as rows of text.

Takes XLSX, and CSV in any usual shape: comma, semicolon, tab or bar between the cells; UTF-8,
UTF-16 or Windows-1252; with Excel's `sep=;` on top or without. Whatever else it is, however it was
made, it is refused in bounded time and memory. Formulas are never computed: what counts is the
value that the spreadsheet program saved with them.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from puls.registers import bounded
from puls.registers.refused import Refused, Why

MOST_BYTES = 20 * 1024 * 1024
MOST_ROWS = 100_000
MOST_COLUMNS = 2_000
MOST_CELLS = 2_000_000
"""That hold something."""
MOST_EXAMINED = 1_100_000
"""Rows of a text file, empty ones included; a sheet of Excel has 1,048,576."""
LONGEST_CELL = 1_000
"""Letters of a cell that are read; no heading and no answer on a scale is longer."""
DELIMITERS = (";", "\t", ",", "|")

_TRIED_ROWS = 30
_PACKED = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"Rar!", b"\x28\xb5\x2f\xfd")
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK\x03\x04"


@dataclass(frozen=True)
class Rows:
    """kind: "xlsx" or "csv". rows: row 1 first; cells without blanks around them.

    Empty rows in between are there as empty tuples, so that a row's number is its place; those at
    the end are not. Rows may be of different lengths: empty cells at the end are left out.
    """

    kind: str
    rows: tuple[tuple[str, ...], ...]


def read(name: str, data: bytes) -> Rows:
    """The rows of a file that somebody sent. Refused with what is wrong and what to do.

    name: how errors call the file.
    """
    if len(data) > MOST_BYTES:
        raise Refused(name, Why.TOO_LARGE, most=MOST_BYTES // 1024**2)
    if not data.strip():
        raise Refused(name, Why.EMPTY)
    if data.startswith(_ZIP):
        limits = {"rows": MOST_ROWS, "columns": MOST_COLUMNS, "cells": MOST_CELLS}
        told = bounded.opened(name, "xlsx", data, {**limits, "cell": LONGEST_CELL})
        found = Rows("xlsx", _rows(name, iter(told["rows"])))
    else:
        found = Rows("csv", csv_rows(name, text_of(name, data)))
    if not found.rows:
        raise Refused(name, Why.EMPTY)
    return found


def text_of(name: str, data: bytes) -> str:
    """The text in a file, in whichever of the usual encodings it is; Refused for what is none."""
    if data.startswith(_OLD_EXCEL):
        raise Refused(name, Why.OLD_EXCEL)
    if data.startswith(_PACKED) or data.startswith(_ZIP):
        raise Refused(name, Why.PACKED)
    text = _decoded(name, data)
    # Controls have no place in a table; damaged and binary files are full of them.
    if any(letter in text for letter in map(chr, (*range(9), *range(14, 27), 28, 29, 30, 127))):
        raise Refused(name, Why.NO_TEXT)
    if text.lstrip()[:1] == "<":
        raise Refused(name, Why.HTML)
    return text


def _decoded(name: str, data: bytes) -> str:
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    zeros = data[:4096].count(0)
    try:
        if wide:
            return data.decode("utf-16")
        if zeros * 4 > len(data[:4096]):
            # UTF-16 without its mark: of letters as ours every other byte is zero.
            return data.decode("utf-16-le" if data[1:2] == b"\0" else "utf-16-be")
    except UnicodeDecodeError:
        raise Refused(name, Why.ENCODING) from None
    if zeros:
        raise Refused(name, Why.NO_TEXT)
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused(name, Why.ENCODING)


def csv_rows(name: str, text: str, delimiter: str = "") -> tuple[tuple[str, ...], ...]:
    """The rows of a text. delimiter: what stands between cells; "" to find it out."""
    first, _newline, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        # Excel's own line, which says what stands between the cells.
        delimiter, text = first.strip()[4], rest
    return _rows(name, _parsed(name, text, delimiter or _delimiter(text)))


def _parsed(name: str, text: str, delimiter: str) -> Iterator[list[str]]:
    def lines() -> Iterator[str]:
        for number, line in enumerate(io.StringIO(text, newline=""), start=1):
            if number > MOST_EXAMINED:
                raise Refused(name, Why.TOO_MANY_ROWS, most=f"{MOST_ROWS:,}")
            if line.count(delimiter) > 10 * MOST_COLUMNS:
                raise Refused(name, Why.TOO_MANY_COLUMNS, f"row {number}", most=MOST_COLUMNS)
            yield line

    rows = csv.reader(lines(), delimiter=delimiter, strict=True)
    try:
        yield from rows
    except csv.Error:
        raise Refused(name, Why.NOT_CSV, f"line {rows.line_num}") from None


def _delimiter(text: str) -> str:
    """What divides the first rows most evenly, and of those the one that gives most columns."""

    def evenness(delimiter: str) -> tuple[float, int]:
        lines = islice(io.StringIO(text[: 64 * 1024], newline=""), _TRIED_ROWS * 4)
        try:
            rows = list(islice(csv.reader(lines, delimiter=delimiter), _TRIED_ROWS))
        except csv.Error:
            return 0.0, 0
        widths = Counter(len(row) for row in rows if row)
        if not widths:
            return 0.0, 0
        width, often = max(widths.items(), key=lambda each: (each[1], each[0]))
        return (often / widths.total() if width > 1 else 0.0), width

    return max(DELIMITERS, key=evenness)


def _rows(name: str, found: Iterator[list[str]]) -> tuple[tuple[str, ...], ...]:
    """Within the limits, without what is empty at the end of a row and of the table."""
    made: list[tuple[str, ...]] = []
    empty = cells = 0
    for row in found:
        kept = [cell[:LONGEST_CELL].strip() for cell in row]
        while kept and not kept[-1]:
            kept.pop()
        if not kept:
            empty += 1
            continue
        if len(kept) > MOST_COLUMNS:
            number = len(made) + empty + 1
            raise Refused(name, Why.TOO_MANY_COLUMNS, f"row {number}", most=MOST_COLUMNS)
        if len(made) + empty >= MOST_ROWS:
            raise Refused(name, Why.TOO_MANY_ROWS, most=f"{MOST_ROWS:,}")
        cells += len(kept)
        if cells > MOST_CELLS:
            raise Refused(name, Why.TOO_MANY_CELLS, most=f"{MOST_CELLS:,}")
        made += [()] * empty
        empty = 0
        made.append(tuple(kept))
    return tuple(made)
