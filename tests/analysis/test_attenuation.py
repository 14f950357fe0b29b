"""How reliable scores are within their groups, and how near to the truth strengths come."""

from dataclasses import replace
from math import sqrt

import numpy as np
import polars as pl
import pytest

from puls.analysis import responding, scoring, synthetic
from puls.analysis.associations import within_respondents
from puls.analysis.attenuation import within_groups
from puls.content.definitions import Survey
from tests.analysis.surveys import survey

THEMES = ["a", "b", "c", "d", "e"]
PAIRS = [(one, other) for one in THEMES for other in THEMES if one < other]
FORM = replace(
    survey(*(f"{key}: " + " ".join(f"{key}_{at}" for at in range(4)) for key in THEMES)),
    pairs=tuple(PAIRS),
)


def answers(seed: int, size: float) -> tuple[synthetic.Truth, pl.DataFrame]:
    """Answers of sixty schools with two groups each, of very different sizes."""
    rng = np.random.default_rng(seed)
    asked = pl.DataFrame(
        [
            (f"s{at}.{part}", f"s{at}", f"m{at // 2}", max(4, int(n)))
            for (at, part), n in zip(np.ndindex(60, 2), rng.lognormal(size, 0.9, 120), strict=True)
        ],
        schema=["leaf", "school", "municipality", "asked"],
        orient="row",
    )
    schools = asked.group_by("school", "municipality").agg(pl.col("asked").sum()).sort("school")
    truth = synthetic.truth(FORM, schools, [2025], seed)
    return truth, synthetic.answers(truth, 2025, asked, seed)


def behind(truth: synthetic.Truth, of: Survey, pair: tuple[str, str]) -> float:
    """The correlation of true scores that was put in."""
    one, other = (THEMES.index(key) for key in pair)
    item_of = responding.construct_of_item(of)
    items = [np.flatnonzero(item_of == number) for number in (one, other)]
    spread = sqrt(1 - synthetic.BETWEEN_SCHOOLS - synthetic.BETWEEN_MUNICIPALITIES)
    return responding.correlation(
        (truth.loading[items[0]], truth.loading[items[1]]),
        (truth.cuts[items[0]], truth.cuts[items[1]]),
        float(truth.common[one] * truth.common[other]),
        spread,
    )


def test_strengths_are_those_of_the_true_scores() -> None:
    """Forms with steps and ends, skipped items and schools that differ: on average not off."""
    held, apart = [], []
    for seed in range(12):
        truth, given = answers(seed, 4.5)
        tallies = scoring.tally_round(given.lazy(), FORM)
        found = within_respondents(tallies.products, within_groups(tallies, FORM), PAIRS)
        for row in found.iter_rows(named=True):
            true = behind(truth, FORM, (row["a"], row["b"]))
            held.append(row["low"] <= true <= row["high"])
            apart.append(row["strength"] - true)
    assert 0.72 <= np.mean(held) <= 0.88
    assert abs(np.mean(apart)) < 0.005


def test_a_score_is_as_reliable_as_repeating_the_form_says() -> None:
    """The same people asked twice: the correlation within groups is the reliability."""
    rng = np.random.default_rng(1)
    groups, people = 300, 40
    shift = rng.normal(0, 0.6, (groups, 1, 1))
    person = rng.normal(0, 1, (groups, people, 1)) + shift
    leaf = np.repeat([f"g{at}" for at in range(groups)], people)
    scores, first = [], None
    for _ in range(2):
        seen = np.clip(np.rint(3 + person + rng.normal(0, 1, (groups, people, 4))), 1, 5)
        seen[rng.random(seen.shape) < 0.15] = np.nan
        enough = (~np.isnan(seen)).sum(axis=2) >= 2
        with np.errstate(invalid="ignore"):
            total = np.nansum(seen, axis=2) / np.maximum(1, (~np.isnan(seen)).sum(axis=2))
        scores.append(np.where(enough, total, np.nan))
        first = seen if first is None else first
    assert first is not None
    one, other = (each - np.nanmean(each, axis=1, keepdims=True) for each in scores)
    both = ~np.isnan(one) & ~np.isnan(other)
    again = float(np.corrcoef(one[both], other[both])[0, 1])
    form = survey("x: p q r s")
    frame = pl.DataFrame(
        {"leaf": leaf} | {key: first[:, :, at].ravel() for at, key in enumerate("pqrs")}
    ).with_columns(pl.col("p", "q", "r", "s").fill_nan(None).cast(pl.Int8))
    found = within_groups(scoring.tally_round(frame.lazy(), form), form)["x"]
    assert found.items == 4
    assert found.value == pytest.approx(again, abs=0.015)


def test_what_cannot_be_told_is_left_out() -> None:
    """One item has no reliability, and neither have items that do not go together or vary."""
    form = survey("single: o", "alike: p q", "apart: r s", "fine: t u")
    frame = pl.DataFrame(
        {"leaf": ["g"] * 4, "o": [1, 2, 3, 4], "p": [3] * 4, "q": [3] * 4}
        | {"r": [1, 2, 3, 4], "s": [4, 3, 2, 1], "t": [1, 2, 4, 5], "u": [2, 1, 5, 4]}
    ).with_columns(pl.exclude("leaf").cast(pl.Int8))
    assert within_groups(scoring.tally_round(frame.lazy(), form), form).keys() == {"fine"}
