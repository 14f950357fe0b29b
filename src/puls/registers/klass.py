"""KLASS, Statistics Norway's classifications: codes with their validity, changes, correspondences.

Read as the interface gives them (JSON of `/codes`, `/codesAt`, `/changes`, `/corresponds`) and as
tables (CSV with the same columns, comma or semicolon, UTF-8 or Windows-1252). `from` is the first
day, `to` the first day after. A change of name stands among the changes, with the same code twice.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from puls.content.definitions import Classification
from puls.errors import ImportFileError
from puls.registers import sheets
from puls.registers.fetching import Fetcher
from puls.registers.files import read_json

EXPECTED = "a list of KLASS as JSON or CSV"
NEXT_STEP = "Fetch it again from https://data.ssb.no/api/klass/v1."


@dataclass(frozen=True, slots=True)
class CodeChange:
    """On this day (some of) what had the old code got the new one, or only another name."""

    on: date
    old: str
    old_name: str
    new: str
    new_name: str


@dataclass(frozen=True, slots=True)
class Code:
    """begins: the first day with this code and name, or None; ends: the first day without."""

    code: str
    name: str
    begins: date | None
    ends: date | None

    def valid_on(self, day: date) -> bool:
        begun = self.begins is None or self.begins <= day
        return begun and (self.ends is None or day < self.ends)


def read_changes(file: Path) -> tuple[CodeChange, ...]:
    """The changes in a file, in their order. ImportFileError with the row."""
    found = []
    for row in _rows(file, ("codeChanges",), ("changeOccurred", "oldCode", "newCode")):
        on = row.day("changeOccurred")
        if on is None:
            raise row.wrong("changeOccurred", "is empty", "a day such as 2024-01-01")
        old, new = row.text("oldCode"), row.text("newCode")
        if not (old or new):
            raise row.wrong("oldCode", "is empty, and newCode too", "a code")
        found.append(CodeChange(on, old, row.text("oldName"), new, row.text("newName")))
    return tuple(found)


def read_codes(file: Path) -> tuple[Code, ...]:
    """The codes in a file, one for each name that a code had. ImportFileError with the row."""
    found = []
    for row in _rows(file, ("codes", "classificationItems"), ("code", "name")):
        begins = row.day("validFromInRequestedRange") or row.day("validFrom")
        ends = row.day("validToInRequestedRange") or row.day("validTo")
        if begins and ends and ends <= begins:
            raise row.wrong("validTo", f"{ends} is not after {begins}", "a later day")
        found.append(Code(row.needed("code"), row.needed("name"), begins, ends))
    return tuple(found)


def fetch(
    ask: Fetcher, where: Classification, what: str, since: date, folder: Path, number: str = ""
) -> Path:
    """A list of the classification from that day on, those to come included, as a file.

    what: "changes" or "codes". number: of another classification than that of administrations.
    """
    address = f"{where.address}/classifications/{number or where.codes}/{what}"
    params = {"from": since.isoformat(), "includeFuture": "true"}
    file = folder / f"klass-{number or where.codes}-{what}.json"
    file.write_bytes(ask.get(address, params).body)
    return file


def read_correspondence(file: Path) -> Mapping[str, str]:
    """Target code by source code, such as municipality by organisation number."""
    found: dict[str, str] = {}
    known = ("correspondenceItems", "correspondenceMaps")
    for row in _rows(file, known, ("sourceCode", "targetCode")):
        source, target = row.needed("sourceCode"), row.needed("targetCode")
        if found.setdefault(source, target) != target:
            raise row.wrong("sourceCode", f"'{source}' leads to two codes", "one for each")
    return found


class _Row:
    """One entry of a list, and where it stands."""

    def __init__(self, file: str, number: int, cells: Mapping[str, Any]) -> None:
        self.file, self.number, self.cells = file, number, cells

    def wrong(self, column: str, problem: str, expected: str) -> ImportFileError:
        where = f"row {self.number}, {column}"
        return ImportFileError(self.file, where, problem, expected, NEXT_STEP)

    def text(self, column: str) -> str:
        value = self.cells.get(column)
        if value is not None and not isinstance(value, str):
            raise self.wrong(column, f"{ascii(value)[:40]} is no text", "text")
        return (value or "").strip()

    def needed(self, column: str) -> str:
        found = self.text(column)
        if not found:
            raise self.wrong(column, "is empty", "a value")
        return found

    def day(self, column: str) -> date | None:
        text = self.text(column)
        if text in ("", "NA"):
            return None
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            raise self.wrong(column, f"'{text[:40]}' is no day", "a day such as 2024-01-01")
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise self.wrong(column, f"'{text}' is no day", "a day of the calendar") from None


def _rows(file: Path, keys: Sequence[str], needed: Sequence[str]) -> list[_Row]:
    """The entries of the list under one of these keys, or of a table with these columns."""

    def wrong(where: str, problem: str, expected: str = EXPECTED) -> ImportFileError:
        return ImportFileError(file.name, where, problem, expected, NEXT_STEP)

    if _is_json(file):
        content = read_json(file, EXPECTED, NEXT_STEP)
        found = next((content[k] for k in keys if k in content), None) if content else None
        if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
            raise wrong("", f"no list '{keys[0]}' of objects", f"a list {' or '.join(keys)}")
        return [_Row(file.name, number, row) for number, row in enumerate(found, start=1)]
    rows = sheets.read(file.name, file.read_bytes()).rows
    head = rows[0]
    lacking = [column for column in needed if column not in head]
    if lacking:
        raise wrong("row 1", f"no column {', '.join(lacking)}", ", ".join(needed))
    return [
        _Row(file.name, number, dict(zip(head, cells, strict=False)))
        for number, cells in enumerate(rows[1:], start=2)
        if cells
    ]


def _is_json(file: Path) -> bool:
    try:
        with file.open("rb") as opened:
            return opened.read(200).lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")
    except OSError as slip:
        problem = f"cannot be opened ({slip.strerror or slip})"
        raise ImportFileError(str(file), "", problem, EXPECTED, "Check the path.") from None
