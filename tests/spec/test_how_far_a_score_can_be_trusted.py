"""How far a score can be trusted

A mean of few answers says more about who happened to answer than about the unit. How much of the
differences between units' means is real is their reliability: 0 is chance, 1 is no doubt at all.
It follows from the number of answers and from ICC(1), the share of the variation between single
answers that lies between units. Schools explain about 4 %.

Who did not answer counts too: whoever sent the survey in was asked everything, but may have left
items out. How many did is told only where that can point to nobody.
"""

import polars as pl
import pytest

from puls.analysis import reliability, scoring
from puls.analysis.response import Detail, detail
from tests.analysis.surveys import survey
from tests.spec.tables import table

A_MEAN_OF = table("""
    answers | icc   | reliability | so
    --------|-------|-------------|---------------------------------------------------
    10      | 0.04  | 0.29        | ten answers: two thirds of the differences are chance
    24      | 0.04  | 0.50        | twenty-four: half and half
    56      | 0.04  | 0.70        | fifty-six: good enough to compare groups
    1       | 0.04  | 0.04        | one answer is as good as the ICC says
    10      | 0.20  | 0.71        | units that differ much are told apart by few
    500     | 0.00  | 0.00        | units that do not differ are never told apart
    500     | -0.01 | 0.00        | nor are units more alike than chance
    0       | 0.04  | 0.00        | no answers say nothing
""")


@pytest.mark.parametrize("row", A_MEAN_OF, ids=lambda row: row["so"])
def test_a_mean_of_some_answers(row: dict[str, str]) -> None:
    found = reliability.reliability_of_mean(float(row["icc"]), int(row["answers"]))
    assert round(found, 2) == float(row["reliability"])


IT_TAKES = table("""
    reliability | icc   | answers
    ------------|-------|--------
    0.5         | 0.04  | 24
    0.7         | 0.04  | 56
    0.8         | 0.04  | 96
    0.5         | 0.05  | 19
    0.5         | 0.60  | 1
    0.5         | 0.00  | none
    0.5         | -0.02 | none
""")


@pytest.mark.parametrize("row", IT_TAKES, ids=lambda row: f"{row['reliability']} {row['icc']}")
def test_so_many_answers_are_needed(row: dict[str, str]) -> None:
    found = reliability.answers_needed(float(row["icc"]), float(row["reliability"]))
    assert found == (None if row["answers"] == "none" else int(row["answers"]))


FOUR_WERE_ASKED = table("""
    a | b | c | d | so
    --|---|---|---|-----------------------------------------------
    5 | 4 | 2 | 3 | answered everything
    4 |   |   | 4 | has a score: half is enough
      | 3 |   |   | answered, but too little for a score
      |   |   |   | was asked, and answered nothing
""")


def test_who_counts_as_what() -> None:
    items = {
        key: [int(row[key]) if row[key] else None for row in FOUR_WERE_ASKED] for key in "abcd"
    }
    sealed = pl.DataFrame({"leaf": ["music"] * 4, **items})
    asked = survey("wellbeing: a b c d")
    tallies = scoring.tally_round(sealed.lazy(), asked)
    home, parents = {"music": "school"}, {"school": None}
    (row,) = reliability.by_unit(tallies, asked, home, parents).rows(named=True)
    assert (row["asked"], row["answered"], row["n"]) == (4, 3, 2)
    left_out = reliability.items_by_unit(tallies, asked, home, parents)["unanswered"]
    assert left_out.to_list() == [0.5, 0.5, 0.75, 0.5]


MAY_BE_TOLD = table("""
    class    | everything | without c | only a | nothing | told      | so
    ---------|------------|-----------|--------|---------|-----------|---------------------------
    oslo     | 40         | 0         | 0      | 0       | items     | nobody left anything out
    oslo     | 40         | 5         | 0      | 6       | items     | five or more each time
    oslo     | 40         | 4         | 0      | 0       | response  | four are few, yet have scores
    oslo     | 40         | 0         | 4      | 0       | construct | four of them have no score
    oslo     | 40         | 5         | 5      | 4       | construct | four did not answer at all
    oslo     | 3          | 40        | 0      | 0       | response  | three with everything, too
""")


@pytest.mark.parametrize("row", MAY_BE_TOLD, ids=lambda row: row["so"])
def test_what_may_be_told_of_response(row: dict[str, str]) -> None:
    patterns = {"everything": 7, "without c": 3, "only a": 1, "nothing": 0}
    missing = pl.DataFrame(
        [("oslo", "wellbeing", at, int(row[name])) for name, at in patterns.items()],
        schema=["leaf", "construct", "pattern", "count"],
        orient="row",
    )
    (construct,) = survey("wellbeing: a b c").constructs
    assert detail(missing, construct, {"oslo": "oslo"}, 5) is Detail[row["told"].upper()]
