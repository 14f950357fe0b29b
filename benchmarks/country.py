"""A made-up country's answers as sealed Parquet files, the same for the same seed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from puls.content.definitions import (
    Construct,
    Criteria,
    Indicator,
    Item,
    Role,
    Scale,
    Survey,
    SurveySource,
)
from puls.units import Unit, UnitTree

YEARS = (2023, 2024, 2025)
COUNTIES, MUNICIPALITIES, SCHOOLS = 15, 357, 3000
ITEMS = (3, 5, 4, 4, 4, 4, 4, 4, 3, 5)
MISSING = 0.05
CHUNK = 250_000
DAY = date(2026, 6, 1)
WEIGHTS = {"country": 10**6, "county": 10**4, "municipality": 600, "school": 60}


def _construct(number: int, items: int) -> Construct:
    # The last item of every other construct is reverse-worded.
    return Construct(
        f"c{number}",
        tuple(Item(f"c{number}_{at}", at == items - 1 and number % 2 == 1) for at in range(items)),
    )


SURVEY = Survey(
    "student",
    1,
    "students",
    Scale("agree_5", 1, 5),
    tuple(_construct(number, items) for number, items in enumerate(ITEMS)),
)


@dataclass(frozen=True)
class Country:
    """schools: their keys, sorted. parents: the unit above each unit. tree: the same."""

    schools: tuple[str, ...]
    parents: Mapping[str, str | None]
    tree: UnitTree


def country() -> Country:
    """15 counties, 357 municipalities and 3,000 schools, each municipality with one or more."""
    chance = np.random.default_rng(1)
    county = np.sort(np.arange(MUNICIPALITIES) % COUNTIES)
    spread = np.concatenate(
        [np.arange(MUNICIPALITIES), chance.integers(0, MUNICIPALITIES, SCHOOLS - MUNICIPALITIES)]
    )
    units = [Unit("no", "country", "The country", None)]
    units += [Unit(f"no-{at:02}", "county", f"County {at}", "no") for at in range(COUNTIES)]
    units += [
        Unit(f"no-{above:02}{at:03}", "municipality", f"Municipality {at}", f"no-{above:02}")
        for at, above in enumerate(county)
    ]
    for at, above in enumerate(spread):
        parent = f"no-{county[above]:02}{above:03}"
        units.append(Unit(f"school-{at:04}", "school", f"School {at}", parent))
    schools = tuple(unit.key for unit in units if unit.tier == "school")
    return Country(schools, {unit.key: unit.parent for unit in units}, UnitTree(units))


def indicators() -> dict[str, Indicator]:
    """One for each construct, with criteria."""
    criteria = Criteria(
        "mean", 1, 3, (3.0, 4.0), True, {"en": "the benchmark"}, DAY, {"en": "to measure"}
    )
    return {
        construct.key: Indicator(
            construct.key,
            1,
            "results",
            Role.RESULT,
            SurveySource(SURVEY.key, construct.key),
            "mean_1_5",
            1,
            criteria,
        )
        for construct in SURVEY.constructs
    }


def write(respondents: int, folder: Path, seed: int = 1) -> None:
    """Respondents spread evenly over the years, over schools of lognormal size, in random order."""
    chance = np.random.default_rng(seed)
    schools = np.array(country().schools)
    size = chance.lognormal(0, 1, SCHOOLS)
    for year in YEARS:
        count = respondents // len(YEARS)
        school = np.repeat(np.arange(SCHOOLS), chance.multinomial(count, size / size.sum()))
        chance.shuffle(school)
        practice = chance.normal(0, 0.2, SCHOOLS).astype(np.float32)
        schema = pa.schema(
            [("leaf", pa.string()), *((item.key, pa.int8()) for item in SURVEY.items)]
        )
        with pq.ParquetWriter(folder / f"{year}.parquet", schema, compression="zstd") as out:
            for begin in range(0, count, CHUNK):
                leaf = school[begin : begin + CHUNK]
                answers = _answers(practice[leaf], chance)
                columns = [pa.array(schools[leaf]), *answers]
                out.write_table(pa.table(columns, schema=schema))


def _answers(practice: np.ndarray, chance: np.random.Generator) -> list[pa.Array]:
    people = len(practice)

    def noise(spread: float) -> np.ndarray:
        return chance.standard_normal(people, dtype=np.float32) * np.float32(spread)

    person, columns = practice + noise(0.5), []
    for construct in SURVEY.constructs:
        latent = person + noise(0.6)
        for item in construct.items:
            seen = np.clip(np.rint(latent + noise(0.7) + np.float32(3.4)), 1, 5).astype(np.int8)
            given = 6 - seen if item.reversed else seen
            columns.append(pa.array(given, mask=chance.random(people, dtype=np.float32) < MISSING))
    return columns


def digest(table: pl.DataFrame) -> str:
    """A number that is the same for the same whole numbers and words in the same order."""
    import hashlib

    found = hashlib.sha256()
    for column in table.get_columns():
        if column.dtype == pl.String:
            column = column.hash(seed=0)
        found.update(np.ascontiguousarray(column.to_numpy()).tobytes())
    return found.hexdigest()[:16]
