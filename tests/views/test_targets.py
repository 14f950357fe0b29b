"""An own target: reached only on the same evidence as a colour, and never a colour itself."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puls.cells import ReleasedCell, Status
from puls.views.targets import Target, sentence, state
from tests.views.cast import COST, FEEDBACK, WAITING, pack, shown, silent

CRITERIA = pack().indicators[FEEDBACK].criteria
assert CRITERIA is not None
DIRECTIONS = {
    True: CRITERIA,
    False: replace(CRITERIA, higher_is_better=False),
    None: None,
}

# Mean and estimate against the target 4.0: (higher is better, lower is better, nobody has said).
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
def test_a_target_is_reached_on_the_whole_estimate(
    value: float, interval: tuple[float, float] | None, up: str, down: str, unsaid: str
) -> None:
    cell = shown(value, (2, 2), interval=interval, n=40 if interval else None)
    found = {way: state(cell, 4.0, criteria) for way, criteria in DIRECTIONS.items()}
    assert found == {True: up, False: down, None: unsaid}


@pytest.mark.parametrize("status", [each for each in Status if each is not Status.SHOWN])
def test_nothing_is_said_of_what_is_not_shown(status: Status) -> None:
    for criteria in DIRECTIONS.values():
        assert state(silent(status), 4.0, criteria) == "unknown"


def naive(value: float, low: float, high: float, target: float) -> str:
    """With higher is better, in plain words."""
    if min(value, low) >= target:
        return "reached"
    return "missed" if max(value, high) < target else "open"


grades = st.integers(10, 50).map(lambda tenths: tenths / 10)


@given(grades, st.tuples(grades, grades), grades)
def test_both_ways_of_counting_agree(
    value: float, ends: tuple[float, float], target: float
) -> None:
    low, high = sorted(ends)
    cell = shown(value, (1, 3), interval=(low, high), n=9)
    assert state(cell, target, CRITERIA) == naive(value, low, high, target)


def told(cell: ReleasedCell, target: float, language: str = "nb") -> str:
    made = Target(target, "Alice Aasen", date(2026, 3, 1))
    found = sentence(cell, made, pack().indicators[cell.indicator], pack(), language)
    return found.replace("\N{NO-BREAK SPACE}", " ")


TOLD = [
    (shown(4.3, (3, 3), interval=(4.25, 4.4), n=40), 4.2,
     "Eget mål 4,2 (satt av Alice Aasen, 2026): nådd."),
    (shown(4.3, (3, 3), interval=(4.1, 4.4), n=40), 4.25,
     "Eget mål 4,25 (satt av Alice Aasen, 2026): svarene avgjør det ikke."),
    (silent(Status.FEW), 4.0,
     "Eget mål 4,0 (satt av Alice Aasen, 2026): det er ikke noe tall å holde det mot."),
    (shown(3.0, (3, 3), indicator=WAITING), 5.0,
     "Eget mål 5,0 % (satt av Alice Aasen, 2026): nådd."),
    (shown(21000.0, None, indicator=COST), 20000.0,
     "Eget mål 20 000 kr (satt av Alice Aasen, 2026): tallet ligger over."),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "target", "words"), TOLD)
def test_a_target_is_told_in_a_sentence(cell: ReleasedCell, target: float, words: str) -> None:
    assert told(cell, target) == words


LATER = "satt etter dette skoleåret, som derfor ikke holdes mot det"
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
    made = Target(4.2, "Alice Aasen", set_on)
    found = sentence(cell, made, pack().indicators[cell.indicator], pack(), "nb")
    assert found == f"Eget mål 4,2 (satt av Alice Aasen, {set_on.year}): {told}."


def test_english_has_its_own_words() -> None:
    cell = shown(4.0, (2, 2), interval=(3.9, 4.1), n=40)
    assert told(cell, 4.2, "en") == "Own target 4.2 (set by Alice Aasen, 2026): not reached."
