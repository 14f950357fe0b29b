"""A goal: reached only on the same evidence as a colour, and never a colour itself."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puls.analysis.criteria import level_of
from puls.cells import ReleasedCell, Status
from puls.views.goals import Goal, aim, sentence, state
from tests.views.cast import COST, FEEDBACK, WAITING, pack, shown, silent

CRITERIA = pack().indicators[FEEDBACK].criteria
assert CRITERIA is not None
DIRECTIONS = {
    True: CRITERIA,
    False: replace(CRITERIA, higher_is_better=False),
    None: None,
}

# Mean and estimate against the goal 4.0: (higher is better, lower is better, nobody has said).
STATES = [
    (4.2, (4.1, 4.3), "reached", "missed", "above"),
    (4.0, (4.0, 4.1), "reached", "open", "above"),
    (3.8, (3.7, 3.9), "missed", "reached", "below"),
    (3.9, (3.9, 4.0), "open", "reached", "below"),
    (4.1, (3.9, 4.3), "open", "open", "open"),
    # The mean lies outside its own estimate: both must be on the good side.
    (3.9, (4.05, 4.3), "open", "open", "open"),
    (4.0, (4.0, 4.0), "reached", "reached", "reached"),
    (4.0, None, "reached", "reached", "reached"),
    (4.5, None, "reached", "missed", "above"),
]


@pytest.mark.parametrize(("value", "interval", "up", "down", "unsaid"), STATES)
def test_a_goal_is_reached_on_the_whole_estimate(
    value: float, interval: tuple[float, float] | None, up: str, down: str, unsaid: str
) -> None:
    cell = shown(value, (2, 2), interval=interval, n=40 if interval else None)
    found = {way: state(cell, 4.0, criteria) for way, criteria in DIRECTIONS.items()}
    assert found == {True: up, False: down, None: unsaid}


@pytest.mark.parametrize("status", [each for each in Status if each is not Status.SHOWN])
def test_nothing_is_said_of_what_is_not_shown(status: Status) -> None:
    for criteria in DIRECTIONS.values():
        assert state(silent(status), 4.0, criteria) == "unknown"


def naive(value: float, low: float, high: float, goal: float) -> str:
    """With higher is better, in plain words."""
    if min(value, low) >= goal:
        return "reached"
    return "missed" if max(value, high) < goal else "open"


grades = st.integers(10, 50).map(lambda tenths: tenths / 10)


@given(grades, st.tuples(grades, grades), grades)
def test_both_ways_of_counting_agree(value: float, ends: tuple[float, float], goal: float) -> None:
    low, high = sorted(ends)
    cell = shown(value, (1, 3), interval=(low, high), n=9)
    assert state(cell, goal, CRITERIA) == naive(value, low, high, goal)


def told(cell: ReleasedCell, goal: float, language: str = "nb") -> str:
    made = Goal(goal, "Alice Aasen", date(2026, 3, 1))
    found = sentence(cell, made, pack().indicators[cell.indicator], pack(), language)
    return found.replace("\N{NO-BREAK SPACE}", " ")


TOLD = [
    (shown(4.3, (3, 3), interval=(4.25, 4.4), n=40), 4.2,
     "Mål 4,2 (satt av Alice Aasen, 2026): nådd."),
    (shown(4.3, (3, 3), interval=(4.1, 4.4), n=40), 4.25,
     "Mål 4,25 (satt av Alice Aasen, 2026): svarene avgjør ikke om målet er nådd."),
    (silent(Status.FEW), 4.0,
     "Mål 4,0 (satt av Alice Aasen, 2026): ingen tall å holde målet mot."),
    (shown(3.0, (3, 3), indicator=WAITING), 5.0,
     "Mål 5,0 % (satt av Alice Aasen, 2026): nådd."),
    (shown(21000.0, None, indicator=COST), 20000.0,
     "Mål 20 000 kr (satt av Alice Aasen, 2026): tallet ligger over målet."),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "goal", "words"), TOLD)
def test_a_goal_is_told_in_a_sentence(cell: ReleasedCell, goal: float, words: str) -> None:
    assert told(cell, goal) == words


WANTED = [
    # a level and its cut points 3.6 and 4.1: higher is better, lower is better
    (2, 3.6, 4.1),
    (3, 4.1, 3.6),
    (4, None, None),
    (1, None, None),
]


@pytest.mark.parametrize(("level", "up", "down"), WANTED)
def test_a_level_is_the_number_at_which_it_begins(
    level: int, up: float | None, down: float | None
) -> None:
    made = Goal(None, "Alice Aasen", date(2026, 3, 1), level)
    criteria = replace(CRITERIA, cuts=(3.6, 4.1)) if CRITERIA else None
    assert criteria is not None
    assert aim(made, criteria) == up
    assert aim(made, replace(criteria, higher_is_better=False)) == down
    assert aim(made, None) is None


@given(grades, st.booleans(), st.sampled_from([2, 3]))
def test_what_reaches_a_level_has_it(value: float, up: bool, level: int) -> None:
    """The goal's rule and the rule of colours agree."""
    criteria = replace(CRITERIA, higher_is_better=up)  # type: ignore[type-var]
    wanted = aim(Goal(None, "", date(2026, 3, 1), level), criteria)  # type: ignore[arg-type]
    assert wanted is not None
    cell = shown(value, (1, 1))
    reached = state(cell, wanted, criteria) == "reached"  # type: ignore[arg-type]
    assert reached is (level_of(criteria, value) >= level)  # type: ignore[arg-type]


def test_a_level_and_a_day_are_told() -> None:
    cell = shown(3.9, (2, 2), interval=(3.8, 4.0), n=40)
    made = Goal(None, "Kommunestyret", date(2026, 3, 1), 3, date(2027, 6, 1))
    for language, words in (
        ("nb", "Mål «god» (4,1) innen 1. juni 2027 (satt av Kommunestyret, 2026): ikke nådd."),
        ("en", "Goal “good” (4.1) by 1 June 2027 (set by Kommunestyret, 2026): not reached."),
    ):
        found = sentence(cell, made, pack().indicators[FEEDBACK], pack(), language)
        assert found.replace("\N{NO-BREAK SPACE}", " ") == words


LATER = "satt etter dette skoleåret, så først et senere tall viser om målet nås"
SET_ON = [
    # set on, school year of the number: how it is told
    (date(2026, 7, 31), 2025, "nådd"),
    (date(2026, 8, 1), 2025, LATER),
    (date(2026, 8, 1), 2026, "nådd"),
    (date(2026, 11, 24), 2022, LATER),
    (date(2024, 1, 1), 2025, "nådd"),
]


@pytest.mark.parametrize(("set_on", "period", "told"), SET_ON)
def test_a_year_before_it_was_set_is_not_held_against_it(
    set_on: date, period: int, told: str
) -> None:
    cell = replace(shown(4.3, (3, 3), interval=(4.25, 4.4), n=40), period=period)
    made = Goal(4.2, "Alice Aasen", set_on)
    found = sentence(cell, made, pack().indicators[cell.indicator], pack(), "nb")
    assert found == f"Mål 4,2 (satt av Alice Aasen, {set_on.year}): {told}."


def test_english_has_its_own_words() -> None:
    cell = shown(4.0, (2, 2), interval=(3.9, 4.1), n=40)
    assert told(cell, 4.2, "en") == "Goal 4.2 (set by Alice Aasen, 2026): not reached."
