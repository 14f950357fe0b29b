"""What a colour table is made of: frozen parts, every word ready in one language.

Only shown cells carry a number; everything else is told in words.
"""

from dataclasses import dataclass
from enum import StrEnum

from puls.cells import Against, Status
from puls.content.definitions import Role
from puls.views import symbols
from puls.views.marks import Sign


class Kind(StrEnum):
    """What a row is to the page it stands on."""

    SELF = "self"
    CHILD = "child"
    COMPARISON = "comparison"
    """A unit above, for comparison: stays last and is never sorted in among the others."""


@dataclass(frozen=True, slots=True)
class RowUnit:
    """A unit that gets a row.

    href: its own page, or "" where the reader has none to go to. tier: as the country names it.
    """

    key: str
    name: str
    kind: Kind
    href: str = ""
    tier: str = ""


@dataclass(frozen=True, slots=True)
class Sort:
    """Which column orders the rows: an indicator's key, or "name"."""

    column: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    key: str
    name: str
    """The full name."""
    short: str
    """A name short enough for a column head."""
    about: str
    role: Role
    source: str
    unit: str
    """Name of the unit of measure."""
    decimals: int
    levels: int
    """How many levels its criteria have; 0 without criteria."""
    first: bool = False
    """The first of its role: the table leaves air before it."""


@dataclass(frozen=True, slots=True)
class Group:
    """Neighbouring columns of one role, under one head."""

    role: Role
    name: str
    span: int


@dataclass(frozen=True, slots=True)
class TableCell:
    """One cell, in words.

    look: what the style sheet calls it: "l2of3" for a level, "uncertain", "hidden", "empty",
        "elsewhere" (a register never measures this tier), "apart" (not comparable), "plain" (a
        number without criteria).
    text: the number as written, "" unless shown. word: what stands beside or instead of it.
    symbol: id of its symbol in the sprite, or "". label: the accessible name.
    value, low, high, n: for sorting, sheets and drawings; None unless shown.
    reason: the sentence, "" unless the table was asked for reasons.
    signs: what is known of change and prerequisites; only those with a mark are drawn.
    years: school years counted together; more than one where a year alone is hidden, and then tag
        says so ("2 år").
    judged_by: key and version of the criteria, where the release remembers them.
    """

    unit: str
    indicator: str
    status: Status
    look: str
    word: str
    label: str
    text: str = ""
    symbol: str = ""
    level: int | None = None
    level_low: int | None = None
    level_high: int | None = None
    levels: int = 0
    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    provisional: bool = False
    reason: str = ""
    signs: tuple[Sign, ...] = ()
    years: int = 1
    tag: str = ""
    judged_by: str = ""

    @property
    def marked(self) -> tuple[Sign, ...]:
        """The signs that stand beside the value."""
        return tuple(sign for sign in self.signs if sign.mark)

    def sign(self, against: Against) -> Sign | None:
        """What is known of the change, or given the prerequisites; None where nothing is."""
        return next((sign for sign in self.signs if sign.against is against), None)


@dataclass(frozen=True, slots=True)
class Row:
    key: str
    name: str
    kind: Kind
    href: str
    cells: tuple[TableCell, ...]


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """look: as of a cell, or "" for signs that stand beside values. symbols: ids in the sprite."""

    look: str
    symbols: tuple[str, ...]
    word: str
    why: str = ""


@dataclass(frozen=True)
class ColourTable:
    """rows: the unit itself and its children, in order. comparison: the rows that stay below."""

    period: int
    period_label: str
    columns: tuple[Column, ...]
    groups: tuple[Group, ...]
    rows: tuple[Row, ...]
    comparison: tuple[Row, ...]
    legend: tuple[LegendEntry, ...]
    sort: Sort | None

    @property
    def all_rows(self) -> tuple[Row, ...]:
        return (*self.rows, *self.comparison)

    @property
    def sprite(self) -> str:
        """The symbols the table points at, as one hidden SVG."""
        return symbols.sprite(self.levels)

    @property
    def levels(self) -> tuple[int, ...]:
        """The numbers of levels that columns have or cells were judged by, rising."""
        found = {column.levels for column in self.columns}
        found |= {cell.levels for row in self.all_rows for cell in row.cells}
        return tuple(sorted(found - {0}))

    def cell(self, unit: str, indicator: str) -> TableCell | None:
        """The cell of a unit and an indicator, or None where the table has no such cell."""
        for row in self.all_rows:
            if row.key == unit:
                return next((cell for cell in row.cells if cell.indicator == indicator), None)
        return None
