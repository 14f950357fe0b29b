"""The one door: what pages, exports and e-mails read about indicators.

Called within a reach (`tenants.access.as_reach`): the database gives only the rows in it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connections
from django.db.models import JSONField, QuerySet
from django.db.models.expressions import RawSQL

from puls.cells import Against, Mark, ReleasedCell, ReleasedMark, Status
from puls.web.assess.models import Cell, Release

CELL = (
    "unit_id, indicator, version, period, status, value, n, low, high, level_low, level_high,"
    " note, provisional, of_unit, judged_by, part, years, correction, public"
)
WHOLE = "part = '' AND years = 1"
"""Everybody in one year: what a unit's own cell counts."""
NEWEST = "(from_answers AND status = 'shown') DESC, correction DESC, release_id DESC"
"""Answers: as corrected last; a correction that could not be shown leaves what was shown before."""
MARK = "unit_id, indicator, period, against, expected, estimate, low, high, mark, since"


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
    """The units' cells of a school year, by unit and indicator: the newest of each.

    as_of: the id of a release; what came after it is left out.
    """
    return _newest("unit_id, indicator", WHOLE, _of(units, period), as_of, using)


def first_released(
    units: Sequence[str], period: int, as_of: int | None = None
) -> list[ReleasedCell]:
    """What units showed of a school year's answers before any correction, by unit and indicator."""
    only = f"{WHOLE} AND from_answers AND correction = 0 AND status = 'shown'"
    return _newest("unit_id, indicator", only, _of(units, period), as_of, "default")


def pooled(
    units: Sequence[str], period: int, as_of: int | None = None, using: str = "default"
) -> list[ReleasedCell]:
    """The units' cells of several school years together, of which `period` is the last."""
    only = "part = '' AND years > 1"
    return _newest("unit_id, years, indicator", only, _of(units, period), as_of, using)


def parts(
    unit: str, indicator: str, period: int, as_of: int | None = None, using: str = "default"
) -> list[ReleasedCell]:
    """The cells of a unit's parts ("sex.girl"), by part."""
    one = {**_of([unit], period), "indicator = %s": indicator}
    return _newest("unit_id, part, indicator", "part <> '' AND years = 1", one, as_of, using)


def marks(units: Sequence[str], period: int, as_of: int | None = None) -> list[ReleasedMark]:
    """The units' marks of a school year, as the newest national release has them."""
    newest = _national(period, as_of, "default").values_list("id", flat=True).first()
    with connections["default"].cursor() as cursor:
        cursor.execute(
            f"SELECT {MARK} FROM assess_mark"
            " WHERE unit_id = ANY(%s) AND period = %s AND release_id = %s"
            " ORDER BY unit_id, indicator, against",
            [list(units), period, newest],
        )
        return [_mark(row) for row in cursor.fetchall()]


def findings(period: int, as_of: int | None = None, using: str = "default") -> Mapping[str, Any]:
    """What the newest national release of a school year found: fits, associations, reliability.

    Empty when there is none. The marks rest on the fits.
    """
    return _national(period, as_of, using).values_list("findings", flat=True).first() or {}


def similar(
    unit: str, period: int, as_of: int | None = None, using: str = "default"
) -> Mapping[str, Any] | None:
    """The group of similar administrations that a unit is in, as the newest national release of a
    school year found it: `puls.analysis.similar.Group` as JSON. None where there is none."""
    wanted = "jsonb_path_query_first(findings, '$.similar[*] ? (@.units[*] == $unit)', %s)"
    group = RawSQL(wanted, [json.dumps({"unit": unit})], output_field=JSONField())
    return (
        _national(period, as_of, using)
        .annotate(group=group)
        .values_list("group", flat=True)
        .first()
    )


def periods(using: str = "default") -> list[int]:
    """The school years that anything was released for, newest first."""
    found = Release.objects.using(using).order_by("-period").values_list("period", flat=True)
    return list(found.distinct())


def tree_days(using: str = "default") -> dict[int, date]:
    """By school year, the day whose units its releases speak of; all of a year have the same."""
    found = Release.objects.using(using).values_list("period", "tree_day")
    return dict(found.distinct())


def periods_of(unit: str, indicators: Sequence[str]) -> list[int]:
    """The school years in which something is known of one of the indicators, newest first."""
    about = Cell.objects.filter(unit=unit, part="", years=1, indicator__in=indicators)
    found = about.exclude(status=Status.NO_DATA).values_list("period", flat=True)
    return list(found.order_by("-period").distinct())


def releases(period: int) -> list[ReleaseNote]:
    """The releases of a school year, newest first."""
    found = Release.objects.filter(period=period).order_by("-id")
    found = found.defer("findings", "variances")
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
    """All cells of units in a school year: of answers as first released, of registers the newest.

    For the back office, which makes the next release.
    """
    about = {"period = %s": period, "from_answers = %s": from_answers, "correction = %s": 0}
    return _newest("unit_id, indicator", WHOLE, about, None, using)


def told_of_response(survey: str, years: Sequence[int], using: str) -> dict[str, set[int]]:
    """By construct, the school years of which it was ever told who answered what.

    For the back office: what was told of single items, or of how many were asked.
    """
    made = Release.objects.using(using).filter(depth=0, period__in=list(years))
    found: dict[str, set[int]] = {}
    for period, findings in made.exclude(findings={}).values_list("period", "findings"):
        for each in findings.get("reliability", {}).get(survey, []):
            if each["asked"] is not None or any(item["n"] is not None for item in each["items"]):
                found.setdefault(each["construct"], set()).add(period)
    return found


def shown_until(period: int, figures: Sequence[str], oldest: int, using: str) -> list[ReleasedCell]:
    """What units show of answers in this school year and all before it; for the back office.

    figures: keys of register indicators to give too, from the school year `oldest` on.
    """
    newest = (
        f"SELECT DISTINCT ON (unit_id, period, indicator) {CELL} FROM assess_cell"
        f" WHERE period <= %s AND {WHOLE}"
        " AND (from_answers OR indicator = ANY(%s) AND period >= %s)"
        f" ORDER BY unit_id, period, indicator, {NEWEST}"
    )
    with connections[using].cursor() as cursor:
        asked: list[Any] = [period, list(figures), oldest]
        cursor.execute(f"SELECT * FROM ({newest}) c WHERE status = 'shown'", asked)
        return [cell_of(row) for row in cursor.fetchall()]


def variances_until(period: int, using: str) -> dict[int, dict[str, Any]]:
    """By school year and survey, the variance components that national releases had, the newest.

    For the back office.
    """
    found: dict[int, dict[str, Any]] = {}
    about = Release.objects.using(using).filter(depth=0, period__lte=period).exclude(variances={})
    for year, each in about.order_by("id").values_list("period", "variances"):
        found.setdefault(year, {}).update(each)
    return found


def national_variances(survey: str, using: str) -> Mapping[str, Any]:
    """The variance components of a survey by construct, as the newest national release had them.

    Empty when there was none. For the back office.
    """
    found = Release.objects.using(using).filter(depth=0, variances__has_key=survey)
    newest = found.order_by("-period", "-id").values_list("variances", flat=True).first()
    return newest[survey] if newest else {}


def _of(units: Sequence[str], period: int) -> dict[str, Any]:
    return {"unit_id = ANY(%s)": list(units), "period = %s": period}


def _newest(
    of_each: str, only: str, asked: Mapping[str, Any], as_of: int | None, using: str
) -> list[ReleasedCell]:
    """The newest cell of each, in this order, among those that fulfil all conditions.

    of_each: what tells cells apart, as columns. asked: conditions with their values.
    """
    upto = {} if as_of is None else {"release_id <= %s": as_of}
    conditions = {**asked, **upto}
    with connections[using].cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT ON ({of_each}) {CELL} FROM assess_cell"
            f" WHERE {' AND '.join([*conditions, only])} ORDER BY {of_each}, {NEWEST}",
            list(conditions.values()),
        )
        return [cell_of(row) for row in cursor.fetchall()]


def _national(period: int, as_of: int | None, using: str) -> QuerySet[Release]:
    """The national releases of a school year that looked for findings, newest first."""
    found = Release.objects.using(using).filter(period=period, depth=0).exclude(findings={})
    if as_of is not None:
        found = found.filter(id__lte=as_of)
    return found.order_by("-id")


def cell_of(row: tuple[Any, ...]) -> ReleasedCell:
    unit, indicator, version, period, status, *rest = row
    return ReleasedCell(unit, indicator, version, period, Status(status), *rest)


def _mark(row: tuple[Any, ...]) -> ReleasedMark:
    unit, indicator, period, against, expected, estimate, low, high, mark, since = row
    place = (unit, indicator, period, Against(against))
    return ReleasedMark(*place, expected, estimate, low, high, Mark(mark), since)
