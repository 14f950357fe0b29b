"""The states of an improvement: a table, and its drawing in the docs."""

from itertools import product
from pathlib import Path

import pytest

from puls.web.improve.states import MOVES, State, diagram, is_written, may_follow

P, U, F, A = State.PLANNED, State.UNDER_WAY, State.FINISHED, State.PUT_AWAY
ALLOWED = {(P, U), (P, A), (U, F), (U, A), (F, U), (A, U)}


@pytest.mark.parametrize(("now", "wanted"), list(product(State, State)))
def test_which_state_may_follow(now: State, wanted: State) -> None:
    assert may_follow(now, wanted) is ((now, wanted) in ALLOWED)


@pytest.mark.parametrize(("state", "written"), [(P, True), (U, True), (F, False), (A, False)])
def test_when_it_is_written(state: State, written: bool) -> None:
    assert is_written(state) is written


def test_every_state_has_a_way_on() -> None:
    assert all(MOVES[state] for state in State)


def test_the_drawing_in_the_docs_is_the_table() -> None:
    page = Path(__file__).parents[3] / "docs" / "improvement-states.md"
    assert diagram() in page.read_text(encoding="utf-8")
