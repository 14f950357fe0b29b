"""The trend graph by hand-made cases: gaps, breaks, years together, flags, and hidden years."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest

from puls.analysis.trends import Kind, Note
from puls.views import numbers
from puls.views.charts.reading import spots
from puls.views.charts.scene import Box, Dot, Path, Scene, flat
from puls.views.charts.tones import Tone
from puls.views.charts.trend_graph import trend_graph
from puls.views.charts.trend_parts import (
    Flag,
    GoalLine,
    Line,
    Remark,
    axis,
    place,
    pooled_drawn,
    segments,
    worth_telling,
)
from tests.views.cast import WAITING, pack
from tests.views.charts import cast


def read(line: Line) -> list[tuple[int, float | None]]:
    return [(spot.period, spot.value) for spot in told(line)]


def told(line: Line):  # type: ignore[no-untyped-def]
    return spots(line.cells, cast.feedback(), pack(), "nb")


SEGMENTS = [
    # values from 2020 on, places of breaks, years of each run
    ([3.0, 3.1, 3.2], [], [[2020, 2021, 2022]]),
    ([3.0, "few", 3.2], [], [[2020], [2022]]),
    ([3.0, 3.1, 3.2], [2020.5], [[2020], [2021, 2022]]),
    ([3.0, "none", 3.2], [2021.5], [[2020], [2022]]),
    (["few", "linked"], [], []),
    ([], [], []),
]


@pytest.mark.parametrize(("values", "breaks", "runs"), SEGMENTS)
def test_a_line_is_broken_where_nothing_is_shown_and_at_breaks(
    values: list[float | str], breaks: list[float], runs: list[list[int]]
) -> None:
    line = cast.line("Karmøy", 2020, values)
    found = segments(told(line), [Remark(at, "", breaks=True) for at in breaks])
    assert [[spot.period for spot in run] for run in found] == runs


def test_a_merger_and_new_criteria_do_not_break_a_line() -> None:
    line = cast.line("Karmøy", 2020, [3.0, 3.1])
    remarks = [Remark(2020.5, "", merger=True), Remark(2020.5, "", criteria=True)]
    assert len(segments(told(line), remarks)) == 1


def test_a_missing_year_is_a_gap_like_a_hidden_one() -> None:
    line = cast.line("Karmøy", 2020, [3.0, 3.1, 3.2])
    without = Line(line.name, (line.cells[0], line.cells[2]))
    assert len(segments(told(without), [])) == 2


DAYS = [
    # day, place on the axis of school years that begin on 1 August
    (date(2025, 8, 1), 2024.5),
    (date(2026, 1, 30), 2025.0),
    (date(2026, 7, 31), 2025.5),
]


@pytest.mark.parametrize(("day", "at"), DAYS)
def test_a_day_has_its_place_in_its_school_year(day: date, at: float) -> None:
    assert place(day, pack().country) == pytest.approx(at, abs=0.004)


POOLED = [
    # years alone, ends of the years together, ends of those that are drawn
    (["few", "few", "few", "few"], [2021, 2022, 2023], [2021, 2023]),
    (["few", "few", 3.0, "few"], [2021, 2022, 2023], [2021, 2023]),
    ([3.0, "few", 3.0, 3.1], [2021, 2022], [2021]),
    ([3.0, 3.0], [2021], []),
]


@pytest.mark.parametrize(("alone", "together", "drawn"), POOLED)
def test_years_together_stand_where_the_year_alone_is_hidden_and_never_over_each_other(
    alone: list[float | str], together: list[int], drawn: list[int]
) -> None:
    own = told(cast.line("Utsira", 2020, alone))
    cells = tuple(cast.cell(period, 3.3, years=2) for period in together)
    found = pooled_drawn(told(Line("", cells)), own)
    assert [spot.period for spot in found] == drawn
    assert all(one.period < other.first for one, other in pairwise(found))


def drawn(values: list[float | str], **more: object) -> Scene:
    line = cast.line("Karmøy", 2020, values)
    return trend_graph(line, cast.feedback(), pack(), "nb", cast.NB, **more).wide  # type: ignore[arg-type]


def test_a_document_gets_the_same_picture_without_the_narrow_one() -> None:
    line = cast.line("Karmøy", 2020, [3.0, 4.5])
    page, paper = (
        trend_graph(line, cast.feedback(), pack(), "nb", cast.NB, on_page=on_page)
        for on_page in (True, False)
    )
    assert page.narrow is not None
    assert paper == replace(page, narrow=None)


def words(scene: Scene, kind: str) -> list[str]:
    return [text.text for text in scene.texts if text.kind == kind]


def test_every_level_has_its_word_and_every_cut_point_its_number() -> None:
    scene = drawn([3.0, 4.5])
    assert sorted(words(scene, "level")) == ["god", "på vei", "svak"]
    assert words(scene, "tick") == ["3,6", "4,1"]


@pytest.mark.parametrize(
    ("since", "years"),
    [(None, 4), (2018, 4), (2020, 4), (2022, 2), (2023, 1)],
)
def test_no_year_before_it_was_set_has_the_line_of_a_goal(since: int | None, years: int) -> None:
    scene = drawn([3.0, 3.2, 3.1, 3.3], goal=GoalLine(3.9, since))
    lines = [shape for shape in flat(scene.shapes) if isinstance(shape, Path)]
    (aim,) = (each for each in lines if each.pen and each.pen.dash == (2, 3))
    dots = [shape.x for shape in flat(scene.shapes) if isinstance(shape, Dot)]
    assert sum(x >= aim.points[0][0] for x in dots) == years
    later = drawn([3.0, 3.2], goal=GoalLine(3.9, 2026))
    (aim,) = (
        each
        for each in flat(later.shapes)
        if isinstance(each, Path) and each.pen and each.pen.dash == (2, 3)
    )
    assert aim.points[0][0] < aim.points[1][0], "set after all of them, and still named"


AHEAD = [
    # by when, the last year on the axis, whether the target is drawn
    (None, 2022, False),
    (date(2019, 6, 1), 2022, False),
    (date(2022, 6, 1), 2022, True),
    (date(2023, 7, 31), 2022, True),
    (date(2023, 8, 1), 2023, True),
    (date(2026, 7, 31), 2025, True),
    # What lies farther off than that would squeeze the years that were measured.
    (date(2026, 8, 1), 2022, False),
]


@pytest.mark.parametrize(("due", "last", "drawn_there"), AHEAD)
def test_a_goal_with_a_day_has_its_target_there(
    due: date | None, last: int, drawn_there: bool
) -> None:
    line = cast.line("Karmøy", 2020, [3.0, 3.2, 3.1])
    aim = GoalLine(3.9, 2022, due)
    chart = trend_graph(line, cast.feedback(), pack(), "nb", cast.NB, goal=aim)
    assert words(chart.wide, "year")[-1] == f"{last}–{str(last + 1)[2:]}"
    rings = [s for s in flat(chart.wide.shapes) if isinstance(s, Dot) and s.fill is Tone.PRESS]
    assert len(rings) == drawn_there
    # In words at the end of its line, and as a row of the table.
    day = "" if due is None else f"innen {numbers.day(due, 'nb')}"
    said = " ".join(words(chart.wide, "end"))
    assert f"mål 3,9 {day}".strip() in said
    assert chart.tables[0].rows[-1] == ("Mål", "3,9", "", "", day)


@pytest.mark.parametrize(
    ("values", "due", "years"),
    [
        ([3.0, 3.2], None, [2020, 2021]),
        ([3.0, 3.2], 2019.2, [2020, 2021]),
        ([3.0, 3.2], 2021.49, [2020, 2021]),
        ([3.0, 3.2], 2021.5, [2020, 2021, 2022]),
        ([3.0, 3.2], 2024.49, [2020, 2021, 2022, 2023, 2024]),
        ([3.0, 3.2], 2024.5, [2020, 2021]),
        ([], 2024.5, []),
    ],
)
def test_the_axis_goes_on_to_the_day_of_a_goal(
    values: list[float | str], due: float | None, years: list[int]
) -> None:
    found = axis([told(cast.line("Karmøy", 2020, values))], [], [], due)
    assert list(found) == years


def test_the_best_level_lies_beneath_where_lower_is_better() -> None:
    line = cast.line("Bømlo", 2020, [2.0, 3.0], indicator=WAITING, half=None)
    scene = trend_graph(line, pack().indicators[WAITING], pack(), "nb", cast.NB).wide
    heights = {text.text: text.y for text in scene.texts if text.kind == "level"}
    assert heights["god"] > heights["på vei"] > heights["svak"]


def test_hidden_years_are_said_and_carry_no_number() -> None:
    scene = drawn([3.0, "few", "linked", 3.2, "none"])
    # Two neighbouring years with the same word are said once.
    assert words(scene, "hidden") == ["skjult", "ikke målt"]
    hollow = [shape for shape in flat(scene.shapes) if isinstance(shape, Dot)]
    assert len(hollow) == 2


def test_a_provisional_dot_is_hollow_and_said() -> None:
    line = cast.line("Karmøy", 2024, [3.4, 3.7])
    cells = (line.cells[0], replace(line.cells[1], provisional=True))
    own = Line(line.name, cells)
    chart = trend_graph(own, cast.feedback(), pack(), "nb", cast.NB)
    dots = [shape for shape in flat(chart.wide.shapes) if isinstance(shape, Dot)]
    assert [dot.fill for dot in dots] == [Tone.INK, Tone.GROUND]
    assert "foreløpig" in words(chart.wide, "end")
    assert chart.tables[0].rows[-1][-1] == "Foreløpig"


def test_breaks_and_mergers_have_a_note_and_the_full_sentence_is_in_the_table() -> None:
    notes = [Note(Kind.NEW_VERSION, 2021, 2020), Note(Kind.MERGER, 2022, 2021, ("no-1", "no-2"))]
    line = cast.line("Karmøy", 2020, [3.0, 3.1, 3.2])
    chart = trend_graph(
        line, cast.feedback(), pack(), "nb", cast.NB, notes=notes,
        unit_names={"no-1": "Haugesund", "no-2": "Vindafjord"},
    )  # fmt: skip
    assert words(chart.wide, "remark") == ["ny måling fra 2021–22", "slått sammen fra 2022–23"]
    assert "kan ikke sammenlignes" in chart.tables[0].rows[1][-1]
    assert "Haugesund og Vindafjord" in chart.tables[0].rows[2][-1]


def test_criteria_that_changed_are_drawn_as_they_were() -> None:
    old = cast.feedback().criteria
    assert old is not None
    newer = replace(old, version=2, cuts=(3.4, 3.9))
    content = replace(pack(), criteria={**pack().criteria, newer.id: newer})
    cells = (cast.cell(2024, 3.5, criteria=old), cast.cell(2025, 3.5, criteria=newer))
    chart = trend_graph(Line("Karmøy", cells), cast.feedback(), content, "nb", cast.NB)
    bands = [s for s in chart.wide.shapes if isinstance(s, Box) and s.fill.endswith("-pale")]
    assert len({box.x for box in bands}) == 2
    assert " ".join(words(chart.wide, "remark")) == "nye nivågrenser fra 2025–26"
    assert words(chart.wide, "tick") == ["3,4", "3,9"]
    assert "nye nivågrenser" in chart.tables[0].rows[1][-1]


def test_what_was_done_is_a_flag_below_and_a_table() -> None:
    flags = [Flag(date(2021, 3, 1), "Øveplan"), Flag(date(2035, 1, 1), "Langt frem")]
    line = cast.line("Karmøy", 2020, [3.0, 3.1, 3.2])
    chart = trend_graph(line, cast.feedback(), pack(), "nb", cast.NB, flags=flags)
    assert "Øveplan" in words(chart.wide, "flag")
    # What lies far off does not stretch the axis.
    assert words(chart.wide, "year")[-1] == "2022–23"
    assert [row[0] for row in chart.tables[1].rows] == ["Øveplan", "Langt frem"]


def test_years_have_a_rim_where_the_poles_of_flags_pass_behind_them() -> None:
    flag = Flag(date(2022, 1, 10), "Band på fredager")
    for flags in ([], [flag]):
        years = [t for t in drawn([3.0, 3.1, 3.2], flags=flags).texts if t.kind == "year"]
        assert years
        assert all(year.halo == bool(flags) for year in years)


def test_the_axis_makes_room_for_what_has_just_begun() -> None:
    scene = drawn([3.0, 3.1], flags=[Flag(date(2022, 9, 1), "Øveplan")])
    assert words(scene, "year")[-1] == "2022–23"


def test_a_line_without_any_number_says_so() -> None:
    chart = trend_graph(Line("Utsira", ()), cast.feedback(), pack(), "nb", cast.NB)
    assert chart.description == "Det er ingen tall å vise."
    assert [text.text for text in chart.wide.texts] == [chart.description]


def test_a_cell_of_a_part_or_of_years_together_is_no_year_of_a_line() -> None:
    for wrong in (cast.cell(2025, 3.0, years=2), cast.cell(2025, 3.0, part="sex.girl")):
        with pytest.raises(AssertionError, match="year's everybody"):
            trend_graph(Line("Karmøy", (wrong,)), cast.feedback(), pack(), "nb", cast.NB)


def test_the_estimate_of_a_register_figure_is_not_drawn() -> None:
    line = cast.line("Bømlo", 2020, [2.0, 3.0], indicator=WAITING, half=None)
    scene = trend_graph(line, pack().indicators[WAITING], pack(), "nb", cast.NB).wide
    assert not [s for s in flat(scene.shapes) if getattr(s, "fill", None) is Tone.ESTIMATE]
    survey = drawn([3.0, 3.1])
    areas = [s for s in flat(survey.shapes) if getattr(s, "fill", None) is Tone.ESTIMATE]
    assert len(areas) == 1
    assert isinstance(areas[0], Path)


def test_the_clear_change_is_told_first() -> None:
    chart = trend_graph(
        cast.OWN, cast.feedback(), pack(), "nb", cast.NB, marks=[cast.UP]
    )  # fmt: skip
    assert "3,7 ↗" in words(chart.wide, "value")
    assert "Økning siden 2024–25" in chart.tables[0].rows[-1][-1]


def test_the_values_worth_telling_are_the_first_the_changes_of_level_and_the_ends() -> None:
    from puls.views.charts.trend_parts import Told, Trend

    line = cast.line("Karmøy", 2018, [3.2, 3.2, 3.8, 3.85, 3.8, 4.6, 4.6], half=0.01)
    trend = Trend(Told("", told(line)), (), (), (), (), tuple(range(2018, 2025)), "")
    assert [spot.period for spot in worth_telling(trend)] == [2018, 2020, 2023]
