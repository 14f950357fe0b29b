"""Shrunk unit means: published numbers, loops, what must not matter, and intervals that hold."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from puls.analysis import shrinkage
from puls.analysis.evidence import interval
from puls.analysis.regression import Floats, weighted

BCG = np.array(
    # vaccinated: ill, not ill; others: ill, not ill; degrees of latitude; year
    [
        (4, 119, 11, 128, 44, 1948),
        (6, 300, 29, 274, 55, 1949),
        (3, 228, 11, 209, 42, 1960),
        (62, 13536, 248, 12619, 52, 1977),
        (33, 5036, 47, 5761, 13, 1973),
        (180, 1361, 372, 1079, 44, 1953),
        (8, 2537, 10, 619, 19, 1973),
        (505, 87886, 499, 87892, 13, 1980),
        (29, 7470, 45, 7232, 27, 1968),
        (17, 1699, 65, 1600, 42, 1961),
        (186, 50448, 141, 27197, 18, 1974),
        (5, 2493, 3, 2338, 33, 1969),
        (27, 16886, 29, 17825, 33, 1976),
    ],
    dtype=np.float64,
)


@pytest.mark.parametrize(
    ("covariates", "tau2", "last", "error"),
    [
        ((), 0.3132, -0.7145, 0.1798),
        ((4,), 0.0764, -0.0291, 0.0072),
        ((4, 5), 0.1108, 0.0019, 0.0147),
    ],
)
def test_thirteen_trials_of_a_vaccine(
    covariates: tuple[int, ...], tau2: float, last: float, error: float
) -> None:
    """REML as in Viechtbauer (2010), Journal of Statistical Software 36(3): log relative risks."""
    ill, healthy, ill_others, healthy_others = BCG.T[:4]
    vaccinated, others = ill + healthy, ill_others + healthy_others
    y = np.log(ill / vaccinated) - np.log(ill_others / others)
    v = 1 / ill - 1 / vaccinated + 1 / ill_others - 1 / others
    centred = [BCG[:, at] - BCG[:, at].mean() for at in covariates]
    x = np.column_stack([np.ones(len(y)), *centred])
    known = shrinkage.shared(y, x, v)
    at_best = weighted(y, x, known.tau2 + v[None, :])
    assert known.tau2 == pytest.approx(tau2, abs=6e-5)
    assert at_best.coefficients[0, -1] == pytest.approx(last, abs=6e-5)
    assert np.sqrt(at_best.covariance[0, -1, -1]) == pytest.approx(error, abs=6e-5)


def made(seed: int, units: int, tau: float) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Means, design, sampling variances; what is special about each unit, and its true mean."""
    rng = np.random.default_rng(seed)
    v = 0.64 / np.clip(rng.lognormal(3.3, 1, units), 5, 400).round()
    x = np.column_stack([np.ones(units), rng.normal(size=(units, 2))])
    u = rng.normal(0, tau, units)
    truth = x @ [4, 0.2, 0.1] + u
    return truth + rng.normal(0, np.sqrt(v)), x, v, u, truth


def test_the_same_in_loops() -> None:
    y, x, v, _, _ = made(5, 50, 0.2)
    known = shrinkage.shared(y, x, v)
    effects, spreads = shrinkage.effect(known, y, x, v)
    values, value_spreads = shrinkage.value(known, y, x, v)
    for unit in range(50):
        residual = y[unit] - sum(x[unit, p] * known.coefficients[p] for p in range(3))
        doubt = sum(
            x[unit, p] * x[unit, q] * known.covariance[p, q] for p in range(3) for q in range(3)
        )
        draws = []
        for tau, weight in zip(known.tau, known.weight, strict=True):
            trust = tau**2 / (tau**2 + v[unit])
            draws.append((weight, trust * residual, trust * v[unit], trust))
        mean = sum(w * m for w, m, _, _ in draws)
        between = sum(w * (m - mean) ** 2 for w, m, _, _ in draws)
        of_effect = between + sum(w * (s + k * k * doubt) for w, _, s, k in draws)
        of_value = between + sum(w * (s + (1 - k) ** 2 * doubt) for w, _, s, k in draws)
        assert effects[unit] == pytest.approx(mean)
        assert spreads[unit] == pytest.approx(of_effect**0.5)
        assert values[unit] == pytest.approx(y[unit] - residual + mean)
        assert value_spreads[unit] == pytest.approx(of_value**0.5)


@settings(deadline=None, max_examples=15)
@given(seed=st.integers(0, 1000), shift=st.floats(-9, 9), scale=st.floats(0.1, 60))
def test_order_scale_and_zero_do_not_matter(seed: int, shift: float, scale: float) -> None:
    y, x, v, _, _ = made(seed, 40, 0.2)
    known = shrinkage.shared(y, x, v)
    order = np.random.default_rng(seed).permutation(40)
    changed = (y[order] * scale + shift, x[order], v[order] * scale**2)
    other = shrinkage.shared(*changed)
    assert other.tau2 == pytest.approx(known.tau2 * scale**2, rel=1e-4, abs=1e-7 * scale**2)
    for before, after in zip(
        shrinkage.effect(known, y, x, v), shrinkage.effect(other, *changed), strict=True
    ):
        assert after == pytest.approx(before[order] * scale, rel=1e-4, abs=1e-6 * scale)


def test_equal_values_are_no_trouble() -> None:
    y, v = np.full(40, 3.0), np.full(40, 0.01)
    known = shrinkage.shared(y, np.ones((40, 1)), v)
    assert known.tau2 == 0
    means, spreads = shrinkage.effect(known, y, np.ones((40, 1)), v)
    assert np.allclose(means, 0)
    assert np.all(np.isfinite(spreads))


def test_figures_without_sampling_error_stand_as_they_are() -> None:
    y, x, _, _, _ = made(1, 60, 0.3)
    none = np.zeros(60)
    known = shrinkage.shared(y, x, none)
    means, _ = shrinkage.effect(known, y, x, none)
    assert means == pytest.approx(y - x @ known.coefficients)
    leftover = y - x @ np.linalg.lstsq(x, y, rcond=None)[0]
    assert known.tau2 == pytest.approx(float(leftover @ leftover) / 57, rel=1e-6)


def held(units: int, tau: float, seeds: range) -> tuple[float, float]:
    """How often the 80 % intervals held the truth: of what is special, and of the mean."""
    special, mean = [], []
    for seed in seeds:
        y, x, v, u, truth = made(seed, units, tau)
        known = shrinkage.shared(y, x, v)
        low, high = interval(*shrinkage.effect(known, y, x, v))
        special.append(np.mean((low <= u) & (u <= high)))
        low, high = interval(*shrinkage.value(known, y, x, v))
        mean.append(np.mean((low <= truth) & (truth <= high)))
    return float(np.mean(special)), float(np.mean(mean))


@pytest.mark.parametrize(("units", "tau"), [(60, 0.17), (150, 0.17), (150, 0.4)])
def test_eighty_in_a_hundred_hold(units: int, tau: float) -> None:
    """0.17 is what surveys find: units explain some 4 % of the variance between answers."""
    assert all(0.78 <= share <= 0.82 for share in held(units, tau, range(150)))


def test_where_units_hardly_differ_intervals_are_rather_too_wide() -> None:
    assert all(share >= 0.78 for share in held(100, 0.05, range(60)))
    assert all(share >= 0.78 for share in held(40, 0.0, range(30)))


@pytest.mark.long
@pytest.mark.parametrize("units", [30, 60, 150, 400])
@pytest.mark.parametrize("tau", [0.1, 0.17, 0.3])
def test_eighty_in_a_hundred_hold_over_many_seeds(units: int, tau: float) -> None:
    special, mean = held(units, tau, range(1000, 2000))
    # With 30 units and small differences tau stays so unsure that intervals must be wider.
    most = 0.82 if units > 60 or tau >= 0.17 else 0.85
    assert 0.78 <= special <= most
    assert 0.78 <= mean <= most
