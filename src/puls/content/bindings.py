"""How a pack reads registers: which cells of which tables, and which units are its schools."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Provisional:
    """From which day on a table's figures of a period are no longer provisional.

    Registers do not flag provisional values; only the table's `updated` tells.
    """

    final: tuple[int, int]
    """Month and day."""
    years_after: int

    def is_provisional(self, period: int, updated: date) -> bool:
        """True when a table last updated on that day may still change the period's figures."""
        return updated < date(period + self.years_after, *self.final)


@dataclass(frozen=True)
class RegisterBinding:
    """How one table of a register is read.

    table: the register's own id of the table ("13135", "GSI 1/8"), or "" for any table of this
        reader that holds one of the codes.
    region: the name of its region dimension, or "" for a table without regions.
    time: the name of its time dimension.
    cells: indicator key by the register's code for the figure (ContentsCode, column name), or by
        its label where the code was never seen.
    skip: region codes that are known and not units of the tree, with the reason.
    fixed: other dimensions and the one category that is read.
    region_pattern: regular expression whose first group is the unit's code; "" for the code as is.
    reader: which importer reads it ("ssb", "gsi", "population").
    regions: unit keys of region codes that the pattern cannot give ("EAK": the country).
    A region code is looked up in `regions`, then in `skip`, then read by `region_pattern`.
    provisional: when figures are final; None when the register never revises them.
    address: where the register is asked over the net ("https://data.ssb.no/api/pxwebapi/v2"), or
        "" for one whose tables come as files.
    codelists: which of the register's code lists a dimension is told by, where not by its own.
    report: code of the page that shows the table, for registers whose pages tell where data are.
    """

    source: str
    table: str
    region: str
    time: str
    cells: Mapping[str, str]
    skip: Mapping[str, str]
    fixed: Mapping[str, str]
    licence: str
    cadence: str
    region_pattern: str = ""
    reader: str = ""
    regions: Mapping[str, str] = field(default_factory=dict)
    provisional: Provisional | None = None
    address: str = ""
    codelists: Mapping[str, str] = field(default_factory=dict)
    report: str = ""


@dataclass(frozen=True)
class SchoolRegister:
    """Which units of a register of schools are a pack's: by code of industry or by category."""

    industries: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()

    def takes(self, industries: Sequence[str], categories: Sequence[str]) -> bool:
        mine = set(self.industries) & set(industries)
        return bool(mine or set(self.categories) & set(categories))
