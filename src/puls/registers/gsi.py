"""GSI and other statistics of Udir to register figures, as Udir gives them today and gave them.

Today's are JSON (`udir`), the older ones CSV (`udir_csv`). Both become the same table of rows and
headings, and are bound alike.
"""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from puls import periods
from puls.content.bindings import RegisterBinding
from puls.errors import ImportFileError
from puls.figures import Figure
from puls.registers import udir_csv
from puls.registers.regions import Regions
from puls.registers.tables import RegisterTable
from puls.registers.udir import NEXT_STEP, Table, read_table
from puls.units import UnitTree

_YEAR = re.compile(r"\d{4}(?:[-–]\d{2,4})?", re.ASCII)


def read(file: Path, bindings: Sequence[RegisterBinding], tree: UnitTree) -> RegisterTable:
    """The figures that the pack binds, by the headings of the last header rows.

    A column is bound when its lowest heading, or its lowest two or more joined by ", ", is among a
    binding's cells ("Sum elever"; "Venteliste til skolen, sum"), it stands under a school year,
    and under every heading that the binding fixes. Columns that no binding names are recorded.
    """
    ours = [binding for binding in bindings if binding.reader in ("", "gsi")]
    table = read_table(file) if udir_csv.is_json(file) else udir_csv.read_table(file, ours)
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
