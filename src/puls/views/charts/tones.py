"""The colours of charts by the role they have, and what the roles look like on paper and in files.

On a page a role is a class that the style sheet gives a colour (`charts.css`), so that a chart
follows light, dark and forced colours. Files know no style sheet: theirs are written out here.
"""

from collections.abc import Mapping
from enum import StrEnum


class Tone(StrEnum):
    """What a colour is for. The words are the names of the tokens in `puls.css`."""

    NONE = ""
    GROUND = "ground"
    SOFT = "soft"
    INK = "ink"
    INK_SOFT = "ink-soft"
    LINE = "line"
    LINE_STRONG = "line-strong"
    PRESS = "press"
    PRESS_SOFT = "press-soft"
    LOW = "low"
    LOW_INK = "low-ink"
    LOW_PALE = "low-pale"
    MID = "mid"
    MID_INK = "mid-ink"
    MID_PALE = "mid-pale"
    UPPER = "upper"
    UPPER_INK = "upper-ink"
    UPPER_PALE = "upper-pale"
    HIGH = "high"
    HIGH_INK = "high-ink"
    HIGH_PALE = "high-pale"
    HATCH = "hatch"
    HATCH_GROUND = "hatch-ground"
    HATCHED = "hatched"
    """Stripes of HATCH on HATCH_GROUND: uncertain."""
    ESTIMATE = "estimate"
    """Ink that lets through what lies beneath: the band of an estimate."""


LEVELS: Mapping[int, tuple[str, ...]] = {
    2: ("low", "high"),
    3: ("low", "mid", "high"),
    4: ("low", "mid", "upper", "high"),
}
"""The family of tones of each level, the weakest first, by how many levels there are."""


def tint(level: int, levels: int) -> Tone:
    """The ground of a thing that has the level."""
    return Tone(LEVELS[levels][level - 1])


def pale(level: int, levels: int) -> Tone:
    """A ground so light that lines and words can lie on it."""
    return Tone(f"{LEVELS[levels][level - 1]}-pale")


def on(level: int, levels: int) -> Tone:
    """The ink for words on either."""
    return Tone(f"{LEVELS[levels][level - 1]}-ink")


LIGHT: Mapping[Tone, str] = {
    Tone.GROUND: "#ffffff",
    Tone.SOFT: "#f3f6f9",
    Tone.INK: "#1b2a3c",
    Tone.INK_SOFT: "#50606f",
    Tone.LINE: "#d8dfe6",
    Tone.LINE_STRONG: "#7c8a99",
    Tone.PRESS: "#0b5ca8",
    Tone.PRESS_SOFT: "#e4eef8",
    Tone.LOW: "#f4beb7",
    Tone.LOW_INK: "#7c1016",
    Tone.LOW_PALE: "#fbe3e0",
    Tone.MID: "#fceab2",
    Tone.MID_INK: "#574000",
    Tone.MID_PALE: "#fdf5dd",
    Tone.UPPER: "#dff0ca",
    Tone.UPPER_INK: "#3d4a00",
    Tone.UPPER_PALE: "#f1f8e6",
    Tone.HIGH: "#c2e6d9",
    Tone.HIGH_INK: "#0b4a2a",
    Tone.HIGH_PALE: "#e3f4f1",
    Tone.HATCH: "#e9edf1",
    Tone.HATCH_GROUND: "#ffffff",
}
DARK: Mapping[Tone, str] = {
    Tone.GROUND: "#0f1822",
    Tone.SOFT: "#17222f",
    Tone.INK: "#e7edf4",
    Tone.INK_SOFT: "#a9b7c6",
    Tone.LINE: "#2c3a4a",
    Tone.LINE_STRONG: "#8495a7",
    Tone.PRESS: "#7cbcff",
    Tone.PRESS_SOFT: "#1b3350",
    Tone.LOW: "#521c20",
    Tone.LOW_INK: "#ffc9c3",
    Tone.LOW_PALE: "#2e161d",
    Tone.MID: "#574711",
    Tone.MID_INK: "#fbe3a1",
    Tone.MID_PALE: "#2d2717",
    Tone.UPPER: "#315a33",
    Tone.UPPER_INK: "#e2ecaf",
    Tone.UPPER_PALE: "#1b2b25",
    Tone.HIGH: "#0f4a4a",
    Tone.HIGH_INK: "#b4ecc9",
    Tone.HIGH_PALE: "#0e2b31",
    Tone.HATCH: "#1d2a38",
    Tone.HATCH_GROUND: "#131e2a",
}
GREY: Mapping[Tone, str] = {
    # For print without colours: weaker is darker, and every step can be told from the next.
    Tone.GROUND: "#ffffff",
    Tone.SOFT: "#f5f5f5",
    Tone.INK: "#1c1c1c",
    Tone.INK_SOFT: "#4d4d4d",
    Tone.LINE: "#d4d4d4",
    Tone.LINE_STRONG: "#787878",
    Tone.PRESS: "#1c1c1c",
    Tone.PRESS_SOFT: "#e8e8e8",
    Tone.LOW: "#c4c4c4",
    Tone.LOW_INK: "#1c1c1c",
    Tone.LOW_PALE: "#d9d9d9",
    Tone.MID: "#dedede",
    Tone.MID_INK: "#1c1c1c",
    Tone.MID_PALE: "#ebebeb",
    Tone.UPPER: "#ebebeb",
    Tone.UPPER_INK: "#1c1c1c",
    Tone.UPPER_PALE: "#f3f3f3",
    Tone.HIGH: "#f6f6f6",
    Tone.HIGH_INK: "#1c1c1c",
    Tone.HIGH_PALE: "#fafafa",
    Tone.HATCH: "#dcdcdc",
    Tone.HATCH_GROUND: "#ffffff",
}
THEMES: Mapping[str, Mapping[Tone, str]] = {"light": LIGHT, "dark": DARK, "grey": GREY}
PAGE = "page"
"""The theme whose colours come from the style sheet."""
