"""What a step rests on, as a page shows it: frozen values, rubrics, pages to look at.

A frozen value is read again as its release left it. So whoever may not see the cell sees nothing of
it here either, and it never changes.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from puls import periods
from puls.content.definitions import Pack
from puls.views import numbers
from puls.views.colour_table import colour_table
from puls.views.tables import Kind, RowUnit, TableCell
from puls.web.assess import gates
from puls.web.assess import queries as assess
from puls.web.improve.ties import Tie, TieKind
from puls.web.tenants.access import Reach
from puls.web.tenants.models import Unit
from puls.web.tenants.names import unit_name


@dataclass(frozen=True, slots=True)
class Chip:
    """An indicator as a release had it.

    cell: ready to be drawn, with its reason. short: the name where there is little room.
    unit: its name. period: "2025–26".
    frozen_on: the day of that release, in words. href: the colour table as it was then.
    is_older: there is a newer release of the school year.
    """

    tie: Tie
    cell: TableCell
    name: str
    short: str
    unit: str
    period: str
    frozen_on: str
    href: str
    is_older: bool


@dataclass(frozen=True, slots=True)
class RubricTie:
    """A rubric, and the level that the team is on with its words, where it has said so."""

    tie: Tie
    number: str
    title: str
    level: str
    told: str


@dataclass(frozen=True, slots=True)
class ViewTie:
    """A page to look at."""

    tie: Tie
    name: str
    href: str


@dataclass(frozen=True, slots=True)
class Grounds:
    """All that a step rests on."""

    chips: tuple[Chip, ...] = ()
    rubrics: tuple[RubricTie, ...] = ()
    views: tuple[ViewTie, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.chips or self.rubrics or self.views)

    @property
    def levels(self) -> set[int]:
        """The numbers of levels for which a page needs symbols."""
        return {chip.cell.levels for chip in self.chips} - {0}

    @property
    def frozen_on(self) -> str:
        """The day that all chips were frozen on, or "" where there are several, or none."""
        days = {chip.frozen_on for chip in self.chips}
        return days.pop() if len(days) == 1 else ""


def grounds(
    of_each: Sequence[Sequence[Tie]], reach: Reach, content: Pack, language: str
) -> list[Grounds]:
    """What these lists of ties are, for this reader, read in one go. What the pack no longer knows
    is left out, and what the reader may not see."""
    drawn = chips([tie for ties in of_each for tie in ties], reach, content, language)
    by_tie = {chip.tie: chip for chip in drawn}
    return [
        Grounds(
            tuple(by_tie[tie] for tie in ties if tie in by_tie),
            tuple(_rubric(tie, content, language) for tie in ties if tie.rubric in content.rubrics),
            tuple(ViewTie(tie, tie.name, tie.address) for tie in ties if tie.kind is TieKind.VIEW),
        )
        for ties in of_each
    ]


def chips(ties: Iterable[Tie], reach: Reach, content: Pack, language: str) -> list[Chip]:
    """The indicators among these ties that the reader may see, in their order."""
    asked = [
        tie
        for tie in dict.fromkeys(ties)
        if tie.kind is TieKind.INDICATOR and tie.indicator in content.indicators
    ]
    places = {unit.key: unit for unit in Unit.objects.filter(key__in={tie.unit for tie in asked})}
    asked = [tie for tie in asked if tie.unit in places]
    drawn: dict[Tie, Chip] = {}
    for period, release in dict.fromkeys((tie.period, tie.release) for tie in asked):
        of_one = [tie for tie in asked if (tie.period, tie.release) == (period, release)]
        found = _of_release(of_one, places, reach, content, language)
        drawn |= {chip.tie: chip for chip in found}
    return [drawn[tie] for tie in asked]


def _of_release(
    ties: Sequence[Tie], places: Mapping[str, Unit], reach: Reach, content: Pack, language: str
) -> Iterator[Chip]:
    """Chips of one school year as one release left it."""
    period, release = ties[0].period, ties[0].release
    keys = list(dict.fromkeys(tie.unit for tie in ties))
    gates.received(reach, keys, period)
    names = {key: unit_name(places[key], content, language) for key in keys}
    every = assess.releases(period)
    notes = [note for note in every if note.id <= release]
    table = colour_table(
        assess.cells(keys, period, release),
        [content.indicators[key] for key in dict.fromkeys(tie.indicator for tie in ties)],
        [RowUnit(key, names[key], Kind.CHILD, tier=places[key].tier) for key in keys],
        content,
        language,
        period=period,
        with_reasons=True,
        k=max((note.k for note in notes), default=content.thresholds.signed_in),
        unit_names=names,
        pooled=assess.pooled(keys, period, release),
    )
    day = timezone.localtime(notes[0].made_at).date() if notes else None
    for tie in ties:
        cell = table.cell(tie.unit, tie.indicator)
        assert cell is not None
        query = urlencode({"celle": f"{tie.unit}.{tie.indicator}", "per": release})
        where = reverse("see:unit", args=[tie.unit, periods.slug(period)])
        yield Chip(
            tie=tie,
            cell=cell,
            name=content.text(language, f"indicator.{tie.indicator}.name"),
            short=content.text(language, f"indicator.{tie.indicator}.short"),
            unit=names[tie.unit],
            period=periods.label(period),
            frozen_on=numbers.day(day, language) if day else "",
            href=f"{where}?{query}#forklaring",
            is_older=any(note.id > release for note in every),
        )


def _rubric(tie: Tie, content: Pack, language: str) -> RubricTie:
    def text(key: str) -> str:
        return content.text(language, key)

    level = tie.rubric_level
    return RubricTie(
        tie,
        content.rubrics[tie.rubric].number,
        text(f"rubric.{tie.rubric}.title"),
        text(f"rubric_level.{level}.word") if level else "",
        text(f"rubric.{tie.rubric}.level_{level}") if level else "",
    )
