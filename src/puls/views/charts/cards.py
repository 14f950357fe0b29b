"""A card: an indicator with its value, its level's word, sign and tint, as on the dialogue map."""

from collections.abc import Mapping
from dataclasses import dataclass

from puls.views import numbers
from puls.views.charts import signs
from puls.views.charts.lettering import LINE, shortened, width, wrapped
from puls.views.charts.reading import Spot
from puls.views.charts.scene import Box, Group, Pen, Shape, Text, block
from puls.views.charts.tones import Tone

PADDING = 12.0
NAME, WORD, VALUE = 13.5, 12.0, 16.0
"""Sizes of letters."""
SHORT_VALUE = 58.0
"""A wider value stands below the name, not beside it."""


@dataclass(frozen=True, slots=True)
class Card:
    """lines: the name as it is broken. below: the value stands in the last row."""

    spot: Spot
    lines: tuple[str, ...]
    width: float
    height: float
    below: bool


def card(name: str, spot: Spot, wide: float) -> Card:
    """The name broken into three lines at most, and how high the card then is."""
    text = _value(spot)
    long = width(text, VALUE, True)
    below = long > SHORT_VALUE
    room = wide - 2 * PADDING - (long + 10 if text and not below else 0)
    lines = tuple(wrapped(name, room, NAME, bold=True, lines=3))
    last = VALUE if below else WORD
    high = 2 * PADDING + len(lines) * NAME * LINE + last * LINE + 2
    return Card(spot, lines, wide, round(high, 1), below)


def drawn(
    card: Card,
    x: float,
    y: float,
    words: Mapping[str, str],
    language: str,
    *,
    href: str = "",
    chosen: bool = False,
) -> Group:
    """The card with its upper left corner at x and y. words: card.n {n} and card.provisional."""
    spot = card.spot
    ground, ink, rim = signs.look(spot)
    shapes: list[Shape] = [
        # A ground of its own: nothing shines through an empty or a hatched card.
        Box(x, y, card.width, card.height, Tone.GROUND, radius=8),
        Box(x, y, card.width, card.height, ground, Pen(Tone.INK, 3) if chosen else rim, 8),
    ]
    start, end = x + PADDING, x + card.width - PADDING
    top = y + PADDING + NAME * 0.9
    shapes += block(start, top, card.lines, NAME, tone=ink, bold=True, kind="name")
    foot = y + card.height - PADDING - 1
    value = _value(spot)
    if value:
        at = foot + 1 if card.below else top + 1
        shapes.append(Text(end, at, value, VALUE, ink, "end", bold=True, kind="value"))
    shapes += signs.of(spot, start, foot, ink)
    if spot.level is not None or spot.uncertain:
        start += signs.WIDTH + 6
    parts = [spot.short, spot.tag]
    if spot.n is not None:
        parts.append(words["card.n"].format(n=numbers.number(spot.n, 0, language)))
    if spot.provisional:
        parts.append(words["card.provisional"])
    room = end - start - (width(value, VALUE, True) + 8 if card.below else 0)
    beneath = shortened(" · ".join(part for part in parts if part), room, WORD)
    if beneath:
        shapes.append(Text(start, foot, beneath, WORD, ink, kind="level"))
    return Group(tuple(shapes), "node", href, chosen)


def _value(spot: Spot) -> str:
    return " ".join(part for part in (spot.text, spot.arrow) if part)
