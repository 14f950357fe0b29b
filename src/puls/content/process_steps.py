"""A process of a pack, as frozen objects: steps of an improvement as an expert proposes them."""

from dataclasses import dataclass
from enum import StrEnum


class StepKind(StrEnum):
    """What a team does in a step of an improvement."""

    DATA = "data"
    """Choose what is known, and look at it."""
    PROBLEM = "problem"
    REFLECT = "reflect"
    DECIDE = "decide"
    ACT = "act"
    EVALUATE = "evaluate"
    OWN = "own"
    """Something else, which its title says."""


@dataclass(frozen=True)
class ProcessStep:
    """A step of a process as a pack proposes it (texts in the pack's text, by its number).

    week: how many weeks after the beginning; lasts: weeks that it takes, 0 for a day.
    has_problem: its text has a problem to begin with. questions: how many questions it has.
    indicators, rubrics: what to look at, by key.
    """

    kind: StepKind
    week: int
    lasts: int = 0
    has_problem: bool = False
    questions: int = 0
    minutes_alone: int = 0
    minutes_group: int = 0
    minutes_together: int = 0
    indicators: tuple[str, ...] = ()
    rubrics: tuple[str, ...] = ()


@dataclass(frozen=True)
class Process:
    """A worked example of an improvement, which a team makes its own copy of.

    number: its place in the list of them.
    """

    key: str
    number: int
    steps: tuple[ProcessStep, ...]
