"""Reading over time: a unit's line of one indicator.

Called within a reach, as `assess.queries`.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connections

from puls.cells import Against, Mark, ReleasedCell, ReleasedMark, Status
from puls.web.assess.queries import CELL, MARK, NEWEST, WHOLE


def line(
    unit: str, indicator: str, as_of: int | None = None, using: str = "default"
) -> list[ReleasedCell]:
    """A unit's own cells of an indicator in every school year, the oldest first."""
    return _cells("period", WHOLE, unit, indicator, as_of, using)


def several(
    units: Sequence[str],
    indicators: Sequence[str],
    until: int,
    as_of: int | None = None,
    using: str = "default",
) -> dict[tuple[str, str], list[ReleasedCell]]:
    """The lines of many units and indicators up to a school year, by unit and indicator.

    Each as `line` has it; what was never released is not among them.
    """
    upto, asked = _upto(as_of)
    found: dict[tuple[str, str], list[ReleasedCell]] = {}
    with connections[using].cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT ON (unit_id, indicator, period) {CELL} FROM assess_cell"
            " WHERE unit_id = ANY(%s) AND indicator = ANY(%s) AND period <= %s"
            f" AND {WHOLE}{upto} ORDER BY unit_id, indicator, period, {NEWEST}",
            [list(units), list(indicators), until, *asked],
        )
        for row in cursor.fetchall():
            cell = _cell(row)
            found.setdefault((cell.unit, cell.indicator), []).append(cell)
    return found


def pooled_line(
    unit: str, indicator: str, as_of: int | None = None, using: str = "default"
) -> list[ReleasedCell]:
    """A unit's cells of an indicator over several school years together, by their last year."""
    return _cells("period, years", "part = '' AND years > 1", unit, indicator, as_of, using)


def line_marks(
    unit: str, indicator: str, as_of: int | None = None, using: str = "default"
) -> list[ReleasedMark]:
    """A unit's marks of an indicator, each year's as its newest national release has them."""
    upto, asked = _upto(as_of)
    with connections[using].cursor() as cursor:
        cursor.execute(
            f"SELECT {MARK} FROM assess_mark m WHERE unit_id = %s AND indicator = %s"
            " AND release_id = (SELECT max(id) FROM assess_release r WHERE r.period = m.period"
            f" AND depth = 0 AND findings <> '{{}}'{upto.replace('release_id', 'id')})"
            " ORDER BY period, against",
            [unit, indicator, *asked],
        )
        rows = cursor.fetchall()
    return [_mark(row) for row in rows]


def _cells(
    of_each: str, only: str, unit: str, indicator: str, as_of: int | None, using: str
) -> list[ReleasedCell]:
    """The newest cell of each, in this order."""
    upto, asked = _upto(as_of)
    with connections[using].cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT ON ({of_each}) {CELL} FROM assess_cell"
            f" WHERE unit_id = %s AND indicator = %s AND {only}{upto} ORDER BY {of_each}, {NEWEST}",
            [unit, indicator, *asked],
        )
        rows = cursor.fetchall()
    return [_cell(row) for row in rows]


def _upto(as_of: int | None) -> tuple[str, list[int]]:
    """What came after a release is left out: as a condition, with its value."""
    return ("", []) if as_of is None else (" AND release_id <= %s", [as_of])


def _cell(row: tuple[Any, ...]) -> ReleasedCell:
    unit, indicator, version, period, status, *rest = row
    return ReleasedCell(unit, indicator, version, period, Status(status), *rest)


def _mark(row: tuple[Any, ...]) -> ReleasedMark:
    unit, indicator, period, against, expected, estimate, low, high, mark, since = row
    place = (unit, indicator, period, Against(against))
    return ReleasedMark(*place, expected, estimate, low, high, Mark(mark), since)
