"""How a practice is shared: written by those who did it, looked through by their owner, taken back
by either."""

import pytest

from puls.web.share.states import WAYS, Move, State, moves

# state,       writer may,        reviewer may
MAY = [
    ("draft",     {"propose"},   set()),
    ("proposed",  {"take_back"}, {"send_back", "publish"}),
    ("published", {"withdraw"},  {"withdraw"}),
    ("withdrawn", {"reopen"},    set()),
]  # fmt: skip


@pytest.mark.parametrize(("state", "writer", "reviewer"), MAY)
def test_who_may_do_what_when(state: str, writer: set[str], reviewer: set[str]) -> None:
    assert set(moves(State(state), writer=True, reviewer=False)) == writer
    assert set(moves(State(state), writer=False, reviewer=True)) == reviewer
    assert set(moves(State(state), writer=True, reviewer=True)) == writer | reviewer
    assert moves(State(state), writer=False, reviewer=False) == []


def test_nothing_is_published_that_nobody_looked_through() -> None:
    to_all = {at for (at, _), way in WAYS.items() if way.to is State.PUBLISHED}
    assert to_all == {State.PROPOSED}
    assert not WAYS[State.PROPOSED, Move.PUBLISH].writer


def test_every_state_is_reached_and_can_be_left() -> None:
    assert {way.to for way in WAYS.values()} == set(State)
    assert {at for at, _ in WAYS} == set(State)
