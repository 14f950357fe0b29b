"""Figures that are none are refused by name, instead of becoming numbers of something."""

from collections.abc import Callable
from math import nan

import numpy as np
import polars as pl
import pytest

from puls.analysis import shrinkage
from puls.analysis.associations import across_units, within_respondents
from puls.analysis.attenuation import Reliable, seen
from puls.analysis.expectation import fit
from puls.analysis.regression import Floats
from puls.analysis.trends import changes
from puls.units import UnitTree

MANY = 40
MEANS = 3 + np.random.default_rng(1).normal(0, 0.2, MANY)
ONE_IS_NONE = np.where(np.arange(MANY) == 3, nan, MEANS)


def shrunk(y: Floats, v: float) -> shrinkage.Shared:
    return shrinkage.shared(y, np.ones((MANY, 1)), np.full(MANY, v))


def together(a: Floats) -> pl.DataFrame:
    units = [f"u{at}" for at in range(MANY)]
    means = pl.concat(
        pl.DataFrame({"unit": units, "indicator": key, "mean": mean, "n": 0})
        for key, mean in (("a", a), ("b", MEANS[::-1]))
    )
    none = {"a": pl.String, "b": pl.String, "covariance": pl.Float64}
    return across_units(means, pl.DataFrame(schema=none), [("a", "b")])


def expected(*prerequisites: str) -> object:
    units = pl.DataFrame({"unit": [f"u{at}" for at in range(MANY)], "n": 20, "mean": MEANS})
    return fit(units.with_columns(cost=pl.col("mean") * 2), prerequisites, 0.6)


def reliability(value: float) -> object:
    return seen(0.3, 100, (Reliable(value, 3), Reliable(0.8, 3)))


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (lambda: shrunk(ONE_IS_NONE, 0.02), "is no number"),
        (lambda: shrunk(MEANS, nan), "is no number"),
        (lambda: shrunk(MEANS, -0.02), "below 0"),
        (lambda: together(ONE_IS_NONE), "is no number"),
        (lambda: expected("cost", "cost"), "named twice"),
        (lambda: reliability(0.0), "reliabilities"),
        (lambda: reliability(-0.1), "reliabilities"),
        (lambda: reliability(nan), "reliabilities"),
        (lambda: changes([], (2025, 2025), (0.6, 0.6), UnitTree([])), "no change from 2025"),
    ],
)
def test_what_is_no_figure_is_refused(asked: Callable[[], object], told: str) -> None:
    with pytest.raises(AssertionError, match=told):
        asked()


def test_a_probability_is_not_below_0() -> None:
    """Two themes that all respondents answer alike: rounding left -2e-16 for being wrong."""
    scores = np.random.default_rng(1).integers(60, 300, 200)
    row = (200, scores.sum(), scores.sum(), *[(scores**2).sum()] * 3)
    names = ("n", "sum_a", "sum_b", "sum_aa", "sum_bb", "sum_ab")
    products = pl.DataFrame({"a": "x", "b": "y", **dict(zip(names, map(int, row), strict=True))})
    known = {key: Reliable(0.8, 4) for key in ("x", "y")}
    found = within_respondents(products, known, [("x", "y")])
    assert 0 <= found["wrong"][0] < 1e-6
    assert found["together"][0]
