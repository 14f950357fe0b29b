"""Lists of groups as leaders have them: typed, pasted from a spreadsheet, or a file (XLSX, CSV).

    Fiolin mandag; 14; Musikk
    Ballett 2     9    Dans

Name, how many people, and the department that their answers count for, with a semicolon, a tab or a
comma between; a line a group. Where there is one department only, or the group is called like one,
the third may be left out. A first line without a number is a heading. Of a file the first sheet
counts.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from puls.errors import ImportFileError, PulsError
from puls.registers import sheets

MOST_PEOPLE = 2_000
MOST_BYTES = 1_000_000
LONGEST_NAME = 80


@dataclass(frozen=True)
class Listed:
    """unit: key of the department."""

    name: str
    people: int
    unit: str


def read(text: str, departments: Mapping[str, str]) -> list[Listed]:
    """The groups of a list. PulsError with the line, what was expected and what to do.

    departments: keys of the units that may answer, by their names.
    """
    return _listed([_cells(line.strip()) for line in text.splitlines()], departments)


def read_file(content: bytes, departments: Mapping[str, str]) -> list[Listed]:
    """The groups of an uploaded file, as in `read`. PulsError also for what is no table."""
    if len(content) > MOST_BYTES:
        raise PulsError(_("The file is too large for a list of groups."))
    try:
        rows = sheets.read(_("The file"), content).rows
    except ImportFileError:
        raise PulsError(
            _(
                "The file cannot be read as a list. Save it as XLSX or CSV, without a password,"
                " and upload it again."
            )
        ) from None
    return _listed(rows, departments)


def _listed(rows: Sequence[Sequence[str]], departments: Mapping[str, str]) -> list[Listed]:
    by_name = {name.casefold(): key for name, key in departments.items()}
    lines = [(n, cells) for n, cells in enumerate(rows, start=1) if any(cells)]
    found = []
    for number, cells in lines:
        if number == lines[0][0] and len(lines) > 1 and not any(c.isdigit() for c in cells):
            continue
        found.append(_group(number, cells, by_name, departments))
    if not found:
        raise PulsError(_("There is no group in the list. Write a line for each group."))
    return found


def _cells(line: str) -> list[str]:
    mark = next((each for each in ("\t", ";", ",") if each in line), "\t")
    return [cell.strip().strip('"').strip() for cell in line.split(mark)]


def _group(
    number: int, cells: Sequence[str], by_name: Mapping[str, str], departments: Mapping[str, str]
) -> Listed:
    name, people, where = (*cells, "", "")[:3]
    told = {"number": number}
    if not name or len(name) > LONGEST_NAME:
        raise PulsError(
            _("Line %(number)s: write the group's name first, in at most 80 letters.") % told
        )
    if not (re.fullmatch(r"[0-9]{1,6}", people) and 1 <= int(people) <= MOST_PEOPLE):
        raise PulsError(
            _("Line %(number)s: write how many people are in the group, as in: %(name)s; 14")
            % {**told, "name": name}
        )
    unit = by_name.get((where or name).casefold())
    if unit is None and not where and len(departments) == 1:
        unit = next(iter(departments.values()))
    if unit is None:
        names = ", ".join(departments)
        if where:
            raise PulsError(
                _(
                    "Line %(number)s: there is no department called “%(where)s”."
                    " There are: %(names)s."
                )
                % {**told, "where": where[:LONGEST_NAME], "names": names}
            )
        raise PulsError(
            _("Line %(number)s: write the department last. There are: %(names)s.")
            % {**told, "names": names}
        )
    return Listed(name, int(people), unit)
