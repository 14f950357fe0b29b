"""What a follow-up says

An action starts from what a release showed. The same question is asked again later; the newest
shown answer, from a school year after the baseline's and not before the action began, is held
against it.
Most often the honest answer is that there is no evidence of change yet.

Here the baseline is 2024 and the action began in 2025, unless a row says otherwise.
"""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puls.analysis.followup import FollowUp, Outcome, follow_up
from puls.cells import Against, Mark, ReleasedCell, ReleasedMark, Status
from puls.units import Change as Border
from puls.units import Unit, UnitTree
from tests.spec.tables import table


def cell(
    period: int, value: float | None, half: float = 0.1, n: int | None = 100, **more: object
) -> ReleasedCell:
    shown = value is not None
    facts = {
        "version": 1,
        "status": Status.SHOWN if shown else Status.FEW,
        "value": value,
        "n": n if shown else None,
        "low": value - half if value is not None and n else None,
        "high": value + half if value is not None and n else None,
        **more,
    }
    return ReleasedCell(unit="this", indicator="wellbeing", period=period, **facts)  # type: ignore[arg-type]


def tree(*borders: Border, units: tuple[Unit, ...] = ()) -> UnitTree:
    return UnitTree(
        [Unit("no", "country", "Norway", None), Unit("this", "school", "This", "no"), *units],
        borders,
    )


BEFORE = cell(2024, 3.4)
CELLS = {
    "": (),
    "3.4": (cell(2025, 3.4),),
    "3.5": (cell(2025, 3.5),),
    "4.2": (cell(2025, 4.2),),
    "2.8": (cell(2025, 2.8),),
    "3.9, few": (cell(2025, 3.9, 0.6, 7),),
    "hidden": (cell(2025, None),),
    "4.2, then hidden": (cell(2025, 4.2), cell(2026, None)),
    "3.4, then 4.2": (cell(2025, 3.4), cell(2026, 4.2)),
    "in version 2": (cell(2025, 4.2, version=2),),
    "nobody": (cell(2025, None, status=Status.NO_DATA),),
    "other borders": (cell(2025, None, status=Status.NOT_COMPARABLE),),
    "register": (cell(2025, 4.2, n=None),),
    "the same year": (cell(2024, 4.2),),
}
MARKS = {
    "": None,
    "up": Mark.UP,
    "none": Mark.NONE,
}

SAID = table("""
    baseline | later            | mark | said           | why
    ---------|------------------|------|----------------|----------------------------------------
    3.4      |                  |      | not_measured   | nobody has asked again
    3.4      | the same year    |      | not_measured   | that is where it started
    3.4      | nobody           |      | not_measured   | asked, and nobody answered
    3.4      | hidden           |      | hidden         | too few answered
    3.4      | 3.4              |      | no_evidence    | the same
    3.4      | 3.5              |      | no_evidence    | less than what is relevant
    3.4      | 4.2              |      | up             | clearly more
    3.4      | 2.8              |      | down           | clearly less
    3.4      | 3.9, few         |      | no_evidence    | a few answers may be luck
    3.4      | 4.2              | none | no_evidence    | the release knows better
    3.4      | 3.5              | up   | up             | the release knows better
    3.4      | 4.2, then hidden |      | up             | the newest that is shown
    3.4      | 3.4, then 4.2    | none | up             | the mark is about another year
    3.4      | in version 2     |      | not_comparable | asked in another way
    3.4      | other borders    |      | not_comparable | the figures cannot be added up
    3.4      | register         |      | figure         | nobody knows how sure a register is
    none     | 4.2              |      | no_baseline    | nothing to hold it against
    hidden   | 4.2              |      | no_baseline    | nothing to hold it against
    register | 4.2              |      | figure         | nobody knows how sure a register is
""")
BASELINES = {
    "3.4": BEFORE,
    "none": None,
    "hidden": cell(2024, None),
    "register": cell(2024, 3.4, n=None),
}


def said(
    baseline: ReleasedCell | None,
    line: tuple[ReleasedCell, ...],
    mark: Mark | None = None,
    since: int = 2025,
    on: UnitTree | None = None,
) -> FollowUp:
    change = Against.CHANGE
    released = [
        ReleasedMark("this", "wellbeing", 2025, change, 3.4, 0.3, 0.1, 0.5, mark, 2024)
    ] if mark is not None else []  # fmt: skip
    return follow_up(baseline, line, released, on or tree(), since=since, smallest=0.2)


@pytest.mark.parametrize("row", SAID, ids=lambda row: f"{row['later'] or 'nothing'}: {row['why']}")
def test_what_is_said(row: dict[str, str]) -> None:
    found = said(BASELINES[row["baseline"]], CELLS[row["later"]], MARKS[row["mark"]])
    assert found.outcome == row["said"]


def test_a_year_before_the_action_began_says_nothing_of_it() -> None:
    assert said(BEFORE, (cell(2025, 4.2),), since=2026).outcome is Outcome.NOT_MEASURED
    assert said(BEFORE, (cell(2025, 4.2), cell(2026, 3.4)), since=2026).outcome == "no_evidence"


def test_what_is_against_the_prerequisites_is_no_change() -> None:
    given_them = ReleasedMark("this", "wellbeing", 2025, Against.GIVEN, 3.0, 1.0, 0.8, 1.2, Mark.UP)
    found = follow_up(BEFORE, [cell(2025, 3.4)], [given_them], tree(), since=2025, smallest=0.2)
    assert found.outcome is Outcome.NO_EVIDENCE


def test_a_unit_that_was_split_cannot_be_compared() -> None:
    other, this = Unit("other", "school", "Other", "no"), "this"
    old = Unit("old", "school", "Old", "no", valid_to=date(2025, 8, 1))
    split = Border(date(2025, 8, 1), "old", this), Border(date(2025, 8, 1), "old", "other")
    on = tree(*split, units=(other, old))
    found = said(BEFORE, (cell(2025, 4.2),), on=on)
    assert found.outcome is Outcome.NOT_COMPARABLE


def test_a_unit_that_took_in_another_since_cannot_be_compared() -> None:
    old = Unit("old", "school", "Old", "no", valid_to=date(2025, 8, 1))
    on = tree(Border(date(2025, 8, 1), "old", "this"), units=(old,))
    known = {"since": 2025, "smallest": 0.2}
    after = date(2025, 10, 1)
    for first, outcome in ((date(2024, 11, 1), Outcome.NOT_COMPARABLE), (after, Outcome.UP)):
        days = {2024: first, 2025: after}
        found = follow_up(BEFORE, [cell(2025, 4.2)], [], on, **known, days=days)  # type: ignore[arg-type]
        assert found.outcome is outcome


values = st.integers(10, 50).map(lambda tenths: tenths / 10)
halves = st.sampled_from([0.05, 0.1, 0.3, 0.8])


@given(values, values, halves, halves)
def test_both_ways_are_told_alike(then: float, now: float, half: float, half_now: float) -> None:
    """Up and down are mirror images, and less certainty never makes a change clear."""
    there = said(cell(2024, then, half), (cell(2025, now, half_now),)).outcome
    back = said(cell(2024, now, half_now), (cell(2025, then, half),)).outcome
    mirror = {Outcome.UP: Outcome.DOWN, Outcome.DOWN: Outcome.UP}
    assert mirror.get(there, there) == back
    doubtful = said(cell(2024, then, half + 0.2), (cell(2025, now, half_now),)).outcome
    assert doubtful in (there, Outcome.NO_EVIDENCE)


@given(values, values)
def test_the_smaller_of_two_differences_is_never_the_clear_one(then: float, now: float) -> None:
    found = said(cell(2024, then), (cell(2025, now),)).outcome
    if abs(now - then) <= 0.2:
        assert found is Outcome.NO_EVIDENCE
    if found is Outcome.UP:
        assert now > then


def test_the_measurement_it_rests_on_comes_along() -> None:
    found = said(BEFORE, (cell(2025, 3.5), cell(2026, 3.6)))
    assert found.cell is not None
    assert (found.cell.period, found.baseline) == (2026, BEFORE)
    assert said(BEFORE, ()).cell is None
    assert replace(found, outcome=Outcome.UP).is_clear
    assert not found.is_clear
