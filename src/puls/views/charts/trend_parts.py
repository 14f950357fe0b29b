"""What a trend graph is about, before it has a size: lines, notes, flags, and their words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import floor

from puls import periods
from puls.analysis.trends import BREAKS, Kind, Note
from puls.cells import ReleasedCell
from puls.content.definitions import Country, Criteria
from puls.views.charts.reading import Spot

MOST_AHEAD = 3
"""Years after the last number that the day of a goal may add to the picture."""


@dataclass(frozen=True, slots=True)
class Line:
    """One unit's line. cells: one indicator, at most one a period, everybody, one year each."""

    name: str
    cells: tuple[ReleasedCell, ...]


@dataclass(frozen=True, slots=True)
class Flag:
    """Something that was done, such as an action: a dated mark beneath the time line."""

    day: date
    text: str


@dataclass(frozen=True, slots=True)
class GoalLine:
    """A goal. value: in the indicator's unit. since: the school year from which it counts, None
    for all. due: by when, None where nobody said."""

    value: float
    since: int | None = None
    due: date | None = None


@dataclass(frozen=True, slots=True)
class DrawnGoal:
    """A goal ready to be drawn. value: as people read it. name: "mål 4,2 innen 1. juni 2027".
    due: the place of its day on the axis."""

    value: float
    name: str
    since: int | None = None
    due: float | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A line ready to be drawn."""

    name: str
    spots: tuple[Spot, ...]


@dataclass(frozen=True, slots=True)
class Remark:
    """A short note at a place between two periods, or at one.

    at: the place in periods: 2023.5 lies between 2023 and 2024. breaks: the line is broken there.
    merger: several units became one there. criteria: cut points are others from there on.
    """

    at: float
    text: str
    breaks: bool = False
    merger: bool = False
    criteria: bool = False


@dataclass(frozen=True, slots=True)
class Trend:
    """Everything that is drawn. periods: all on the axis, without holes."""

    own: Told
    comparisons: tuple[Told, ...]
    pooled: tuple[Spot, ...]
    remarks: tuple[Remark, ...]
    flags: tuple[tuple[float, Flag], ...]
    periods: tuple[int, ...]
    unit: str
    goal: DrawnGoal | None = None
    scale: tuple[float, float] | None = None
    smallest: float = 0.2

    @property
    def criteria(self) -> Criteria | None:
        """The newest that anything on it was judged by; those of others where nothing was."""
        drawn = [self.own.spots, self.pooled, *(told.spots for told in self.comparisons)]
        return next(
            (s.criteria for spots in drawn for s in reversed(spots) if s.criteria is not None), None
        )

    @property
    def due(self) -> float | None:
        """The place of the goal's day, where it is on the axis."""
        if self.goal is None or self.goal.due is None or not self.periods:
            return None
        first, last = self.periods[0] - 0.5, self.periods[-1] + 0.5
        return self.goal.due if first <= self.goal.due < last else None

    @property
    def newest(self) -> Spot | None:
        """The last spot with a number, or None."""
        return next((spot for spot in reversed(self.own.spots) if spot.value is not None), None)


def place(day: date, country: Country) -> float:
    """A day on the axis of periods: a school year's middle is its number, its ends half beside."""
    month, first = country.school_year_starts
    period = periods.of(day, country.school_year_starts)
    start, end = date(period, month, first), date(period + 1, month, first)
    return period - 0.5 + (day - start).days / (end - start).days


def axis(
    lines: Iterable[Sequence[Spot]],
    pooled: Iterable[Spot],
    flags: Iterable[float],
    due: float | None = None,
) -> tuple[int, ...]:
    """The periods from the first to the last of anything; a flag adds one year after them at most,
    the day of a goal `MOST_AHEAD`.

    What is planned or has just begun belongs to the picture; what lies far off is in the table.
    """
    found = [spot.period for spots in lines for spot in spots]
    found += [year for spot in pooled for year in (spot.first, spot.period)]
    if not found:
        return ()
    last = max(found)
    ahead = int(any(last + 0.5 <= at < last + 1.5 for at in flags))
    if due is not None and last + 0.5 <= due < last + MOST_AHEAD + 0.5:
        ahead = max(ahead, floor(due + 0.5) - last)
    last += ahead
    return tuple(range(min(found), last + 1))


def pooled_drawn(pooled: Iterable[Spot], own: Sequence[Spot]) -> tuple[Spot, ...]:
    """The years together that are drawn: where the last year's own is hidden, the newest first,
    and never two over each other."""
    shown = {spot.period for spot in own if spot.value is not None}
    found: list[Spot] = []
    for spot in sorted(pooled, key=lambda spot: -spot.period):
        free = not found or spot.period < found[-1].first
        if spot.value is not None and spot.period not in shown and free:
            found.append(spot)
    return tuple(reversed(found))


def segments(spots: Sequence[Spot], remarks: Iterable[Remark]) -> list[tuple[Spot, ...]]:
    """The runs of neighbouring shown periods: a line is broken where there is no number, and at
    every remark that breaks it."""
    breaks = [remark.at for remark in remarks if remark.breaks]
    found: list[list[Spot]] = []
    before: Spot | None = None
    for spot in spots:
        if spot.value is None:
            before = None
            continue
        broken = before is None or any(before.period < at < spot.period for at in breaks)
        if before is None or broken or spot.period != before.period + 1:
            found.append([])
        found[-1].append(spot)
        before = spot
    return [tuple(run) for run in found]


def remarks(
    notes: Iterable[Note], own: Sequence[Spot], words: Mapping[str, str]
) -> tuple[Remark, ...]:
    """The short notes of a line: breaks, mergers, and where criteria changed.

    What a note says in full is told by `puls.views.line_notes`.
    """
    found = []
    for note in notes:
        if note.kind not in (*BREAKS, Kind.MERGER):
            continue
        text = words[f"trend.{note.kind}"].format(period=periods.label(note.since))
        merger = note.kind is Kind.MERGER
        found.append(Remark(note.since - 0.5, text, note.kind in BREAKS, merger))
    judged = [spot for spot in own if spot.criteria is not None]
    for before, after in pairwise(judged):
        assert before.criteria is not None, "judged without criteria"
        assert after.criteria is not None, "judged without criteria"
        if before.criteria.cuts != after.criteria.cuts:
            text = words["trend.new_criteria"].format(period=periods.label(after.period))
            found.append(Remark(after.period - 0.5, text, criteria=True))
    return tuple(sorted(found, key=lambda remark: (remark.at, remark.text)))


def hidden(trend: Trend) -> list[tuple[int, int, str]]:
    """The years without a number and why: first and last of neighbours with the same word.

    Within the own line only; years that are drawn together with others are told there.
    """
    covered = {year for spot in trend.pooled for year in range(spot.first, spot.period + 1)}
    found: list[tuple[int, int, str]] = []
    for spot in trend.own.spots:
        if spot.value is not None or spot.period in covered:
            continue
        if found and found[-1][1] == spot.period - 1 and found[-1][2] == spot.word:
            found[-1] = (found[-1][0], spot.period, spot.word)
        else:
            found.append((spot.period, spot.period, spot.word))
    return found


def worth_telling(trend: Trend) -> list[Spot]:
    """The spots whose value is written beside them, the most important first.

    Clear changes, the first, where the level changes, then the highest and the lowest. The last
    has its value in the label at the line's end.
    """
    shown = [spot for spot in trend.own.spots if spot.value is not None]
    if not shown:
        return []
    changed = [
        after
        for before, after in pairwise(shown)
        if before.level is not None and after.level is not None and before.level != after.level
    ]
    ends = []
    if len(shown) > 3:
        ends = [max(shown, key=_value), min(shown, key=_value)]
    wanted = [*(spot for spot in shown if spot.arrow), shown[0], *changed, *ends]
    by_period = {spot.period: spot for spot in wanted}
    return [spot for spot in by_period.values() if spot is not trend.newest]


def _value(spot: Spot) -> float:
    assert spot.value is not None, "a hidden spot has no value"
    return spot.value
