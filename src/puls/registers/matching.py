"""Which column of a table is probably what: a proposal, for somebody to confirm.

Surest first: a key, an item's text in any language of the pack, a text that differs a little, and
last the order, where a file numbers its questions and has as many as the survey.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from puls.registers.exported import Column, Table
from puls.registers.known import UNIT, Known, alike
from puls.registers.mapping import ColumnMap

CLOSE = 0.85
"""From here on two texts are held for one that somebody has touched; 1 is the same."""
MOST_UNITS = 500
"""Different values in a column that may still name units."""
SHORTEST = 8
"""Pairs of letters of a heading that may be compared."""
MOST_COMPARED = 300
"""Columns whose headings are compared letter by letter."""
_IN_BRACKETS = re.compile(r"\[([^\[\]]+)\]\s*$")
_BEFORE_TEXT = re.compile(r"^\s*(?:[A-Za-z]{0,12}[0-9]+[A-Za-z]?)\s*[.:)\-–]\s*")
_NUMBERED = re.compile(r"([a-zæøå_ ]{0,12}?)[ _]?0*([0-9]{1,3})")


class How(StrEnum):
    """What a column was found by."""

    KEY = "key"
    TEXT = "text"
    CLOSE = "close"
    ORDER = "order"
    VALUES = "values"
    SAVED = "saved"


@dataclass(frozen=True)
class Proposal:
    """how: by target, for those that have a column."""

    map: ColumnMap
    how: dict[str, How]


def propose(table: Table, known: Known) -> Proposal:
    """What each target's column probably is; targets without one are left out."""
    found: dict[str, str] = {}
    how: dict[str, How] = {}
    free = {column.name: column for column in table.columns}

    def take(target: str, name: str, by: How) -> None:
        found[target], how[target] = name, by
        del free[name]

    def take_by_words(words: Callable[[Column], Iterable[str]], by: How) -> None:
        headed: dict[str, list[str]] = {}
        for name, column in free.items():
            for word in words(column):
                headed.setdefault(word, []).append(name)
        for target in known.targets:
            asked = (alike(target),) if by is How.KEY else known.texts[target]
            # One unit needs no column: what is called "group" may be anything.
            if target in found or (target == UNIT and len(known.leaves) == 1):
                continue
            fitting = [name for word in asked for name in headed.get(word, ()) if name in free]
            if fitting:
                take(target, fitting[0], by)

    take_by_words(lambda column: (alike(column.name),), How.KEY)
    if UNIT not in found:
        place = _with_units(table, [n in free for n in (c.name for c in table.columns)], known)
        if place is not None:
            take(UNIT, table.columns[place].name, How.VALUES)
    take_by_words(headings, How.TEXT)
    missing = [item for item in known.items if item not in found]
    for target, column in _closest(list(free.values()), missing, known):
        take(target, column.name, How.CLOSE)
    if not any(item in found for item in known.items):
        for target, column in _in_order(list(free.values()), known.items):
            take(target, column.name, How.ORDER)
    everybody = next(iter(known.leaves)) if UNIT not in found and len(known.leaves) == 1 else ""
    return Proposal(ColumnMap(columns=found, everybody=everybody), how)


def headings(column: Column) -> tuple[str, ...]:
    """What a column may be known by, `alike`: its name and label, and the parts of either.

    A LimeSurvey file has "Q02[SQ001]", or "Do you agree? [I like it]"; others "7. I like it".
    """
    made = []
    for text in (column.name, column.label):
        inner = _IN_BRACKETS.search(text)
        for part in (text, _BEFORE_TEXT.sub("", text), inner[1] if inner else ""):
            made.append(alike(part))
    return tuple(dict.fromkeys(part for part in made if part))


def _closest(
    free: Sequence[Column], targets: Iterable[str], known: Known
) -> list[tuple[str, Column]]:
    """Pairs of items and columns whose texts are nearly the same, the nearest first."""
    near = []
    headed = [(each, [_pairs(h) for h in headings(each)]) for each in free[:MOST_COMPARED]]
    for target in targets:
        for text in map(_pairs, known.texts[target]):
            for column, parts in headed:
                likeness = max((_likeness(text, part) for part in parts), default=0.0)
                if likeness >= CLOSE:
                    near.append((likeness, target, column.name, column))
    taken: list[tuple[str, Column]] = []
    for _, target, _name, column in sorted(near, key=lambda each: (-each[0], *each[1:3])):
        if all(target != t and column is not c for t, c in taken):
            taken.append((target, column))
    return taken


def _pairs(text: str) -> frozenset[tuple[str, str]]:
    """The letters of a text that stand side by side."""
    return frozenset(pairwise(text))


def _likeness(one: frozenset[tuple[str, str]], other: frozenset[tuple[str, str]]) -> float:
    """The share of pairs of letters that two texts have in common (Dice), 0 for short ones."""
    if len(other) < SHORTEST:
        return 0.0
    return 2 * len(one & other) / (len(one) + len(other))


def _in_order(free: Sequence[Column], items: Sequence[str]) -> list[tuple[str, Column]]:
    """Columns with one stem and the numbers from 1 to as many as there are items."""
    stems: dict[str, dict[int, Column]] = {}
    for column in free:
        match = _NUMBERED.fullmatch(column.name.strip().casefold())
        if match:
            stems.setdefault(match[1].strip(" _"), {})[int(match[2])] = column
    for numbered in stems.values():
        if sorted(numbered) == list(range(1, len(items) + 1)):
            return [(item, numbered[n]) for n, item in enumerate(items, start=1)]
    return []


def _with_units(table: Table, free: Sequence[bool], known: Known) -> int | None:
    """The place of the column in which most cells name a unit, if more than half do."""
    names = {alike(each) for each in (*known.leaves, *known.leaves.values(), *known.others)}
    best, most = None, len(table.rows) / 2
    for place, column in enumerate(table.columns):
        if not free[place]:
            continue
        cells = Counter(row[place] for row in table.rows)
        if len(cells) > MOST_UNITS:
            continue
        named = sum(n for cell, n in cells.items() if alike(column.values.get(cell, cell)) in names)
        if named > most:
            best, most = place, named
    return best
