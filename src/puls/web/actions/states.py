"""The life of an action, as a table. Run after changing it:

    python -m puls.web.actions.states

draws it into docs/actions.md. Nothing here knows Django, so that the table is read in one go.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class State(StrEnum):
    """Where an action stands."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    UNDER_WAY = "under_way"
    PAUSED = "paused"
    DONE = "done"
    STOPPED = "stopped"


class Move(StrEnum):
    """What can be done with it."""

    AGREE = "agree"
    RECONSIDER = "reconsider"
    BEGIN = "begin"
    PAUSE = "pause"
    RESUME = "resume"
    FINISH = "finish"
    STOP = "stop"
    TAKE_UP = "take_up"


@dataclass(frozen=True, slots=True)
class Step:
    """From one state a move leads to another."""

    source: State
    move: Move
    target: State


TABLE = tuple(
    Step(State(source), Move(move), State(target))
    for source, move, target in (
        ("proposed", "agree", "agreed"),
        ("proposed", "begin", "under_way"),
        ("proposed", "stop", "stopped"),
        ("agreed", "begin", "under_way"),
        ("agreed", "reconsider", "proposed"),
        ("agreed", "stop", "stopped"),
        ("under_way", "finish", "done"),
        ("under_way", "pause", "paused"),
        ("under_way", "stop", "stopped"),
        ("paused", "resume", "under_way"),
        ("paused", "finish", "done"),
        ("paused", "stop", "stopped"),
        ("done", "take_up", "under_way"),
        ("stopped", "reconsider", "proposed"),
    )
)
"""All that can happen; what is not here cannot. The first move of a state is the usual one."""
OPEN = frozenset({State.PROPOSED, State.AGREED, State.UNDER_WAY, State.PAUSED})
"""Something is still to be done."""
BEGUN = frozenset({State.UNDER_WAY, State.PAUSED})
"""Work on it has begun and not ended: how far it has come is a question."""


def moves(state: State) -> tuple[Step, ...]:
    """What can be done with an action in this state, the usual one first."""
    return tuple(step for step in TABLE if step.source is state)


def after(state: State, move: Move) -> State | None:
    """Where a move leads from a state; None where it cannot be made."""
    return next((step.target for step in moves(state) if step.move is move), None)


def diagram() -> str:
    """The table as a picture, in the words of Mermaid."""
    return "\n".join(["```mermaid", "stateDiagram-v2", *_lines(), "```"])


def _lines() -> Iterator[str]:
    yield f"    [*] --> {State.PROPOSED}"
    for step in TABLE:
        yield f"    {step.source} --> {step.target}: {step.move.replace('_', ' ')}"


START, END = "<!-- drawn from the table -->", "<!-- end of the drawing -->"
PAGE = Path(__file__).parents[4] / "docs" / "actions.md"


def drawn_into(text: str) -> str:
    """A document with the picture between its two marks. ValueError where it lacks them."""
    before, found, rest = text.partition(START)
    _, end, after_it = rest.partition(END)
    if not (found and end):
        raise ValueError(f"the document needs the marks {START} and {END}")
    return f"{before}{START}\n{diagram()}\n{END}{after_it}"


if __name__ == "__main__":
    PAGE.write_text(drawn_into(PAGE.read_text("utf-8")), "utf-8")
