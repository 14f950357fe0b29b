"""Where the demo country has schools, and how many pupils culture schools have each year.

Municipalities and their numbers of children are real. Schools, departments and pupils are made
up: scaled so that the country as a whole has the pupils, places and waiting list that were
published for it, and drawn from a seed, so that everybody sees the same country.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from puls.units import Change, Unit, UnitTree
from puls.web.demo.making import Making
from puls.web.demo.naming import slug, taken_more_than_once

PARTS_OF_TOWN = ("nord", "sør", "øst", "vest")
CHILDREN_PER_SCHOOL = 20_000
NEIGHBOURS = (
    ("1112", "1111"), ("1815", "1816"), ("1826", "1825"), ("5032", "5033"), ("3428", "3429"),
    ("3430", "3426"), ("4220", "4221"), ("4030", "4032"), ("4628", "4629"), ("5632", "5630"),
)  # fmt: skip
"""Small neighbouring municipalities whose (made-up) school is run by both: host, partner."""

PUPILS = {
    2017: 98_777,
    2018: 99_400,
    2019: 100_700,
    2020: 99_100,
    2021: 99_800,
    2022: 101_200,
    2023: 102_300,
    2024: 102_907,
    2025: 103_600,
    2026: 104_200,
}
"""National totals by school year: 2017-18 as published, later years made up within the range of
what was published for 2013 to 2017 (98,777 to 108,473)."""
OF_SCHOOL_AGE = 0.85
"""Of a culture school's pupils; with 6-15-year-olds as published this gives about 14 % of them."""


@dataclass(frozen=True)
class Places:
    """Schools and departments of the demo country.

    units, changes: schools and departments, today's and those of municipalities that are gone,
        each tied to its successor.
    departments: a row a department of today: leaf, school, municipality, kind, share (of the
        municipality's pupils).
    former: leaf key on a day by leaf key of today, for days on which any differ.
    """

    units: tuple[Unit, ...]
    changes: tuple[Change, ...]
    departments: pl.DataFrame
    former: Mapping[date, Mapping[str, str]]

    def on(self, day: date) -> pl.DataFrame:
        """Today's departments, with `leaf_then` and `school_then`: the unit each was on the day."""
        then = self.former.get(day, {})
        leaves = [then.get(leaf, leaf) for leaf in self.departments["leaf"]]
        return self.departments.with_columns(
            leaf_then=pl.Series(leaves, dtype=pl.String),
            school_then=pl.Series([leaf.rpartition(".")[0] for leaf in leaves], dtype=pl.String),
        )


def make(
    tree: UnitTree,
    tier: str,
    children: Mapping[str, int],
    days: Sequence[date],
    seed: int,
    made: Making,
) -> Places:
    """The schools of every municipality that exists on the last day, and what they were before.

    tier: of the municipalities. children: residents of the pack's age by municipality key.
    days: rising; the earlier ones are those on which earlier surveys were held.
    """
    rng = np.random.default_rng([seed, 1])
    today = days[-1]
    homes = sorted((u for u in tree.at(today) if u.tier == tier), key=lambda unit: unit.key)
    hosts = {partner: host for host, partner in _hosts(homes)} if made.joint else {}
    names = taken_more_than_once(home.name for home in homes)
    units: list[Unit] = []
    rows: list[tuple[str, str, str, str, float]] = []
    for home in homes:
        if home.key in hosts:
            continue
        partner = next((h for h in homes if hosts.get(h.key) == home.key), None)
        for name, share in _schools(home, partner, children[home.key], made.school):
            key = slug(name) + (f"-{home.code}" if home.name in names else "")
            school = Unit(
                key, "school", name, home.key, _begins(home), home.valid_to,
                partners=(partner.key,) if partner else (),
            )  # fmt: skip
            pupils = 0.16 * share * (children[home.key] + (children[partner.key] if partner else 0))
            units.append(school)
            for kind, part in _departments(pupils, rng, made):
                department = _department(school, kind, made.groups)
                units.append(department)
                rows.append((department.key, key, home.key, kind, share * part))
    departments = pl.DataFrame(
        rows, schema=["leaf", "school", "municipality", "kind", "share"], orient="row"
    )
    former, older, changes = _before(tree, units, days, made)
    return Places((*units, *older), tuple(changes), departments, former)


def headcounts(children: pl.DataFrame, joined: Mapping[str, str], seed: int) -> pl.DataFrame:
    """Pupils, places and waiting list by municipality and school year.

    children: municipality, period, children (residents of school age).
    joined: municipality whose pupils go to another's school -> that other.
    Returns municipality, period, children, of_age (pupils of school age who live there), pupils
    (all, at the municipality's own school), places, waiting, waiting_of_age.
    """
    rng = np.random.default_rng([seed, 2])
    homes = children["municipality"].unique().sort()
    # Small municipalities reach more of their children; the rest is local history.
    size = children.group_by("municipality").agg(pl.col("children").mean()).sort("municipality")
    liking = np.exp(rng.normal(0, 0.22, len(homes))) * (size["children"].to_numpy() + 20) ** -0.13
    queueing = np.exp(rng.normal(0, 0.6, len(homes)))
    counted = children.join(
        pl.DataFrame({"municipality": homes, "liking": liking, "queueing": queueing}),
        on="municipality",
    ).sort("period", "municipality")
    wobble = np.exp(rng.normal(0, 0.03, len(counted)))
    total = pl.Series([PUPILS[period] for period in counted["period"]])
    wanted = (counted["children"] * counted["liking"] * wobble).alias("wanted")
    queue = (counted["children"] * counted["queueing"]).alias("queue")
    counted = counted.with_columns(wanted, queue, total=total).with_columns(
        pupils_living=(
            pl.col("wanted") / pl.col("wanted").sum().over("period") * pl.col("total")
        ).round(),
        waiting=(
            pl.col("queue") / pl.col("queue").sum().over("period") * pl.col("total") * 0.24
        ).round(),
    )
    counted = counted.with_columns(
        of_age=(pl.col("pupils_living") * OF_SCHOOL_AGE).round(),
        waiting_of_age=(pl.col("waiting") * 0.9).round(),
        school_of=pl.col("municipality").replace(dict(joined)),
    )
    at_school = counted.group_by("school_of", "period").agg(pupils=pl.col("pupils_living").sum())
    whole = ["of_age", "pupils", "places", "waiting", "waiting_of_age"]
    return (
        counted.join(
            at_school, left_on=["municipality", "period"], right_on=["school_of", "period"],
            how="left",
        )
        .with_columns(pupils=pl.col("pupils").fill_null(0))
        .with_columns(places=(pl.col("pupils") * 1.215).round())
        .with_columns(pl.col(whole).cast(pl.Int64))
        .select("municipality", "period", "children", *whole)
        .sort("period", "municipality")
    )  # fmt: skip


def partners(places: Places) -> dict[str, str]:
    """Municipalities without a school of their own -> the one that hosts their joint school."""
    return {
        partner: unit.parent
        for unit in places.units
        for partner in unit.partners
        if unit.parent is not None and unit.valid_to is None
    }


def _hosts(homes: Sequence[Unit]) -> Iterator[tuple[str, str]]:
    """Host and partner of each joint school, where both still exist."""
    by_code = {home.code: home.key for home in homes}
    for host, partner in NEIGHBOURS:
        if host in by_code and partner in by_code:
            yield by_code[host], by_code[partner]


def _schools(home: Unit, partner: Unit | None, children: int, word: str) -> list[tuple[str, float]]:
    """Names and shares of the municipality's pupils."""
    if partner:
        return [(f"{home.name} og {partner.name} {word}", 1.0)]
    count = min(1 + children // CHILDREN_PER_SCHOOL, len(PARTS_OF_TOWN))
    if count == 1:
        return [(f"{home.name} {word}", 1.0)]
    return [(f"{home.name} {word} {part}", 1 / count) for part in PARTS_OF_TOWN[:count]]


def _departments(pupils: float, rng: np.random.Generator, made: Making) -> list[tuple[str, float]]:
    """Kinds of departments and their shares. Some departments have one to four pupils.

    Only large culture schools have all of them; every other school has a group for each age.
    """
    kinds = list(made.groups)
    some_only = made.counted == "culture_school"
    if some_only and pupils < 90:
        other = str(rng.choice(kinds[1:]))
        few = int(rng.integers(1, 5))
        part = few / pupils if rng.random() < 0.35 else float(rng.uniform(0.15, 0.35))
        return [(kinds[0], 1 - min(part, 0.5)), (other, min(part, 0.5))]
    if some_only and pupils < 180:
        left_out = str(rng.choice(kinds[1:]))
        kinds.remove(left_out)
    usual = np.array([made.shares[kind] for kind in kinds])
    shares = rng.dirichlet(usual / usual.sum() * 40)
    return [(kind, float(share)) for kind, share in zip(kinds, shares, strict=True)]


def _begins(home: Unit) -> date | None:
    """A school is as old as its municipality's code; how old the oldest are does not matter."""
    recent = home.valid_from is not None and home.valid_from.year >= 2000
    return home.valid_from if recent else None


def _department(school: Unit, kind: str, names: Mapping[str, str]) -> Unit:
    return Unit(
        f"{school.key}.{kind}", "department", names[kind], school.key,
        school.valid_from, school.valid_to,
    )  # fmt: skip


def _before(
    tree: UnitTree, units: Sequence[Unit], days: Sequence[date], made: Making
) -> tuple[dict[date, dict[str, str]], list[Unit], list[Change]]:
    """The same schools in the municipalities of earlier days.

    A municipality that got a new code became a new unit, and so did its school. One that was
    split had one school for all of it: the schools of today all come from there.
    """
    former: dict[date, dict[str, str]] = {}
    older: dict[str, Unit] = {}
    changes: dict[tuple[str, str], Change] = {}
    schools = [unit for unit in units if unit.tier == "school"]
    below: dict[str, list[Unit]] = {school.key: [] for school in schools}
    for unit in units:
        if unit.tier == "department" and unit.parent is not None:
            below[unit.parent].append(unit)
    for day in days[:-1]:
        then: dict[str, str] = {}
        for school in schools:
            assert school.parent is not None
            home = tree[origin(tree, school.parent, day)]
            if home.key == school.parent:
                continue
            was = _former_school(school, home, _was_split(tree, home.key), made.school)
            for unit in (school, *below[school.key]):
                kind = unit.key.removeprefix(school.key).removeprefix(".")
                old = _department(was, kind, made.groups) if kind else was
                older.setdefault(old.key, old)
                assert home.valid_to is not None
                changes[old.key, unit.key] = Change(home.valid_to, old.key, unit.key)
                then[unit.key] = old.key
        if then:
            former[day] = then
    return former, list(older.values()), list(changes.values())


def _former_school(school: Unit, home: Unit, split: bool, word: str) -> Unit:
    name = f"{home.name} {word}" if split else school.name
    return Unit(f"{slug(name)}-{home.code}", "school", name, home.key, _begins(home), home.valid_to)


def origin(tree: UnitTree, key: str, day: date) -> str:
    """The municipality on an earlier day that this one, or most of it, was then."""
    while not tree[key].valid_on(day):
        before = sorted(tree.predecessors(key))
        assert before, f"{key} came from nowhere"
        key = before[0]
    return key


def _was_split(tree: UnitTree, key: str) -> bool:
    """True when parts of the municipality went to more than one."""
    return len({change.new for change in tree.changes if change.old == key}) > 1
