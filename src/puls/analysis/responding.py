"""How made-up respondents fill in a form, given what they would answer to each construct.

Each item is the latent value seen through its loading plus noise of its own, cut into the survey's
categories; a reversed item is stored as it was answered, that is mirrored. Some items are skipped,
some respondents stop half-way, and a few do not say who they are.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import comb, sqrt
from statistics import NormalDist
from typing import TypeAlias

import numpy as np
from numpy.polynomial.hermite_e import hermegauss
from numpy.typing import NDArray

from puls.content.definitions import Survey

Floats: TypeAlias = NDArray[np.float64]

SKIPPED, STOPPED = 0.036, 0.028
"""Together about 5 % of items unanswered: single ones, and the rest after stopping half-way."""
NOT_SAID = 0.015
"""Share of respondents who leave a background question out."""


@dataclass(frozen=True, slots=True)
class Said:
    """How respondents fall on the options of a background question.

    shares: of each option among those who say it; they add up to 1.
    lifts: how far the respondents of each option lie off the others in every construct, in
        standard deviations between respondents; those who do not say it lie at 0.
    """

    question: str
    shares: tuple[float, ...]
    lifts: tuple[float, ...]

    def __post_init__(self) -> None:
        assert len(self.shares) == len(self.lifts), f"{self.question}: a share and a lift an option"
        assert abs(sum(self.shares) - 1) < 1e-9, f"{self.question}: shares add up to 1"


def equally(survey: Survey) -> tuple[Said, ...]:
    """Equal shares and no differences, for every background question of a survey."""
    return tuple(
        Said(each.key, (1 / len(each.options),) * len(each.options), (0.0,) * len(each.options))
        for each in survey.background
    )


def lifts(everybody: Sequence[Said], told: dict[str, int]) -> Iterator[tuple[float, float]]:
    """Shares of all combinations of options and how far each is lifted.

    told: the option's number from 1 by question, where only those who said it are meant.
    """
    each = []
    for said in everybody:
        if said.question in told:
            each.append([(1.0, said.lifts[told[said.question] - 1])])
        else:
            known = [
                (share * (1 - NOT_SAID), lift)
                for share, lift in zip(said.shares, said.lifts, strict=True)
            ]
            each.append([*known, (NOT_SAID, 0.0)])
    for options in product(*each):
        yield float(np.prod([share for share, _ in options])), sum(lift for _, lift in options)


def who(said: Said, rows: int, rng: np.random.Generator) -> NDArray[np.int8]:
    """Each respondent's option, int, (rows,), numbered from 1; 0 where it was not said."""
    bounds = np.cumsum(said.shares)[:-1] * (1 - NOT_SAID)
    draw = rng.random(rows)
    options = 1 + np.searchsorted(bounds, draw, side="right")
    return np.where(draw < 1 - NOT_SAID, options, 0).astype(np.int8)


def items(survey: Survey, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Loadings, (items,), and cuts, (items, categories - 1), in the survey's order.

    Constructs differ in how well liked they are, their items a little.

    Category shares follow a binomial, which gives most answers to the upper middle, as school
    surveys do, whatever the number of categories.
    """
    steps = survey.scale.high - survey.scale.low
    liked = rng.uniform(0.58, 0.8, len(survey.constructs))
    loading = rng.uniform(0.68, 0.84, len(survey.items))
    cuts = np.empty((len(survey.items), steps))
    normal = NormalDist()
    for number, construct in enumerate(construct_of_item(survey)):
        share = float(np.clip(liked[construct] + rng.uniform(-0.04, 0.04), 0.05, 0.95))
        below = 0.0
        for step in range(steps):
            below += comb(steps, step) * share**step * (1 - share) ** (steps - step)
            cuts[number, step] = normal.inv_cdf(below)
    return loading, cuts


def answered(
    survey: Survey,
    loadings: Floats,
    cuts: Floats,
    latent: NDArray[np.float32],
    rng: np.random.Generator,
) -> NDArray[np.int8]:
    """What is ticked on the form, int, (respondents, items): reversed items mirrored.

    loadings, cuts: as `items` gives them. latent: float, (respondents, constructs), in standard
    deviations between respondents.
    """
    given = np.empty((len(latent), len(survey.items)), dtype=np.int8)
    low, high = survey.scale.low, survey.scale.high
    for number, construct in enumerate(construct_of_item(survey)):
        loading = float(loadings[number])
        seen = latent[:, construct] * np.float32(loading)
        seen += rng.standard_normal(len(latent), dtype=np.float32) * np.float32(
            sqrt(1 - loading**2)
        )
        answer = np.full(len(latent), low, dtype=np.int8)
        for cut in cuts[number]:
            answer += seen > np.float32(cut)
        given[:, number] = low + high - answer if survey.items[number].reversed else answer
    return given


def skipped(shape: tuple[int, ...], rng: np.random.Generator) -> NDArray[np.bool_]:
    """True where no answer was given. shape: (respondents, items), which the result has."""
    rows, columns = shape
    missed = rng.random(shape, dtype=np.float32) < SKIPPED
    stops = np.flatnonzero(rng.random(rows) < STOPPED)
    last = rng.integers(1, columns, len(stops))
    missed[stops] |= np.arange(columns)[None, :] >= last[:, None]
    return missed


def construct_of_item(survey: Survey) -> NDArray[np.int64]:
    """For each item in the survey's order, the number of its construct."""
    sizes = [len(construct.items) for construct in survey.constructs]
    return np.repeat(np.arange(len(sizes)), sizes)


def correlation(
    loadings: tuple[Floats, Floats], cuts: tuple[Floats, Floats], rho: float, spread: float
) -> float:
    """The true scores' correlation among respondents whose latent values have the correlation rho.

    loadings, cuts: of the items of two constructs, mirrored if reversed, (items,) and (items,
    categories - 1). spread: standard deviation of the latent values, which have mean 0. A true
    score is what endlessly many answers of one respondent would average to: steps and ends of the
    scale make it a crooked function of the latent value, so this is a little nearer 0 than rho.
    """
    points, weight = hermegauss(40)
    weight = weight / weight.sum()
    one, other = points[:, None], rho * points[:, None] + sqrt(1 - rho**2) * points
    a, b = (
        _true_score(own, tips, spread * latent)
        for own, tips, latent in zip(loadings, cuts, (one, other), strict=True)
    )
    joint = np.outer(weight, weight)
    a, b = a - (joint * a).sum(), b - (joint * b).sum()
    shared, aa, bb = ((joint * each).sum() for each in (a * b, a * a, b * b))
    return float(shared / sqrt(aa * bb))


def _true_score(loadings: Floats, cuts: Floats, latent: Floats) -> Floats:
    """The sum of a construct's items' expected steps above the lowest, in the shape of latent."""
    above = np.vectorize(NormalDist().cdf)
    total = np.zeros(latent.shape)
    for loading, tips in zip(loadings, cuts, strict=True):
        for cut in tips:
            total += above((loading * latent - cut) / sqrt(1 - loading**2))
    return total
