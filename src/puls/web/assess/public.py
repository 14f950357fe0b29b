"""The door for everybody: public cells, and what they need to be understood.

Called inside `tenants.access.as_everybody`, where the database gives public rows and no others.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connections

from puls.cells import ReleasedCell, Status
from puls.web.assess.models import Cell
from puls.web.assess.queries import CELL, NEWEST, cell_of, periods

KINDS = "unit_id, part, years, indicator"
"""What tells the cells of a school year apart."""


@dataclass(frozen=True)
class PublicCell:
    """A cell that everybody may see. release: the one that it comes from."""

    cell: ReleasedCell
    release: int


def public_cells(
    period: int,
    units: Sequence[str],
    figures: Collection[str],
    as_of: int | None = None,
    using: str = "default",
) -> list[PublicCell]:
    """A school year's public cells, by unit, part, years and indicator: the newest of each.

    units: whose register figures are given; answers are given of every unit that has public ones.
    figures: keys of the register indicators that may be passed on.
    as_of: the id of a release; what came after it is left out.
    """
    asked: dict[str, Any] = {"period = %s": period}
    if as_of is not None:
        asked["release_id <= %s"] = as_of
    answers = {**asked, "public": None, "from_answers": None}
    registers = {
        **asked,
        "unit_id = ANY(%s)": list(units),
        "indicator = ANY(%s)": sorted(figures),
        "NOT from_answers": None,
        "part = '' AND years = 1": None,
    }
    return sorted(
        [*_newest(answers, using), *_newest(registers, using)],
        key=lambda found: (
            found.cell.unit, found.cell.part, found.cell.years, found.cell.indicator
        ),
    )  # fmt: skip


def public_periods(
    units: Sequence[str], figures: Collection[str], using: str = "default"
) -> list[int]:
    """The school years that everybody may see something of, newest first.

    units, figures: as of `public_cells`.
    """
    every = Cell.objects.using(using)
    registers = every.filter(
        unit__in=units, from_answers=False, status=Status.SHOWN, indicator__in=sorted(figures)
    )
    return [
        period
        for period in periods(using)
        if every.filter(period=period, public=True).exists()
        or registers.filter(period=period).exists()
    ]


def how_many(period: int, using: str = "default") -> int:
    """Public cells of answers of a school year; more of them when a gate has opened."""
    return Cell.objects.using(using).filter(period=period, public=True).count()


def _newest(asked: dict[str, Any], using: str) -> list[PublicCell]:
    values = [value for value in asked.values() if value is not None]
    with connections[using].cursor() as cursor:
        cursor.execute(
            f"SELECT * FROM (SELECT DISTINCT ON ({KINDS}) {CELL}, release_id FROM assess_cell"
            f" WHERE {' AND '.join(asked)} ORDER BY {KINDS}, {NEWEST}) c WHERE status = 'shown'",
            values,
        )
        return [PublicCell(cell_of(row[:-1]), row[-1]) for row in cursor.fetchall()]
