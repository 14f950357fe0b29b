"""The one door: what pages, exports and e-mails read about indicators.

Called within a reach (`tenants.access.as_reach`): the database gives only the rows in it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connections

from puls.cells import ReleasedCell, Status
from puls.web.assess.models import Cell, Release

CELL = (
    "unit_id, indicator, version, period, status, value, n, low, high, level_low, level_high,"
    " note, provisional, of_unit"
)


@dataclass(frozen=True)
class ReleaseNote:
    """Where released cells come from.

    id: rises with time; a reader who keeps it can ask for things as they were (`as_of`).
    k: the smallest group of respondents that may be seen.
    pack_version: of the definitions that it was judged by.
    synthetic: the figures are made up, and every page that shows them says so.
    sources: what it rests on, each with source, table, licence, updated and checksum.
    """

    id: int
    made_at: datetime
    period: int
    k: int
    pack_version: str
    tree_day: date
    root: str
    synthetic: bool
    sources: Sequence[Mapping[str, Any]]


def cells(
    units: Sequence[str], period: int, as_of: int | None = None, using: str = "default"
) -> list[ReleasedCell]:
    """The units' cells of a school year, by unit and indicator, from the newest release each.

    as_of: the id of a release; what came after it is left out.
    """
    upto = "" if as_of is None else " AND release_id <= %s"
    asked: list[Any] = [list(units), period, *([] if as_of is None else [as_of])]
    with connections[using].cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT ON (unit_id, indicator) {CELL} FROM assess_cell"
            f" WHERE unit_id = ANY(%s) AND period = %s{upto}"
            " ORDER BY unit_id, indicator, release_id DESC",
            asked,
        )
        return [_cell(row) for row in cursor.fetchall()]


def periods(using: str = "default") -> list[int]:
    """The school years that anything was released for, newest first."""
    found = Release.objects.using(using).order_by("-period").values_list("period", flat=True)
    return list(found.distinct())


def periods_of(unit: str, indicators: Sequence[str], using: str = "default") -> list[int]:
    """The school years in which something is known of one of the indicators, newest first."""
    about = Cell.objects.using(using).filter(unit=unit, indicator__in=indicators)
    found = about.exclude(status=Status.NO_DATA).values_list("period", flat=True)
    return list(found.order_by("-period").distinct())


def releases(period: int, using: str = "default") -> list[ReleaseNote]:
    """The releases of a school year, newest first."""
    found = Release.objects.using(using).filter(period=period).order_by("-id")
    return [
        ReleaseNote(
            id=each.pk,
            made_at=each.made_at,
            period=each.period,
            k=each.k,
            pack_version=each.pack_version,
            tree_day=each.tree_day,
            root=each.root_id,
            synthetic=each.is_synthetic,
            sources=each.sources,
        )
        for each in found
    ]


def released_before(period: int, from_answers: bool, using: str) -> list[ReleasedCell]:
    """All cells of a school year that count today, of answers or of registers.

    For the back office, which makes the next release.
    """
    with connections[using].cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT ON (unit_id, indicator) {CELL} FROM assess_cell"
            " WHERE period = %s AND from_answers = %s"
            " ORDER BY unit_id, indicator, release_id DESC",
            [period, from_answers],
        )
        return [_cell(row) for row in cursor.fetchall()]


def national_variances(survey: str, using: str) -> Mapping[str, Any]:
    """The variance components of a survey by construct, as the newest national release had them.

    Empty when there was none. For the back office.
    """
    found = Release.objects.using(using).filter(depth=0, variances__has_key=survey)
    newest = found.order_by("-period", "-id").values_list("variances", flat=True).first()
    return newest[survey] if newest else {}


def _cell(row: tuple[Any, ...]) -> ReleasedCell:
    unit, indicator, version, period, status, *rest = row
    return ReleasedCell(unit, indicator, version, period, Status(status), *rest)
