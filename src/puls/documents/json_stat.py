"""Public figures of one school year as JSON-stat 2.0 (json-stat.org/full).

A cube of units, indicators, what is said of each, and the school year. Most combinations have no
public figure: values are given by their place, and what has no place is not published, never 0.
Everybody's results of one year alone; groups and years together are in the tables.
"""

import json
from collections.abc import Callable, Sequence
from typing import Any

from puls import periods
from puls.cells import ReleasedCell
from puls.documents.open_table import OpenTable, about

MEASURES: dict[str, tuple[str, Callable[[ReleasedCell], float | None]]] = {
    "value": ("Value", lambda cell: cell.value),
    "n": ("Number of answers", lambda cell: cell.n),
    "low": ("Estimate from", lambda cell: cell.low),
    "high": ("Estimate to", lambda cell: cell.high),
    "level_low": ("Lowest level", lambda cell: cell.level_low),
    "level_high": ("Highest level", lambda cell: cell.level_high),
}
"""What is said of a unit's indicator: its label, and where a cell has it."""
PROVISIONAL = "p"
"""Status of a value that the source may still revise."""


def json_stat(table: OpenTable) -> bytes:
    """The cube. Dimensions: unit (geo), indicator (metric), measure, period (time)."""
    cells = [cell for cell, _ in table.cells if not cell.part and cell.years == 1]
    units = sorted({cell.unit for cell in cells})
    indicators = sorted({cell.indicator for cell in cells})
    values, status = _placed(cells, units, indicators)
    sizes = [len(units), len(indicators), len(MEASURES), 1]
    made: dict[str, Any] = {
        "version": "2.0",
        "class": "dataset",
        "label": table.title,
        "source": "Puls",
        "updated": table.made_at.isoformat(timespec="seconds"),
        "note": [table.note, *([table.synthetic] if table.synthetic else [])],
        "href": table.address,
        "id": ["unit", "indicator", "measure", "period"],
        "size": sizes,
        "role": {"geo": ["unit"], "metric": ["indicator"], "time": ["period"]},
        "dimension": _dimensions(table, units, indicators),
        "value": values,
        "extension": {"puls": about(table), "px": {"tableid": f"puls-{table.release}"}},
    }
    if status:
        made["status"] = status
    return json.dumps(made, ensure_ascii=False).encode()


def _placed(
    cells: Sequence[ReleasedCell], units: Sequence[str], indicators: Sequence[str]
) -> tuple[dict[str, float], dict[str, str]]:
    """Values and statuses by the number of their place; the last dimension runs fastest."""
    row = {key: number for number, key in enumerate(units)}
    column = {key: number for number, key in enumerate(indicators)}
    values: dict[str, float] = {}
    status: dict[str, str] = {}
    for cell in cells:
        start = (row[cell.unit] * len(indicators) + column[cell.indicator]) * len(MEASURES)
        for number, (_, of) in enumerate(MEASURES.values()):
            value = of(cell)
            if value is not None:
                values[str(start + number)] = value
                if cell.provisional:
                    status[str(start + number)] = PROVISIONAL
    return values, status


def _dimensions(
    table: OpenTable, units: Sequence[str], indicators: Sequence[str]
) -> dict[str, Any]:
    measures = {key: table.measures[key] for key in indicators}
    period = str(table.period)
    return {
        "unit": _dimension("Unit", {key: table.places[key].name for key in units}),
        "indicator": _dimension(
            "Indicator",
            {key: measure.name for key, measure in measures.items()},
            unit={
                key: {"base": measure.unit, "decimals": measure.decimals}
                for key, measure in measures.items()
            },
        ),
        "measure": _dimension("Measure", {key: label for key, (label, _) in MEASURES.items()}),
        "period": _dimension("School year", {period: periods.label(table.period)}),
    }


def _dimension(label: str, categories: dict[str, str], **more: Any) -> dict[str, Any]:
    return {
        "label": label,
        "category": {"index": list(categories), "label": categories, **more},
    }
