"""By which criteria a cell was judged: what a release froze, not what holds today."""

from dataclasses import replace

from puls.cells import ReleasedCell
from puls.content.definitions import Criteria, Indicator, Pack


def judged(cell: ReleasedCell, indicator: Indicator, pack: Pack) -> Indicator:
    """The indicator with the criteria that gave the cell its level.

    Cells released before criteria had versions remember none: they had the indicator's own. Where
    the pack no longer has those that the cell remembers, the indicator comes back without any.
    """
    if not cell.judged_by:
        return indicator
    return replace(indicator, criteria=_kept(cell.judged_by, indicator, pack))


def levels_of(cell: ReleasedCell, indicator: Indicator, pack: Pack) -> int:
    """How many levels the cell was judged by; 0 for a cell without a level.

    indicator: as `judged` gives it.
    """
    if cell.level_low is None:
        return 0
    return indicator.criteria.levels if indicator.criteria else pack.levels


def _kept(judged_by: str, indicator: Indicator, pack: Pack) -> Criteria | None:
    now = indicator.criteria
    if now is not None and now.id == judged_by:
        return now
    return pack.criteria.get(judged_by)
