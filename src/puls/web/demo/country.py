"""The demo country as a whole: its units, its people's truth, and everything made from them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from puls.analysis import synthetic
from puls.analysis.responding import Said
from puls.content.countries import load_population, load_units
from puls.content.definitions import Pack, Survey
from puls.units import UnitTree
from puls.web.demo import borders, children, places, quantities
from puls.web.demo.making import Making, making
from puls.web.demo.register_files import october

SEED = 2026
TODAY = october(2026)
"""The day whose units the demo's releases speak of."""
SURVEYED = range(2021, 2026)
OPEN = 2026
"""The school year whose round is left for the reader to import and seal."""
COUNTED = range(2018, 2026)
"""School years of the registers; the first two lie before the mergers of 2020."""
DEPENDS = {
    "student": [
        synthetic.Depends("feedback", "kostra_net_per_child", 0.12),
        synthetic.Depends("formative_assessment", "kostra_net_per_child", 0.12),
        synthetic.Depends("mastery_expectation", "kostra_net_per_child", 0.10),
        synthetic.Depends("creativity", "kostra_net_per_child", 0.08),
        synthetic.Depends("intrinsic_motivation", "kostra_share_6_15", -0.12),
        synthetic.Depends("intrinsic_motivation", "kostra_waiting_share", 0.10),
    ],
    "parent": [
        synthetic.Depends("empowerment", "kostra_net_per_child", 0.10),
        synthetic.Depends("dialogue_home", "kostra_net_per_child", 0.08),
        synthetic.Depends("intrinsic_motivation", "kostra_share_6_15", -0.12),
        synthetic.Depends("intrinsic_motivation", "kostra_waiting_share", 0.08),
    ],
}
"""What really follows a little from the municipality's figures, of the middle one of the surveyed
years: they change slowly. All else follows from none. Only culture schools' figures are made."""
LARGE = 80
"""Only in a school of so many pupils can a planted difference be seen."""


@dataclass(frozen=True)
class Country:
    """tree: all units, schools and departments included. heads: `places.headcounts`, or
    `children.headcounts` where it is not about culture schools. making: what the pack's demo says.

    truths: by key of the survey, what is known about its answers.
    off: by key of the survey, the schools of municipalities that were put off what their
        prerequisites lead one to expect.
    """

    tree: UnitTree
    places: places.Places
    heads: pl.DataFrame
    truths: dict[str, synthetic.Truth]
    off: dict[str, tuple[synthetic.Planted, ...]]
    seed: int
    making: Making


def make(pack: Pack, seed: int = SEED) -> Country:
    """Everything but the answers themselves. The same seed gives the same country."""
    base = load_units(pack.country.key)
    tier, what = pack.country.tenant_tier, making(pack)
    residents = _children(pack, base, what.ages)
    latest = dict(
        residents.filter(pl.col("period") == OPEN).select("municipality", "children").iter_rows()
    )
    days = [*(october(period) for period in SURVEYED), TODAY]
    made = places.make(base, tier, latest, days, seed, what)
    if what.counted == "culture_school":
        heads = places.headcounts(residents, places.partners(made), seed)
    else:
        heads = children.headcounts(residents, seed)
    tree = UnitTree([*base.units.values(), *made.units], [*base.changes, *made.changes])
    surveys = {key: pack.surveys[key, version] for key, version in sorted(pack.surveys)}
    schools = _schools(made.departments, heads, seed, what)
    truths, off = {}, {}
    for key, survey in surveys.items():
        off[key], truths[key] = _truth(survey, schools, seed, what)
    return Country(tree, made, heads, truths, off, seed, what)


def groups(country: Country, survey: str, period: int) -> pl.DataFrame:
    """Who is asked in a school year: leaf, school, asked, by the departments that existed then."""
    existing = country.places.on(october(period))
    pupils = country.heads.filter(pl.col("period") == period).select("municipality", "pupils")
    asked = pl.col("pupils") * pl.col("share") * country.making.asked.get(survey, 1.0)
    return (
        existing.join(pupils, on="municipality")
        .select(leaf="leaf_then", school="school", asked=asked.round().cast(pl.Int64))
        .sort("leaf", "school")
    )


def counts(country: Country, tier: str) -> Iterator[tuple[int, pl.DataFrame]]:
    """By school year, everything the registers count, by the units of that year, with sums."""
    for period in COUNTED:
        if country.making.counted == "culture_school":
            numbers = quantities.counted(
                country.heads, country.places.departments, period, country.seed
            )
        else:
            numbers = children.counted(country.heads, period, country.seed)
        then = borders.shares(country.tree, tier, october(period), TODAY, country.seed)
        yield period, borders.with_sums(borders.told(numbers, then), country.tree)


def _children(pack: Pack, tree: UnitTree, ages: str) -> pl.DataFrame:
    """municipality, period, children; from a year before the first count on."""
    codes = {
        unit.code: unit.key for unit in tree.at(TODAY) if unit.tier == pack.country.tenant_tier
    }
    population = load_population(pack.country.key)
    return population.filter(
        pl.col("year").is_between(COUNTED[0] - 1, OPEN) & pl.col("code").is_in(list(codes))
    ).select(
        municipality=pl.col("code").replace_strict(codes),
        period="year",
        children=pl.col(ages),
    )


def _schools(
    departments: pl.DataFrame, heads: pl.DataFrame, seed: int, what: Making
) -> pl.DataFrame:
    """A row a school: school, municipality, pupils now, and its municipality's key figures."""
    schools = departments.select("school", "municipality").unique(maintain_order=True)
    now = heads.filter(pl.col("period") == OPEN)
    size = (
        departments.join(now, on="municipality")
        .group_by("school")
        .agg(pupils=(pl.col("pupils") * pl.col("share")).sum())
    )
    schools = schools.join(size, on="school", maintain_order="left")
    if what.counted != "culture_school":
        return schools
    middle = SURVEYED[len(SURVEYED) // 2]
    counted = quantities.counted(heads, departments, middle, seed).rename({"municipality": "unit"})
    nobody = pl.repeat(False, counted.height, eager=True)  # is silent: true, reported or not
    figures = quantities.kostra(counted, nobody, middle, seed).select(
        municipality="unit",
        kostra_net_per_child="net",
        kostra_share_6_15="share",
        kostra_waiting_share="queue",
    )
    return schools.join(figures, on="municipality", how="left", maintain_order="left")


def _truth(
    survey: Survey, schools: pl.DataFrame, seed: int, what: Making
) -> tuple[tuple[synthetic.Planted, ...], synthetic.Truth]:
    """The municipalities that were put off what is expected, and everything that is true."""
    may = schools.filter((pl.col("pupils") >= LARGE) & (pl.col("school") != what.home))
    years = [*SURVEYED, OPEN]
    planted = synthetic.plant(survey, sorted(may["school"]), years[:-1], seed)
    depends = DEPENDS.get(survey.key, []) if what.counted == "culture_school" else []
    taken = [what.home, *(each.school for each in planted)]
    off = _off(survey, schools, sorted({each.construct for each in depends}), taken, seed)
    truth = synthetic.truth(
        survey,
        schools,
        years,
        seed,
        [*planted, *off, *what.planted.get(survey.key, ())],
        what.response.get(survey.key, 0.5),
        [
            Said(each.key, what.said[each.key], (0.0,) * len(each.options))
            for each in survey.background
            if each.key in what.said
        ],
        depends,
        what.usual.get(survey.key),
    )
    return off, truth


def _off(
    survey: Survey,
    schools: pl.DataFrame,
    constructs: Sequence[str],
    taken: Sequence[str],
    seed: int,
) -> tuple[synthetic.Planted, ...]:
    """A handful of municipalities, in all of whose schools a difference can be seen."""
    if not constructs:
        return ()
    unfit = schools.filter((pl.col("pupils") < LARGE) | pl.col("school").is_in(taken))[
        "municipality"
    ]
    fit = schools.filter(~pl.col("municipality").is_in(unfit.to_list()))
    return synthetic.plant_homes(survey, fit, constructs, SURVEYED[0], seed)
