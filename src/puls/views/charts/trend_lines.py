"""The lines of a trend graph: estimate, comparison, the own line, and the values that matter."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from puls.views.charts.lettering import width
from puls.views.charts.reading import Spot
from puls.views.charts.scene import Box, Dot, Extent, Pen, Point, Shape, Text, area, line
from puls.views.charts.spacing import crosses, overlap
from puls.views.charts.tones import Tone
from puls.views.charts.trend_parts import segments, worth_telling
from puls.views.charts.trend_plot import Plot

DASHES = ((6.0, 4.0), (1.5, 3.5), (10.0, 3.0, 2.0, 3.0))
"""Of comparison lines, in turn."""


def estimates(plot: Plot) -> list[Shape]:
    """The estimate as a quiet band along each run of years; a year alone has a short one."""
    found: list[Shape] = []
    for run in segments(plot.trend.own.spots, plot.trend.remarks):
        parts = [
            (plot.x(spot.period), plot.y(spot.high), plot.y(spot.low))
            for spot in run
            if spot.low is not None and spot.high is not None
        ]
        if len(parts) == 1:
            x, top, foot = parts[0]
            start, end = max(x - 7, plot.left), min(x + 7, plot.right)
            found.append(Box(start, top, end - start, foot - top, Tone.ESTIMATE))
        elif parts:
            over = [(x, top) for x, top, _ in parts]
            under = [(x, foot) for x, _, foot in reversed(parts)]
            found.append(area([*over, *under], Tone.ESTIMATE))
    for spot in plot.trend.pooled:
        if spot.low is not None and spot.high is not None:
            start, end = plot.x(spot.first), plot.x(spot.period)
            top, foot = plot.y(spot.high), plot.y(spot.low)
            found.append(Box(start, top, end - start, foot - top, Tone.ESTIMATE))
    return found


def comparisons(plot: Plot) -> list[Shape]:
    """Thin lines in their own dashes."""
    found: list[Shape] = []
    for number, told in enumerate(plot.trend.comparisons):
        pen = Pen(Tone.INK_SOFT, 1.6, DASHES[number % len(DASHES)])
        for run in segments(told.spots, ()):
            points = _points(plot, run)
            alone = len(points) == 1
            found.append(Dot(*points[0], 2.4, Tone.INK_SOFT) if alone else line(*points, pen=pen))
    return found


def own(plot: Plot) -> list[Shape]:
    """The line with a dot a year, hollow where provisional; years together as a bar."""
    found: list[Shape] = []
    for run in segments(plot.trend.own.spots, plot.trend.remarks):
        points = _points(plot, run)
        if len(points) > 1:
            found.append(line(*points, pen=Pen(Tone.INK, 2.4)))
        for spot, (x, y) in zip(run, points, strict=True):
            if spot.provisional:
                found.append(Dot(x, y, 4.4, Tone.GROUND, Pen(Tone.INK, 2)))
            else:
                found.append(Dot(x, y, 5, Tone.INK, Pen(Tone.GROUND, 1.5)))
    for spot in plot.trend.pooled:
        start, top, end, foot = _bar(plot, spot)
        pen = Pen(Tone.GROUND, 1.5)
        found.append(Box(start, top, end - start, foot - top, Tone.INK, pen, 3.5))
    return found


def _bar(plot: Plot, spot: Spot) -> Extent:
    """Where the bar of years together lies."""
    assert spot.value is not None, "years together without a number"
    y = plot.y(spot.value)
    start = max(plot.x(spot.first) - 5, plot.left)
    end = min(plot.x(spot.period) + 5, plot.right)
    return start, y - 3.5, end, y + 3.5


def values(plot: Plot, taken: Sequence[Extent]) -> list[Shape]:
    """The values that matter beside their dots, where there is room: none over another, over a dot
    or over what is taken; of the places that are free the one that fewest lines cross."""
    found: list[Shape] = []
    lines = [_points(plot, run) for run in segments(plot.trend.own.spots, plot.trend.remarks)]
    busy = [*taken, *((x - 6, y - 6, x + 6, y + 6) for points in lines for x, y in points)]
    busy += [_bar(plot, spot) for spot in plot.trend.pooled]
    for told in plot.trend.comparisons:
        lines += [_points(plot, run) for run in segments(told.spots, ())]
    edges = [pair for points in lines for pair in pairwise(points)]
    poles = [remark.at for remark in plot.trend.remarks] + [at for at, _ in plot.trend.flags]
    edges += [((plot.x(at), plot.top), (plot.x(at), plot.bottom)) for at in poles]
    for spot, beside in _wanted(plot):
        assert spot.value is not None, "a value that is not shown"
        x = (plot.x(spot.first) + plot.x(spot.period)) / 2
        best: tuple[int, Text] | None = None
        for label in _places(plot, x, plot.y(spot.value), f"{spot.text}{beside}"):
            room = label.extent
            if not any(overlap(room, other, 1) for other in busy):
                cost = sum(crosses(room, *edge) for edge in edges)
                if best is None or cost < best[0]:
                    best = cost, replace(label, halo=cost > 0)
                if cost == 0:
                    break
        if best:
            found.append(best[1])
            busy.append(best[1].extent)
    return found


def _wanted(plot: Plot) -> list[tuple[Spot, str]]:
    """The spots to tell and what follows their number, the most important first."""
    together = [(spot, f" · {spot.tag}") for spot in plot.trend.pooled]
    alone = [(spot, f" {spot.arrow}" if spot.arrow else "") for spot in worth_telling(plot.trend)]
    return [*together, *alone]


def _places(plot: Plot, x: float, y: float, text: str) -> list[Text]:
    """Above and beneath a dot, near and further off, as far as they lie in the plot."""
    letters = plot.size.letters
    half = width(text, letters, bold=True) / 2
    x = max(min(x, plot.right + 6 - half), plot.left + 2 + half)
    found = []
    for dy in (-10.0, 10.0 + letters * 0.78, -20.0, 20.0 + letters * 0.78):
        label = Text(
            x, y + dy, text, letters, anchor="middle", bold=True, kind="value"
        )  # fmt: skip
        left, top, right, bottom = label.extent
        inside = left >= plot.left and right <= plot.right + 6
        if inside and top >= plot.top and bottom <= plot.bottom:
            found.append(label)
    return found


def _points(plot: Plot, run: Sequence[Spot]) -> list[Point]:
    return [(plot.x(spot.period), plot.y(spot.value)) for spot in run if spot.value is not None]
