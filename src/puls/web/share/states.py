"""The life of a shared practice, as a table: who makes which move from where to where."""

from enum import StrEnum
from typing import NamedTuple


class State(StrEnum):
    DRAFT = "draft"
    PROPOSED = "proposed"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Move(StrEnum):
    PROPOSE = "propose"
    TAKE_BACK = "take_back"
    SEND_BACK = "send_back"
    PUBLISH = "publish"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"


class Way(NamedTuple):
    """writer: the unit's own people may go it; reviewer: the administration may."""

    to: State
    writer: bool
    reviewer: bool


WAYS: dict[tuple[State, Move], Way] = {
    (State.DRAFT, Move.PROPOSE): Way(State.PROPOSED, writer=True, reviewer=False),
    (State.PROPOSED, Move.TAKE_BACK): Way(State.DRAFT, writer=True, reviewer=False),
    (State.PROPOSED, Move.SEND_BACK): Way(State.DRAFT, writer=False, reviewer=True),
    (State.PROPOSED, Move.PUBLISH): Way(State.PUBLISHED, writer=False, reviewer=True),
    (State.PUBLISHED, Move.WITHDRAW): Way(State.WITHDRAWN, writer=True, reviewer=True),
    (State.WITHDRAWN, Move.REOPEN): Way(State.DRAFT, writer=True, reviewer=False),
}
"""Where every move leads. A move that is not here is refused."""


def moves(state: State, *, writer: bool, reviewer: bool) -> list[Move]:
    """What somebody can do now, in the order of the table."""
    return [
        move
        for (at, move), way in WAYS.items()
        if at is state and ((way.writer and writer) or (way.reviewer and reviewer))
    ]
