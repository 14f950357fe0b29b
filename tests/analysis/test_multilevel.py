"""The random-intercept model: published numbers, a slow second way, and what must not matter."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from puls.analysis.multilevel import RandomIntercept, random_intercept
from puls.analysis.regression import Floats
from tests.shared_data import shared


def high_school_and_beyond() -> pl.DataFrame:
    return (
        pl.read_csv(shared("multilevel/nlme_MathAchieve.csv"))
        .group_by("School")
        .agg(
            n=pl.len(),
            total=pl.col("MathAch").sum(),
            total_sq=(pl.col("MathAch") ** 2).sum(),
            ses=pl.col("MEANSES").first(),
        )
    )


def test_table_4_2_of_raudenbush_and_bryk() -> None:
    schools = high_school_and_beyond()
    model = random_intercept(schools["n"], schools["total"], schools["total_sq"])
    assert (model.units, model.respondents) == (160, 7185)
    assert model.coefficients[0] == pytest.approx(12.6370, abs=5e-5)
    assert model.standard_errors[0] == pytest.approx(0.2443, abs=2e-4)
    # The book stopped iterating a little early: 8.6097 and 39.1487.
    assert (round(model.tau2, 2), round(model.sigma2, 2)) == (8.61, 39.15)
    assert (model.tau2, model.sigma2) == pytest.approx((8.6140, 39.1483), abs=5e-5)
    assert round(model.icc, 2) == 0.18
    assert round(float(model.reliability(schools["n"]).mean()), 2) == 0.90


def test_table_4_3_of_raudenbush_and_bryk() -> None:
    schools = high_school_and_beyond()
    model = random_intercept(schools["n"], schools["total"], schools["total_sq"], [schools["ses"]])
    assert model.coefficients == pytest.approx([12.6495, 5.8635], abs=1e-4)
    assert [round(float(error), 2) for error in model.standard_errors] == [0.15, 0.36]
    # The book: 2.6357 and 39.1578.
    assert (round(model.tau2, 2), round(model.sigma2, 2)) == (2.64, 39.16)
    assert (model.tau2, model.sigma2) == pytest.approx((2.6387, 39.1571), abs=5e-5)
    assert round(float(model.reliability(schools["n"]).mean()), 2) == 0.74


def made(seed: int, units: int = 40) -> tuple[list[Floats], Floats]:
    rng = np.random.default_rng(seed)
    covariate = rng.normal(10, 3, units)
    effect = rng.normal(0, 0.5, units)
    sizes = rng.integers(1, 9, units)
    answers = [
        3 + 0.1 * covariate[unit] + effect[unit] + rng.normal(0, 1, sizes[unit])
        for unit in range(units)
    ]
    return answers, covariate


def fitted(answers: list[Floats], *covariates: Floats) -> RandomIntercept:
    n = [len(unit) for unit in answers]
    total = [float(unit.sum()) for unit in answers]
    total_sq = [float((unit**2).sum()) for unit in answers]
    return random_intercept(n, total, total_sq, covariates)


def log_restricted(answers: list[Floats], covariate: Floats, tau2: float, sigma2: float) -> float:
    """The textbook's formula with the whole covariance matrix of all respondents."""
    unit = np.repeat(np.arange(len(answers)), [len(given) for given in answers])
    y = np.concatenate(answers)
    x = np.column_stack([np.ones(len(y)), covariate[unit]])
    v = sigma2 * np.eye(len(y)) + tau2 * (unit[:, None] == unit[None, :])
    inverse = np.linalg.inv(v)
    information = x.T @ inverse @ x
    residual = y - x @ np.linalg.solve(information, x.T @ inverse @ y)
    log_v, log_i = np.linalg.slogdet(v)[1], np.linalg.slogdet(information)[1]
    return -0.5 * float(log_v + log_i + residual @ inverse @ residual)


@pytest.mark.parametrize("seed", range(4))
def test_no_neighbour_is_likelier(seed: int) -> None:
    answers, covariate = made(seed)
    model = fitted(answers, covariate)
    best = log_restricted(answers, covariate, model.tau2, model.sigma2)
    steps = (
        (-0.1, 0),
        (-0.005, 0),
        (0.005, 0),
        (0.1, 0),
        (0, -0.2),
        (0, -0.01),
        (0, 0.01),
        (0, 0.2),
    )
    for more_between, more_within in steps:
        tau2 = max(0.0, model.tau2 + more_between)
        assert log_restricted(answers, covariate, tau2, model.sigma2 + more_within) <= best + 1e-9


@settings(deadline=None, max_examples=15)
@given(seed=st.integers(0, 1000), shift=st.floats(-50, 50), scale=st.floats(0.1, 60))
def test_order_scale_and_zero_do_not_matter(seed: int, shift: float, scale: float) -> None:
    answers, covariate = made(seed)
    model = fitted(answers, covariate)
    order = np.random.default_rng(seed).permutation(len(answers))
    other = fitted([answers[at] * scale + shift for at in order], covariate[order] * 7 - 3)
    assert other.sigma2 == pytest.approx(model.sigma2 * scale**2, rel=1e-5)
    assert other.tau2 == pytest.approx(model.tau2 * scale**2, rel=1e-4, abs=1e-6 * scale**2)
    assert other.coefficients[1] == pytest.approx(
        model.coefficients[1] * scale / 7, rel=1e-4, abs=1e-6
    )


def test_units_that_do_not_differ() -> None:
    same = [np.array([1.0, 2.0, 3.0])] * 10
    model = fitted(same)
    assert (model.tau2, model.icc) == (0, 0)
    assert model.coefficients[0] == pytest.approx(2)


def test_units_without_answers_do_not_matter() -> None:
    answers, covariate = made(3)
    empty = fitted([*answers, np.array([])], np.append(covariate, 99.0))
    assert empty.tau2 == pytest.approx(fitted(answers, covariate).tau2)


def test_what_cannot_be_estimated_is_said() -> None:
    answers, covariate = made(1)
    with pytest.raises(ValueError, match="same for all"):
        fitted(answers, np.full(len(answers), 4.2))
    with pytest.raises(ValueError, match="follows from the others"):
        fitted(answers, covariate, 3 * covariate + 1)
    with pytest.raises(ValueError, match="too few"):
        fitted([np.array([1.0])] * 5)
    with pytest.raises(ValueError, match="too alike"):
        fitted([np.array([1.0, 1.0]), np.array([2.0, 2.0]), np.array([4.0, 4.0])])
    with pytest.raises(ValueError, match="too alike"):  # Tenths leave a trace of their squares.
        fitted([np.full(3, tenth) for tenth in (0.1, 0.3, 0.7)])
    with pytest.raises(ValueError, match="0 units with 0 respondents are too few"):
        fitted([])
    with pytest.raises(ValueError, match="no number"):
        fitted([np.array([1.0, 2.0]), np.array([3.0, np.nan])])
    with pytest.raises(ValueError, match="no number"):
        random_intercept([2, 2, 2, np.nan], [3, 5, 8, 4], [5, 13, 34, 10])
    with pytest.raises(ValueError, match="no number"):
        fitted(answers, np.where(covariate == covariate[0], np.nan, covariate))
