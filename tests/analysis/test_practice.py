"""A unit's estimate is what the whole model says of it, and its interval holds what it promises."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from puls.analysis.estimates import Components, components, places
from puls.analysis.evidence import WITHIN_80
from puls.analysis.practice import Normal, Published, interval, prior
from puls.analysis.tallies import lineage
from puls.content.definitions import Scale
from tests.analysis.surveys import FIVE
from tests.analysis.test_estimates import Ints, sums
from tests.analysis.worlds import world

WIDE = Scale("wide", -1000, 1000)
Line = tuple[int, ...]
"""The units around a leaf group, numbered within their tier, from the country down."""


def naive(
    lines: Sequence[Line], n: Sequence[int], means: Sequence[float], unit: Line, of: Components
) -> Normal:
    """The best linear unbiased predictor of a unit's practice, from all leaf groups' means.

    With the whole covariance matrix, and nothing known of the country's mean. unit: the first
    numbers of the lines of the leaf groups in it, of which the practice is the mean.
    """
    v = np.diag([of.sigma2 / each for each in n])
    for tier, tau2 in enumerate(of.tau2):
        same = np.array([[a[: tier + 1] == b[: tier + 1] for b in lines] for a in lines])
        v += tau2 * same
    inside = np.array([line[: len(unit)] == unit for line in lines], dtype=float)
    inside /= inside.sum()
    effects = v - np.diag([of.sigma2 / each for each in n])
    with_means, own = effects @ inside, inside @ effects @ inside
    inverse = np.linalg.inv(v)
    information = inverse.sum()
    middle = inverse.sum(axis=0) @ np.array(means) / information
    centre = middle + with_means @ inverse @ (np.array(means) - middle)
    unsure = (1 - with_means @ inverse.sum(axis=0)) ** 2 / information
    return Normal(float(centre), float(own - with_means @ inverse @ with_means + unsure))


def published(
    lines: Sequence[Line], n: Sequence[int], means: Sequence[float], unit: Line
) -> list[Published]:
    """The unit and those above it, where all of them are shown."""
    found: list[Published] = []
    for depth in range(len(unit), 0, -1):
        at = [place for place, line in enumerate(lines) if line[:depth] == unit[:depth]]
        size = sum(n[each] for each in at)
        below = [len({lines[each][: tier + 1] for each in at}) for tier in range(len(lines[0]))]
        if not found or size > found[-1].n:
            found.append(Published(size, sum(n[i] * means[i] for i in at) / size, tuple(below)))
    return found


def estimate(line: Sequence[Published], of: Components) -> Normal:
    n, mean, _ = line[0]
    low, high = interval(n, mean, of, prior(line, of), WIDE)
    return Normal((low + high) / 2, ((high - low) / 2 / WITHIN_80) ** 2)


variances = st.builds(
    lambda sigma2, tau2: Components(sigma2, (0.0, *tau2)),
    st.floats(0.1, 2),
    st.lists(st.sampled_from((0.0, 0.001, 0.02, 0.3)), min_size=3, max_size=3),
)
score = st.floats(1, 5)


@settings(max_examples=60, deadline=None)
@given(
    st.tuples(st.integers(1, 3), st.integers(1, 3), st.integers(1, 3)),
    st.integers(1, 60),
    variances,
    st.data(),
)
def test_where_all_units_are_alike_in_size_it_is_the_whole_model(
    many: tuple[int, int, int], n: int, of: Components, data: st.DataObject
) -> None:
    """Brothers do not have to be looked at one by one: their parent's rest says the same."""
    lines = [(0, *at) for at in np.ndindex(many)]
    means = data.draw(st.lists(score, min_size=len(lines), max_size=len(lines)))
    sizes = [n] * len(lines)
    for unit in {line[:depth] for line in lines for depth in range(1, 5)}:
        found = estimate(published(lines, sizes, means, unit), of)
        expected = tuple(naive(lines, sizes, means, unit, of))
        assert found == pytest.approx(expected, rel=1e-5, abs=1e-8)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 500), score), min_size=4, max_size=4), variances, st.data()
)
def test_with_one_brother_at_every_tier_it_is_the_whole_model(
    answers: list[tuple[int, float]], of: Components, data: st.DataObject
) -> None:
    """Of any sizes: two departments, beside them a school of one, a municipality, a county."""
    lines: list[Line] = [(0, 0, 0, 0), (0, 0, 0, 1), (0, 0, 1, 0), (0, 1, 0, 0)]
    some = data.draw(st.sets(st.integers(0, 3), min_size=1))
    lines = [line for place, line in enumerate(lines) if place in some]
    n, means = zip(*(answers[place] for place in sorted(some)), strict=True)
    found = estimate(published(lines, n, means, lines[0]), of)
    expected = tuple(naive(lines, n, means, lines[0], of))
    assert found == pytest.approx(expected, rel=1e-5, abs=1e-8)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 500), score, st.integers(1, 4)), min_size=4, max_size=4),
    variances,
    st.integers(1, 3),
    st.floats(0, 4),
)
def test_units_that_do_not_differ_from_their_parent_are_estimated_as_it_is(
    drawn: list[tuple[int, float, int]], of: Components, tier: int, apart: float
) -> None:
    """With variances of 0 from a tier down, child and parent are one: whoever gave the answers."""
    of = replace(of, tau2=(*of.tau2[:tier], *[0.0] * (4 - tier)), unequal=(0.0, *[apart] * 3))
    line: list[Published] = []
    n, total, branches = 0, 0.0, [1] * 4
    for depth, (more, mean, beside) in zip((3, 2, 1, 0), drawn, strict=True):
        n, total = n + more, total + more * mean
        branches = [b if t <= depth else b + beside for t, b in enumerate(branches)]
        line.append(Published(n, total / n, tuple(branches)))
    same = [estimate(line[at:], of) for at in range(4 - tier + 1)]
    for each in same[1:]:
        assert each == pytest.approx(tuple(same[0]), rel=1e-6)


def test_departments_that_hardly_differ_are_as_sure_as_their_school() -> None:
    """Four green departments make a green school: not each surer than all of them together."""
    cells = world("""
        no
          west
            karmoy
              karmoy-school
                music    x31
                dance    x62
                theatre  x8
                art      x19
            sola
              sola-school  x300
    """).release(variances={"wellbeing": Components(0.64, (0.0, 0.001, 0.005, 0.02, 0.0))})
    school = cells["karmoy-school"]
    for department in ("music", "dance", "theatre", "art"):
        found = cells[department]
        assert (found.low, found.high) == pytest.approx((school.low, school.high))


def test_no_variance_at_all_gives_a_point() -> None:
    still = Components(0.0, (0.0, 0.0))
    assert interval(7, 3.5, still, None, FIVE) == (3.5, 3.5)
    assert interval(7, 3.5, still, Normal(2.0, 0.0), FIVE) == (3.5, 3.5)


def test_no_difference_between_units_pools_all_answers_together() -> None:
    """Then the best guess of each is everybody's mean, as sure as everybody's answers make it."""
    alike = Components(0.64, (0.0, 0.0))
    before = prior([Published(20, 4.0, (1, 1)), Published(100, 3.2, (1, 5))], alike)
    low, high = interval(20, 4.0, alike, before, FIVE)
    alone_low, alone_high = interval(100, 3.2, alike, None, FIVE)
    assert (low, high) == pytest.approx((alone_low, alone_high))


def test_with_one_brother_the_estimate_leans_on_him_not_on_oneself() -> None:
    """Two schools, 90 and 10 answers: the large one hardly moves towards the small one."""
    usual = Components(0.64, (0.0, 0.04))
    before = prior([Published(90, 4.0, (1, 1)), Published(100, 3.9, (1, 2))], usual)
    assert before == pytest.approx((3.0, 0.064 + 2 * 0.04))
    low, high = interval(90, 4.0, usual, before, FIVE)
    assert 3.94 < (low + high) / 2 < 4.0


def test_what_a_unit_shares_with_the_rest_does_not_count_as_a_difference() -> None:
    """Two departments of the only school: its own deviation is in both means alike."""
    usual = Components(0.64, (0.0, 0.09, 0.01))
    own = Published(100, 4.0, (1, 1, 1))
    before = prior([own, Published(200, 3.5, (1, 1, 2))], usual)
    assert before == pytest.approx((3.0, 0.0064 + 0.01 + 0.01))
    before = prior([own, Published(200, 3.5, (1, 2, 2))], usual)
    assert before == pytest.approx((3.0, 0.0064 + 0.01 + 0.01 + 0.09 + 0.09))


def test_eighty_percent_means_eighty_percent() -> None:
    """In made-up countries with known practice, intervals hold it 80 % of times.

    Two hundred municipalities with one to four schools of very different sizes; everything is
    estimated from the tallies, as in a release where all units are published.
    """
    rng = np.random.default_rng(2026)
    held: dict[str, list[bool]] = {"school": [], "municipality": []}
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
        found = _held(homes, parents, where.branches, moments, variances, truth)
        for kind, inside in found.items():
            held[kind] += inside
    assert [len(inside) for inside in held.values()] == [5000, 2000]
    assert 0.78 <= np.mean(held["school"]) <= 0.82
    assert 0.77 <= np.mean(held["municipality"]) <= 0.83


def _held(
    homes: Sequence[str],
    parents: dict[str, str | None],
    branches: Mapping[str, tuple[int, ...]],
    moments: tuple[Ints, Ints, Ints],
    variances: Components,
    truth: NDArray[np.float64],
) -> dict[str, list[bool]]:
    """For each school and municipality, whether its interval holds its true mean."""
    sums = {unit: np.zeros(3) for unit in parents}
    for home, n, total60, true in zip(homes, *moments[:2], truth, strict=True):
        for unit in lineage(home, parents):
            sums[unit] += (n, total60 / 60, n * true)
    found: dict[str, list[bool]] = {"school": [], "municipality": []}
    for unit in parents.keys() - {"no"}:
        line: list[Published] = []
        for each in lineage(unit, parents):
            n, total, _ = sums[each]
            if not line or n > line[-1].n:
                line.append(Published(int(n), total / n, branches[each]))
        n, mean, _ = line[0]
        low, high = interval(n, mean, variances, prior(line, variances), FIVE)
        kind = "school" if "s" in unit else "municipality"
        found[kind].append(bool(low <= sums[unit][2] / sums[unit][0] <= high))
    return found
