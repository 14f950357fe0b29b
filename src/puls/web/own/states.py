"""The life of a version of an own definition, as a table: who makes which move from where to where.

Until it is published it is written on. From then on its words never change: a change is the next
version, which replaces it.
"""

from enum import StrEnum
from typing import NamedTuple


class State(StrEnum):
    DRAFT = "draft"
    PROPOSED = "proposed"
    PUBLISHED = "published"
    SHARED = "shared"
    RETIRED = "retired"
    REPLACED = "replaced"


class Move(StrEnum):
    PROPOSE = "propose"
    TAKE_BACK = "take_back"
    SEND_BACK = "send_back"
    PUBLISH = "publish"
    SHARE = "share"
    UNSHARE = "unshare"
    RETIRE = "retire"
    RESUME = "resume"


class Way(NamedTuple):
    """writer: whoever wrote it may go it; decider: the administration may."""

    to: State
    writer: bool
    decider: bool


WAYS: dict[tuple[State, Move], Way] = {
    (State.DRAFT, Move.PROPOSE): Way(State.PROPOSED, writer=True, decider=False),
    (State.DRAFT, Move.PUBLISH): Way(State.PUBLISHED, writer=False, decider=True),
    (State.PROPOSED, Move.PUBLISH): Way(State.PUBLISHED, writer=False, decider=True),
    (State.PROPOSED, Move.SEND_BACK): Way(State.DRAFT, writer=False, decider=True),
    (State.PROPOSED, Move.TAKE_BACK): Way(State.DRAFT, writer=True, decider=False),
    (State.PUBLISHED, Move.SHARE): Way(State.SHARED, writer=False, decider=True),
    (State.SHARED, Move.UNSHARE): Way(State.PUBLISHED, writer=False, decider=True),
    (State.PUBLISHED, Move.RETIRE): Way(State.RETIRED, writer=False, decider=True),
    (State.SHARED, Move.RETIRE): Way(State.RETIRED, writer=False, decider=True),
    (State.RETIRED, Move.RESUME): Way(State.PUBLISHED, writer=False, decider=True),
}
"""Where every move leads. A move that is not here is refused. Nobody moves a version to "replaced":
it comes there when the next one is published."""

WRITTEN = frozenset({State.DRAFT, State.PROPOSED})
"""Not published yet: seen by its writer and the administration."""
IN_FORCE = frozenset({State.PUBLISHED, State.SHARED})
"""Offered to the administration's people wherever one chooses."""


def moves(state: State, *, writer: bool, decider: bool) -> list[Move]:
    """What somebody can do now, in the order of the table.

    Who decides needs not propose to themselves.
    """
    return [
        move
        for (at, move), way in WAYS.items()
        if at is state and ((way.writer and writer and not decider) or (way.decider and decider))
    ]
