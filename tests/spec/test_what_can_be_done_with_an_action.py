"""What can be done with an action

An action is proposed, agreed on, under way, sometimes paused, and in the end done or stopped. What
is not in the table cannot be done. What is done can be taken up again, and what was stopped be
proposed anew.
"""

import pytest

from launch.steps import ROOT
from puls.web.actions import states
from puls.web.actions.states import BEGUN, OPEN, Move, State
from tests.spec.tables import table

LIFE = table("""
    from      | agree  | reconsider | begin     | pause  | resume    | finish | stop    | take up
    ----------|--------|------------|-----------|--------|-----------|--------|---------|----------
    proposed  | agreed |            | under way |        |           |        | stopped |
    agreed    |        | proposed   | under way |        |           |        | stopped |
    under way |        |            |           | paused |           | done   | stopped |
    paused    |        |            |           |        | under way | done   | stopped |
    done      |        |            |           |        |           |        |         | under way
    stopped   |        | proposed   |           |        |           |        |         |
""")


def key(words: str) -> str:
    return words.replace(" ", "_")


@pytest.mark.parametrize("row", LIFE, ids=lambda row: key(row["from"]))
def test_where_each_move_leads(row: dict[str, str]) -> None:
    source, *_ = row.values()
    for move, target in list(row.items())[1:]:
        found = states.after(State(key(source)), Move(key(move)))
        assert (found or "") == key(target), f"{source}, {move}"


def test_the_table_here_has_every_state_and_every_move() -> None:
    assert {key(row["from"]) for row in LIFE} == set(State)
    assert {key(move) for move in list(LIFE[0])[1:]} == set(Move)


def test_no_move_is_there_twice_and_none_leads_nowhere_new() -> None:
    assert len({(step.source, step.move) for step in states.TABLE}) == len(states.TABLE)
    assert len({(step.source, step.target) for step in states.TABLE}) == len(states.TABLE)
    assert all(step.source is not step.target for step in states.TABLE)


def test_from_everywhere_everything_can_be_reached() -> None:
    for state in State:
        reached = {state}
        for _ in State:
            reached |= {step.target for step in states.TABLE if step.source in reached}
        assert reached == set(State), state


def test_what_is_open_and_what_is_begun() -> None:
    assert set(State) - OPEN == {State.DONE, State.STOPPED}
    assert BEGUN < OPEN


def test_the_picture_in_the_documents_is_the_table() -> None:
    text = (ROOT / "docs" / "actions.md").read_text("utf-8")
    assert states.drawn_into(text) == text, "run python -m puls.web.actions.states"
    assert all(f"{step.source} --> {step.target}" in text for step in states.TABLE)


def test_a_document_without_a_place_for_the_picture_is_refused() -> None:
    with pytest.raises(ValueError, match="needs the marks"):
        states.drawn_into("# Nothing here")
