"""Whether enough administrations have answered for a unit above them to have a number of its own.

Where one school has answered, "the country" would show that school's answers, coloured, for good.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from puls.cells import ReleasedCell, Status
from puls.content.definitions import Country
from puls.errors import NotNow
from puls.units import UnitTree
from puls.web.collect.models import Round

LEAST = 5
"""Administrations that a unit above them must rest on; all of them, where there are fewer."""


def check(
    cells: Iterable[ReleasedCell],
    asked: Sequence[Round],
    tree: UnitTree,
    day: date,
    country: Country,
) -> None:
    """NotNow when a unit above the administrations would show a number of too few of them.

    cells: about to be released. asked: the rounds of their survey that count.
    """
    sealed = [each.unit_id for each in asked if each.state == Round.State.SEALED]
    above = country.tier_keys[: country.tier_keys.index(country.tenant_tier)]
    units = {
        cell.unit for cell in cells if cell.status is Status.SHOWN and tree[cell.unit].tier in above
    }
    few = []
    for unit in sorted(units, key=tree.path):
        have, there = answered(unit, sealed, tree, day, country.tenant_tier)
        if have < min(LEAST, there):
            few.append(f"{unit} on {have} of {there}")
    if few:
        more = f" and {len(few) - 3} more" if len(few) > 3 else ""
        raise NotNow(
            f"Too few have answered {asked[0].survey} for a number of their own: it would rest, "
            f"for good, on sealed rounds of so many of the {country.tenant_tier} units in it: "
            f"{', '.join(few[:3])}{more}. Wait until {LEAST} have sealed, or all there are, or add "
            "--close to release it as it is."
        )


def answered(
    unit: str, sealed: Collection[str], tree: UnitTree, day: date, tenant_tier: str
) -> tuple[int, int]:
    """How many administrations in a unit have sealed rounds, and how many there are.

    sealed: the units of the rounds. A round of a unit above counts for all that exist in it.
    """
    there = {each.key for each in tree.at(day) if each.tier == tenant_tier}
    in_unit = {key for key in there if unit in tree.lineage(key)}
    have: set[str] = set()
    for each in sealed:
        line = tree.lineage(each)
        owner = next((key for key in line if tree[key].tier == tenant_tier), None)
        if owner is None:
            have |= {key for key in in_unit if each in tree.lineage(key)}
        elif unit in line:
            have.add(owner)
    return len(have), len(in_unit)
