"""How older statistics are read

Udir's older exports are CSV. They give the same figures as today's JSON, by the same headings, and
whatever is not as it should be stops with the row.
"""

import csv
from pathlib import Path
from typing import Any

import pytest

from puls.content.countries import load_units
from puls.content.loading import load_pack
from puls.errors import ImportFileError
from puls.figures import Figure
from puls.registers import gsi
from puls.registers.tables import RegisterTable
from tests.registers.made import TREE, binding, udir, written
from tests.shared_data import shared

BOUND = binding(
    reader="gsi", table="GSI", source="gsi", provisional=None, regions={},
    cells={"Sum elever": "pupils", "Venteliste, sum": "share"}, skip={"2100": "Svalbard"},
    region_pattern=r"(\d{2}|\d{4})",
)  # fmt: skip
ROWS = """Skoleår;Fylkekode;Kommunekode;Kommune;Sum elever;Venteliste, sum;Annet
2016-17;;;;1 234;56,5;9
2016-17;01;;Øst;1234;*;9
2016-17;01;0101;Sund;1000;6;9
2016-17;01;0102;Fjell;234;;9
2017-18;01;0101;Sund;990;7;9
2016-17;21;2100;Svalbard;3;0;9
""".replace(";;;;1 234", ";;;Landet;1 234").replace("Kommunekode;", "Kommunekode;")


def read(folder: Path, text: str | bytes, bound: Any = BOUND) -> RegisterTable:
    return gsi.read(written(folder, text, "gsi.csv"), [bound], TREE)


def told(table: RegisterTable) -> dict[tuple[str, str, int], tuple[float | None, str]]:
    return {(f.indicator, f.unit, f.period): (f.value, f.note) for f in table.figures}


WITH_COUNTRY = ROWS.replace("Skoleår;", "Skoleår;Nasjonaltkode;").replace("\n201", "\n201").replace(
    "2016-17;;;Landet", "2016-17;I;;;Landet"
).replace("7;0", "7;I;0").replace("8;0", "8;I;0").replace("7;2", "7;I;2")  # fmt: skip


def test_the_same_figures_as_today(tmp_path: Path) -> None:
    found = read(tmp_path, WITH_COUNTRY)
    assert told(found) == {
        ("pupils", "x", 2016): (1234, ""), ("share", "x", 2016): (56.5, ""),
        ("pupils", "x", 2017): (None, ""), ("share", "x", 2017): (None, ""),
        ("pupils", "x-01", 2016): (1234, ""), ("share", "x-01", 2016): (None, "*"),
        ("pupils", "x-01", 2017): (None, ""), ("share", "x-01", 2017): (None, ""),
        ("pupils", "x-0101", 2016): (1000, ""), ("share", "x-0101", 2016): (6, ""),
        ("pupils", "x-0101", 2017): (990, ""), ("share", "x-0101", 2017): (7, ""),
        ("pupils", "x-0102", 2016): (234, ""), ("share", "x-0102", 2016): (None, ""),
        ("pupils", "x-0102", 2017): (None, ""), ("share", "x-0102", 2017): (None, ""),
    }  # fmt: skip
    assert found.refused == (("2100 Svalbard", "Svalbard"),)
    today = udir(
        [("Sund", "0101", "1.1.1", ["1 000", "6"])],
        [("2016-17", 2)], [("Sum elever", 1), ("Venteliste, sum", 1)],
    )  # fmt: skip
    json_told = told(gsi.read(written(tmp_path, today), [BOUND], TREE))
    assert json_told.items() <= told(found).items()


SPELLINGS = {
    "Latin-1": lambda text: text.encode("latin-1"),
    "with a mark": lambda text: text.encode("utf-8-sig"),
    "UTF-16": lambda text: text.encode("utf-16"),
    "Windows lines": lambda text: text.replace("\n", "\r\n").encode(),
    "capitals and blanks": lambda text: text.replace("Sum elever", "  SUM  Elever ").encode(),
    "brackets": lambda text: text.replace("Sum elever", "Sum elever (linje 1..3)").encode(),
    "quoted": lambda text: "\n".join(
        ";".join(f'"{cell}"' for cell in line.split(";")) for line in text.splitlines()
    ).encode(),
    "zeros lost": lambda text: text.replace(";01;", ";1;").replace(";0101;", ";101;").encode(),
    "a title above": lambda text: f"GSI;\n\n{text}".encode(),
    "hard blanks": lambda text: text.replace("1 234", "1\u00a0234").encode(),
    "whole years": lambda text: text.replace("2016-17", "2016-2017").encode(),
    "years with a slash": lambda text: text.replace("2016-17", "2016/17").encode(),
    "years as Udir numbers them": lambda text: text.replace("2016-17", "201610").encode(),
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_however_it_is_spelled(spelling: str, tmp_path: Path) -> None:
    assert told(read(tmp_path, SPELLINGS[spelling](WITH_COUNTRY))) == told(
        read(tmp_path, WITH_COUNTRY)
    )


LINE = "Skoleår;Kode;Linje;Etikett;Kolonne;Verdi\n"
FORM = binding(**{**vars(BOUND), "cells": {
    "Gutter, i skolealder + Jenter, i skolealder": "pupils", "Venteliste, sum": "share",
}})  # fmt: skip


@pytest.mark.parametrize(
    ("boys", "girls", "value", "note"),
    [("40", "60", 100.0, ""), ("40", "*", None, "*"), ("*", "*", None, "*"), ("0", "0", 0.0, ""),
     ("40", None, None, "")],
)  # fmt: skip
def test_lines_of_a_form_with_boys_and_girls_apart(
    boys: str, girls: str | None, value: float | None, note: str, tmp_path: Path
) -> None:
    text = LINE + f"2016-17;0101;2;I skolealder;Gutter;{boys}\n"
    if girls is not None:
        text += f"2016-17;0101;2;I skolealder;Jenter;{girls}\n"
    text += "2016-17;0101;4;Sum (linje 1..3);Venteliste (antall);12\n2016-17;0101;9;X;Y;1\n"
    assert told(read(tmp_path, text, FORM)) == {
        ("pupils", "x-0101", 2016): (value, note),
        ("share", "x-0101", 2016): (12, ""),
    }


REFUSED = [
    ("no codes", "Skoleår;Kommune;Sum elever\n2016-17;Sund;1\n", "row 1", "no column of codes"),
    ("no years", "Kode;Sum elever\n0101;1\n", "row 1", "no column of school years"),
    ("no figures", "Skoleår;Kode;Lærere\n2016-17;0101;1\n", "row 1", "no heading"),
    ("a decimal point", WITH_COUNTRY.replace("56,5", "56.5"), "row 2 (0), column 'Venteliste, sum'",
     "'56.5' is no number"),
    ("words", WITH_COUNTRY.replace(";234;", ";mange;"), "row 5 (0102)", "'mange' is no number"),
    ("no year in a row", WITH_COUNTRY.replace("2017-18", "i fjor"), "row 6", "'i fjor' is no"),
    ("a year of two", WITH_COUNTRY.replace("2017-18", "2017-19"), "row 6", "'2017-19' is no"),
    ("a row twice", WITH_COUNTRY + WITH_COUNTRY.splitlines()[3] + "\n", "row 8 (0101)",
     "row 4 has the same unit"),
    ("a code of letters", WITH_COUNTRY.replace(";0102;", ";Fjell;"), "row 5", "'Fjell' is no code"),
    ("a new unit", WITH_COUNTRY.replace(";0102;", ";0199;"), "row 4 (0199 Fjell)", "unit tree"),
    ("a page", "<html>", "line 1", "HTML"),
    ("an open quotation mark", WITH_COUNTRY.replace("Sund", '"Sund'), "line", "quotation mark"),
]  # fmt: skip


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case[0])
def test_what_is_refused(case: tuple[str, str, str, str], tmp_path: Path) -> None:
    _, text, where, problem = case
    with pytest.raises(ImportFileError) as caught:
        read(tmp_path, text)
    assert where in caught.value.where
    assert problem in caught.value.problem
    assert caught.value.next_step


def test_a_choice_is_fixed_as_in_todays_tables(tmp_path: Path) -> None:
    text = "Skoleår;Kode;Kjønn;Sum elever\n2016-17;0101;Gutter;4\n2016-17;0101;Alle kjønn;9\n"
    with pytest.raises(ImportFileError, match="row 2 has the same unit, year and figure"):
        read(tmp_path, text)
    fixed = binding(**{**vars(BOUND), "fixed": {"Kjønn": "Alle kjønn"}})
    assert [f.value for f in read(tmp_path, text, fixed).figures] == [9]


def test_each_line_of_the_real_form_is_bound_or_known_not_to_be(tmp_path: Path) -> None:
    """The form of 2023, filled in as a long export, one value a line and column."""
    with shared("gsi_nsr/gsi_kulturskole_skjema_2023_linjer.csv").open(encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    rows = []
    for line in lines:
        for counted in line["kolonner"].split("; "):
            before, _, kinds = counted.rpartition(": ")
            for kind in kinds.split("|"):
                name = f"{before}: {kind}" if before else kind
                rows.append((line["etikett"], name, len(rows) + 1))
    text = LINE + "".join(f"2023-24;1149;;{etikett};{name};{n}\n" for etikett, name, n in rows)
    pack, norway = load_pack("kulturskole"), load_units("norway")
    found = gsi.read(written(tmp_path, text.encode("latin-1")), pack.bindings, norway)
    values = {figure.indicator: figure.value for figure in found.figures}
    assert found.table == "GSI kulturskole (skjema)"
    number = {(etikett, name): n for etikett, name, n in rows}
    assert values["gsi_pupils_school_age"] == (
        number["i grunnskolealder", "Elever ved skolen: Gutter"]
        + number["i grunnskolealder", "Elever ved skolen: Jenter"]
    )
    assert values["gsi_places_dance"] == number["Dans", "Elevplasser"]
    assert values["gsi_hours"] == number["Sum årstimer (linje 1..7)", "Årstimer (60 min)"]
    bound = next(b for b in pack.bindings if b.table == "GSI kulturskole (skjema)")
    assert set(values) == set(bound.cells.values())
    assert isinstance(found.figures[0], Figure)
