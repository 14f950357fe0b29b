"""What was done, as flags beneath the years of a trend graph."""

from puls.views import numbers
from puls.views.charts import signs
from puls.views.charts.lanes import lanes
from puls.views.charts.lettering import LINE, width, wrapped
from puls.views.charts.scene import Dot, Pen, Shape, Text, line
from puls.views.charts.tones import Tone
from puls.views.charts.trend_parts import Flag
from puls.views.charts.trend_plot import Plot

MOST_LANES = 4
"""Of flags with their words beside them; with more they are numbered and listed."""
RADIUS = 8.0


def flags(plot: Plot, language: str) -> list[Shape]:
    """Flags with their words beside them, or numbered and listed where there is no room.

    A fine line goes up from each through the plot, so that before and after can be seen.
    """
    marks = plot.trend.flags
    if not marks:
        return []
    letters = plot.size.letters
    foot = plot.bottom + letters + 16
    poles = [plot.x(at) for at, _ in marks]
    up: list[Shape] = [
        line((x, plot.bottom), (x, plot.top), pen=Pen(Tone.PRESS, 1.1, (1.5, 3))) for x in poles
    ]
    beside = []
    for x, (_, flag) in zip(poles, marks, strict=True):
        room = min(max(plot.size.width - x - 16, 60.0), 230.0)
        beside.append((wrapped(flag.text, room, letters, bold=True, lines=2), _day(flag, language)))
    widths = [
        14 + max(*(width(text, letters, True) for text in words), width(day, letters - 1))
        for words, day in beside
    ]
    placed = lanes(list(zip(poles, widths, strict=True)))
    fits = all(x + wide <= plot.size.width for x, wide in zip(poles, widths, strict=True))
    if plot.size.listed or not fits or max(placed) >= MOST_LANES:
        return [*up, *_listed(plot, poles, foot, language)]
    high = letters * LINE * 3 + 10
    found = up
    for x, (words, day), lane in zip(poles, beside, placed, strict=True):
        top = foot + lane * high
        found.append(line((x, plot.bottom), (x, top + 2), pen=Pen(Tone.PRESS, 1.1)))
        found += signs.flag(x, top + 12, Tone.PRESS)
        y = top + letters * 0.85
        for text in words:
            found.append(Text(x + 14, y, text, letters, Tone.PRESS, bold=True, kind="flag"))
            y += letters * LINE
        found.append(Text(x + 14, y, day, letters - 1, Tone.INK_SOFT, kind="flag"))
    return found


def _listed(plot: Plot, poles: list[float], foot: float, language: str) -> list[Shape]:
    letters = plot.size.letters
    placed = lanes([(x - RADIUS, 2 * RADIUS - 6) for x in poles])
    found: list[Shape] = []
    for number, (x, lane) in enumerate(zip(poles, placed, strict=True), start=1):
        y = foot + RADIUS + lane * (2 * RADIUS + 3)
        found.append(line((x, plot.bottom), (x, y), pen=Pen(Tone.PRESS, 1.1)))
        found += _number(x, y, number, letters)
    y = foot + (max(placed) + 1) * (2 * RADIUS + 3) + 16
    for number, (_, flag) in enumerate(plot.trend.flags, start=1):
        found += _number(RADIUS + 1, y - letters * 0.35, number, letters)
        for words in wrapped(f"{flag.text}, {_day(flag, language)}", plot.size.width - 24, letters):
            found.append(Text(24, y, words, letters, kind="flag"))
            y += letters * LINE
        y += 5
    return found


def _number(x: float, y: float, number: int, letters: float) -> tuple[Shape, ...]:
    text = Text(
        x, y + letters * 0.35, str(number), letters - 1.5, Tone.PRESS, "middle", bold=True
    )  # fmt: skip
    return Dot(x, y, RADIUS, Tone.GROUND, Pen(Tone.PRESS, 1.4)), text


def _day(flag: Flag, language: str) -> str:
    return numbers.day(flag.day, language).replace(" ", "\N{NO-BREAK SPACE}")
