"""Public figures as files: read back by others they are what was given, no more and no less."""

import csv
import io
import json
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyjstat import pyjstat

from puls.cells import ReleasedCell, Status
from puls.documents import open_table
from puls.documents.json_stat import MEASURES, json_stat
from puls.documents.open_table import Measure, OpenTable, Place, Terms
from puls.registers import jsonstat

PLACES = {
    key: Place(key, name, tier)
    for key, name, tier in (
        ("no", "Norge", "country"),
        ("no-1818", "Herøy", "municipality"),
        ("no-1515", "Herøy", "municipality"),
        ("x", "=SUM(A1)", "school"),
    )
}
MEASURED = {
    "joy": Measure("joy", "Trivsel", "snitt 1–5", 1, "answers"),
    "share": Measure("share", "Andel barn", "prosent", 1, "kostra"),
}
TERMS = [
    Terms("answers", "Undersøkelser", "CC BY 4.0", "https://creativecommons.org/x"),
    Terms("kostra", "KOSTRA", "NLOD 2.0", "https://data.norge.no/nlod"),
]

numbers = st.floats(-1e6, 1e6, allow_nan=False).map(lambda value: round(value, 6))


@st.composite
def cells(draw: st.DrawFn) -> list[tuple[ReleasedCell, int]]:
    """Any public cells: at most one for a unit, an indicator, a part and a number of years."""
    kinds = st.tuples(
        st.sampled_from(sorted(PLACES)),
        st.sampled_from(sorted(MEASURED)),
        st.sampled_from([("", 1), ("sex.girl", 1), ("", 2)]),
    )
    found = []
    for unit, indicator, (part, years) in draw(st.lists(kinds, min_size=1, unique=True)):
        of_answers = indicator == "joy"
        value = draw(numbers)
        ends = sorted([draw(numbers), draw(numbers)]) if of_answers else [None, None]
        levels = sorted(draw(st.tuples(st.integers(1, 3), st.integers(1, 3))))
        level_low, level_high = levels if draw(st.booleans()) else (None, None)
        cell = ReleasedCell(
            unit, indicator, 1, 2025, Status.SHOWN, value,
            draw(st.integers(20, 99_999)) if of_answers else None, *ends, level_low, level_high,
            provisional=draw(st.booleans()), part=part, years=years, public=of_answers,
        )  # fmt: skip
        found.append((cell, draw(st.integers(1, 9))))
    return found


def table(found: list[tuple[ReleasedCell, int]]) -> OpenTable:
    return OpenTable(
        title="Puls 2025–26",
        language="nb",
        period=2025,
        cells=found,
        places=PLACES,
        measures=MEASURED,
        terms=TERMS,
        release=9,
        made_at=datetime(2026, 11, 1, tzinfo=UTC),
        k=20,
        pack="kulturskole 2026.1",
        address="https://puls.example.no/apne-data/",
        method="https://puls.example.no/apne-data/#metode",
        note="Til å snakke om.",
        synthetic="Syntetiske data",
    )


def cube(found: list[tuple[ReleasedCell, int]]) -> dict[tuple[str, str, str], float]:
    """What a cube of these cells must hold, in plain loops."""
    held = {}
    for cell, _release in found:
        if cell.part == "" and cell.years == 1:
            for measure in MEASURES:
                value = getattr(cell, measure)
                if value is not None:
                    held[cell.unit, cell.indicator, measure] = value
    return held


def has_a_cube(found: list[tuple[ReleasedCell, int]]) -> bool:
    return any(cell.part == "" and cell.years == 1 for cell, _release in found)


# pyjstat's `write` calls what it advises others against.
@pytest.mark.filterwarnings("ignore:Shouldn't use this function anymore:DeprecationWarning")
@given(cells().filter(has_a_cube))
@settings(max_examples=40, deadline=None)
def test_pyjstat_reads_the_cube_back(found: list[tuple[ReleasedCell, int]]) -> None:
    read = pyjstat.Dataset.read(json_stat(table(found)).decode())
    frame = read.write("dataframe", naming="id")
    held = {
        (row.unit, row.indicator, row.measure): row.value
        for row in frame.itertuples()
        if row.value == row.value and row.value is not None
    }
    assert held == cube(found)
    assert set(frame["period"]) == {"2025"}


@given(cells().filter(has_a_cube))
@settings(max_examples=40, deadline=None)
def test_a_reader_of_pxweb_tables_reads_the_cube_back(
    tmp_path_factory: pytest.TempPathFactory, found: list[tuple[ReleasedCell, int]]
) -> None:
    file = Path(tmp_path_factory.mktemp("cube")) / "puls.json"
    file.write_bytes(json_stat(table(found)))
    read = jsonstat.read(file)
    names = [dimension.name for dimension in read.dimensions]
    codes = [dimension.codes for dimension in read.dimensions]
    held = {}
    for place, value in read.values.items():
        rest, at = place, []
        for these in reversed(codes):
            rest, here = divmod(rest, len(these))
            at.append(these[here])
        unit, indicator, measure, _period = reversed(at)
        held[unit, indicator, measure] = value
    assert names == ["unit", "indicator", "measure", "period"]
    assert held == cube(found)


@given(cells())
@settings(max_examples=40, deadline=None)
def test_the_two_tables_hold_the_same_and_all_of_it(
    found: list[tuple[ReleasedCell, int]],
) -> None:
    given_ = table(found)
    rows = list(csv.DictReader(io.StringIO(open_table.csv(given_).decode())))
    typed = pyarrow.parquet.read_table(io.BytesIO(open_table.parquet(given_))).to_pylist()
    assert len(rows) == len(typed) == len(found)
    for row, same, (cell, release) in zip(rows, typed, found, strict=True):
        for name in ("value", "n", "low", "high", "level_low", "level_high"):
            value = getattr(cell, name)
            assert same[name] == value
            assert (float(row[name]) if row[name] else None) == value
        assert (row["unit"], row["indicator"]) == (same["unit"], same["indicator"])
        assert (same["part"], same["years"]) == (cell.part, cell.years)
        assert same["release"] == release
        assert same["synthetic"] is True
        assert row["provisional"] == str(cell.provisional).lower()


ONE = [(ReleasedCell("x", "share", 1, 2025, Status.SHOWN, 12.5, provisional=True), 3)]


def test_a_name_never_becomes_a_formula() -> None:
    assert "'=SUM(A1)" in open_table.csv(table(ONE)).decode()


def test_a_provisional_figure_says_so_in_the_cube() -> None:
    told = json.loads(json_stat(table(ONE)))
    assert told["status"] == {"0": "p"}
    assert told["dimension"]["indicator"]["category"]["unit"]["share"]["base"] == "prosent"
    assert told["role"] == {"geo": ["unit"], "metric": ["indicator"], "time": ["period"]}


@pytest.mark.parametrize("kind", ["csv", "parquet", "json"])
def test_every_file_says_its_licence_its_release_and_that_it_is_made_up(kind: str) -> None:
    given_ = table(ONE)
    if kind == "csv":
        row = next(csv.DictReader(io.StringIO(open_table.csv(given_).decode())))
        assert (row["licence"], row["release"], row["synthetic"]) == ("NLOD 2.0", "3", "true")
        return
    if kind == "json":
        told = json.loads(json_stat(given_))["extension"]["puls"]
    else:
        kept = pyarrow.parquet.read_schema(io.BytesIO(open_table.parquet(given_))).metadata
        told = {key.decode(): json.loads(value) for key, value in kept.items()}
    assert [each["name"] for each in told["licences"]] == ["CC BY 4.0", "NLOD 2.0"]
    assert (told["release"], told["synthetic"], told["smallest_group"]) == (9, True, 20)
    assert told["method"].endswith("#metode")


def test_the_description_has_columns_licences_and_checksums() -> None:
    given_ = table(ONE)
    files = {"puls.csv": open_table.csv(given_), "puls.json": json_stat(given_)}
    told = json.loads(open_table.datapackage(given_, files))
    assert [each["path"] for each in told["resources"]] == list(files)
    for each, data in zip(told["resources"], files.values(), strict=True):
        assert each["hash"] == f"sha256:{sha256(data).hexdigest()}"
        assert each["bytes"] == len(data)
    heads = next(csv.reader(io.StringIO(files["puls.csv"].decode())))
    assert [each["name"] for each in told["resources"][0]["schema"]["fields"]] == heads
    assert {each["path"] for each in told["licenses"]} == {each.url for each in TERMS}
    lines = open_table.checksums(files).decode().splitlines()
    assert lines[0] == f"{sha256(files['puls.csv']).hexdigest()}  puls.csv"
