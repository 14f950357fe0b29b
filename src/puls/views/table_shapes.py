"""The same colour table in other shapes: turned round, cut for paper, cut into short stretches."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from puls.views.tables import ColourTable, Column, Group, Row, TableCell


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator of a turned table. cells: one a unit, in the order of `all_rows`."""

    column: Column
    cells: tuple[TableCell, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """The indicators of one role, one below the other."""

    group: Group
    lines: tuple[Line, ...]


def turned(table: ColourTable) -> tuple[Part, ...]:
    """Indicators as rows, units as columns: what fits a phone, and one unit with much to tell.

    >>> [(part.group.name, [line.column.short for line in part.lines]) for part in turned(table)]
    [("Prosess", ["Tilbakemeldinger"]), ("Resultat", ["Trivsel", "Mestring"])]
    """
    lines = [
        Line(column, tuple(row.cells[number] for row in table.all_rows))
        for number, column in enumerate(table.columns)
    ]
    by_role = groupby(lines, key=lambda line: line.column.role)
    found = {role: tuple(part) for role, part in by_role}
    return tuple(Part(group, found[group.role]) for group in table.groups)


def blocks(table: ColourTable, across: int) -> list[ColourTable]:
    """The table cut into tables of at most `across` columns each, as alike in width as can be.

    Rows, their order and the legend stay whole. A table without columns is one block.
    """
    count = -(-len(table.columns) // across)
    if count <= 1:
        return [table]
    # Evenly: the last sheet is not left with one column.
    wide = -(-len(table.columns) // count)
    places = range(len(table.columns))
    return [_some(table, places[start : start + wide]) for start in places[::wide]]


def unit_blocks(table: ColourTable, across: int) -> list[ColourTable]:
    """The table cut into tables of at most `across` units each; the comparison stands on all.

    At least one unit of the own a block, however many there are to compare with.
    """
    wide = max(across - len(table.comparison), 1)
    parts = stretches(table.rows, wide) or [()]
    return [replace(table, rows=part) for part in parts]


def _some(table: ColourTable, places: Sequence[int]) -> ColourTable:
    """The table with only these columns."""
    kept = [table.columns[place] for place in places]
    columns = tuple(
        replace(column, first=n == 0 or kept[n - 1].role is not column.role)
        for n, column in enumerate(kept)
    )
    spans = [(group, sum(c.role is group.role for c in columns)) for group in table.groups]

    def cut(row: Row) -> Row:
        return replace(row, cells=tuple(row.cells[place] for place in places))

    return replace(
        table,
        columns=columns,
        groups=tuple(replace(group, span=span) for group, span in spans if span),
        rows=tuple(cut(row) for row in table.rows),
        comparison=tuple(cut(row) for row in table.comparison),
    )


def stretches(rows: Sequence[Row], long: int) -> list[tuple[Row, ...]]:
    """Rows in stretches of at most `long`: a browser lays out only those that are in sight."""
    return [tuple(rows[start : start + long]) for start in range(0, len(rows), long)]
