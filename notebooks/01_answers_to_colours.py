# %% [markdown]
# # From answers to colours
#
# What Puls does with answers, step by step, for a statistician: what is counted, how far it can be
# trusted, what may be shown, and when a colour or a mark is earned. The answers are made up by a
# generator whose truth is known, so that every section can end with a check against that truth or
# against a plain computation. `docs/method.md` has the formulas and their sources.
#
# Everything used here is the library (`puls.analysis`), with the questions and words of a pack:
# tables in, tables out; no web, no database. Run it as a script, or open it as a notebook. Here
# everything is printed, small groups too: what others may see is what sections 5, 11 and 12 let
# through.

# %%
import tempfile
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path

import numpy as np
import polars as pl

from puls.analysis import (
    admitting,
    associations,
    attenuation,
    expectation,
    exposure,
    findings,
    ledger,
    membership,
    release,
    reliability,
    responding,
    scoring,
    shown_groups,
    suppression,
    synthetic,
    trends,
)
from puls.analysis.condensing import condense
from puls.analysis.exposure import Answers
from puls.analysis.overview import overview
from puls.analysis.partition import Group
from puls.analysis.pooled import pooled
from puls.cells import Mark, ReleasedCell, Status
from puls.content.loading import load_pack
from puls.units import Unit, UnitTree
from puls.views.reasons import reason

SEED, YEARS, DAY = 9, (2023, 2024, 2025), date(2026, 6, 1)


def show(title: str, rows: Sequence[dict[str, object]] | pl.DataFrame) -> None:
    """Print a small table."""
    frame = rows if isinstance(rows, pl.DataFrame) else pl.DataFrame(rows)
    print(f"\n{title}")
    with pl.Config(
        tbl_formatting="NOTHING",
        tbl_hide_dataframe_shape=True,
        tbl_hide_column_data_types=True,
        tbl_rows=20,
        tbl_cols=12,
        tbl_width_chars=110,
        fmt_str_lengths=60,
        float_precision=3,
    ):
        print(frame)


# %% [markdown]
# ## 1. A made-up country
#
# Six counties, sixty municipalities with one to three schools, two departments a school. Each
# department is a *leaf*: an answer belongs to exactly one. Twelve schools really differ in one
# theme and twelve really change; which ones is kept apart, for the end.

# %%
pack = load_pack("kulturskole")
survey = pack.surveys["student", 1]
weights = {tier.key: tier.weight for tier in pack.country.tiers}

units = [Unit("no", "country", "The country", None)]
for county in range(6):
    units.append(Unit(f"c{county}", "county", f"County {county}", "no"))
    for number in range(10):
        town = f"c{county}m{number}"
        units.append(Unit(town, "municipality", town, f"c{county}"))
        for school in (f"{town}s{place}" for place in range(1 + number % 3)):
            units.append(Unit(school, "school", school, town))
            units += (
                Unit(f"{school}.{subject}", "department", subject, school)
                for subject in ("music", "theatre")
            )
tree = UnitTree(units)
leaves = [unit for unit in units if unit.tier == "department"]
rng = np.random.default_rng(SEED)
asked = pl.DataFrame(
    {
        "leaf": [leaf.key for leaf in leaves],
        "school": [leaf.parent for leaf in leaves],
        "municipality": [tree.lineage(leaf.key)[2] for leaf in leaves],
        "asked": np.maximum(4, rng.lognormal(4.0, 0.9, len(leaves)).astype(np.int64)),
    }
)
schools = asked.group_by("school", "municipality").agg(pl.col("asked").sum()).sort("school")
large = schools.filter(pl.col("asked") > 150)["school"].to_list()
planted = synthetic.plant(survey, large, YEARS, SEED)
truth = synthetic.truth(survey, schools, YEARS, SEED, planted)
answers = {year: synthetic.answers(truth, year, asked, SEED) for year in YEARS}
constructs = [each.key for each in survey.constructs]
real = {school: truth.expected(school, 2025) for school in schools["school"]}

now = answers[2025]
show("Three of the respondents", now.select("leaf", pl.col("^wellbeing_.*$")).head(3))
items = now.select(item.key for item in survey.items)
skipped = items.null_count().sum_horizontal().item() / (items.height * items.width)
print(f"{now.height} respondents in 2025, {skipped:.1%} of the questions not answered")
assert now.equals(synthetic.answers(truth, 2025, asked, SEED)), "one seed, one country"
assert 0.04 < skipped < 0.06, "the generator skips about one question in twenty"

# %% [markdown]
# ## 2. Scores
#
# A respondent's score in a theme is the mean of the answered items, reverse-worded ones mirrored,
# if at least half are answered. Scores are whole sixtieths of a point: 60 divides by 1 to 6 items,
# so sums are exact, in any order and on every engine.

# %%
theme = next(each for each in survey.constructs if each.key == "wellbeing")
three = pl.DataFrame(
    {
        "leaf": ["c0m0s0.music"] * 3,
        **{item.key: pl.Series([None, None, None], dtype=pl.Int8) for item in survey.items},
        "wellbeing_1": [5, 4, 2],
        "wellbeing_2": [4, 4, None],
        "wellbeing_3": [5, None, None],
        "wellbeing_4": [1, None, None],
    }
)
of_three = scoring.tally_answers(three.lazy(), survey).filter(pl.col("construct") == "wellbeing")
show("Tally of (5 4 5 1), (4 4 - -), (2 - - -); the fourth item is reversed", of_three)
assert [item.reversed for item in theme.items] == [False, False, False, True]
assert of_three.select("answered", "total").rows() == [(1, 2), (2, 8), (4, 19)]
assert Fraction(19, 4) * 60 == 285, "the first one's score is 4.75, or 285 sixtieths"

# %% [markdown]
# ## 3. Tallies
#
# A closed round is sealed as one Parquet file. One pass over it counts the respondents of each leaf
# by (items answered, sum). From then on everything is addition: a municipality is the sum of its
# departments, never a mean of means, and the answers are not read again.

# %%
tallies, by_sex = {}, {}
with tempfile.TemporaryDirectory() as folder:
    for year in YEARS:
        sealed = Path(folder) / f"student-{year}.parquet"
        answers[year].sample(fraction=1, shuffle=True, seed=year).write_parquet(sealed)
        tallies[year] = scoring.tally_round(scoring.read_sealed(sealed), survey)
        by_sex[year] = scoring.tally_parts(scoring.read_sealed(sealed), survey, "sex")
counted = tallies[2025]
field = pooled(survey, counted.answers, tree, DAY, tuple(weights))
every = field.every["wellbeing"]
places = ("no", "c1", "c1m2", "c1m2s0", "c1m2s0.music")
show("Well-being", [{"unit": u, "n": every[u].n, "mean": every[u].mean} for u in places])


def score(frame: pl.DataFrame, construct: str) -> pl.DataFrame:
    """Leaf and score in points of every respondent, by the plainest way there is."""
    items = next(each for each in survey.constructs if each.key == construct).items
    both = survey.scale.low + survey.scale.high
    given = [both - pl.col(i.key) if i.reversed else pl.col(i.key) for i in items]
    answered = pl.sum_horizontal(each.is_not_null() for each in given)
    return frame.select("leaf", score=pl.mean_horizontal(given), answered=answered).filter(
        2 * pl.col("answered") >= len(items)
    )


plain = score(now, "wellbeing")["score"]
assert every["no"].n == len(plain), "everybody with half the items is counted once"
assert abs(every["no"].mean - plain.mean()) < 1e-12, "the country's mean is that of its people"
assert every["c1m2"].total60 == sum(
    every[unit.key].total60 for unit in units if unit.parent == "c1m2" and unit.key in every
), "a municipality is the sum of its schools"

# %% [markdown]
# `overview` gives all figures of all units at once, from sums of which there are as many however
# many answered. It is for a look at a whole country, as here, and for nobody else: of what was
# released before it knows nothing, and its interval is that of a random sample. What others see
# begins in section 5.

# %%
sums = condense(scoring.count_round(now.lazy(), survey), survey)
above_each = {unit.key: unit.parent for unit in units}
whole_country = overview(sums, survey, above_each, pack.thresholds.signed_in)
of_wellbeing = whole_country.filter(construct="wellbeing", shown=True)
show("All at once", of_wellbeing.filter(pl.col("unit").is_in(places)).drop("construct", "shown"))
of_no = of_wellbeing.row(by_predicate=pl.col("unit") == "no", named=True)
assert of_no["n"] == every["no"].n, "the same people are counted"
assert abs(of_no["mean"] - every["no"].mean) < 1e-12, "and their mean is the same"

# %% [markdown]
# ## 4. How far a score can be trusted
#
# Alpha says how well the items of a theme go together, omega the same where items are unlike, and
# an item's correlation with the rest whether it belongs. All come from sums over pairs of items,
# which add up like everything else.

# %%
home, above = dict.fromkeys((leaf.key for leaf in leaves), "everybody"), {"everybody": None}
together = reliability.by_unit(counted, survey, home, above)
show("Reliability of a respondent's score", together.drop("unit", "bounded", "answered"))
of_items = reliability.items_by_unit(counted, survey, home, above).filter(construct="wellbeing")
show("Items of well-being", of_items.drop("unit", "construct"))

given = [6 - now[each.key] if each.reversed else now[each.key] for each in theme.items]
covariance = np.empty((len(given), len(given)))
for a, b in np.ndindex(covariance.shape):
    both = pl.DataFrame({"a": given[a], "b": given[b]}).drop_nulls().cast(pl.Float64)
    covariance[a, b] = np.cov(both["a"], both["b"])[0, 1]
own, whole = np.trace(covariance), covariance.sum()
with_rest = covariance.sum(axis=1) - covariance.diagonal()
rest = whole - covariance.diagonal() - 2 * with_rest
alpha, omega = together.filter(construct="wellbeing").select("alpha", "omega").row(0)
assert abs(alpha - 4 / 3 * (1 - own / whole)) < 1e-12, "alpha from tallies is that from answers"
item_rest = with_rest / np.sqrt(covariance.diagonal() * rest)
assert np.abs(of_items["item_rest"] - item_rest).max() < 1e-12, "and so is each item's"
assert alpha <= omega + 0.001, "omega is at least alpha where one factor is behind the items"

# %% [markdown]
# ICC(1) says how much of the differences between single answers lies between schools. It is always
# small, which is why a small school's mean is noisy: of n answers, n ICC / (1 + (n - 1) ICC) of the
# differences between means are real.

# %%
iccs, wrong = {}, []
for name, of_units in field.every.items():
    of_schools = {school: of_units[school] for school in real if school in of_units}
    sums = zip(*((m.n, m.total60, m.total60_sq) for m in of_schools.values()), strict=True)
    iccs[name] = reliability.icc1(*sums)
    differ = np.var([means[name] for means in real.values()])
    wrong += [
        (moments.n, (moments.mean - real[school][name]) ** 2, differ, iccs[name])
        for school, moments in of_schools.items()
    ]
icc = iccs["wellbeing"]
print(f"\nICC(1) of schools in well-being {icc:.3f}: from", end=" ")
print(
    f"{reliability.answers_needed(icc, 0.5)} answers on half of what differs between means is real"
)
of_means = (
    pl.DataFrame(wrong, schema=["n", "error", "differ", "icc"], orient="row")
    .filter(pl.col("n") >= 15)
    .with_columns(
        promised=pl.col("n") * pl.col("icc") / (1 + (pl.col("n") - 1) * pl.col("icc")),
        answers=pl.when(pl.col("n") < 40).then(15).when(pl.col("n") < 100).then(40).otherwise(100),
    )
    .group_by(pl.col("answers").alias("answers from"))
    .agg(
        means=pl.len(),
        promised=pl.col("promised").mean(),
        real=pl.col("differ").mean() / (pl.col("differ").mean() + pl.col("error").mean()),
    )
    .sort("answers from")
)
show("Share of the differences between schools' means that is real", of_means)
gap = (of_means["promised"] - of_means["real"]).abs().max()
assert gap < 0.08, "a mean is as reliable as its number of answers says"

# %% [markdown]
# ## 5. What may be shown
#
# Whoever sees a school and all its departments but one can subtract. So hiding small cells is not
# enough, and neither is hiding two in each family. On a tree the groups that can be isolated are
# the *residuals*: a shown unit less the shown units below it. Each must hold nobody or at least k =
# 5, must not all have answered alike, and must leave doubt about each answer. `choose` finds the
# set that shows most among all sets for which that is so; `audit` checks any set, whoever made it.
# (A second auditor, in the tests, knows nothing of trees and searches with an integer programme.)

# %%
k, narrow60 = pack.thresholds.signed_in, exposure.quarter60(survey.scale)
low60, high60 = exposure.ends60(survey.scale)
nodes = []
for unit, parent in field.parents.items():
    own = field.own["wellbeing"].get(unit)
    sums = Answers(0)
    if own is not None:
        scores = own.n, own.total60, own.min60, own.max60
        sums = Answers.of_scores(*scores, low60=low60, high60=high60)
    nodes.append(suppression.Node(unit, parent, sums, weights[tree[unit].tier]))
naive = {unit for unit, moments in every.items() if moments.n >= k}
best = suppression.choose(nodes, k, narrow60)
leaks = suppression.audit(nodes, naive, k, narrow60)
show(
    "Units shown, and groups that can then be isolated",
    [
        {"rule": "hide fewer than 5", "shown": len(naive), "isolable": len(leaks)},
        {
            "rule": "the best safe set",
            "shown": len(best),
            "isolable": len(suppression.audit(nodes, best, k, narrow60)),
        },
    ],
)
leak = next(each for each in leaks if each.n < k and each.owner != "no")
inside = sorted(unit for unit in naive if tree[unit].parent == leak.owner)
print(
    f"For instance {leak.owner} ({every[leak.owner].n} answers) less {', '.join(inside)} "
    f"({sum(every[unit].n for unit in inside)}) leaves {leak.n}: {', '.join(leak.members)}."
)
assert leaks, "hiding small cells alone gives small groups away, and the auditor finds them"
assert not suppression.audit(nodes, best, k, narrow60), "the best safe set gives nobody away"
assert every[leak.owner].n - sum(every[unit].n for unit in inside) == leak.n, "by subtraction"

cells = release.survey_cells(survey, 2025, counted.answers, tree, DAY, pack.indicators, k, weights)
wellbeing = {cell.unit: cell for cell in cells if cell.indicator == "student_wellbeing"}
statuses = pl.Series("status", [str(cell.status) for cell in wellbeing.values()])
show("The release's cells of well-being", statuses.value_counts(sort=True))
assert {u for u, cell in wellbeing.items() if cell.status is Status.SHOWN} == best, "one rule"

# %% [markdown]
# ## 6. Estimates
#
# The raw mean is shown. Its interval is for the unit's *practice*: what endlessly many answers
# would say. A unit's mean is weighed against what the shown units above it say without it, by how
# much units of each tier differ in the whole country. That is learnt from whole shown cells alone,
# so that it says nothing of hidden groups: departments where they are shown, else their school.


# %%
def line(low: float, value: float, high: float, width: int = 40) -> str:
    """An interval between 1 and 5 as text, its value as o."""
    at = [round((x - 1) / 4 * (width - 1)) for x in (low, value, high)]
    drawn = ["-" if at[0] <= place <= at[2] else "." for place in range(width)]
    drawn[at[1]] = "o"
    return "".join(drawn)


variances = release.national_variances(
    survey, counted.answers, tree, DAY, weights, cells, pack.indicators, 2025
)
spread = pl.DataFrame(
    {
        "theme": constructs,
        "within a leaf": [variances[key].sigma2 for key in constructs],
        "municipalities": [variances[key].tau2[2] for key in constructs],
        "schools": [variances[key].tau2[3] for key in constructs],
        "schools, truth": [np.var([means[key] for means in real.values()]) for key in constructs],
    }
).with_columns(estimated=pl.col("municipalities") + pl.col("schools"))
show("Variances, square points", spread)
shown = [
    (cell, real[cell.unit][pack.indicators[cell.indicator].source.construct])
    for cell in cells
    if cell.unit in real and cell.status is Status.SHOWN
]
for cell in [wellbeing[unit] for unit in ("c1", "c1m2", "c1m2s0", "c1m2s1", "c1m2s2")]:
    print(f"{cell.unit:8} n {cell.n:5}  {line(cell.low, cell.value, cell.high)}  {cell.value:.2f}")
held = np.mean([cell.low <= practice <= cell.high for cell, practice in shown])
small = [(cell, practice) for cell, practice in shown if cell.n < 30]
errors = [(c.value - practice, (c.low + c.high) / 2 - practice) for c, practice in small]
mean_error, estimate_error = np.sqrt(np.mean(np.square(errors), axis=0))
print(f"{len(shown)} intervals of schools hold the true practice in {held:.1%} of cases.")
print(
    f"Typical error below 30 answers: mean {mean_error:.3f}, estimate {estimate_error:.3f} points"
)
ratio = spread["estimated"].sum() / spread["schools, truth"].sum()
assert 0.75 < ratio < 1.25, "the planted variance between schools is found again"
assert 0.76 < held < 0.84, "80 % means 80 %"
assert estimate_error < 0.95 * mean_error, "leaning on the neighbours pays"

# %% [markdown]
# ## 7. Levels and reasons
#
# Somebody set cut points, at a time and for a reason. A cell has a level's colour only if its mean
# and its whole interval lie in that level; otherwise it is uncertain, and says between which
# levels.

# %%
criteria = pack.indicators["student_wellbeing"].criteria
print(f"\nCriteria {criteria.id}: {criteria.cuts}, set by: {criteria.set_by['en']}")
of_schools = [cell for unit, cell in sorted(wellbeing.items()) if unit in real]
sure = next(cell for cell in of_schools if cell.level is not None)
unsure = next(cell for cell in of_schools if cell.level_low != cell.level_high)
hidden = next(cell for cell in of_schools if cell.status is Status.LINKED)
for cell in (sure, unsure, hidden):
    indicator = pack.indicators[cell.indicator]
    print(f"{cell.unit}: {reason(cell, indicator, pack, 'en', k=k, unit_names={})}")
for cell in wellbeing.values():
    if cell.level is not None:
        below = sum(cut <= cell.low for cut in criteria.cuts)
        above = sum(cut <= cell.high for cut in criteria.cuts)
        assert below == above == cell.level - 1, "a colour lies within its cut points"

# %% [markdown]
# ## 8. Changes
#
# From one year to the next a small school's mean moves by chance alone. A change is shrunk towards
# the country's by how much units change at all, and marked when it is larger than the smallest
# relevant difference with 80 % probability. Here we know which changes are real.

# %%
earlier = release.survey_cells(
    survey, 2024, tallies[2024].answers, tree, DAY, pack.indicators, k, weights
)
earlier_variances = release.national_variances(
    survey, tallies[2024].answers, tree, DAY, weights, earlier, pack.indicators, 2024
)
lines: dict[tuple[str, str], list[ReleasedCell]] = {}
for cell in (*earlier, *cells):
    if cell.unit in real:
        lines.setdefault((cell.indicator, cell.unit), []).append(cell)
before = {school: truth.expected(school, 2024) for school in real}
moved = []
for key in constructs:
    indicator = f"student_{key}"
    of_schools = [line for (name, _), line in lines.items() if name == indicator]
    sigma2 = earlier_variances[key].sigma2, variances[key].sigma2
    smallest = pack.indicators[indicator].smallest
    for change in trends.changes(of_schools, (2024, 2025), sigma2, tree, smallest):
        really = real[change.unit][key] - before[change.unit][key]
        moved.append((change, really, key))
marked = [(change, really, key) for change, really, key in moved if change.mark is not Mark.NONE]
show(
    "Changes marked",
    [
        {
            "school": change.unit,
            "theme": key,
            "raw": change.raw,
            "estimate": change.estimate,
            "low": change.low,
            "high": change.high,
            "mark": str(change.mark),
            "truth": really,
        }
        for change, really, key in marked
    ],
)
by_chance = [really for change, really, _ in moved if abs(change.raw) > 0.2]
wrong = sum(really * change.raw < 0 or abs(really) < 0.2 for change, really, _ in marked)
print(f"Of {len(moved)} raw changes {len(by_chance)} exceed 0.2, of which", end=" ")
print(f"{sum(abs(really) > 0.2 for really in by_chance)} are real; {len(marked)} are marked.")
held = np.mean([change.low <= really <= change.high for change, really, _ in moved])
print(f"The intervals hold the true change in {held:.1%} of cases.")
assert marked, "large changes of large schools are found"
assert wrong <= 0.2 * len(marked) + 1, "at most one in five marks is wrong"
assert held > 0.76, "80 % means at least 80 %"

# %% [markdown]
# ## 9. Given the prerequisites
#
# Some schools have more to work with. What goes with declared prerequisites in the whole country is
# learnt by weighted regression, and a school that is surely above or below what schools like it
# have gets a second mark. No ranking: no school is compared with another one. Here the prerequisite
# is a made-up register figure, of which 0.1 points of teacher relation follow for each spread.

# %%
key, slope = "teacher_relation", 0.1
hours = rng.normal(30, 6, len(real))
lifted = {school: slope * (x - 30) / 6 for school, x in zip(real, hours, strict=True)}
relation = {cell.unit: cell for cell in cells if cell.indicator == f"student_{key}"}
table = pl.DataFrame(
    [
        (unit, relation[unit].n, relation[unit].value + lifted[unit], x)
        for unit, x in zip(real, hours, strict=True)
        if relation[unit].status is Status.SHOWN
    ],
    schema=["unit", "n", "mean", "hours"],
    orient="row",
)
fit = expectation.fit(table, ["hours"], variances[key].sigma2)
(found,) = fit.coefficients
print(f"\n{fit.units} schools; with {found.spread:.1f} more hours, teacher relation is", end=" ")
print(f"{found.per_spread:.2f} points higher ({found.low:.2f} to {found.high:.2f})")
given = expectation.expected(table, fit)
show("Marks beside the colour", given.filter(pl.col("mark") != ""))
usual = np.mean([means[key] for means in real.values()])
special = {school: means[key] - usual for school, means in real.items()}
marks = {
    unit: 1 if mark == "up" else -1 for unit, mark in given.select("unit", "mark").rows() if mark
}
right = [unit for unit, sign in marks.items() if sign * special[unit] > 0.2]
apart = sorted(plant.school for plant in planted if plant.construct == key)
print(f"{len(right)} of {len(marks)} marks are right. Schools made different here: {apart}")
held = np.mean(
    [low <= special[unit] <= high for unit, low, high in given.select("unit", "low", "high").rows()]
)
print(f"The intervals hold what is special about a school in {held:.1%} of cases.")
assert found.low - 0.05 < slope < found.high + 0.05, "the planted slope is found again"
assert len(right) >= 0.8 * len(marks) - 1, "at most one in five marks is wrong"
assert set(apart) <= set(marks), "the schools that were made different are found"

# %% [markdown]
# ## 10. What goes together
#
# Two different questions. Do *respondents* who score high in one theme score high in another one?
# And do *schools*? Moods make the first much stronger than the second. Raw correlations of school
# means mix both, and are made small by noise; here what respondents share within a school is taken
# out, and unreliability corrected for. Of many pairs some look strong by luck: all pairs together
# say how strong associations usually are, each is shrunk by that, and told only if it is hardly
# chance.
#
# What is told of respondents is corrected for the chance in their scores, by how reliable these are
# within a shown group. It is about true scores, in points; of the attitudes behind them it says one
# or two per cent too little, since a form has steps and ends.

# %%
asked_together = survey.pairs[:6]
groups = shown_groups.of_release(counted, survey, tree, DAY, weights, cells, pack.indicators, 2025)
reliable = attenuation.within_groups(groups, survey)
alphas = dict(together.select("construct", "alpha").iter_rows())
within = associations.within_respondents(groups.products, reliable, asked_together)
common = dict(zip(constructs, truth.common, strict=True))
item_of = responding.construct_of_item(survey)
item = {name: np.flatnonzero(item_of == number) for number, name in enumerate(constructs)}
spread = np.sqrt(1 - synthetic.BETWEEN_SCHOOLS - synthetic.BETWEEN_MUNICIPALITIES)
made = pl.Series(
    "truth",
    [
        responding.correlation(
            (truth.loading[item[a]], truth.loading[item[b]]),
            (truth.cuts[item[a]], truth.cuts[item[b]]),
            common[a] * common[b],
            spread,
        )
        for a, b in asked_together
    ],
)
attitudes = pl.Series("attitudes", [common[a] * common[b] for a, b in asked_together])
within = within.with_columns(made, attitudes)
show("Within respondents", within.drop("wrong", "together"))
held = within.select(pl.col("truth").is_between("low", "high").sum()).item()

sums = pl.col("sum_ab") - pl.col("sum_a") * pl.col("sum_b") / pl.col("n")
covariances = (
    groups.products.filter(pl.col("n") > 1)
    .group_by("a", "b")
    .agg(covariance=sums.sum() / (pl.col("n") - 1).sum() / 3600)
)
own = pl.DataFrame(
    [(name, name, variances[name].sigma2) for name in constructs],
    schema=["a", "b", "covariance"],
    orient="row",
)
by_school = [
    (unit, cell.indicator.removeprefix("student_"), cell.value, cell.n)
    for cell in cells
    if (unit := cell.unit) in real and cell.status is Status.SHOWN
]
by_school = [
    (unit, name, value + lifted[unit] if name == key else value, n)
    for unit, name, value, n in by_school
]
by_school += [(unit, "hours", x, None) for unit, x in zip(real, hours, strict=True)]
means = pl.DataFrame(by_school, schema=["unit", "indicator", "mean", "n"], orient="row")
across = associations.across_units(
    means, pl.concat([covariances, own]), [("hours", key), *asked_together]
)
shown_schools = [unit for unit in real if relation[unit].status is Status.SHOWN]
practice = {
    name: np.array(
        [real[unit][name] + (lifted[unit] if name == key else 0) for unit in shown_schools]
    )
    for name in constructs
}
practice["hours"] = np.array(
    [x for unit, x in zip(real, hours, strict=True) if unit in shown_schools]
)
truly = [np.corrcoef(practice[a], practice[b])[0, 1] for a, b in across.select("a", "b").rows()]
across = across.with_columns(truth=pl.Series(truly))
show("Across schools", across)
apart = within["strength"] - made
inside = across.select(pl.col("truth").is_between("low", "high")).sum().item()
print(f"{inside} of {len(across)} intervals hold the correlation of the schools' true practice.")
assert apart.abs().max() < 0.04, "how strongly themes go together in a person is found again"
assert held >= 3, "four of five intervals should hold the truth"
assert across["together"][0], "what was put in is told: hours and teacher relation"
assert inside >= 0.6 * len(across), "four of five intervals should hold the truth"

# %% [markdown]
# ## 11. The ledger
#
# Girls and boys, late answers, two years together: such cells overlap and fit on no tree. The
# ledger keeps *classes* of respondents who are counted in exactly the same released cells. A new
# cell cuts some classes in two; it is admitted only if each part may stand alone. That holds
# against every sum and difference, whatever was released before, because each outcome is made of
# whole classes.

# %%
girls, boys = (Group("the school", 2025, (part,)) for part in ("girl", "boy"))
late = Group("the school", 2025, ("girl",), arrived=1)
book = ledger.Ledger(k, pack.thresholds.public, ("unit", "correction", "sex"))
book.add({girls: Answers(9), boys: Answers(6)})


def tried(*cells: ledger.Cell) -> dict[str, str]:
    """What became of the cells, and the classes there are then."""
    became = {name: str(status) for name, status in book.release(cells).items()}
    sizes = [sum(book.groups[group].n for group in members) for members in book.classes()]
    return {**became, "classes": " | ".join(str(size) for size in sorted(sizes))}


def corrected() -> ledger.Cell:
    return ledger.Cell("corrected", "correction", frozenset(book.groups))


steps = [
    tried(ledger.Cell("school", "unit", frozenset({girls, boys}))),
    tried(ledger.Cell("girls", "sex", frozenset({girls}))),
]
book.add({late: Answers(2)})
steps.append(tried(corrected()))
more = Group("the school", 2025, ("boy",), arrived=1)
book.add({more: Answers(4)})
steps.append(tried(corrected()))
print()
for what, step in zip(("first", "then", "2 late answers", "4 more"), steps, strict=True):
    print(f"{what:15}", ", ".join(f"{name}: {became}" for name, became in step.items()))
assert [next(iter(step.values())) for step in steps] == ["shown", "shown", "linked", "shown"]
assert book.release([ledger.Cell("late boys", "sex", frozenset({more}))]) == {
    "late boys": Status.FEW
}, "four are too few whatever else is out"

# %% [markdown]
# The same for the whole country: girls and boys beside all students, and two years together where
# one alone has too few answers. The pack declares which kind wins where two do not go together. Two
# years are mostly refused: where one of them is shown, the other could be had by subtraction, and
# where a unit above shows both, the rule asks for more than sums require (`docs/safety.md` says
# why).

# %%
years = [membership.Year(year, survey, DAY, [(0, by_sex[year])]) for year in (2024, 2025)]
beside = admitting.more_cells(
    2025,
    years,
    tree,
    {"student_wellbeing": pack.indicators["student_wellbeing"]},
    [cell for cell in (*earlier, *cells) if cell.indicator == "student_wellbeing"],
    k=k,
    public_k=pack.thresholds.public,
    weights=weights,
    variances=variances,
    admission=pack.admission,
    breakdowns=pack.breakdowns,
)
became = pl.DataFrame(
    [(cell.part or f"{cell.years} years", str(cell.status)) for cell in beside],
    schema=["cells", "status"],
    orient="row",
)
kinds = became.group_by("cells").agg(
    pl.len().alias("tried"),
    *((pl.col("status") == status).sum().alias(status) for status in ("shown", "linked", "few")),
)
show(f"Well-being, in the order {', '.join(pack.admission)}", kinds.sort("cells"))
of_parts = {(cell.unit, cell.part): cell.n for cell in beside if cell.part and cell.n}
left = [
    every[unit].n - sum(of_parts.get((unit, f"sex.{option}"), 0) for option in chosen)
    for unit in {unit for unit, _ in of_parts} & best
    for chosen in (("girl",), ("boy",), ("girl", "boy"), ("girl", "boy", "other"))
]
assert of_parts, "girls and boys are shown where there are enough"
assert all(rest == 0 or rest >= k for rest in left), "nobody is left over by subtraction"

# %% [markdown]
# ## 12. In public
#
# Pages for everybody need at least 20 answers. Public cells are chosen among those that are shown
# to signed-in users, again as many as are safe together. Chosen apart, both sets could be safe
# alone and leak side by side. What everybody sees also rests on what everybody sees: a public cell
# leans on public ones.

# %%
everybody = pack.thresholds.public
open_cells = {
    cell.unit: cell
    for cell in release.survey_cells(
        survey,
        2025,
        counted.answers,
        tree,
        DAY,
        {"student_wellbeing": pack.indicators["student_wellbeing"]},
        k,
        weights,
        variances=variances,
        public_k=everybody,
    )
}
public = {unit for unit, cell in open_cells.items() if cell.public}
chosen_apart = suppression.choose(nodes, everybody, narrow60)
sights = [
    ("signed in, k = 5", best, k),
    ("everybody, k = 20", public, everybody),
    ("signed in, with a public set chosen apart", best | chosen_apart, k),
]
leaks = [suppression.audit(nodes, seen, least, narrow60) for _, seen, least in sights]
show(
    "Well-being",
    [
        {"seen by": who, "units": len(seen), "isolable": len(found)}
        for (who, seen, _), found in zip(sights, leaks, strict=True)
    ],
)
assert public < best, "everybody sees some of what signed-in users see, and nothing else"
assert [len(found) for found in leaks[:2]] == [0, 0], "both sets are safe, also together"
assert leaks[2], "two sets that are each safe, chosen apart, are not safe together"

# %% [markdown]
# ## 13. What a release says of the country
#
# Every unit's mark, what the marks rest on, and what goes together come with one call, from shown
# cells and national figures alone. So a mark gives away nothing that the cells do not, and whoever
# has the cells can work it out again. How far scores can be trusted comes with another one, as far
# as it may be told: who left which question out is a number of people, too.

# %%
national = findings.national(
    [*earlier, *cells],
    pack,
    2025,
    tree,
    {2024: {"student": earlier_variances}, 2025: {"student": variances}},
    {"student": groups.products},
    {"student": reliable},
)
by_tier = pl.DataFrame(
    [(str(mark.against), tree[mark.unit].tier, str(mark.mark)) for mark in national.marks],
    schema=["against", "tier", "mark"],
    orient="row",
)
kinds = by_tier.group_by("against", "tier").agg(
    units=pl.len(), up=(pl.col("mark") == "up").sum(), down=(pl.col("mark") == "down").sum()
)
show("Estimates and marks, over all themes", kinds.sort("against", "tier"))
rests_on = national.fits["student_wellbeing"]["changes"]
show(
    "What changes of well-being rest on",
    pl.DataFrame(rests_on).select("tier", "units", "mean", "tau2"),
)
told = pl.DataFrame(national.associations, infer_schema_length=None)
show(
    "Pairs told to go together",
    told.group_by("kind").agg(pl.col("together").sum()).sort("kind"),
)
trusted = reliability.of_release(
    counted, survey, tree, DAY, weights, cells, pack.indicators, 2025, k
)
show(
    "Reliability as released",
    [
        {
            "theme": row["construct"],
            "asked": row["asked"],
            "n": row["n"],
            "alpha": row["alpha"],
            **{f"ICC {tier['tier']}": tier["icc1"] for tier in row["tiers"]},
        }
        for row in trusted[:3]
    ],
)
again = {
    (mark.unit, mark.indicator.removeprefix("student_"), mark.estimate)
    for mark in national.marks
    if mark.mark is not Mark.NONE and tree[mark.unit].tier == "school"
}
by_hand = {(change.unit, name, change.estimate) for change, _, name in marked}
assert again == by_hand, "the same marks as in section 8"
rounded = [round(each, 2) for each in alphas.values()]
assert [row["alpha"] for row in trusted] == rounded, "the alphas of section 4, in two decimals"
