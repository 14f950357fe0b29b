"""The grid of a colour table as the page draws it: heads, stretches of rows, which way round."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from puls.views.table_shapes import Line, Part, blocks, stretches, turned, unit_blocks
from puls.views.tables import ColourTable, Group, Row, Sort
from puls.web.see import choices, pages
from puls.web.see.choices import Choice

BIG = 1500
"""From so many cells on the browser lays out only the rows in sight."""
STRETCH = 10
"""Rows of such a table that are laid out together: what a browser has to do within one frame."""
FEW = 6


@dataclass(frozen=True, slots=True)
class Head:
    """One column's head: its name and the address that sorts by it."""

    key: str
    short: str
    title: str
    href: str
    sorted: str
    """As aria-sort says it: none, ascending, descending."""
    about: str = ""
    """The address of the indicator's own page; "" for the names."""


@dataclass(frozen=True, slots=True)
class Body:
    """Rows that stand together. kind: "own" or "comparison"."""

    rows: tuple[Row, ...]
    kind: str = "own"


@dataclass(frozen=True)
class Grid:
    """Everything a template needs to draw a table, one way round or the other.

    heads: the name's own first. firsts: what begins after some air, an indicator or, in a turned
    table, a unit. parts: the rows of
    a turned table, empty otherwise. bodies: those of one that is not. cell_query: a cell's
    address up to its own part. picked: cells to take along. big: see `BIG`. id, part: of the
    table's name on the page; a table that is cut has several parts.
    """

    table: ColourTable
    heads: tuple[Head, ...]
    firsts: frozenset[str]
    cell_query: str
    picked: frozenset[tuple[str, str]]
    picking: bool
    big: bool
    bodies: tuple[Body, ...] = ()
    turned: bool = False
    id: str = "tabellnavn"
    part: str = ""
    parts: tuple[Part, ...] = ()

    @property
    def lines(self) -> list[tuple[Group, list[tuple[Head, Line]]]]:
        """The rows of a turned table under the names of their roles, each with its head."""
        heads = {head.key: head for head in self.heads}
        return [
            (part.group, [(heads[line.column.key], line) for line in part.lines])
            for part in self.parts
        ]

    @property
    def is_narrow(self) -> bool:
        """Whether its columns would look lost over the width of a screen."""
        return not self.turned and len(self.table.columns) <= FEW

    @property
    def has_abouts(self) -> bool:
        """Whether heads lead anywhere: not on paper, nor while one ticks cells."""
        return bool(self.cell_query) and not self.picking

    @property
    def across(self) -> int:
        """How many columns a turned table has, those of the names and their pages too."""
        return len(self.table.all_rows) + 1 + self.has_abouts


def grid(table: ColourTable, choice: Choice) -> Grid:
    """The table of a page."""
    big = not choice.turned and len(table.all_rows) * len(table.columns) >= BIG
    bodies = _whole(table)
    if big:
        bodies = (*(Body(rows) for rows in stretches(table.rows, STRETCH)), *bodies[1:])
    return Grid(
        table=table,
        heads=tuple(heads(table, choice)),
        firsts=_firsts(table, choice),
        cell_query=choice.cell_query(),
        picked=frozenset(choice.picked),
        picking=choice.picking,
        big=big,
        bodies=() if choice.turned else bodies,
        turned=choice.turned,
        parts=turned(table) if choice.turned else (),
    )


def _firsts(table: ColourTable, choice: Choice) -> frozenset[str]:
    if choice.turned:
        return frozenset(row.key for row in table.comparison[:1])
    return frozenset(column.key for column in table.columns[1:] if column.first)


def on_paper(table: ColourTable, choice: Choice, across: Mapping[str, int]) -> list[Grid]:
    """The table in parts that fit a sheet of paper; nothing on them can be pressed.

    across: how many columns of indicators ("columns") or of units ("units") a sheet takes.
    """
    turn = choice.turned
    cut = unit_blocks(table, across["units"]) if turn else blocks(table, across["columns"])
    several = len(cut) > 1
    return [
        replace(
            grid(part, choice),
            cell_query="",
            picking=False,
            big=False,
            bodies=() if turn else _whole(part),
            id=f"tabell-{number}",
            part=_("part %(number)s") % {"number": number} if several else "",
        )
        for number, part in enumerate(cut, 1)
    ]


def _whole(table: ColourTable) -> tuple[Body, ...]:
    """All rows in one body, and those for comparison in another."""
    beside = (Body(table.comparison, "comparison"),) if table.comparison else ()
    return (Body(table.rows), *beside)


def heads(table: ColourTable, choice: Choice) -> list[Head]:
    """The heads of the columns, the units' own first, each with what pressing it does."""
    found = [_head("name", table.period_label, _("Name"), table.sort, choice)]
    for column in table.columns:
        about = pages.indicator_address(column.key, table.period)
        found.append(_head(column.key, column.short, column.name, table.sort, choice, about))
    return found


def _head(
    key: str, short: str, name: str, sort: Sort | None, choice: Choice, about: str = ""
) -> Head:
    following = choices.next_sort(sort, key)
    if following is None:
        does = _("back to the usual order")
    elif key == "name":
        does = _("sort from z") if following.descending else _("sort from a")
    else:
        does = _("sort from the highest") if following.descending else _("sort from the lowest")
    now = "none"
    if sort is not None and sort.column == key:
        now = "descending" if sort.descending else "ascending"
    return Head(key, short, f"{name}: {does}", choice.query(sort=following, cell=None), now, about)
