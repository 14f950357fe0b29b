"""What a register of schools says that the units do not know: new, renamed, closed, merged.

Decided here:

* A school is known by its organisation number. One without a number gets it from the register when
  a school of the same name lies in the same municipality.
* A school of the same name in the same municipality that takes the place of a closed one is the
  same school under a new number: reorganisations do that.
* The register says that a school was merged and never into which: somebody has to say so.
* A unit never moves. A school lies where its owner is, where the owner is a municipality.
* Only administrations that have their place in Puls get schools.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from puls.content.bindings import SchoolRegister
from puls.content.definitions import Country
from puls.registers.nsr import School
from puls.units import Unit, UnitTree

MERGED = "F"
Left = tuple[str, str]


@dataclass
class Steps:
    """What is to be done. added: (municipality's key, school). numbered, renamed: by key of a unit;
    closed: the first day without it, by key; followed: (old, new) keys or numbers, a merger."""

    added: list[tuple[str, School]] = field(default_factory=list)
    numbered: dict[str, str] = field(default_factory=dict)
    renamed: dict[str, str] = field(default_factory=dict)
    closed: dict[str, date] = field(default_factory=dict)
    followed: list[tuple[str, str]] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.numbered or self.renamed or self.closed or self.followed)


def steps(
    tree: UnitTree,
    country: Country,
    register: SchoolRegister,
    schools: Sequence[School],
    today: date,
    *,
    tenants: Collection[str] = (),
    busy: Collection[str] = (),
    owners: Mapping[str, str] | None = None,
    into: Mapping[str, str] | None = None,
) -> Steps:
    """Compare the tree with a register.

    register: which of its units are ours. tenants: keys of units with a place in Puls. busy: keys
    of schools with a round that is not sealed. owners: code of the municipality by organisation
    number. into: number of the school that a closed one became part of, by the closed one's.
    """
    ours = [each for each in schools if register.takes(each.industries, each.categories)]
    made = _Comparing(tree, country, today, ours, tenants, busy, owners or {}, into or {})
    others = len(schools) - len(ours)
    if others:
        what = "1 unit" if others == 1 else f"{others:,} units"
        made.steps.left.append((what, "of another kind, not looked at"))
    return made.all()


class _Comparing:
    def __init__(
        self,
        tree: UnitTree,
        country: Country,
        today: date,
        schools: Sequence[School],
        tenants: Collection[str],
        busy: Collection[str],
        owners: Mapping[str, str],
        into: Mapping[str, str],
    ) -> None:
        self.tree, self.today, self.schools = tree, today, schools
        self.tenants, self.busy, self.owners, self.into = tenants, busy, owners, into
        self.homes = tree.by_code(country.tenant_tier)
        tier = country.tier_keys[country.tier_keys.index(country.tenant_tier) + 1]
        self.units = [unit for unit in tree.units.values() if unit.tier == tier]
        self.by_number = {unit.code: unit for unit in self.units if unit.code}
        self.closing = {each.number for each in schools if each.left}
        self.steps = Steps()

    def all(self) -> Steps:
        for school in self.schools:
            if not school.left:
                self._active(school)
        for school in self.schools:
            if school.left:
                self._gone(school)
        return self.steps

    def _active(self, school: School) -> None:
        what = f"{school.number} {school.name}"
        home = self._home(school)
        if home is None:
            self._leave(what, f"lies in {school.municipality}, which is no municipality here")
            return
        unit = self.by_number.get(school.number)
        if unit is None:
            self._new(school, home, what)
        elif unit.valid_to is not None:
            self._leave(what, f"ended here on {unit.valid_to}; the register has it still")
        elif self._home_of(unit) != home.key:
            place = self.tree[unit.parent].name if unit.parent else ""
            self._leave(what, f"lies in {place} here and in {home.name} there; units never move")
        elif unit.name != school.name:
            self.steps.renamed[unit.key] = school.name

    def _new(self, school: School, home: Unit, what: str) -> None:
        for unit in self.units:
            same = unit.name.casefold() == school.name.casefold() and unit.valid_to is None
            if same and self._home_of(unit) == home.key:
                # Without a number, or with one that is being closed: the same school.
                free = not unit.code or unit.code in self.closing
                if free and unit.key not in self.steps.numbered:
                    self.steps.numbered[unit.key] = school.number
                else:
                    self._leave(what, f"has the name of {unit.code or unit.key}")
                return
        if home.key not in self.tenants:
            self._leave(what, f"{home.name} has no place in Puls yet")
            return
        self.steps.added.append((home.key, school))

    def _gone(self, school: School) -> None:
        unit = self.by_number.get(school.number)
        if unit is None or unit.valid_to is not None or unit.key in self.steps.numbered:
            return
        what = f"{school.number} {school.name}"
        day = school.left_on or school.changed_on
        if day is None:
            self._leave(what, "is closed, and the register does not say since when")
            return
        if unit.valid_from is not None and day <= unit.valid_from:
            self._leave(what, f"is closed from {day} on, before it begins here")
            return
        if unit.key in self.busy:
            self._leave(what, "is closed, but a round there is not sealed yet")
            return
        self.steps.closed[unit.key] = day
        number = self.into.get(school.number)
        if number is not None:
            self.steps.followed.append((unit.key, self._follower(number)))
        elif school.left == MERGED:
            why = f"was merged; say into which: --into {school.number}=NUMBER"
            self._leave(what, why)

    def _follower(self, number: str) -> str:
        """The key of the unit with this number, or the number where it is only being added."""
        unit = self.by_number.get(number)
        if unit is not None:
            return unit.key
        numbered = (key for key, given in self.steps.numbered.items() if given == number)
        return next(numbered, number)

    def _home(self, school: School) -> Unit | None:
        code = self.owners.get(school.owner, school.municipality)
        unit = self.homes.get(code)
        if unit is None:
            return None
        now = self.tree.successor(unit.key, self.today)
        return self.tree[now] if now is not None else None

    def _home_of(self, unit: Unit) -> str | None:
        return self.tree.successor(unit.parent, self.today) if unit.parent else None

    def _leave(self, what: str, why: str) -> None:
        self.steps.left.append((what, why))
