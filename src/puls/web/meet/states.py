"""The life of a meeting, and of a vote in it: which state may follow which."""

from collections.abc import Mapping
from enum import StrEnum


class State(StrEnum):
    PLANNED = "planned"
    """Being prepared: nobody has been told."""
    INVITED = "invited"
    HELD = "held"
    CANCELLED = "cancelled"


NEXT: Mapping[State, frozenset[State]] = {
    # A team that meets anyway needs no invitation.
    State.PLANNED: frozenset({State.INVITED, State.HELD, State.CANCELLED}),
    State.INVITED: frozenset({State.HELD, State.CANCELLED}),
    State.HELD: frozenset(),
    State.CANCELLED: frozenset(),
}
OPEN = (State.PLANNED, State.INVITED)
"""In these a meeting can still be changed and begun."""


class Vote(StrEnum):
    """How far a vote has come."""

    NONE = ""
    OPEN = "open"
    REVEALED = "revealed"


class Phase(StrEnum):
    """How a team works right now: first everybody alone, then in groups, then together."""

    NONE = ""
    ALONE = "alone"
    GROUP = "group"
    TOGETHER = "together"


def may_follow(now: str, then: str) -> bool:
    """Whether a meeting may go from one state to the other."""
    return State(then) in NEXT[State(now)]
