"""What register figures mean

A register's region becomes a unit of the tree, its year a school year, its symbols a note. What is
not bound is recorded; what nobody declared stops.
"""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from puls.content.bindings import Provisional
from puls.content.countries import load_units
from puls.errors import ContentError, ImportFileError
from puls.figures import Figure
from puls.registers import gsi, ssb
from puls.registers.tables import RegisterTable
from tests.registers.made import TREE, binding, jsonstat, udir, written
from tests.shared_data import shared

CONTENTS = {"ContentsCode": ["A"]}


def read_ssb(folder: Path, content: Any, *bindings: Any, tree: Any = TREE) -> RegisterTable:
    return ssb.read(written(folder, content), bindings or (binding(),), tree)


def one(folder: Path, value: Any, year: str = "2020", code: str = "0103", **more: Any) -> Figure:
    """The figure of a table with a single cell."""
    content = jsonstat({"Region": [code], **CONTENTS, "Tid": [year]}, [value], **more)
    (figure,) = read_ssb(folder, content).figures
    return figure


# the cell, its status -> value and note of the figure
CELLS = [
    (16, None, 16, ""),
    (0, None, 0, ""),  # a real zero
    (None, None, None, ""),  # missing without a word
    (None, ".", None, "."),  # not possible
    (None, "..", None, ".."),  # missing
    (None, ":", None, ":"),  # confidential
    (None, "-", None, "-"),  # zero before 2021, but no number stands there
    (None, "?!", None, "?!"),  # a symbol that nobody knows is kept
    (7, ":", None, ":"),  # confidential wins over the number beside it
    (7, "b", 7, "b"),
    (7, "*", 7, "*"),
]


@pytest.mark.parametrize(("value", "status", "expected", "note"), CELLS)
def test_symbols(
    tmp_path: Path, value: float | None, status: str | None, expected: float | None, note: str
) -> None:
    found = one(tmp_path, value, status={"0": status} if status else {})
    assert (found.value, found.note) == (expected, note)


# year of the figure, last update of the table -> provisional
PROVISIONAL = [
    ("2025", "2026-03-15T07:00:00Z", True),  # published in March
    ("2025", "2026-06-14T23:59:59Z", True),
    ("2025", "2026-06-15T06:00:00Z", False),  # revised in June
    ("2024", "2026-03-15T07:00:00Z", False),  # last year's figures are final
    ("2025", None, True),  # a table that does not say when cannot be final
]


@pytest.mark.parametrize(("year", "updated", "expected"), PROVISIONAL)
def test_provisional(tmp_path: Path, year: str, updated: str | None, expected: bool) -> None:
    assert one(tmp_path, 5, year, updated=updated).provisional is expected
    assert one(tmp_path, 5, year, updated=updated, status="*").provisional
    assert not one(tmp_path, None, year, updated=updated, status="*").provisional


# region code -> unit; a year's figures belong to the school year that starts in it
REGIONS = [("0103", "x-0103"), ("EKA01", "x-01"), ("01", "x-01"), ("EAK", "x")]


@pytest.mark.parametrize(("code", "unit"), REGIONS)
def test_regions_and_years(tmp_path: Path, code: str, unit: str) -> None:
    found = one(tmp_path, 5, "2021", code=code)
    assert (found.unit, found.period, found.indicator) == (unit, 2021, "pupils")


def test_skipped_regions_are_recorded(tmp_path: Path) -> None:
    content = jsonstat({"Region": ["EKG01", "0103"], **CONTENTS, "Tid": ["2020"]}, [9, 5])
    found = read_ssb(tmp_path, content)
    assert [figure.unit for figure in found.figures] == ["x-0103"]
    assert found.refused == (("EKG01 Region EKG01", "a group, not a unit"),)
    assert found.rows_in == 2


def test_an_undeclared_region_stops(tmp_path: Path) -> None:
    content = jsonstat({"Region": ["0104"], **CONTENTS, "Tid": ["2020"]}, [5])
    content["dimension"]["Region"]["category"]["label"] = {"0104": "Nes"}
    with pytest.raises(ImportFileError) as caught:
        read_ssb(tmp_path, content)
    assert caught.value.where == "dimension Region"
    assert "'0104' (Nes) is not in the unit tree" in caught.value.problem
    assert "0103 Nes" in caught.value.expected
    assert "sources/kostra.yaml" in caught.value.next_step


def test_a_region_of_the_pack_that_is_no_unit_is_the_packs_slip(tmp_path: Path) -> None:
    content = jsonstat({"Region": ["EAK"], **CONTENTS, "Tid": ["2020"]}, [5])
    with pytest.raises(ContentError, match=r"sources/kostra\.yaml, key 'regions\.EAK'"):
        read_ssb(tmp_path, content, binding(regions={"EAK": "y"}))


def test_closed_units_keep_their_figures_and_lose_the_cells_of_later_years(tmp_path: Path) -> None:
    values = [10, None, 20, None, None, 30]
    content = jsonstat(
        {"Region": ["0101", "0102", "0103"], **CONTENTS, "Tid": ["2019", "2020"]},
        values,
        status={"1": ".", "3": ".", "4": "."},
    )
    found = read_ssb(tmp_path, content)
    assert {(figure.unit, figure.period): figure.value for figure in found.figures} == {
        ("x-0101", 2019): 10,
        ("x-0102", 2019): 20,
        ("x-0103", 2020): 30,
    }
    assert found.refused == (("3 cells", "no figure, and the unit did not exist in that year"),)
    assert found.rows_in == 6


def test_contents_are_bound_by_code_or_by_label(tmp_path: Path) -> None:
    content = jsonstat({"Region": ["0103"], "Tid": ["2020"], "ContentsCode": ["Z", "B", "A"]},
                       [1, 2, 3])  # fmt: skip
    content["dimension"]["ContentsCode"]["category"]["label"]["B"] = "Share of children"
    found = read_ssb(tmp_path, content)
    assert [(figure.indicator, figure.value) for figure in found.figures] == [
        ("share", 2),
        ("pupils", 3),
    ]
    assert found.refused == (("Z ContentsCode Z", "feeds no indicator of the pack"),)
    assert (found.source, found.table, found.licence) == ("kostra", "00001", "CC BY 4.0")


def test_other_dimensions_need_one_category(tmp_path: Path) -> None:
    sexes = {"Region": ["0103"], "Kjonn": ["1", "2"], **CONTENTS, "Tid": ["2020"]}
    content = jsonstat(sexes, [40, 60])
    with pytest.raises(ImportFileError) as caught:
        read_ssb(tmp_path, content)
    assert caught.value.where == "dimension Kjonn"
    assert "1 (Kjonn 1), 2 (Kjonn 2)" in caught.value.problem
    assert "with one category of Kjonn" in caught.value.next_step
    (chosen,) = read_ssb(tmp_path, content, binding(fixed={"Kjonn": "2"})).figures
    assert chosen.value == 60
    (single,) = read_ssb(tmp_path, jsonstat(sexes | {"Kjonn": ["0"]}, [100])).figures
    assert single.value == 100
    with pytest.raises(ImportFileError, match="dimension Alder: missing"):
        read_ssb(tmp_path, content, binding(fixed={"Kjonn": "2", "Alder": "6-15"}))


def test_two_rows_of_one_unit_stop(tmp_path: Path) -> None:
    content = jsonstat({"Region": ["01", "EKA01"], **CONTENTS, "Tid": ["2020"]}, [1, 2])
    with pytest.raises(ImportFileError, match="cell 1: a second figure of Øst for pupils in 2020"):
        read_ssb(tmp_path, content)


@pytest.mark.parametrize("year", ["2024M10", "2024K3", "2024-2026", "all", "²⁰²⁴"])
def test_only_years_are_school_years(tmp_path: Path, year: str) -> None:
    with pytest.raises(ImportFileError, match=r"dimension Tid: .* is no year"):
        one(tmp_path, 5, year)


def test_a_table_that_nobody_bound_stops(tmp_path: Path) -> None:
    content = jsonstat({"Region": ["0103"], **CONTENTS, "Tid": ["2020"]}, [5])
    with pytest.raises(ImportFileError) as caught:
        read_ssb(tmp_path, content, binding(table="13135"), binding(table="12060"))
    assert caught.value.where == "table 00001"
    assert caught.value.expected == "one of the tables 12060, 13135"
    with pytest.raises(ImportFileError, match=r"only A .*one of C"):
        read_ssb(tmp_path, content, binding(cells={"C": "pupils"}))


def test_a_binding_without_a_table_takes_any_that_has_its_contents(tmp_path: Path) -> None:
    content = jsonstat({"Region": ["0103"], **CONTENTS, "Tid": ["2020"]}, [5])
    found = read_ssb(tmp_path, content, binding(table="13135"), binding(table=""))
    assert [figure.value for figure in found.figures] == [5]


@pytest.mark.parametrize("value", [[], [5]])
def test_metadata_and_tables_without_regions_are_recorded(tmp_path: Path, value: list[int]) -> None:
    dimensions = {"Kjonn": ["0"], **CONTENTS, "Tid": ["2020"]}
    found = read_ssb(tmp_path, jsonstat(dimensions, value, note=["A footnote"]), binding(table="9"))
    assert found.figures == ()
    assert (found.source, found.licence, found.table) == ("ssb", "CC BY 4.0", "00001")
    assert found.rows_in == len(value)
    assert found.selection == {"Kjonn": ("0",), "ContentsCode": ("A",), "Tid": ("2020",)}
    assert found.notes[0] == "A footnote"
    assert found.notes[1].startswith(
        "The file describes" if not value else "The table has no regions"
    )


# Udir's cell -> value and note
UDIR_CELLS = [
    ("12", 12, ""),
    ("0", 0, ""),
    ("38 101", 38101, ""),
    ("38\u00a0101", 38101, ""),
    ("1\u202f234\u202f567", 1234567, ""),
    ("6,25", 6.25, ""),
    ("1 234,5", 1234.5, ""),
    ("-3", -3, ""),
    ("*", None, "*"),
    ("-", None, "-"),
    (" 7 ", 7, ""),
    ("", None, ""),
]
UDIR = binding(
    source="gsi", table="GSI", cells={"Elever": "pupils", "Venteliste, sum": "waiting"},
    region_pattern=r"(\d{2}|\d{4})", regions={}, skip={"2100": "Svalbard"}, provisional=None,
)  # fmt: skip
ONE_COLUMN = ([("2025-26", 1)], [("Alle kjønn", 1)], [("Elever", 1)])


@pytest.mark.parametrize(("cell", "value", "note"), UDIR_CELLS)
def test_udirs_cells(tmp_path: Path, cell: str, value: float | None, note: str) -> None:
    content = udir([("Nes", "0103", "1.1.1", [cell])], *ONE_COLUMN)
    (found,) = gsi.read(written(tmp_path, content), [UDIR], TREE).figures
    assert found == Figure("pupils", "x-0103", 2025, value, note)


def test_udirs_rows_of_all_tiers(tmp_path: Path) -> None:
    rows = [
        ("Nasjonalt", "I", "1", ["9"]),
        ("Øst", "01", "1.4", ["8"]),
        ("Nes", "0103", "1.4.7", ["7"]),
        ("Svalbard", "2100", "1.5.9", ["6"]),
    ]
    found = gsi.read(written(tmp_path, udir(rows, *ONE_COLUMN)), [UDIR], TREE)
    assert [figure.unit for figure in found.figures] == ["x", "x-01", "x-0103"]
    assert found.refused == (("2100 Svalbard", "Svalbard"),)
    assert (found.rows_in, found.label) == (4, "GSI 2025–26")


@pytest.mark.parametrize(
    ("rows", "where"),
    [
        ([("Ny", "0104", "1.4.7", ["1"])], r"row 1 \(0104 Ny\): the region '0104'"),
        ([("Nes skole", "974738465", "1.4.7.1", ["1"])], r"the region '974738465'"),
        (
            [("Nes", "0103", "1.4.7", ["1"]), ("Nes", "0103", "1.4.7", ["1"])],
            r"row 2 \(0103 Nes\): row 1 has the same unit",
        ),
    ],
)
def test_udirs_unknown_and_repeated_rows_stop(tmp_path: Path, rows: Any, where: str) -> None:
    with pytest.raises(ImportFileError, match=where):
        gsi.read(written(tmp_path, udir(rows, *ONE_COLUMN)), [UDIR], TREE)


def test_udirs_headings_choose_the_columns(tmp_path: Path) -> None:
    """A column is known by its lowest heading or its lowest few; others are recorded."""
    levels = (
        [("2024-25", 2), ("2025-26", 3)],
        [("Elever", 1), ("Venteliste", 1), ("Elever", 1), ("Venteliste", 1), ("Annet", 1)],
        [("Elever", 1), ("sum", 1), ("Elever", 1), ("sum", 1), ("Annet", 1)],
    )
    content = udir([("Nes", "0103", "1.1.1", ["1", "2", "3", "4", "5"])], *levels)
    found = gsi.read(written(tmp_path, content), [UDIR], TREE)
    assert {(each.indicator, each.period): each.value for each in found.figures} == {
        ("pupils", 2024): 1,
        ("waiting", 2024): 2,
        ("pupils", 2025): 3,
        ("waiting", 2025): 4,
    }
    assert found.refused == (("2025-26 > Annet > Annet", "feeds no indicator of the pack"),)


def test_udirs_breakdowns_need_a_choice(tmp_path: Path) -> None:
    levels = ([("2025-26", 2)], [("Gutter", 1), ("Alle kjønn", 1)], [("Elever", 2)])
    file = written(tmp_path, udir([("Nes", "0103", "1.1.1", ["1", "3"])], *levels))
    with pytest.raises(ImportFileError, match=r"header, column 2: a second column for pupils"):
        gsi.read(file, [UDIR], TREE)
    chosen = binding(**{**vars(UDIR), "fixed": {"kjønn": "Alle kjønn"}})
    assert [figure.value for figure in gsi.read(file, [chosen], TREE).figures] == [3]


def test_udirs_unbound_table_stops(tmp_path: Path) -> None:
    rows = [("Nes", "0103", "1.1.1", ["1"])]
    file = written(tmp_path, udir(rows, [("2025-26", 1)], [("Lærere", 1)]))
    with pytest.raises(ImportFileError, match=r"any of the columns 'Lærere'.*'Elever'"):
        gsi.read(file, [UDIR], TREE)
    file = written(tmp_path, udir(rows, [("2025-99", 1)], [("Elever", 1)]))
    with pytest.raises(ImportFileError, match="a school year such as 2025-26"):
        gsi.read(file, [UDIR], TREE)


def test_the_real_gsi() -> None:
    file = shared("gsi_nsr/udir_uss_GSK_GSI_1_8_data_202510.json")
    table = gsi.read_table(file)
    counties = [row for row in table.rows if row.level == 1]
    units = [row for row in table.rows if row.level == 2]
    assert (len(table.rows), len(counties), len(units)) == (373, 15, 358)
    assert sum(row.cells[0].value or 0 for row in units) == 621_961
    assert sum(row.cells[0].value or 0 for row in counties) == 621_961
    assert sum(cell.note == "*" for row in table.rows for cell in row.cells) == 174

    pupils = binding(
        table="GSI 1/8", cells={"Antall elever": "pupils"}, region_pattern=UDIR.region_pattern,
        skip={"2100": "Svalbard", "2599": "abroad"}, regions={},
    )  # fmt: skip
    found = gsi.read(file, [pupils], load_units("norway"))
    assert len(found.figures) == 372
    assert found.refused[0] == ("2100 Svalbard", "Svalbard")
    assert {figure.period for figure in found.figures} == {2025}
    assert next(f.value for f in found.figures if f.unit == "no-42") == 38_101


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("ssb_v1_jsonstat2_05300_status.json", 432),
        ("ssb_v2_data_no.json", 28),
        ("ssb_v2_metadata_05810_en.json", 0),
    ],
)
def test_the_real_tables_without_regions_are_recorded(name: str, cells: int) -> None:
    found = ssb.read(shared("ssb_jsonstat") / name, [binding()], TREE)
    assert (found.rows_in, found.figures) == (cells, ())


def test_the_real_metadata_of_kostra_is_called_metadata() -> None:
    name = "ssb_v1_metadata_KOSTRA_areal_formaalsbygg.json"
    with pytest.raises(ImportFileError, match=r"metadata of PxWebApi 1.*with 467 categories"):
        ssb.read(shared("ssb_jsonstat") / name, [binding()], TREE)


def test_the_rule_for_provisional_figures_is_the_registers_own() -> None:
    rule = Provisional((6, 15), 1)
    assert rule.is_provisional(2025, date(2026, 6, 14))
    assert not rule.is_provisional(2025, date(2026, 6, 15))
