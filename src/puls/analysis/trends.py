"""The same indicator of the same unit over time: which changes are real, and what breaks the line.

Year-to-year changes of single schools are mostly noise. A change is marked on the same evidence as
every mark (`puls.analysis.evidence`), after it has been shrunk towards the country's change by what
is known about how much units change at all:

    change[i] = mu + u[i] + sampling error,     u ~ N(0, tau2)        (`puls.analysis.shrinkage`)

The two years' answers count as independent. That people answer twice is not known, answers being
anonymous; where they do, a change is surer than told here, never less sure.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np

from puls.analysis import shrinkage
from puls.analysis.evidence import LEAST_UNITS, SMALLEST, interval, mark
from puls.cells import Mark, ReleasedCell, Status
from puls.units import UnitTree


class Kind(StrEnum):
    """What a reader of a line must know about a place on it."""

    NEW_VERSION = "new_version"
    """Asked or defined in another way from this period on: the line is broken before it."""
    SPLIT = "split"
    """The unit has part of what another one was: the line is broken before it."""
    MERGER = "merger"
    """Several units became this one: periods before it tell of all of them together."""
    NOT_COMPARABLE = "not_comparable"
    """The source's figures of this period cannot be carried to today's borders."""
    PROVISIONAL = "provisional"
    """The source may still revise the figure of this period."""


BREAKS = frozenset({Kind.NEW_VERSION, Kind.SPLIT})


@dataclass(frozen=True, slots=True)
class Note:
    """A mark on a line.

    since: the period it stands at. after: the one before it, where the mark lies between two.
    units: keys of the units that this one was before.
    """

    kind: Kind
    since: int
    after: int | None = None
    units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """One unit's change between two periods, in points of the scale.

    raw: the difference of the two means. estimate, low, high: of the unit's practice, shrunk,
    central 80 %; None with fewer than 30 units to learn from, and then there is no mark.
    """

    unit: str
    before: int
    after: int
    raw: float
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    mark: Mark = Mark.NONE


def notes(cells: Iterable[ReleasedCell], tree: UnitTree) -> list[Note]:
    """What stands on the line of one unit's indicator, by period.

    cells: of one unit and one indicator, at most one a period, in any order; the unit is one of
    the tree's. Borders of a period are those of 31 December in it (`puls.analysis.history`).
    """
    line = sorted(cells, key=lambda cell: cell.period)
    assert len({(cell.unit, cell.indicator) for cell in line}) <= 1, "more than one line"
    assert len({cell.period for cell in line}) == len(line), "two cells of one period"
    found: list[Note] = []
    for number, cell in enumerate(line):
        if number:
            found += _between(line[number - 1], cell, tree)
        if cell.status is Status.NOT_COMPARABLE:
            found.append(Note(Kind.NOT_COMPARABLE, cell.period))
        if cell.provisional:
            found.append(Note(Kind.PROVISIONAL, cell.period))
    return found


def _between(earlier: ReleasedCell, later: ReleasedCell, tree: UnitTree) -> list[Note]:
    place = later.period, earlier.period
    found = [Note(Kind.NEW_VERSION, *place)] if earlier.version != later.version else []
    then, since = date(earlier.period, 12, 31), date(later.period, 12, 31)
    was = tree.origins(later.unit, then)
    became = tree.origins(later.unit, since)
    if any(len(tree.holders(part, since)) > 1 for part in was):
        found.append(Note(Kind.SPLIT, *place, tuple(sorted(was))))
    elif len(was) > len(became):
        found.append(Note(Kind.MERGER, *place, tuple(sorted(was))))
    return found


def comparable(earlier: ReleasedCell, later: ReleasedCell, tree: UnitTree) -> bool:
    """Whether a change between two cells of one line can be told from answers.

    Both must be shown, of one version, within borders that only grew together. Register figures
    have no n and no doubt that is known, so that nothing can be said about their changes.
    """
    both = all(cell.status is Status.SHOWN and cell.n for cell in (earlier, later))
    return both and not any(note.kind in BREAKS for note in _between(earlier, later, tree))


def changes(
    lines: Collection[Sequence[ReleasedCell]],
    periods: tuple[int, int],
    sigma2: tuple[float, float],
    tree: UnitTree,
    smallest: float = SMALLEST,
) -> list[Change]:
    """The changes of one indicator between two periods, for all units of one tier.

    lines: each unit's cells. periods: the earlier and the later. sigma2: variance between the
    respondents of one unit, square points, national, in either. smallest: the smallest relevant
    change in points; the pack sets it.

    One change for each unit whose two cells are comparable, in the order of lines: no ranking.
    """
    pairs = []
    for line in lines:
        by_period = {cell.period: cell for cell in line}
        if all(period in by_period for period in periods):
            earlier, later = (by_period[period] for period in periods)
            if comparable(earlier, later, tree):
                pairs.append((earlier, later))
    return _marked([_difference(*pair, sigma2) for pair in pairs], periods, smallest)


def _difference(
    earlier: ReleasedCell, later: ReleasedCell, sigma2: tuple[float, float]
) -> tuple[str, float, float]:
    """Unit, raw change and its sampling variance."""
    assert earlier.value is not None, f"{earlier} is shown without a value"
    assert later.value is not None, f"{later} is shown without a value"
    assert earlier.n, f"{earlier} is shown without answers"
    assert later.n, f"{later} is shown without answers"
    variance = sigma2[0] / earlier.n + sigma2[1] / later.n
    return later.unit, later.value - earlier.value, variance


def _marked(
    differences: list[tuple[str, float, float]], periods: tuple[int, int], smallest: float
) -> list[Change]:
    if len(differences) < LEAST_UNITS:
        return [Change(unit, *periods, raw) for unit, raw, _ in differences]
    raw = np.array([difference for _, difference, _ in differences])
    v = np.array([variance for *_, variance in differences])
    country = np.ones((len(raw), 1))
    means, spreads = shrinkage.value(shrinkage.shared(raw, country, v), raw, country, v)
    return [
        Change(
            unit,
            *periods,
            difference,
            float(mean),
            *interval(float(mean), float(spread)),
            mark(float(mean), float(spread), smallest),
        )
        for (unit, difference, _), mean, spread in zip(differences, means, spreads, strict=True)
    ]
