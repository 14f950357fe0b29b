"""Reading over time: a unit's line of one indicator, and what an administration's targets were.

Called within a reach, as `assess.queries`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connections

from puls.cells import ReleasedCell, Status
from puls.web.assess.models import Target
from puls.web.assess.queries import CELL, NEWEST, WHOLE


@dataclass(frozen=True)
class PastTarget:
    """A target that an administration has, or had until withdrawn_on."""

    value: float
    set_by: str
    set_on: date
    why: str
    withdrawn_on: date | None


def line(
    unit: str, indicator: str, as_of: int | None = None, using: str = "default"
) -> list[ReleasedCell]:
    """A unit's own cells of an indicator in every school year, the oldest first."""
    upto = "" if as_of is None else " AND release_id <= %s"
    asked: list[Any] = [unit, indicator, *([] if as_of is None else [as_of])]
    with connections[using].cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT ON (period) {CELL} FROM assess_cell"
            f" WHERE unit_id = %s AND indicator = %s AND {WHOLE}{upto}"
            f" ORDER BY period, {NEWEST}",
            asked,
        )
        rows = cursor.fetchall()
    return [_cell(row) for row in rows]


def target_history(tenant: str, indicator: str, using: str = "default") -> Sequence[PastTarget]:
    """All targets that an administration ever set for an indicator, the newest first."""
    found = Target.objects.using(using).filter(tenant=tenant, indicator=indicator)
    return [
        PastTarget(each.value, each.set_by, each.set_on, each.why, each.withdrawn_on)
        for each in found.order_by("-set_on", "-id")
    ]


def _cell(row: tuple[Any, ...]) -> ReleasedCell:
    unit, indicator, version, period, status, *rest = row
    return ReleasedCell(unit, indicator, version, period, Status(status), *rest)
