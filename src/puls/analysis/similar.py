"""Administrations that are alike in size, and what lies in the middle of them.

All are put in order of one register figure and cut into groups of about as many each. What a group
shows of an indicator is its middle one and, of the half around it, the lowest and the highest:

    group of seven, shown   3.4   3.5  [3.7   3.8   3.9]   4.0   4.4      value 3.8, 3.6 to 3.95

Made of shown cells only, and only of five or more: it says nothing that these do not say.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import quantiles

from puls.cells import ReleasedCell, Status

ENOUGH = 5
"""So many shown cells stand behind a number at least."""


@dataclass(frozen=True, slots=True)
class Middle:
    """What a group shows of an indicator. low, high: of the half around the middle one.

    count: how many of the group show it.
    """

    value: float
    low: float
    high: float
    count: int


@dataclass(frozen=True, slots=True)
class Group:
    """Units that are alike. smallest, largest: what they are alike in. shown: by indicator."""

    units: tuple[str, ...]
    smallest: float
    largest: float
    shown: Mapping[str, Middle]


def groups(
    sizes: Mapping[str, float], count: int, cells: Iterable[ReleasedCell]
) -> tuple[Group, ...]:
    """The groups, the smallest units first.

    sizes: by unit, what they are alike in. count: of groups; fewer where one would have fewer than
        `ENOUGH` units. cells: of one period and any units, each unit and indicator once.

    Values are in the indicator's unit; quartiles are those of Hyndman & Fan's definition 7 (1996,
    American Statistician 50, 361-365). Units of the same size stand in the order of their keys: two
    of them may be in two groups.
    """
    ordered = sorted(sizes, key=lambda unit: (sizes[unit], unit))
    values: dict[str, dict[str, float]] = {}
    for cell in cells:
        whole = not cell.part and cell.years == 1
        # A figure of another unit (the municipality of its school) would be counted twice.
        if cell.status is Status.SHOWN and cell.value is not None and whole and not cell.of_unit:
            values.setdefault(cell.indicator, {})[cell.unit] = cell.value
    return tuple(
        Group(part, sizes[part[0]], sizes[part[-1]], _shown(part, values))
        for part in _cut(ordered, min(count, len(ordered) // ENOUGH))
    )


def _cut(ordered: Sequence[str], count: int) -> list[tuple[str, ...]]:
    """Parts that differ by one in length at most; none of nothing."""
    ends = [len(ordered) * n // count for n in range(count + 1)] if count else []
    return [tuple(ordered[a:b]) for a, b in pairwise(ends)]


def _shown(units: Sequence[str], values: Mapping[str, Mapping[str, float]]) -> dict[str, Middle]:
    found = {}
    for indicator, by_unit in sorted(values.items()):
        own = [by_unit[unit] for unit in units if unit in by_unit]
        if len(own) >= ENOUGH:
            low, value, high = quantiles(own, n=4, method="inclusive")
            found[indicator] = Middle(value, low, high, len(own))
    return found
