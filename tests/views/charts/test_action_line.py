"""The time line of actions: every one in words and as a bar, whatever the room."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from puls.views.charts.action_line import Span, action_line
from puls.views.charts.scene import Box, Chart, Scene, flat

TODAY = date(2026, 11, 29)
WORDS = {
    f"line.{name}": name
    for name in ("title", "today", "action", "state", "from", "to", "progress", "who", "open")
} | {"line.description": "{count} actions"}
SPAN = Span("Øveplan", "i gang", "Liv", date(2026, 1, 8), date(2027, 4, 28), 60, href="/tiltak/1/")


def drawn(*spans: Span) -> Chart:
    return action_line(spans, TODAY, "nb", WORDS)


def bars(scene: Scene) -> list[Box]:
    return [shape for shape in flat(scene.shapes) if isinstance(shape, Box)]


def test_the_table_has_all_that_the_picture_shows() -> None:
    open_ended = Span("Konsert", "foreslått", "", TODAY, None, 0)
    (twin,) = drawn(SPAN, open_ended).tables
    assert twin.rows == (
        ("Øveplan", "i gang", "8. januar 2026", "28. april 2027", "60\N{NO-BREAK SPACE}%", "Liv"),
        ("Konsert", "foreslått", "29. november 2026", "open", "0\N{NO-BREAK SPACE}%", ""),
    )


def test_how_far_it_has_come_is_that_much_of_its_bar() -> None:
    whole, part = bars(drawn(SPAN).wide)
    assert abs(part.width / whole.width - 0.6) < 0.001
    assert (part.x, part.y) == (whole.x, whole.y)


days = st.integers(-900, 900).map(lambda days: TODAY + timedelta(days=days))
spans = st.builds(
    Span,
    name=st.text("abcdefgh ", min_size=1, max_size=200),
    state=st.sampled_from(["i gang", "foreslått"]),
    who=st.just(""),
    start=days,
    end=st.none() | days,
    progress=st.integers(0, 100),
    over=st.booleans(),
)


@given(st.lists(spans, min_size=1, max_size=6))
def test_nothing_lies_outside_the_picture(found: list[Span]) -> None:
    chart = drawn(*found)
    for scene in (chart.wide, chart.narrow):
        assert scene is not None
        for shape in scene.shapes:
            for x, y in shape.points:
                assert -1 <= x <= scene.width + 1, shape
                assert -1 <= y <= scene.height + 1, shape
