"""Files that were made to take all memory or all time are refused before they do."""

import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from puls.errors import ImportFileError
from puls.registers import files, gsi, jsonstat, ssb, udir
from tests.registers.made import TREE, binding, written
from tests.registers.made import jsonstat as table

TWO = {"Region": ["0103"], "Tid": ["2020", "2021"]}


def axes(number: int, size: int) -> dict[str, Any]:
    """A table of so many dimensions, each of so many categories, that describes none of them."""
    names = [f"D{each}" for each in range(number)]
    return table(TWO, [1, 2]) | {"id": names, "size": [size] * number, "role": {}}


def twice(number: int) -> dict[str, Any]:
    codes = [str(each) for each in range(number)]
    content = table({"Region": codes}, [None] * number)
    content["dimension"]["Region"]["category"]["index"] = [*codes[1:], codes[-1]]
    return content


def unknown_region(length: int) -> dict[str, Any]:
    return table({"Region": ["9" * length], "ContentsCode": ["A"], "Tid": ["2020"]}, [1])


def wide(headings: int, rows: int = 1) -> dict[str, Any]:
    level = [{"name": "A", "columnCount": udir.MAX_COLUMNS}] * headings
    return {"metadata": {"columns": [level] * rows}, "rows": [{}]}


def as_ssb(file: Path) -> object:
    return ssb.read(file, [binding()], TREE)


HOSTILE: dict[str, tuple[Callable[[Path], object], Callable[[], Any], str]] = {
    "dimensions without end": (
        jsonstat.read, lambda: axes(150_000, 1), "150,000 dimensions"),
    "dimensions whose product has thousands of digits": (
        jsonstat.read, lambda: axes(50, 10**299), "cells or more"),
    "a category twice, among very many": (
        jsonstat.read, lambda: twice(60_000), "stands twice"),
    "more brackets than anybody writes": (
        jsonstat.read, lambda: "[" + "[]," * 1_200_000 + "[]]", "1,200,002 brackets"),
    "more values than anybody writes": (
        jsonstat.read, lambda: "[" + "1," * 4_500_000 + "1]", "4,500,000 values"),
    "brackets in brackets": (
        jsonstat.read, lambda: "[" * 900_000, "brackets inside brackets"),
    "a region with a code like a book": (
        as_ssb, lambda: unknown_region(10**6), "not in the unit tree"),
    "headings that span more than all": (
        gsi.read_table, lambda: wide(1_000), "more than 10,000 columns"),
    "header rows without end": (
        gsi.read_table, lambda: wide(1, 500), "500 header rows"),
}  # fmt: skip

ROOM = 15
"""So many times a file's own size may be in use while it is read and refused; at least 2 MB."""


def refused(read: Callable[[Path], object], file: Path) -> tuple[ImportFileError, float]:
    """The error, and the most memory in use as a multiple of the file's size."""
    tracemalloc.start()
    try:
        with pytest.raises(ImportFileError) as caught:
            read(file)
        return caught.value, tracemalloc.get_traced_memory()[1] / max(file.stat().st_size, 100_000)
    finally:
        tracemalloc.stop()


@pytest.mark.timeout(60)  # Each takes a second; what is not refused in time takes hours.
@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_refused_in_a_sentence_and_in_little_room(name: str, tmp_path: Path) -> None:
    read, content, problem = HOSTILE[name]
    error, room = refused(read, written(tmp_path, content()))
    assert problem in error.problem
    assert len(str(error)) < 2_000
    assert room < ROOM


@pytest.mark.long
@pytest.mark.parametrize("size", [1, 2])
def test_a_million_dimensions(size: int, tmp_path: Path) -> None:
    error, room = refused(jsonstat.read, written(tmp_path, axes(10**6, size)))
    assert error.problem == "1,000,000 dimensions"
    assert room < ROOM


def test_the_measure_finds_a_reader_that_reads_before_it_counts(tmp_path: Path) -> None:
    """So few brackets are read, and take many times the room of the file: what is counted for."""
    error, room = refused(jsonstat.read, written(tmp_path, "[" + "[]," * 150_000 + "[]]"))
    assert "a list instead of an object" in error.problem
    assert room > ROOM


def test_json_beyond_all_size_is_refused_before_it_is_read(tmp_path: Path) -> None:
    file = tmp_path / "large.json"
    with file.open("wb") as sparse:
        sparse.truncate(files.MAX_JSON_BYTES + 1)
    error, room = refused(jsonstat.read, file)
    assert "at most 64 MB" in error.expected
    assert room < 0.01


def test_the_largest_answer_of_a_register_is_within_bounds(tmp_path: Path) -> None:
    """800,000 cells, each with a value and a symbol, are counted and not read here."""
    content = json.dumps([1.5, "x"] * 800_000)
    assert content.count(",") < files.MAX_JSON_VALUES
    assert 3 * len(content) < files.MAX_JSON_BYTES
