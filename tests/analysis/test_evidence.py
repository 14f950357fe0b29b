"""A mark against the normal distribution itself, and what is no posterior."""

from math import inf, nan
from statistics import NormalDist

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from puls.analysis.evidence import interval, mark
from puls.cells import Mark

means = st.floats(-2, 2)
spreads = st.floats(0.001, 2)


@given(means, spreads, st.floats(0, 1))
def test_a_mark_is_four_in_five_beyond_what_is_relevant(
    mean: float, spread: float, smallest: float
) -> None:
    posterior = NormalDist(mean, spread)
    above, below = 1 - posterior.cdf(smallest), posterior.cdf(-smallest)
    assume(abs(max(above, below) - 0.8) > 1e-9)
    expected = Mark.UP if above > 0.8 else Mark.DOWN if below > 0.8 else Mark.NONE
    assert mark(mean, spread, smallest) is expected


@given(means, spreads)
def test_an_interval_leaves_one_in_ten_on_either_side(mean: float, spread: float) -> None:
    low, high = interval(mean, spread)
    posterior = NormalDist(mean, spread)
    assert (posterior.cdf(low), posterior.cdf(high)) == pytest.approx((0.1, 0.9))


@pytest.mark.parametrize(("mean", "spread"), [(nan, 0.1), (0.5, nan), (0.5, -0.1), (inf, 0.1)])
def test_what_is_no_posterior_is_refused(mean: float, spread: float) -> None:
    """nan is neither below nor above anything: it once came out as clearly lower."""
    with pytest.raises(AssertionError, match="no posterior"):
        mark(mean, spread)


def test_endless_doubt_marks_nothing() -> None:
    assert mark(0.5, inf) is Mark.NONE
