"""How an own definition lives: written, taken into use by the administration, never changed."""

import pytest

from puls.web.own.states import IN_FORCE, WAYS, WRITTEN, State, moves

# state,       writer may,      the administration may
MAY = [
    ("draft",     {"propose"},   {"publish"}),
    ("proposed",  {"take_back"}, {"publish", "send_back"}),
    ("published", set(),         {"share", "retire"}),
    ("shared",    set(),         {"unshare", "retire"}),
    ("retired",   set(),         {"resume"}),
    ("replaced",  set(),         set()),
]  # fmt: skip


@pytest.mark.parametrize(("state", "writer", "decider"), MAY)
def test_who_may_do_what_when(state: str, writer: set[str], decider: set[str]) -> None:
    assert set(moves(State(state), writer=True, decider=False)) == writer
    assert set(moves(State(state), writer=False, decider=True)) == decider
    assert moves(State(state), writer=False, decider=False) == []


def test_only_the_administration_takes_into_use_and_shares() -> None:
    assert not [way for way in WAYS.values() if way.to not in WRITTEN and way.writer]


def test_what_was_once_in_use_is_never_written_on_again() -> None:
    """Mutant: a way from "retired" back to "draft"."""
    assert not [at for (at, _), way in WAYS.items() if at not in WRITTEN and way.to in WRITTEN]


def test_every_state_but_replaced_is_reached_by_a_move() -> None:
    assert {way.to for way in WAYS.values()} == set(State) - {State.REPLACED}
    assert IN_FORCE.isdisjoint(WRITTEN)
