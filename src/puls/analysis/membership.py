"""Which answers every released cell counts, over all years of a survey.

The smallest group that cells tell apart is a leaf's answers of one school year, of one part of a
breakdown, that arrived together. A cell is a set of such groups, and follows from what it is
called: the unit, on the tree of its own year's releases, says which leaves; the part and the years
say which of their groups; the correction says how late an answer may have arrived.

    (karmoy, 2025, "", 1, 0)           karmoy in 2025, as first released
    (karmoy, 2025, "", 1, 3)           the same with what arrived for corrections 1 to 3
    (karmoy, 2025, "sex.girl", 1, 0)   its girls
    (karmoy, 2025, "", 2, 0)           2024 and 2025 together, on the borders of 2025
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray

from puls.analysis import history
from puls.analysis.exposure import DIFFER, Answers, ends60
from puls.analysis.ledger import Cell
from puls.analysis.partition import Group
from puls.analysis.tallies import with_score
from puls.cells import ReleasedCell
from puls.content.definitions import Survey
from puls.units import UnitTree

Ints: TypeAlias = NDArray[np.int64]

UNIT, CORRECTION, POOLED = "unit", "correction", "pooled"
"""Kinds of cells, beside the keys of breakdowns."""

NONE: Ints = np.zeros(0, dtype=np.int64)
KEY = ("period", "leaf", "part", "arrived")
SUMS = ("n", "total60", "min60", "max60")


@dataclass(frozen=True)
class Year:
    """A school year of one survey, as it was asked and counted.

    survey: the version that was asked.
    day: the day whose units the year's releases speak of.
    rounds: for every sealed round when it arrived, and its tally, as `scoring.tally_parts` gave
        it, or `scoring.tally_answers` where nothing is broken down. 0 is in time: the unit cells
        of the year count it. Else the number of the correction that counts it first. Numbers
        rise with time over all years of the survey, and a round's never changes.
    """

    period: int
    survey: Survey
    day: date
    rounds: Sequence[tuple[int, pl.DataFrame]]

    def moments(self) -> pl.DataFrame:
        """leaf, part, arrived, construct, n, total60, min60, max60 of every group.

        Those who did not say which part they belong to have the part "".
        """
        counted = [_counted(arrived, tally) for arrived, tally in self.rounds]
        n, score = pl.col("count"), pl.col("score60")
        return (
            with_score(pl.concat(counted), self.survey)
            .group_by(*KEY[1:], "construct")
            .agg(n=n.sum(), total60=(score * n).sum(), min60=score.min(), max60=score.max())
            .with_columns(period=pl.lit(self.period))
        )


def _counted(arrived: int, tally: pl.DataFrame) -> pl.DataFrame:
    said = pl.col("part") if "part" in tally.columns else pl.lit("")
    part = pl.when(said.str.ends_with(".")).then(pl.lit("")).otherwise(said)
    columns = ("leaf", "construct", "answered", "total", "count")
    return tally.select(*columns, part=part, arrived=pl.lit(arrived))


class Place(NamedTuple):
    """What a cell of answers is called, beside its indicator; as in `ReleasedCell`."""

    unit: str
    period: int
    part: str = ""
    years: int = 1
    correction: int = 0

    @classmethod
    def of(cls, cell: ReleasedCell) -> "Place":
        """What a released cell is called."""
        return cls(cell.unit, cell.period, cell.part, cell.years, cell.correction)

    @property
    def kind(self) -> str:
        """The kind of the cell, as the pack's order of admission names it."""
        if self.part:
            return self.part.partition(".")[0]
        if self.years > 1:
            return POOLED
        return CORRECTION if self.correction else UNIT


@dataclass(frozen=True)
class Scored:
    """The answers to one construct by group, (groups,) each; 0 where there are none.

    low60, high60: the ends of the scale in the group's year.
    """

    n: Ints
    total60: Ints
    min60: Ints
    max60: Ints
    low60: Ints
    high60: Ints

    def answers(self) -> list[Answers]:
        """The same as the ledger wants them."""
        above = self.total60 - self.n * self.low60
        below = self.n * self.high60 - self.total60
        same = np.where(self.min60 == self.max60, self.min60, DIFFER)
        return [Answers(*row) for row in np.stack([self.n, above, below, same], axis=1).tolist()]


class Membership:
    """The groups of a survey's years, and which of them a cell counts.

    tree: all units of all times.
    """

    def __init__(self, years: Iterable[Year], tree: UnitTree) -> None:
        self.years: Mapping[int, Year] = {year.period: year for year in years}
        self.tree = tree
        moments = pl.concat([year.moments() for year in self.years.values()])
        keys = moments.select(KEY).unique().sort(KEY)
        self._moments = moments.join(keys.with_row_index("group"), on=KEY)
        self.groups = [
            Group(leaf, period, (part,) if part else (), arrived=arrived)
            for period, leaf, part, arrived in keys.iter_rows()
        ]
        self.arrived: Ints = keys["arrived"].to_numpy().astype(np.int64)
        self._period, self._part = keys["period"].to_numpy(), keys["part"].to_numpy()
        self._cells: dict[Place, tuple[Ints, Cell]] = {}
        self._below: dict[tuple[int, date], Mapping[str, Ints]] = {}
        self._lines: dict[tuple[int, date], Mapping[str, tuple[str, ...]]] = {}

    def scored(self, construct: str) -> Scored:
        """The answers to a construct."""
        found = self._moments.filter(pl.col("construct") == construct)
        columns = np.zeros((len(SUMS), len(self.groups)), dtype=np.int64)
        columns[:, found["group"].to_numpy()] = found.select(SUMS).to_numpy().T
        ends = {period: ends60(year.survey.scale) for period, year in self.years.items()}
        low_high = np.array([ends[group.period] for group in self.groups]).reshape(-1, 2).T
        return Scored(*columns, *low_high)

    def lines(self, period: int, day: date) -> Mapping[str, tuple[str, ...]]:
        """By leaf of a school year, the units of the day that its answers are in, from the top."""
        if (period, day) not in self._lines:
            leaves = {group.unit for group in self.groups if group.period == period}
            home = history.carry_leaves(self.tree, sorted(leaves), day)
            self._lines[period, day] = {
                leaf: self.tree.lineage(home[leaf]) for leaf in sorted(leaves)
            }
        return self._lines[period, day]

    def units(self, period: int, day: date) -> Mapping[str, Ints]:
        """By unit of the day, the groups of a school year that are in it or below it."""
        if (period, day) not in self._below:
            lines, found = self.lines(period, day), dict[str, list[int]]()
            for at in np.flatnonzero(self._period == period).tolist():
                for unit in lines[self.groups[at].unit]:
                    found.setdefault(unit, []).append(at)
            self._below[period, day] = {unit: np.array(rows) for unit, rows in found.items()}
        return self._below[period, day]

    def torn(self, period: int, day: date) -> frozenset[str]:
        """The units of the day that hold only a part of what was asked as a whole then."""
        homes = {line[-1] for line in self.lines(period, day).values()}
        return history.torn(self.tree, homes, day)

    def ever(self, place: Place) -> Ints:
        """The groups of a cell with all that ever arrived, as numbers in `groups`."""
        day = self.years[place.period].day
        ids = np.concatenate(
            [
                self.units(period, day).get(place.unit, NONE)
                for period in range(place.period - place.years + 1, place.period + 1)
            ]
        )
        return ids[self._part[ids] == place.part] if place.part else ids

    def ids(self, place: Place) -> Ints:
        """The groups that a cell counts, as numbers in `groups`."""
        return self._known(place)[0]

    def cell(self, place: Place) -> Cell:
        """The cell as the ledger wants it."""
        return self._known(place)[1]

    def sums(self, scored: Scored, places: Sequence[Place]) -> tuple[Ints, Ints]:
        """n and total60 of every cell, (places,) each."""
        each = [self.ids(place) for place in places]
        every = np.concatenate([NONE, *each])
        ends = np.cumsum([0, *map(len, each)])
        n, total60 = (
            np.diff(np.append(0, np.cumsum(column[every]))[ends])
            for column in (scored.n, scored.total60)
        )
        return n, total60

    def _known(self, place: Place) -> tuple[Ints, Cell]:
        if place not in self._cells:
            ids = self.ever(place)
            ids = ids[self.arrived[ids] <= place.correction]
            groups = frozenset(map(self.groups.__getitem__, ids.tolist()))
            self._cells[place] = ids, Cell(" ".join(map(str, place)), place.kind, groups)
        return self._cells[place]
