"""The row of similar administrations: what lies in the middle of them, with its own reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from puls.analysis import criteria
from puls.analysis.similar import Middle
from puls.cells import ReleasedCell, Status
from puls.content.definitions import Indicator, Pack
from puls.views import numbers

KEY = "liknende"
"""Stands where a unit's key stands, in rows and addresses."""


@dataclass(frozen=True, slots=True)
class Similar:
    """The group that an administration is in.

    smallest, largest: what its members are alike in, in the unit of the pack's `similar.by`.
    count: of members. shown: by indicator.
    """

    smallest: float
    largest: float
    count: int
    shown: Mapping[str, Middle]


def cells(group: Similar, indicators: Sequence[Indicator], period: int) -> list[ReleasedCell]:
    """The group's cells, as the colour table takes them.

    The half around the middle stands where an estimate stands elsewhere: a colour only where it
    lies in one level.
    """
    found = []
    for indicator in indicators:
        middle = group.shown.get(indicator.key)
        if middle is None:
            continue
        ends = middle.low, middle.value, middle.high
        level_low, level_high = criteria.levels(indicator.criteria, *ends)
        found.append(
            ReleasedCell(
                KEY, indicator.key, indicator.version, period, Status.SHOWN, middle.value,
                low=middle.low, high=middle.high, level_low=level_low, level_high=level_high,
                judged_by=criteria.name(indicator.criteria),
            )
        )  # fmt: skip
    return found


def reasons(
    group: Similar, indicators: Sequence[Indicator], pack: Pack, language: str
) -> dict[tuple[str, str], str]:
    """Why each cell shows what it shows, by row and indicator."""
    assert pack.similar is not None, "a group to compare with, and nothing that it is alike in"
    by = pack.indicators[pack.similar.by]
    ends = [numbers.quantity(each, by, pack, language) for each in (group.smallest, group.largest)]
    found = {}
    for indicator in indicators:
        middle = group.shown.get(indicator.key)
        if middle is not None:
            size = numbers.reading_size(indicator, pack)
            value, low, high = (
                numbers.quantity(each / size, indicator, pack, language)
                for each in (middle.value, middle.low, middle.high)
            )
            found[KEY, indicator.key] = pack.text(language, "similar.reason").format(
                value=value,
                count=numbers.number(middle.count, 0, language),
                smallest=ends[0],
                largest=ends[1],
                low=low,
                high=high,
            )
    return found
