"""A scene as a PNG, for e-mail and wherever else SVG is not shown. Letters are of our own font."""

from functools import cache
from importlib.resources import files

import resvg_py

from puls.views.charts.drawing import FONT, svg
from puls.views.charts.scene import Scene

FONTS = "fonts"
"""The folder beside this file: Inter Regular and SemiBold 4.001, and its licence (OFL 1.1).

Both are files of the npm package inter-ui 4.1.1, kept to Latin, Greek and Cyrillic letters, signs
and arrows, without hinting."""


@cache
def font_files() -> tuple[str, ...]:
    """Paths of the fonts that pictures and documents are set in."""
    folder = files("puls.documents") / FONTS
    return tuple(sorted(str(file) for file in folder.iterdir() if file.name.endswith(".ttf")))


def png(scene: Scene, theme: str = "light", scale: float = 2.0) -> bytes:
    """The scene as a PNG file.

    theme: "light", "dark" or "grey". scale: pixels per point of the scene; 2 is sharp on most
    screens. The same scene is the same picture on every machine: no font of the machine is used.
    """
    assert scale > 0, f"a picture of scale {scale}"
    return resvg_py.svg_to_bytes(
        svg_string=svg(scene, theme),
        skip_system_fonts=True,
        font_files=list(font_files()),
        font_family=FONT,
        sans_serif_family=FONT,
        zoom=scale,
    )
