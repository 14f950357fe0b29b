"""What a chart is made of before it becomes an SVG: words, and shapes with roles for colours.

A scene has a size in points of its own; x goes right and y goes down from its upper left corner.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from puls.views.charts.lettering import LINE, width, wrapped
from puls.views.charts.tones import Tone

Point = tuple[float, float]
Extent = tuple[float, float, float, float]
"""Left, top, right, bottom."""
Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class Pen:
    tone: Tone
    width: float = 1.0
    dash: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    width: float
    height: float
    fill: Tone = Tone.NONE
    pen: Pen | None = None
    radius: float = 0.0

    @property
    def points(self) -> tuple[Point, ...]:
        return ((self.x, self.y), (self.x + self.width, self.y + self.height))


@dataclass(frozen=True, slots=True)
class Dot:
    x: float
    y: float
    radius: float
    fill: Tone = Tone.NONE
    pen: Pen | None = None

    @property
    def points(self) -> tuple[Point, ...]:
        r = self.radius
        return ((self.x - r, self.y - r), (self.x + r, self.y + r))


@dataclass(frozen=True, slots=True)
class Path:
    """A line of steps: ("M", x, y), ("L", x, y), ("C", x1, y1, x2, y2, x, y), ("Z",)."""

    steps: tuple[tuple[str | float, ...], ...]
    fill: Tone = Tone.NONE
    pen: Pen | None = None

    @property
    def points(self) -> tuple[Point, ...]:
        """Its points and control points: the line lies within them."""
        numbers = [tuple(float(part) for part in step[1:]) for step in self.steps if len(step) > 1]
        return tuple((s[n], s[n + 1]) for s in numbers for n in range(0, len(s), 2))


@dataclass(frozen=True, slots=True)
class Text:
    """One line of words. y: of the baseline. turned: read from below upwards.

    halo: keeps a rim of the ground around the letters, where lines may pass behind them.
    kind: what a test or a style sheet calls it ("value", "level", "end", "year", ...).
    """

    x: float
    y: float
    text: str
    size: float = 12.0
    tone: Tone = Tone.INK
    anchor: Anchor = "start"
    bold: bool = False
    turned: bool = False
    halo: bool = False
    kind: str = ""

    @property
    def extent(self) -> Extent:
        """The room it takes at most, in the widest of the usual fonts."""
        wide = width(self.text, self.size, self.bold)
        before = {"start": 0.0, "middle": wide / 2, "end": wide}[self.anchor]
        up, down = 0.78 * self.size, 0.22 * self.size
        if self.turned:
            return (self.x - up, self.y - wide + before, self.x + down, self.y + before)
        return (self.x - before, self.y - up, self.x - before + wide, self.y + down)

    @property
    def points(self) -> tuple[Point, ...]:
        left, top, right, bottom = self.extent
        return ((left, top), (right, bottom))


@dataclass(frozen=True, slots=True)
class Group:
    """Shapes that belong together.

    href: on a page the group is a link, and its words are its name. kind: its class there.
    current: it is the thing that the page is about.
    """

    shapes: tuple["Shape", ...]
    kind: str = ""
    href: str = ""
    current: bool = False

    @property
    def points(self) -> tuple[Point, ...]:
        return tuple(point for shape in self.shapes for point in shape.points)


Shape = Box | Dot | Path | Text | Group


@dataclass(frozen=True, slots=True)
class Table:
    """The twin of a chart in words: what a screen reader, a sheet or a slide gets.

    rows: as many fields as head has; the first is the row's name.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def __post_init__(self) -> None:
        assert all(len(row) == len(self.head) for row in self.rows), f"{self.caption}: uneven rows"


@dataclass(frozen=True, slots=True)
class Scene:
    """title, description: one line and one sentence in the reader's language; the description says
    what the picture shows, for those who do not see it."""

    width: float
    height: float
    title: str
    description: str
    shapes: tuple[Shape, ...]

    @property
    def texts(self) -> tuple[Text, ...]:
        return tuple(shape for shape in flat(self.shapes) if isinstance(shape, Text))


@dataclass(frozen=True, slots=True)
class Chart:
    """One definition for every output.

    wide: for desks, documents and e-mail. narrow: the same for a phone, None where a list of the
    page stands in its place. tables: the twins in words, the first with all numbers.
    """

    wide: Scene
    narrow: Scene | None
    tables: tuple[Table, ...]

    @property
    def title(self) -> str:
        return self.wide.title

    @property
    def description(self) -> str:
        return self.wide.description


def flat(shapes: Iterable[Shape]) -> Iterator[Box | Dot | Path | Text]:
    """The shapes without their groups, in the order in which they are drawn."""
    for shape in shapes:
        if isinstance(shape, Group):
            yield from flat(shape.shapes)
        else:
            yield shape


def fitted(width: float, told: tuple[str, str], shapes: Iterable[Shape]) -> Scene:
    """A scene as high as its shapes need. told: title and description."""
    drawn = tuple(shapes)
    lowest = max((y for shape in drawn for _, y in shape.points), default=0.0)
    return Scene(width, round(lowest + 6, 1), *told, drawn)


def line(*points: Point, pen: Pen) -> Path:
    """A line through points."""
    steps = tuple(("L" if n else "M", *point) for n, point in enumerate(points))
    return Path(steps, pen=pen)


def area(points: Iterable[Point], fill: Tone) -> Path:
    """A filled shape between points."""
    steps = tuple(("L" if n else "M", *point) for n, point in enumerate(points))
    return Path((*steps, ("Z",)), fill=fill)


def block(
    x: float, y: float, lines: Iterable[str], size: float, **more: object
) -> tuple[Text, ...]:
    """Lines of text below each other; y: baseline of the first. more: as of `Text`."""
    first = Text(x, y, "", size)
    return tuple(
        replace(first, y=y + number * size * LINE, text=text, **more)  # type: ignore[arg-type]
        for number, text in enumerate(lines)
    )


def moved(shapes: Iterable[Shape], dx: float, dy: float) -> tuple[Shape, ...]:
    """The same shapes in another place."""
    found: list[Shape] = []
    for shape in shapes:
        if isinstance(shape, Group):
            found.append(replace(shape, shapes=moved(shape.shapes, dx, dy)))
        elif isinstance(shape, Path):
            found.append(replace(shape, steps=tuple(_step(step, dx, dy) for step in shape.steps)))
        else:
            found.append(replace(shape, x=shape.x + dx, y=shape.y + dy))
    return tuple(found)


def _step(step: tuple[str | float, ...], dx: float, dy: float) -> tuple[str | float, ...]:
    places = (float(part) + (dy if n % 2 else dx) for n, part in enumerate(step[1:]))
    return (step[0], *places)


MARGIN = 24.0
TITLE, FOOT = 17.0, 11.0
"""Sizes of letters of what frames a picture that stands alone."""


def framed(scene: Scene, foot: Iterable[str] = ()) -> Scene:
    """The scene with its title above, a margin around, and lines such as its source beneath.

    For pictures that leave the page: in e-mail, in a download, on a wall.
    """
    shapes: list[Shape] = []
    y = MARGIN + TITLE
    for text in wrapped(scene.title, scene.width, TITLE, bold=True):
        shapes.append(Text(MARGIN, y, text, TITLE, bold=True, kind="title"))
        y += TITLE * LINE
    shapes += moved(scene.shapes, MARGIN, y - 4)
    y += scene.height + MARGIN
    for sentence in foot:
        for text in wrapped(sentence, scene.width, FOOT):
            shapes.append(Text(MARGIN, y, text, FOOT, Tone.INK_SOFT, kind="foot"))
            y += FOOT * LINE
    wide = scene.width + 2 * MARGIN
    return Scene(wide, round(y + MARGIN / 2, 1), scene.title, scene.description, tuple(shapes))
