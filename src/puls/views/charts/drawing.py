"""A scene as SVG: for a page, where the style sheet gives the colours, or for a file, written out.

What is drawn is the same everywhere. On a page every colour is a class and letters are those of the
page; a file has the colours of one theme and our own font, which documents bring along.
"""

from collections.abc import Iterable, Mapping
from html import escape

from puls.views.charts.scene import Box, Chart, Dot, Group, Path, Pen, Scene, Shape, Table, flat
from puls.views.charts.scene import Text as Words
from puls.views.charts.tones import PAGE, THEMES, Tone

FONT = "Inter"
HALO = 3.5
ESTIMATE = 0.16
"""How much ink the band of an estimate has."""
STRIPE = 9.0


def svg(scene: Scene, theme: str = PAGE, *, key: str = "chart", kind: str = "") -> str:
    """The scene as one SVG element.

    theme: "page", or "light", "dark", "grey" for files. key: what its ids begin with; of two SVGs
    on one page each needs its own. kind: further classes on a page.
    """
    draw = _Drawing(theme, key)
    inside = "".join(draw.shape(shape) for shape in scene.shapes)
    uses_hatch = any(getattr(shape, "fill", "") is Tone.HATCHED for shape in flat(scene.shapes))
    hatch = draw.hatch() if uses_hatch else ""
    told = (
        f'<title id="{key}-t">{escape(scene.title)}</title>'
        f'<desc id="{key}-d">{escape(scene.description)}</desc>'
    )
    size = f'width="{_n(scene.width)}" height="{_n(scene.height)}"'
    view = f'viewBox="0 0 {_n(scene.width)} {_n(scene.height)}"'
    if theme == PAGE:
        # What has links inside is a group: an image would hide them from a screen reader.
        role = "group" if _has_links(scene.shapes) else "img"
        names = f'role="{role}" aria-labelledby="{key}-t" aria-describedby="{key}-d"'
        classes = f"chart {kind}".strip()
        return f'<svg class="{classes}" {size} {view} {names}>{told}{hatch}{inside}</svg>'
    ground = f'<rect width="100%" height="100%" fill="{draw.colours[Tone.GROUND]}"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} {view} font-family="{FONT}">'
        f"{told}{hatch}{ground}{inside}</svg>"
    )


def page(chart: Chart, key: str) -> str:
    """A chart for a page: the wide and the narrow picture, of which the page shows one.

    Goes into an element of the page that has a heading of its own; the tables follow by `table`.
    """
    wide = svg(chart.wide, key=f"{key}-w", kind="wide" if chart.narrow else "")
    narrow = svg(chart.narrow, key=f"{key}-n", kind="narrow") if chart.narrow else ""
    return f'<div class="chart-frame">{wide}{narrow}</div>'


def tables(chart: Chart) -> str:
    """The table twins of a chart as HTML, each in a region of its own that can be scrolled."""
    return "".join(
        f'<div class="chart-tables" role="region" tabindex="0" aria-label="{escape(twin.caption)}">'
        f"{table(twin)}</div>"
        for twin in chart.tables
    )


def table(twin: Table) -> str:
    """A table twin as HTML: heads are heads, the first field of a row names it."""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in twin.head)
    rows = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>'
        + "".join(f"<td>{escape(part)}</td>" for part in row[1:])
        + "</tr>"
        for row in twin.rows
    )
    return (
        f'<table class="ds-table chart-table"><caption>{escape(twin.caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    )


def _has_links(shapes: Iterable[Shape]) -> bool:
    return any(
        isinstance(shape, Group) and (shape.href or _has_links(shape.shapes)) for shape in shapes
    )


def _n(number: float) -> str:
    """With one decimal at most: 12.0 -> "12". A tenth of a point is finer than anybody sees."""
    return f"{round(number, 1) + 0.0:g}" if abs(number) < 1e5 else f"{number:.0f}"


class _Drawing:
    """How shapes are written in one theme."""

    def __init__(self, theme: str, key: str) -> None:
        self.page, self.key = theme == PAGE, key
        self.colours: Mapping[Tone, str] = {} if self.page else THEMES[theme]

    def shape(self, shape: Shape) -> str:
        match shape:
            case Box():
                box = f'x="{_n(shape.x)}" y="{_n(shape.y)}" '
                box += f'width="{_n(shape.width)}" height="{_n(shape.height)}"'
                round_ = f' rx="{_n(shape.radius)}"' if shape.radius else ""
                return f"<rect {box}{round_}{self.paint(shape.fill, shape.pen)}/>"
            case Dot():
                at = f'cx="{_n(shape.x)}" cy="{_n(shape.y)}" r="{_n(shape.radius)}"'
                return f"<circle {at}{self.paint(shape.fill, shape.pen)}/>"
            case Path():
                steps = "".join(
                    f"{step[0]}{' '.join(_n(float(part)) for part in step[1:])}"
                    for step in shape.steps
                )
                return f'<path d="{steps}"{self.paint(shape.fill, shape.pen)}/>'
            case Words():
                return self.words(shape)
            case Group():
                return self.group(shape)

    def group(self, group: Group) -> str:
        inside = "".join(self.shape(shape) for shape in group.shapes)
        if not self.page:
            return f"<g>{inside}</g>"
        kind = f' class="{escape(group.kind)}"' if group.kind else ""
        if not group.href:
            return f"<g{kind}>{inside}</g>"
        # Its words are its name: spaces keep them apart for those who hear them.
        inside = inside.replace("</text>", "</text> ")
        current = ' aria-current="true"' if group.current else ""
        return f'<a href="{escape(group.href)}"{kind}{current}>{inside}</a>'

    def words(self, words: Words) -> str:
        at = f'x="{_n(words.x)}" y="{_n(words.y)}"'
        more = f' font-size="{_n(words.size)}"'
        if words.bold:
            more += ' font-weight="600"'
        if words.anchor != "start":
            more += f' text-anchor="{words.anchor}"'
        if words.turned:
            more += f' transform="rotate(-90 {_n(words.x)} {_n(words.y)})"'
        pen = None
        if words.halo:
            more += ' paint-order="stroke" stroke-linejoin="round"'
            pen = Pen(Tone.GROUND, HALO)
        paint = self.paint(words.tone, pen, text=True)
        return f"<text {at}{more}{paint}>{escape(words.text)}</text>"

    def paint(self, fill: Tone, pen: Pen | None, text: bool = False) -> str:
        """Attributes of fill and line. What has neither is invisible, never black."""
        if self.page:
            return self._classes(fill, pen, text)
        found = ""
        if fill is Tone.NONE:
            found = ' fill="none"'
        elif fill is Tone.HATCHED:
            found = f' fill="url(#{self.key}-hatch)"'
        elif fill is Tone.ESTIMATE:
            found = f' fill="{self.colours[Tone.INK]}" fill-opacity="{ESTIMATE}"'
        else:
            found = f' fill="{self.colours[fill]}"'
        if pen:
            found += f' stroke="{self.colours[pen.tone]}"{_line(pen)}'
        return found

    def _classes(self, fill: Tone, pen: Pen | None, text: bool) -> str:
        classes, found = [], ""
        if fill is Tone.NONE:
            found += ' fill="none"'
        elif fill is Tone.HATCHED:
            found += f' fill="url(#{self.key}-hatch)"'
        else:
            classes.append(f"f-{fill}")
        if pen:
            classes.append(f"s-{pen.tone}")
            found += _line(pen)
        if text:
            classes.append("t")
        return (f' class="{" ".join(classes)}"' if classes else "") + found

    def hatch(self) -> str:
        """The stripes that say uncertain, slanting as those of the colour table."""
        half = STRIPE / 2
        ground = self.shape(Box(0, 0, STRIPE, STRIPE, Tone.HATCH_GROUND))
        stripe = self.shape(Box(0, 0, half, STRIPE, Tone.HATCH))
        return (
            f'<defs><pattern id="{self.key}-hatch" width="{_n(STRIPE)}" height="{_n(STRIPE)}" '
            f'patternUnits="userSpaceOnUse" patternTransform="rotate(45)">{ground}{stripe}'
            "</pattern></defs>"
        )


def _line(pen: Pen) -> str:
    width = f' stroke-width="{_n(pen.width)}"' if pen.width != 1 else ""
    dash = f' stroke-dasharray="{" ".join(_n(part) for part in pen.dash)}"' if pen.dash else ""
    return width + dash
