"""Made-up answers with known truth: who differs, who changed and by how much is returned beside.

The model, for respondent r in school s of municipality m, construct c and school year t, in
standard deviations of one construct between respondents:

    latent[r, c] = national[c, t] + municipality[m, c] + school[s, c, t] + planted[s, c, t]
                   + sqrt(1 - between) * person[r, c]

`person` has one common factor, so that constructs go together. Each item is the latent value
seen through its loading plus noise of its own, cut into the survey's categories; a reversed item
is stored as it was answered, that is mirrored. Some items are skipped, some respondents stop
half-way. Nothing here reads a clock: the same seed gives the same answers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb, erf, sqrt
from statistics import NormalDist
from typing import TypeAlias
from zlib import crc32

import numpy as np
import polars as pl
from numpy.typing import NDArray

from puls.content.definitions import Survey

Floats: TypeAlias = NDArray[np.float64]

BETWEEN_SCHOOLS = 0.050
"""Share of latent variance between schools; about .04 is left of it in scores with noisy items."""
BETWEEN_MUNICIPALITIES = 0.0125
LASTING = 0.9
"""Share of a school's own variance that stays from year to year; the rest is that year's."""
NATIONAL_STEP = 0.02
SKIPPED, STOPPED = 0.036, 0.028
"""Together about 5 % of items unanswered: single ones, and the rest after stopping half-way."""


@dataclass(frozen=True, slots=True)
class Planted:
    """A real difference put into one school's construct, from a school year on.

    shift: in standard deviations between respondents; 0.5 is about 0.4 points on a 1 to 5 scale.
    since: the first school year it holds; the first year of all is a difference, not a change.
    """

    school: str
    construct: str
    since: int
    shift: float


@dataclass(frozen=True)
class Truth:
    """What is known about made-up answers to one survey, because it was put in.

    shift: float, (school, construct, period): everything that lifts or lowers a school's
        respondents, in standard deviations between respondents.
    loading: float, (item,): how much of an item is its construct.
    cuts: float, (item, categories - 1): where the latent value tips into the next category.
    response: float, (school, period): the share of those asked who answer; 0 = did not take part.
    """

    survey: Survey
    schools: tuple[str, ...]
    periods: tuple[int, ...]
    shift: Floats
    loading: Floats
    cuts: Floats
    common: Floats
    response: Floats
    planted: tuple[Planted, ...]

    def expected(self, school: str, period: int) -> dict[str, float]:
        """The true mean score per construct: what endlessly many answers would average to.

        In points of the survey's scale, reversed items mirrored back, nothing skipped.
        """
        place = self.schools.index(school), slice(None), self.periods.index(period)
        item_of = _construct_of_item(self.survey)
        spread = sqrt(1 - BETWEEN_SCHOOLS - BETWEEN_MUNICIPALITIES)
        means: dict[str, float] = {}
        for number, construct in enumerate(self.survey.constructs):
            lifted = float(self.shift[place][number])
            items = np.flatnonzero(item_of == number)
            total = 0.0
            for item in items:
                loading = float(self.loading[item])
                noise = sqrt((loading * spread) ** 2 + 1 - loading**2)
                above = (_above((cut - loading * lifted) / noise) for cut in self.cuts[item])
                total += self.survey.scale.low + sum(above)
            means[construct.key] = total / len(items)
        return means


def truth(
    survey: Survey,
    schools: pl.DataFrame,
    periods: Sequence[int],
    seed: int,
    planted: Sequence[Planted] = (),
    response: float = 0.5,
) -> Truth:
    """Draw the true state of a country for one survey.

    schools: one row a school, columns `school`, `municipality`.
    response: the mean share of those asked who answer; schools vary around it and a few
        do not take part in a year.
    """
    keys = tuple(schools["school"])
    constructs, years = len(survey.constructs), len(periods)
    rng = rng_for(seed, survey.key, "truth")
    _, home = np.unique(schools["municipality"].to_numpy(), return_inverse=True)
    municipality = rng.normal(0, sqrt(BETWEEN_MUNICIPALITIES), (home.max() + 1, constructs))
    own = rng.normal(0, sqrt(BETWEEN_SCHOOLS * LASTING), (len(keys), constructs, 1))
    yearly = rng.normal(0, sqrt(BETWEEN_SCHOOLS * (1 - LASTING)), (len(keys), constructs, years))
    national = np.cumsum(rng.normal(0, NATIONAL_STEP, (constructs, years)), axis=1)
    shift = national + municipality[home][:, :, None] + own + yearly
    row = {key: number for number, key in enumerate(keys)}
    column = {construct.key: number for number, construct in enumerate(survey.constructs)}
    for plant in planted:
        since = np.asarray(periods) >= plant.since
        shift[row[plant.school], column[plant.construct], since] += plant.shift
    taking_part = rng.random((len(keys), years)) > 0.03
    shares = rng.beta(6 * response, 6 * (1 - response), (len(keys), years))
    loading, cuts = _items(survey, rng)
    return Truth(
        survey=survey,
        schools=keys,
        periods=tuple(periods),
        shift=shift,
        loading=loading,
        cuts=cuts,
        common=rng.uniform(0.5, 0.75, constructs),
        response=shares * taking_part,
        planted=tuple(planted),
    )


def answers(known: Truth, period: int, groups: pl.DataFrame, seed: int) -> pl.DataFrame:
    """One year's answers of a country to one survey.

    groups: one row a leaf group, columns `leaf`, `school` and `asked` (how many were invited).
    Returns a row a respondent in the order of groups: `leaf`, and one nullable Int8 column an
    item with the answer as given, null where it was skipped.
    """
    survey = known.survey
    rng = rng_for(seed, survey.key, str(period))
    year = known.periods.index(period)
    row = {key: number for number, key in enumerate(known.schools)}
    school = np.array([row[key] for key in groups["school"]], dtype=np.int64)
    responding = rng.binomial(groups["asked"].to_numpy(), known.response[school, year])
    group = np.repeat(np.arange(len(groups)), responding)
    latent = _latent(known, known.shift[school[group], :, year], rng)
    given = _answered(known, latent, rng)
    given[_skipped(given.shape, rng)] = survey.scale.low - 1
    columns = {item.key: given[:, number] for number, item in enumerate(survey.items)}
    answered = [
        pl.when(pl.col(key) >= survey.scale.low).then(pl.col(key)).alias(key) for key in columns
    ]
    leaf = groups["leaf"].gather(group)
    return pl.DataFrame({"leaf": leaf, **columns}).with_columns(answered)


def plant(
    survey: Survey,
    schools: Sequence[str],
    periods: Sequence[int],
    seed: int,
    each: int = 12,
    shift: float = 0.6,
) -> tuple[Planted, ...]:
    """Choose schools that really differ (`each` of them) and others that really change.

    Half of either kind is lifted, half lowered, in one construct each; a change comes in one of
    the later years. schools: only those large enough for it to be seen should be offered.
    """
    rng = rng_for(seed, survey.key, "planted")
    chosen = rng.choice(np.asarray(schools), size=min(2 * each, len(schools)), replace=False)
    constructs = [construct.key for construct in survey.constructs]
    found: list[Planted] = []
    for number, school in enumerate(chosen):
        changes = number >= each
        since = int(rng.choice(periods[2:])) if changes and len(periods) > 2 else periods[0]
        sign = 1 if number % 2 else -1
        found.append(Planted(str(school), str(rng.choice(constructs)), since, sign * shift))
    return tuple(found)


def _latent(known: Truth, shift: Floats, rng: np.random.Generator) -> NDArray[np.float32]:
    """Respondents by constructs: one common factor, one of its own each, and the school's shift."""
    rows, constructs = shift.shape
    within = sqrt(1 - BETWEEN_SCHOOLS - BETWEEN_MUNICIPALITIES)
    shared = rng.standard_normal((rows, 1), dtype=np.float32)
    apart = rng.standard_normal((rows, constructs), dtype=np.float32)
    common = known.common.astype(np.float32)
    person = shared * common + apart * np.sqrt(1 - common**2)
    return (shift + within * person).astype(np.float32)


def _answered(
    known: Truth, latent: NDArray[np.float32], rng: np.random.Generator
) -> NDArray[np.int8]:
    """Respondents by items, as ticked on the form: reversed items mirrored."""
    survey = known.survey
    given = np.empty((len(latent), len(survey.items)), dtype=np.int8)
    low, high = survey.scale.low, survey.scale.high
    for number, construct in enumerate(_construct_of_item(survey)):
        loading = float(known.loading[number])
        seen = latent[:, construct] * np.float32(loading)
        seen += rng.standard_normal(len(latent), dtype=np.float32) * np.float32(
            sqrt(1 - loading**2)
        )
        answer = np.full(len(latent), low, dtype=np.int8)
        for cut in known.cuts[number]:
            answer += seen > np.float32(cut)
        given[:, number] = low + high - answer if survey.items[number].reversed else answer
    return given


def _skipped(shape: tuple[int, ...], rng: np.random.Generator) -> NDArray[np.bool_]:
    """True where no answer was given."""
    rows, items = shape
    missed = rng.random(shape, dtype=np.float32) < SKIPPED
    stops = np.flatnonzero(rng.random(rows) < STOPPED)
    last = rng.integers(1, items, len(stops))
    missed[stops] |= np.arange(items)[None, :] >= last[:, None]
    return missed


def _items(survey: Survey, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Loadings and cuts. Constructs differ in how well liked they are, their items a little.

    Category shares follow a binomial, which gives most answers to the upper middle, as school
    surveys do, whatever the number of categories.
    """
    steps = survey.scale.high - survey.scale.low
    liked = rng.uniform(0.58, 0.8, len(survey.constructs))
    loading = rng.uniform(0.68, 0.84, len(survey.items))
    cuts = np.empty((len(survey.items), steps))
    normal = NormalDist()
    for number, construct in enumerate(_construct_of_item(survey)):
        share = float(np.clip(liked[construct] + rng.uniform(-0.04, 0.04), 0.05, 0.95))
        below = 0.0
        for step in range(steps):
            below += comb(steps, step) * share**step * (1 - share) ** (steps - step)
            cuts[number, step] = normal.inv_cdf(below)
    return loading, cuts


def _construct_of_item(survey: Survey) -> NDArray[np.int64]:
    """For each item in the survey's order, the number of its construct."""
    sizes = [len(construct.items) for construct in survey.constructs]
    return np.repeat(np.arange(len(sizes)), sizes)


def _above(value: float) -> float:
    """The share of a standard normal above the value."""
    return (1 - erf(value / sqrt(2))) / 2


def rng_for(seed: int, *words: str) -> np.random.Generator:
    """Randomness of its own for a purpose, so that one year can be made without the others."""
    return np.random.default_rng([seed, *(crc32(word.encode()) for word in words)])
