"""A rubric's profile as shapes: a row for a level, a column for a time, a dot for each voice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from puls.views import numbers
from puls.views.charts import cards, signs, tones
from puls.views.charts.lettering import LINE, shortened, width, wrapped
from puls.views.charts.reading import Spot
from puls.views.charts.scene import Box, Dot, Pen, Shape, Text, block, line
from puls.views.charts.tones import Tone

RADIUS, STEP = 5.0, 13.0
"""Of a dot, and from one to the next."""
MOST_DOTS = 30
"""In one cell; more people than that are drawn as a bar."""
CHIP = 40.0
GAP = 16.0


@dataclass(frozen=True, slots=True)
class Spread:
    """counts: of level 1, 2, 3 and 4; None where too few took part."""

    label: str
    counts: tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class Size:
    """width: of the scene. letters: size of most words. stacked: dots below the words of a level,
    not beside them. cards: how many stand beside each other."""

    width: float
    letters: float
    stacked: bool
    cards: int


WIDE = Size(760, 12.5, stacked=False, cards=3)
NARROW = Size(320, 12.5, stacked=True, cards=1)
Texts = Mapping[int, tuple[str, str]]
"""Word and description of each level, the highest first."""


def profile(
    spreads: Sequence[Spread],
    texts: Texts,
    hidden: str,
    beside: Sequence[tuple[str, Spot]],
    size: Size,
    words: Mapping[str, str],
    language: str,
) -> list[Shape]:
    """hidden: the word where too few took part. beside: names and values of the same area."""
    found, y = (_stacked if size.stacked else _side_by_side)(spreads, texts, hidden, size, language)
    if not beside:
        return found
    y += 30
    for text in wrapped(words["rubric.beside"], size.width, 14.5, bold=True):
        found.append(Text(0, y, text, 14.5, bold=True, kind="head"))
        y += 14.5 * LINE
    wide = (size.width - GAP * (size.cards - 1)) / size.cards
    for start in range(0, len(beside), size.cards):
        row = [cards.card(name, spot, wide) for name, spot in beside[start : start + size.cards]]
        for number, each in enumerate(row):
            found.append(cards.drawn(each, number * (wide + GAP), y, words, language))
        y += max(each.height for each in row) + GAP
    return found


def _side_by_side(
    spreads: Sequence[Spread], texts: Texts, hidden: str, size: Size, language: str
) -> tuple[list[Shape], float]:
    """Words to the left, a column for each time to the right, the newest last and in full ink."""
    letters = size.letters
    count = max(len(spreads), 1)
    wide = min(176.0, max(84.0, 360.0 / count))
    start = size.width - wide * len(spreads)
    room = start - CHIP - 2 * GAP - 8
    found: list[Shape] = []
    for number, spread in enumerate(spreads):
        newest = number == len(spreads) - 1
        label = shortened(spread.label, wide - 8, letters, newest)
        tone = Tone.INK if newest else Tone.INK_SOFT
        at = start + number * wide
        found.append(Text(at, letters, label, letters, tone, bold=newest, kind="round"))
    y = letters * LINE + 10
    for level, (word, says) in texts.items():
        lines = wrapped(says, room, letters)
        dots = [_dots(s.counts[level - 1], wide)[1] for s in spreads if s.counts is not None]
        needs = (len(lines) + 1) * letters * LINE + 22
        high = max([needs, CHIP + 18, *(each + 24 for each in dots)])
        found.append(line((0, y), (size.width, y), pen=Pen(Tone.LINE)))
        middle = y + high / 2
        found += _chip(0, middle - CHIP / 2, level)
        first = middle - len(lines) * letters * LINE / 2 + letters * 0.35
        found += _says(CHIP + GAP, first, word, lines, letters)
        for number, spread in enumerate(spreads):
            newest = number == len(spreads) - 1
            x = start + number * wide
            found += _cell(spread, level, x, middle, wide, newest, hidden, letters, language)
        y += high
    return found, y


def _stacked(
    spreads: Sequence[Spread], texts: Texts, hidden: str, size: Size, language: str
) -> tuple[list[Shape], float]:
    """A level's words, and below them a row of dots for each time."""
    letters, found, y = size.letters, list[Shape](), 2.0
    names = min(
        max((width(spread.label, letters - 1, True) for spread in spreads), default=0.0), 110.0
    )
    for level, (word, says) in texts.items():
        found.append(line((0, y), (size.width, y), pen=Pen(Tone.LINE)))
        y += 12
        found += _chip(0, y, level)
        lines = wrapped(says, size.width - CHIP - 12, letters)
        found += _says(CHIP + 12, y + letters, word, lines, letters)
        y += max((len(lines) + 1) * letters * LINE + 8, CHIP + 8)
        for number, spread in enumerate(spreads):
            newest = number == len(spreads) - 1
            room = size.width - names - 12
            high = 26.0
            if spread.counts is not None:
                high = max(high, _dots(spread.counts[level - 1], room)[1] + 10)
            middle = y + high / 2
            name = shortened(spread.label, names, letters - 1, newest)
            tone = Tone.INK if newest else Tone.INK_SOFT
            found.append(
                Text(0, middle + letters * 0.35, name, letters - 1, tone, bold=newest, kind="round")
            )
            at = names + 12, middle, room, newest
            found += _cell(spread, level, *at, hidden, letters, language)
            y += high
        y += 8
    return found, y


def _says(x: float, y: float, word: str, lines: Sequence[str], letters: float) -> tuple[Shape, ...]:
    """The level's word, and what it means. y: baseline of the word."""
    head = Text(x, y, numbers.capitalised(word), letters, bold=True, kind="level")
    return head, *block(x, y + letters * LINE, lines, letters, kind="says")


def _chip(x: float, y: float, level: int) -> list[Shape]:
    """The level as number, symbol and tint."""
    ink = tones.on(level, 4)
    return [
        Box(x, y, CHIP, CHIP, tones.tint(level, 4), radius=8),
        Text(x + CHIP / 2, y + 18, str(level), 15, ink, "middle", bold=True, kind="number"),
        *signs.bars(x + CHIP / 2 - signs.WIDTH / 2, y + 33, level, 4, ink),
    ]


def _dots(count: int, room: float) -> tuple[int, float]:
    """How many dots stand in a row, and how high all rows are. room: with the number beside."""
    across = max(min(int((room - 32) // STEP), 10), 1)
    rows = 1 if count > MOST_DOTS else max(ceil(count / across), 1)
    return max(ceil(count / rows), 1), rows * STEP


def _cell(
    spread: Spread,
    level: int,
    x: float,
    middle: float,
    wide: float,
    newest: bool,
    hidden: str,
    letters: float,
    language: str,
) -> list[Shape]:
    """A dot for each who placed the school here, and how many they are."""
    if spread.counts is None:
        word = shortened(hidden, wide - 20, letters - 1)
        long = width(word, letters - 1) + 12
        box = Box(x, middle - 11, long, 22, pen=Pen(Tone.LINE_STRONG, 1, (3, 3)), radius=5)
        tone = Tone.INK_SOFT
        return [box, Text(x + 6, middle + 4, word, letters - 1, tone, kind="hidden")]
    count, tone = spread.counts[level - 1], Tone.PRESS if newest else Tone.LINE_STRONG
    across, high = _dots(count, wide)
    found: list[Shape] = []
    end = x
    if count > MOST_DOTS:
        share = count / sum(spread.counts)
        end = x + (wide - 52) * share
        found.append(Box(x, middle - 6, end - x, 12, tone, radius=3))
    else:
        for number in range(count):
            row, place = divmod(number, across)
            dot_x = x + RADIUS + place * STEP
            dot_y = middle - high / 2 + STEP / 2 + row * STEP
            found.append(Dot(dot_x, dot_y, RADIUS, tone))
            end = max(end, dot_x + RADIUS)
    text = numbers.number(count, 0, language)
    ink = Tone.INK if newest else Tone.INK_SOFT
    at = end + (8 if count else 0)
    found.append(
        Text(at, middle + letters * 0.35, text, letters + 1, ink, bold=newest, kind="count")
    )
    return found
