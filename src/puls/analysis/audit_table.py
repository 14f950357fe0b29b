"""Reading a table of teams and their numbers of answers, to be audited (`puls audit`).

    county,muni,school,team,freq
    c0,c0m0,c0m0s0,c0m0s0t0,29

A row is a leaf group, `freq` its number of answers (0 is allowed: nobody answered).
"""

import csv
from collections.abc import Iterable
from pathlib import Path

from puls.errors import ImportFileError

COLUMNS = ("county", "muni", "school", "team")
COUNT = "freq"

WEIGHTS = {"country": 10**6, "county": 10**4, "muni": 600, "school": 60, "team": 1}
"""How much a published cell of each tier counts; the country is added above the counties."""


def read(path: Path) -> dict[tuple[str, ...], int]:
    """Answers by (county, muni, school, team). Raises ImportFileError, naming row and column.

    The columns may stand in any order. Names need to be unique only below the same parent.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return _teams(path.name, csv.reader(file, strict=True))
    except OSError as error:
        problem = f"cannot be opened ({error.strerror})"
        raise ImportFileError(str(path), "", problem, "a CSV file", "Check the path.") from error
    except UnicodeDecodeError as error:
        next_step = "Save the table as CSV UTF-8 and try again."
        raise ImportFileError(
            path.name, f"byte {error.start}", "is not UTF-8", "text in UTF-8", next_step
        ) from error


def _teams(file: str, rows: Iterable[list[str]]) -> dict[tuple[str, ...], int]:
    teams: dict[tuple[str, ...], int] = {}
    header: list[str] = []
    at = 0
    try:
        for at, row in enumerate(rows, start=1):
            if not header:
                header = _header(file, row)
            elif row:
                lineage, n = _team(file, at, header, row)
                if lineage in teams:
                    problem = f"team '{lineage[-1]}' of school '{lineage[-2]}' stands twice"
                    raise _wrong(file, f"row {at}, column 'team'", problem, "one row per team")
                teams[lineage] = n
    except csv.Error as error:
        raise _wrong(file, f"row {at + 1}", str(error), "cells apart by commas") from error
    if not teams:
        raise _wrong(file, "", "there are no teams in it", "a header and at least one row")
    return teams


def _header(file: str, row: list[str]) -> list[str]:
    wanted = (*COLUMNS, COUNT)
    names = [cell.strip() for cell in row]
    if sorted(names) != sorted(wanted):
        found = ", ".join(names)[:80] or "missing"
        raise _wrong(file, "row 1", f"the columns are {found}", ",".join(wanted))
    return names


def _team(file: str, at: int, header: list[str], row: list[str]) -> tuple[tuple[str, ...], int]:
    if len(row) != len(header):
        raise _wrong(file, f"row {at}", f"it has {len(row)} cells", f"{len(header)} cells")
    cells = {name: cell.strip() for name, cell in zip(header, row, strict=True)}
    for name in COLUMNS:
        if not cells[name]:
            raise _wrong(file, f"row {at}, column '{name}'", "it is empty", "a name")
    count = cells[COUNT]
    if not (count.isascii() and count.isdigit()):
        place = f"row {at}, column '{COUNT}'"
        raise _wrong(file, place, f"it is '{count[:40]}'", "a whole number, 0 or more")
    return tuple(cells[name] for name in COLUMNS), int(count)


def _wrong(file: str, where: str, problem: str, expected: str) -> ImportFileError:
    return ImportFileError(file, where, problem, expected, "Correct the table and try again.")
