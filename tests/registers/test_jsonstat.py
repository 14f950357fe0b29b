"""JSON-stat, 1.x and 2.0: what a table says, and that its cells lie where they should."""

from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puls.registers import jsonstat as reader
from puls.registers.dataset import Dataset
from tests.registers.made import UNHURRIED, jsonstat, old_jsonstat, written
from tests.shared_data import shared

TWO_BY_THREE = {"Region": ["0101", "0102"], "Tid": ["2017", "2018", "2019"]}


def read(folder: Path, content: Any) -> Dataset:
    return reader.read(written(folder, content))


def test_what_a_table_says(tmp_path: Path) -> None:
    content = jsonstat(
        TWO_BY_THREE | {"ContentsCode": ["A"]}, [1, 2.5, None, 0, -4, 6], note=["From  1995\n  on"]
    )
    content["dimension"]["ContentsCode"]["category"]["unit"] = {
        "A": {"base": "percent", "decimals": 1}
    }
    content["dimension"]["Tid"]["category"]["note"] = {"2018": ["A break"]}
    found = read(tmp_path, content)
    assert (found.table, found.label, found.source) == ("00001", "00001: Made up", "Made up")
    assert found.updated == datetime(2026, 3, 15, 7, tzinfo=UTC)
    assert found.notes == ("From 1995 on",)
    assert found.size == (2, 3, 1)
    assert [dimension.role for dimension in found.dimensions] == ["", "time", "metric"]
    contents = found.dimensions[2].categories[0]
    assert (contents.unit, contents.decimals) == ("percent", 1)
    assert found.dimensions[1].categories[1].notes == ("A break",)
    assert found.values == {0: 1, 1: 2.5, 3: 0, 4: -4, 5: 6}
    assert found.cells == 6
    assert not found.is_metadata


def test_a_null_is_no_zero_whatever_its_status(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        jsonstat(TWO_BY_THREE, [None, 0, None, None, 5, None], status={"0": ":", "1": "-"}),
    )
    assert found.values == {1: 0, 4: 5}
    assert [found.status(number) for number in range(6)] == [":", "-", "", "", "", ""]


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ({"2": "..", "5": "x!"}, ["", "", "..", "", "", "x!"]),  # unknown symbols are kept
        (["", "", "..", None, "", "*"], ["", "", "..", "", "", "*"]),
        (":", [":"] * 6),  # one for all
        (None, [""] * 6),
        ({}, [""] * 6),
    ],
)
def test_status_as_object_list_or_one_text(
    tmp_path: Path, status: object, expected: list[str]
) -> None:
    found = read(tmp_path, jsonstat(TWO_BY_THREE, [None] * 5 + [1], status=status))
    assert [found.status(number) for number in range(6)] == expected


def test_values_as_an_object(tmp_path: Path) -> None:
    found = read(tmp_path, jsonstat(TWO_BY_THREE, {"4": 7, "1": None, "0": 2}))
    assert found.values == {0: 2, 4: 7}
    assert found.cells == 6


@pytest.mark.parametrize("value", [[], {}])
def test_metadata_has_no_cells_and_says_so(tmp_path: Path, value: object) -> None:
    found = read(tmp_path, jsonstat(TWO_BY_THREE, value))
    assert found.is_metadata
    assert found.cells == 0
    without = jsonstat(TWO_BY_THREE, None)
    del without["value"]
    assert read(tmp_path, without).is_metadata


def test_the_old_form_reads_the_same(tmp_path: Path) -> None:
    new = jsonstat(TWO_BY_THREE | {"ContentsCode": ["A"]}, [1, 2, 3, None, 5, 6], status={"3": "."})
    assert read(tmp_path, new) == read(tmp_path, old_jsonstat(new))


def test_order_of_categories_comes_from_their_places(tmp_path: Path) -> None:
    content = jsonstat(TWO_BY_THREE, [1, 2, 3, 4, 5, 6])
    content["dimension"]["Region"]["category"]["index"] = {"0101": 1, "0102": 0}
    content["dimension"]["Tid"]["category"]["index"] = ["2019", "2017", "2018"]
    found = read(tmp_path, content)
    assert found.dimensions[0].codes == ("0102", "0101")
    assert found.dimensions[1].codes == ("2019", "2017", "2018")


def test_a_single_category_needs_no_index(tmp_path: Path) -> None:
    content = jsonstat({"Region": ["0101"], "Tid": ["2017", "2018"]}, [1, 2])
    del content["dimension"]["Region"]["category"]["index"]
    assert read(tmp_path, content).dimensions[0].codes == ("0101",)


def test_the_table_number_stands_in_the_label_too(tmp_path: Path) -> None:
    content = jsonstat(TWO_BY_THREE, [1] * 6, label="12060: Kultur (K)", extension={})
    assert read(tmp_path, content).table == "12060"
    assert read(tmp_path, content | {"label": "Kultur"}).table == ""


@UNHURRIED
@given(st.data())
def test_cells_lie_where_nested_loops_find_them(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """A second reader, in plain loops: walk through all categories and count."""
    sizes = data.draw(st.lists(st.integers(1, 4), min_size=1, max_size=4))
    dimensions = {f"D{d}": [f"{d}{c}" for c in range(size)] for d, size in enumerate(sizes)}
    cells = 1
    for size in sizes:
        cells *= size
    number = st.one_of(st.none(), st.integers(-99, 99), st.floats(-9, 9))
    values = data.draw(st.lists(number, min_size=cells, max_size=cells))
    statuses = data.draw(st.dictionaries(st.integers(0, cells - 1), st.sampled_from([".", ":"])))
    sparse = data.draw(st.booleans())
    content = jsonstat(
        dimensions,
        {str(at): value for at, value in enumerate(values)} if sparse else values,
        status={str(at): symbol for at, symbol in statuses.items()},
        role={},
    )
    found = read(tmp_path_factory.mktemp("cells"), content)
    counted = 0
    for codes in product(*dimensions.values()):
        at = sum(
            found.strides[name] * found.dimensions[d].codes.index(codes[d])
            for d, name in enumerate(dimensions)
        )
        assert at == counted
        assert found.values.get(at) == values[counted]
        assert found.status(at) == statuses.get(counted, "")
        counted += 1
    assert found.cells == counted


def test_the_real_tables() -> None:
    folder = shared("ssb_jsonstat")
    culture = reader.read(folder / "ssb_v1_jsonstat2_05300_status.json")
    assert (culture.table, culture.size, culture.cells) == ("05300", (6, 8, 1, 9), 432)
    missing = [number for number in range(432) if number not in culture.values]
    assert len(missing) == 28
    symbols = [culture.status(number) for number in missing]
    assert (symbols.count("."), symbols.count("..")) == (20, 8)
    assert sum(value == 0 for value in culture.values.values()) > 0  # true zeros stay zeros

    prices = reader.read(folder / "ssb_v2_data_no.json")
    assert (prices.table, prices.size, len(prices.values)) == ("11118", (14, 1, 2), 28)
    assert prices.values[11] == -7
    assert prices.dimensions[2].categories[1].unit == "prosent"

    people = reader.read(folder / "ssb_v2_metadata_05810_en.json")
    assert people.is_metadata
    assert people.size == (3, 7, 1, 49)
    assert people.dimensions[0].codes == ("0", "2", "1")
    assert reader.read(folder / "ssb_v2_metadata_no.json").is_metadata
