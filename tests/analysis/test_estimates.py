"""Variances against plain loops and published tables; intervals that hold what they promise."""

import json
from collections.abc import Sequence
from dataclasses import asdict

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from puls.analysis.estimates import Components, Prior, components, interval, places, rest_of
from puls.content.definitions import Scale
from tests.analysis.surveys import FIVE
from tests.shared_data import shared

Ints = NDArray[np.int64]


def sums(groups: Sequence[Sequence[int]]) -> tuple[Ints, Ints, Ints]:
    """n, total60 and total60_sq of groups of scores in sixtieths."""
    return (
        np.array([len(group) for group in groups], dtype=np.int64),
        np.array([sum(group) for group in groups], dtype=np.int64),
        np.array([sum(score**2 for score in group) for group in groups], dtype=np.int64),
    )


def naive_likelihood(
    groups: Sequence[Sequence[int]], at: Sequence[Sequence[int]], found: Components
) -> float:
    """-2 log of the restricted likelihood, with the whole covariance matrix of all respondents."""
    rows = [(score / 60, line) for group, line in zip(groups, at, strict=True) for score in group]
    y = np.array([score for score, _ in rows])
    v = found.sigma2 * np.eye(len(y))
    for tier, tau2 in enumerate(found.tau2):
        unit = np.array([line[tier] for _, line in rows])
        v += tau2 * (unit[:, None] == unit[None, :])
    inverse = np.linalg.inv(v)
    information = inverse.sum()
    residual = y - inverse.sum(axis=0) @ y / information
    return float(np.linalg.slogdet(v)[1] + np.log(information) + residual @ inverse @ residual)


nested = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.integers(0, 2),
        st.lists(st.integers(60, 300), min_size=1, max_size=5),
    ),
    min_size=1,
    max_size=7,
)


@settings(max_examples=60, deadline=None)
@given(nested, st.data())
def test_no_other_variances_are_more_likely(
    drawn: list[tuple[int, int, list[int]]], data: st.DataObject
) -> None:
    """Beside the textbook's formula: neither next to what was found nor anywhere else."""
    groups = [group for _, _, group in drawn]
    at = [
        (0, county, 3 + 3 * county + school, 20 + leaf)
        for leaf, (county, school, _) in enumerate(drawn)
    ]
    found = components(*sums(groups), np.array(at, dtype=np.int64), FIVE)
    if sum(map(len, groups)) == len(groups):
        assert (found.sigma2, found.tau2) == (4.0, (0.0,) * 4)
        return
    if all(len(set(group)) == 1 for group in groups):
        assert (found.sigma2, found.tau2) == (0.0, (0.0,) * 4)
        return
    best = naive_likelihood(groups, at, found)
    times = st.sampled_from((0.0, 0.3, 0.99, 1.01, 3.0))
    for tier in range(1, 4):
        more = [
            tau2 * data.draw(times) + data.draw(st.sampled_from((0.0, 0.01, 0.3)))
            if other == tier or data.draw(st.booleans())
            else tau2
            for other, tau2 in enumerate(found.tau2)
        ]
        sigma2 = found.sigma2 * data.draw(st.sampled_from((0.5, 0.99, 1.0, 1.01, 2.0)))
        other = Components(sigma2, (0.0, *more[1:]))
        assert best <= naive_likelihood(groups, at, other) + 1e-6


def test_in_a_balanced_table_they_are_the_analysis_of_variance() -> None:
    """Four schools of three: tau2 = (MSB - MSW) / 3, which REML gives as well."""
    groups = [[60, 120, 180], [120, 180, 240], [240, 270, 300], [180, 180, 240]]
    at = np.array([(0, school) for school in range(1, 5)])
    found = components(*sums(groups), at, FIVE)
    scores = np.array(groups) / 60
    msb = 3 * scores.mean(axis=1).var(ddof=1)
    msw = scores.var(axis=1, ddof=1).mean()
    assert found.sigma2 == pytest.approx(msw)
    assert found.tau2 == (0.0, pytest.approx((msb - msw) / 3))


def test_mathematics_in_160_schools() -> None:
    """Raudenbush & Bryk, table 4.2, to the fourth digit (in sixtieths, which moves the fifth)."""
    answers = pl.read_csv(shared("multilevel/nlme_MathAchieve.csv"))
    answers = answers.with_columns(score=(pl.col("MathAch") * 60).round().cast(pl.Int64))
    schools = answers.group_by("School", maintain_order=True).agg(
        n=pl.len(), total=pl.col("score").sum(), squares=(pl.col("score") ** 2).sum()
    )
    assert (schools.height, schools["n"].sum()) == (160, 7185)
    moments = (schools[name].cast(pl.Int64).to_numpy() for name in ("n", "total", "squares"))
    at = np.array([(0, school) for school in range(1, 161)])
    found = components(*moments, at, Scale("math", -3, 25))
    assert found.sigma2 == pytest.approx(39.1483, abs=1e-3)
    assert found.tau2[1] == pytest.approx(8.6140, abs=1e-3)


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ([], Components(4.0, (0.0, 0.0))),
        ([[300]], Components(4.0, (0.0, 0.0))),
        ([[180], [240]], Components(4.0, (0.0, 0.0))),
        ([[180, 180, 180]], Components(0.0, (0.0, 0.0))),
        ([[180, 180], [180, 180]], Components(0.0, (0.0, 0.0))),
        ([[60, 180]], Components(2.0, (0.0, 0.0))),
        ([[], [60, 180], []], Components(2.0, (0.0, 0.0))),
    ],
)
def test_too_little_to_tell(groups: list[list[int]], expected: Components) -> None:
    at = np.array([(0, 1 + leaf) for leaf in range(len(groups))], dtype=np.int64).reshape(-1, 2)
    found = components(*sums(groups), at, FIVE)
    assert found.sigma2 == pytest.approx(expected.sigma2)
    assert found.tau2 == pytest.approx(expected.tau2)


def test_no_variance_at_all_gives_a_point() -> None:
    still = Components(0.0, (0.0, 0.0))
    assert interval(7, 3.5, still, None, FIVE) == (3.5, 3.5)
    assert interval(7, 3.5, still, Prior(2.0, 0.0), FIVE) == (3.5, 3.5)


def test_no_difference_between_units_pools_all_answers_together() -> None:
    """Then the best guess of each is everybody's mean, as sure as everybody's answers make it."""
    alike = Components(0.64, (0.0, 0.0))
    prior = rest_of((100, 3.2), (20, 4.0), (0, 1), ((1, 5), (1, 1)), alike)
    low, high = interval(20, 4.0, alike, prior, FIVE)
    alone_low, alone_high = interval(100, 3.2, alike, None, FIVE)
    assert (low, high) == pytest.approx((alone_low, alone_high))


def test_with_one_brother_the_estimate_leans_on_him_not_on_oneself() -> None:
    """Two schools, 90 and 10 answers: the large one hardly moves towards the small one."""
    usual = Components(0.64, (0.0, 0.04))
    prior = rest_of((100, 3.9), (90, 4.0), (0, 1), ((1, 2), (1, 1)), usual)
    assert prior.mean == pytest.approx(3.0)
    assert prior.variance == pytest.approx(0.064 + 2 * 0.04)
    low, high = interval(90, 4.0, usual, prior, FIVE)
    assert 3.94 < (low + high) / 2 < 4.0


def test_what_a_unit_shares_with_the_rest_does_not_count_as_a_difference() -> None:
    """Two departments of the only school: its own deviation is in both means alike."""
    usual = Components(0.64, (0.0, 0.09, 0.01))
    prior = rest_of((200, 3.5), (100, 4.0), (0, 2), ((1, 1, 2), (1, 1, 1)), usual)
    assert prior.variance == pytest.approx(0.0064 + 0.01 + 0.01)
    prior = rest_of((200, 3.5), (100, 4.0), (0, 2), ((1, 2, 2), (1, 1, 1)), usual)
    assert prior.variance == pytest.approx(0.0064 + 0.01 + 0.01 + 0.09 + 0.09)


@pytest.mark.parametrize("spread", [0.0, 0.5, 1.0])
def test_means_of_unequal_units_vary_as_told(spread: float) -> None:
    """Means of 2, 8 and 40 units that count by size, roughly; that of a single one exactly."""
    rng = np.random.default_rng(5)
    size = rng.lognormal(0, spread, (20_000, 40))
    of = Components(1.0, (0.0, 0.09), (0.0, float(size.var() / size.mean() ** 2)))
    assert of.by_chance(1, 1) == pytest.approx(0.09)
    for units in (2, 8, 40):
        shares = size[:, :units] / size[:, :units].sum(axis=1, keepdims=True)
        true = 0.09 * float((shares**2).sum(axis=1).mean())
        assert of.by_chance(1, units) == pytest.approx(true, rel=0.25)


def test_how_unlike_units_are_is_learnt_tier_by_tier() -> None:
    groups = [[180, 240], [60, 120], [240] * 3, [300] * 9 + [60]]
    at = np.array([(0, 1, 3), (0, 1, 4), (0, 2, 5), (0, 2, 6)])
    found = components(*sums(groups), at, FIVE)
    assert found.units == (1, 2, 4)
    assert found.unequal == pytest.approx(
        (0.0, np.var([4, 13]) / 8.5**2, np.var([2, 2, 3, 10]) / 4.25**2)
    )


def test_components_are_kept_as_json() -> None:
    groups = [[180, 240], [60, 120], [240] * 3, [300] * 9 + [60]]
    found = components(*sums(groups), np.array([(0, at) for at in range(1, 5)]), FIVE)
    assert Components.of_json(json.loads(json.dumps(asdict(found)))) == found
    assert Components.of_json({"sigma2": 0.6, "tau2": [0, 0.1]}) == Components(0.6, (0, 0.1))


def test_a_component_that_would_be_negative_is_left_out_and_the_others_refitted() -> None:
    """Municipalities more alike than chance: then schools are estimated as if in none."""
    rng = np.random.default_rng(1)
    school = np.tile([-0.3, 0.3], 20)
    groups = [(60 * rng.normal(3 + off, 0.8, 30)).round().astype(int).tolist() for off in school]
    at = np.array([(0, 1 + at // 2, 100 + at) for at in range(40)])
    found = components(*sums(groups), at, FIVE)
    alone = components(*sums(groups), at[:, [0, 2]], FIVE)
    assert found.tau2[1] == 0
    assert found.tau2[2] == pytest.approx(alone.tau2[1], rel=1e-6)
    assert found.sigma2 == pytest.approx(alone.sigma2, rel=1e-6)


def test_places_fill_in_for_tiers_that_a_unit_lacks() -> None:
    parents = {
        "no": None,
        "oslo": "no",
        "west": "no",
        "karmoy": "west",
        "school": "karmoy",
        "music": "school",
        "dance": "school",
        "oslo-school": "oslo",
    }
    rank = {
        "no": 0,
        "oslo": 1,
        "west": 1,
        "karmoy": 2,
        "school": 3,
        "music": 4,
        "dance": 4,
        "oslo-school": 3,
    }
    found = places(["music", "dance", "oslo-school"], parents, rank, 5)
    names = {"music": found.at[0], "dance": found.at[1], "oslo-school": found.at[2]}
    assert names["music"][:4].tolist() == names["dance"][:4].tolist()
    assert names["music"][4] != names["dance"][4]
    oslo = names["oslo-school"].tolist()
    assert oslo[2] == oslo[3] == oslo[4]  # no municipality, no department: the school for both
    assert found.branches["no"] == (1, 2, 2, 2, 3)
    assert found.branches["school"] == (1, 1, 1, 1, 2)
    assert found.branches["oslo"] == (1, 1, 1, 1, 1)


def test_eighty_percent_means_eighty_percent() -> None:
    """In made-up countries with known practice, intervals of schools hold it 78 to 82 % of times.

    Two hundred municipalities with one to four schools of very different sizes; everything is
    estimated from the tallies, as in a release where all units are published.
    """
    rng = np.random.default_rng(2026)
    held: list[bool] = []
    parents: dict[str, str | None] = {"no": None}
    for municipality in range(200):
        parents[f"m{municipality}"] = "no"
        for school in range(1 + municipality % 4):
            parents[f"m{municipality}s{school}"] = f"m{municipality}"
    homes = sorted(unit for unit in parents if "s" in unit)
    rank = {unit: 0 if unit == "no" else 2 if "s" in unit else 1 for unit in parents}
    where = places(homes, parents, rank, 3)
    for _ in range(10):
        n = rng.lognormal(3, 0.8, len(homes)).astype(np.int64) + 5
        effect = {unit: rng.normal(0, 0.12) for unit in parents}
        truth = np.array([3.0 + effect[home] + effect[str(parents[home])] for home in homes])
        groups = [
            np.clip(np.rint(rng.normal(mean, 0.8, size) * 60), 60, 300).astype(int).tolist()
            for mean, size in zip(truth, n, strict=True)
        ]
        moments = sums(groups)
        variances = components(*moments, where.at, FIVE)
        held += _held(homes, parents, where.branches, moments, variances, truth)
    assert len(held) == 5000
    assert 0.78 <= np.mean(held) <= 0.82


def _held(
    homes: Sequence[str],
    parents: dict[str, str | None],
    branches: object,
    moments: tuple[Ints, Ints, Ints],
    variances: Components,
    truth: NDArray[np.float64],
) -> list[bool]:
    """For each school, whether its interval holds its true mean."""
    assert isinstance(branches, dict)
    n = dict(zip(homes, moments[0].tolist(), strict=True))
    total = dict(zip(homes, moments[1].tolist(), strict=True))
    found = []
    for home, true in zip(homes, truth, strict=True):
        own = (n[home], total[home] / 60 / n[home])
        for tier, above in ((1, parents[home]), (0, "no")):
            below = [other for other in homes if above in (parents[other], "no")]
            whole = sum(n[other] for other in below)
            if whole > own[0]:
                mean = sum(total[other] for other in below) / 60 / whole
                prior = rest_of(
                    (whole, mean), own, (tier, 2), (branches[above], branches[home]), variances
                )
                assert prior is not None
                low, high = interval(*own, variances, prior, FIVE)
                found.append(bool(low <= true <= high))
                break
    return found
