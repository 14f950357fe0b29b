"""How a country is read

Units, changes and population are tables beside country.yaml. Norway and a made-up country load by
the same code; a slip names the file and the row.
"""

import csv
import shutil
from collections import Counter
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from puls.content.countries import load_population, load_units
from puls.errors import ContentError
from puls.units import Change, Unit, UnitTree
from tests.shared_data import shared
from tests.spec.tables import table

FOREIGN = Path(__file__).parent.parent / "packs"
NORWAY = load_units("norway")

COUNTS = table("""
    on 1 June | municipalities | counties
    2014      | 428            | 19
    2015      | 428            | 19
    2016      | 428            | 19
    2017      | 426            | 19
    2018      | 422            | 18
    2019      | 422            | 18
    2020      | 356            | 11
    2021      | 356            | 11
    2022      | 356            | 11
    2023      | 356            | 11
    2024      | 357            | 15
    2025      | 357            | 15
""")


@pytest.mark.parametrize("rule", COUNTS, ids=lambda rule: rule["on 1 June"])
def test_norways_units(rule: dict[str, str]) -> None:
    tiers = Counter(unit.tier for unit in NORWAY.at(date(int(rule["on 1 June"]), 6, 1)))
    assert tiers == {
        "country": 1,
        "county": int(rule["counties"]),
        "municipality": int(rule["municipalities"]),
    }


def test_norways_splits() -> None:
    """Stokke's small part that went to Tønsberg in 2017 makes it one, too."""
    out_of: dict[str, list[str]] = {}
    for change in NORWAY.changes:
        if NORWAY[change.old].tier == "municipality":
            out_of.setdefault(change.old, []).append(change.new)
    assert {old: len(news) for old, news in out_of.items() if len(news) > 1} == {
        "no-0720": 2,
        "no-5012": 3,
        "no-1850": 2,
        "no-1507": 2,
    }


def test_norways_names_are_short_and_apart() -> None:
    assert NORWAY["no-0301"].name == "Oslo"
    assert NORWAY["no-5612"].name == "Kautokeino"
    assert NORWAY.path("no-4601") == "no/no-46/no-4601"
    today = [u.name for u in NORWAY.at(date(2026, 1, 1)) if u.tier == "municipality"]
    assert len(set(today)) == 357
    assert not [name for name in today if " - " in name]


@pytest.mark.parametrize(("key", "roots"), [("norway", None), ("corail", [FOREIGN])])
def test_every_country_is_whole(key: str, roots: list[Path] | None) -> None:
    """Every closed unit has followers, every unit a parent of its time, every code one unit."""
    tree = load_units(key, roots) if roots else load_units(key)
    replaced = {change.old for change in tree.changes}
    codes = [unit.code for unit in tree.units.values()]
    assert len(set(codes)) == len(codes)
    for unit in tree.units.values():
        if unit.valid_to is not None:
            assert unit.key in replaced, f"{unit.key} ended without a successor"
            assert tree.holders(unit.key, date(2026, 6, 1))
        if unit.parent is not None:
            parent = tree[unit.parent]
            assert parent.valid_to is None or unit.valid_to is not None
            assert parent.valid_to is None or unit.valid_to <= parent.valid_to
    population = load_population(key, roots) if roots else load_population(key)
    schema = {"code": pl.String, "year": pl.Int64, "pop_6_15": pl.Int64}
    assert dict(list(population.schema.items())[:3]) == schema
    assert set(population["code"]) <= set(codes)


def test_a_country_of_three_units() -> None:
    tree = load_units("corail", [FOREIGN])
    assert sorted(tree.units) == ["co", "co-NO", "co-ON"]
    assert [unit.key for unit in tree.at(date(2019, 1, 1))] == ["co", "co-NO"]
    assert load_population("corail", [FOREIGN])["pop_6_15"].sum() == 764


def test_norways_population_is_there_for_every_municipality_and_year() -> None:
    population = load_population("norway")
    assert population.height == 357 * 12
    assert population.group_by("year").len()["len"].unique().to_list() == [357]
    # The sum of the age group in the source, 1 January 2024.
    assert population.filter(pl.col("year") == 2024)["pop_6_15"].sum() == 645_411
    assert population.filter(pl.col("year") == 2024)["pop_0_5"].sum() == 333_870


# file, row that is put in, what it replaces -> key and problem
SLIPS = [
    ("units.csv", "code;name", "code,name,tier", "row 1", "the columns are"),
    ("units.csv", "NO,Île", "NO,Île du Nord,", "row 3", "cells instead of 6"),
    ("units.csv", "AB,Île,islet,0", "NO,Île du Nord,island,0", "row 3, tier", "'islet' is unknown"),
    ("units.csv", "N1,Île du Nord", "NO,Île du Nord", "row 3, code", "no code of the tier island"),
    ("units.csv", "ON,Île du Nord", "NO,Île du Nord", "row 4, code", "'ON' stands twice"),
    ("units.csv", "NO,,island", "NO,Île du Nord,island", "row 3, name", "is empty"),
    ("units.csv", "island,XX,2020", "island,0,2020", "row 4, parent", "does not stand above"),
    (
        "units.csv",
        "island,NO,2020",
        "island,0,2020",
        "row 4, parent",
        "of the tier island, and this",
    ),
    ("units.csv", "island,,2020", "island,0,2020", "row 4, parent", "is empty"),
    ("units.csv", "2020-02-30", "2020-02-01", "row 4, valid_from", "is no day"),
    ("units.csv", "2020-02-01,2019-01-01", "2020-02-01,", "row 4, valid_to", "is not after"),
    (
        "units.csv",
        "CO,Corail,island",
        "0,Corail,country",
        "row 2, tier",
        "first row is of the tier",
    ),
    ("changes.csv", "on,old,new\n2020-02-01,NO,XX", "on,old,new", "row 2, new", "'XX' is unknown"),
    ("changes.csv", "on,old,new\n,NO,ON", "on,old,new", "row 2, on", "is empty"),
    ("changes.csv", "on,old,new\n2020-02-01,NO,NO", "on,old,new", "row 2, new", "follows itself"),
    (
        "changes.csv",
        "on,old,new\n2019-02-01,NO,ON",
        "on,old,new",
        "row 2, new",
        "does not exist on",
    ),
    ("changes.csv", "on,old,new\n2020-02-01,ON,NO", "on,old,new", "row 2, old", "begins on"),
    (
        "changes.csv",
        "on,old,new\n2020-02-01,NO,ON\n2020-02-01,NO,ON",
        "on,old,new",
        "row 3, new",
        "stands twice",
    ),
    ("population.csv", "code,year\n", "code,year,pop_6_15\n", "row 1", "the columns are code,year"),
    ("population.csv", "year,pop_all", "year,pop_6_15", "row 1", "the columns are"),
    ("population.csv", "XX,2024", "NO,2024", "row 2, code", "no code of the tier island today"),
    (
        "population.csv",
        "NO,2024,many",
        "NO,2024,310",
        "row 2, pop_6_15",
        "'many' is no whole number",
    ),
    ("population.csv", "NO,2024,-3", "NO,2024,310", "row 2, pop_6_15", "'-3' is no whole number"),
    ("population.csv", "NO,2024,1\nNO,2024,", "NO,2024,", "row 3, year", "NO has 2024 twice"),
]


@pytest.fixture
def corail(tmp_path: Path) -> Path:
    shutil.copytree(FOREIGN / "countries" / "corail", tmp_path / "countries" / "corail")
    return tmp_path


@pytest.mark.parametrize(("file", "put", "instead_of", "key", "problem"), SLIPS)
def test_slips_name_file_and_row(
    corail: Path, file: str, put: str, instead_of: str, key: str, problem: str
) -> None:
    path = corail / "countries" / "corail" / file
    text = path.read_text(encoding="utf-8")
    assert instead_of in text
    path.write_text(text.replace(instead_of, put, 1), encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        load_population("corail", [corail])
    assert caught.value.file == f"countries/corail/{file}"
    assert caught.value.key == key
    assert problem in caught.value.problem
    assert caught.value.allowed


def test_missing_and_unreadable_tables(corail: Path) -> None:
    units = corail / "countries" / "corail" / "units.csv"
    units.write_bytes("code,name,tier,parent,valid_from,valid_to\n0,Île,,,,".encode("latin-1"))
    with pytest.raises(ContentError, match=r"units\.csv, key 'byte \d+': not UTF-8"):
        load_units("corail", [corail])
    units.unlink()
    with pytest.raises(ContentError, match=r"countries/corail/units\.csv.*is missing"):
        load_units("corail", [corail])


def test_a_change_of_a_unit_that_does_not_exist_is_a_broken_promise() -> None:
    with pytest.raises(AssertionError, match="no unit y"):
        UnitTree([Unit("x", "country", "X", None)], [Change(date(2020, 1, 1), "x", "y")])


def test_norway_is_as_klass_has_it() -> None:
    """Every code on every 1 June since 2013, and every change that is not only of a name."""
    folder = shared("klass")
    with (folder / "klass131_codes_validity_1838_2025.csv").open(encoding="utf-8") as file:
        versions = [row for row in csv.DictReader(file) if row["code"] != "9999"]
    for year in range(2013, 2026):
        day = f"{year}-06-01"
        klass = {
            row["code"]
            for row in versions
            if row["validFrom"] <= day and (not row["validTo"] or day < row["validTo"])
        }
        ours = NORWAY.at(date.fromisoformat(day))
        assert {unit.code for unit in ours if unit.tier == "municipality"} == klass
    with (folder / "klass131_changes_1838_2025.csv").open(encoding="utf-8") as file:
        klass_changes = {
            (row["changeOccurred"], row["oldCode"], row["newCode"])
            for row in csv.DictReader(file)
            if row["changeOccurred"] > "2013-01-01" and row["oldCode"] != row["newCode"]
        }
    ours_changes = {
        (change.on.isoformat(), NORWAY[change.old].code, NORWAY[change.new].code)
        for change in NORWAY.changes
        if NORWAY[change.old].tier == "municipality"
    }
    assert ours_changes == klass_changes
    with (folder / "csdata_municip_hierarchy_2024.csv").open(encoding="utf-8") as file:
        hierarchy = {
            row["municip_code"][-4:]: row["county_code"][-2:] for row in csv.DictReader(file)
        }
    today = [u for u in NORWAY.at(date(2024, 6, 1)) if u.tier == "municipality"]
    assert {u.code: NORWAY[u.parent or ""].code for u in today} == hierarchy
