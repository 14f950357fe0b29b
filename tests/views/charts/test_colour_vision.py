"""Levels can be told apart by everybody: four kinds of colour vision, in light and dark.

Words and symbols always stand beside a colour; this is about the glance that comes before them.
What others see is simulated as Machado, Oliveira and Fernandes (2009) do, for full strength; how
different two colours look is their distance in OKLab, where 0.02 is what one just notices.
"""

from itertools import combinations

import pytest

from puls.views.charts import tones
from puls.views.charts.tones import LIGHT, THEMES, Tone

Colour = tuple[float, float, float]
KINDS = {
    "all cones": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "no red cones": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "no green cones": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "no blue cones": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
    "no cones": ((0.2126, 0.7152, 0.0722),) * 3,
}
"""What reaches the eye of linear red, green and blue."""
HUES = ("all cones", "no red cones", "no green cones", "no blue cones")
"""Those who see any hue. Who sees none goes by word and symbol, and by how light a weak cell is."""
CLEAR, SEEN = 0.05, 0.03
BEFORE = {
    Tone.LOW: "#f6cdc9",
    Tone.MID: "#fbe6b0",
    Tone.UPPER: "#e6edb8",
    Tone.HIGH: "#cce7d6",
}
"""Colours that we had: weak and good looked nearly the same to one man in twenty."""


def seen(colour: str, kind: str) -> Colour:
    """The linear light of a colour as people of this kind see it."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    red, green, blue = (
        min(max(sum(a * b for a, b in zip(row, linear, strict=True)), 0.0), 1.0)
        for row in KINDS[kind]
    )
    return red, green, blue


def oklab(light: Colour) -> Colour:
    red, green, blue = light
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    middle = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


def apart(one: str, other: str, kind: str) -> float:
    pairs = zip(oklab(seen(one, kind)), oklab(seen(other, kind)), strict=True)
    return sum((a - b) ** 2 for a, b in pairs) ** 0.5


def closest(colours: dict[Tone, str], levels: int, kind: str) -> float:
    """How different the two levels look that look most alike."""
    tints = [colours[tones.tint(level, levels)] for level in range(1, levels + 1)]
    return min(apart(a, b, kind) for a, b in combinations(tints, 2))


def test_black_and_white_are_one_apart() -> None:
    assert all(0.99 < apart("#000000", "#ffffff", kind) < 1.01 for kind in KINDS)


@pytest.mark.parametrize("kind", HUES)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_levels_are_told_apart_at_a_glance(theme: str, kind: str) -> None:
    colours = dict(THEMES[theme])
    assert closest(colours, 3, kind) >= CLEAR
    assert closest(colours, 4, kind) >= SEEN
    # Uncertain is hatched as well.
    for level in range(1, 4):
        assert apart(colours[tones.tint(level, 3)], colours[Tone.HATCH], kind) >= SEEN


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_who_sees_no_hue_sees_the_weak_level(theme: str) -> None:
    colours = THEMES[theme]
    weak = colours[tones.tint(1, 3)]
    for level in (2, 3):
        assert apart(weak, colours[tones.tint(level, 3)], "no cones") >= CLEAR


def contrast(one: str, other: str, kind: str) -> float:
    lights = [
        sum(a * b for a, b in zip(KINDS["no cones"][0], seen(each, kind), strict=True))
        for each in (one, other)
    ]
    return (max(lights) + 0.05) / (min(lights) + 0.05)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_on_a_level_are_readable_by_everybody(theme: str, kind: str) -> None:
    colours = THEMES[theme]
    for level in range(1, 5):
        ink, ground = colours[tones.on(level, 4)], colours[tones.tint(level, 4)]
        assert contrast(ink, ground, kind) >= 4.5, level


def test_caught_the_colours_that_we_had() -> None:
    assert closest({**LIGHT, **BEFORE}, 3, "no green cones") < 0.025
