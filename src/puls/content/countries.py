"""A country's units, their changes and its population, from the tables beside its country.yaml.

    units.csv       code,name,tier,parent,valid_from,valid_to  a row per unit that is or was
    changes.csv     on,old,new             (some of) the old unit became (part of) the new one
    population.csv  code,year,pop_6_15,... residents on 1 January by age, on today's borders

Codes are what registers call a unit; keys are the country's root and the code: "no-4601". An
empty valid_from means "from before the table begins", an empty valid_to "still". A new name is no
change, and neither is a part that a living unit takes in a new unit: the closed one gets a row in
changes.csv. Every slip is a ContentError with file and row.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl

from puls.content.definitions import Country
from puls.content.loading import BUILT_IN, load_country
from puls.content.reading import listed
from puls.errors import ContentError
from puls.units import Change, Unit, UnitTree

UNITS = ("code", "name", "tier", "parent", "valid_from", "valid_to")
CHANGES = ("on", "old", "new")
NAMES = ("code", "before", "now")
POPULATION = ("code", "year")
AGES = re.compile(r"pop_[0-9]+_[0-9]+")
"""Columns beside those two: residents from one age to another."""


def load_units(
    country_key: str, roots: Sequence[Path] = (BUILT_IN,), since: Path | None = None
) -> UnitTree:
    """The country, its counties and municipalities, with everything they came from.

    since: a folder with what has happened since the tables were made, if there is (`_with_since`).
    """
    country, folder = _country(country_key, roots)
    units: dict[str, Unit] = {}
    for row in _rows(folder, "units.csv", UNITS):
        unit = _unit(row, country, units)
        if unit.key in units:
            raise row.wrong("code", f"'{unit.code}' stands twice", "each code once")
        units[unit.key] = unit
    if not units:
        raise ContentError(f"countries/{country_key}/units.csv", "row 2", "there are no units")
    changes: dict[Change, None] = {}
    for row in _rows(folder, "changes.csv", CHANGES):
        change = _change(row, country, units)
        if change in changes:
            raise row.wrong("new", "this change stands twice", "each change once")
        changes[change] = None
    if since is not None and (since / "units.csv").is_file():
        _with_since(since, country, units, changes)
    return UnitTree(units.values(), changes)


def _with_since(
    folder: Path, country: Country, units: dict[str, Unit], changes: dict[Change, None]
) -> None:
    """Add what an installation has learned since, which later tables of the country may know too.

    units.csv    new units, and the days on which units there are have ended
    changes.csv  as above
    names.csv    code,before,now: a new name, as long as the tables have the one before

    The country's own tables win where they know more: a unit that has ended stays so. Who learns
    writes units.csv first and changes.csv last; one that is not there yet says nothing.
    """

    def rows(name: str, columns: Sequence[str]) -> Iterator[_Row]:
        return _rows(folder, name, columns) if (folder / name).is_file() else iter(())

    for row in rows("units.csv", UNITS):
        unit = _unit(row, country, units)
        known = units.get(unit.key)
        if known is not None:
            unit = replace(known, valid_to=known.valid_to or unit.valid_to)
        units[unit.key] = unit
    for row in rows("names.csv", NAMES):
        known = units.get(_key(row["code"], country))
        if known is None:
            raise row.wrong("code", f"'{row['code']}' is unknown", "a code in units.csv")
        if known.name == row["before"]:
            units[known.key] = replace(known, name=row.needed("now"))
    for row in rows("changes.csv", CHANGES):
        changes[_change(row, country, units)] = None


def load_population(country_key: str, roots: Sequence[Path] = (BUILT_IN,)) -> pl.DataFrame:
    """Children by age: a row per municipality of today and year.

    code    String   the municipality's register code, on the newest borders
    year    Int64    residents on 1 January of it
    pop_6_15  Int64  residents aged 6 to 15, never missing; other ages likewise, where they are
    """
    country, folder = _country(country_key, roots)
    tree = load_units(country_key, roots)
    open_codes = {
        unit.code
        for unit in tree.units.values()
        if unit.tier == country.tenant_tier and unit.valid_to is None
    }
    found: dict[tuple[str, int], tuple[int, ...]] = {}
    ages: tuple[str, ...] = ()
    for row in _rows(folder, "population.csv", POPULATION, AGES):
        code, year = row["code"], row.whole("year")
        if code not in open_codes:
            problem = f"'{code}' is no code of the tier {country.tenant_tier} today"
            raise row.wrong("code", problem, "codes in units.csv without valid_to")
        if (code, year) in found:
            raise row.wrong("year", f"{code} has {year} twice", "each code and year once")
        ages = tuple(column for column in row.cells if column not in POPULATION)
        found[code, year] = tuple(row.whole(age) for age in ages)
    return pl.DataFrame(
        [(*place, *residents) for place, residents in found.items()],
        schema={"code": pl.String, "year": pl.Int64, **dict.fromkeys(ages, pl.Int64)},
        orient="row",
    )


def _country(key: str, roots: Sequence[Path]) -> tuple[Country, Path]:
    country = load_country(key, roots)
    folders = [root / "countries" / key for root in roots]
    return country, next(folder for folder in folders if (folder / "country.yaml").is_file())


class _Row:
    """One line of a table, and where it stands."""

    def __init__(self, file: str, number: int, cells: Mapping[str, str]) -> None:
        self.file, self.number, self.cells = file, number, cells

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def wrong(self, column: str, problem: str, allowed: str) -> ContentError:
        return ContentError(self.file, f"row {self.number}, {column}", problem, allowed)

    def needed(self, column: str) -> str:
        if not self[column]:
            raise self.wrong(column, "is empty", "a value")
        return self[column]

    def day(self, column: str) -> date | None:
        if not self[column]:
            return None
        try:
            return date.fromisoformat(self[column])
        except ValueError:
            allowed = "a day such as 2024-01-01, or nothing"
            raise self.wrong(column, f"'{self[column]}' is no day", allowed) from None

    def whole(self, column: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", self[column]):
            raise self.wrong(column, f"'{self[column]}' is no whole number", "0, 1, 2 ...")
        return int(self[column])


def _rows(
    folder: Path, name: str, columns: Sequence[str], more: re.Pattern[str] | None = None
) -> Iterator[_Row]:
    """The lines of a table with these columns. more: what further columns are called, if any may
    stand behind them; then there is at least one."""
    file = f"{folder.parent.name}/{folder.name}/{name}"
    try:
        text = (folder / name).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ContentError(file, "(file)", "is missing", f"columns {','.join(columns)}") from None
    except UnicodeDecodeError as slip:
        raise ContentError(file, f"byte {slip.start}", "not UTF-8 text", "UTF-8") from None
    lines = csv.reader(io.StringIO(text, newline=""))
    head = next(lines, [])
    behind = head[len(columns) :]
    fits = bool(behind) and all(map(more.fullmatch, behind)) if more else not behind
    if head[: len(columns)] != list(columns) or not fits or len(set(head)) < len(head):
        allowed = ",".join(columns) + (",pop_6_15 and other ages" if more else "")
        raise ContentError(file, "row 1", f"the columns are {','.join(head)}", allowed)
    columns = head
    for number, cells in enumerate(lines, start=2):
        if len(cells) != len(columns):
            problem = f"{len(cells)} cells instead of {len(columns)}"
            raise ContentError(file, f"row {number}", problem, ",".join(columns))
        yield _Row(file, number, dict(zip(columns, map(str.strip, cells), strict=True)))


def _key(code: str, country: Country) -> str:
    return f"{country.root}-{code}"


def _unit(row: _Row, country: Country, before: Mapping[str, Unit]) -> Unit:
    """One unit; its parent must stand above it in the table."""
    tiers = country.tier_keys
    code, tier, name = row.needed("code"), row.needed("tier"), row.needed("name")
    if tier not in tiers:
        raise row.wrong("tier", f"'{tier}' is unknown", listed(tiers))
    pattern = country.codes.get(tier)
    if pattern and not re.fullmatch(pattern, code):
        raise row.wrong("code", f"'{code}' is no code of the tier {tier}", pattern)
    begins, ends = row.day("valid_from"), row.day("valid_to")
    if begins and ends and ends <= begins:
        raise row.wrong("valid_to", f"{ends} is not after {begins}", f"a day after {begins}")
    parent = _parent(row, tier, tiers, country, before)
    key = country.root if parent is None else _key(code, country)
    return Unit(key, tier, name, parent, begins, ends, code)


def _parent(
    row: _Row, tier: str, tiers: Sequence[str], country: Country, before: Mapping[str, Unit]
) -> str | None:
    code = row["parent"]
    if not code:
        if before:
            raise row.wrong("parent", "is empty", "a code above; only the first row has none")
        if tier != tiers[0]:
            raise row.wrong("tier", f"the first row is of the tier {tier}", tiers[0])
        return None
    root = before.get(country.root)
    key = country.root if root is not None and root.code == code else _key(code, country)
    if key not in before:
        raise row.wrong("parent", f"'{code}' does not stand above", "the code of an earlier row")
    if tiers.index(before[key].tier) >= tiers.index(tier):
        problem = f"'{code}' is of the tier {before[key].tier}, and this of {tier}"
        raise row.wrong("parent", problem, "a unit of a tier above")
    return key


def _change(row: _Row, country: Country, units: Mapping[str, Unit]) -> Change:
    day = row.day("on")
    if day is None:
        raise row.wrong("on", "is empty", "a day such as 2024-01-01")
    for column in ("old", "new"):
        if _key(row[column], country) not in units:
            raise row.wrong(column, f"'{row[column]}' is unknown", "a code in units.csv")
    old, new = (units[_key(row[column], country)] for column in ("old", "new"))
    if old.key == new.key:
        raise row.wrong("new", f"'{new.code}' follows itself", "another unit; a name is no change")
    if old.tier != new.tier:
        raise row.wrong("new", f"of the tier {new.tier}, not {old.tier}", f"tier {old.tier}")
    if not new.valid_on(day):
        raise row.wrong("new", f"'{new.code}' does not exist on {day}", "a unit valid on the day")
    if old.valid_from is not None and old.valid_from >= day:
        raise row.wrong(
            "old", f"'{old.code}' begins on {old.valid_from}", f"a unit from before {day}"
        )
    if old.valid_to is not None and old.valid_to < day:
        problem = f"'{old.code}' ended on {old.valid_to}, before the change"
        raise row.wrong("old", problem, "the day on which the unit ends, or before")
    return Change(day, old.key, new.key)
