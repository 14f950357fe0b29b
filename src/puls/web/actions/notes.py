"""What is read of decisions and actions: plain objects, as pages, meetings and mails get them."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from puls.web.actions.states import OPEN, State


@dataclass(frozen=True)
class Origin:
    """Where something was decided: ids of an improvement, a step of it, a meeting."""

    improvement: UUID | None = None
    step: UUID | None = None
    meeting: UUID | None = None


@dataclass(frozen=True)
class DecisionNote:
    """A decision that counts. decided_by: in words. changed_by, changed_at: "" and None for
    nobody."""

    id: UUID
    tenant: str
    unit: str
    path: str
    text: str
    why: str
    decided_on: date
    decided_by: str
    origin: Origin
    written_by: str
    written_at: datetime
    changed_by: str
    changed_at: datetime | None


@dataclass(frozen=True)
class AimNote:
    """An indicator that an action should move.

    version: of its definition when the action was written. release, period: whose cell is the
    baseline (`queries.baseline`); None where nothing was shown yet. direction: "up", "down" or "".
    amount: how much, in the indicator's unit.
    """

    indicator: str
    version: int
    release: int | None
    period: int | None
    direction: str
    amount: float | None


@dataclass(frozen=True)
class ActionNote:
    """An action as it stands. See `models.Action`."""

    id: UUID
    tenant: str
    unit: str
    path: str
    what: str
    why: str
    decision: UUID | None
    responsible: UUID | None
    responsible_name: str
    starts: date | None
    due: date | None
    begun_on: date | None
    ended_on: date | None
    expected: str
    rubric: str
    rubric_level: int | None
    state: State
    progress: int
    remind_on: date | None
    origin: Origin
    written_by: str
    written_at: datetime
    changed_by: str
    changed_at: datetime | None
    aims: tuple[AimNote, ...] = ()

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def begins(self) -> date:
        """When it began, else when it shall, else when it was written down."""
        return self.begun_on or self.starts or self.written_at.date()

    def is_late(self, today: date) -> bool:
        """It should have been done by now."""
        return self.is_open and self.due is not None and self.due < today


@dataclass(frozen=True)
class ProgressNote:
    """What was said of an action, and how it stood from then on."""

    state: State
    progress: int
    comment: str
    written_by: str
    written_at: datetime
