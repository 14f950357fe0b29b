"""Register files of the demo, in the shape in which the registers give theirs.

What is in them is made up, and says so in its label. They are imported as any other file is.
"""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from puls import periods
from puls.content.definitions import Survey
from puls.units import UnitTree

SYNTHETIC = "Syntetiske tall til demonstrasjon, ikke offisiell statistikk"
KOSTRA = {
    "KOSmusikkandelba0000": ("Barn 6-15 år i kommunens kulturskole", "prosent", 1, "share"),
    "KOSmusikkandelve0000": (
        "Barn 6-15 år som står på venteliste til kommunens kulturskole", "prosent", 1, "queue"),
    "KOSutgmusikk6150000": (
        "Netto driftsutgifter til kommunale kulturskoler per innbygger 6-15 år", "kr", 0, "net"),
    "KOSbruttoelev0000": (
        "Brutto driftsutgifter til kommunale kulturskoler per elev", "kr", 0, "gross"),
}  # fmt: skip
"""Contents of the KOSTRA table: label, unit, decimals, and the column of `kostra` that is shown."""
GSI = {
    "Elever i grunnskolealder": "of_age",
    "Sum elever": "pupils",
    "Venteliste til skolen, i grunnskolealder": "waiting_of_age",
    "Venteliste til skolen, sum": "waiting",
    "Elevplasser, musikkundervisning": "places_music",
    "Elevplasser, visuelle kunstfag": "places_visual-art",
    "Elevplasser, teater": "places_theatre",
    "Elevplasser, dans": "places_dance",
    "Sum elevplasser": "places",
    "Sum årstimer": "hours",
    "Årsverk til administrasjon og annet": "administration",
    "Årsverk til opplæring av kulturskolens elever": "teaching",
}
"""Headings of the GSI table of culture schools, and the column of the numbers under each."""
GSI_SCHOOLS = {
    "Antall elever": "everybody",
    "Antall elever med individuelt tilrettelagt opplæring/spesialundervisning": "adapted",
    "Antall elever med forsterket opplæring i norsk": "norwegian",
    "Antall skoler": "schools",
}
"""The same of compulsory schools."""
FEW = 4
"""Counts of 1 up to this are suppressed, as Udir does with small numbers."""


def write_kostra(
    file: Path, numbers: Mapping[int, pl.DataFrame], tree: UnitTree, updated: str
) -> None:
    """A JSON-stat 2.0 table as PxWebApi gives it: region by contents by year.

    numbers: by year, the frame that `quantities.kostra` gives. A region that did not exist in a
    year, or that reported nothing, has no value but a symbol.
    """
    regions = sorted({unit for frame in numbers.values() for unit in frame["unit"]})
    codes = {unit: _region(unit, tree) for unit in regions}
    years = sorted(numbers)
    known = {
        (row["unit"], year): row for year in years for row in numbers[year].iter_rows(named=True)
    }
    values: list[float | None] = []
    status: dict[str, str] = {}
    for unit in regions:
        for _, _, decimals, column in KOSTRA.values():
            for year in years:
                row = known.get((unit, year))
                value = row[column] if row else None
                if value is None:
                    status[str(len(values))] = ".." if row else "."
                values.append(None if value is None else round(value, decimals))
    dimensions: dict[str, Any] = {
        "KOKkommuneregion0000": _dimension(
            "region", {codes[unit]: tree[unit].name for unit in regions}
        ),
        "ContentsCode": _dimension(
            "statistikkvariabel",
            {code: label for code, (label, *_) in KOSTRA.items()},
            {code: {"base": u, "decimals": d} for code, (_, u, d, _) in KOSTRA.items()},
        ),
        "Tid": _dimension("år", {str(year): str(year) for year in years}),
    }
    table = {
        "version": "2.0",
        "class": "dataset",
        "label": f"13135: Kulturskole. {SYNTHETIC}",
        "source": "Puls",
        "updated": updated,
        "note": [SYNTHETIC],
        "role": {"time": ["Tid"], "metric": ["ContentsCode"], "geo": ["KOKkommuneregion0000"]},
        "id": list(dimensions),
        "size": [len(regions), len(KOSTRA), len(years)],
        "dimension": dimensions,
        "extension": {"px": {"tableid": "13135", "official-statistics": False}},
        "value": values,
        "status": status,
    }
    file.write_text(json.dumps(table, ensure_ascii=False), encoding="utf-8")


def write_gsi(
    file: Path,
    period: int,
    numbers: pl.DataFrame,
    tree: UnitTree,
    headings: Mapping[str, str] = GSI,
) -> None:
    """A table as Udir's report pages fetch it: text cells, small numbers suppressed."""
    rows = sorted(numbers.iter_rows(named=True), key=lambda row: tree.path(row["unit"]))
    table = {
        "metadata": {
            "rowHierarchy": ["Nasjonalt", "Fylke", "Kommune"],
            "columns": [
                [{"name": periods.slug(period), "columnCount": len(headings)}],
                [{"name": SYNTHETIC, "columnCount": len(headings)}],
                [{"name": heading, "columnCount": 1} for heading in headings],
            ],
        },
        "rows": [
            {
                "navn": tree[row["unit"]].name,
                "kode": tree[row["unit"]].code,
                "id": ".".join(["1"] * len(tree.lineage(row["unit"]))),
                "data": [_text(row[column]) for column in headings.values()],
            }
            for row in rows
        ],
    }
    file.write_text(json.dumps(table, ensure_ascii=False), encoding="utf-8")


def write_answers(file: Path, answers: pl.DataFrame, survey: Survey) -> None:
    """Answers as `puls import answers` reads them: a row a respondent, empty where skipped."""
    told = [
        pl.col(each.key).replace_strict(
            dict(enumerate(each.options, start=1)), return_dtype=pl.String
        )
        for each in survey.background
    ]
    answers.rename({"leaf": "unit"}).with_columns(told).write_csv(file)


def _region(unit: str, tree: UnitTree) -> str:
    """KOSTRA's code of a region: the country EAK, a county EKA and its number."""
    depth = len(tree.lineage(unit))
    return "EAK" if depth == 1 else f"EKA{tree[unit].code}" if depth == 2 else tree[unit].code


def _dimension(
    label: str, categories: Mapping[str, str], units: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    category: dict[str, Any] = {
        "index": {code: place for place, code in enumerate(categories)},
        "label": dict(categories),
    }
    if units:
        category["unit"] = dict(units)
    return {"label": label, "category": category}


def _text(value: float) -> str:
    """12345.0 -> "12 345" with a no-break space; "*" for a small number; "0" is real."""
    whole = round(value)
    return "*" if 0 < whole <= FEW else f"{whole:,}".replace(",", "\u00a0")


def october(period: int) -> date:
    """The day that GSI counts on."""
    return date(period, 10, 1)
