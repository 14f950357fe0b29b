"""The front page: what is clear enough to stand out, and how the quality areas are told."""

from dataclasses import replace
from datetime import date

import pytest

from puls.cells import Against, Mark, ReleasedCell, ReleasedMark, Status
from puls.views import goals
from puls.views.front import Area, Count, FirstDay, Step, areas, first_steps, says_more, stands_out
from puls.views.highlights import Point
from tests.views.cast import COST, FEEDBACK, PERIOD, WAITING, pack, shown, silent, table

RELATION, WELLBEING, CREATIVITY = (
    "student_teacher_relation",
    "student_wellbeing",
    "student_creativity",
)
KEYS = (WAITING, COST, RELATION, FEEDBACK, CREATIVITY, WELLBEING)
SURELY = {"n": 40}


def mark(indicator: str, against: Against, which: Mark) -> ReleasedMark:
    since = PERIOD - 1 if against is Against.CHANGE else None
    place = ("karmoy-kulturskole", indicator, PERIOD, against)
    return ReleasedMark(*place, 3.4, 0.4, 0.3, 0.5, which, since)


def told(cells: list[ReleasedCell], marks: list[ReleasedMark]) -> dict[str, list[str]]:
    """The indicators that stand out, by the way in which they do."""
    drawn = table(cells, KEYS, marks=marks, with_reasons=True, k=5)
    said = {(each.indicator, each.against): f"{each.against}!" for each in marks}
    found = stands_out(drawn, drawn.rows[0], said)
    for each in (*found.changed, *found.unexpected, *found.strong, *found.weak):
        assert each.why, "stands out without a reason"
    return {
        "changed": [each.point.column.key for each in found.changed],
        "unexpected": [each.point.column.key for each in found.unexpected],
        "strong": [each.point.column.key for each in found.strong],
        "weak": [each.point.column.key for each in found.weak],
    }


CHANGE, GIVEN = Against.CHANGE, Against.GIVEN
WEAK = shown(3.4, (1, 1), interval=(3.3, 3.5), **SURELY)
STRONG = shown(4.5, (3, 3), interval=(4.4, 4.6), **SURELY)
BETWEEN = shown(3.8, (2, 2), interval=(3.7, 3.9), **SURELY)
UNSURE = shown(3.6, (1, 2), interval=(3.4, 3.8), **SURELY)


@pytest.mark.parametrize(
    ("cell", "marks", "stands"),
    [
        # A level that is sure, highest or lowest.
        (WEAK, [], "weak"),
        (STRONG, [], "strong"),
        # In between, uncertain, hidden or without cut points: nothing to stand out by.
        (BETWEEN, [], ""),
        (UNSURE, [], ""),
        (silent(Status.LINKED), [], ""),
        (silent(Status.NO_DATA), [], ""),
        (shown(21000.0, None, COST), [], ""),
        # A mark speaks whatever the level is; no mark says nothing.
        (BETWEEN, [(CHANGE, Mark.UP)], "changed"),
        (UNSURE, [(CHANGE, Mark.DOWN)], "changed"),
        (UNSURE, [(GIVEN, Mark.UP)], "unexpected"),
        (UNSURE, [(CHANGE, Mark.NONE), (GIVEN, Mark.NONE)], ""),
        (silent(Status.FEW), [(CHANGE, Mark.UP)], ""),
        # Each once: a change before what was expected, both before the level.
        (WEAK, [(CHANGE, Mark.UP), (GIVEN, Mark.UP)], "changed"),
        (STRONG, [(GIVEN, Mark.DOWN)], "unexpected"),
        (STRONG, [(CHANGE, Mark.NONE)], "strong"),
    ],
)
def test_nothing_stands_out_without_a_colour_or_a_mark(
    cell: ReleasedCell, marks: list[tuple[Against, Mark]], stands: str
) -> None:
    found = told([cell], [mark(cell.indicator, against, which) for against, which in marks])
    assert {way: keys for way, keys in found.items() if keys} == (
        {stands: [cell.indicator]} if stands else {}
    )


def test_what_stands_out_is_in_the_order_of_the_columns_and_never_ranked() -> None:
    cells = [
        shown(3.5, (1, 1), FEEDBACK, interval=(3.4, 3.55), n=9),
        shown(2.0, (1, 1), CREATIVITY, interval=(1.9, 2.1), n=9),
        shown(2.9, (1, 1), RELATION, interval=(2.8, 3.0), n=9),
    ]
    assert told(cells, [])["weak"] == [RELATION, FEEDBACK, CREATIVITY]


@pytest.mark.parametrize(
    ("before", "now", "more"),
    [
        ((3, 0), (0, 0), True),
        ((5, 8), (1, 0), True),
        ((8, 7), (4, 0), False),
        ((3, 0), (1, 9), False),
        ((0, 4), (0, 1), True),
        ((0, 3), (0, 1), False),
        ((0, 0), (0, 0), False),
    ],
)
def test_an_earlier_year_says_more_of_an_area_the_newest_hardly_measured(
    before: tuple[int, int], now: tuple[int, int], more: bool
) -> None:
    """Numbers on levels and without; what is hidden counts in neither year."""

    def area(told: tuple[int, int], hidden: int) -> Area:
        point = areas_point()
        on_levels = Count("l3of3", "", "god", (point,) * told[0])
        return Area("results", "", (on_levels, Count("hidden", "", "", (point,) * hidden)), told[1])

    assert says_more(area(before, 0), area(now, 9)) is more


def areas_point() -> Point:
    drawn = table([STRONG], KEYS)
    return Point(drawn.columns[0], drawn.rows[0].cells[0])


def test_an_area_is_told_by_how_many_stand_where() -> None:
    cells = [
        WEAK,
        replace(STRONG, indicator=RELATION),
        replace(UNSURE, indicator=CREATIVITY),
        silent(Status.LINKED, WELLBEING),
        shown(21000.0, None, COST),
        silent(Status.NO_DATA, WAITING),
    ]
    drawn = table(cells, KEYS)
    keys = ["organisational_quality", "teaching_and_learning", "framework_conditions", "results"]
    found = areas(drawn, drawn.rows[0], keys, pack(), "nb")
    assert [area.name for area in found][1] == "Kulturskolens undervisnings- og læringskvalitet"
    assert [
        [(each.word, each.look, [p.column.key for p in each.points]) for each in area.counts]
        for area in found
    ] == [
        [],
        [
            ("god", "l3of3", [RELATION]),
            ("svak", "l1of3", [FEEDBACK]),
            ("usikkert", "uncertain", [CREATIVITY]),
        ],
        [],
        [("skjult", "hidden", [WELLBEING])],
    ]
    assert [area.plain for area in found] == [0, 0, 1, 0]
    assert [area.is_silent for area in found] == [True, False, False, False]


@pytest.mark.parametrize(
    ("value", "goal", "indicator", "left"),
    [
        # Higher is better; shares of waiting children lower.
        (3.4, 3.7, FEEDBACK, "Tallet ligger 0,3 under målet."),
        (3.66, 3.7, FEEDBACK, "Tallet ligger 0,04 under målet."),
        (3.7, 3.7, FEEDBACK, ""),
        (4.0, 3.7, FEEDBACK, ""),
        (3.1, 2.0, WAITING, "Tallet ligger 1,1\N{NO-BREAK SPACE}% over målet."),
        (1.9, 2.0, WAITING, ""),
        # Nobody has said which way is better.
        (21000.0, 25000.0, COST, ""),
    ],
)
def test_how_far_it_is_to_a_goal(value: float, goal: float, indicator: str, left: str) -> None:
    levels = None if indicator == COST else (1, 1)
    cell = shown(value, levels, indicator)
    wanted = goals.Goal(goal, "Karmøy kommune", date(2026, 1, 1))
    known = pack().indicators[indicator]
    assert goals.distance(cell, wanted, known, pack(), "nb") == left
    hidden = silent(Status.FEW, indicator)
    assert goals.distance(hidden, wanted, known, pack(), "nb") == ""


@pytest.mark.parametrize(
    ("high", "set_on", "left"),
    [
        # The whole estimate lies below the goal; it reaches the goal, so nobody can say how far it
        # is; the goal was set later, and the number is where one starts from.
        (3.6, date(2026, 1, 1), "Tallet ligger 0,3 under målet."),
        (3.8, date(2026, 1, 1), ""),
        (3.8, date(2026, 8, 1), "Tallet ligger 0,3 under målet."),
    ],
)
def test_no_distance_is_told_where_the_answers_do_not_decide(
    high: float, set_on: date, left: str
) -> None:
    cell = shown(3.4, (1, 2), interval=(3.3, high), n=40)
    wanted = goals.Goal(3.7, "Karmøy kommune", set_on)
    assert goals.distance(cell, wanted, pack().indicators[FEEDBACK], pack(), "nb") == left


NOTHING = FirstDay(numbers=False, people=0, places=0)
T, L, P, U, A = Step.TALK, Step.LOOK, Step.PEOPLE, Step.PLACES, Step.ASK


@pytest.mark.parametrize(
    ("role", "day", "steps", "done"),
    [
        # The first thing to do needs nothing, or is there already.
        ("leader", NOTHING, [T, U, P, A], []),
        ("leader", FirstDay(True, 0, 0), [T, L, U, P, A], []),
        ("leader", FirstDay(True, 3, 4), [T, L, U, P, A], [P, U]),
        ("teacher", NOTHING, [T], []),
        ("teacher", FirstDay(True, 0, 0), [T, L], []),
        ("owner", NOTHING, [T, U, P, A], []),
        ("owner", FirstDay(True, 0, 1), [L, T, U, P, A], [U]),
        ("county", FirstDay(True, 0, 9), [L, T, P], []),
        ("national", NOTHING, [Step.FIGURES, Step.ADMINISTRATIONS, P, T], []),
        ("national", FirstDay(True, 1, 15), [Step.FIGURES, Step.ADMINISTRATIONS, P, T],
         [Step.FIGURES, P]),
    ],
)  # fmt: skip
def test_what_to_do_on_the_first_day(
    role: str, day: FirstDay, steps: list[Step], done: list[Step]
) -> None:
    found = first_steps(role, day)
    assert [step for step, _ in found] == steps
    assert {step for step, is_done in found if is_done} == set(done)
