"""The unit tree: units with validity, their changes over time, and who follows whom."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit of the tree: a country, county, municipality, school or department.

    key: stable and unique, fit for an address ("no", "no-46", "no-4601", "bergen-kulturskole").
    code: what registers call it ("4601"), or "".
    valid_to: the first day it no longer exists, or None.
    partners: keys of other units that own it too (a school run by several municipalities).
    """

    key: str
    tier: str
    name: str
    parent: str | None
    valid_from: date | None = None
    valid_to: date | None = None
    code: str = ""
    partners: tuple[str, ...] = ()

    def valid_on(self, day: date) -> bool:
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True, slots=True)
class Change:
    """On this day (some of) the old unit became (part of) the new one."""

    on: date
    old: str
    new: str


class UnitTree:
    """All units there are or were, and the questions one asks of them.

    A unit's parent never changes: a municipality that moves to another county gets a new
    code and is a new unit, tied to the old one by a Change.
    """

    def __init__(self, units: Iterable[Unit], changes: Iterable[Change] = ()) -> None:
        self.units: Mapping[str, Unit] = {unit.key: unit for unit in units}
        self.changes = tuple(changes)
        self._children: dict[str, list[Unit]] = defaultdict(list)
        for unit in self.units.values():
            if unit.parent is not None:
                assert unit.parent in self.units, f"{unit.key}: no parent {unit.parent}"
                self._children[unit.parent].append(unit)
        self._out_of: dict[str, list[Change]] = defaultdict(list)
        self._into: dict[str, list[Change]] = defaultdict(list)
        for change in self.changes:
            for key in (change.old, change.new):
                assert key in self.units, f"change on {change.on}: no unit {key}"
            self._out_of[change.old].append(change)
            self._into[change.new].append(change)

    def __getitem__(self, key: str) -> Unit:
        return self.units[key]

    def __contains__(self, key: object) -> bool:
        return key in self.units

    def children(self, key: str, day: date) -> list[Unit]:
        """The units right below that exist on the day."""
        return [unit for unit in self._children[key] if unit.valid_on(day)]

    def at(self, day: date) -> list[Unit]:
        """All units that exist on the day."""
        return [unit for unit in self.units.values() if unit.valid_on(day)]

    def lineage(self, key: str) -> tuple[str, ...]:
        """Keys from the country down to the unit itself."""
        unit = self.units[key]
        above = self.lineage(unit.parent) if unit.parent is not None else ()
        return (*above, key)

    def path(self, key: str) -> str:
        """The lineage as one string: "no/no-46/no-4601"."""
        return "/".join(self.lineage(key))

    def predecessors(self, key: str) -> set[str]:
        """The units that this one directly follows."""
        return {change.old for change in self._into[key]}

    def holders(self, key: str, day: date, since: date | None = None) -> frozenset[str]:
        """The units that exist on the day and hold all or some of this one.

        Follows every change up to the day, also out of a unit that lives on: one that gave a
        part away is held by itself and by the one that got it.

        since: the day of which the unit's area is meant; None for all that it ever had.
        """
        found: set[str] = set()
        ahead: list[tuple[str, date | None]] = [(key, since)]
        while ahead:
            held_by, after = ahead.pop()
            if self.units[held_by].valid_on(day):
                found.add(held_by)
            for change in self._out_of[held_by]:
                if change.on <= day and (after is None or after < change.on):
                    ahead.append((change.new, change.on))
        return frozenset(found)

    def origins(self, key: str, day: date) -> frozenset[str]:
        """The units that existed on an earlier day and are, wholly or partly, in this one.

        A unit that existed already is among them, beside those it has taken in since.
        """
        found: set[str] = set()
        behind: list[tuple[str, date | None]] = [(key, None)]
        while behind:
            made_of, until = behind.pop()
            if self.units[made_of].valid_on(day):
                found.add(made_of)
            for change in self._into[made_of]:
                if day < change.on and (until is None or change.on < until):
                    behind.append((change.old, change.on))
        return frozenset(found)

    def successor(self, key: str, day: date) -> str | None:
        """The unit valid on the day that holds all of this one; None after a split.

        A unit that exists on the day is its own successor.
        """
        if self.units[key].valid_on(day):
            return key
        holders = self.holders(key, day)
        return next(iter(holders)) if len(holders) == 1 else None

    def by_code(self, tier: str | None = None) -> Mapping[str, Unit]:
        """Units by register code, of one tier or of all tiers that have codes."""
        found = (u for u in self.units.values() if u.code and tier in (None, u.tier))
        return {unit.code: unit for unit in found}
