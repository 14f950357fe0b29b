"""Prerequisites that are alike: by ratios, and only where something is known."""

from math import exp, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puls.analysis.alike import ALIKE, are_alike, distance

# ours, theirs, how far apart
PAIRS = [
    ({"a": 100.0}, {"a": 100.0}, 0.0),
    ({"a": 100.0}, {"a": 200.0}, log(2)),
    ({"a": 100.0}, {"a": 50.0}, log(2)),  # half as much is as far as twice as much
    ({"a": 100.0, "b": 7.0}, {"a": 200.0, "b": 7.0}, log(2) / 2),
    ({"a": 100.0, "b": 7.0}, {"a": 200.0}, log(2)),  # only what both know counts
    ({"a": 100.0}, {"b": 7.0}, None),
    ({"a": 0.0}, {"a": 7.0}, None),  # nothing has no ratio
    ({}, {"a": 7.0}, None),
]


@pytest.mark.parametrize(("ours", "theirs", "apart"), PAIRS)
def test_distance(ours: dict[str, float], theirs: dict[str, float], apart: float | None) -> None:
    assert distance(ours, theirs) == pytest.approx(apart)


def test_half_as_much_again_is_alike_and_more_is_not() -> None:
    assert are_alike({"a": 100.0}, {"a": 100.0 * exp(ALIKE) - 0.001})
    assert not are_alike({"a": 100.0}, {"a": 100.0 * exp(ALIKE) + 0.001})
    assert not are_alike({}, {})


FIGURES = st.dictionaries(st.sampled_from("abc"), st.floats(0.01, 1e9), min_size=1)


@given(FIGURES, FIGURES)
def test_it_is_the_same_from_both_sides(one: dict[str, float], other: dict[str, float]) -> None:
    there, back = distance(one, other), distance(other, one)
    assert there == pytest.approx(back) if there is not None else back is None
    assert distance(one, one) == 0
