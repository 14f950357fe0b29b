"""Intervals of broken-down, pooled and corrected cells follow from what is released."""

from collections.abc import Sequence

import pytest

from puls.analysis.membership import Place
from puls.analysis.practice import Published, interval, prior
from puls.cells import ReleasedCell, Status
from tests.analysis.release_worlds import USUAL, Country, Releasing, country
from tests.analysis.surveys import FIVE
from tests.analysis.worlds import TIERS


class Watched(Releasing):
    """Releases as usual, and works every interval out again from released cells alone."""

    worked_out = 0

    def run(self) -> list[ReleasedCell]:
        for step in self.country.steps:
            new = self.units(step) if step.root else self.more(step)
            self.cells += new
            if not step.root:
                for cell in new:
                    if cell.status is Status.SHOWN:
                        self._check(cell)
        return self.cells

    def _check(self, cell: ReleasedCell) -> None:
        line = line_of(cell, self.cells, self.country)
        before = prior(line, USUAL["wellbeing"])
        low_high = interval(line[0].n, line[0].mean, USUAL["wellbeing"], before, FIVE)
        assert (cell.low, cell.high) == pytest.approx(low_high), cell
        assert cell.judged_by == "mean.v1"
        self.worked_out += before is not None


def line_of(cell: ReleasedCell, known: Sequence[ReleasedCell], of: Country) -> list[Published]:
    """The cell, and of the units above those that show all answers of the one before, and more."""
    shown = [each for each in known if each.status is Status.SHOWN and each.public >= cell.public]
    several = [cell]
    for above in reversed(of.tree.lineage(cell.unit)[:-1]):
        last = several[-1]
        here = [each for each in shown if each.unit == above]
        alike = [each for each in here if (each.part, each.years) == (cell.part, cell.years)]
        whole = _newest(alike, cell.period, last.correction)
        if whole is not None and (whole.n or 0) > (last.n or 0):
            assert of.counted(last) < of.counted(whole)
            several.append(whole)
    return [
        Published(each.n or 0, each.value or 0.0, tuple(_branches(each.unit, cell.period, of)))
        for each in several
    ]


def _newest(cells: Sequence[ReleasedCell], period: int, correction: int) -> ReleasedCell | None:
    fit = [each for each in cells if each.period == period and each.correction >= correction]
    return max(fit, key=lambda each: each.correction, default=None)


def _branches(unit: str, period: int, of: Country) -> list[int]:
    """At every tier, in how many units below somebody was asked who answered by now."""
    lines = {
        of.line(each.leaf, period) for each in of.given if each.period == period and each.scores
    }
    inside = [line for line in lines if unit in line]
    return [len({line[min(tier, len(line) - 1)] for line in inside}) for tier in range(len(TIERS))]


def test_every_input_of_a_released_number_is_released() -> None:
    weighed = 0
    for seed in range(12):
        watched = Watched(country(seed))
        watched.run()
        weighed += watched.worked_out
    assert weighed > 50


def test_a_refused_cell_carries_no_number_and_a_shown_one_its_name() -> None:
    for seed in range(4):
        for cell in Releasing(country(seed)).run():
            assert (cell.status is Status.SHOWN) == (cell.value is not None)
            assert not cell.public or cell.status is Status.SHOWN
            assert Place.of(cell).kind != "pooled" or cell.years == 2
