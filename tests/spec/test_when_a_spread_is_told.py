"""A staff's spread over the levels of a rubric is told from five on, and never twice too alike."""

from collections.abc import Callable, Sequence
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puls.analysis import spreads
from puls.analysis.spreads import may_be_told, moved

Counts = tuple[int, ...]
RULES: list[tuple[Counts, list[Counts], bool]] = [
    # on level 1 to 4, told before, told now
    ((1, 2, 6, 2), [], True),
    ((1, 2, 1, 1), [], True),    # five
    ((1, 1, 1, 1), [], False),   # four
    ((0, 0, 0, 0), [], False),   # nobody
    ((0, 8, 0, 0), [], False),   # all alike: it would tell what each said
    ((0, 7, 1, 0), [], True),    # one knows of the others, nobody else does
    # later in the same school year
    ((1, 2, 6, 2), [(1, 2, 6, 2)], True),                # nothing new
    ((1, 2, 6, 3), [(1, 2, 6, 2)], False),               # one came: one knows which level
    ((1, 2, 6, 1), [(1, 2, 6, 2)], False),               # one withdrew
    ((1, 3, 5, 2), [(1, 2, 6, 2)], False),               # one moved
    ((1, 6, 2, 2), [(1, 2, 6, 2)], False),               # four moved
    ((1, 7, 1, 2), [(1, 2, 6, 2)], True),                # five moved
    ((1, 2, 6, 7), [(1, 2, 6, 2)], True),                # five came
    ((2, 2, 6, 1), [(1, 2, 6, 2)], False),               # as many as before, and yet one moved
    ((2, 8, 6, 2), [(2, 2, 6, 2), (2, 8, 6, 1)], False),  # far from one, near to another
]  # fmt: skip


@pytest.mark.parametrize(("counts", "told", "may"), RULES)
def test_when_a_spread_is_told(counts: Counts, told: list[Counts], may: bool) -> None:
    assert may_be_told(counts, 5, told) is may


# What the rule promises, in plain loops: of all ways to get from one staff to another, none
# needs fewer than k people and more than nobody.


def fewest(before: Counts, after: Counts) -> int:
    """Take out people and put in people, in every number of moves until one way fits."""
    for people in range(sum(before) + sum(after) + 1):
        for out in product(range(people + 1), repeat=len(before)):
            left = [b - o for b, o in zip(before, out, strict=True)]
            back = [a - x for a, x in zip(after, left, strict=True)]
            fits = sum(out) <= people and min(left) >= 0
            if fits and min(back) >= 0 and sum(back) <= people:
                return people
    raise AssertionError("there is always a way: all out, all in")


little = st.tuples(*[st.integers(0, 3)] * 3)


@given(little, little)
def test_the_fewest_who_moved_are_counted_right(before: Counts, after: Counts) -> None:
    assert moved(before, after) == fewest(before, after)


people = st.lists(st.tuples(*[st.integers(0, 9)] * 4), max_size=6)


def told_in_turn(rule: Callable[..., bool], each: Sequence[Counts], k: int) -> list[Counts]:
    told: list[Counts] = []
    for counts in each:
        if rule(counts, k, told):
            told.append(counts)
    return told


def isolates(told: Sequence[Counts], k: int) -> bool:
    """Whether somebody who saw all of these knows what fewer than k people said."""
    return any(
        0 < sum(spread) < k or max(spread) == sum(spread) for spread in told
    ) or any(0 < moved(a, b) < k for a in told for b in told)  # fmt: skip


@given(people, st.integers(2, 6))
def test_nothing_that_was_told_isolates_fewer_than_k(each: list[Counts], k: int) -> None:
    assert not isolates(told_in_turn(may_be_told, each, k), k)


FOUR, FIVE, SIX = (1, 1, 1, 1), (1, 1, 1, 2), (1, 1, 2, 2)
MUTANTS: dict[str, tuple[Callable[..., bool], list[Counts]]] = {
    "from four on": (lambda c, k, t: may_be_told(c, k - 1, t), [FOUR]),
    "also all alike": (lambda c, k, t: sum(c) >= k, [(0, 8, 0, 0)]),
    "forgets what was told": (lambda c, k, t: may_be_told(c, k), [FIVE, SIX]),
    "looks at the last alone": (
        lambda c, k, t: may_be_told(c, k, t[-1:]),
        [FIVE, (1, 6, 1, 2), (1, 1, 1, 3)],
    ),
    "compares how many there are": (
        lambda c, k, t: may_be_told(c, k) and all(sum(b) == sum(c) for b in t),
        [FIVE, (1, 1, 2, 1)],
    ),
}


@pytest.mark.parametrize("mutant", MUTANTS)
def test_caught_a_rule_that(mutant: str) -> None:
    rule, each = MUTANTS[mutant]
    assert isolates(told_in_turn(rule, each, 5), 5)
    assert not isolates(told_in_turn(may_be_told, each, 5), 5)


def test_caught_a_count_of_the_difference_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreads, "moved", lambda a, b: abs(sum(a) - sum(b)))
    assert may_be_told((1, 3, 5, 2), 5, [(1, 2, 6, 2)]), "the mutant lets one who moved be seen"
