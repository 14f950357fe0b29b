"""The symbols that stand beside every colour and value: bars, dots, arrows, triangles."""

from collections.abc import Iterable

WIDTH, HEIGHT, GAP = 16, 12, 1.5


def bars_name(level: int, levels: int) -> str:
    """The id under which a page's sprite holds the symbol: "bars-2-3"."""
    return f"bars-{level}-{levels}"


def bars(level: int, levels: int) -> str:
    """The inside of an SVG with a rising bar per level, filled up to the level reached.

    Only `currentColor` is used: the symbol is as readable as the text beside it, in every theme,
    in print and with forced colours.
    """
    assert 1 <= level <= levels, f"level {level} of {levels}"
    width = (WIDTH - GAP * (levels - 1)) / levels
    parts = []
    for position in range(levels):
        height = HEIGHT * (0.42 + 0.58 * position / max(levels - 1, 1))
        left, top = position * (width + GAP), HEIGHT - height
        if position < level:
            box = f'x="{left:.2f}" y="{top:.2f}" width="{width:.2f}" height="{height:.2f}"'
            parts.append(f'<rect {box} rx=".6" fill="currentColor"/>')
        else:
            box = (
                f'x="{left + 0.5:.2f}" y="{top + 0.5:.2f}" '
                f'width="{width - 1:.2f}" height="{height - 1:.2f}"'
            )
            parts.append(f'<rect {box} rx=".4" fill="none" stroke="currentColor"/>')
    return "".join(parts)


def lettered(level: int | None, levels: int) -> str:
    """The symbol in letters: "▮▮▯", or "…" where the answers do not decide."""
    return "…" if level is None else "▮" * level + "▯" * (levels - level)


def dots() -> str:
    """The inside of an SVG with three dots: the answers do not decide."""
    return "".join(
        f'<circle cx="{x}" cy="{HEIGHT / 2:g}" r="1.5" fill="currentColor"/>' for x in (3, 8, 13)
    )


ARROWS = {
    "change-up": "M2.5 10 11 2.5M5 2h6.5v6",
    "change-down": "M2.5 2 11 9.5M5 10h6.5v-6",
}
TRIANGLES = {"given-up": "M8 1.5 14 11H2Z", "given-down": "M8 10.5 2 1h12Z"}
"""Marks beside a value: a clear change is an arrow, given the prerequisites a triangle."""


def _arrow(path: str) -> str:
    pen = 'stroke="currentColor" stroke-width="1.9" stroke-linecap="round" stroke-linejoin="round"'
    return f'<path d="{path}" fill="none" {pen}/>'


def sprite(levels: Iterable[int]) -> str:
    """One hidden SVG that defines every symbol a page may point at with <use>.

    levels: the numbers of levels in use on the page, for example {3} or {3, 4}.
    """
    view = f'viewBox="0 0 {WIDTH} {HEIGHT}"'
    found = [f'<symbol id="dots" {view}>{dots()}</symbol>']
    drawn = {name: _arrow(path) for name, path in ARROWS.items()}
    drawn |= {name: f'<path d="{path}" fill="currentColor"/>' for name, path in TRIANGLES.items()}
    found += [f'<symbol id="{name}" {view}>{inside}</symbol>' for name, inside in drawn.items()]
    for count in sorted(set(levels)):
        for level in range(1, count + 1):
            name = bars_name(level, count)
            found.append(f'<symbol id="{name}" {view}>{bars(level, count)}</symbol>')
    return f'<svg hidden="" aria-hidden="true" width="0" height="0">{"".join(found)}</svg>'
