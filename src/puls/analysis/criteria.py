"""From a value to a level, by cut points that somebody set.

    higher is better, cuts 3.2 and 4.0        lower is better, cuts 5 and 12 (%)

      1 weak  |  2 on the way  |  3 good        3 good  |  2 on the way  |  1 weak
             3.2              4.0                       5               12

A value on a cut is in the better of the two levels.
"""

from math import isnan

from puls.content.definitions import Criteria


def level_of(criteria: Criteria, value: float) -> int:
    """The level of one value: 1 is the weakest, `criteria.levels` the best.

    value: in the indicator's unit. AssertionError for nan, which would pass for the weakest.
    """
    assert not isnan(value), f"{criteria.id}: no number has no level"
    if criteria.higher_is_better:
        return 1 + sum(value >= cut for cut in criteria.cuts)
    return 1 + sum(value <= cut for cut in criteria.cuts)


def levels(criteria: Criteria | None, *points: float) -> tuple[int | None, int | None]:
    """The lowest and the highest level that any of the points lies in; AssertionError for nan.

    The points of a survey figure are its raw mean and the two ends of its interval: equal levels
    give a colour, different ones are "uncertain between A and B". A register figure is one point.
    Without criteria there is no level, and no colour.
    """
    if criteria is None:
        return None, None
    touched = [level_of(criteria, point) for point in points]
    return min(touched), max(touched)


def name(criteria: Criteria | None) -> str:
    """What a cell remembers of the criteria that gave its levels; "" without criteria."""
    return "" if criteria is None else criteria.id
