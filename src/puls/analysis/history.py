"""Mergers and splits: what was counted under old borders, told about the units of today.

Tallies add, so the answers of a closed unit go whole to the one unit that holds it now. Register
figures add only where they are counts. Whatever cannot be carried without guessing is marked
"not comparable"; the rules stand as tables in tests/spec/test_how_borders_change.py.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from math import fsum

from puls.figures import Figure
from puls.units import Unit, UnitTree


def carry_leaves(tree: UnitTree, leaves: Iterable[str], day: date) -> dict[str, str]:
    """Where the answers of each leaf group belong on the day.

    A leaf whose whole lineage exists on the day stays itself. Otherwise it goes to the lowest
    unit of the day that holds all of it: its successor, else its school's, else its
    municipality's. A leaf that no unit holds whole, but those already above it, stays a
    historical unit; so does one that was simply closed.

        merged: no-1141/finnoy-kulturskole.music -> no-1103
        split:  no-5012/snillfjord-kulturskole.music -> itself
    """
    return {leaf: _home(tree, leaf, day) for leaf in leaves}


def _home(tree: UnitTree, leaf: str, day: date) -> str:
    lineage = tree.lineage(leaf)
    closed = [depth for depth, key in enumerate(lineage) if not tree[key].valid_on(day)]
    if not closed:
        return leaf
    for key in reversed(lineage[closed[0] :]):
        home = tree.successor(key, day)
        if home and all(tree[above].valid_on(day) for above in tree.lineage(home)):
            return home
    return leaf


def torn(tree: UnitTree, homes: Iterable[str], day: date) -> frozenset[str]:
    """The units of the day that got a part of a unit whose answers stayed historical.

    What was carried to them whole is only some of what they were: their figures of that time
    are not comparable. homes: where answers belong, as `carry_leaves` gave them.
    """
    closed = {unit for home in homes for unit in tree.lineage(home) if not tree[unit].valid_on(day)}
    return frozenset().union(*(tree.holders(unit, day) for unit in closed))


def carry_figures(
    figures: Iterable[Figure],
    tree: UnitTree,
    day: date,
    additive: Mapping[str, bool],
    base_tier: str | None = None,
) -> list[Figure]:
    """The figures of the units that exist on the day, in every period that figures came for.

    additive: by indicator, whether the figures of two units may be summed.
    base_tier: the tier whose mergers are carried; None takes the lowest that has figures.

    A unit without predecessors, or that its source has recalculated under today's code, keeps its
    own figure; one that followed a single unit gets that unit's. Several predecessors are summed
    when the figures add up and each has one; otherwise, and after a split, the figure is not
    comparable. Tiers above (county, country) keep the source's own rows; a county younger than the
    period, and a tier that the source has no rows of, are sums of their municipalities where
    figures add up and none is missing. Units and periods that the source says nothing about stay
    out. One figure per indicator, unit and period comes in, and at most one goes out.
    AssertionError for two of them.
    """
    rows: dict[tuple[str, int], dict[str, Figure]] = defaultdict(dict)
    for figure in figures:
        of_period = rows[figure.indicator, figure.period]
        assert figure.unit not in of_period, f"two figures of {figure.unit} in {figure.period}"
        of_period[figure.unit] = figure
    today, borders = tree.at(day), _Borders(tree, day)
    carried: list[Figure] = []
    for (indicator, period), of_period in sorted(rows.items()):
        year = _Year(borders, indicator, period, of_period, additive[indicator], base_tier)
        found = (year.figure(unit) for unit in today)
        carried += [figure for figure in found if figure is not None]
    return carried


class _Borders:
    """What the units of the day were made of on earlier days; found once for all indicators."""

    def __init__(self, tree: UnitTree, day: date) -> None:
        self.tree, self.day = tree, day
        self._known: dict[tuple[str, date], tuple[frozenset[str], bool]] = {}

    def parts(self, key: str, then: date) -> tuple[frozenset[str], bool]:
        """The units of then that are in this one, and whether it holds each of them whole."""
        if (key, then) not in self._known:
            parts = self.tree.origins(key, then)
            whole = all(self.tree.holders(part, self.day, then) == {key} for part in parts)
            self._known[key, then] = parts, whole
        return self._known[key, then]


class _Year:
    """One indicator in one period, asked about the units of the day."""

    def __init__(
        self,
        borders: _Borders,
        indicator: str,
        period: int,
        rows: Mapping[str, Figure],
        additive: bool,
        base_tier: str | None,
    ) -> None:
        tree = borders.tree
        self.borders, self.rows, self.additive = borders, rows, additive
        self.indicator, self.period = indicator, period
        # Registers state a year on the borders it ended with.
        self.then = min(date(period, 12, 31), borders.day)
        lowest = max(rows, key=lambda key: len(tree.lineage(key)))
        self.base_tier = base_tier or tree[lowest].tier
        self.tiers = {tree[key].tier for key in rows}
        # A value of a unit that did not exist yet shows that the source states earlier years on
        # later borders.
        self.recalculated = any(
            row.value is not None and (begins := tree[key].valid_from) and self.then < begins
            for key, row in rows.items()
        )
        self._base: dict[str, Figure | None] = {}

    def figure(self, unit: Unit) -> Figure | None:
        if unit.tier == self.base_tier:
            return self._from_predecessors(unit)
        if not unit.valid_on(self.then):
            return self._of_new_county(unit)
        if unit.tier in self.tiers or not self.additive:
            return self.rows.get(unit.key)
        total = self._total(unit)
        return total if total is not None and total.comparable else None

    def _from_predecessors(self, unit: Unit) -> Figure | None:
        if unit.key not in self._base:
            self._base[unit.key] = self._carry(unit)
        return self._base[unit.key]

    def _carry(self, unit: Unit) -> Figure | None:
        parts, whole = self.borders.parts(unit.key, self.then)
        own = self.rows.get(unit.key)
        taken_in = parts - {unit.key}
        others_told = any(key in self.rows for key in taken_in)
        is_todays = unit.key not in parts or (self.recalculated and not others_told)
        if own is not None and own.value is not None and is_todays:
            return own
        of_parts = [self.rows[key] for key in sorted(parts) if key in self.rows]
        if not of_parts:
            return None
        if not whole:
            return self._not_comparable(unit)
        if len(parts) == 1:
            return replace(of_parts[0], unit=unit.key)
        return self._sum(unit, of_parts, len(parts))

    def _of_new_county(self, unit: Unit) -> Figure | None:
        """A county younger than the period: the old counties' rows, else its municipalities."""
        from_counties = self._carry(unit)
        if from_counties is not None and from_counties.value is not None:
            return from_counties
        return self._total(unit) or from_counties

    def _total(self, unit: Unit) -> Figure | None:
        """The sum of the base tier below; None when the source knows none of it."""
        below = self._below(unit.key)
        known = [figure for part in below if (figure := self._from_predecessors(part)) is not None]
        return self._sum(unit, known, len(below)) if known else None

    def _below(self, key: str) -> list[Unit]:
        """The units of the base tier under a unit on the day."""
        found = []
        for child in self.borders.tree.children(key, self.borders.day):
            found += [child] if child.tier == self.base_tier else self._below(child.key)
        return found

    def _sum(self, unit: Unit, parts: list[Figure], wanted: int) -> Figure:
        values = [part.value for part in parts if part.value is not None]
        if not self.additive or len(values) < wanted:
            return self._not_comparable(unit)
        return Figure(
            indicator=self.indicator,
            unit=unit.key,
            period=self.period,
            value=fsum(values),
            note=" ".join(sorted({part.note for part in parts} - {""})),
            provisional=any(part.provisional for part in parts),
        )

    def _not_comparable(self, unit: Unit) -> Figure:
        return Figure(self.indicator, unit.key, self.period, None, comparable=False)
