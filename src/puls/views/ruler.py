"""A small drawing beside the sentence: where a value and its estimate lie among the levels."""

from dataclasses import dataclass
from html import escape

from puls.content.definitions import Criteria, Indicator, Pack
from puls.views import numbers
from puls.views.tables import TableCell

WIDTH, BAND_TOP, BAND_HEIGHT = 360.0, 26.0, 22.0
HEIGHT = BAND_TOP + BAND_HEIGHT + 20


@dataclass(frozen=True, slots=True)
class Band:
    """One level along the unit, from `start` to `end`, both in the indicator's own unit."""

    level: int
    start: float
    end: float


def bands(criteria: Criteria, start: float, end: float) -> tuple[Band, ...]:
    """The levels from left to right; with lower-is-better the best one lies to the left."""
    edges = (start, *criteria.cuts, end)
    steps = range(1, criteria.levels + 1)
    order = steps if criteria.higher_is_better else reversed(steps)
    return tuple(Band(level, edges[spot], edges[spot + 1]) for spot, level in enumerate(order))


def extent(
    cell: TableCell, indicator: Indicator, scale: tuple[float, float] | None
) -> tuple[float, float]:
    """From where to where the ruler goes: around the cuts and all that the cell carries.

    Twice the distance between the outermost cuts is left on either side, so that the levels near
    the value are wide enough to read; never beyond the answer scale, and not below zero for what
    cannot be below zero.
    """
    assert indicator.criteria is not None, f"{indicator.key} has no criteria to draw"
    cuts = indicator.criteria.cuts
    carried = [part for part in (cell.value, cell.low, cell.high) if part is not None]
    air = 1.2 * (cuts[-1] - cuts[0] or abs(cuts[0]) or 1.0)
    margin = air / 8
    low = min(cuts[0] - air, *(part - margin for part in carried))
    high = max(cuts[-1] + air, *(part + margin for part in carried))
    if scale is not None:
        return max(low, scale[0]), min(high, scale[1])
    return (max(low, 0.0) if min(cuts[0], *carried) >= 0 else low), high


def ruler(
    cell: TableCell,
    indicator: Indicator,
    pack: Pack,
    language: str,
    scale: tuple[float, float] | None = None,
) -> str:
    """An SVG of a shown cell, or "" for a cell without a number or an indicator without criteria.

    Hidden from screen readers: the sentence beside it says the same. Colours come from the style
    sheet by the names of the looks. scale: the ends of the answer scale of a survey indicator.
    """
    criteria = indicator.criteria
    if cell.value is None or criteria is None:
        return ""
    start, end = extent(cell, indicator, scale)

    def x(value: float) -> float:
        return round((min(max(value, start), end) - start) / (end - start) * WIDTH, 1)

    def written(value: float) -> str:
        return escape(numbers.number(value, indicator.decimals, language))

    middle = BAND_TOP + BAND_HEIGHT / 2
    parts = []
    for band in bands(criteria, start, end):
        left, width = x(band.start), x(band.end) - x(band.start)
        word = escape(pack.text(language, f"level.{band.level}.word"))
        parts.append(
            f'<g class="l{band.level}of{criteria.levels}"><rect class="band" x="{left}" '
            f'y="{BAND_TOP:g}" width="{max(width - 2, 0):.1f}" height="{BAND_HEIGHT:g}" rx="4"/>'
        )
        # About seven units a letter: a word that would not fit its band is left out.
        if width > 7 * len(word) + 10:
            parts.append(
                f'<text class="band-word" x="{left + width / 2 - 1:.1f}" y="{middle + 18:g}" '
                f'dy="14" text-anchor="middle">{word}</text>'
            )
        parts.append("</g>")
    for cut in criteria.cuts:
        parts.append(
            f'<text class="cut" x="{x(cut) - 1:.1f}" y="{BAND_TOP - 6:g}" '
            f'text-anchor="middle">{written(cut)}</text>'
        )
    if cell.low is not None and cell.high is not None:
        near = min(max(cell.value, cell.low), cell.high)
        if near != cell.value:
            # The mean lies outside: a thread shows which estimate it belongs to.
            parts.append(
                f'<line class="thread" x1="{x(cell.value)}" x2="{x(near)}" '
                f'y1="{middle:g}" y2="{middle:g}"/>'
            )
        parts.append(
            f'<line class="estimate" x1="{x(cell.low)}" x2="{x(cell.high)}" '
            f'y1="{middle:g}" y2="{middle:g}"/>'
        )
    parts.append(f'<circle class="mark" cx="{x(cell.value)}" cy="{middle:g}" r="6"/>')
    return (
        f'<svg class="ruler" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" aria-hidden="true" '
        f'focusable="false">{"".join(parts)}</svg>'
    )
