"""Associations: true correlations are found again, luck is not told, and order does not matter."""

from itertools import combinations, pairwise

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from puls.analysis.associations import across_units, within_respondents
from puls.analysis.attenuation import Reliable
from puls.analysis.correlation import Z, log_likelihood
from puls.analysis.evidence import WITHIN_80
from puls.analysis.regression import Floats

SIGMA2, SHARED, TAU = 0.64, 0.4, 0.17
Pairs = list[tuple[str, str]]


def frame(units: int, columns: dict[str, Floats], n: Floats) -> pl.DataFrame:
    wide = pl.DataFrame({"unit": [f"u{at}" for at in range(units)], "n": n.astype(int), **columns})
    long = wide.unpivot(index=["unit", "n"], variable_name="indicator", value_name="mean")
    register = pl.col("indicator").str.starts_with("register")
    return long.with_columns(n=pl.when(~register).then("n"))


def country(seed: int, units: int, true: Floats, registers: int = 0) -> tuple[pl.DataFrame, ...]:
    """Unit means of indicators with the true correlations, and what respondents share within units.

    true: (I, I). The last `registers` indicators have no sampling error.
    """
    rng = np.random.default_rng(seed)
    size = len(true)
    n = np.clip(rng.lognormal(3.5, 1, units), 5, 400).round()
    within = SHARED + (SIGMA2 - SHARED) * np.eye(size)
    between = TAU * rng.multivariate_normal(np.zeros(size), true, units)
    error = rng.multivariate_normal(np.zeros(size), within, units) / np.sqrt(n)[:, None]
    error[:, size - registers :] = 0
    keys = names(size, registers)
    asked = keys[: size - registers]
    columns = dict(zip(keys, (4 + between + error).T, strict=True))
    rows = [(a, b, SIGMA2 if a == b else SHARED) for a in asked for b in asked if a <= b]
    table = pl.DataFrame(rows, schema=["a", "b", "covariance"], orient="row")
    return frame(units, columns, n), table


def names(size: int, registers: int) -> list[str]:
    asked = [f"survey_{at:02}" for at in range(size - registers)]
    return asked + [f"register_{at:02}" for at in range(registers)]


def chain(size: int, strength: float, length: int) -> Floats:
    """Neighbours among the first few go together, the further apart the less; the rest do not."""
    at = np.arange(size)
    linked = (at[:, None] < length) & (at[None, :] < length)
    return np.where(linked, strength ** np.abs(at[:, None] - at[None, :]), np.eye(size))


def test_it_finds_the_true_strength_where_raw_correlations_do_not() -> None:
    """Shared mood of respondents lifts the raw correlation of unrelated indicators; noise lowers
    that of related ones."""
    true = np.array([[1, 0.0, 0.8], [0.0, 1, 0.0], [0.8, 0.0, 1]])
    means, within = country(4, 1500, true, registers=1)
    a, b, c = names(3, 1)
    raw = means.pivot("indicator", index="unit", values="mean")
    assert raw.select(pl.corr(a, b)).item() > 0.2
    assert raw.select(pl.corr(a, c)).item() < 0.75
    found = across_units(means, within, [(a, b), (a, c)])
    assert found["strength"].to_list() == pytest.approx([0, 0.8], abs=0.06)
    assert found["together"].to_list() == [False, True]


def textbook(
    a: Floats, b: Floats, error: tuple[Floats, ...], tau: tuple[float, float], rho: float
) -> float:
    """Restricted log-likelihood from the whole covariance matrix of all means."""
    units = len(a)
    y, x = np.concatenate([a, b]), np.kron(np.eye(2), np.ones((units, 1)))
    joint = rho * tau[0] * tau[1] + error[2]
    v = np.block(
        [
            [np.diag(tau[0] ** 2 + error[0]), np.diag(joint)],
            [np.diag(joint), np.diag(tau[1] ** 2 + error[1])],
        ]
    )
    inverse = np.linalg.inv(v)
    information = x.T @ inverse @ x
    residual = y - x @ np.linalg.solve(information, x.T @ inverse @ y)
    logs = np.linalg.slogdet(v)[1] + np.linalg.slogdet(information)[1]
    return -0.5 * float(logs + residual @ inverse @ residual)


def test_the_same_with_whole_matrices_and_many_more_values_of_tau() -> None:
    rng = np.random.default_rng(8)
    units, tau = 35, np.array([0.2, 0.3])
    n = rng.integers(10, 80, units)
    error = (0.5 / n, 0.6 / n, 0.3 / n)
    ab = rng.multivariate_normal([0, 0], np.outer(tau, tau) * [[1, 0.6], [0.6, 1]], units)
    ab += rng.multivariate_normal([0, 0], [[0.5, 0.3], [0.3, 0.6]], units) / np.sqrt(n)[:, None]
    fast = log_likelihood(ab[:, 0], ab[:, 1], error)
    taus = np.linspace(0.01, 0.6, 16)
    at = [230, 260, 280, 300, 320, 340]
    slow = []
    for z in Z[at]:
        every = [
            textbook(ab[:, 0], ab[:, 1], error, (s, t), float(np.tanh(z))) + np.log(s * t)
            for s in taus
            for t in taus
        ]
        slow.append(max(every) + np.log(np.sum(np.exp(np.array(every) - max(every)))))
    difference = np.array(slow) - fast[at]
    assert difference - difference[3] == pytest.approx(0, abs=0.15)


def told_and_wrong(seeds: range, units: int, true: Floats, registers: int) -> dict[str, float]:
    pairs: Pairs = list(combinations(names(len(true), registers), 2))
    real = np.array([true[a, b] for a, b in combinations(range(len(true)), 2)])
    wrong, strong, held = [], [], []
    for seed in seeds:
        found = across_units(*country(seed, units, true, registers), pairs)
        strength, told = found["strength"].to_numpy(), found["together"].to_numpy()
        bad = np.sign(strength) != np.sign(real)
        wrong.append((told & bad).sum() / max(1, told.sum()))
        strong.append(told[np.abs(real) >= 0.5].mean() if (real >= 0.5).any() else np.nan)
        held.append(np.mean((found["low"].to_numpy() <= real) & (real <= found["high"].to_numpy())))
    return {"wrong": float(np.mean(wrong)), "strong": strong[0], "held": float(np.mean(held))}


def test_among_many_pairs_luck_is_not_told() -> None:
    nothing = told_and_wrong(range(5), 100, np.eye(10), 3)
    assert nothing["wrong"] <= 0.1
    some = told_and_wrong(range(5), 150, chain(10, 0.7, 5), 3)
    assert some["wrong"] <= 0.15
    assert some["strong"] >= 0.75
    assert some["held"] >= 0.75


@pytest.mark.long
@pytest.mark.parametrize("units", [40, 150, 350])
def test_false_discoveries_over_many_seeds(units: int) -> None:
    assert told_and_wrong(range(100, 125), units, np.eye(10), 3)["wrong"] <= 0.1
    some = told_and_wrong(range(100, 140), units, chain(10, 0.7, 5), 3)
    # One in ten, and two standard errors of forty countries.
    assert some["wrong"] <= 0.1 + 0.025
    assert some["held"] >= 0.75
    all_of_them = told_and_wrong(range(100, 125), units, 0.5 + 0.5 * np.eye(10), 3)
    assert all_of_them["wrong"] <= 0.1
    assert all_of_them["held"] >= 0.7


@settings(deadline=None, max_examples=8)
@given(seed=st.integers(0, 1000), scale=st.floats(0.1, 60), shift=st.floats(-90, 90))
def test_order_and_units_of_measure_do_not_matter(seed: int, scale: float, shift: float) -> None:
    means, within = country(seed, 60, chain(4, 0.6, 3))
    keys = names(4, 0)
    pairs: Pairs = list(combinations(keys, 2))
    first = means["indicator"] == keys[0]
    changed = means.with_columns(
        mean=pl.when(first).then(pl.col("mean") * scale + shift).otherwise("mean")
    ).sample(fraction=1, shuffle=True, seed=seed)
    times = (pl.col("a") == keys[0]).cast(int) + (pl.col("b") == keys[0]).cast(int)
    before = across_units(means, within, pairs)
    after = across_units(
        changed,
        within.with_columns(covariance=pl.col("covariance") * scale**times),
        [(b, a) for a, b in reversed(pairs)],
    ).reverse()
    assert after["together"].equals(before["together"])
    for name in ("strength", "low", "high", "wrong"):
        assert after[name].to_numpy() == pytest.approx(before[name].to_numpy(), abs=2e-2)


def test_an_indicator_turned_round_turns_the_association_round() -> None:
    means, within = country(2, 80, chain(2, 0.8, 2), registers=1)
    survey, register = names(2, 1)
    turned = means.with_columns(
        mean=pl.when(pl.col("indicator") == register).then(-pl.col("mean")).otherwise("mean")
    )
    (one,) = across_units(means, within, [(survey, register)]).rows(named=True)
    (other,) = across_units(turned, within, [(survey, register)]).rows(named=True)
    assert other["strength"] == pytest.approx(-one["strength"], abs=1e-6)
    assert (other["low"], other["high"]) == pytest.approx((-one["high"], -one["low"]), abs=0.02)


def test_units_without_both_figures_do_not_count() -> None:
    means, within = country(3, 40, chain(2, 0.5, 2))
    a, b = names(2, 0)
    some = means.filter((pl.col("indicator") == a) | (pl.col("unit") < "u37"))
    (row,) = across_units(some, within, [(a, b)]).rows(named=True)
    assert row["n"] == means.filter(pl.col("unit") < "u37")["unit"].n_unique()


def respondents(seed: int, groups: int, rho: float, noise: float) -> tuple[pl.DataFrame, float]:
    """Products of two scores in groups that differ a lot; and how reliable the scores are."""
    rng = np.random.default_rng(seed)
    rows = []
    for group in range(groups):
        n = int(rng.integers(2, 40))
        shift = rng.normal(0, 1)
        true = rng.multivariate_normal([0, 0], [[1, rho], [rho, 1]], n)
        x, y = (true + np.array([shift, -shift]) + rng.normal(0, noise, (n, 2))).T
        sums = (n, x.sum(), y.sum(), (x * x).sum(), (y * y).sum(), (x * y).sum())
        rows.append((f"g{group}", "a", "b", *map(float, sums)))
    schema = ["leaf", "a", "b", "n", "sum_a", "sum_b", "sum_aa", "sum_bb", "sum_ab"]
    return pl.DataFrame(rows, schema=schema, orient="row"), 1 / (1 + noise**2)


@pytest.mark.parametrize("rho", [-0.6, 0.7])
def test_within_respondents_schools_play_no_part(rho: float) -> None:
    products, reliable = respondents(5, 200, rho, 0.6)
    reliability = dict.fromkeys("ab", Reliable(reliable, 4))
    (row,) = within_respondents(products, reliability, [("b", "a")]).rows(named=True)
    assert row["strength"] == pytest.approx(rho, abs=0.05)
    assert row["low"] < row["strength"] < row["high"]
    assert row["together"]
    assert row["n"] == products["n"].sum()


def drawn(
    rng: np.random.Generator, n: int, rho: float, own: tuple[Reliable, Reliable], pair: str
) -> tuple[pl.DataFrame, dict[str, Reliable]]:
    """One group's products of scores, and how reliable the scores of these very people look.

    Normal true scores with variance 1, and items that measure them equally well: then the error's
    variance, as the items' differences show it, is independent of the scores.
    """
    error = np.array([1 / one.value - 1 for one in own])
    items = np.array([one.items for one in own])
    lower = np.linalg.cholesky([[1 + error[0], rho], [rho, 1 + error[1]]])
    bartlett = np.diag(np.sqrt(rng.chisquare([n - 1, n - 2])))
    bartlett[1, 0] = rng.normal()
    root = lower @ bartlett
    sums = root @ root.T
    looks = error * rng.chisquare((items - 1) * (n - 1)) / ((items - 1) * (n - 1))
    seen = 1 - looks / (np.diag(sums) / (n - 1))
    keys = f"a{pair}", f"b{pair}"
    row = ("leaf", *keys, float(n), 0.0, 0.0, sums[0, 0], sums[1, 1], sums[0, 1])
    schema = ["leaf", "a", "b", "n", "sum_a", "sum_b", "sum_aa", "sum_bb", "sum_ab"]
    found = zip(keys, seen.tolist(), own, strict=True)
    known = {key: Reliable(value, one.items) for key, value, one in found}
    return pl.DataFrame([row], schema=schema, orient="row"), known


@pytest.mark.parametrize("n", [200, 8_000, 300_000])
def test_within_respondents_eighty_in_a_hundred_intervals_hold(n: int) -> None:
    """Fourteen pairs a country, from none to strong, of themes with three to six items."""
    rng = np.random.default_rng(n)
    held, apart = [], []
    for _ in range(200):
        true = np.tanh(rng.normal(0, 0.5, 14))
        true[:2] = 0
        tables, reliability = [], {}
        for at, rho in enumerate(true.tolist()):
            values, items = rng.uniform(0.6, 0.9, 2).tolist(), rng.integers(3, 7, 2).tolist()
            own = Reliable(values[0], items[0]), Reliable(values[1], items[1])
            products, known = drawn(rng, n, rho, own, f"{at}")
            tables.append(products)
            reliability |= known
        pairs = [(f"a{at}", f"b{at}") for at in range(14)]
        found = within_respondents(pl.concat(tables), reliability, pairs)
        low, high = found["low"].to_numpy(), found["high"].to_numpy()
        held += ((low <= true) & (true <= high)).tolist()
        apart += (found["strength"].to_numpy() - true).tolist()
    assert 0.78 <= np.mean(held) <= 0.82
    assert abs(np.mean(apart)) < 0.1 / np.sqrt(n)


@pytest.mark.parametrize("n", [100_000, 1_000_000])
def test_within_respondents_an_interval_is_as_wide_as_the_textbook_says(n: int) -> None:
    """Scores without error: the usual interval of a correlation (Fisher 1915)."""
    row = ("leaf", "a", "b", float(n), 0.0, 0.0, float(n), float(n), 0.4353 * n)
    schema = ["leaf", "a", "b", "n", "sum_a", "sum_b", "sum_aa", "sum_bb", "sum_ab"]
    products = pl.DataFrame([row], schema=schema, orient="row")
    sure = dict.fromkeys("ab", Reliable(1.0, 4))
    (found,) = within_respondents(products, sure, [("a", "b")]).rows(named=True)
    middle, half = np.arctanh(0.4353), WITHIN_80 / np.sqrt(n - 3)
    assert found["strength"] == pytest.approx(0.4353, abs=0.02 * half)
    for end, sign in (("low", -1), ("high", 1)):
        assert found[end] == pytest.approx(np.tanh(middle + sign * half), abs=0.02 * half)


def test_within_respondents_more_than_is_possible_is_nearly_all() -> None:
    """The reliability is far too low for what is seen."""
    row = ("leaf", "a", "b", 1e6, 0.0, 0.0, 1e6, 1e6, 0.8e6)
    schema = ["leaf", "a", "b", "n", "sum_a", "sum_b", "sum_aa", "sum_bb", "sum_ab"]
    products = pl.DataFrame([row], schema=schema, orient="row")
    low = dict.fromkeys("ab", Reliable(0.6, 4))
    (found,) = within_respondents(products, low, [("a", "b")]).rows(named=True)
    assert 0.98 < found["low"] <= found["strength"] <= found["high"] <= 0.99 + 1e-3


def test_a_doubtful_one_is_not_told_among_many_sure_ones() -> None:
    """On average over all of them the error would be small; a reader looks at one."""
    tables, pairs = [], []
    for at in range(13):
        products, reliable = respondents(at, 60, 0.5 if at else 0.0, 0.5)
        tables.append(products.with_columns(a=pl.lit(f"a{at}"), b=pl.lit(f"b{at}")))
        pairs.append((f"a{at}", f"b{at}"))
    known = Reliable(reliable, 4)
    reliability = dict.fromkeys([key for pair in pairs for key in pair], known)
    found = within_respondents(pl.concat(tables), reliability, pairs)
    assert found["together"].to_list() == [False, *[True] * 12]
    assert found["wrong"].mean() <= 0.1


def test_pairs_nobody_answered_both_of_are_not_told() -> None:
    products, _ = respondents(1, 3, 0.5, 0.5)
    found = within_respondents(products, {}, [(a, b) for a, b in pairwise("xyz")])
    assert found["strength"].null_count() == 2
    assert found["n"].to_list() == [0, 0]
