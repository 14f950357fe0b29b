"""Made-up answers with known truth: who differs, who changed and by how much is returned beside.

The model, for respondent r in school s of municipality m, construct c and school year t, in
standard deviations of one construct between respondents:

    latent[r, c] = usual[c] + national[c, t] + municipality[m, c] + school[s, c, t]
                   + planted[s, c, t] + depends[m, c] + said[r] + sqrt(1 - between) * person[r, c]

`person` has one common factor, so that constructs go together among respondents; municipality and
school have one each as well, so that they go together among units, also those of two surveys that
the same schools are asked. `usual` is where the whole country lies, 0 unless said. `depends` is
what follows from prerequisites of the municipality, `said` what those who gave one answer to a
background question differ by. How a form is filled in stands in `puls.analysis.responding`. Nothing
here reads a clock: the same seed gives the same answers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import erf, sqrt
from zlib import crc32

import numpy as np
import polars as pl
from numpy.typing import NDArray

from puls.analysis import responding
from puls.analysis.responding import Floats, Said
from puls.content.definitions import Survey

BETWEEN_SCHOOLS = 0.050
"""Share of latent variance between schools; about .04 is left of it in scores with noisy items."""
BETWEEN_MUNICIPALITIES = 0.0125
LASTING = 0.9
"""Share of a school's own variance that stays from year to year; the rest is that year's."""
NATIONAL_STEP = 0.02
TOGETHER = (0.5, 0.8)
"""Between which bounds a construct's share in what is common to all of a unit's constructs lies."""


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


@dataclass(frozen=True, slots=True)
class Depends:
    """What a construct owes to a prerequisite of the municipality.

    per_spread: the difference for one standard deviation of the prerequisite between
        municipalities, in standard deviations between respondents.
    """

    construct: str
    prerequisite: str
    per_spread: float


@dataclass(frozen=True)
class Truth:
    """What is known about made-up answers to one survey, because it was put in.

    shift: float, (school, construct, period): everything that lifts or lowers a school's
        respondents, in standard deviations between respondents.
    loading: float, (item,): how much of an item is its construct.
    cuts: float, (item, categories - 1): where the latent value tips into the next category.
    common: float, (construct,): how much of a person's answers is common to all constructs.
    response: float, (school, period): the share of those asked who answer; 0 = did not take part.
    said: one for each background question of the survey.
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
    said: tuple[Said, ...] = ()

    def expected(
        self, school: str, period: int, told: Mapping[str, int] | None = None
    ) -> dict[str, float]:
        """The true mean score per construct: what endlessly many answers would average to.

        In points of the survey's scale, reversed items mirrored back, nothing skipped. told: the
        number of an option by background question, for the mean of those who said it.
        """
        place = self.schools.index(school), slice(None), self.periods.index(period)
        parts = list(responding.lifts(self.said, dict(told or {})))
        item_of = responding.construct_of_item(self.survey)
        spread = sqrt(1 - BETWEEN_SCHOOLS - BETWEEN_MUNICIPALITIES)
        means: dict[str, float] = {}
        for number, construct in enumerate(self.survey.constructs):
            shift = float(self.shift[place][number])
            items = np.flatnonzero(item_of == number)
            total = 0.0
            for item in items:
                loading = float(self.loading[item])
                noise = sqrt((loading * spread) ** 2 + 1 - loading**2)
                for share, lift in parts:
                    lifted = loading * (shift + lift)
                    above = (_above((cut - lifted) / noise) for cut in self.cuts[item])
                    total += share * (self.survey.scale.low + sum(above))
            means[construct.key] = total / len(items)
        return means


def truth(
    survey: Survey,
    schools: pl.DataFrame,
    periods: Sequence[int],
    seed: int,
    planted: Sequence[Planted] = (),
    response: float = 0.5,
    said: Sequence[Said] = (),
    depends: Sequence[Depends] = (),
    usual: Mapping[str, float] | None = None,
) -> Truth:
    """Draw the true state of a country for one survey.

    schools: one row a school, columns `school`, `municipality`, and one a prerequisite that
        something depends on; a municipality without its figure (null) lies where the mean does.
    periods: school years, rising.
    planted, depends: KeyError for a school or construct that is not there.
    response: the mean share of those asked who answer, above 0 and below 1; schools vary around
        it and a few do not take part in a year.
    said: by background question; those left out get equal shares and no differences.
    usual: by construct, what all answers of the country lie above what is drawn, in standard
        deviations between respondents; KeyError for a construct that is not there.
    """
    keys = tuple(schools["school"])
    constructs, years = len(survey.constructs), len(periods)
    rng = rng_for(seed, survey.key, "truth")
    _, home = np.unique(schools["municipality"].to_numpy(), return_inverse=True)
    municipality = rng.normal(0, sqrt(BETWEEN_MUNICIPALITIES), (home.max() + 1, constructs))
    own = rng.normal(0, sqrt(BETWEEN_SCHOOLS * LASTING), (len(keys), constructs, 1))
    yearly = rng.normal(0, sqrt(BETWEEN_SCHOOLS * (1 - LASTING)), (len(keys), constructs, years))
    national = np.cumsum(rng.normal(0, NATIONAL_STEP, (constructs, years)), axis=1)
    if constructs > 1:
        together = rng_for(seed, survey.key, "together").uniform(*TOGETHER, constructs)
        # Drawn without the survey's key: students and parents speak of the same school.
        shared = rng_for(seed, "together")
        municipality = _with_common(municipality, shared, BETWEEN_MUNICIPALITIES, together)
        lasting = _with_common(own[:, :, 0], shared, BETWEEN_SCHOOLS * LASTING, together)
        own = lasting[:, :, None]
    shift = national + municipality[home][:, :, None] + own + yearly
    row = {key: number for number, key in enumerate(keys)}
    column = {construct.key: number for number, construct in enumerate(survey.constructs)}
    for construct, lift in (usual or {}).items():
        shift[:, column[construct]] += lift
    for each in depends:
        spreads = _in_spreads(schools, each.prerequisite)[:, None]
        shift[:, column[each.construct]] += each.per_spread * spreads
    for plant in planted:
        since = np.asarray(periods) >= plant.since
        shift[row[plant.school], column[plant.construct], since] += plant.shift
    taking_part = rng.random((len(keys), years)) > 0.03
    shares = rng.beta(6 * response, 6 * (1 - response), (len(keys), years))
    loading, cuts = responding.items(survey, rng)
    by_question = {each.question: each for each in (*responding.equally(survey), *said)}
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
        said=tuple(by_question[each.key] for each in survey.background),
    )


def answers(known: Truth, period: int, groups: pl.DataFrame, seed: int) -> pl.DataFrame:
    """One year's answers of a country to one survey.

    groups: one row a leaf group, columns `leaf`, `school` and `asked` (how many were invited).
    Returns a row a respondent in the order of groups: `leaf`; a nullable Int8 column for each
    background question, its option's number from 1, null where it was not said; and one for each
    item with the answer as given, null where it was skipped.
    """
    survey = known.survey
    rng = rng_for(seed, survey.key, str(period))
    year = known.periods.index(period)
    row = {key: number for number, key in enumerate(known.schools)}
    school = np.array([row[key] for key in groups["school"]], dtype=np.int64)
    came = rng.binomial(groups["asked"].to_numpy(), known.response[school, year])
    group = np.repeat(np.arange(len(groups)), came)
    shift = known.shift[school[group], :, year]
    # Randomness of its own: a question more changes no answer to another.
    people = rng_for(seed, survey.key, str(period), "background")
    options = {each.question: responding.who(each, len(group), people) for each in known.said}
    for each in known.said:
        if any(each.lifts):
            shift = shift + np.array([0.0, *each.lifts])[options[each.question]][:, None]
    latent = _latent(known, shift, rng)
    given = responding.answered(survey, known.loading, known.cuts, latent, rng)
    given[responding.skipped(given.shape, rng)] = survey.scale.low - 1
    items = {item.key: given[:, number] for number, item in enumerate(survey.items)}
    first = dict.fromkeys(options, 1) | dict.fromkeys(items, survey.scale.low)
    leaf = groups["leaf"].gather(group)
    return pl.DataFrame({"leaf": leaf, **options, **items}).with_columns(
        pl.when(pl.col(key) >= lowest).then(pl.col(key)).alias(key) for key, lowest in first.items()
    )


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


def plant_homes(
    survey: Survey,
    schools: pl.DataFrame,
    constructs: Sequence[str],
    since: int,
    seed: int,
    count: int = 6,
    shift: float = 0.8,
) -> tuple[Planted, ...]:
    """Choose municipalities that lie off what their prerequisites would lead one to expect.

    Every other one is lifted, the others lowered, each in one of the constructs, in all of its
    schools and all years. schools: `school`, `municipality`, of those that may be chosen.
    """
    rng = rng_for(seed, survey.key, "homes")
    homes = schools["municipality"].unique().sort().to_numpy()
    found: list[Planted] = []
    for number, home in enumerate(rng.choice(homes, size=min(count, len(homes)), replace=False)):
        construct = str(rng.choice(np.asarray(constructs)))
        theirs = schools.filter(pl.col("municipality") == str(home))["school"].sort()
        sign = 1 if number % 2 else -1
        found += [Planted(school, construct, since, sign * shift) for school in theirs]
    return tuple(found)


def _with_common(
    own: Floats, rng: np.random.Generator, variance: float, together: Floats
) -> Floats:
    """Units by constructs: the same variance, part of which is common to a unit's constructs."""
    common = rng.normal(0, sqrt(variance), (len(own), 1))
    return together * common + np.sqrt(1 - together**2) * own


def _in_spreads(schools: pl.DataFrame, prerequisite: str) -> Floats:
    """A prerequisite of each school's municipality, in standard deviations off the mean of all."""
    figures: Floats = schools[prerequisite].cast(pl.Float64).fill_null(np.nan).to_numpy()
    _, first = np.unique(schools["municipality"].to_numpy(), return_index=True)
    mean, spread = np.nanmean(figures[first]), np.nanstd(figures[first])
    scaled: Floats = np.nan_to_num((figures - mean) / spread)
    return scaled


def _latent(known: Truth, shift: Floats, rng: np.random.Generator) -> NDArray[np.float32]:
    """Respondents by constructs: one common factor, one of its own each, and the school's shift."""
    rows, constructs = shift.shape
    within = sqrt(1 - BETWEEN_SCHOOLS - BETWEEN_MUNICIPALITIES)
    shared = rng.standard_normal((rows, 1), dtype=np.float32)
    apart = rng.standard_normal((rows, constructs), dtype=np.float32)
    common = known.common.astype(np.float32)
    person = shared * common + apart * np.sqrt(1 - common**2)
    return (shift + within * person).astype(np.float32)


def _above(value: float) -> float:
    """The share of a standard normal above the value."""
    return (1 - erf(value / sqrt(2))) / 2


def rng_for(seed: int, *words: str) -> np.random.Generator:
    """Randomness of its own for a purpose, so that one year can be made without the others."""
    return np.random.default_rng([seed, *(crc32(word.encode()) for word in words)])
