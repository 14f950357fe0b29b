"""Variances of units within units: slopes, the book, and trees that are hard to climb."""

import numpy as np
import polars as pl
import pytest

from puls.analysis import nested
from puls.analysis.estimates import Components
from puls.analysis.multilevel import random_intercept
from puls.analysis.nested import Tree, most_likely
from puls.analysis.practice import Published, interval, prior
from puls.analysis.regression import Floats
from puls.content.definitions import Scale
from tests.shared_data import shared


def made(seed: int, tau2: tuple[float, ...], parents: tuple[int, ...] = (60, 12)) -> Tree:
    """150 homes in 60 schools in 12 municipalities; tau2 of homes, schools, municipalities."""
    rng = np.random.default_rng(seed)
    counts = (150, *parents)
    above = [np.arange(low) % high for low, high in zip(counts, (*parents, 1), strict=True)]
    n = rng.lognormal(2.5, 0.9, 150).round() + 1
    place = np.arange(150)
    means = rng.normal(3.5, np.sqrt(0.64 / n))
    for tier, variance in enumerate(tau2):
        means += rng.normal(0, np.sqrt(variance), counts[tier])[place]
        place = above[tier][place]
    return Tree(n, means, 0.64 * float(rng.chisquare(n.sum() - 150)), tuple(above))


@pytest.mark.parametrize("ratios", [(0.01, 0.05, 0.02), (0.0, 0.3, 0.0), (2.0, 1e-6, 5.0)])
def test_slopes_are_those_of_small_steps(ratios: tuple[float, ...]) -> None:
    tree = made(1, (0.01, 0.03, 0.01))
    at = np.array(ratios)
    _, slope, _ = nested._likelihood(tree, at)
    for tier in range(3):
        step = np.zeros(3)
        step[tier] = 1e-6 * (1 + at[tier])
        up, down = (nested._likelihood(tree, at + way * step)[0] for way in (1, -1))
        assert slope[tier] == pytest.approx((up - down) / (2 * step[tier]), rel=1e-3, abs=1e-2)


def test_one_tier_is_the_random_intercept_model() -> None:
    tree = made(2, (0.05,), parents=())
    sums = tree.n * tree.mean
    squares = np.zeros(150)
    squares[0] = tree.within
    model = random_intercept(tree.n, sums, squares + sums * tree.mean)
    sigma2, tau2 = most_likely(tree)
    assert sigma2 == pytest.approx(model.sigma2, rel=1e-5)
    assert tau2[0] == pytest.approx(model.tau2, rel=1e-4)


def test_mathematics_in_160_schools() -> None:
    """Raudenbush & Bryk, table 4.2 (the book stopped iterating early: 39.1487 and 8.6097)."""
    schools = (
        pl.read_csv(shared("multilevel/nlme_MathAchieve.csv"))
        .group_by("School")
        .agg(n=pl.len(), mean=pl.col("MathAch").mean(), around=pl.col("MathAch").var(0) * pl.len())
    )
    n, mean, around = (schools[name].to_numpy().astype(float) for name in ("n", "mean", "around"))
    assert (len(n), n.sum()) == (160, 7185)
    tree = Tree(n, mean, float(around.sum()), (np.zeros(160, dtype=np.int64),))
    sigma2, tau2 = most_likely(tree)
    assert (sigma2, tau2[0]) == pytest.approx((39.1483, 8.6140), abs=1e-3)
    # So many units say how much they differ: holding it from 0 is a fourteenth of its doubt.
    assert most_likely(tree, [True])[1][0] == pytest.approx(8.69, abs=0.01)


def best_of_many(tree: Tree, rng: np.random.Generator) -> float:
    """The lowest -2 log L of three hundred places, half of them with variances that are 0."""
    tried = 10 ** rng.uniform(-5, 1, (300, len(tree.above)))
    tried[rng.random(tried.shape) < 0.3] = 0
    return min(nested._likelihood(tree, at)[0] for at in tried)


@pytest.mark.parametrize(
    "tau2", [(0.0, 0.0, 0.0), (0.02, 0.0, 0.0), (0.0, 0.0, 0.05), (0.01, 0.03, 0.01), (9, 9, 9)]
)
@pytest.mark.parametrize("seed", range(4))
def test_nothing_better_is_found_by_looking_everywhere(seed: int, tau2: tuple[float, ...]) -> None:
    tree = made(seed, tau2)
    sigma2, found = most_likely(tree)
    best = nested._likelihood(tree, found / sigma2)[0]
    assert best <= best_of_many(tree, np.random.default_rng(seed)) + 1e-6


def rough(seeds: range) -> tuple[Floats, Floats]:
    """Mean and standard deviation of the estimates of (0.01, 0.03, 0.01)."""
    found = np.array([most_likely(made(seed, (0.01, 0.03, 0.01)))[1] for seed in seeds])
    return found.mean(axis=0), found.std(axis=0)


def test_variances_are_right_on_average() -> None:
    mean, spread = rough(range(100))
    # Cut off at 0, a small one comes out a little large, and takes it from the tiers around.
    assert mean == pytest.approx([0.01, 0.03, 0.01], abs=0.003)
    assert (spread < [0.012, 0.016, 0.012]).all()


def test_what_is_hardly_seen_at_all() -> None:
    """Homes where all but agree, and homes of one respondent."""
    tree = made(3, (0.01, 0.03, 0.01))
    sigma2, tau2 = most_likely(tree._replace(within=1e-9))
    assert 0 < sigma2 < 1e-6
    assert np.isfinite(tau2).all()
    ones = tree._replace(n=np.ones(150) + (np.arange(150) == 0), within=0.5)
    sigma2, tau2 = most_likely(ones)
    assert np.isfinite([sigma2, *tau2]).all()


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("held", [(True, True, True), (False, True, False)])
def test_what_is_held_from_0_is_the_best_with_the_penalty(
    seed: int, held: tuple[bool, ...]
) -> None:
    tree = made(seed, (0.0, 0.02, 0.0))
    sigma2, tau2 = most_likely(tree, held)
    kept = np.array(held)
    assert (tau2[kept] > 0).all()

    def penalised(ratios: Floats) -> float:
        return nested._likelihood(tree, ratios)[0] - float(np.log(ratios[kept]).sum())

    tried = 10 ** np.random.default_rng(seed).uniform(-5, 1, (300, 3))
    near = tau2 / sigma2 * np.random.default_rng(seed).uniform(0.9, 1.1, (50, 3))
    best = min(penalised(at) for at in (*tried, *near))
    assert penalised(tau2 / sigma2) <= best + 1e-6


def share_held(held: bool) -> float:
    """How often intervals hold a school's practice: 200 countries of 30 schools, 5 to 14 answers.

    Schools explain 5 % of the variance between answers.
    """
    rng = np.random.default_rng(7)
    inside = []
    for _ in range(200):
        n = rng.integers(5, 15, 30)
        true = rng.normal(3.5, np.sqrt(0.03), 30)
        mean = rng.normal(true, np.sqrt(0.57 / n))
        within = 0.57 * float(rng.chisquare(n.sum() - 30))
        tree = Tree(n.astype(float), mean, within, (np.zeros(30, dtype=np.int64),))
        sigma2, tau2 = most_likely(tree, [held])
        of = Components(sigma2, (0.0, float(tau2[0])))
        all_of_them = Published(int(n.sum()), float(n @ mean / n.sum()), (1, 30))
        for size, seen, practice in zip(n.tolist(), mean.tolist(), true.tolist(), strict=True):
            before = prior([Published(size, seen, (1, 1)), all_of_them], of)
            low, high = interval(size, seen, of, before, Scale("wide", -9, 9))
            inside.append(low <= practice <= high)
    return float(np.mean(inside))


def test_thirty_small_schools_are_not_all_alike_for_certain() -> None:
    """A variance of 0 draws each of them to the country's mean, and leaves no doubt."""
    assert 0.78 <= share_held(True) <= 0.82
    assert share_held(False) < 0.72
