"""What may be released beside what is out already

What is out cannot be called back: people keep it, and subtract. So everything that was ever
released of an indicator is written in a ledger, and a new number is admitted only if nobody can be
singled out with all of it together: by sex or instrument, over years, by old and new borders, or
after a correction. In these tables the smallest group is 5 for those signed in, 20 for everybody.

Each table reads downward, in the order of admission. A cell counts the groups beside it;
`linked` means that it is large enough, but would single somebody out beside what is out.
Two cells that do not go together: the first wins. Which comes first is the pack's declared choice.
"""

import pytest

from puls.analysis.exposure import Answers
from puls.analysis.ledger import Cell, Ledger
from puls.analysis.partition import Group
from tests.spec.tables import table

SIGNED_IN, PUBLIC = 5, 20

CASES = {
    "a breakdown in which every part is large enough": """
        girls 9, boys 6
        cell                     | counts              | signed in
        the school               | girls boys          | shown
        its girls                | girls               | shown
        its boys                 | boys                | shown
    """,
    "the girls would give the boys away: school minus girls": """
        girls 9, boys 3
        cell                     | counts              | signed in
        the school               | girls boys          | shown
        its girls                | girls               | linked
        its boys                 | boys                | few
    """,
    "the other way round the girls are shown, and the school is not: order is a choice": """
        girls 9, boys 3
        cell                     | counts              | signed in
        the girls                | girls               | shown
        the school               | girls boys          | linked
    """,
    "a whole municipality's girls cut each of its schools": """
        girls_a 9, boys_a 7, girls_b 12, boys_b 2
        cell                     | counts                         | signed in
        school a                 | girls_a boys_a                 | shown
        school b                 | girls_b boys_b                 | shown
        the municipality         | girls_a boys_a girls_b boys_b  | shown
        the municipality's girls | girls_a girls_b                | linked
    """,
    "two years together say more than each: five answers from two small years": """
        dance_2024 3, dance_2025 4, music_2024 9, music_2025 12
        cell                     | counts                                      | signed in
        music 2024               | music_2024                                  | shown
        music 2025               | music_2025                                  | shown
        dance 2024               | dance_2024                                  | few
        dance 2025               | dance_2025                                  | few
        dance, both years        | dance_2024 dance_2025                       | shown
        the school, both years   | dance_2024 dance_2025 music_2024 music_2025 | shown
        the school 2025          | dance_2025 music_2025                       | linked
    """,
    "if the school's years are out, they cannot be taken apart again": """
        dance_2024 3, dance_2025 4, music_2024 9, music_2025 12
        cell                     | counts                          | signed in
        the school 2024          | dance_2024 music_2024           | shown
        the school 2025          | dance_2025 music_2025           | shown
        dance, both years        | dance_2024 dance_2025           | linked
        music, both years        | music_2024 music_2025           | linked
    """,
    "old and new borders: a village that moved is what the two differ by": """
        town 30, village 4, valley 25
        cell                     | counts              | signed in
        the old municipality     | town village        | shown
        the new municipality     | town                | linked
        its new neighbour        | valley village      | linked
    """,
    "a village of five may move": """
        town 30, village 5, valley 25
        cell                     | counts              | signed in
        the old municipality     | town village        | shown
        the new municipality     | town                | shown
        its new neighbour        | valley village      | shown
    """,
    "two late answers cannot be added: new minus old is the two": """
        first 20, late 2
        cell                     | counts              | signed in
        the school               | first               | shown
        the school, corrected    | first late          | linked
    """,
    "six late answers can": """
        first 20, late 6
        cell                     | counts              | signed in
        the school               | first               | shown
        the school, corrected    | first late          | shown
    """,
    "nor can one withdrawn answer be left out": """
        kept 19, withdrawn 1
        cell                     | counts              | signed in
        the school               | kept withdrawn      | shown
        the school, corrected    | kept                | linked
    """,
    "a question that three did not answer stays with its theme": """
        all_items 20, not_question_4 3
        cell                     | counts                    | signed in
        the theme                | all_items not_question_4  | shown
        question 4               | all_items                 | linked
    """,
    "nobody is no data, and gives nobody away": """
        girls 9, boys 0
        cell                     | counts              | signed in
        the school               | girls boys          | shown
        its girls                | girls               | shown
        its boys                 | boys                | no_data
    """,
}

IN_PUBLIC = {
    "everybody sees only larger groups": """
        girls 25, boys 8
        cell                     | counts              | signed in | in public
        the school               | girls boys          | shown     | shown
        its girls                | girls               | shown     | linked
        its boys                 | boys                | shown     | few
    """,
    "in public only what is shown to those signed in: both together give nobody away": """
        girls 25, boys 3
        cell                     | counts              | signed in | in public
        the girls                | girls               | shown     | shown
        the school               | girls boys          | linked    | linked
    """,
    "a municipality in public, its small school not": """
        big 40, small 12
        cell                     | counts              | signed in | in public
        the municipality         | big small           | shown     | shown
        the big school           | big                 | shown     | linked
        the small school         | small               | shown     | few
    """,
}


def read(text: str) -> tuple[dict[Group, Answers], list[dict[str, str]]]:
    """The groups of the first line, and the cells below it."""
    first, _, rest = text.strip().partition("\n")
    pairs = [pair.split() for pair in first.split(",")]
    return {Group(name, 2025): Answers(int(n)) for name, n in pairs}, table(rest)


@pytest.mark.parametrize("rule", {**CASES, **IN_PUBLIC})
def test_status_in_the_order_of_admission(rule: str) -> None:
    groups, rows = read({**CASES, **IN_PUBLIC}[rule])
    ledger = Ledger(SIGNED_IN, PUBLIC, ("any",))
    ledger.add(groups)
    for row in rows:
        counted = frozenset(Group(name, 2025) for name in row["counts"].split())
        status = ledger.release([Cell(row["cell"], "any", counted)])
        assert status == {row["cell"]: row["signed in"]}
    if "in public" in rows[0]:
        status = ledger.publish([row["cell"] for row in rows])
        assert status == {row["cell"]: row["in public"] for row in rows}


def test_the_pack_declares_the_order_of_kinds() -> None:
    """The same cells, given in the same order; the declared order of kinds decides."""
    girls, boys = Group("girls", 2025), Group("boys", 2025)
    wanted = [
        Cell("the school", "unit", frozenset({girls, boys})),
        Cell("its girls", "sex", frozenset({girls})),
    ]
    for order, shown in (("unit", "sex"), "the school"), (("sex", "unit"), "its girls"):
        ledger = Ledger(SIGNED_IN, PUBLIC, order)
        ledger.add({girls: Answers(9), boys: Answers(3)})
        ledger.release(wanted)
        assert list(ledger.released) == [shown]


def test_a_group_whose_answers_are_as_good_as_known_is_never_left_over() -> None:
    """Six boys who all say 5, or who are held near it, are not shown by subtraction either."""
    girls, boys = Group("girls", 2025), Group("boys", 2025)
    ends = {"low60": 60, "high60": 300}
    for lowest, status in (300, "linked"), (270, "linked"), (180, "shown"):
        ledger = Ledger(SIGNED_IN, PUBLIC, ("any",), narrow60=60)
        boys_total = 5 * 300 + lowest
        ledger.add(
            {
                girls: Answers.of_scores(9, 9 * 200, 60, 300, **ends),
                boys: Answers.of_scores(6, boys_total, lowest, 300, **ends),
            }
        )
        ledger.release([Cell("the school", "any", frozenset({girls, boys}))])
        assert ledger.release([Cell("its girls", "any", frozenset({girls}))]) == {
            "its girls": status
        }
