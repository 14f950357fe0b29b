"""How answers become scores

A construct is asked about with a few items, answered from 1 to 5. A respondent's score is the
mean of the items that were answered, when at least half of them were. An item that is worded the
other way round is mirrored first: 1 counts as 5, 2 as 4.

Scores are kept in sixtieths of a point. Sixty can be divided by every number of items from 1 to 6,
so nothing is ever rounded and sums are the same in any order.
"""

import polars as pl
import pytest

from puls.analysis import scoring, tallies
from puls.errors import ContentError
from tests.analysis.surveys import survey
from tests.spec.tables import table

FOUR_ITEMS = """
    safe | friends | glad | lonely (reversed) | score     | because
    -----|---------|------|-------------------|-----------|-------------------------------------
    5    | 5       | 5    | 1                 | 5         | never lonely is the best answer
    4    | 4       | 4    | 4                 | 3 1/2     | mirrored, lonely 4 counts as 2
    1    | 1       | 1    | 5                 | 1         | the lowest there is
    3    | 4       |      |                   | 3 1/2     | two of four is half: enough
    3    | 4       | 4    |                   | 3 2/3     | the mean of three, not rounded
         |         | 5    |                   | none      | one of four is less than half
         |         |      | 2                 | none      | one of four is less than half
         |         |      |                   | none      | nothing answered
"""

THREE_ITEMS = """
    heard | useful | soon | score | because
    ------|--------|------|-------|-----------------------------------
    4     | 5      |      | 4 1/2 | two of three is more than half
    4     |        |      | none  | one of three is less than half
"""


def score60(words: str) -> int | None:
    """ "3 1/2" -> 210 sixtieths, "none" -> None."""
    if words == "none":
        return None
    whole, _, part = words.partition(" ")
    over, _, under = (part or "0/1").partition("/")
    return int(whole) * 60 + int(over) * 60 // int(under)


@pytest.mark.parametrize(
    ("asked", "rows"),
    [
        ("wellbeing: safe friends glad -lonely", table(FOUR_ITEMS)),
        ("feedback: heard useful soon", table(THREE_ITEMS)),
    ],
)
def test_a_respondents_score(asked: str, rows: list[dict[str, str]]) -> None:
    of = survey(asked)
    for row in rows:
        answers = [row.get(name) or row.get(f"{name} (reversed)") for name in _items(asked)]
        given = {
            name: pl.Series([int(answer) if answer else None], dtype=pl.Int8)
            for name, answer in zip(_items(asked), answers, strict=True)
        }
        sealed = pl.DataFrame({"leaf": ["music"], **given})
        moments = tallies.at_home(scoring.tally_answers(sealed.lazy(), of), of, {"music": "music"})
        found = moments["total60"].to_list()
        assert found == ([] if row["score"] == "none" else [score60(row["score"])]), row["because"]


def _items(asked: str) -> list[str]:
    return [name.lstrip("-") for name in asked.partition(":")[2].split()]


def test_a_construct_with_more_than_six_items_is_refused() -> None:
    of = survey("everything: a b c d e f g")
    sealed = pl.DataFrame({"leaf": ["music"], **{item: [3] for item in "abcdefg"}})
    with pytest.raises(ContentError, match=r"everything.*7 items.*Allowed: 1 to 6 items"):
        scoring.tally_answers(sealed.lazy(), of)
