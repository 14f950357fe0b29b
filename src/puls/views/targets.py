"""An own target beside the criteria: told in the reason, never in the colour.

A school year before the one in which it was set is not held against it: nobody aimed at it then.
"""

from dataclasses import dataclass
from datetime import date

from puls import periods
from puls.cells import ReleasedCell, Status
from puls.content.definitions import Criteria, Indicator, Pack
from puls.views import numbers
from puls.views.judging import judged


@dataclass(frozen=True, slots=True)
class Target:
    """What an administration itself wants to reach. value: in the indicator's unit."""

    value: float
    set_by: str
    set_on: date


def state(cell: ReleasedCell, target: float, criteria: Criteria | None) -> str:
    """How a cell stands to a target, on the same evidence as a colour.

    | shown as | higher is better | lower is better | nobody has said |
    |---|---|---|---|
    | mean and whole estimate at the target or above | reached | missed (at it: reached) | above |
    | mean and whole estimate at the target or below | missed (at it: reached) | reached | below |
    | some above, some below | open | open | open |
    | hidden, not measured | unknown | unknown | unknown |
    """
    if cell.status is not Status.SHOWN:
        return "unknown"
    carried = [part for part in (cell.value, cell.low, cell.high) if part is not None]
    up = criteria.higher_is_better if criteria else None
    if all(part == target for part in carried):
        return "reached"
    if up is None:
        above = all(part >= target for part in carried)
        below = all(part <= target for part in carried)
        return "above" if above else "below" if below else "open"
    good = [part >= target if up else part <= target for part in carried]
    return "reached" if all(good) else "open" if any(good) else "missed"


def sentence(
    cell: ReleasedCell, target: Target, indicator: Indicator, pack: Pack, language: str
) -> str:
    """ "Eget mål 4,2 (satt av Karmøy kommune, 2026): nådd.\""""
    per = numbers.reading_size(indicator, pack)
    found = "earlier"
    if cell.period >= periods.of(target.set_on, pack.country.school_year_starts):
        found = state(cell, target.value, judged(cell, indicator, pack).criteria)
    more = numbers.decimals_of(target.value / per, indicator.decimals)
    words = {
        "target": numbers.quantity(target.value / per, indicator, pack, language, more),
        "set_by": target.set_by,
        "year": str(target.set_on.year),
        "state": pack.text(language, f"target.state.{found}"),
    }
    return pack.text(language, "target.own").format(**words)


def distance(
    cell: ReleasedCell, target: Target, indicator: Indicator, pack: Pack, language: str
) -> str:
    """How far the number itself is from the target: "Det er 0,3 igjen."

    "" once the number is there, and where there is none, or nobody has said which way is better.
    """
    criteria = judged(cell, indicator, pack).criteria
    if cell.value is None or criteria is None:
        return ""
    per = numbers.reading_size(indicator, pack)
    value, wanted = cell.value / per, target.value / per
    missing = wanted - value if criteria.higher_is_better else value - wanted
    if missing <= 0:
        return ""
    more = numbers.decimals_of(wanted, indicator.decimals)
    more = max(more, numbers.decimals_distinct((value, wanted), indicator.decimals))
    left = numbers.quantity(missing, indicator, pack, language, more)
    return pack.text(language, "target.left").format(left=left)
