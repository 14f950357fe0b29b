"""Public figures of one school year as files for programs: CSV, Parquet and their description.

Only what is given is written: who calls has chosen the cells. A row is a cell; keys are stable,
names are in one language. Numbers have a decimal point. Sources: RFC 4180; Parquet; the Data
Package of Frictionless (datapackage.org), version 1.
"""

import csv as csv_module
import hashlib
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from puls import periods
from puls.cells import ReleasedCell
from puls.documents.spreadsheet import FORMULA_STARTS


@dataclass(frozen=True, slots=True)
class Place:
    """A unit as everybody knows it. code: of the national registers, or ""."""

    key: str
    name: str
    tier: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Measure:
    """An indicator. unit: its unit of measure in words. source: "answers" or a register's key."""

    key: str
    name: str
    unit: str
    decimals: int
    source: str


@dataclass(frozen=True, slots=True)
class Terms:
    """Under which licence the figures of a source may be used. source: as in `Measure`."""

    source: str
    title: str
    licence: str
    url: str


@dataclass(frozen=True)
class OpenTable:
    """The public cells of one school year with all that is needed to use them.

    cells: each with the release that it comes from.
    release, made_at: of the newest release in it.
    k: the smallest group whose answers are public.
    address: of the page about the files. method: where it is told how figures come about.
    note: what a reader must know, in words. synthetic: "" or the words that it is made up.
    """

    title: str
    language: str
    period: int
    cells: Sequence[tuple[ReleasedCell, int]]
    places: Mapping[str, Place]
    measures: Mapping[str, Measure]
    terms: Sequence[Terms]
    release: int
    made_at: datetime
    k: int
    pack: str
    address: str
    method: str
    note: str
    synthetic: str = ""

    def licence_of(self, source: str) -> str:
        return next((each.licence for each in self.terms if each.source == source), "")


COLUMNS: tuple[tuple[str, str, str], ...] = (
    ("unit", "string", "key of the unit"),
    ("unit_name", "string", "name of the unit"),
    ("tier", "string", "tier of the unit: country, county, municipality, school ..."),
    ("code", "string", "the unit's number in national registers"),
    ("indicator", "string", "key of the indicator"),
    ("indicator_name", "string", "name of the indicator"),
    ("indicator_version", "integer", "version of the indicator's definition"),
    ("period", "integer", "year in which the school year starts"),
    ("part", "string", "the group that alone is counted, or empty for everybody"),
    ("years", "integer", "school years counted together; period is the last of them"),
    ("value", "number", "in the unit of measure; the mean of the answers for a survey"),
    ("measured_in", "string", "unit of measure"),
    ("n", "integer", "number of answers; empty for register figures"),
    ("low", "number", "lower end of the estimate (central 80 %); empty for register figures"),
    ("high", "number", "upper end of the estimate; empty for register figures"),
    ("level_low", "integer", "lowest level that value and estimate touch; 1 is the weakest"),
    ("level_high", "integer", "highest level they touch; equal to level_low where it is clear"),
    ("judged_by", "string", "criteria that gave the levels, with version"),
    ("provisional", "boolean", "the source may still revise the figure"),
    ("correction", "integer", "0, or the number of the latest correction it counts"),
    ("source", "string", "answers, or the register"),
    ("licence", "string", "licence of this figure"),
    ("release", "integer", "number of the release that the figure comes from"),
    ("synthetic", "boolean", "the figure is made up"),
)
"""Name, type and meaning of each column, the same in every file."""


def records(table: OpenTable) -> Iterator[tuple[Any, ...]]:
    """A row for each cell, as COLUMNS has them; None where there is nothing."""
    for cell, release in table.cells:
        place, measure = table.places[cell.unit], table.measures[cell.indicator]
        yield (
            cell.unit, place.name, place.tier, place.code,
            cell.indicator, measure.name, cell.version, cell.period, cell.part, cell.years,
            cell.value, measure.unit, cell.n, cell.low, cell.high,
            cell.level_low, cell.level_high, cell.judged_by, cell.provisional, cell.correction,
            measure.source, table.licence_of(measure.source), release, bool(table.synthetic),
        )  # fmt: skip


def csv(table: OpenTable) -> bytes:
    """Rows with a head, UTF-8, commas, CRLF. Text never becomes a formula in a spreadsheet."""
    out = io.StringIO()
    writer = csv_module.writer(out, lineterminator="\r\n")
    writer.writerow([name for name, _, _ in COLUMNS])
    for record in records(table):
        writer.writerow([_written(part) for part in record])
    return out.getvalue().encode()


def _written(part: Any) -> str:
    if part is None:
        return ""
    if isinstance(part, bool):
        return "true" if part else "false"
    if isinstance(part, float):
        return repr(part)
    text = str(part)
    return f"'{text}" if isinstance(part, str) and text.startswith(FORMULA_STARTS) else text


def parquet(table: OpenTable) -> bytes:
    """The same columns, typed; what the figures are stands in the file's own metadata."""
    # Takes longer to import than most pages need.
    import pyarrow
    import pyarrow.parquet

    kinds = {
        "string": pyarrow.string(),
        "integer": pyarrow.int64(),
        "number": pyarrow.float64(),
        "boolean": pyarrow.bool_(),
    }
    told = {key: json.dumps(value) for key, value in about(table).items()}
    schema = pyarrow.schema(
        [
            pyarrow.field(name, kinds[kind], metadata={"description": meaning})
            for name, kind, meaning in COLUMNS
        ],
        metadata=told,
    )
    columns = list(zip(*records(table), strict=True)) or [()] * len(COLUMNS)
    made = pyarrow.table([list(column) for column in columns], schema=schema)
    out = io.BytesIO()
    pyarrow.parquet.write_table(made, out, compression="zstd")
    return out.getvalue()


def about(table: OpenTable) -> dict[str, Any]:
    """What every file says of itself: licence, method, release, and whether it is made up."""
    return {
        "title": table.title,
        "period": periods.slug(table.period),
        "release": table.release,
        "released": table.made_at.isoformat(timespec="seconds"),
        "synthetic": bool(table.synthetic),
        "smallest_group": table.k,
        "pack": table.pack,
        "licences": [
            {"source": each.source, "title": each.title, "name": each.licence, "path": each.url}
            for each in table.terms
        ],
        "method": table.method,
        "address": table.address,
        "note": table.note,
    }


def datapackage(table: OpenTable, files: Mapping[str, bytes]) -> bytes:
    """The description of the files: columns, licences, sources, sizes and checksums (JSON)."""
    told = about(table)
    licences = {each.url: {"path": each.url, "title": each.licence} for each in table.terms}
    made = {
        "profile": "data-package",
        "name": f"puls-{periods.slug(table.period)}",
        "title": table.title,
        "description": table.note,
        "version": str(table.release),
        "created": told["released"],
        "homepage": table.address,
        "licenses": list(licences.values()),
        "sources": [{"title": each.title} for each in table.terms],
        "puls": told,
        "resources": [_resource(name, data, licences) for name, data in files.items()],
    }
    return json.dumps(made, ensure_ascii=False, indent=2).encode() + b"\n"


def _resource(name: str, data: bytes, licences: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    stem, _, kind = name.rpartition(".")
    made: dict[str, Any] = {
        "name": f"{stem}-{kind}",
        "path": name,
        "format": kind,
        "bytes": len(data),
        "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
        "licenses": list(licences.values()),
    }
    if kind == "csv":
        fields = [
            {"name": column, "type": type_, "description": meaning}
            for column, type_, meaning in COLUMNS
        ]
        made |= {
            "profile": "tabular-data-resource",
            "encoding": "utf-8",
            "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "header": True},
            "schema": {
                "fields": fields,
                "missingValues": [""],
                "primaryKey": ["unit", "indicator", "period", "part", "years"],
            },
        }
    return made


def checksums(files: Mapping[str, bytes]) -> bytes:
    """As `sha256sum --check` reads them."""
    lines = (f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in files.items())
    return "".join(lines).encode()
