"""Where the indicators of a dialogue map stand, and how the lines between them run.

Three columns, read from left to right. Nothing is left to chance: the same map is the same picture.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from puls.views.charts.cards import PADDING, Card, card
from puls.views.charts.dialogue_parts import Column, Node

WIDTH = 920.0
AISLE = 104.0
"""Between two columns: room for the lines."""
GAP, MOST_GAP = 16.0, 40.0
"""Between two indicators of a column. A column with few spreads out a little towards the others."""
HEAD = 44.0
"""From the top to the first indicator: the names of the columns stand there."""
PORT = 8.0
"""Between two lines that end at the same side of an indicator, at most."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the card of an indicator lies. column: its number, from 0."""

    node: Node
    column: int
    x: float
    y: float
    card: Card

    @property
    def width(self) -> float:
        return self.card.width

    @property
    def height(self) -> float:
        return self.card.height

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


Curve = tuple[tuple[str | float, ...], ...]
"""Steps of a path, as in `puls.views.charts.scene.Path`."""


def places(columns: Sequence[Column]) -> tuple[dict[str, Place], float]:
    """The box of every indicator by its key, and the height that all need."""
    count = max(len(columns), 1)
    wide = (WIDTH - AISLE * (count - 1)) / count if count > 1 else WIDTH / 3
    wide = min(wide, WIDTH / 3)
    sized = [[card(node.name, node.spot, wide) for node in column.nodes] for column in columns]
    needs = [sum(c.height for c in rows) + GAP * (len(rows) - 1) for rows in sized if rows]
    tallest = max(needs, default=0.0)
    found: dict[str, Place] = {}
    for number, (column, rows) in enumerate(zip(columns, sized, strict=True)):
        boxes = sum(each.height for each in rows)
        gap = GAP
        if len(rows) > 1:
            gap = min(MOST_GAP, (tallest - boxes) / (len(rows) - 1))
        y = HEAD + (tallest - boxes - gap * (len(rows) - 1)) / 2
        x = number * (wide + AISLE)
        for node, each in zip(column.nodes, rows, strict=True):
            found[node.key] = Place(node, number, x, y, each)
            y += each.height + gap
    return found, HEAD + tallest


@dataclass(frozen=True, slots=True)
class Run:
    """A line between two boxes: its steps, and places along it where a number may stand."""

    steps: Curve
    spots: tuple[tuple[float, float], ...]


def runs(pairs: Sequence[tuple[str, str]], boxes: Mapping[str, Place]) -> list[Run]:
    """How the line of each pair runs. Lines that end at one side of a box end below each other.

    Between neighbouring columns in a soft curve; from the first to the last through the nearest
    gap between two boxes of the middle one; within a column in a bow beside it.
    """
    ports = _ports(pairs, boxes)
    passing: dict[int, int] = {}
    found = []
    for number, (one, other) in enumerate(pairs):
        a, b = sorted((boxes[one], boxes[other]), key=lambda box: (box.column, box.y))
        start = ports[number, a.node.key]
        end = ports[number, b.node.key]
        if a.column == b.column:
            found.append(_bow(start, end, a.column, boxes))
        elif b.column == a.column + 1:
            found.append(_curve(start, end))
        else:
            found.append(_through(start, end, boxes, passing))
    return found


def _side(own: Place, other: Place, last: int) -> str:
    """The side of its box at which a line leaves towards another."""
    if own.column == other.column:
        return "left" if own.column == last and last else "right"
    return "right" if own.column < other.column else "left"


def _ports(
    pairs: Sequence[tuple[str, str]], boxes: Mapping[str, Place]
) -> dict[tuple[int, str], tuple[float, float]]:
    """Where each line meets its boxes, by the line's number and the box: in the order of the
    other ends, so that lines do not cross before they have left."""
    last = max((box.column for box in boxes.values()), default=0)
    meeting: dict[tuple[str, str], list[tuple[float, int]]] = {}
    for number, pair in enumerate(pairs):
        for own, other in (pair, pair[::-1]):
            side = _side(boxes[own], boxes[other], last)
            meeting.setdefault((own, side), []).append((boxes[other].middle, number))
    found = {}
    for (key, side), ends in meeting.items():
        box = boxes[key]
        step = min(PORT, (box.height - 2 * PADDING) / len(ends))
        x = box.x if side == "left" else box.x + box.width
        for spot, (_, number) in enumerate(sorted(ends)):
            found[number, key] = (x, box.middle + (spot - (len(ends) - 1) / 2) * step)
    return found


def _curve(start: tuple[float, float], end: tuple[float, float]) -> Run:
    middle = (start[0] + end[0]) / 2
    steps: Curve = (("M", *start), ("C", middle, start[1], middle, end[1], *end))
    return Run(steps, tuple(_along(start, end, t) for t in (0.78, 0.22, 0.64, 0.36, 0.5)))


def _along(start: tuple[float, float], end: tuple[float, float], t: float) -> tuple[float, float]:
    """A point of a soft curve whose controls lie half-way across."""
    middle = (start[0] + end[0]) / 2
    a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
    x = a * start[0] + b * middle + c * middle + d * end[0]
    return x, (a + b) * start[1] + (c + d) * end[1]


def _bow(
    start: tuple[float, float], end: tuple[float, float], column: int, boxes: Mapping[str, Place]
) -> Run:
    last = max(box.column for box in boxes.values())
    out = 26 + min(34.0, abs(end[1] - start[1]) / 8)
    x = start[0] - out if column == last and last else start[0] + out
    steps: Curve = (("M", *start), ("C", x, start[1], x, end[1], *end))
    apex = start[0] + 0.75 * (x - start[0])
    middle = (start[1] + end[1]) / 2
    return Run(steps, ((apex, middle), (apex, middle - 16), (apex, middle + 16)))


def _through(
    start: tuple[float, float],
    end: tuple[float, float],
    boxes: Mapping[str, Place],
    passing: dict[int, int],
) -> Run:
    """Past the middle column, between two of its boxes or along its ends."""
    between = sorted(
        (box for box in boxes.values() if start[0] < box.x and box.x + box.width < end[0]),
        key=lambda box: box.y,
    )
    if not between:
        return _curve(start, end)
    tops = [between[0].y - GAP, *(box.y + box.height for box in between)]
    feet = [between[0].y, *(box.y for box in between[1:]), between[-1].y + between[-1].height + GAP]
    gaps = list(zip(tops, feet, strict=True))
    wanted = (start[1] + end[1]) / 2
    number = min(range(len(gaps)), key=lambda n: (abs(sum(gaps[n]) / 2 - wanted), n))
    top, foot = gaps[number]
    order = passing.get(number, 0)
    passing[number] = order + 1
    # The first goes through the middle of the gap, the next ones beside it.
    beside = (order + 1) // 2 * 4.0 * (1 if order % 2 else -1)
    y = min(max((top + foot) / 2 + beside, top + 2), foot - 2)
    left, right = between[0].x, between[0].x + between[0].width
    one, two = (start[0] + left) / 2, (right + end[0]) / 2
    steps: Curve = (
        ("M", *start),
        ("C", one, start[1], one, y, left, y),
        ("L", right, y),
        ("C", two, y, two, end[1], *end),
    )
    before, after = (left, y), (right, y)
    return Run(
        steps,
        (
            *(_along(after, end, t) for t in (0.78, 0.5)),
            *(_along(start, before, t) for t in (0.22, 0.5)),
        ),
    )
