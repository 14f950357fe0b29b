"""The same indicator of the same unit over time: which changes are real, and what breaks the line.

Year-to-year changes of single schools are mostly noise. A change is marked on the same evidence as
every mark (`puls.analysis.evidence`), after it has been shrunk towards the country's change by what
is known about how much units change at all:

    change[i] = mu + u[i] + sampling error,     u ~ N(0, tau2)        (`puls.analysis.shrinkage`)

The two years' answers count as independent. That people answer twice is not known, answers being
anonymous; where they do, a change is surer than told here, never less sure.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np

from puls.analysis import shrinkage
from puls.analysis.evidence import LEAST_UNITS, SMALLEST, interval, mark
from puls.analysis.regression import Floats
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
    GROWN = "grown"
    """The unit took in others: periods before it tell of it alone, and the line is broken."""
    NOT_COMPARABLE = "not_comparable"
    """The source's figures of this period cannot be carried to today's borders."""
    PROVISIONAL = "provisional"
    """The source may still revise the figure of this period."""


BREAKS = frozenset({Kind.NEW_VERSION, Kind.SPLIT, Kind.GROWN})

Days = Mapping[int, date]
"""By period, the day whose units its cells speak of: what came together later was told apart."""


@dataclass(frozen=True, slots=True)
class Note:
    """A mark on a line.

    since: the period it stands at. after: the one before it, where the mark lies between two.
    units: keys of the units that this one was before; of GROWN those that it took in.
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


def notes(cells: Iterable[ReleasedCell], tree: UnitTree, days: Days | None = None) -> list[Note]:
    """What stands on the line of one unit's indicator, by period.

    cells: of one unit and one indicator, at most one a period, in any order (else AssertionError);
    the unit is one of the tree's. days: as for `Borders`.
    """
    borders = Borders(tree, days)
    line = sorted(cells, key=lambda cell: cell.period)
    assert len({(cell.unit, cell.indicator) for cell in line}) <= 1, "more than one line"
    assert len({cell.period for cell in line}) == len(line), "two cells of one period"
    found: list[Note] = []
    for number, cell in enumerate(line):
        if number:
            found += _border_notes(line[number - 1], cell, borders)
        if cell.status is Status.NOT_COMPARABLE:
            found.append(Note(Kind.NOT_COMPARABLE, cell.period))
        if cell.provisional:
            found.append(Note(Kind.PROVISIONAL, cell.period))
    return found


def _border_notes(earlier: ReleasedCell, later: ReleasedCell, borders: "Borders") -> list[Note]:
    place = later.period, earlier.period
    found = [Note(Kind.NEW_VERSION, *place)] if earlier.version != later.version else []
    kind, was = borders.between(later.unit, earlier.period, later.period)
    return [*found, Note(kind, *place, tuple(sorted(was)))] if kind else found


class Borders:
    """What may be compared on a tree. A unit's borders are looked up once for all indicators.

    days: of which borders each period's cells are. A merger before that day is in them: its parts
    are told together. One after it is not, whatever the unit is called. Where nothing is known it
    is 31 December in the period, as in registers (`puls.analysis.history`).
    """

    def __init__(self, tree: UnitTree, days: Days | None = None) -> None:
        self.tree, self._days = tree, days or {}
        self._known: dict[tuple[str, int, int], tuple[Kind | None, frozenset[str]]] = {}

    def comparable(self, earlier: ReleasedCell, later: ReleasedCell) -> bool:
        """Whether a change between two cells of one line can be told from answers.

        Both must be shown, of one version, and count the same units. Register figures have no n
        and no doubt that is known, so that nothing can be said about their changes.
        """
        if earlier.version != later.version or not (earlier.n and later.n):
            return False
        both = earlier.status is Status.SHOWN and later.status is Status.SHOWN
        return both and self.between(later.unit, earlier.period, later.period)[0] not in BREAKS

    def between(self, unit: str, earlier: int, later: int) -> tuple[Kind | None, frozenset[str]]:
        """How a unit's borders changed between two periods, and the units it was, or took in."""
        place = unit, earlier, later
        if place not in self._known:
            self._known[place] = self._between(*place)
        return self._known[place]

    def _between(self, unit: str, earlier: int, later: int) -> tuple[Kind | None, frozenset[str]]:
        """A SPLIT is judged by 31 December, GROWN by `days`.

        So a split between the first release and 31 December breaks a line though both cells count
        the new borders: the safe side.
        """
        then, since = date(earlier, 12, 31), date(later, 12, 31)
        was = self.tree.origins(unit, then)
        if any(len(self.tree.holders(part, since)) > 1 for part in was):
            return Kind.SPLIT, was
        told, now = self._days.get(earlier, then), self._days.get(later, since)
        apart = self.tree.origins(unit, told) - self.tree.origins(unit, now)
        if apart and self.tree[unit].valid_on(told):
            return Kind.GROWN, apart
        return (Kind.MERGER if len(was) > len(self.tree.origins(unit, since)) else None), was


def comparable(
    earlier: ReleasedCell, later: ReleasedCell, tree: UnitTree, days: Days | None = None
) -> bool:
    """Whether a change between two cells of one line can be told, as `Borders.comparable` says."""
    return Borders(tree, days).comparable(earlier, later)


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
    change in points; the pack sets it. Borders of a period are those of 31 December in it.

    AssertionError unless one period is before the other.

    One change for each unit whose two cells are comparable, in the order of lines: no ranking.
    """
    assert periods[0] < periods[1], f"no change from {periods[0]} to {periods[1]}"
    borders, pairs = Borders(tree), []
    for line in lines:
        by_period = {cell.period: cell for cell in line}
        if all(period in by_period for period in periods):
            earlier, later = (by_period[period] for period in periods)
            if borders.comparable(earlier, later):
                pairs.append((earlier, later))
    shared = learnt(pairs, sigma2)
    if shared is None:
        raw = _differences(pairs, sigma2)[0].tolist()
        return [
            Change(later.unit, *periods, difference)
            for (_, later), difference in zip(pairs, raw, strict=True)
        ]
    return told(pairs, sigma2, shared, smallest)


Pairs = Sequence[tuple[ReleasedCell, ReleasedCell]]
"""Comparable cells, the earlier and the later, of one indicator, tier and pair of periods."""


def learnt(pairs: Pairs, sigma2: tuple[float, float]) -> shrinkage.Shared | None:
    """How much the units of a tier change at all; None with fewer than 30 of them.

    sigma2: as in `changes`; AssertionError for a pair without value or answers. Its one coefficient
    is the country's change in points; tau2 in square points. Source: Fay & Herriot (1979), as in
    `puls.analysis.shrinkage`, of a difference.
    """
    if len(pairs) < LEAST_UNITS:
        return None
    raw, v = _differences(pairs, sigma2)
    return shrinkage.shared(raw, np.ones((len(raw), 1)), v)


def told(
    pairs: Pairs, sigma2: tuple[float, float], shared: shrinkage.Shared, smallest: float = SMALLEST
) -> list[Change]:
    """The changes of some of the units that `shared` was learnt from, in the order of pairs.

    All with an estimate, in points. sigma2, smallest: as in `changes`; errors as for `learnt`.
    """
    raw, v = _differences(pairs, sigma2)
    means, spreads = shrinkage.value(shared, raw, np.ones((len(raw), 1)), v)
    return [
        Change(
            later.unit,
            earlier.period,
            later.period,
            difference,
            mean,
            *interval(mean, spread),
            mark(mean, spread, smallest),
        )
        for (earlier, later), difference, mean, spread in zip(
            pairs, raw.tolist(), means.tolist(), spreads.tolist(), strict=True
        )
    ]


def _differences(pairs: Pairs, sigma2: tuple[float, float]) -> tuple[Floats, Floats]:
    """Raw changes and their sampling variances."""
    rows = [(before.value, before.n, now.value, now.n) for before, now in pairs]
    before, n_before, now, n_now = np.array(rows, dtype=np.float64).reshape(-1, 4).T
    assert np.isfinite(before + now).all(), "a shown cell has no value"
    assert (np.minimum(n_before, n_now) > 0).all(), "a shown cell has no answers"
    return now - before, sigma2[0] / n_before + sigma2[1] / n_now
