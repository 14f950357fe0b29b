"""Where things stand on a slide, how large they are, and in which colour.

Sizes are in points; a slide is 960 x 540 of them.
"""

from dataclasses import dataclass
from typing import Any

from pptx.dml.color import RGBColor

from puls.documents.looks import LIGHT
from puls.views.charts.lettering import LINE, wrapped
from puls.views.charts.tones import Tone

WIDE, HIGH = 960.0, 540.0
EDGE = 48.0
FONT = "Arial"
"""On every machine; a font that is missing would move everything. Inter is in the pictures."""
TITLE, BODY, SMALL, CELL = 28.0, 18.0, 13.0, 13.0
ARROWS = {"change-up": "↗", "change-down": "↘", "given-up": "▲", "given-down": "▼"}
LOCALES = {"nb": "nb-NO", "nn": "nn-NO", "en": "en-GB"}


@dataclass(frozen=True, slots=True)
class Area:
    """A place on a slide; the one beneath the title if nothing is said."""

    left: float = EDGE
    top: float = 108.0
    width: float = WIDE - 2 * EDGE
    height: float = 376.0

    def lines(self, size: float) -> float:
        """How many lines of that size it takes."""
        return self.height / (size * LINE)


def lines_of(text: str, wide: float, size: float) -> int:
    """Lines that a text takes; our own letters are wider than those of the slides."""
    return len(wrapped(text, wide, size))


def colour(tone: Tone) -> Any:
    code = LIGHT[tone].removeprefix("#")
    return RGBColor(*bytes.fromhex(code))  # type: ignore[no-untyped-call]
