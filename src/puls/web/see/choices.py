"""What a reader has chosen to see: parsed from an address, and written back into one."""

from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from urllib.parse import urlencode

from puls.content.definitions import Indicator, Pack, RegisterSource, Role
from puls.content.order import areas as areas
from puls.content.order import in_order as in_order
from puls.views.tables import Sort
from puls.web import picked
from puls.web.answering import release_of
from puls.web.picked import MOST_PICKED as MOST_PICKED

OVERVIEW, ALL, REGISTER, CUSTOM = "", "alle", "register", "eget"
"""The pack's first colour table, every indicator, every register figure; what the other fields say.

CUSTOM is what the list of views sends for a choice that is none of its own entries.
"""

CODED = "~"
"""Begins columns that are written as codes, each of `CODE` letters."""
CODE = 4
FEW_COLUMNS = 4


@cache
def code(key: str) -> str:
    """Four letters for an indicator's key, the same for good: sent addresses have them."""
    return urlsafe_b64encode(sha256(key.encode()).digest()[:3]).decode()


@dataclass(frozen=True, slots=True)
class Choice:
    """Every part of an address behind its question mark; "" and None where nothing was chosen.

    show: "" for the overview or "alle"; asked only where no filter and no columns are chosen.
    area, role, source: filters. source is a survey, a register, or "register" for all of them.
    columns: keys of indicators chosen one by one; filters narrow them further.
    rows: the tier whose units make the rows; "" for those right below.
    turned: indicators are rows, units columns.
    picked: cells (unit, indicator) to talk about. picking: the page where they are chosen.
    cell: (unit, indicator) whose reason is asked for. release: the page as that release left it.
    """

    show: str = ""
    sort: Sort | None = None
    cell: tuple[str, str] | None = None
    release: int | None = None
    area: str = ""
    role: str = ""
    source: str = ""
    columns: tuple[str, ...] = ()
    rows: str = ""
    turned: bool = False
    picked: tuple[tuple[str, str], ...] = ()
    picking: bool = False

    def query(self, **changes: object) -> str:
        """The address's query with something changed: "?vis=alle&sorter=-name"; "?" when empty."""
        return "?" + urlencode(dict(self.parts(**changes)), safe=",")

    def cell_query(self) -> str:
        """A cell's address up to its own part. Many columns are codes in it: a table repeats them
        in every cell."""
        columns = self.columns
        if len(columns) > FEW_COLUMNS:
            columns = (CODED + "".join(code(key) for key in columns),)
        return self.query(columns=columns, cell=("", "")).removesuffix(".")

    def parts(self, **changes: object) -> list[tuple[str, str]]:
        """The query's parts by name, each at most once; what is not chosen is left out."""
        other = replace(self, **changes)  # type: ignore[arg-type]
        sort = other.sort
        found = {
            "vis": other.show,
            "omrade": other.area,
            "rolle": other.role,
            "kilde": other.source,
            "kolonner": ",".join(other.columns),
            "rader": other.rows,
            "snudd": "1" if other.turned else "",
            "sorter": ("-" if sort.descending else "") + sort.column if sort else "",
            "valgt": ",".join(".".join(cell) for cell in other.picked),
            "velg": "1" if other.picking else "",
            "per": "" if other.release is None else str(other.release),
            "celle": "" if other.cell is None else ".".join(other.cell),
        }
        return [(name, value) for name, value in found.items() if value]

    @property
    def is_filtered(self) -> bool:
        """Whether the columns are others than the overview or everything."""
        return bool(self.columns or self.area or self.role or self.source)


def parse(values: Mapping[str, str], pack: Pack) -> Choice:
    """The choice in an address. What it does not understand it takes as not chosen.

    Forms send names of columns and cells one by one, addresses have them joined with ",".
    """
    sort = None
    column = values.get("sorter", "").removeprefix("-")
    if column == "name" or column in pack.indicators:
        sort = Sort(column, descending=values["sorter"].startswith("-"))
    cells = list(dict.fromkeys(picked.cells(picked.listed(values, "valgt"), pack)))
    rows = values.get("rader", "")
    return replace(
        _shown(values, pack),
        sort=sort,
        cell=next(picked.cells([values.get("celle", "")], pack), None),
        release=release_of(values),
        rows=rows if rows in pack.country.tier_keys else "",
        turned=values.get("snudd", "") == "1",
        picked=tuple(cells[:MOST_PICKED]),
        picking=values.get("velg", "") == "1",
    )


def too_many(values: Mapping[str, str], pack: Pack) -> bool:
    """Whether more cells were picked than are kept."""
    return len(set(picked.cells(picked.listed(values, "valgt"), pack))) > MOST_PICKED


def _shown(values: Mapping[str, str], pack: Pack) -> Choice:
    """The columns: a view of the list, else filters and single columns."""
    named = values.get("vis", CUSTOM)
    kind, _, key = named.partition("-")
    if named == ALL:
        return Choice(show=ALL)
    if named == REGISTER:
        return Choice(source=REGISTER)
    if kind == "omrade" and key in areas(pack):
        return Choice(area=key)
    if kind == "rolle" and key in tuple(Role):
        return Choice(role=key)
    if kind == "undersokelse" and key in surveys(pack):
        return Choice(source=key)
    if named != CUSTOM:
        return Choice()
    area, role, source = (values.get(name, "") for name in ("omrade", "rolle", "kilde"))
    asked = set(_columns(picked.listed(values, "kolonner")))
    return Choice(
        area=area if area in areas(pack) else "",
        role=role if role in tuple(Role) else "",
        source=source if source in sources(pack) else "",
        columns=tuple(each.key for each in in_order(pack) if {each.key, code(each.key)} & asked),
    )


def _columns(written: Iterable[str]) -> Iterable[str]:
    """Keys of columns, and codes one by one."""
    for each in written:
        if each.startswith(CODED):
            yield from (each[at : at + CODE] for at in range(len(CODED), len(each), CODE))
        else:
            yield each


def indicators(choice: Choice, pack: Pack) -> list[Indicator]:
    """The indicators of the choice, in the order of `in_order`.

    A filter without chosen columns looks among all indicators, not only among the overview's.
    """
    every = in_order(pack)
    if choice.columns:
        every = [each for each in every if each.key in choice.columns]
    elif not choice.is_filtered and choice.show == OVERVIEW:
        return [pack.indicators[key] for key in pack.default_columns] or every
    return [
        each
        for each in every
        if choice.area in ("", each.area)
        and choice.role in ("", each.role)
        and choice.source in ("", *_sources_of(each))
    ]


def _sources_of(indicator: Indicator) -> tuple[str, ...]:
    source = indicator.source
    return (source.source, REGISTER) if isinstance(source, RegisterSource) else (source.survey,)


def surveys(pack: Pack) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for key, _ in pack.surveys))


def registers(pack: Pack) -> tuple[str, ...]:
    """The registers that indicators are read from, in the order of their columns."""
    found = (i.source.source for i in in_order(pack) if isinstance(i.source, RegisterSource))
    return tuple(dict.fromkeys(found))


def sources(pack: Pack) -> Sequence[str]:
    """What one can filter by: each survey, all registers together, each register."""
    return (*surveys(pack), REGISTER, *registers(pack))


def next_sort(now: Sort | None, column: str) -> Sort | None:
    """What pressing a column's head does: first one way, then the other, then back to no order.

    Names start from a, numbers from the highest.
    """
    first = Sort(column, descending=column != "name")
    if now is None or now.column != column:
        return first
    return replace(first, descending=not first.descending) if now == first else None
