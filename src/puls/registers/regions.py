"""From what a register calls a region to a unit of the tree, by the rules of a binding."""

import re
from difflib import get_close_matches

from puls.content.bindings import RegisterBinding
from puls.errors import ContentError, ImportFileError
from puls.units import Unit, UnitTree

LONGEST = 60
"""So much of a code or a name that nobody knows is looked at and told."""


class Regions:
    """Looks regions up and keeps what it left out.

    A code is looked up in the binding's `regions`, then in `skip`, then read by `region_pattern`
    and found among the tree's codes. Anything else stops: a region that nobody declared may be a
    misspelt one, or one that has just been made.

    refused: (region, reason) of the skipped ones, in the order they came.
    """

    def __init__(self, file: str, tree: UnitTree, binding: RegisterBinding) -> None:
        self.file, self.tree, self.binding = file, tree, binding
        self.refused: list[tuple[str, str]] = []
        self._codes = tree.by_code()
        self._root = next(unit for unit in tree.units.values() if unit.parent is None)

    def unit(self, code: str, name: str, where: str, is_country: bool = False) -> Unit | None:
        """The unit with this code; None for one that is skipped.

        where: the place in the file, for errors. is_country: the file itself says that this is the
        row of the whole country, so that its code does not matter.
        """
        if code in self.binding.regions:
            return self._declared(code)
        if code in self.binding.skip:
            self.refused.append((f"{code} {name}".strip(), self.binding.skip[code]))
            return None
        if is_country:
            return self._root
        pattern = self.binding.region_pattern
        found = re.fullmatch(pattern, code) if pattern else None
        plain = code if not pattern else found[1] if found else ""
        if plain and plain in self._codes:
            return self._codes[plain]
        raise self._unknown(code, plain or code, name, where)

    def _declared(self, code: str) -> Unit:
        key = self.binding.regions[code]
        if key not in self.tree:
            file = f"sources/{self.binding.source}.yaml"
            raise ContentError(file, f"regions.{code}", f"'{key}' is no unit", "keys of units")
        return self.tree[key]

    def _unknown(self, code: str, plain: str, name: str, where: str) -> ImportFileError:
        code, plain, name = code[:LONGEST], plain[:LONGEST], name[:LONGEST]
        same_name = [unit.code for unit in self._codes.values() if unit.name == name]
        near = dict.fromkeys(same_name + get_close_matches(plain, self._codes, n=3, cutoff=0.6))
        nearest = ", ".join(f"{each} {self._codes[each].name}" for each in list(near)[:4])
        return ImportFileError(
            self.file,
            where,
            f"the region '{code}' ({name or 'without a name'}) is not in the unit tree",
            f"a known region; the nearest are {nearest}" if nearest else "a known region",
            "If it is new, bring the units up to date; else leave it out of the selection, or add "
            f"it to 'skip' or 'regions' in sources/{self.binding.source}.yaml.",
        )
