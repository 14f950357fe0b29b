"""What a classification says of mergers, splits and names that a country's tree does not know yet.

Decided here:

* A unit ends when its code does; each code that it changed to then follows it. Two or more are a
  split, whose figures are not carried over (`analysis.history`).
* A part that goes from one unit to another while both live on moves nothing: it is told.
* A row with the same code twice is a change of name. Where an official name has several languages
  ("Oslo - Oslove") and ours is one of them, it stays.
* Units above follow: an old county becomes a new one where one of its municipalities moved, and
  ends when the last of them has gone.
* What lies before the first change that the tree knows of is history that was left out on purpose.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from puls.content.definitions import Country
from puls.errors import PulsError
from puls.registers.klass import Code, CodeChange
from puls.units import Change, Unit, UnitTree

BETWEEN_LANGUAGES = " - "
Left = tuple[str, str]


@dataclass(frozen=True)
class News:
    """What the tree lacks.

    begun: new units. ended: the first day without it, by key of a unit there is. names: (before,
    now) by key. left: (what, why) of all that is told and changes nothing.
    """

    begun: tuple[Unit, ...] = ()
    ended: Mapping[str, date] | None = None
    changes: tuple[Change, ...] = ()
    names: Mapping[str, tuple[str, str]] | None = None
    left: tuple[Left, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.begun or self.ended or self.changes or self.names)

    def applied(self, tree: UnitTree) -> UnitTree:
        """The tree with these news."""
        ended, names = self.ended or {}, self.names or {}
        units = [
            replace(
                unit,
                valid_to=ended.get(unit.key, unit.valid_to),
                name=names[unit.key][1] if unit.key in names else unit.name,
            )
            for unit in [*tree.units.values(), *self.begun]
        ]
        return UnitTree(units, [*tree.changes, *self.changes])


def news(
    tree: UnitTree,
    country: Country,
    changes: Sequence[CodeChange],
    codes: Sequence[Code],
    above: Sequence[Code] = (),
) -> News:
    """Compare the tree with a classification.

    changes, codes: of one tier, the administrations as a rule; the codes of all days that the
        changes speak of, each with its validity.
    above: codes of the tier above, for the names of those that are new.
    Raises PulsError for what cannot be settled without somebody who knows.
    """
    return _Comparing(tree, country, codes, above).all(changes)


class _Comparing:
    def __init__(
        self, tree: UnitTree, country: Country, codes: Sequence[Code], above: Sequence[Code]
    ) -> None:
        self.tree, self.country, self.above = tree, country, above
        self.tier = country.tenant_tier
        self.upper = country.tier_keys[country.tier_keys.index(self.tier) - 1]
        self.codes: dict[str, list[Code]] = defaultdict(list)
        for code in codes:
            self.codes[code.code].append(code)
        self.units = {unit.key: unit for unit in tree.units.values()}
        self.known = set(tree.changes)
        self.changes: dict[Change, None] = {}
        self.left: dict[Left, None] = {}

    def all(self, changes: Sequence[CodeChange]) -> News:
        begin = self._begin()
        real = [each for each in changes if each.old != each.new and each.on >= begin]
        for on in sorted({each.on for each in real}):
            today = [each for each in real if each.on == on]
            for each in today:
                self._change(each, today)
            self._end_above(on)
        names = self._names()
        self._look_for_others()
        before = self.tree.units
        return News(
            begun=tuple(unit for key, unit in self.units.items() if key not in before),
            ended={
                key: unit.valid_to
                for key, unit in self.units.items()
                if key in before and unit.valid_to and unit.valid_to != before[key].valid_to
            },
            changes=tuple(self.changes),
            names=names,
            left=tuple(self.left),
        )

    def _begin(self) -> date:
        mine = [each for each in self.tree.changes if self.units[each.new].tier == self.tier]
        return min((each.on for each in mine), default=date.min)

    def _change(self, each: CodeChange, today: Iterable[CodeChange]) -> None:
        old = self._by_code(each.old)
        if old is None:
            raise PulsError(
                f"KLASS: on {each.on} {each.old} {each.old_name} became {each.new}, but the units "
                f"have no {each.old}. Fetch the changes from an earlier day."
            )
        if not self._lives(each.new, each.on):
            raise PulsError(
                f"KLASS: on {each.on} {each.old} {each.old_name} became {each.new}, which the "
                "codes do not have on that day. Fetch the codes from the same day as the changes."
            )
        if self._lives(each.old, each.on):
            what = f"{each.on} {each.old} {each.old_name}"
            why = f"gave a part to {each.new} {each.new_name}; both live on, so nothing is moved"
            self.left[what, why] = None
            return
        sources = [row.old for row in today if row.new == each.new]
        new = self._begun(each.new, each.new_name, each.on, sources)
        change = Change(each.on, old.key, new.key)
        if change not in self.known:
            if old.valid_to not in (None, each.on):
                raise PulsError(
                    f"KLASS: {each.old} {each.old_name} became {each.new} on {each.on}, but it "
                    f"ended on {old.valid_to} already. Settle it in the country's tables."
                )
            self.units[old.key] = replace(old, valid_to=each.on)
            self.changes[change] = None
        if old.parent and new.parent and old.parent != new.parent:
            upper = Change(each.on, old.parent, new.parent)
            if upper not in self.known:
                self.changes[upper] = None

    def _begun(self, code: str, name: str, on: date, sources: Sequence[str]) -> Unit:
        found = self._by_code(code)
        if found is not None:
            if found.valid_to is not None and found.valid_to <= on:
                raise PulsError(
                    f"KLASS: the code {code} {name} is used again from {on} on. A unit never comes "
                    "back: settle it in the country's tables."
                )
            return found
        key = f"{self.country.root}-{code}"
        ours = {unit.name for unit in map(self._by_code, sources) if unit is not None}
        short = next((part for part in name.split(BETWEEN_LANGUAGES) if part in ours), name)
        made = Unit(key, self.tier, short, self._parent(code, on), on, None, code)
        self.units[key] = made
        return made

    def _parent(self, code: str, on: date) -> str:
        """The unit of the tier above whose code this one begins with."""
        if self.upper == self.country.tier_keys[0]:
            return self.country.root
        valid = [u for u in self.units.values() if u.tier == self.upper and u.valid_on(on)]
        fits = [unit for unit in valid if unit.code and code.startswith(unit.code)]
        if fits:
            return max(fits, key=lambda unit: len(unit.code)).key
        for each in self.above:
            if code.startswith(each.code) and each.valid_on(on):
                key = f"{self.country.root}-{each.code}"
                made = Unit(key, self.upper, each.name, self.country.root, on, None, each.code)
                self.units[key] = made
                return key
        raise PulsError(
            f"KLASS: {code} begins on {on}, and no {self.upper} has a code that it begins with. "
            f"Give the codes of that tier too: --above FILE."
        )

    def _end_above(self, on: date) -> None:
        """Units above that have nobody left end on the day."""
        homes = {
            unit.parent
            for unit in self.units.values()
            if unit.tier == self.tier and unit.valid_on(on)
        }
        lost = {change.old for change in self.changes if change.on == on}
        for key in lost:
            unit = self.units[key]
            if unit.tier == self.upper and unit.valid_to is None and key not in homes:
                self.units[key] = replace(unit, valid_to=on)

    def _names(self) -> dict[str, tuple[str, str]]:
        """Of units that live: the official name, where ours is not one of its languages."""
        found = {}
        for code, names in self.codes.items():
            unit = self.tree.by_code(self.tier).get(code)
            lasting = [each for each in names if each.ends is None]
            if unit is None or not lasting or self.units[unit.key].valid_to is not None:
                continue
            official = lasting[-1].name
            if unit.name not in official.split(BETWEEN_LANGUAGES):
                found[unit.key] = (unit.name, official)
        return found

    def _look_for_others(self) -> None:
        """Codes that live and that nothing led to, and units that live without a code."""
        for code, names in sorted(self.codes.items()):
            if any(each.ends is None for each in names) and self._by_code(code) is None:
                why = "is a code of today, and no change says what it was before"
                self.left[f"{code} {names[-1].name}", why] = None
        for unit in self.units.values():
            lives = unit.tier == self.tier and unit.valid_to is None and unit.code
            if lives and not any(each.ends is None for each in self.codes[unit.code]):
                why = "is not among the codes of today, and no change says what became of it"
                self.left[f"{unit.code} {unit.name}", why] = None

    def _by_code(self, code: str) -> Unit | None:
        return self.units.get(f"{self.country.root}-{code}")

    def _lives(self, code: str, day: date) -> bool:
        return any(each.valid_on(day) for each in self.codes[code])
