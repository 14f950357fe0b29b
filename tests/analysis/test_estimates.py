"""Variances against plain loops and published tables."""

import json
from collections.abc import Sequence
from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from puls.analysis.estimates import Components, components, places
from tests.analysis.surveys import FIVE

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
    kept = found.coarse()
    assert Components.of_json(json.loads(json.dumps(asdict(kept)))) == kept
    # Releases of before have more digits than are used now.
    assert Components.of_json(json.loads(json.dumps(asdict(found)))) == kept
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
