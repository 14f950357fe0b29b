"""What may be broken down, pooled or corrected

When the country is released, every unit of the year is decided. Only then come the cells that
overlap with them: girls and boys, two years together, and numbers with answers that came late.
Each is admitted if nobody is singled out by it beside all that is out; the smallest group is 5.

A school's line says how many girls, boys and others answered: in 2024, in 2025, and late for 2025.
"""

import pytest

from puls.cells import ReleasedCell
from tests.analysis.release_worlds import PARTS, Country, Given, Releasing, Step
from tests.analysis.worlds import world
from tests.spec.tables import table

TREE = world("""
    no
      west
        karmoy
          big
          small
""").tree

CASES = {
    "girls and boys of whom there are enough": """
        school | 2024    | 2025    | late
        big    | 0 0 0   | 12 9 0  |
        unit   | period | what     | status
        big    | 2025   | sex.girl | shown
        big    | 2025   | sex.boy  | shown
    """,
    "the girls would give three boys away, whom nobody may see either": """
        school | 2024    | 2025    | late
        big    | 0 0 0   | 12 3 0  |
        unit   | period | what     | status
        big    | 2025   | sex.girl | linked
        big    | 2025   | sex.boy  | few
    """,
    "who did not say is no group to show, but one to protect": """
        school | 2024    | 2025    | late
        big    | 0 0 0   | 12 9 2  |
        unit   | period | what     | status
        big    | 2025   | sex.girl | shown
        big    | 2025   | sex.boy  | linked
    """,
    "a municipality's girls cut its schools: one with four boys is enough to hide them": """
        school | 2024    | 2025    | late
        big    | 0 0 0   | 12 9 0  |
        small  | 0 0 0   | 9 4 0   |
        unit   | period | what     | status
        karmoy | 2025   | sex.girl | linked
        big    | 2025   | sex.girl | shown
        small  | 2025   | sex.girl | linked
    """,
    "six late answers can be added, here and above": """
        school | 2024    | 2025    | late
        big    | 0 0 0   | 12 9 0  | 3 3 0
        unit   | period | what       | status
        big    | 2025   | corrected  | shown
        karmoy | 2025   | corrected  | shown
        no     | 2025   | corrected  | shown
    """,
    "two late answers cannot: new minus old is the two": """
        school | 2024    | 2025    | late
        big    | 0 0 0   | 12 9 0  | 2 0 0
        unit   | period | what       | status
        big    | 2025   | corrected  | linked
        no     | 2025   | corrected  | linked
    """,
    "late girls are no more than the late who are shown: without the boys they would be seen": """
        school | 2024    | 2025    | late
        big    | 0 0 0   | 12 9 0  | 5 2 0
        unit   | period | what               | status
        big    | 2025   | corrected          | shown
        big    | 2025   | sex.girl           | shown
        big    | 2025   | sex.girl corrected | linked
    """,
    "a survey that is tried out: two years of hardly anybody are shown together": """
        school | 2024    | 2025    | late
        big    | 2 1 0   | 2 2 0   |
        unit   | period | what     | status
        big    | 2025   | year     | few
        big    | 2025   | 2 years  | shown
        no     | 2025   | 2 years  | shown
    """,
    "where the country's years are out, a small school's two years are cut out of both": """
        school | 2024    | 2025    | late
        big    | 12 9 0  | 12 9 0  |
        small  | 2 1 0   | 2 2 0   |
        unit   | period | what     | status
        no     | 2025   | year     | shown
        small  | 2025   | year     | few
        small  | 2025   | 2 years  | linked
    """,
    "a unit that shows its own year is not pooled": """
        school | 2024    | 2025    | late
        big    | 2 1 0   | 12 9 0  |
        unit   | period | what     | status
        big    | 2025   | year     | shown
        big    | 2025   | 2 years  | -
    """,
}


def released(text: str) -> dict[tuple[str, str, str], str]:
    """The status of every cell that comes out, by unit, period and what it counts."""
    given = []
    for row in table(text):
        for column, period, arrived in (("2024", 2024, 0), ("2025", 2025, 0), ("late", 2025, 1)):
            for part, n in zip(PARTS, map(int, row[column].split()), strict=False):
                scores = tuple((3, 5, 2, 4, 1)[at % 5] for at in range(n))
                given.append(Given(row["school"], period, part, arrived, scores))
    steps = [Step(root, period, 0) for period in (2024, 2025) for root in ("no", "")]
    steps.append(Step("", 2025, 1))
    order = ("unit", "correction", "pooled", "sex")
    cells = Releasing(Country(TREE, tuple(given), tuple(steps), order, 5, 20)).run()
    return {(cell.unit, str(cell.period), _what(cell)): str(cell.status) for cell in cells}


def _what(cell: ReleasedCell) -> str:
    base = cell.part or ("year" if cell.years == 1 else f"{cell.years} years")
    if not cell.correction:
        return base
    return "corrected" if base == "year" else f"{base} corrected"


@pytest.mark.parametrize("rule", CASES)
def test_status_of_cells_beside_the_units(rule: str) -> None:
    answers, _, cells = CASES[rule].partition("        unit ")
    found = released(answers)
    for row in table(f"unit {cells}"):
        place = (row["unit"], row["period"], row["what"])
        assert found.get(place, "-") == row["status"], place
