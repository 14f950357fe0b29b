"""What stands at the ends of a trend graph's lines: last value and name, so that no legend is
needed."""

from dataclasses import dataclass

from puls.views.charts.lettering import LINE, shortened, width, wrapped
from puls.views.charts.scene import Pen, Shape, Text, line
from puls.views.charts.spacing import spread
from puls.views.charts.tones import Tone
from puls.views.charts.trend_parts import Told, Trend
from puls.views.charts.trend_plot import GAP, Plot, Size


@dataclass(frozen=True, slots=True)
class End:
    """One label: the place and value where its line ends, and its words line by line.

    at: in periods; None for a line that goes through to the end of the plot.
    """

    at: float | None
    value: float
    lines: tuple[Text, ...]
    tone: Tone = Tone.LINE_STRONG

    @property
    def width(self) -> float:
        return max(width(text.text, text.size, text.bold) for text in self.lines)

    @property
    def height(self) -> float:
        return sum(text.size * LINE for text in self.lines) + 4


def labels(trend: Trend, size: Size, provisional: str) -> list[End]:
    """The labels of the own line, the comparison lines and the goal, where they have a number.

    provisional: the word for a figure that may still be revised.
    """
    letters, room = size.letters, size.ends - GAP
    found: list[End] = []
    if trend.newest is not None and trend.newest.value is not None:
        spot, value = trend.newest, trend.newest.value
        text = " ".join(part for part in (spot.text, spot.arrow) if part)
        bold = shortened(text, room, letters + 2.5, True)
        lines = [Text(0.0, 0.0, bold, letters + 2.5, bold=True, kind="value")]
        for words in wrapped(trend.own.name, room, letters, True, 3):
            lines.append(Text(0.0, 0.0, words, letters, bold=True, kind="end"))
        if spot.provisional:
            lines.append(_soft(provisional, letters - 1, room))
        found.append(End(spot.period, value, tuple(lines)))
    for told in trend.comparisons:
        found += _comparison(told, letters - 0.5, room)
    if trend.goal is not None:
        size_ = letters - 0.5
        parts = wrapped(trend.goal.name, room, size_, lines=3)
        texts = tuple(Text(0, 0, part, size_, Tone.PRESS, kind="end") for part in parts)
        found.append(End(trend.due, trend.goal.value, texts, Tone.PRESS))
    return found


def _comparison(told: Told, size: float, room: float) -> list[End]:
    last = next((spot for spot in reversed(told.spots) if spot.value is not None), None)
    if last is None or last.value is None:
        return []
    # The value first: of a long name the end may go, of a number nothing.
    words = wrapped(f"{last.text} {told.name}", room, size, lines=2)
    texts = tuple(Text(0, 0, text, size, Tone.INK_SOFT, kind="end") for text in words)
    return [End(last.period, last.value, texts)]


def _soft(text: str, size: float, room: float) -> Text:
    return Text(0, 0, shortened(text, room, size), size, Tone.INK_SOFT, kind="end")


def ends(plot: Plot, found: list[End]) -> list[Shape]:
    """The labels right of the plot, none over another, each with a thread to its line's end."""
    at = plot.right + GAP
    wanted = [
        # The first line, not the middle of the label, stands beside the end of its line.
        (plot.y(end.value) + end.height / 2 - end.lines[0].size * LINE / 2 - 2, end.height)
        for end in found
    ]
    shapes: list[Shape] = []
    places = spread(wanted, plot.top - 8, plot.bottom + 26)
    for end, middle in zip(found, places, strict=True):
        top = middle - end.height / 2 + 2
        beside = top + end.lines[0].size * LINE / 2
        start = plot.right if end.at is None else plot.x(end.at) + 7
        shapes.append(line((start, plot.y(end.value)), (at - 3, beside), pen=Pen(end.tone, 0.8)))
        for text in end.lines:
            y = top + text.size * (LINE / 2 + 0.35)
            shapes.append(
                Text(at, y, text.text, text.size, text.tone, bold=text.bold, kind=text.kind)
            )
            top += text.size * LINE
    return shapes
