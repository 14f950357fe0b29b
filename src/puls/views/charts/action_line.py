"""The time line of actions: from when to when each goes on, and how far it has come."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from babel.dates import format_date

from puls.views import numbers
from puls.views.charts.lettering import LINE, shortened, width
from puls.views.charts.scene import Box, Chart, Group, Pen, Scene, Shape, Table, Text, fitted, line
from puls.views.charts.tones import Tone

WIDE, NARROW = 780.0, 330.0
ROW, BAR, LETTERS = 46.0, 14.0, 13.0
SHORTEST = 28
"""Days that a bar has at least, and that one without an end goes on for."""


@dataclass(frozen=True, slots=True)
class Span:
    """One action. end: when it ended or is due; None for nobody said. state, who, told in words.

    progress: 0 to 100. over: done or stopped, drawn in grey. href: its page.
    """

    name: str
    state: str
    who: str
    start: date
    end: date | None
    progress: int
    over: bool = False
    href: str = ""


def action_line(
    spans: Sequence[Span], today: date, language: str, words: Mapping[str, str]
) -> Chart:
    """Wide and narrow, with its table, in the order given.

    words: line.title; line.description {count}; line.today; heads of the table: line.action,
    line.state, line.from, line.to, line.progress, line.who; line.open where nobody said until when.
    """
    told = words["line.title"], words["line.description"].format(count=len(spans))
    rows = tuple(
        (
            span.name,
            span.state,
            numbers.day(span.start, language),
            numbers.day(span.end, language) if span.end else words["line.open"],
            f"{span.progress}\N{NO-BREAK SPACE}%",
            span.who,
        )
        for span in spans
    )
    head = tuple(
        words[f"line.{name}"] for name in ("action", "state", "from", "to", "progress", "who")
    )
    wide, narrow = (_scene(spans, today, size, language, words, told) for size in (WIDE, NARROW))
    return Chart(wide, narrow, (Table(told[0], head, rows),))


@dataclass(frozen=True, slots=True)
class _Axis:
    first: date
    last: date
    width: float

    def x(self, day: date) -> float:
        whole = max((self.last - self.first).days, 1)
        return (day - self.first).days / whole * (self.width - 2) + 1


def _scene(
    spans: Sequence[Span],
    today: date,
    size: float,
    language: str,
    words: Mapping[str, str],
    told: tuple[str, str],
) -> Scene:
    ends = [_end(span) for span in spans]
    first = min([today, *(span.start for span in spans)]).replace(day=1)
    last = max([today, *ends]) + timedelta(days=SHORTEST)
    axis = _Axis(first, last, size)
    bottom = 34 + ROW * len(spans)
    shapes: list[Shape] = list(_months(axis, bottom, language))
    for number, (span, end) in enumerate(zip(spans, ends, strict=True)):
        shapes += _row(span, end, axis, 34 + ROW * number)
    x = axis.x(today)
    shapes.append(line((x, 20), (x, bottom), pen=Pen(Tone.PRESS, 1.4, (2, 3))))
    near_end = x > size - 60
    at, anchor = (x - 5, "end") if near_end else (x + 5, "start")
    name = Text(at, bottom + LETTERS, words["line.today"], LETTERS - 1, Tone.PRESS, bold=True)
    shapes.append(replace(name, anchor=anchor, kind="today"))  # type: ignore[arg-type]
    return fitted(size, told, shapes)


def _end(span: Span) -> date:
    least = span.start + timedelta(days=SHORTEST)
    return max(span.end, least) if span.end else least


def _months(axis: _Axis, bottom: float, language: str) -> Iterator[Shape]:
    """A thin line at the beginning of months, as many as have room for their names."""
    months = list(_firsts(axis.first, axis.last))
    step = max(1, round(len(months) * 64 / axis.width + 0.5))
    for number, day in enumerate(months):
        if number % step:
            continue
        x = axis.x(day)
        yield line((x, 20), (x, bottom), pen=Pen(Tone.LINE, 1))
        pattern = "MMM yyyy" if day.month == 1 or number == 0 else "MMM"
        name = str(format_date(day, pattern, locale=numbers.LOCALES.get(language, language)))
        if x + 4 + width(name, LETTERS - 1) <= axis.width:
            yield Text(x + 4, 14, name, LETTERS - 1, Tone.INK_SOFT, kind="month")


def _firsts(first: date, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        yield day
        day = (day + timedelta(days=32)).replace(day=1)


def _row(span: Span, end: date, axis: _Axis, top: float) -> list[Shape]:
    """The name above, a pale bar from when to when, and in it how far it has come."""
    left, right = axis.x(span.start), axis.x(end)
    ink = Tone.INK_SOFT if span.over else Tone.INK
    words = f"{span.name} · {span.state}, {span.progress}\N{NO-BREAK SPACE}%"
    text = shortened(words, axis.width - 8, LETTERS, bold=True)
    start = min(left, max(0.0, axis.width - 8 - width(text, LETTERS, True)))
    name = Text(start, top + LETTERS, text, LETTERS, ink, bold=True, halo=True, kind="name")
    y = top + LETTERS * LINE + 4
    outline = Pen(Tone.LINE_STRONG if span.over else Tone.PRESS, 1.2, () if span.end else (4, 3))
    shapes: list[Shape] = [
        name,
        Box(left, y, right - left, BAR, Tone.SOFT if span.over else Tone.PRESS_SOFT, outline, 4),
    ]
    if span.progress:
        fill = Tone.LINE_STRONG if span.over else Tone.PRESS
        shapes.append(Box(left, y, (right - left) * span.progress / 100, BAR, fill, None, 4))
    return [Group(tuple(shapes), kind="span", href=span.href)]
