"""What is out of the same answers, whatever their indicators were called: for the back office.

Who makes the next release looks back by what was measured (`puls.analysis.measured`). Cells come
under the names of today. Called on the whole tree.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from django.db import connections

from puls.analysis.measured import Measured, as_called_now
from puls.cells import ReleasedCell, Status
from puls.web.assess.models import Cell, Release
from puls.web.assess.queries import CELL, WHOLE, cell_of

Sources: TypeAlias = Mapping[str, Sequence[str]]
"""By key of an indicator of answers, [survey, construct]."""


def decided_before(now: Sources, period: int, using: str) -> list[ReleasedCell]:
    """All units' cells of answers in a school year as first released, under today's names.

    now: what today's indicators measure.
    """
    return _as_called_now(now, f"period = %s AND correction = 0 AND {WHOLE}", [period], using)


def ever_released(
    now: Sources, years: Sequence[int], whole: int, root: str, using: str
) -> list[ReleasedCell]:
    """The cells of these answers that were ever released, corrected ones too, under today's names.

    now: what today's indicators measure, of those to look for. years: the school years to give.
    whole: the one of which hidden cells are given too; of the others only what is shown, and the
    root's.
    """
    of_these = "period = ANY(%s) AND (status = 'shown' OR period = %s OR unit_id = %s)"
    return _as_called_now(now, of_these, [list(years), whole, root], using)


def names_of(survey: str, using: str) -> list[str]:
    """What indicators of a survey's answers were ever called, as far as anybody remembers.

    Names of which nobody remembers what they measured are among them.
    """
    return sorted(
        name
        for then in _remembered(using)
        for name, source in then.items()
        if source is None or source[0] == survey
    )


def other_before(now: Sources, using: str) -> str:
    """A name of today that measured something else in some release, or ""."""
    other = (
        name
        for then in _remembered(using)
        for name, source in now.items()
        if name in then and then[name] != list(source)
    )
    return next(other, "")


def pooled_years(now: Sources, using: str) -> list[tuple[int, int]]:
    """The first and the last year of what is shown of several together.

    now: what today's indicators measure, of those to look for, whatever they were called.
    """
    found = Cell.objects.using(using).filter(
        indicator__in=_names(now, _remembered(using)), years__gt=1, status=Status.SHOWN.value
    )
    rows = found.values_list("period", "years").distinct()
    return sorted((period - years + 1, period) for period, years in rows)


def _as_called_now(
    now: Sources, condition: str, asked: Sequence[Any], using: str
) -> list[ReleasedCell]:
    """The cells of these answers that fulfil a condition, under today's names (`measured`)."""
    remembered = _remembered(using)
    made = [(then, Release.objects.using(using).filter(measured=then)) for then in remembered]
    releases = {pk: then for then, found in made for pk in found.values_list("id", flat=True)}
    with connections[using].cursor() as cursor:
        cursor.execute(
            f"SELECT release_id, {CELL} FROM assess_cell"
            f" WHERE from_answers AND indicator = ANY(%s) AND {condition}"
            " ORDER BY release_id, period, unit_id, indicator, years, part",
            [_names(now, remembered), *asked],
        )
        return [
            cell
            for release, *row in cursor.fetchall()
            for cell in as_called_now(cell_of(tuple(row)), releases[release], now)
        ]


def _remembered(using: str) -> list[Measured]:
    """What releases remember of their indicators, each answer once."""
    return list(Release.objects.using(using).values_list("measured", flat=True).distinct())


def _names(now: Sources, remembered: Sequence[Measured]) -> list[str]:
    """All names, of now and then, under which these answers may be out."""
    sources = [list(source) for source in now.values()]
    then = {
        name
        for each in remembered
        for name, source in each.items()
        if source is None or source in sources
    }
    return sorted(now.keys() | then)
