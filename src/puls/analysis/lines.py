"""Released cells laid out as lines: by indicator, period and unit, only those that count."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from puls.cells import ReleasedCell, Status
from puls.content.definitions import Indicator, Pack, RegisterSource
from puls.units import UnitTree

OLDEST = 2
"""A register figure may be so many school years older than the result it is held beside."""
COLUMNS = {
    "unit": pl.String(),
    "indicator": pl.String(),
    "mean": pl.Float64(),
    "n": pl.Int64(),
}


@dataclass(frozen=True)
class Column:
    """One indicator's shown cells of one period, by unit, in the order of their keys."""

    indicator: str
    period: int
    cells: Mapping[str, ReleasedCell]

    def frame(self) -> pl.DataFrame:
        """A row a unit: `unit`, `indicator`, `mean`, `n` (null for a register figure)."""
        rows = [(unit, self.indicator, cell.value, cell.n) for unit, cell in self.cells.items()]
        return pl.DataFrame(rows, schema=COLUMNS, orient="row")


class Lines:
    """What is shown of everybody, one school year at a time, as last corrected.

    Hidden cells carry no number; broken-down and pooled ones count the same people again.
    """

    def __init__(self, cells: Iterable[ReleasedCell], pack: Pack, period: int) -> None:
        """Cells of later periods and of indicators that the pack has not are passed over."""
        self.period = period
        newest: dict[tuple[str, int], dict[str, ReleasedCell]] = defaultdict(dict)
        for cell in cells:
            if cell.part or cell.years != 1 or cell.period > period:
                continue
            if cell.correction and cell.status is not Status.SHOWN:
                continue  # A refused correction leaves what was shown before it.
            column = newest[cell.indicator, cell.period]
            before = column.get(cell.unit)
            assert before is None or before.correction != cell.correction, f"twice: {cell}"
            if before is None or before.correction < cell.correction:
                column[cell.unit] = cell
        self._cells = {
            place: {unit: cell for unit, cell in column.items() if cell.status is Status.SHOWN}
            for place, column in newest.items()
            if place[0] in pack.indicators
        }

    def of(self, indicator: str, period: int) -> Mapping[str, ReleasedCell]:
        """An indicator's shown cells by unit, in no order."""
        return self._cells.get((indicator, period), {})

    def earlier(self, indicator: str) -> list[int]:
        """The periods before this one that have cells of the indicator, the nearest first."""
        found = {at for key, at in self._cells if key == indicator and at < self.period}
        return sorted(found, reverse=True)

    def column(self, indicator: Indicator, tier: str, tree: UnitTree) -> Column:
        """The figures of a tier's units to hold beside this period's results.

        A register that is late is taken as it was before: from the newest of three periods that
        has at least half as many units as any of them. One period for all units, since figures of
        different years would differ by what the years differ in; a unit without a figure in
        it has none. Answers are this period's.
        """
        back = OLDEST if isinstance(indicator.source, RegisterSource) else 0
        columns = []
        for period in range(self.period, self.period - back - 1, -1):
            cells = self.of(indicator.key, period)
            units = sorted(unit for unit in cells if tree[unit].tier == tier)
            columns.append(Column(indicator.key, period, {unit: cells[unit] for unit in units}))
        most = max(len(column.cells) for column in columns)
        return next(column for column in columns if 2 * len(column.cells) >= most)
