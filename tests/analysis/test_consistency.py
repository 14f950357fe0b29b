"""Alpha's interval, omega and item-rest: published numbers, plain second ways, and invariants."""

from itertools import combinations
from statistics import NormalDist

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from puls.analysis import scoring
from puls.analysis.consistency import (
    alpha,
    alpha_interval,
    alphas,
    covariances,
    item_rests,
    omegas,
)
from puls.analysis.factor import LEAST, one_factor
from puls.content.definitions import Scale
from tests.analysis.surveys import survey
from tests.shared_data import shared

Floats = NDArray[np.float64]
Rows = list[tuple[int | None, ...]]


def test_interval_of_a_published_alpha() -> None:
    """Evans' code after Feldt 1965, in the statistics wiki of the MRC CBU: .913, 873, 20 items."""
    low, high = alpha_interval(np.array([0.913]), np.array([873]), 20, 0.95)
    assert (float(low[0]), float(high[0])) == pytest.approx((0.9044024, 0.9211588), abs=5e-8)


@pytest.mark.parametrize(("value", "n", "items"), [(0.8, 400, 4), (0.6, 900, 3), (0.9, 2000, 6)])
def test_interval_by_another_formula(value: float, n: int, items: int) -> None:
    """Bonett (2002): log(1 - alpha) is about normal with variance 2 m / ((m - 1)(n - 2))."""
    low, high = alpha_interval(np.array([value]), np.array([n]), items, 0.8)
    half = NormalDist().inv_cdf(0.9) * (2 * items / ((items - 1) * (n - 2))) ** 0.5
    expected = 1 - (1 - value) * np.exp([half, -half])
    assert [low[0], high[0]] == pytest.approx(list(expected), abs=0.002)


def test_the_interval_holds_in_eighty_of_a_hundred_samples() -> None:
    rng = np.random.default_rng(3)
    samples, n, items = 2000, 60, 4
    true_score = rng.normal(size=(samples, n, 1))
    answers = true_score + rng.normal(size=(samples, n, items))
    low, high = alpha_interval(alphas(_covariances(answers)), np.full(samples, n), items, 0.8)
    held = (low < 0.8) & (high > 0.8)
    assert 0.78 < held.mean() < 0.82


@pytest.mark.parametrize("missing", [0.0, 0.05, 0.15])
def test_alpha_and_omega_of_answers_on_five_points(missing: float) -> None:
    """Unequal loadings, items skipped: the interval still holds and omega is right on average."""
    rng = np.random.default_rng(5)
    samples, n, loadings = 1000, 200, np.array([0.5, 0.6, 0.7, 0.8])

    def answers(*shape: int) -> Floats:
        own = rng.normal(size=(*shape, 4)) * np.sqrt(1 - loadings**2)
        return np.clip(np.rint(3.6 + rng.normal(size=(*shape, 1)) * loadings + own), 1, 5)

    everybody = _covariances(answers(1, 200_000))
    given = answers(samples, n)
    there = (rng.random(given.shape) >= missing).astype(float)
    given = given * there
    both = there.transpose(0, 2, 1) @ there
    sums = given.transpose(0, 2, 1) @ there
    products = given.transpose(0, 2, 1) @ given
    seen = (products - sums * sums.transpose(0, 2, 1) / both) / (both - 1)
    low, high = alpha_interval(alphas(seen), both.min(axis=(1, 2)).astype(int), 4, 0.8)
    held = (low < alphas(everybody)[0]) & (high > alphas(everybody)[0])
    assert 0.77 < held.mean() < 0.85
    assert omegas(seen).omega.mean() == pytest.approx(omegas(everybody).omega[0], abs=0.01)


def _covariances(answers: Floats) -> Floats:
    centred = answers - answers.mean(axis=1, keepdims=True)
    return np.asarray(centred.transpose(0, 2, 1) @ centred / (answers.shape[1] - 1))


def test_one_factor_behind_four_vocabulary_tests() -> None:
    """Lord (1957), n = 649; Joereskog (1971). SAS/STAT, PROC CALIS: chi-square of 36.2095."""
    s = np.array(
        [
            [86.3979, 57.7751, 56.8651, 58.8986],
            [57.7751, 86.2632, 59.3177, 59.6683],
            [56.8651, 59.3177, 97.2850, 73.8201],
            [58.8986, 59.6683, 73.8201, 97.8192],
        ]
    )
    fit = one_factor(s[None])
    model = np.outer(fit.loadings, fit.loadings) + np.diag(fit.uniquenesses[0])
    misfit = np.linalg.slogdet(model)[1] - np.linalg.slogdet(s)[1]
    misfit += np.trace(np.linalg.solve(model, s)) - 4
    assert round(648 * float(misfit), 4) == 36.2095
    assert (fit.settled[0], fit.bounded[0]) == (True, False)


def test_extraversion_in_the_big_five() -> None:
    """bruceR, reference of Alpha(): alpha, omega and item-rest of E1 to E5 (psych), 2,713 people.

    psych takes omega from correlations. From covariances, as here, it is .767.
    """
    asked = survey("e: -E1 -E2 E3 E4 E5", scale=Scale("bfi_6", 1, 6))
    answers = pl.read_csv(shared("survey/psychTools_bfi.csv"), null_values="NA")
    complete = answers.drop_nulls(["E1", "E2", "E3", "E4", "E5"]).with_columns(leaf=pl.lit("all"))
    assert complete.height == 2713
    pairs = scoring.tally_items(complete.lazy(), asked).rename({"leaf": "unit"})
    found = covariances(pairs, asked.constructs[0])
    assert round(float(alphas(found.values)[0]), 3) == 0.761
    rests = [round(float(each), 3) for each in item_rests(found.values)[0]]
    assert rests == [0.513, 0.606, 0.501, 0.578, 0.455]
    spread = np.sqrt(np.diagonal(found.values, axis1=1, axis2=2))
    correlations = found.values / spread[:, :, None] / spread[:, None, :]
    assert round(float(omegas(correlations).omega[0]), 3) == 0.763
    assert round(float(omegas(found.values).omega[0]), 3) == 0.767


LOADINGS = st.lists(st.floats(0.3, 0.9), min_size=3, max_size=6)


@settings(max_examples=60, deadline=None)
@given(loadings=LOADINGS, own=st.floats(0.2, 1.0), wide=st.floats(0.1, 10))
def test_a_planted_factor_is_found(loadings: list[float], own: float, wide: float) -> None:
    """Congeneric items: omega is what was put in, and alpha is below it or equal."""
    ones = np.array(loadings)
    planted = (np.outer(ones, ones) + own * np.eye(len(ones))) * wide**2
    common = ones.sum() ** 2
    expected = common / (common + own * len(ones))
    found = omegas(planted[None])
    assert not found.bounded[0]
    assert found.omega[0] == pytest.approx(expected, abs=1e-7)
    assert alphas(planted[None])[0] <= found.omega[0] + 1e-7


@settings(max_examples=40, deadline=None)
@given(loading=st.floats(0.1, 0.9), items=st.integers(2, 6), own=st.floats(0.2, 2))
def test_omega_is_alpha_where_items_are_alike(loading: float, items: int, own: float) -> None:
    alike = (np.full((items, items), loading**2) + own * np.eye(items))[None]
    assert omegas(alike).omega[0] == pytest.approx(alphas(alike)[0], abs=1e-7)


def slow_factor(r: Floats) -> tuple[Floats, Floats]:
    """The same likelihood by expectation-maximisation, one small step after the other."""
    loadings = np.full(len(r), 0.7)
    unique = 1 - loadings**2
    for _ in range(4_000):
        model = np.outer(loadings, loadings) + np.diag(unique)
        weights = np.linalg.solve(model, loadings)
        shared_ = r @ weights
        loadings = shared_ / (1 - weights @ loadings + weights @ shared_)
        unique = np.maximum(1 - loadings * shared_, LEAST)
    return loadings, unique


@pytest.mark.parametrize("seed", range(4))
def test_the_factor_is_the_likeliest(seed: int) -> None:
    rng = np.random.default_rng(seed)
    items = 3 + seed
    answers = rng.normal(size=(80, 1)) * rng.uniform(0.4, 0.9, items) + rng.normal(size=(80, items))
    r = np.corrcoef(answers.T)
    loadings, unique = slow_factor(r)
    fit = one_factor(r[None])
    assert fit.loadings[0] == pytest.approx(loadings, abs=1e-5)
    assert fit.uniquenesses[0] == pytest.approx(unique, abs=1e-5)


def test_three_items_have_a_closed_form() -> None:
    r = np.array([[1, 0.42, 0.35], [0.42, 1, 0.3], [0.35, 0.3, 1]])
    assert one_factor(r[None]).loadings[0] == pytest.approx([0.7, 0.6, 0.5])


def test_an_item_without_error_of_its_own_is_said() -> None:
    """0.8 x 0.8 / 0.5 is more than all of the first item: the best uniqueness would be negative."""
    heywood = np.array([[1, 0.8, 0.8], [0.8, 1, 0.5], [0.8, 0.5, 1]])
    found = omegas(heywood[None])
    assert found.bounded[0]
    assert 0 < found.omega[0] < 1
    assert one_factor(heywood[None]).uniquenesses[0, 0] == LEAST


def test_what_is_not_defined_is_nan_without_a_warning() -> None:
    alike = np.ones((1, 3, 3))
    assert alphas(alike)[0] == 1
    flat, flat_pair = np.zeros((1, 3, 3)), np.zeros((1, 2, 2))
    one = np.ones((1, 1, 1))
    against = np.array([[[1, -0.2], [-0.2, 1]]])
    unknown = np.full((1, 3, 3), np.nan)
    for values in (flat, flat_pair, one, unknown):
        assert np.isnan(alphas(values)).all()
        assert np.isnan(omegas(values).omega).all()
        assert np.isnan(item_rests(values)).all()
    assert np.isnan(omegas(against).omega[0])
    assert alphas(against)[0] < 0
    assert np.isnan(alpha_interval(np.array([0.7, np.nan]), np.array([1, 9]), 3, 0.8)).all()


# Made by plain sums over respondents, from raw answers.


def plainly(rows: Rows, items: int) -> Floats:
    """Covariances, each over the respondents who answered both items."""
    found = np.full((items, items), np.nan)
    for a in range(items):
        for b in range(items):
            both = [(row[a], row[b]) for row in rows if row[a] is not None and row[b] is not None]
            if len(both) > 1:
                mean_a, mean_b = (sum(column) / len(both) for column in zip(*both, strict=True))
                products = ((x - mean_a) * (y - mean_b) for x, y in both)
                found[a, b] = sum(products) / (len(both) - 1)
    return found


def tallied(rows: Rows, names: str, low: int = 1) -> Floats:
    asked = survey(f"x: {' '.join(names)}", scale=Scale("some", low, low + 4))
    columns = dict(zip(names, zip(*rows, strict=True), strict=True))
    sealed = pl.DataFrame(
        {"leaf": ["p"] * len(rows), **columns}, schema_overrides=dict.fromkeys(names, pl.Int8)
    )
    pairs = scoring.tally_items(sealed.lazy(), asked)
    values = covariances(pairs.rename({"leaf": "unit"}), asked.constructs[0]).values
    exact = alpha(pairs)
    assert (np.nan if exact is None else exact) == pytest.approx(alphas(values)[0], nan_ok=True)
    return values


ANSWER = st.one_of(st.none(), st.integers(1, 5), st.integers(1, 5), st.integers(1, 5))
ROWS = st.lists(st.tuples(*[ANSWER] * 4), min_size=2, max_size=15)


@settings(max_examples=80, deadline=None)
@given(rows=ROWS)
def test_covariances_are_those_of_the_respondents(rows: Rows) -> None:
    expected = plainly(rows, 4)
    found = tallied(rows, "abcd")[0]
    assert found == pytest.approx(expected, abs=1e-9, nan_ok=True)
    for item in range(4):
        others = [at for at in range(4) if at != item]
        rest = sum(expected[at, at] for at in others)
        rest += 2 * sum(expected[a, b] for a, b in combinations(others, 2))
        own = expected[item, item]
        correlation = item_rests(found[None])[0, item]
        if np.isfinite(own * rest) and own > 1e-9 and rest > 1e-9:
            plain = sum(expected[item, at] for at in others) / (own * rest) ** 0.5
            if abs(plain) <= 1:
                assert correlation == pytest.approx(plain, abs=1e-6)


@settings(max_examples=40, deadline=None)
@given(rows=ROWS, order=st.permutations(range(4)))
def test_neither_order_nor_names_nor_a_constant_matter(rows: Rows, order: list[int]) -> None:
    first = tallied(rows, "abcd")
    again = tallied(rows[::-1], "wxyz")
    turned = tallied([tuple(row[at] for at in order) for row in rows], "abcd")
    lifted = tallied([tuple(None if x is None else x + 3 for x in row) for row in rows], "abcd", 4)
    for other in (again, turned, lifted):
        assert alphas(other) == pytest.approx(alphas(first), nan_ok=True)
    for other in (again, lifted):
        assert omegas(other).omega == pytest.approx(omegas(first).omega, nan_ok=True)
    assert item_rests(turned)[0] == pytest.approx(item_rests(first)[0][list(order)], nan_ok=True)


@pytest.mark.parametrize("seed", range(10))
def test_omega_does_not_depend_on_the_order_of_items(seed: int) -> None:
    rng = np.random.default_rng(seed)
    answers = rng.normal(size=(40, 1)) + rng.normal(size=(40, 5)) * rng.uniform(0.5, 2, 5)
    order = rng.permutation(5)
    first, turned = (omegas(_covariances(each[None])) for each in (answers, answers[:, order]))
    assert turned.omega == pytest.approx(first.omega, abs=1e-7)


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.tuples(*[st.integers(1, 5)] * 3), min_size=3, max_size=15))
def test_bounds(rows: Rows) -> None:
    values = tallied(rows, "abc")
    omega, rests = omegas(values).omega, item_rests(values)
    assert np.isnan(omega[0]) or 0 <= omega[0] < 1
    assert np.isnan(alphas(values)[0]) or alphas(values)[0] <= 1 + 1e-12
    assert (np.isnan(rests) | (np.abs(rests) <= 1)).all()
    low, high = alpha_interval(alphas(values), np.array([len(rows)]), 3, 0.8)
    assert np.isnan(low[0]) or low[0] <= alphas(values)[0] <= high[0]
