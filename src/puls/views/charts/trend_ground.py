"""What lies behind the lines of a trend graph and around it: levels, years, notes, hidden years."""

from collections.abc import Sequence

from puls import periods
from puls.content.definitions import Criteria
from puls.views.charts import signs, tones
from puls.views.charts.lettering import LINE, shortened, width
from puls.views.charts.scene import Box, Pen, Shape, Text, block, line
from puls.views.charts.spacing import spread
from puls.views.charts.tones import Tone
from puls.views.charts.trend_parts import hidden
from puls.views.charts.trend_plot import Plot
from puls.views.ruler import bands


def ground(plot: Plot) -> list[Shape]:
    """The levels as bands with their words beside, or lines at round numbers without criteria."""
    if plot.criteria is None:
        lines = [
            line((plot.left, plot.y(at)), (plot.right, plot.y(at)), pen=Pen(Tone.LINE))
            for at, _ in plot.ticks
        ]
        return [*lines, *_beside(plot, [])]
    found: list[Shape] = []
    for start, end, criteria in _runs(plot, plot.criteria):
        for band in bands(criteria, *plot.ends):
            top, foot = plot.y(band.end), plot.y(band.start)
            tone = tones.pale(band.level, criteria.levels)
            found.append(Box(start, top, end - start, max(foot - top, 0), tone))
        for cut in criteria.cuts:
            at = plot.y(cut)
            found.append(line((start, at), (end, at), pen=Pen(Tone.LINE_STRONG, 0.6)))
    drawn = bands(plot.criteria, *plot.ends)
    return [*found, *_beside(plot, [(plot.y((b.start + b.end) / 2), b.level) for b in drawn])]


def _runs(plot: Plot, newest: Criteria) -> list[tuple[float, float, Criteria]]:
    """Stretches of the plot with the same cut points: their ends, and the criteria."""
    found: list[tuple[float, Criteria]] = []
    for spot in plot.trend.own.spots:
        if spot.criteria is None or (found and found[-1][1].cuts == spot.criteria.cuts):
            continue
        found.append((plot.x(spot.period - 0.5) if found else plot.left, spot.criteria))
    found = found or [(plot.left, newest)]
    ends = [*(start for start, _ in found[1:]), plot.right]
    return [(start, end, by) for (start, by), end in zip(found, ends, strict=True)]


def _beside(plot: Plot, middles: Sequence[tuple[float, int]]) -> list[Shape]:
    """The numbers of the axis and the levels' symbols and words, none over another."""
    letters, at = plot.size.letters, plot.left - 7
    wanted = [(plot.y(value), letters * LINE) for value, _ in plot.ticks]
    wanted += [(middle, letters * LINE) for middle, _ in middles]
    places = [p + letters * 0.35 for p in spread(wanted, plot.top - 6, plot.bottom + 6)]
    found: list[Shape] = [
        Text(at, place, text, letters, Tone.INK_SOFT, "end", kind="tick")
        for (_, text), place in zip(plot.ticks, places, strict=False)
    ]
    for (_, level), place in zip(middles, places[len(plot.ticks) :], strict=True):
        assert plot.criteria is not None, "a level without criteria"
        tone, word = tones.on(level, plot.criteria.levels), plot.levels[level]
        start = at - width(word, letters) - signs.WIDTH - 4
        found += signs.bars(start, place, level, plot.criteria.levels, tone)
        found.append(Text(at, place, word, letters, tone, "end", kind="level"))
    return found


def years(plot: Plot) -> list[Shape]:
    """The axis with the school years: all, or every second ... counted back from the last."""
    letters, y = plot.size.letters, plot.bottom + plot.size.letters + 7
    names = [periods.label(period) for period in plot.trend.periods]
    if max(width(name, letters) for name in names) + 6 > plot.step:
        names = [name[2:] for name in names]
    widest = max(width(name, letters) for name in names) + 6
    every = 1
    while widest > plot.step * every and every < len(names):
        every += 1
    pen = Pen(Tone.LINE_STRONG)
    found: list[Shape] = [line((plot.left, plot.bottom), (plot.right, plot.bottom), pen=pen)]
    for number, (period, name) in enumerate(zip(plot.trend.periods, names, strict=True)):
        x = plot.x(period)
        found.append(line((x, plot.bottom), (x, plot.bottom + 4), pen=pen))
        if (len(names) - 1 - number) % every == 0:
            found.append(_year(plot, x, y, name))
    return found


def _year(plot: Plot, x: float, y: float, name: str) -> Text:
    # The poles of flags pass behind it, and nothing else does: a halo is dear to set.
    passed = bool(plot.trend.flags)
    return Text(
        x, y, name, plot.size.letters, Tone.INK_SOFT, "middle", halo=passed, kind="year"
    )  # fmt: skip


def notes(plot: Plot) -> list[Shape]:
    """The unit of measure, and the short notes on their poles: dashed where they break a line."""
    letters = plot.size.letters - 1
    found: list[Shape] = [
        Text(
            0,
            letters,
            shortened(plot.trend.unit, plot.size.width, letters),
            letters,
            Tone.INK_SOFT,
            kind="unit",
        ),
    ]
    for remark, heading in zip(plot.trend.remarks, plot.headings, strict=True):
        pen = Pen(Tone.LINE_STRONG, 1.2, (1, 3))
        if remark.breaks:
            pen = Pen(Tone.INK, 1.4, (5, 4))
        found.append(line((heading.x, heading.top + 1), (heading.x, plot.bottom), pen=pen))
        if remark.merger:
            found += signs.merger(heading.x, plot.bottom - 10, Tone.INK_SOFT)
        at = heading.x + 5, heading.top + letters
        found += block(*at, heading.lines, letters, tone=Tone.INK_SOFT, kind="remark")
    return found


def silent(plot: Plot) -> list[tuple[Box, Text]]:
    """Years without a number: an empty box at the foot with the word, never a zero.

    Where the years are narrower than the word, box and word stand upright.
    """
    found: list[tuple[Box, Text]] = []
    letters, foot = plot.size.letters - 1, plot.bottom - 5
    pen = Pen(Tone.LINE_STRONG, 1, (3, 3))
    for first, last, word in hidden(plot.trend):
        word = shortened(word, plot.size.height - 24, letters)
        middle, room = (plot.x(first) + plot.x(last)) / 2, (last - first + 1) * plot.step - 6
        long = width(word, letters) + 12
        inside = middle - long / 2 >= plot.left and middle + long / 2 <= plot.right
        if inside and long <= room:
            box = Box(middle - long / 2, foot - 21, long, 21, Tone.GROUND, pen, 5)
            text = Text(middle, foot - 6.5, word, letters, Tone.INK_SOFT, "middle", kind="hidden")
        else:
            # Over very many years, letters no larger than a year leave room for the next word.
            half = min(9, (last - first + 1) * plot.step / 2)
            upright = min(letters, plot.step)
            box = Box(middle - half, foot - long, 2 * half, long, Tone.GROUND, pen, 5)
            at = middle + upright * 0.35, foot - 6
            text = Text(*at, word, upright, Tone.INK_SOFT, turned=True, kind="hidden")
        found.append((box, text))
    return found
