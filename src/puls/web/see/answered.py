"""What students and parents answered, area by area: read beside the rubrics of the same area."""

from dataclasses import dataclass

from puls.content.definitions import Pack, SurveySource
from puls.views.tables import TableCell
from puls.web.see import pages, queries
from puls.web.see.over_time import trend_address
from puls.web.tenants.access import Reach


@dataclass(frozen=True, slots=True)
class Answer:
    """One thing that was asked, and how it stands. href: it over time."""

    name: str
    cell: TableCell
    href: str


@dataclass(frozen=True, slots=True)
class Answered:
    """Of one unit in one school year. by_area: keys of quality areas. sprite: its symbols."""

    unit_name: str
    period_label: str
    by_area: dict[str, list[Answer]]
    sprite: str


def answered(reach: Reach, pack: Pack, language: str) -> Answered | None:
    """What was answered at the reader's own unit, in its newest school year; None before any."""
    every = queries.periods(reach.unit, pack)
    if not every:
        return None
    seen = queries.seen(reach, reach.unit, every[0])
    table = pages.own_row(seen, pack, language)[0]
    found: dict[str, list[Answer]] = {}
    for column, cell in zip(table.columns, table.rows[0].cells, strict=True):
        indicator = pack.indicators[column.key]
        if isinstance(indicator.source, SurveySource):
            href = trend_address(reach.unit, column.key)
            found.setdefault(indicator.area, []).append(Answer(column.name, cell, href))
    name = queries.unit_name(seen.family.unit, pack, language)
    return Answered(name, table.period_label, found, table.sprite)
