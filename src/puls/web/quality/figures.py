"""What stands beside a school's own words and is not written by hand: released cells, spreads."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from puls import periods
from puls.content.definitions import Pack
from puls.content.order import in_order
from puls.views.charts import drawing
from puls.views.charts.rubric_profile import Placements, rubric_profile
from puls.views.charts.words import words
from puls.views.colour_table import colour_table
from puls.views.tables import Column, Kind, RowUnit, TableCell
from puls.web.assess import queries as assess
from puls.web.quality.models import Kind as SubjectKind
from puls.web.quality.models import Source
from puls.web.quality.queries import Told
from puls.web.quality.subjects import Subject
from puls.web.tenants.models import Unit
from puls.web.tenants.names import unit_name


@dataclass(frozen=True, slots=True)
class Figures:
    """Cells of a subject's area, as one release left them. sprite: the symbols they use."""

    points: Sequence[tuple[Column, TableCell]]
    sprite: str
    release: int | None


@dataclass(frozen=True, slots=True)
class Profile:
    """The spreads of a rubric over the years as a picture. hidden: when nothing may be told."""

    chart: str
    tables: str
    description: str
    hidden: Sequence[str]


def figures(
    unit: Unit, period: int, subject: Subject, release: int | None, pack: Pack, language: str
) -> Figures:
    """What was released about the subject; of an area or a rubric all that lies in the area.

    release: the figures as that one left them; None for the newest.
    """
    chosen = [
        indicator
        for indicator in in_order(pack)
        if subject.key == indicator.key
        or (subject.kind is not SubjectKind.INDICATOR and subject.area == indicator.area)
    ]
    cells = assess.cells([unit.key], period, release)
    row = RowUnit(unit.key, unit_name(unit, pack, language), Kind.SELF, tier=unit.tier)
    table = colour_table(
        cells,
        [indicator for indicator in chosen if indicator.key in {c.indicator for c in cells}],
        [row],
        pack,
        language,
        period=period,
        marks=assess.marks([unit.key], period, release),
        pooled=assess.pooled([unit.key], period, release),
    )
    points = list(zip(table.columns, table.rows[0].cells, strict=True))
    of = release or next((note.id for note in assess.releases(period)), None)
    return Figures(points, table.sprite, of if points else None)


def profile(
    unit: Unit, rubric: str, told: Sequence[Told], period: int, pack: Pack, language: str
) -> Profile:
    """A rubric's spreads up to a school year. What was answered on its area stands beside it."""
    until = [each for each in told if each.period <= period]
    rounds = [Placements(label(each), each.counts) for each in until if each.counts]
    drawn = rubric_profile(
        pack.rubrics[rubric],
        rounds,
        pack,
        language,
        words(pack, language),
        unit_name=unit_name(unit, pack, language),
        k=pack.thresholds.signed_in,
    )
    hidden = [label(each) for each in until if each.counts is None]
    if not rounds:
        return Profile("", "", "", hidden)
    return Profile(
        drawing.page(drawn, f"kjennetegn-{rubric}"),
        drawing.tables(drawn),
        drawn.description,
        hidden,
    )


def label(told: Told) -> str:
    """When, and where people were asked: "2025–26", or "2025–26, meeting"."""
    year = periods.label(told.period)
    return _("%(year)s, meeting") % {"year": year} if told.source == Source.MEETING else year
