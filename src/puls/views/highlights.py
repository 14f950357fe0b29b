"""What stands out in one row of a colour table: a place to begin a conversation, not a verdict."""

from collections.abc import Iterator
from dataclasses import dataclass

from puls.cells import Status
from puls.views.tables import ColourTable, Column, Row, TableCell


@dataclass(frozen=True, slots=True)
class Point:
    """A cell with its column, ready to be talked about."""

    column: Column
    cell: TableCell


@dataclass(frozen=True, slots=True)
class Highlights:
    """A row's cells by how clearly they speak, each in the order of the columns.

    strong, weak: surely the highest or the lowest level. between: surely some level in between.
    uncertain: the answers do not decide. silent: hidden, not measured or not comparable.
    plain: numbers that nobody has set cut points for.
    """

    strong: tuple[Point, ...]
    between: tuple[Point, ...]
    weak: tuple[Point, ...]
    uncertain: tuple[Point, ...]
    plain: tuple[Point, ...]
    silent: tuple[Point, ...]


def highlights(table: ColourTable, row: Row) -> Highlights:
    """Sort a row's cells by how clearly they speak. Nothing is ordered by value: no ranking."""
    kinds: dict[str, list[Point]] = {name: [] for name in Highlights.__slots__}
    for point in _points(table, row):
        kinds[_kind(point.cell)].append(point)
    return Highlights(**{name: tuple(points) for name, points in kinds.items()})


def _points(table: ColourTable, row: Row) -> Iterator[Point]:
    for column, cell in zip(table.columns, row.cells, strict=True):
        yield Point(column, cell)


def _kind(cell: TableCell) -> str:
    if cell.status is not Status.SHOWN:
        return "silent"
    if cell.level_low is None:
        return "plain"
    if cell.level is None:
        return "uncertain"
    if cell.level == cell.levels:
        return "strong"
    return "weak" if cell.level == 1 else "between"
