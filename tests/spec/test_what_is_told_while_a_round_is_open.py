"""How many have answered is told in steps, and never of a few."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puls.views.response import asked_and_answered, response_step

K = 5
TABLE = [
    # asked, answered, what is told
    (4, 4, None),  # the group is small
    (9, 9, None),  # still too small for both sides
    (10, 4, None),  # few have answered
    (10, 5, 5),
    (10, 10, 5),  # that nobody is missing is not told
    (12, 11, 5),
    (20, 9, 5),
    (20, 10, 10),
    (20, 14, 10),
    (20, 20, 15),
    (200, 200, 195),
    (200, 3, None),
    (200, 0, None),
]


def by_the_table(rule: Callable[[int, int, int], int | None]) -> list[tuple[int, int]]:
    return [(asked, n) for asked, n, told in TABLE if rule(asked, n, K) != told]


def test_the_rule() -> None:
    assert by_the_table(response_step) == []


@pytest.mark.parametrize(
    "mutant",
    [
        lambda asked, n, k: n if n >= k else None,
        lambda asked, n, k: n - n % 5 if n >= k else None,
        lambda asked, n, k: min(n, asked - k) // 5 * 5,
    ],
    ids=["the number itself", "nobody may be missing", "few are told as none"],
)
def test_caught(mutant: Callable[[int, int, int], int | None]) -> None:
    assert by_the_table(mutant)


@given(st.integers(0, 400), st.integers(0, 400), st.integers(3, 20))
def test_many_are_on_both_sides_of_what_is_told(asked: int, answered: int, k: int) -> None:
    """For what is told, at least k people could be missing, and at least k have answered."""
    told = response_step(asked, min(answered, asked), k)
    if told is not None:
        assert told % 5 == 0
        assert answered >= k
        assert asked - told >= k


def closest(rule: Callable[[int, int, int], int | None]) -> int:
    """The fewest numbers of answers that one told number may stand for, in any group.

    Closing, opening again and making slips worthless change neither codes nor answers: what is told
    stays, whatever is done in between.
    """
    fewest = 1_000
    for people in range(1, 41):
        for codes in range(K, 2 * people + 3):
            ways: dict[int | None, int] = {}
            for used in range(codes + 1):
                told = rule(*asked_and_answered(codes, used, people), K)
                ways[told] = ways.get(told, 0) + 1
            fewest = min(fewest, *ways.values())
    return fewest


def test_a_told_number_stands_for_five_others_whatever_the_codes_and_people() -> None:
    assert closest(response_step) >= 5


def test_caught_a_number_that_says_that_all_have_answered() -> None:
    assert closest(lambda asked, n, k: n - n % 5 if n >= k and asked >= 2 * k else None) < 5
