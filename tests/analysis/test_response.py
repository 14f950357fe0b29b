"""What may be told of who answered what: right in small worlds, and every wrong rule is caught."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from puls.analysis.response import Detail, detail, tellable
from puls.cells import ReleasedCell, Status
from puls.content.definitions import Construct
from puls.units import Unit, UnitTree
from tests.analysis.surveys import survey
from tests.analysis.worlds import TODAY, indicator

ASKED = survey("wellbeing: a b c")
(WELLBEING,) = ASKED.constructs
EVERYTHING, WITHOUT_C, ONLY_A, NOTHING = 7, 3, 1, 0

Rule = Callable[[pl.DataFrame, Construct, Mapping[str, str], int], Detail]
Respondents = list[tuple[str, int]]
"""Leaf and pattern of each respondent."""


def tally(respondents: Respondents) -> pl.DataFrame:
    """As `Tallies.missing`, counted one by one."""
    rows = {
        (leaf, "wellbeing", pattern): respondents.count((leaf, pattern))
        for leaf, pattern in respondents
    }
    return pl.DataFrame(
        [(*key, count) for key, count in sorted(rows.items())],
        schema={"leaf": str, "construct": str, "pattern": pl.Int64, "count": pl.Int64},
        orient="row",
    )


def few_alone(respondents: Respondents, classes: Mapping[str, str], k: int, fine: bool) -> bool:
    """Whether somebody has fewer than k like them in their class; respondent by respondent."""

    def kind(pattern: int) -> object:
        answered = sum(pattern >> item & 1 for item in range(3))
        return pattern if fine else (answered > 0, answered >= 2)

    for leaf, pattern in respondents:
        alike = [
            True
            for other, its in respondents
            if classes[other] == classes[leaf] and kind(its) == kind(pattern)
        ]
        if len(alike) < k:
            return True
    return False


def naive(respondents: Respondents, classes: Mapping[str, str], k: int) -> Detail:
    if not few_alone(respondents, classes, k, fine=True):
        return Detail.ITEMS
    coarse = few_alone(respondents, classes, k, fine=False)
    return Detail.CONSTRUCT if coarse else Detail.RESPONSE


@settings(max_examples=200, deadline=None)
@given(
    respondents=st.lists(
        st.tuples(st.sampled_from("pqr"), st.sampled_from([0, 1, 3, 5, 7])), max_size=40
    ),
    classes=st.fixed_dictionaries({leaf: st.sampled_from("xy") for leaf in "pqr"}),
    k=st.integers(1, 5),
)
def test_as_counted_respondent_by_respondent(
    respondents: Respondents, classes: dict[str, str], k: int
) -> None:
    assert detail(tally(respondents), WELLBEING, classes, k) is naive(respondents, classes, k)


def pooled_patterns(
    missing: pl.DataFrame, construct: Construct, classes: Mapping[str, str], k: int
) -> Detail:
    """Looks at the country as one: the two in Bergen hide behind those in Oslo."""
    return detail(missing, construct, dict.fromkeys(classes, "all"), k)


def off_by_one(
    missing: pl.DataFrame, construct: Construct, classes: Mapping[str, str], k: int
) -> Detail:
    return detail(missing, construct, classes, k - 1)


def items_one_by_one(
    missing: pl.DataFrame, construct: Construct, classes: Mapping[str, str], k: int
) -> Detail:
    """Counts who left out each item, not who left out which together."""
    for item in range(3):
        answered = missing.with_columns(pattern=(pl.col("pattern") // 2**item % 2) * 7)
        if detail(answered, construct, classes, k) is not Detail.ITEMS:
            return Detail.CONSTRUCT
    return Detail.ITEMS


def only_those_who_left_something_out(
    missing: pl.DataFrame, construct: Construct, classes: Mapping[str, str], k: int
) -> Detail:
    """Forgets that the few who answered everything are a group as well."""
    return detail(missing.filter(pl.col("pattern") != EVERYTHING), construct, classes, k)


WORLDS: list[tuple[Respondents, dict[str, str]]] = [
    (
        [("oslo", EVERYTHING)] * 120
        + [("oslo", WITHOUT_C)] * 38
        + [("bergen", EVERYTHING)] * 205
        + [("bergen", WITHOUT_C)] * 2,
        {"oslo": "oslo", "bergen": "bergen"},
    ),
    ([("oslo", EVERYTHING)] * 30 + [("oslo", WITHOUT_C)] * 4, {"oslo": "oslo"}),
    (
        [("oslo", EVERYTHING)] * 30
        + [("oslo", WITHOUT_C)] * 9
        + [("oslo", ONLY_A)] * 2
        + [("oslo", NOTHING)] * 9,
        {"oslo": "oslo"},
    ),
    ([("oslo", EVERYTHING)] * 3 + [("oslo", WITHOUT_C)] * 30, {"oslo": "oslo"}),
]


def caught(rule: Rule) -> bool:
    """Whether the rule tells items in a world where that would show fewer than five alone."""
    return any(
        rule(tally(respondents), WELLBEING, classes, 5) is Detail.ITEMS
        and few_alone(respondents, classes, 5, fine=True)
        for respondents, classes in WORLDS
    )


@pytest.mark.parametrize(
    "mutant", [pooled_patterns, off_by_one, items_one_by_one, only_those_who_left_something_out]
)
def test_wrong_rules_are_caught(mutant: Rule) -> None:
    assert caught(mutant)


def test_the_rule_itself_is_not_caught() -> None:
    assert not caught(detail)


TREE = UnitTree(
    [
        Unit("no", "country", "no", None),
        Unit("no-03", "county", "Oslo", "no"),
        Unit("no-46", "county", "Vestland", "no"),
    ]
)
TWO_COUNTIES: Respondents = (
    [("no-03", EVERYTHING)] * 40
    + [("no-03", WITHOUT_C)] * 12
    + [("no-46", EVERYTHING)] * 40
    + [("no-46", WITHOUT_C)] * 2
)


def shown(unit: str) -> ReleasedCell:
    return ReleasedCell(unit, "wellbeing", 1, 2025, Status.SHOWN, 4.0, 90, 3.9, 4.1)


def told(*cells: ReleasedCell, respondents: Respondents = TWO_COUNTIES) -> Detail:
    indicators = {"wellbeing": indicator()}
    missing = tally(respondents)
    found = tellable(missing, ASKED, TREE, TODAY, cells, indicators, period=2025, k=5)
    assert list(found) == ["wellbeing"]
    return found["wellbeing"]


def test_classes_are_made_by_what_is_released() -> None:
    assert told(shown("no")) is Detail.ITEMS
    # With Vestland shown, its two stand alone; with Oslo shown, Vestland is what is left.
    assert told(shown("no"), shown("no-46")) is Detail.RESPONSE
    assert told(shown("no"), shown("no-03")) is Detail.RESPONSE
    enough = [*TWO_COUNTIES, *[("no-46", WITHOUT_C)] * 3]
    assert told(shown("no"), shown("no-46"), respondents=enough) is Detail.ITEMS


def test_what_is_hidden_makes_no_classes() -> None:
    few = ReleasedCell("no-46", "wellbeing", 1, 2025, Status.FEW)
    other = replace(shown("no-46"), indicator="else")
    assert told(shown("no"), few, other) is Detail.ITEMS


def test_nothing_is_told_of_a_country_that_is_hidden() -> None:
    assert told() is Detail.NOTHING
    assert told(shown("no-03")) is Detail.NOTHING
    assert told(replace(shown("no"), period=2024)) is Detail.NOTHING
    assert told(shown("no"), respondents=[]) is Detail.NOTHING


def test_cells_that_cut_finer_than_the_tally_leave_only_the_construct() -> None:
    assert told(shown("no"), replace(shown("no"), part="sex.girl")) is Detail.CONSTRUCT
    assert told(shown("no"), replace(shown("no"), correction=1)) is Detail.CONSTRUCT
    assert told(shown("no"), replace(shown("no-46"), period=2026, years=2)) is Detail.CONSTRUCT
    two_years = replace(shown("no-46"), years=2)
    assert told(shown("no"), two_years) is Detail.RESPONSE
