"""How a cell of a colour table looks on paper: the names of its tones and its marks.

Pages have a style sheet for this; documents are told here, with the tones of the charts.
"""

from dataclasses import dataclass

from puls.views.charts import tones
from puls.views.charts.tones import THEMES, Tone
from puls.views.tables import Kind, LegendEntry, TableCell

LIGHT = THEMES["light"]


@dataclass(frozen=True, slots=True)
class Look:
    """ground, ink: tones, NONE where the paper's own shall do. marks: names of its symbols."""

    ground: Tone
    ink: Tone
    level: int | None
    levels: int
    marks: tuple[str, ...] = ()


def of_cell(cell: TableCell, kind: Kind = Kind.SELF) -> Look:
    """The look of a cell. Rows for comparison are paler: they are not what the table is about."""
    marks = tuple(sign.symbol for sign in cell.marked)
    if cell.level is None:
        return Look(Tone.NONE, Tone.NONE, None, cell.levels, marks)
    return _level(cell.level, cell.levels, marks, kind is Kind.COMPARISON)


def of_entry(entry: LegendEntry) -> Look:
    """The look of an entry of the legend: "l2of3" has the tint of that level."""
    level, of, levels = entry.look.removeprefix("l").partition("of")
    if entry.look.startswith("l") and of and level.isdigit():
        return _level(int(level), int(levels), (), False)
    return Look(Tone.NONE, Tone.NONE, None, 0, () if entry.look else entry.symbols)


def _level(level: int, levels: int, marks: tuple[str, ...], pale: bool) -> Look:
    ground = tones.pale(level, levels) if pale else tones.tint(level, levels)
    return Look(ground, tones.on(level, levels), level, levels, marks)
