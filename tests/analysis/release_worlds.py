"""Small countries over some years, released as they are in life: step by step, never knowing more.

Schools answer by sex; some answer late, and some never say which sex. Units are released in any
order, then the country, then what is broken down, pooled or corrected, year after year. Borders
may change between two years, and what the indicator is called; or another one asks for the same
answers from some day on.
"""

import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

import polars as pl

from puls.analysis import admitting, history, release, scoring
from puls.analysis.estimates import Components
from puls.analysis.exposure import Answers
from puls.analysis.measured import as_called_now, measured
from puls.analysis.membership import UNIT, Place, Year
from puls.analysis.partition import Group
from puls.cells import ReleasedCell, Status
from puls.content.definitions import Background, Indicator
from puls.units import Change, Unit, UnitTree
from tests.analysis.ledger_worlds import of_scores
from tests.analysis.surveys import survey
from tests.analysis.worlds import WEIGHTS, indicator

YEARS = (2023, 2024, 2025)
ONE_ITEM = replace(survey("wellbeing: w"), background=(Background("sex", ("girl", "boy")),))
PARTS = ("sex.girl", "sex.boy", "sex.")
BREAKDOWNS = {"sex": ("country", "county", "municipality", "school")}
OFTEN = {
    "sex.girl": (0, 2, 3, 4, 5, 6, 8, 12),
    "sex.boy": (0, 2, 3, 4, 5, 6, 8, 12),
    "sex.": (0, 0, 0, 1),
}
"""How many of a school there may be."""

TRIAL = dict.fromkeys(PARTS, (0, 0, 0, 1))
"""The same where a survey is only tried out: hardly anybody in the whole country."""

INDICATORS = {key: replace(indicator(), key=key) for key in ("wellbeing", "joy")}
ONE, OTHER, BOTH = ("wellbeing",), ("joy",), ("joy", "wellbeing")
"""What the indicators of these answers are called. Two of them no pack may have."""
USUAL = {"wellbeing": Components(0.64, (0.0, 0.001, 0.005, 0.02, 0.01))}
ORDERS = (
    ("unit", "correction", "pooled", "sex"),
    ("unit", "sex", "pooled", "correction"),
    ("unit", "pooled", "sex", "correction"),
)
MERGED = date(2025, 1, 1)


@dataclass(frozen=True)
class Given:
    """The answers of a leaf in a year, of one sex, that arrived together."""

    leaf: str
    period: int
    part: str
    arrived: int
    scores: tuple[int, ...]

    @property
    def group(self) -> Group:
        return Group(self.leaf, self.period, (self.part,), arrived=self.arrived)


class Step(NamedTuple):
    """Unit cells of a unit and all below it (root), or of all else in a year (root "no"), or what
    is broken down, pooled and corrected (root ""), when late answers up to a number are here.

    names: what the indicators are called then."""

    root: str
    period: int
    now: int
    names: tuple[str, ...] = ONE


@dataclass(frozen=True)
class Country:
    """A tree, its answers, what is released step by step, the order of kinds, the thresholds."""

    tree: UnitTree
    given: tuple[Given, ...]
    steps: tuple[Step, ...]
    order: tuple[str, ...]
    small: int
    large: int

    @property
    def answers(self) -> dict[Group, Answers]:
        """What the auditor knows: the true answers of every group."""
        return {each.group: of_scores([60 * s for s in each.scores]) for each in self.given}

    def counted(self, cell: ReleasedCell) -> frozenset[Group]:
        """The groups in a released cell, one by one; and it says their number and their mean."""
        inside = [
            each
            for each in self.given
            if cell.period - cell.years < each.period <= cell.period
            and cell.part in ("", each.part)
            and each.arrived <= cell.correction
            and cell.unit in self.line(each.leaf, cell.period)
        ]
        scores = [score for each in inside for score in each.scores]
        if cell.status is Status.SHOWN:
            assert (cell.n, cell.value) == (len(scores), sum(scores) / len(scores)), cell
        return frozenset(each.group for each in inside)

    def line(self, leaf: str, period: int) -> tuple[str, ...]:
        home = history.carry_leaves(self.tree, [leaf], day(period))[leaf]
        return self.tree.lineage(home)

    def tally(self, period: int, arrived: Collection[int]) -> pl.DataFrame:
        """As `scoring.tally_parts` counts them."""
        rows = [
            (each.leaf, each.part, "wellbeing", 1, score, each.scores.count(score))
            for each in self.given
            if each.period == period and each.arrived in arrived
            for score in sorted(set(each.scores))
        ]
        schema = {"leaf": str, "part": str, "construct": str}
        schema |= dict.fromkeys(("answered", "total", "count"), int)
        return pl.DataFrame(rows, schema=schema, orient="row")


def day(period: int) -> date:
    """The day whose units a year's releases speak of."""
    return date(period + 1, 6, 1)


def country(seed: int) -> Country:
    """The country of a number."""
    rng = random.Random(seed)
    tree, leaves = _tree(rng)
    given: list[Given] = []
    steps: list[Step] = []
    now = 0
    decided: list[int] = []
    often = TRIAL if rng.random() < 0.15 else OFTEN
    for period in YEARS[rng.choice((0, 1, 1)) :]:
        here = [leaf for leaf in leaves if tree[leaf].valid_on(date(period, 10, 1))]
        given += [
            Given(leaf, period, part, 0, _scores(rng, rng.choice(often[part])))
            for leaf in here
            for part in PARTS
        ]
        roots = [unit for unit in tree.units if tree[unit].valid_on(day(period))]
        steps += [Step(root, period, now) for root in rng.sample(roots, rng.randint(0, 3))]
        if rng.random() < 0.3:
            now += 1
            given += _late(rng, here, period, now)
        steps += [Step("no", period, now), Step("", period, now)]
        decided.append(period)
        if rng.random() < 0.7:
            now += 1
            of = rng.choice(decided)
            asked = {each.leaf for each in given if each.period == of}
            given += _late(rng, sorted(asked), of, now)
            steps += [Step("", each, now) for each in decided if each in (of, of + 1)]
    small = rng.randint(3, 5)
    large = rng.randint(small, 4 * small)
    order = rng.choice(ORDERS)
    return Country(tree, tuple(given), _named(rng, steps), order, small, large)


def _named(rng: random.Random, steps: Sequence[Step]) -> tuple[Step, ...]:
    """From some step on the indicator has another name, or another one stands beside it."""
    since, names = rng.randrange(len(steps)), rng.choice((ONE, ONE, OTHER, BOTH))
    found, decided = list(steps[:since]), set[int]()
    for step in (step._replace(names=names) for step in steps[since:]):
        if step.root == "" and step.period not in decided:
            # A year that was released under the old name is released again first.
            found.append(step._replace(root="no"))
        if step.root in ("", "no"):
            decided.add(step.period)
        found.append(step)
    return tuple(found)


def _late(rng: random.Random, leaves: Sequence[str], period: int, now: int) -> list[Given]:
    return [
        Given(leaf, period, part, now, _scores(rng, rng.randint(1, 7)))
        for leaf in rng.sample(leaves, min(len(leaves), rng.randint(1, 2)))
        for part in rng.sample(PARTS, rng.randint(1, 2))
    ]


def _scores(rng: random.Random, n: int) -> tuple[int, ...]:
    kind = rng.random()
    if kind < 0.05:
        return (rng.choice((1, 5)),) * n
    if kind < 0.1:
        return (5,) * (n - 1) + (4,) * min(n, 1)
    return tuple(rng.randint(1, 5) for _ in range(n))


def _tree(rng: random.Random) -> tuple[UnitTree, list[str]]:
    """Two counties with one or two municipalities, each with one to three schools.

    In half of the countries a municipality is taken in by its neighbour, with schools that live
    on under it or do not; in a few of these one school is parted instead.
    """
    units = [Unit("no", "country", "no", None)]
    schools: dict[str, list[str]] = {}
    for county in ("a", "b"):
        units.append(Unit(county, "county", county, "no"))
        for at in range(rng.randint(1, 2)):
            town = f"{county}{at}"
            units.append(Unit(town, "municipality", town, county))
            schools[town] = [f"{town}{letter}" for letter in "xyz"[: rng.randint(1, 3)]]
            units += [Unit(key, "school", key, town) for key in schools[town]]
    leaves = [key for below in schools.values() for key in below]
    if rng.random() < 0.5:
        return UnitTree(units), leaves
    old, new = rng.sample(sorted(schools), 2)
    closed = {old, *schools[old]}
    units = [replace(unit, valid_to=MERGED) if unit.key in closed else unit for unit in units]
    changes = [Change(MERGED, old, new)]
    for key in schools[old]:
        heirs = rng.choice(((), (f"{key}-new",), (f"{key}-new",), (f"{key}-new", f"{key}-too")))
        units += [Unit(heir, "school", heir, new, valid_from=MERGED) for heir in heirs]
        changes += [Change(MERGED, key, heir) for heir in heirs]
        leaves += heirs
    return UnitTree(units, changes), leaves


@dataclass
class Releasing:
    """How a country is released; the tests put mistakes in its place.

    cells: all that was ever released. told: as for `more_cells`.
    """

    country: Country
    cells: list[ReleasedCell] = field(default_factory=list)
    told: dict[str, set[int]] = field(default_factory=dict)

    def run(self) -> list[ReleasedCell]:
        """Take all steps; every cell that came out."""
        for step in self.country.steps:
            self.cells += self.more(step) if not step.root else self.units(step)
        return self.cells

    def called(self, step: Step) -> list[ReleasedCell]:
        """What is out, under the names of the step."""
        then, now = measured(INDICATORS), measured(self.indicators(step))
        return [each for cell in self.cells for each in as_called_now(cell, then, now)]

    def indicators(self, step: Step) -> dict[str, Indicator]:
        """Those that the pack has then."""
        return {key: INDICATORS[key] for key in step.names}

    def units(self, step: Step) -> list[ReleasedCell]:
        """What the tree programme gives of a root and all below."""
        of = self.country
        tally = of.tally(step.period, [0])
        return release.survey_cells(
            ONE_ITEM,
            step.period,
            scoring.combine([tally.drop("part")]),
            of.tree,
            day(step.period),
            self.indicators(step),
            of.small,
            WEIGHTS,
            fixed=[cell for cell in self.called(step) if Place.of(cell).kind == UNIT],
            root=step.root,
            variances=USUAL,
            public_k=of.large,
        )

    def years(self, step: Step) -> list[Year]:
        """What is counted of all years so far."""
        return [
            Year(
                period,
                ONE_ITEM,
                day(period),
                [(at, self.country.tally(period, [at])) for at in range(step.now + 1)],
            )
            for period in sorted({cell.period for cell in self.cells} | {step.period})
        ]

    def more(self, step: Step, admission: Sequence[str] | None = None) -> list[ReleasedCell]:
        """What goes through the ledger."""
        of = self.country
        return admitting.more_cells(
            step.period,
            self.years(step),
            of.tree,
            self.indicators(step),
            self.called(step),
            k=of.small,
            public_k=of.large,
            weights=WEIGHTS,
            variances=USUAL,
            admission=admission or of.order,
            breakdowns=BREAKDOWNS,
            told=self.told,
        )
