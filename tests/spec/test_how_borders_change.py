"""How borders change

Municipalities merge, split and change their codes. A unit of today shows the years before where
they can be carried to it without guessing, and "not comparable" where they cannot.
"""

from collections.abc import Iterable
from datetime import date
from math import fsum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puls.analysis.history import carry_figures, carry_leaves
from puls.content.countries import load_units
from puls.figures import Figure
from puls.units import Change, Unit, UnitTree
from tests.spec.tables import table

NORWAY = load_units("norway")
TODAY = date(2026, 6, 1)

# Counts add up, shares do not. "3911 15" is today's figure of Færder; n.c. is "not comparable".
FIGURES = table("""
    what  | year | the source's rows             | today
    ------------------------------------------------------------------------------------------------
    count | 2025 | 3901 12                       | 3901 12          as it is
    share | 2025 | 3901 12                       | 3901 12
    count | 2019 | 0701 12                       | 3901 12          a new code, twice
    share | 2019 | 0701 12                       | 3901 12
    count | 2021 | 3801 12                       | 3901 12
    count | 2016 | 0722 10; 0723 5               | 3911 15          merged in 2018
    share | 2016 | 0722 10; 0723 5               | 3911 n.c.
    count | 2016 | 0722 10                       | 3911 n.c.        one row is missing
    count | 2016 | 0722 10; 0723 *               | 3911 n.c.        one is suppressed
    count | 2016 | 0722 10; 0723 0               | 3911 10          a zero is a value
    share | 2018 | 0729 7                        | 3911 7           after the merger
    count | 2019 | 0602 60; 0625 20; 0711 6      | 3301 86          three in one
    count | 2019 | 1103 100; 1141 5; 1142 6      | 1103 111         kept its code
    share | 2019 | 1103 100; 1141 5; 1142 6      | 1103 n.c.
    count | 2020 | 1103 112                      | 1103 112
    count | 2019 | 5001 90; 5030 8               | 5001 98
    count | 2017 | 1601 90; 1662 8               | 5001 98          new code, then a merger
    count | 2023 | 1507 50                       | 1508 n.c.; 1580 n.c.        split
    count | 2019 | 1504 40; 1534 9               | 1508 n.c.; 1580 n.c.
    count | 2019 | 5012 3; 5013 10               | 5055 n.c.; 5056 n.c.; 5059 n.c.
    count | 2019 | 5013 10                       | 5056 n.c.        part of 5012 is missing
    count | 2019 | 1850 4; 1849 3                | 1806 n.c.; 1875 n.c.
    count | 2016 | 0706 40; 0719 5; 0720 11      | 3905 n.c.; 3907 n.c.        Stokke
    count | 2017 | 0710 60                       | 3907 60
    count | 2019 | 0701 12; 3901 13              | 3901 13          recalculated by the source
    share | 2016 | 0722 10; 3911 8               | 3911 8
    count | 2019 | 0701 12; 3901 .               | 3901 12          an empty row is no figure
    count | 2019 | 3901 .                        |
    count | 2025 | 3901 *                        | 3901 *           suppressed today
    count | 2019 | 0701 *                        | 3901 *           and under the old code
    count | 2019 | 1103 100                      | 1103 n.c.        its parts are missing
    count | 2019 | 1103 111; 3901 13             | 1103 111; 3901 13        all on later borders
    share | 2019 | 0 15; 11 14; 12 13            | 0 15; 11 14; 46 n.c.        own rows
    share | 2021 | 30 14                         | 31 n.c.; 32 n.c.; 33 n.c.
    count | 2019 | 09 30; 10 40                  | 42 70            two counties in one
    share | 2019 | 09 30; 10 40                  | 42 n.c.
    share | 2018 | 15 20                         | 15 20            gave away a municipality
""")


def figures_of(rows: str, year: str, what: str) -> list[Figure]:
    found = []
    for row in filter(None, (part.strip() for part in rows.split(";"))):
        code, said = row.split()
        unit = NORWAY.by_code()[code].key
        value = float(said) if said.isdecimal() else None
        found.append(Figure(what, unit, int(year), value, "" if said.isdecimal() else said))
    return found


def as_text(figures: Iterable[Figure]) -> set[str]:
    return {
        f"{NORWAY[each.unit].code} "
        + (
            "n.c."
            if not each.comparable
            else each.note
            if each.value is None
            else f"{each.value:g}"
        )
        for each in figures
    }


@pytest.mark.parametrize("rule", FIGURES, ids=lambda rule: "-".join(rule.values())[:60])
def test_figures(rule: dict[str, str]) -> None:
    rows = figures_of(rule["the source's rows"], rule["year"], rule["what"])
    carried = carry_figures(rows, NORWAY, TODAY, {"count": True, "share": False}, "municipality")
    # What follows for the tiers above the rows is told further down.
    tiers = {NORWAY[row.unit].tier for row in rows}
    told = as_text(each for each in carried if NORWAY[each.unit].tier in tiers)
    wanted, *_ = rule["today"].split("    ")
    assert told == {part.strip() for part in wanted.split(";") if part.strip()}


def test_a_county_of_today_is_the_sum_of_its_municipalities() -> None:
    """Østfold was part of Viken in 2022: no row of its own, but rows of its municipalities."""
    year = date(2022, 12, 31)
    viken = NORWAY.children("no-30", year)
    rows = [Figure("count", "no-30", 2022, 9999)]
    rows += [Figure("count", unit.key, 2022, 10) for unit in viken]
    carried = {each.unit: each for each in carry_figures(rows, NORWAY, TODAY, {"count": True})}
    for county, members in (("no-31", 12), ("no-32", 21), ("no-33", 18)):
        assert len(NORWAY.children(county, TODAY)) == members
    assert carried["no-31"].value == 120
    assert carried["no-33"].value == 180
    # Two of Akershus's came from Innlandet's side of the border: all of them were in Viken in 2022.
    assert carried["no-32"].value == 210

    one_missing = [row for row in rows if row.unit != "no-3001"]
    carried = {
        each.unit: each for each in carry_figures(one_missing, NORWAY, TODAY, {"count": True})
    }
    assert not carried["no-31"].comparable
    assert carried["no-33"].value == 180


def test_a_sum_keeps_what_the_source_said_of_its_parts() -> None:
    rows = [
        Figure("count", "no-0722", 2016, 10, provisional=True),
        Figure("count", "no-0723", 2016, 5, note="b"),
    ]
    found, *above = carry_figures(rows, NORWAY, TODAY, {"count": True})[::-1]
    assert found == Figure("count", "no-3911", 2016, 15, note="b", provisional=True)
    # The county of today did not exist either, and most of its municipalities are missing.
    assert above == [Figure("count", "no-39", 2016, None, comparable=False)]


def test_a_tier_that_the_source_has_no_rows_of_is_a_sum() -> None:
    """Counts of all municipalities give the counties and the country; shares give nothing."""
    codes = [unit.key for unit in NORWAY.at(TODAY) if unit.tier == "municipality"]
    rows = [Figure(what, key, 2025, 2) for key in codes for what in ("count", "share")]
    carried = carry_figures(rows, NORWAY, TODAY, {"count": True, "share": False})
    above = {f.unit: f.value for f in carried if NORWAY[f.unit].tier != "municipality"}
    assert len(above) == 16
    assert (above["no"], above["no-03"]) == (714, 2)

    less = [row for row in rows if row.unit != "no-1149"]
    carried = carry_figures(less, NORWAY, TODAY, {"count": True, "share": False})
    assert {f.unit for f in carried} & {"no", "no-11", "no-03"} == {"no-03"}


def test_on_an_earlier_day_earlier_borders_count() -> None:
    rows = figures_of("0722 10; 0723 5; 0729 7", "2016", "count")[:2]
    (found,) = carry_figures(rows, NORWAY, date(2019, 6, 1), {"count": True})
    assert found == Figure("count", "no-0729", 2016, 15)


# ---------------------------------------------------------------------------------------------
# Answers: leaf groups of closed units


def with_schools() -> UnitTree:
    def school(key: str, parent: str, closed: date | None = None) -> list[Unit]:
        return [
            Unit(key, "school", key, parent, None, closed),
            Unit(f"{key}.music", "department", "Musikk", key, None, closed),
        ]

    y2018, y2020, y2022 = date(2018, 1, 1), date(2020, 1, 1), date(2022, 1, 1)
    added = [
        *school("karmoy", "no-1149"),
        *school("closed", "no-1149", y2022),
        *school("finnoy", "no-1141", y2020),
        *school("open-in-finnoy", "no-1141"),
        *school("rennesoy", "no-1142", y2020),
        *school("stavanger", "no-1103"),
        *school("notteroy", "no-0722", y2018),
        *school("snillfjord", "no-5012", y2020),
        *school("stokke", "no-0720", date(2017, 1, 1)),
    ]
    changes = [
        Change(y2020, "rennesoy", "stavanger"),
        Change(y2020, "finnoy", "stavanger"),
        Change(y2020, "finnoy.music", "stavanger.music"),
    ]
    return UnitTree([*NORWAY.units.values(), *added], [*NORWAY.changes, *changes])


LEAVES = table("""
    leaf                 | day        | belongs to           | because
    ------------------------------------------------------------------------------------------------
    karmoy.music         | 2026-06-01 | karmoy.music         | nothing changed
    finnoy.music         | 2026-06-01 | stavanger.music      | its department has a successor
    rennesoy.music       | 2026-06-01 | stavanger            | its school has one
    notteroy.music       | 2026-06-01 | no-3911              | its municipality has one: Færder
    notteroy.music       | 2019-06-01 | no-0729              | on an earlier day, the one of then
    notteroy.music       | 2017-06-01 | notteroy.music       | before the merger
    open-in-finnoy.music | 2026-06-01 | no-1103              | open, but its municipality is gone
    snillfjord.music     | 2026-06-01 | snillfjord.music     | split: it stays a historical unit
    stokke.music         | 2026-06-01 | stokke.music         | split, and its county too
    closed.music         | 2026-06-01 | closed.music         | closed, and nobody took it over
""")


@pytest.mark.parametrize("rule", LEAVES, ids=lambda rule: f"{rule['leaf']} {rule['day']}")
def test_leaves(rule: dict[str, str]) -> None:
    found = carry_leaves(with_schools(), [rule["leaf"]], date.fromisoformat(rule["day"]))
    assert found == {rule["leaf"]: rule["belongs to"]}


def test_answers_of_a_split_municipality_still_count_in_its_county() -> None:
    tree = with_schools()
    home = carry_leaves(tree, ["snillfjord.music"], TODAY)["snillfjord.music"]
    assert [key for key in tree.lineage(home) if tree[key].valid_on(TODAY)] == ["no", "no-50"]


# ---------------------------------------------------------------------------------------------
# A made-up history, told a second time in plain loops

BEGIN = 2010


@st.composite
def histories(draw: st.DrawFn, splits: bool) -> UnitTree:
    """A country whose municipalities merge, are renumbered, and with `splits` also fall apart."""
    alive = [f"m{n}" for n in range(draw(st.integers(1, 5)))]
    begun: dict[str, date | None] = dict.fromkeys(alive)
    ended: dict[str, date] = {}
    changes: list[Change] = []
    kinds = ["merge", "absorb", "renumber"] + (["split", "part", "cede"] if splits else [])
    for year in range(BEGIN + 1, BEGIN + 1 + draw(st.integers(0, 5))):
        day, kind = date(year, 1, 1), draw(st.sampled_from(kinds))
        chosen = draw(st.permutations(alive))
        olds = chosen[: 2 if kind in ("merge", "absorb", "part", "cede") else 1]
        fresh = [f"m{len(begun)}", f"m{len(begun) + 1}"]
        news = {
            "merge": fresh[:1], "renumber": fresh[:1], "split": fresh, "absorb": olds[-1:],
            "part": [fresh[0], olds[-1]], "cede": olds[-1:],
        }[kind]  # fmt: skip
        for old in olds:
            if old in news:
                continue
            changes += [Change(day, old, new) for new in news if new != old]
            if kind != "cede":
                ended[old] = day
                alive.remove(old)
        for new in news:
            if new not in begun:
                begun[new] = day
                alive.append(new)
    units = [Unit("x", "country", "X", None)]
    units += [
        Unit(key, "municipality", key, "x", start, ended.get(key)) for key, start in begun.items()
    ]
    return UnitTree(units, changes)


def naive_holders(tree: UnitTree, unit: str, since: date, day: date) -> set[str]:
    """Live through the years: who holds something of the unit passes it on with each change."""
    holders = {unit}
    for on in sorted({change.on for change in tree.changes if since < change.on <= day}):
        moved = {c.new for c in tree.changes if c.on == on and c.old in holders}
        holders = {each for each in holders if tree[each].valid_to != on} | moved
    return holders


def naive_carry(
    tree: UnitTree, values: dict[str, float | None], year: int, day: date, additive: bool
) -> dict[str, float | str]:
    then = date(year, 12, 31)
    existed = [unit.key for unit in tree.at(then) if unit.tier == "municipality"]
    begun = {unit.key: unit.valid_from for unit in tree.units.values()}
    went_to = {unit: naive_holders(tree, unit, then, day) for unit in existed}
    found: dict[str, float | str] = {}
    for unit in (each.key for each in tree.at(day) if each.tier == "municipality"):
        parts = [part for part in existed if unit in went_to[part]]
        told = [part for part in parts if part in values]
        later = [key for key, start in begun.items() if start and start > then]
        recalculated = any(values.get(key) is not None for key in later)
        alone = recalculated and all(part == unit for part in told)
        if values.get(unit) is not None and (unit not in parts or alone):
            found[unit] = values[unit]
        elif not told:
            continue
        elif any(went_to[part] != {unit} for part in parts):
            found[unit] = "not comparable"
        elif len(parts) == 1:
            found[unit] = "empty" if values[parts[0]] is None else values[parts[0]]
        elif not additive or len(told) < len(parts) or any(values[part] is None for part in told):
            found[unit] = "not comparable"
        else:
            found[unit] = fsum(values[part] for part in told)
    return found


@given(histories(splits=True), st.data(), st.integers(BEGIN, BEGIN + 6), st.booleans())
def test_the_plain_way_agrees(
    tree: UnitTree, data: st.DataObject, year: int, additive: bool
) -> None:
    day = date(BEGIN + 7, 6, 1)
    keys = [key for key, unit in tree.units.items() if unit.tier == "municipality"]
    number = st.one_of(st.none(), st.integers(0, 50).map(float))
    values = data.draw(st.dictionaries(st.sampled_from(keys), number, min_size=1))
    rows = [Figure("f", unit, year, value) for unit, value in values.items()]
    carried = {
        each.unit: ("not comparable" if not each.comparable else "empty" if each.value is None
                    else each.value)
        for each in carry_figures(rows, tree, day, {"f": additive}, "municipality")
        if each.unit != "x"
    }  # fmt: skip
    assert carried == naive_carry(tree, values, year, day, additive)


@given(histories(splits=False), st.data(), st.integers(BEGIN, BEGIN + 6))
def test_mergers_lose_and_make_nobody(tree: UnitTree, data: st.DataObject, year: int) -> None:
    """When every unit of the year has a count, today's counts add up to the same."""
    existed = [unit.key for unit in tree.at(date(year, 12, 31)) if unit.tier == "municipality"]
    counts = {unit: data.draw(st.integers(0, 10**6)) for unit in existed}
    rows = [Figure("f", unit, year, count) for unit, count in counts.items()]
    carried = carry_figures(rows, tree, date(BEGIN + 7, 6, 1), {"f": True})
    assert carried.pop(0) == Figure("f", "x", year, sum(counts.values()))
    assert sum(each.value or 0 for each in carried) == sum(counts.values())
    assert all(each.comparable for each in carried)


@given(histories(splits=True), st.integers(BEGIN, BEGIN + 7))
def test_a_successor_holds_all_and_nobody_else_does(tree: UnitTree, year: int) -> None:
    day = date(year, 6, 1)
    for key, unit in tree.units.items():
        if unit.valid_on(day):
            assert tree.successor(key, day) == key
        elif unit.valid_to is not None and unit.valid_to <= day:
            holders = naive_holders(tree, key, date(BEGIN, 1, 1), day)
            assert tree.holders(key, day) == holders
            assert tree.successor(key, day) == (holders.pop() if len(holders) == 1 else None)


def test_following_only_the_first_change_would_be_seen() -> None:
    """The mutant that carried Snillfjord (three ways) to one of its successors."""
    first_only = UnitTree(
        NORWAY.units.values(),
        [
            c
            for c in NORWAY.changes
            if (c.old, c.new) not in {("no-5012", "no-5056"), ("no-5012", "no-5059")}
        ],
    )
    rows = figures_of("5012 3; 5011 20; 1571 8", "2019", "count")
    assert as_text(carry_figures(rows, first_only, TODAY, {"count": True})) == {"5055 31"}
    assert as_text(carry_figures(rows, NORWAY, TODAY, {"count": True})) >= {"5055 n.c."}
