"""Released cells and marks: the only forms in which a number leaves the analysis."""

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """Why a cell shows what it shows. Only SHOWN cells carry a number or a colour."""

    SHOWN = "shown"
    FEW = "few"
    """Fewer answers than the threshold k."""
    LINKED = "linked"
    """Enough answers, but together with other cells it would reveal a small or uniform group."""
    NO_DATA = "no_data"
    """Nobody answered, or the register has no figure."""
    NOT_COMPARABLE = "not_comparable"
    """A register figure from before a merger or split that cannot be added up."""


@dataclass(frozen=True, slots=True)
class ReleasedCell:
    """One unit, one indicator, one period, as a release froze it.

    value: in the indicator's own unit; the raw mean for a survey indicator.
    n: respondents behind the value; None for register figures.
    low, high: the central 80 % of the posterior; None for register figures.
    level_low, level_high: the lowest and highest level that value and interval touch. Equal:
        the cell has that level's colour. Different: uncertain between them. None: no criteria.
    note: the source's own symbol for a figure ("." ".." ":" "*" ...), or "".
    provisional: the source may still revise the figure.
    of_unit: set when the figure belongs to another unit (the municipality of a single school).
    judged_by: key and version of the criteria that gave the levels (`Criteria.id`), or "".
    part: the breakdown's group that alone is counted ("sex.girl"), or "" for everybody.
    years: how many school years are counted together; period is the last of them.
    correction: 0 without late answers, else the number of the latest correction whose answers it
        counts. The numbers rise over all units and years of a survey; a unit may skip some.
    public: it may be shown to everybody, not only to those signed in.
    """

    unit: str
    indicator: str
    version: int
    period: int
    status: Status
    value: float | None = None
    n: int | None = None
    low: float | None = None
    high: float | None = None
    level_low: int | None = None
    level_high: int | None = None
    note: str = ""
    provisional: bool = False
    of_unit: str = ""
    judged_by: str = ""
    part: str = ""
    years: int = 1
    correction: int = 0
    public: bool = False

    def __post_init__(self) -> None:
        if self.status is not Status.SHOWN:
            carried = (self.value, self.n, self.low, self.high, self.level_low, self.level_high)
            assert all(part is None for part in carried), f"{self.status} cell carries a number"

    @property
    def level(self) -> int | None:
        """The level whose colour the cell has, or None when uncertain or not shown."""
        return self.level_low if self.level_low == self.level_high else None


class Mark(StrEnum):
    """What a reader is told about a difference."""

    UP = "up"
    DOWN = "down"
    NONE = ""
    """Too small or too uncertain to be told. It does not say that there is no difference."""


class Against(StrEnum):
    """What a marked value is held against."""

    CHANGE = "change"
    """The same unit in an earlier period."""
    GIVEN = "given"
    """What units with the same prerequisites have."""


@dataclass(frozen=True, slots=True)
class ReleasedMark:
    """How one unit's value of a period differs from what it is held against, as released.

    since: the earlier period of a change; None for GIVEN.
    expected: the value it is held against, in the indicator's unit: the earlier period's raw mean,
        or what units with these prerequisites have.
    estimate, low, high: the difference in the unit's practice, shrunk, central 80 %.
    """

    unit: str
    indicator: str
    period: int
    against: Against
    expected: float
    estimate: float
    low: float
    high: float
    mark: Mark
    since: int | None = None
