"""What the columns and values of a table mean, and the answers it then holds.

A column map says which column is what, and what is meant by values that do not go without saying.
All or nothing: as long as a value in a column that is read is not understood, there are no answers.
Columns that the map does not name are never looked at.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Any, NamedTuple

import polars as pl

from puls.registers.exported import Column, Table
from puls.registers.known import UNIT, Known, alike
from puls.registers.tables import AnswersTable

LEAVE_OUT = "-"
"""In place of a unit: these rows are other people's, and are not taken."""
MOST_KINDS = 40
"""Different values in a column that somebody may be asked about; more are no answers."""
_NUMBER = re.compile(r"([0-9]{1,3})(?:[.,]0+)?")
_NUMBER_FIRST = re.compile(r"([0-9]{1,3})\s*[-–—.:=)(]+\s*(\D.*)")
_CODE = re.compile(r"[a-z]{1,4}0*([0-9]{1,3})")
_NOTHING = frozenset(("", "-", "–", "—", ".", "..", "...", "?"))


@dataclass(frozen=True)
class ColumnMap:
    """columns: names of columns by target: "unit", an item or a background question.

    points: points of the scale by what a value says, None for no answer. options: the same for
    each background question. units: keys of units, or LEAVE_OUT. All by what a value says
    (`said`), and only what does not go without saying.
    everybody: the unit of all rows where no column says it, or "".
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    points: Mapping[str, int | None] = field(default_factory=dict)
    options: Mapping[str, Mapping[str, int | None]] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    everybody: str = ""


class Meant(NamedTuple):
    """What a value means: a point, the number of an option, or a unit's key; None for no answer,
    or rows that are left out.

    understood: False where nobody knows yet. guess: then what it may mean, for somebody to confirm.
    """

    meant: int | str | None
    understood: bool = True
    guess: int | str | None = None
    chosen: bool = False


@dataclass(frozen=True)
class Value:
    """One value of a column. shown: as it stands there, with its word. said: how maps call it."""

    shown: str
    said: str
    count: int
    means: Meant


@dataclass(frozen=True)
class Seen:
    """What was found in the column of a target. column: None where it has none."""

    target: str
    column: Column | None
    values: tuple[Value, ...] = ()

    @property
    def understood(self) -> int:
        return sum(v.count for v in self.values if v.means.understood and v.means.meant is not None)

    @property
    def missing(self) -> int:
        return sum(v.count for v in self.values if v.means.understood and v.means.meant is None)

    @property
    def strange(self) -> tuple[Value, ...]:
        """Values that nobody understands yet, the most frequent first."""
        return tuple(v for v in self.values if not v.means.understood)


@dataclass(frozen=True)
class Understood:
    """A table as it is understood. seen: by target, in the order of `Known.targets`.

    rows: units and numbers of each row, "" and None where something is missing or not understood.
    answers: None while something is not understood, or no unit or item has a column.
    """

    seen: Mapping[str, Seen]
    frame: pl.DataFrame
    answers: AnswersTable | None

    @property
    def strange(self) -> int:
        """How many cells are not understood."""
        return sum(v.count for each in self.seen.values() for v in each.strange)


def understand(table: Table, known: Known, chosen: ColumnMap) -> Understood:
    """The table as the map has it."""
    places = {column.name: place for place, column in enumerate(table.columns)}
    seen: dict[str, Seen] = {}
    made: dict[str, pl.Series] = {}
    for target in known.targets:
        place = places.get(chosen.columns.get(target, ""))
        if place is None:
            seen[target] = Seen(target, None)
            continue
        column = table.columns[place]
        cells = [row[place] for row in table.rows]
        values = _values(cells, column, _meaning(target, known, chosen))
        seen[target] = Seen(target, column, tuple(values.values()))
        meant = {cell: values[said(column, cell)].means.meant for cell in set(cells)}
        kind = pl.String if target == UNIT else pl.Int8
        made[target] = pl.Series(target, [meant[cell] for cell in cells], dtype=kind)
    if UNIT not in made and chosen.everybody in known.leaves:
        made[UNIT] = pl.Series(UNIT, [chosen.everybody] * len(table.rows), dtype=pl.String)
    frame = pl.DataFrame(
        [made.get(target, _nothing(target, len(table.rows))) for target in known.targets]
    )
    understood = not any(each.strange for each in seen.values())
    whole = understood and UNIT in made and any(item in made for item in known.items)
    return Understood(seen, frame, _answers(table, frame, known) if whole else None)


def _nothing(target: str, rows: int) -> pl.Series:
    return pl.Series(target, [None] * rows, dtype=pl.String if target == UNIT else pl.Int8)


def _answers(table: Table, frame: pl.DataFrame, known: Known) -> AnswersTable:
    numbered = frame.with_columns(pl.Series("", table.numbers, dtype=pl.Int64))
    nowhere = pl.col(UNIT).is_null()
    silent = pl.all_horizontal(pl.col(list(known.items)).is_null())
    refused = [
        (number, f"row {number}", why)
        for why, rows in (
            ("of no unit that was asked", numbered.filter(nowhere)),
            ("no item answered", numbered.filter(~nowhere & silent)),
        )
        for number in rows.get_column("")
    ]
    taken = frame.filter(~nowhere & ~silent)
    return AnswersTable(
        rows_in=len(table.rows),
        refused=tuple((where, why) for _, where, why in sorted(refused)),
        frame=taken.select(pl.col(UNIT).alias("leaf"), *known.backgrounds, *known.items),
    )


def said(column: Column, cell: str) -> str:
    """What a cell says: its word where it is a code, without regard to capitals and blanks."""
    return " ".join(column.values.get(cell, cell).casefold().split())


Meaning = Callable[[str, str], Meant]
"""From what a cell says and stands as to what it means."""


def _values(cells: Sequence[str], column: Column, meaning: Meaning) -> dict[str, Value]:
    """All values of a column by what they say, the most frequent first."""
    found: dict[str, Value] = {}
    for cell, count in Counter(cells).most_common():
        says = said(column, cell)
        if says in found:
            found[says] = replace(found[says], count=found[says].count + count)
            continue
        word = column.values.get(cell, "")
        shown = f"{word} ({cell})" if word and word != cell else cell
        found[says] = Value(shown, says, count, meaning(says, cell))
    return found


def _meaning(target: str, known: Known, chosen: ColumnMap) -> Meaning:
    told: Mapping[str, Any]
    if target == UNIT:
        told, itself = chosen.units, _unit(known)
    elif target in known.options:
        count = len(next(b.options for b in known.survey.background if b.key == target))
        told = chosen.options.get(target, {})
        itself = _number(known.options[target], 1, count)
    else:
        scale = known.survey.scale
        told, itself = chosen.points, _number(known.points, scale.low, scale.high)

    def meaning(says: str, cell: str) -> Meant:
        if says in told:
            return Meant(None if told[says] == LEAVE_OUT else told[says], chosen=True)
        return itself(says, cell)

    return meaning


def nearest(says: str, known: Known) -> str | None:
    """The unit whose name is most like what a value says, if one is."""
    names = {alike(name): key for key, name in known.leaves.items()} | dict(known.others)
    near = get_close_matches(alike(says), names, n=1, cutoff=0.75)
    return names[near[0]] if near else None


def _unit(known: Known) -> Meaning:
    named = Counter(alike(name) for name in known.leaves.values())
    # A name that two units have says nothing: somebody must choose.
    plain = {alike(name): key for key, name in known.leaves.items() if named[alike(name)] == 1}
    units = {**known.others, **plain, **{alike(key): key for key in known.leaves}}

    def itself(says: str, _cell: str) -> Meant:
        return Meant(units.get(alike(says)), understood=alike(says) in units)

    return itself


def _number(words: Mapping[str, int | None], low: int, high: int) -> Meaning:
    """By a value's words or its number. A number with other words beside it is only a guess."""

    def itself(says: str, cell: str) -> Meant:
        if says in _NOTHING:
            return Meant(None)
        if any(map(str.isalpha, says)) and alike(says) in words:
            return Meant(words[alike(says)])
        plain, coded = _NUMBER.fullmatch(says), says != " ".join(cell.casefold().split())
        if plain and not coded and low <= int(plain[1]) <= high:
            return Meant(int(plain[1]))
        first = _NUMBER_FIRST.fullmatch(says)
        if first and words.get(alike(first[2])) == int(first[1]):
            return Meant(int(first[1]))
        found = _NUMBER.fullmatch(cell) or first or _CODE.fullmatch(says)
        number = int(found[1]) if found else low - 1
        return Meant(None, understood=False, guess=number if low <= number <= high else None)

    return itself
