"""A goal beside the criteria: told in the reason, never in the colour.

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
class Goal:
    """What the people of a unit want to reach with an indicator.

    value: in the indicator's unit, or level: of its criteria; the other is None.
    set_by: who decided it. due: by when, None for nobody said.
    """

    value: float | None
    set_by: str
    set_on: date
    level: int | None = None
    due: date | None = None


def aim(goal: Goal, criteria: Criteria | None) -> float | None:
    """The number that a goal asks for: its own, or where its level begins. None without criteria.

    A cell whose mean and whole estimate are at this number or on its good side has the level.
    """
    if goal.level is None:
        return goal.value
    if criteria is None or not 1 < goal.level <= criteria.levels:
        return None
    step = goal.level - 2
    return criteria.cuts[step] if criteria.higher_is_better else criteria.cuts[-1 - step]


def state(cell: ReleasedCell, goal: float, criteria: Criteria | None) -> str:
    """How a cell stands to a goal, on the same evidence as a colour.

    | shown as | higher is better | lower is better | nobody has said |
    |---|---|---|---|
    | mean and whole estimate at the goal or above | reached | missed (at it: reached) | above |
    | mean and whole estimate at the goal or below | missed (at it: reached) | reached | below |
    | some above, some below | open | open | open |
    | hidden, not measured | unknown | unknown | unknown |
    """
    if cell.status is not Status.SHOWN:
        return "unknown"
    carried = [part for part in (cell.value, cell.low, cell.high) if part is not None]
    up = criteria.higher_is_better if criteria else None
    if all(part == goal for part in carried):
        return "reached"
    if up is None:
        above = all(part >= goal for part in carried)
        below = all(part <= goal for part in carried)
        return "above" if above else "below" if below else "open"
    good = [part >= goal if up else part <= goal for part in carried]
    return "reached" if all(good) else "open" if any(good) else "missed"


def stands(cell: ReleasedCell, goal: Goal, indicator: Indicator, pack: Pack) -> str:
    """How a cell stands to a goal: as `state` says, or "earlier" in a year before it was set."""
    if cell.period < periods.of(goal.set_on, pack.country.school_year_starts):
        return "earlier"
    criteria = judged(cell, indicator, pack).criteria
    wanted = aim(goal, criteria)
    return "unknown" if wanted is None else state(cell, wanted, criteria)


def wanted(goal: Goal, indicator: Indicator, pack: Pack, language: str) -> str:
    """What a goal asks for: "4,2", or "«god» (4,1)"."""
    value = aim(goal, indicator.criteria)
    number = ""
    if value is not None:
        per = numbers.reading_size(indicator, pack)
        more = numbers.decimals_of(value / per, indicator.decimals)
        number = numbers.quantity(value / per, indicator, pack, language, more)
    if goal.level is None:
        return number
    word = pack.text(language, f"level.{goal.level}.word")
    return pack.text(language, "goal.level").format(level=word, cut=number) if number else word


def sentence(
    cell: ReleasedCell, goal: Goal, indicator: Indicator, pack: Pack, language: str
) -> str:
    """ "Mål 4,2 innen 1. juni 2027 (satt av Karmøy kommune, 2026): nådd.\""""
    found = stands(cell, goal, indicator, pack)
    words = {
        "goal": wanted(goal, judged(cell, indicator, pack), pack, language),
        "set_by": goal.set_by,
        "year": str(goal.set_on.year),
        "state": pack.text(language, f"goal.state.{found}"),
    }
    if goal.due is None:
        return pack.text(language, "goal.told").format(**words)
    due = numbers.day(goal.due, language).replace(" ", "\N{NO-BREAK SPACE}")
    return pack.text(language, "goal.told_due").format(**words, due=due)


def distance(
    cell: ReleasedCell, goal: Goal, indicator: Indicator, pack: Pack, language: str
) -> str:
    """How far the number itself is from the goal: "Tallet ligger 0,3 under målet."

    Only where the goal is not reached, or not held against the number yet: where the answers do
    not decide, a distance would say that they do. "" once the number is there, and where there is
    none, or nobody has said which way is better.
    """
    criteria = judged(cell, indicator, pack).criteria
    asked = aim(goal, criteria)
    if cell.value is None or criteria is None or asked is None:
        return ""
    if stands(cell, goal, indicator, pack) not in ("missed", "earlier"):
        return ""
    per = numbers.reading_size(indicator, pack)
    value, there = cell.value / per, asked / per
    missing = there - value if criteria.higher_is_better else value - there
    if missing <= 0:
        return ""
    more = numbers.decimals_of(there, indicator.decimals)
    more = max(more, numbers.decimals_distinct((value, there), indicator.decimals))
    left = numbers.quantity(missing, indicator, pack, language, more)
    side = "below" if criteria.higher_is_better else "above"
    return pack.text(language, f"goal.left.{side}").format(left=left)
