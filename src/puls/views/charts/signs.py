"""The small signs of charts: bars for a level, dots for uncertain, flags, and boxes of words.

The same drawings as the symbols of the page (`puls.views.symbols`), as shapes.
"""

from puls.views import symbols
from puls.views.charts import tones
from puls.views.charts.reading import Spot
from puls.views.charts.scene import Box, Dot, Path, Pen, Shape, line
from puls.views.charts.tones import Tone

WIDTH, HEIGHT = 14.0, 10.5


def bars(x: float, y: float, level: int, levels: int, tone: Tone) -> tuple[Shape, ...]:
    """As many bars as levels, filled up to this one. x, y: the left end of their foot."""
    size = HEIGHT / symbols.HEIGHT
    gap = symbols.GAP * size
    wide = (WIDTH - gap * (levels - 1)) / levels
    found: list[Shape] = []
    for place in range(levels):
        high = HEIGHT * (0.42 + 0.58 * place / max(levels - 1, 1))
        left = x + place * (wide + gap)
        if place < level:
            found.append(Box(left, y - high, wide, high, tone, radius=0.6))
        else:
            pen = Pen(tone, 0.9)
            inner = Box(left + 0.45, y - high + 0.45, wide - 0.9, high - 0.9, pen=pen)
            found.append(inner)
    return tuple(found)


def dots(x: float, y: float, tone: Tone) -> tuple[Shape, ...]:
    """Three dots: the answers do not settle it."""
    middle = y - HEIGHT / 2
    return tuple(Dot(x + at, middle, 1.3, tone) for at in (2.6, 7.0, 11.4))


def of(told: Spot, x: float, y: float, tone: Tone) -> tuple[Shape, ...]:
    """The sign of a spot: bars, dots, or nothing where it has no level."""
    if told.level is not None:
        return bars(x, y, told.level, told.levels, tone)
    return dots(x, y, tone) if told.uncertain else ()


def look(told: Spot) -> tuple[Tone, Tone, Pen | None]:
    """Ground, ink and rim of a box that stands for a spot, as a cell of the colour table has them.

    A level has its tint, uncertain is hatched, a number without criteria is plain, and what has
    no number is an empty box with a dashed rim.
    """
    if told.level is not None:
        return tones.tint(told.level, told.levels), tones.on(told.level, told.levels), None
    if told.uncertain:
        return Tone.HATCHED, Tone.INK, None
    if told.value is not None:
        return Tone.SOFT, Tone.INK, None
    return Tone.NONE, Tone.INK_SOFT, Pen(Tone.LINE_STRONG, 1, (3, 3))


def flag(x: float, y: float, tone: Tone) -> tuple[Shape, ...]:
    """A small flag. x: of its pole. y: the pole's foot, twelve points below its top."""
    cloth = Path((("M", x, y - 12), ("L", x + 9, y - 8.5), ("L", x, y - 5), ("Z",)), fill=tone)
    return (line((x, y), (x, y - 12), pen=Pen(tone, 1.5)), cloth)


def target(x: float, y: float, radius: float, tone: Tone) -> tuple[Shape, ...]:
    """A ring with a point in its middle: where a goal lies."""
    return (Dot(x, y, radius, Tone.GROUND, Pen(tone, 1.8)), Dot(x, y, radius * 0.38, tone))


def merger(x: float, y: float, tone: Tone) -> tuple[Shape, ...]:
    """Two lines that become one, from left to right. x, y: where they meet."""
    pen = Pen(tone, 1.6)
    return (
        Path((("M", x - 9, y - 5), ("C", x - 4, y - 5, x - 5, y, x, y), ("L", x + 5, y)), pen=pen),
        Path((("M", x - 9, y + 5), ("C", x - 4, y + 5, x - 5, y, x, y)), pen=pen),
    )
