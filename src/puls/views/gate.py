"""The release gate as a rule: who may see a school's answers, and what may still be undone."""

from enum import StrEnum


class GateState(StrEnum):
    """How far a school's answers have come on their way to its owner."""

    CLOSED = "closed"
    """Only the school's own members see them."""
    OPEN = "open"
    """The leader has released them, and nobody else has looked or counted."""
    USED = "used"
    """Somebody else has looked, or a release above has counted them."""
    OVER = "over"
    """The announced day has come."""


def state(opened: bool, used: bool, over: bool) -> GateState:
    """What was used stays so; the day that has come needs nobody's release."""
    if used:
        return GateState.USED
    if over:
        return GateState.OVER
    return GateState.OPEN if opened else GateState.CLOSED


def may_take_back(now: GateState) -> bool:
    """What somebody has seen or counted cannot be unseen."""
    return now is GateState.OPEN


def holds_back(now: GateState) -> bool:
    """Whether nobody but the school may learn anything of it, and all above it waits."""
    return now is GateState.CLOSED
