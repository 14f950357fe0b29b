"""Small register files, made in code, and the tree and bindings they are read with."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings

from puls.content.bindings import Provisional, RegisterBinding
from puls.content.definitions import Construct, Item, Scale, Survey
from puls.units import Change, Unit, UnitTree

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""Every case writes a file, and the machine may be busy."""


def jsonstat(dimensions: Mapping[str, Sequence[str]], value: Any, **more: Any) -> dict[str, Any]:
    """JSON-stat 2.0 with these categories; time and contents by their usual names."""
    roles = {"time": "Tid", "metric": "ContentsCode"}
    return {
        "version": "2.0",
        "class": "dataset",
        "label": "00001: Made up",
        "source": "Made up",
        "updated": "2026-03-15T07:00:00Z",
        "id": list(dimensions),
        "size": [len(codes) for codes in dimensions.values()],
        "role": {role: [name] for role, name in roles.items() if name in dimensions},
        "dimension": {
            name: {
                "label": name.lower(),
                "category": {
                    "index": {code: place for place, code in enumerate(codes)},
                    "label": {code: f"{name} {code}" for code in codes},
                },
            }
            for name, codes in dimensions.items()
        },
        "value": value,
        "extension": {"px": {"tableid": "00001"}},
        **more,
    }


def old_jsonstat(content: Mapping[str, Any]) -> dict[str, Any]:
    """The same table as JSON-stat 1.x: wrapped, with id, size and role beside the dimensions."""
    moved = ("id", "size", "role")
    within = dict(content["dimension"]) | {name: content[name] for name in moved}
    rest = {
        name: part for name, part in content.items() if name not in (*moved, "class", "version")
    }
    return {"dataset": rest | {"dimension": within}}


def udir(
    rows: Sequence[tuple[str, str, str, Sequence[str]]], *levels: Sequence[tuple[str, int]]
) -> dict[str, Any]:
    """Udir's JSON: rows of (name, code, id, cells) under header rows of (heading, columns)."""
    return {
        "metadata": {
            "rowHierarchy": ["Nasjonalt", "Fylke", "Kommune", "Enhet"],
            "columns": [
                [
                    {"name": name, "tekstId_kolonne": "1", "columnCount": span}
                    for name, span in level
                ]
                for level in levels
            ],
        },
        "rows": [
            {"navn": name, "kode": code, "id": id_, "data": list(cells)}
            for name, code, id_, cells in rows
        ],
    }


def written(folder: Path, content: Any, name: str = "file.json") -> Path:
    """Text and bytes as they are, anything else as JSON."""
    if isinstance(content, bytes):
        data = content
    else:
        data = (content if isinstance(content, str) else json.dumps(content)).encode()
    file = folder / name
    file.write_bytes(data)
    return file


TREE = UnitTree(
    [
        Unit("x", "country", "X", None, code="0"),
        Unit("x-01", "county", "Øst", "x", code="01"),
        Unit("x-0101", "municipality", "Sund", "x-01", None, date(2020, 1, 1), "0101"),
        Unit("x-0102", "municipality", "Fjell", "x-01", None, date(2020, 1, 1), "0102"),
        Unit("x-0103", "municipality", "Nes", "x-01", date(2020, 1, 1), None, "0103"),
    ],
    [
        Change(date(2020, 1, 1), "x-0101", "x-0103"),
        Change(date(2020, 1, 1), "x-0102", "x-0103"),
    ],
)


def binding(**more: Any) -> RegisterBinding:
    """Table 00001: contents feed `pupils` and `share`; final on 15 June of the year after."""
    known: dict[str, Any] = {
        "source": "kostra",
        "table": "00001",
        "region": "Region",
        "time": "Tid",
        "cells": {"A": "pupils", "Share of children": "share"},
        "skip": {"EKG01": "a group, not a unit"},
        "fixed": {},
        "licence": "CC BY 4.0",
        "cadence": "yearly",
        "region_pattern": r"(?:EKA)?(\d{2}|\d{4})",
        "reader": "",
        "regions": {"EAK": "x"},
        "provisional": Provisional((6, 15), 1),
    }
    return RegisterBinding(**known | more)


SURVEY = Survey(
    "student",
    1,
    "student",
    Scale("agree", 1, 5),
    (
        Construct("wellbeing", (Item("wellbeing_1", False), Item("wellbeing_2", True))),
        Construct("feedback", (Item("feedback_1", False),)),
    ),
)
LEAVES = {"sund.music", "sund.dance", "nes.music"}
