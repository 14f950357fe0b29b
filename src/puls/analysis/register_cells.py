"""The cells of register figures in a release: value, level, and the source's own doubt."""

from collections.abc import Iterable, Mapping
from datetime import date
from math import isfinite

from puls.analysis import criteria
from puls.cells import ReleasedCell, Status
from puls.content.definitions import Indicator, RegisterSource
from puls.figures import Figure
from puls.units import UnitTree


def register_cells(
    figures: Iterable[Figure], indicators: Mapping[str, Indicator], tree: UnitTree, day: date
) -> list[ReleasedCell]:
    """The cells of register figures that `history.carry_figures` carried to the day's units.

    One cell per figure, in the figures' order. The source's symbol and "provisional" stay with
    the cell; a figure without a value is `no_data`, never 0. Threshold, interval and estimate do
    not apply to registers: the level is that of the value.

    AssertionError for two figures in one place, and for a unit that does not exist on the day.
    """
    seen: set[tuple[str, str, int]] = set()
    cells = []
    for figure in figures:
        place = (figure.unit, figure.indicator, figure.period)
        assert place not in seen, f"two figures for {place}"
        assert tree[figure.unit].valid_on(day), f"{figure.unit} does not exist on {day}"
        seen.add(place)
        cells.append(_register_cell(figure, indicators[figure.indicator]))
    return cells


def _register_cell(figure: Figure, indicator: Indicator) -> ReleasedCell:
    assert isinstance(indicator.source, RegisterSource), f"{indicator.key} is not from a register"
    status, level_low, level_high, judged_by = Status.SHOWN, None, None, ""
    if not figure.comparable:
        status = Status.NOT_COMPARABLE
    elif figure.value is None:
        status = Status.NO_DATA
    else:
        assert isfinite(figure.value), f"{figure}: not a number"
        level_low, level_high = criteria.levels(indicator.criteria, figure.value)
        judged_by = criteria.name(indicator.criteria)
    return ReleasedCell(
        unit=figure.unit,
        indicator=indicator.key,
        version=indicator.version,
        period=figure.period,
        status=status,
        value=figure.value,
        level_low=level_low,
        level_high=level_high,
        note=figure.note,
        provisional=figure.provisional,
        judged_by=judged_by,
    )
