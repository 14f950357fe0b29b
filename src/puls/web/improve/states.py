"""The life of an improvement as a table. `python -m puls.web.improve.states` draws its diagram.

The drawing stands in docs/improvement-states.md; a test keeps the two alike.
"""

from collections.abc import Mapping
from enum import StrEnum


class State(StrEnum):
    """Where an improvement is in its life."""

    PLANNED = "planned"
    UNDER_WAY = "under_way"
    FINISHED = "finished"
    PUT_AWAY = "put_away"


MOVES: Mapping[State, tuple[State, ...]] = {
    State.PLANNED: (State.UNDER_WAY, State.PUT_AWAY),
    State.UNDER_WAY: (State.FINISHED, State.PUT_AWAY),
    State.FINISHED: (State.UNDER_WAY,),
    State.PUT_AWAY: (State.UNDER_WAY,),
}
"""The states that may follow each. What is finished or put away can be taken up again."""

WRITTEN = frozenset({State.PLANNED, State.UNDER_WAY})
"""The states in which texts and steps change. The others are read as they were left."""


def may_follow(now: str, wanted: str) -> bool:
    """Whether the move is in the table."""
    return wanted in MOVES[State(now)]


def is_written(now: str) -> bool:
    """Whether its texts and steps may change now."""
    return State(now) in WRITTEN


def diagram() -> str:
    """The table as a Mermaid state diagram."""
    lines = ["stateDiagram-v2", f"    [*] --> {State.PLANNED}"]
    lines += [f"    {one} --> {other}" for one, others in MOVES.items() for other in others]
    return "\n".join(lines)


if __name__ == "__main__":
    print(diagram())
