"""How a value gets its level

Somebody sets cut points for an indicator and says which way is better. A value on a cut is in
the better of the two levels: 1 weak, 2 on the way, 3 good.

A survey's value is a mean with an interval (the estimate). It has a colour only when the mean and
the whole interval lie in one level. Otherwise it is uncertain, and all levels it touches are named.
A register's value is just a value.
"""

from datetime import date
from math import nan

import pytest

from puls.analysis.criteria import levels
from puls.content.definitions import Criteria
from tests.spec.tables import table


def criteria(higher_is_better: bool, *cuts: float) -> Criteria:
    someone, why = {"en": "someone"}, {"en": "because"}
    return Criteria("x", 1, 3, cuts, higher_is_better, someone, date(2026, 1, 1), why)


REGISTER = table("""
    better | cuts    | value | level
    -------|---------|-------|------
    higher | 3.2 4.0 | 3.1   | 1
    higher | 3.2 4.0 | 3.2   | 2
    higher | 3.2 4.0 | 3.99  | 2
    higher | 3.2 4.0 | 4.0   | 3
    higher | 3.2 4.0 | 5     | 3
    lower  | 5 12    | 0     | 3
    lower  | 5 12    | 5     | 3
    lower  | 5 12    | 5.1   | 2
    lower  | 5 12    | 12    | 2
    lower  | 5 12    | 12.1  | 1
""")

SURVEY = table("""
    better | cuts    | mean | interval  | levels | so
    -------|---------|------|-----------|--------|-------------------------------------------
    higher | 3.2 4.0 | 3.6  | 3.4 3.8   | 2      | on the way
    higher | 3.2 4.0 | 3.3  | 3.1 3.5   | 1 2    | uncertain between weak and on the way
    higher | 3.2 4.0 | 3.6  | 3.1 4.1   | 1 2 3  | uncertain between weak and good
    higher | 3.2 4.0 | 4.1  | 3.7 3.95  | 2 3    | the mean is good, the estimate is not yet
    higher | 3.2 4.0 | 4.4  | 4.0 4.6   | 3      | good: an interval that starts on the cut
    lower  | 2.0 3.0 | 1.5  | 1.2 1.8   | 3      | good: low is better here
    lower  | 2.0 3.0 | 1.9  | 1.7 2.2   | 2 3    | uncertain between on the way and good
""")


@pytest.mark.parametrize("row", REGISTER)
def test_a_register_value(row: dict[str, str]) -> None:
    of = criteria(row["better"] == "higher", *map(float, row["cuts"].split()))
    assert levels(of, float(row["value"])) == (int(row["level"]), int(row["level"]))


@pytest.mark.parametrize("row", SURVEY, ids=lambda row: row["so"])
def test_a_survey_value(row: dict[str, str]) -> None:
    of = criteria(row["better"] == "higher", *map(float, row["cuts"].split()))
    named = [int(level) for level in row["levels"].split()]
    points = map(float, (row["mean"], *row["interval"].split()))
    assert levels(of, *points) == (named[0], named[-1])


def test_without_criteria_there_is_no_level() -> None:
    assert levels(None, 3.6, 3.4, 3.8) == (None, None)


@pytest.mark.parametrize("better", ["higher", "lower"])
def test_no_number_has_no_level(better: str) -> None:
    with pytest.raises(AssertionError, match="no number has no level"):
        levels(criteria(better == "higher", 3.2, 4.0), 3.6, nan, 3.8)
