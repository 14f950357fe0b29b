"""Steps as they are proposed, before there is an improvement: by a template or by its writer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from puls.content.process_steps import StepKind
from puls.web.improve.ties import Tie


@dataclass(frozen=True, slots=True)
class Proposed:
    """A step to begin with. of_template, and texts as in `models.Step`."""

    kind: StepKind
    title: str
    of_template: int = 0
    starts: date | None = None
    ends: date | None = None
    problem: str = ""
    questions: str = ""
    participants: str = ""
    minutes_alone: int = 0
    minutes_group: int = 0
    minutes_together: int = 0
    ties: Sequence[Tie] = ()

    @property
    def fields(self) -> dict[str, Any]:
        """As a step has them."""
        names = [name for name in self.__slots__ if name != "ties"]
        return {
            **{name: getattr(self, name) for name in names},
            "ties": [t.kept for t in self.ties],
        }
