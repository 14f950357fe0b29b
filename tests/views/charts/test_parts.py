"""The small parts that charts are made of: letters, lanes, columns of labels, axes, colours."""

import re
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launch.steps import ROOT
from puls.views.charts import drawing, tones
from puls.views.charts.lanes import GAP, lanes
from puls.views.charts.lettering import shortened, width, wrapped
from puls.views.charts.rubric_profile import Placements
from puls.views.charts.scene import Box, Path, Scene, Text, framed
from puls.views.charts.spacing import crosses, extent, overlap, round_steps, spread
from puls.views.charts.tones import THEMES, Tone
from tests.views.charts import cast

CSS = ROOT / "src" / "puls" / "web" / "static" / "css"
LABELS = st.lists(st.tuples(st.floats(0, 300), st.floats(1, 40)), max_size=7)


@given(LABELS)
def test_labels_of_a_column_are_apart_and_keep_their_order(
    labels: list[tuple[float, float]],
) -> None:
    found = spread(labels, -1000, 2000)
    for (one, a), (other, b) in combinations(list(zip(found, labels, strict=True)), 2):
        assert abs(one - other) >= (a[1] + b[1]) / 2 - 1e-6
        if a[0] < b[0]:
            assert one < other


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 12)), min_size=1, max_size=3))
def test_labels_move_as_little_as_possible(labels: list[tuple[int, int]]) -> None:
    """Beside every place on a fine grid: none that is apart and in order costs less."""
    wanted = [(float(middle), float(height)) for middle, height in labels]
    found = spread(wanted, -100, 200)
    cost = sum((a - b[0]) ** 2 for a, b in zip(found, wanted, strict=True))
    order = sorted(range(len(wanted)), key=lambda n: (wanted[n][0], n))
    for shift in (-1.0, -0.25, 0.25, 1.0):
        for moved in range(1, 2 ** len(order)):
            tried = [at + shift * (moved >> n & 1) for n, at in enumerate(found)]
            fits = all(
                tried[b] - tried[a] >= (wanted[a][1] + wanted[b][1]) / 2 - 1e-9
                for a, b in pairwise(order)
            )
            other = sum((a - b[0]) ** 2 for a, b in zip(tried, wanted, strict=True))
            assert not fits or other >= cost - 1e-6


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(1, 60)), max_size=8))
def test_no_label_on_a_pole_lies_over_another_or_over_a_pole(
    poles: list[tuple[float, float]],
) -> None:
    found = lanes(poles)
    for (one, its), (other, theirs) in combinations(list(zip(poles, found, strict=True)), 2):
        if its == theirs:
            first, second = sorted((one, other))
            assert first[0] + first[1] <= second[0] - GAP + 1e-6
        for label, lane, pole, reach in ((one, its, other, theirs), (other, theirs, one, its)):
            # A pole passes the lanes nearer to the line than its own.
            if lane < reach:
                assert not label[0] < pole[0] < label[0] + label[1]


AXES = [
    # values, cuts, scale, smallest, ends
    ([3.4], (3.6, 4.1), (1.0, 5.0), 0.2, (3.05, 4.65)),
    ([1.2, 4.9], (3.6, 4.1), (1.0, 5.0), 0.2, (1.1214, 4.9786)),
    ([0.5], (1.0, 4.0), None, 1.0, (0.0, 7.3)),
    # Without cut points small differences are not blown up.
    ([2690.0, 2700.0], (), None, 200.0, (1695.0, 3695.0)),
    ([0.0], (), None, 0.2, (0.0, 1.0)),
]


@pytest.mark.parametrize(("values", "cuts", "scale", "smallest", "ends"), AXES)
def test_an_axis_reaches_around_what_is_drawn(
    values: list[float],
    cuts: tuple[float, ...],
    scale: tuple[float, float] | None,
    smallest: float,
    ends: tuple[float, float],
) -> None:
    assert extent(values, cuts, scale, smallest) == pytest.approx(ends, abs=0.001)


@given(st.floats(-1e6, 1e6), st.floats(0.001, 1e6), st.integers(2, 8))
def test_round_steps_lie_on_the_axis(low: float, size: float, most: int) -> None:
    found = round_steps(low, low + size, most)
    assert len(found) <= most
    assert all(low - size * 1e-6 <= place <= low + size * (1 + 1e-6) for place in found)


CROSSINGS = [
    ((0, 0), (10, 10), True),
    ((0, 6), (10, 6), False),
    ((0, 4.5), (10, 4.5), True),
    ((4.5, 0), (4.5, 10), True),
    ((0, 0), (3, 3), False),
]


@pytest.mark.parametrize(("start", "end", "expected"), CROSSINGS)
def test_a_line_crosses_a_box(
    start: tuple[float, float], end: tuple[float, float], expected: bool
) -> None:
    assert crosses((4, 4, 5, 5), start, end) is expected


@given(st.text(max_size=60), st.floats(30, 300), st.integers(1, 4))
def test_wrapped_lines_fit_their_room(text: str, room: float, lines: int) -> None:
    found = wrapped(text, room, 12, lines=lines)
    assert 1 <= len(found) <= lines
    assert all(width(line, 12) <= room or len(line) <= 2 for line in found)


def test_nothing_of_a_text_is_lost_that_has_room() -> None:
    text = "Lærernes oppmuntring til kreativitet"
    assert " ".join(wrapped(text, 100, 12)) == text
    assert wrapped("1. mars 2024".replace(" ", "\N{NO-BREAK SPACE}"), 500, 12) == [
        "1. mars 2024".replace(" ", "\N{NO-BREAK SPACE}")
    ]
    assert shortened("Sandefjord", 45, 12) == "Sand…"


def tokens(css: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", css))


def test_colours_of_files_are_those_of_the_style_sheet() -> None:
    css = (CSS / "puls.css").read_text()
    dark = css[css.index("prefers-color-scheme: dark") :]
    for theme, sheet in (("light", css[: css.index("prefers-color-scheme")]), ("dark", dark)):
        known = tokens(sheet)
        for tone, colour in THEMES[theme].items():
            assert known[tone] == colour, f"{theme} {tone}"


def test_every_role_has_a_class_on_pages() -> None:
    css = (CSS / "charts.css").read_text()
    for tone in THEMES["light"]:
        assert f".f-{tone} {{" in css
    drawn = {
        match
        for chart in (cast.dialogue().chart, cast.profile())
        for scene in (chart.wide, chart.narrow)
        if scene
        for match in re.findall(r"[fs]-[a-z-]+(?=[ \"])", drawing.svg(scene))
    }
    assert drawn
    assert all(f".{name} {{" in css for name in drawn), sorted(drawn)


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", THEMES)
def test_words_stand_out_from_what_lies_beneath_them(theme: str) -> None:
    colours = THEMES[theme]
    grounds = (Tone.GROUND, Tone.SOFT, Tone.HATCH, Tone.HATCH_GROUND)
    pairs = [(Tone.INK, ground) for ground in grounds]
    pairs += [(Tone.INK_SOFT, Tone.GROUND), (Tone.PRESS, Tone.GROUND)]
    for level in range(1, 5):
        pairs += [(tones.on(level, 4), tones.tint(level, 4)), (tones.on(level, 4), Tone.GROUND)]
        pairs += [(Tone.INK, tones.pale(level, 4))]
    for ink, ground in pairs:
        assert contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)
    for level in range(1, 5):
        assert contrast(colours[Tone.INK_SOFT], colours[tones.pale(level, 4)]) >= 3


def test_levels_differ_in_grey_by_more_than_a_shade() -> None:
    greys = [luminance(THEMES["grey"][tones.tint(level, 4)]) for level in range(1, 5)]
    assert sorted(greys) == greys
    assert all(b - a > 0.04 for a, b in pairwise(greys))


def test_what_has_no_fill_is_never_black() -> None:
    steps = (("M", 0.0, 0.0), ("L", 1.0, 1.0))
    scene = Scene(9, 9, "t", "d", (Box(0, 0, 1, 1), Path(steps)))
    for theme in ("page", *THEMES):
        assert drawing.svg(scene, theme).count('fill="none"') == 2


def test_a_framed_picture_says_its_title_and_where_it_is_from() -> None:
    scene = framed(cast.profile().wide, ["Oppdiktede tall."])
    assert [text.text for text in scene.texts if text.kind == "title"] == [scene.title]
    assert [text.text for text in scene.texts if text.kind == "foot"] == ["Oppdiktede tall."]
    assert not overlap((0, 0, 1, 1), (2, 2, 3, 3))


def numbers_of(chart_texts: list[Text]) -> list[str]:
    return [text.text for text in chart_texts if text.kind == "count"]


def test_a_spread_of_fewer_than_k_is_nowhere() -> None:
    """The mutant that shows it (k of 1) would be seen."""
    few = [Placements("mai 2025", (1, 1, 0, 2))]
    chart = cast.profile(few)
    for scene in (chart.wide, chart.narrow):
        assert scene is not None
        assert numbers_of(list(scene.texts)) == []
        assert {text.text for text in scene.texts if text.kind == "hidden"} == {"skjult"}
    assert {row[1] for row in chart.tables[0].rows} == {"skjult"}
    assert chart.description == "Færre enn 5 har svart i mai 2025, så fordelingen vises ikke."
    assert numbers_of(list(cast.profile(few, k=1).wide.texts)) == ["2", "0", "1", "1"]


def test_a_rubric_profile_tells_the_spread_and_no_mean() -> None:
    chart = cast.profile()
    assert chart.description == (
        "11 har svart i mai 2026: 2 på nivå 4, 6 på nivå 3, 2 på nivå 2 og 1 på nivå 1."
    )
    assert [row[1:] for row in chart.tables[0].rows] == [
        ("0", "skjult", "2"), ("2", "skjult", "6"), ("5", "skjult", "2"), ("4", "skjult", "1")
    ]  # fmt: skip
