"""Lines, flags and words that the tests of the charts are about."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from puls.analysis.trends import Kind, Note
from puls.cells import Against, Mark, ReleasedCell, ReleasedMark, Status
from puls.content.definitions import Criteria, Indicator
from puls.views.charts.dialogue_map import dialogue_map
from puls.views.charts.dialogue_parts import DialogueMap, OwnLine
from puls.views.charts.rubric_profile import Placements, rubric_profile
from puls.views.charts.scene import Chart
from puls.views.charts.trend_parts import Flag, Line
from puls.views.charts.words import words
from tests.views.cast import FEEDBACK, pack

NB = words(pack(), "nb")

SILENT = {"few": Status.FEW, "linked": Status.LINKED, "none": Status.NO_DATA,
          "apart": Status.NOT_COMPARABLE}  # fmt: skip


def cell(
    period: int,
    value: float | str,
    half: float | None = 0.12,
    indicator: str = FEEDBACK,
    unit: str = "karmoy",
    **more: Any,
) -> ReleasedCell:
    """A cell with the levels that value and interval touch; a word for one without a number."""
    definition = pack().indicators[indicator]
    if isinstance(value, str):
        return ReleasedCell(unit, indicator, definition.version, period, SILENT[value], **more)
    ends = (value - half, value + half) if half is not None else (None, None)
    criteria = more.pop("criteria", definition.criteria)
    levels = touched(value, ends, criteria)
    n = None if half is None else 60
    return ReleasedCell(
        unit, indicator, more.pop("version", definition.version), period, Status.SHOWN, value,
        more.pop("n", n), *ends, *levels, judged_by=criteria.id if criteria else "", **more,
    )  # fmt: skip


def touched(
    value: float, ends: Sequence[float | None], criteria: Criteria | None
) -> tuple[int, int] | tuple[None, None]:
    """The lowest and the highest level of a value and its interval."""
    if criteria is None:
        return (None, None)
    values = [value, *(end for end in ends if end is not None)]
    if criteria.higher_is_better:
        found = [1 + sum(part >= cut for cut in criteria.cuts) for part in values]
    else:
        found = [criteria.levels - sum(part > cut for cut in criteria.cuts) for part in values]
    return min(found), max(found)


def line(name: str, start: int, values: Sequence[float | str], **more: Any) -> Line:
    """A line of a value a year, from the period `start` on."""
    return Line(name, tuple(cell(start + n, value, **more) for n, value in enumerate(values)))


def feedback() -> Indicator:
    return pack().indicators[FEEDBACK]


OWN = line("Karmøy kulturskole", 2019, [3.62, 3.58, 3.55, "few", 3.4, 3.44, 3.71], unit="karmoy")
NORWAY = line("Norge", 2019, [3.72, 3.74, 3.71, "none", 3.72, 3.74, 3.75], unit="no", half=0.01)
COUNTY = line("Rogaland fylkeskommune", 2019, [3.9, 3.95, 3.92, "none", 3.97, 4.0, 4.05], unit="r")
ACTIONS = (
    Flag(date(2024, 3, 1), "Øveplan med ukentlig tilbakemelding"),
    Flag(date(2025, 9, 15), "Alle lærere er med på hverandres timer"),
)
UP = ReleasedMark(
    "karmoy", FEEDBACK, 2025, Against.CHANGE, 3.44, 0.22, 0.1, 0.34, Mark.UP, since=2024
)
NOTES = (
    Note(Kind.NEW_VERSION, 2021, 2020),
    Note(Kind.MERGER, 2024, 2023, ("no-1106", "no-1154")),
    Note(Kind.PROVISIONAL, 2025),
)


MAP = {
    # Indicator, value or why there is none, half the interval.
    "student_support_home": (4.31, 0.1),
    "kostra_net_per_child": (2690.0, None),
    "kostra_waiting_share": (9.9, None),
    "parent_course_range": ("few", None),
    "student_teacher_relation": (4.45, 0.1),
    "student_feedback": (3.41, 0.12),
    "student_formative_assessment": (3.82, 0.1),
    "student_creativity": (3.9, 0.25),
    "student_wellbeing": (4.42, 0.08),
    "student_intrinsic_motivation": (3.92, 0.1),
    "student_mastery_expectation": (3.8, 0.1),
}


def tie(a: str, b: str, strength: float, together: bool = True) -> dict[str, Any]:
    return {
        "kind": "units", "tier": "municipality", "a": a, "b": b, "n": 300, "strength": strength,
        "low": strength - 0.1, "high": strength + 0.1, "wrong": 0.01, "together": together,
    }  # fmt: skip


TIES = [
    tie("student_support_home", "student_intrinsic_motivation", 0.34),
    tie("student_support_home", "student_mastery_expectation", 0.21, together=False),
    tie("student_teacher_relation", "student_wellbeing", 0.62),
    tie("student_teacher_relation", "student_intrinsic_motivation", 0.4),
    tie("student_feedback", "student_formative_assessment", 0.55),
    tie("student_feedback", "student_mastery_expectation", 0.51),
    tie("student_feedback", "student_intrinsic_motivation", 0.46),
    tie("student_creativity", "student_intrinsic_motivation", 0.33),
    tie("student_wellbeing", "student_intrinsic_motivation", 0.58),
    tie("kostra_net_per_child", "student_feedback", 0.42),
    tie("kostra_waiting_share", "student_intrinsic_motivation", -0.29),
    tie("kostra_waiting_share", "parent_course_range", -0.1, together=False),
]
THOUGHTS = (
    OwnLine("student_creativity", "student_mastery_expectation",
            "De som får lage noe eget, tror mer på seg selv."),
)  # fmt: skip


def dialogue(chosen: str = "", language: str = "nb", **more: Any) -> DialogueMap:
    """The map of the cast."""
    content = pack()
    cells = [cell(2025, value, half, indicator=key) for key, (value, half) in MAP.items()]
    indicators = [content.indicators[key] for key in MAP]
    named = {"unit": "karmoy", "unit_name": "Karmøy kulturskole", "period": 2025,
             "period_label": "2025–26"}  # fmt: skip
    return dialogue_map(
        cells, indicators, TIES, content, language, words(content, language), chosen=chosen,
        own=more.pop("own", THOUGHTS), **named, **more,
    )  # fmt: skip


ROUNDS = (
    Placements("mai 2024", (4, 5, 2, 0)),
    Placements("mai 2025", (1, 1, 0, 1)),
    Placements("mai 2026", (1, 2, 6, 2)),
)


def profile(rounds: Sequence[Placements] = ROUNDS, language: str = "nb", **more: Any) -> Chart:
    """The rubric of the cast."""
    content = pack()
    beside = [
        cell(2025, value, half, indicator=key)
        for key, (value, half) in MAP.items()
        if content.indicators[key].area == "teaching_and_learning"
    ]
    return rubric_profile(
        content.rubrics["assessment_for_learning"], rounds, content, language,
        words(content, language), unit_name="Karmøy kulturskole", k=more.pop("k", 5),
        beside=more.pop("beside", beside), **more,
    )  # fmt: skip


def schools() -> list[Line]:
    """Some schools for small multiples."""
    names = ("Bokn", "Bømlo", "Haugesund", "Karmøy kulturskole", "Sveio", "Tysvær", "Utsira",
             "Stord og Fitjar felles kulturskole")  # fmt: skip
    found = []
    for number, name in enumerate(names):
        values: list[float | str] = [
            round(3.35 + 0.11 * ((number * 5 + year * (number % 4 + 1)) % 10), 2)
            for year in range(7)
        ]
        values[number % 7] = "few"
        found.append(line(name, 2019, values, half=0.06))
    return found
