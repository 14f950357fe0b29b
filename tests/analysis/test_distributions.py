"""Quantiles of F against printed tables and closed forms."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from puls.analysis.distributions import f_quantile

UPPER_FIVE_PER_CENT = {(1, 1): 161.4, (2, 20): 3.49, (4, 10): 3.48, (10, 4): 5.96, (30, 120): 1.55}


@pytest.mark.parametrize("freedom", UPPER_FIVE_PER_CENT)
def test_quantiles_of_f_are_those_of_printed_tables(freedom: tuple[int, int]) -> None:
    found = float(f_quantile(0.95, *freedom))
    digits = 1 if found > 100 else 2
    assert round(found, digits) == UPPER_FIVE_PER_CENT[freedom]


@settings(max_examples=60, deadline=None)
@given(share=st.floats(0.001, 0.999), df=st.floats(1, 1e7), other=st.floats(1, 1e7))
def test_quantiles_of_f(share: float, df: float, other: float) -> None:
    """Where there is a closed form; and the other tail is the other way round."""
    closed = df / 2 * np.expm1(-2 / df * np.log1p(-share))
    assert f_quantile(share, 2, df) == pytest.approx(closed, rel=1e-8)
    turned = 1 / f_quantile(1 - share, other, df)
    assert f_quantile(share, df, other) == pytest.approx(turned, rel=1e-6)
