"""The front page's parts: what stands out, how the quality areas stand, where to begin.

Nothing is clear without a colour or a mark, nothing is ordered by value, and indicators are never
averaged: an area is told by how many of its indicators stand on which level.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from puls.cells import Against, Status
from puls.content.definitions import Pack
from puls.views.highlights import Point, highlights
from puls.views.tables import ColourTable, Row, TableCell


@dataclass(frozen=True, slots=True)
class Standout:
    """A cell that stands out, and why in one sentence."""

    point: Point
    why: str


@dataclass(frozen=True, slots=True)
class StandsOut:
    """The cells of a row that stand out; each once, where it stands first.

    changed: a clear change. unexpected: clearly other than what units with the same prerequisites
    have. strong, weak: surely the highest or the lowest level.
    """

    changed: tuple[Standout, ...]
    unexpected: tuple[Standout, ...]
    strong: tuple[Standout, ...]
    weak: tuple[Standout, ...]


def stands_out(table: ColourTable, row: Row, told: Mapping[tuple[str, Against], str]) -> StandsOut:
    """What a team may begin with, in the order of the columns.

    table: drawn with reasons. told: the sentence of each mark, by indicator and kind.
    """
    found = highlights(table, row)
    points = _points(table, row)
    changed = [p for p in points if _marked(p.cell, Against.CHANGE)]
    given = [p for p in points if p not in changed and _marked(p.cell, Against.GIVEN)]
    said = [*changed, *given]

    def by_mark(which: Sequence[Point], against: Against) -> tuple[Standout, ...]:
        return tuple(Standout(p, told[p.cell.indicator, against]) for p in which)

    def by_level(which: Sequence[Point]) -> tuple[Standout, ...]:
        return tuple(Standout(p, p.cell.reason) for p in which if p not in said)

    return StandsOut(
        changed=by_mark(changed, Against.CHANGE),
        unexpected=by_mark(given, Against.GIVEN),
        strong=by_level(found.strong),
        weak=by_level(found.weak),
    )


def _points(table: ColourTable, row: Row) -> list[Point]:
    return [Point(column, cell) for column, cell in zip(table.columns, row.cells, strict=True)]


def _marked(cell: TableCell, against: Against) -> bool:
    sign = cell.sign(against)
    return sign is not None and bool(sign.mark)


@dataclass(frozen=True, slots=True)
class Count:
    """The indicators of an area that look alike: on one level, uncertain, or hidden."""

    look: str
    symbol: str
    word: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Area:
    """One quality area of one unit.

    counts: highest level first, then uncertain, then hidden; what no indicator is, is left out.
    plain: numbers that nobody has set cut points for. Indicators without any number are not told.
    """

    key: str
    name: str
    counts: tuple[Count, ...]
    plain: int

    @property
    def is_silent(self) -> bool:
        """Nothing at all is known here."""
        return not self.counts and not self.plain

    def is_thin(self, pack: Pack) -> bool:
        """So little is known here that a year could say more, see `says_more`."""
        return _told(self) * 3 < sum(each.area == self.key for each in pack.indicators.values())


def areas(
    table: ColourTable, row: Row, keys: Sequence[str], pack: Pack, language: str
) -> list[Area]:
    """The quality areas of a unit, in the order of `keys`."""
    points = _points(table, row)
    return [
        _area(
            key,
            pack.text(language, f"area.{key}.name"),
            [p for p in points if pack.indicators[p.column.key].area == key],
        )
        for key in keys
    ]


def says_more(before: Area, now: Area) -> bool:
    """An earlier year tells an area's state, and the newest nearly nothing: under a third of it.

    By what stands on levels, certain or not; where no level is in either, by the other numbers.
    """
    then, today = _told(before), _told(now)
    if then or today:
        return today * 3 < then
    return now.plain * 3 < before.plain


def _told(area: Area) -> int:
    return sum(len(each.points) for each in area.counts if each.look != "hidden")


def _area(key: str, name: str, points: Sequence[Point]) -> Area:
    alike: dict[tuple[int, float, str, str], list[Point]] = {}
    plain = 0
    for point in points:
        cell = point.cell
        if cell.look == "plain":
            plain += 1
        elif cell.status is Status.SHOWN or cell.look == "hidden":
            alike.setdefault(_place(cell), []).append(point)
    counts = [
        Count(look, found[0].cell.symbol, found[0].cell.word, tuple(found))
        for (_, _, look, _), found in sorted(alike.items(), key=lambda each: each[0])
    ]
    return Area(key, name, tuple(counts), plain)


def _place(cell: TableCell) -> tuple[int, float, str, str]:
    """Levels from the highest, then what is uncertain, then what is hidden."""
    kind = 2 if cell.status is not Status.SHOWN else 1 if cell.level is None else 0
    share = -cell.level / cell.levels if cell.level is not None else 0.0
    return kind, share, cell.look, cell.word


class Step(StrEnum):
    """Something useful that an administration can do on its first day."""

    TALK = "talk"
    """Read a rubric together: needs nothing but the team."""
    LOOK = "look"
    """What the registers say of the municipality, the county or the country."""
    PEOPLE = "people"
    """Give others access."""
    PLACES = "places"
    """Add the schools, or the school's departments."""
    ASK = "ask"
    """Ask for the first time, or read in what was asked elsewhere."""
    ADMINISTRATIONS = "administrations"
    """Give the first municipality its place."""
    FIGURES = "figures"
    """Read register figures in and release them."""


STEPS: Mapping[str, tuple[Step, ...]] = {
    "teacher": (Step.TALK, Step.LOOK),
    "leader": (Step.TALK, Step.LOOK, Step.PLACES, Step.PEOPLE, Step.ASK),
    "owner": (Step.LOOK, Step.TALK, Step.PLACES, Step.PEOPLE, Step.ASK),
    "county": (Step.LOOK, Step.TALK, Step.PEOPLE),
    "national": (Step.FIGURES, Step.ADMINISTRATIONS, Step.PEOPLE, Step.TALK),
}
"""By role, in this order: what can be done at once and alone comes first."""


@dataclass(frozen=True, slots=True)
class FirstDay:
    """What is there already.

    numbers: something has been released that the reader sees, about the unit or one above it.
    people: how many have access beside the reader. places: how many units lie right below.
    """

    numbers: bool
    people: int
    places: int


def first_steps(role: str, day: FirstDay) -> list[tuple[Step, bool]]:
    """What to do first, and whether it is done. There is nothing to look at before figures are."""
    done = {Step.PEOPLE: day.people > 0, Step.PLACES: day.places > 0, Step.FIGURES: day.numbers}
    return [
        (step, done.get(step, False))
        for step in STEPS[role]
        if step is not Step.LOOK or day.numbers
    ]
