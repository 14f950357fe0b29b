"""What may be shown

Nobody's answer may be worked out. A group of 1 to 4 answers is never shown (the smallest group
is 5 here; a pack sets it), and neither is anything that would let one be worked out by
subtracting what is shown from what is shown. What is hidden because of others is `linked`.

Of all the ways to do that, the one that shows most is used: the country counts most, then
counties, municipalities, schools and departments. Between equals the name decides, not the
answers: which of two was hidden must say nothing about them.
"""

import pytest

from tests.analysis.worlds import world

CASES = {
    "enough answers everywhere: everything is shown": """
        no                          shown
          west                      shown
            karmoy                  shown
              karmoy-school         shown
                music       x12     shown
                dance       x5      shown
    """,
    "four answers are few; to hide them, one more department must be hidden": """
        no                          shown
          west                      shown
            karmoy                  shown
              karmoy-school         shown
                dance       x4      few
                music       x12     linked
                theatre     x7      shown
    """,
    "two small departments hide each other: the rest can be shown": """
        no                          shown
          west                      shown
            karmoy                  shown
              karmoy-school         shown
                dance       x2      few
                music       x12     shown
                theatre     x3      few
    """,
    "two small departments with 2 + 2 answers are still a group of 4": """
        no                          shown
          west                      shown
            karmoy                  shown
              karmoy-school         shown
                dance       x2      few
                music       x12     linked
                theatre     x2      few
    """,
    "hiding two brothers is not enough when they are 1 + 3": """
        no                          shown
          west                      shown
            karmoy                  shown
              karmoy-school         shown
                art         x1      few
                dance       x3      few
                music       x12     linked
                theatre     x7      shown
    """,
    "nobody answered is not few: it is no data, and hides nothing": """
        no                          shown
          west                      shown
            karmoy                  shown
              karmoy-school         shown
                dance               no_data
                music       x12     shown
    """,
    "a small school hides its neighbour; the municipality counts more than a school": """
        no                          shown
          west                      shown
            karmoy                  shown
              big-school    x30     linked
              small-school  x3      few
    """,
    "an only school and its municipality are the same answers: both are shown": """
        no                          shown
          west                      shown
            karmoy                  shown
              only-school   x30     shown
            bokn                    shown
              bokn-school   x8      shown
    """,
    "a small municipality: its county shows, and a neighbour is hidden with it": """
        no                          shown
          west                      shown
            bokn                    few
              bokn-school   x3      few
            karmoy                  linked
              karmoy-school x30     linked
            sola                    shown
              sola-school   x30     shown
    """,
    "answers given to the school itself hide with a small department": """
        no                          shown
          west                      shown
            karmoy                  shown
              karmoy-school x6      shown
                dance       x3      few
                music       x12     shown
    """,
}

SAME_ANSWER = {
    "six who all say 5 are as good as named, though they are six": """
        no                                      shown
          west                                  shown
            karmoy                              shown
              karmoy-school                     shown
                dance       5 5 5 5 5 5         linked
                music       x12                 linked
                theatre     x7                  shown
    """,
    "a mean so close to the top that nobody can be below 4": """
        no                                      shown
          west                                  shown
            karmoy                              shown
              karmoy-school                     shown
                dance       5 5 5 5 4           linked
                music       x12                 linked
                theatre     x7                  shown
    """,
    "one point lower and somebody may have said 3: that is open enough": """
        no                                      shown
          west                                  shown
            karmoy                              shown
              karmoy-school                     shown
                dance       5 5 5 5 3           shown
                music       x12                 shown
    """,
    "the same at the bottom": """
        no                                      shown
          west                                  shown
            karmoy                              shown
              karmoy-school                     shown
                dance       1 1 1 1 1 2         linked
                music       x12                 linked
                theatre     x7                  shown
    """,
    "all the same in the middle of the scale is hidden as well": """
        no                                      shown
          west                                  shown
            karmoy                              shown
              karmoy-school                     shown
                dance       3 3 3 3 3           linked
                music       x12                 linked
                theatre     x7                  shown
    """,
    "close together in the middle is not: the mean 3.6 gives nobody away": """
        no                                      shown
          west                                  shown
            karmoy                              shown
              karmoy-school                     shown
                dance       3 4 4 3 4           shown
                music       x12                 shown
    """,
}


def read(text: str) -> tuple[str, dict[str, str]]:
    """The country as `world` reads it, and the status that each unit must get."""
    rows = [row.rstrip() for row in text.splitlines() if row.strip()]
    status = {row.split()[0]: row.split()[-1] for row in rows}
    return "\n".join(row.rsplit(maxsplit=1)[0] for row in rows), status


@pytest.mark.parametrize("rule", {**CASES, **SAME_ANSWER})
def test_status_by_unit(rule: str) -> None:
    text, expected = read({**CASES, **SAME_ANSWER}[rule])
    cells = world(text).release(k=5)
    assert {unit: str(cell.status) for unit, cell in cells.items()} == expected


def test_a_hidden_cell_carries_no_number() -> None:
    text, _ = read(CASES["four answers are few; to hide them, one more department must be hidden"])
    hidden = [cell for cell in world(text).release().values() if cell.status != "shown"]
    assert hidden
    for cell in hidden:
        assert (cell.value, cell.n, cell.low, cell.high, cell.level) == (None,) * 5


def test_the_smallest_group_is_a_setting() -> None:
    country = world("""
        no
          west
            karmoy
              karmoy-school
                music       x19
                dance       x25
    """)
    assert country.release(k=5)["music"].status == "shown"
    assert country.release(k=20)["music"].status == "few"
    assert country.release(k=20)["dance"].status == "linked"
