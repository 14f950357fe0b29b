"""What holds for every chart, whatever is drawn: generated lines, names, notes and flags."""

from datetime import date
from itertools import combinations
from xml.etree import ElementTree

from hypothesis import given, settings
from hypothesis import strategies as st

from puls.analysis.trends import Kind, Note
from puls.views.charts import drawing
from puls.views.charts.rubric_profile import Placements
from puls.views.charts.scene import Chart, Scene, Text
from puls.views.charts.small_multiples import small_multiples
from puls.views.charts.spacing import overlap
from puls.views.charts.trend_graph import trend_graph
from puls.views.charts.trend_parts import Flag, GoalLine, Line
from tests.views.cast import COST, FEEDBACK, WAITING, pack
from tests.views.charts import cast

NAMES = st.sampled_from(
    ["Karmøy", "<script>&\"'", "Sandefjord og Larvik interkommunale kulturskolesamarbeid", "Å", "…"]
)
WORDS = st.sampled_from(list(cast.SILENT))
SCORES = st.floats(1, 5) | WORDS
SHARES = st.floats(0, 60) | WORDS
AMOUNTS = st.floats(0, 90_000) | WORDS
YEARS = st.integers(2010, 2024)


@st.composite
def trends(draw: st.DrawFn) -> Chart:
    """A trend graph of an indicator with or without criteria, of up to 14 years."""
    key, values, half = draw(
        st.sampled_from([(FEEDBACK, SCORES, 0.2), (WAITING, SHARES, None), (COST, AMOUNTS, None)])
    )
    start = draw(YEARS)
    found = draw(st.lists(values, max_size=14))
    more = {"indicator": key, "half": half}
    own = cast.line(draw(NAMES), start, found, **more)
    if own.cells and draw(st.booleans()):
        own = Line(own.name, tuple(c for c in own.cells if c.period % 4))
    others = draw(st.lists(st.tuples(NAMES, st.lists(values, max_size=14)), max_size=3))
    comparisons = [cast.line(name, start, these, **more) for name, these in others]
    kinds = st.sampled_from([Kind.NEW_VERSION, Kind.SPLIT, Kind.MERGER, Kind.GROWN])
    places = st.integers(start, start + 14)
    notes = [
        Note(kind, since, since - 1, ("no-1",)) for kind, since in draw(
            st.lists(st.tuples(kinds, places), max_size=3, unique=True)
        )
    ]  # fmt: skip
    days = st.dates(date(start, 1, 1), date(start + 15, 12, 31))
    flags = [Flag(day, name) for day, name in draw(st.lists(st.tuples(days, NAMES), max_size=6))]
    pooled = []
    if half is not None:
        pooled = [
            cast.cell(start + n, value, half, key, years=2)
            for n, value in enumerate(draw(st.lists(st.floats(1, 5), max_size=5)))
        ]
    goal = None
    if half is not None and draw(st.booleans()):
        by = draw(st.none() | days)
        goal = GoalLine(draw(st.floats(1, 5)), draw(st.none() | places), by)
    return trend_graph(
        own, pack().indicators[key], pack(), "nb", cast.NB,
        comparisons=comparisons, notes=notes, flags=flags, pooled=pooled, goal=goal,
    )  # fmt: skip


def within(scene: Scene) -> None:
    """Every point and every letter lies in the picture."""
    for shape in scene.shapes:
        for x, y in shape.points:
            assert -0.6 <= x <= scene.width + 0.6, (shape, scene.width)
            assert -0.6 <= y <= scene.height + 0.6, (shape, scene.height)


def apart(texts: list[Text]) -> None:
    """No text lies over another."""
    for one, other in combinations(texts, 2):
        assert not overlap(one.extent, other.extent, -0.5), (one, other)


def scenes(chart: Chart) -> list[Scene]:
    return [scene for scene in (chart.wide, chart.narrow) if scene is not None]


@settings(max_examples=100, deadline=None)
@given(trends())
def test_a_trend_graph_stays_in_its_picture_and_no_word_lies_over_another(chart: Chart) -> None:
    for scene in scenes(chart):
        within(scene)
        for kinds in (("value",), ("value", "end"), ("tick", "level"), ("remark",), ("flag",),
                      ("year",), ("hidden",), ("value", "hidden")):  # fmt: skip
            apart([text for text in scene.texts if text.kind in kinds])


@settings(max_examples=60, deadline=None)
@given(trends())
def test_the_table_has_every_number_that_the_picture_has(chart: Chart) -> None:
    fields = {field for row in chart.tables[0].rows for field in row}
    for scene in scenes(chart):
        for text in scene.texts:
            if text.kind == "value" and not text.text.endswith("…"):
                number = text.text.split(" · ")[0].rstrip(" ↗↘")
                assert any(field.startswith(number) for field in fields), number


@settings(max_examples=40, deadline=None)
@given(trends())
def test_every_theme_gives_sound_svg_with_texts_escaped(chart: Chart) -> None:
    for scene in scenes(chart):
        for theme in ("page", "light", "dark", "grey"):
            drawn = drawing.svg(scene, theme)
            ElementTree.fromstring(drawn)
            assert "<script" not in drawn
            assert drawn == drawing.svg(scene, theme)
    for table in chart.tables:
        assert "<script" not in drawing.table(table)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["mai 2025", "vår"]), st.tuples(*[st.integers(0, 90)] * 4)),
             max_size=5)
)  # fmt: skip
def test_a_rubric_profile_stays_in_its_picture(rounds: list[tuple[str, tuple[int, ...]]]) -> None:
    chart = cast.profile([Placements(label, counts) for label, counts in rounds])
    for scene in scenes(chart):
        within(scene)
        apart([text for text in scene.texts if text.kind in ("count", "says", "round", "level")])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(NAMES, st.lists(SCORES, max_size=9)), max_size=9))
def test_small_multiples_stay_in_their_picture(lines: list[tuple[str, list[float | str]]]) -> None:
    drawn = [cast.line(name, 2017, values) for name, values in lines]
    chart = small_multiples(drawn, cast.feedback(), pack(), "nb", cast.NB)
    for scene in scenes(chart):
        within(scene)
        apart(list(scene.texts))
        ElementTree.fromstring(drawing.svg(scene))
