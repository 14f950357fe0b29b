"""What a step rests on: an indicator as a release had it, a rubric, or a page to look at."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class TieKind(StrEnum):
    INDICATOR = "indicator"
    RUBRIC = "rubric"
    VIEW = "view"


@dataclass(frozen=True, slots=True)
class Tie:
    """One thing that a step rests on; what its kind does not need is left empty.

    unit, indicator, period, release: a cell as that release (by id) and those before it had it.
    rubric, rubric_level: the level the team placed itself on, 1 to 4, or 0 where it has not.
    address, name: a page of ours, without its host, and what it is called.
    """

    kind: TieKind
    unit: str = ""
    indicator: str = ""
    period: int = 0
    release: int = 0
    rubric: str = ""
    rubric_level: int = 0
    address: str = ""
    name: str = ""

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> "Tie":
        """A tie as the database keeps it."""
        return cls(**{**kept, "kind": TieKind(kept["kind"])})

    @property
    def kept(self) -> dict[str, Any]:
        """As the database keeps it: what is empty is left out."""
        return {name: value for name, value in asdict(self).items() if value}

    @property
    def is_about(self) -> tuple[str, ...]:
        """What makes two ties of a step the same one."""
        return (self.kind, self.unit, self.indicator, str(self.period), self.rubric, self.address)
