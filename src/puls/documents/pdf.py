"""A selection as a PDF that everybody can read: tagged (PDF/UA-1), with contents and alt texts.

Typst sets it from one template (`typst/document.typ`). What is said comes as JSON and is only ever
text to it, so that nothing somebody writes can become markup.
"""

import base64
import json
import math
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any, Literal

import typst

from puls.documents import looks
from puls.documents.selection import Photo, Section, Selection
from puls.views.charts.drawing import svg
from puls.views.charts.lettering import width
from puls.views.charts.scene import Chart, Table
from puls.views.charts.tones import THEMES
from puls.views.highlights import Point
from puls.views.tables import ColourTable, Column, LegendEntry, Row, TableCell

STANDARD: Literal["ua-1"] = "ua-1"
BEFORE_ANY = datetime(2000, 1, 1, tzinfo=UTC)
"""The date of a document that no release is behind."""
FEW, MANY = 5, 12
"""How many columns a page takes upright, and lying."""
PHOTO_WIDE, PHOTO_HIGH = 160.0, 95.0
"""The room of a picture that somebody took, in millimetres."""
LETTERS = 8.0
"""Size of a column's head in points, where its longest word allows."""
ACROSS, INSET = 459.0, 8.0
"""Points from margin to margin of an upright page, and what a cell of a twin keeps free of them."""
LEAST, SHORT, MOST = 44.0, 75.0, 158.0
"""Points of a twin's column: the least, what a number or a year may need, the most."""
TWIN_LETTERS = 8.5
DIGITS = str.maketrans("0123456789", "4" * 10)
"""Figures stand in columns, each as wide as the widest."""


def pdf(selection: Selection, theme: str = "light") -> bytes:
    """The document as a PDF/UA-1 file.

    theme: "light" or "grey" for print without colours. The same selection is the same file, byte
    for byte: its date is that of the release. Raises typst.TypstError where a picture has no alt
    text or headings skip a depth; neither can come from a `Selection`.
    """
    told = json.dumps(_told(selection, theme), ensure_ascii=False)
    made = selection.provenance.created or BEFORE_ANY
    data = _compiler().compile(
        format="pdf",
        sys_inputs={"told": told},
        pdf_standards=STANDARD,
        timestamp=made.replace(microsecond=0),
    )
    assert isinstance(data, bytes)
    return data


def pages(selection: Selection, theme: str = "light", ppi: float = 72) -> list[bytes]:
    """The pages as PNG files, to look at. ppi: dots per inch."""
    told = json.dumps(_told(selection, theme), ensure_ascii=False)
    data = _compiler().compile(format="png", sys_inputs={"told": told}, ppi=ppi)
    return data if isinstance(data, list) else [data] if data else []


@cache
def _compiler() -> typst.Compiler:
    """One per process: it keeps the fonts and what it has read of the template."""
    here = Path(__file__).parent
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(here / "fonts")]
    )
    return typst.Compiler(
        str(here / "typst" / "document.typ"), root=str(here / "typst"), font_paths=fonts
    )


def _told(selection: Selection, theme: str) -> dict[str, Any]:
    """Everything the template needs, as JSON takes it."""
    words, origin = selection.words, selection.provenance
    twins = [twin for section in selection.sections for c in section.charts for twin in c.tables]
    foot = [f"{words.release} {origin.release}" if origin.release else "", origin.made_at]
    return {
        "title": selection.title,
        "subtitle": selection.subtitle,
        "language": selection.language,
        "lead": selection.lead,
        "synthetic": origin.synthetic,
        "foot": " · ".join(part for part in foot if part),
        "words": {
            "contents": words.contents,
            "page": words.page,
            "questions": words.questions,
            "numbers": words.numbers,
            "sources": words.sources,
        },
        "colours": {str(tone): code for tone, code in THEMES[theme].items()},
        "runs": list(_runs(selection.sections, theme)),
        "twins": [_twin(twin) for twin in twins],
        "facts": selection.facts,
        "sources": selection.source_rows,
        "source-heads": selection.source_heads,
    }


def _runs(sections: Sequence[Section], theme: str) -> Iterator[dict[str, Any]]:
    """Sections by how their pages lie: a wide table turns the page, what follows turns it back."""
    number = 0
    for flipped, run in groupby(sections, key=_is_wide):
        drawn = []
        for section in run:
            number += 1
            drawn.append(_section(section, theme, f"s{number}"))
        yield {"flipped": flipped, "sections": drawn}


def _is_wide(section: Section) -> bool:
    return section.table is not None and len(section.table.columns) > FEW


def _section(section: Section, theme: str, key: str) -> dict[str, Any]:
    table = section.table
    return {
        "depth": section.depth,
        "heading": section.heading,
        "paragraphs": section.paragraphs,
        "points": [_point(point) for point in section.points],
        "tables": list(_tables(table)) if table else [],
        "legend": [_entry(entry) for entry in table.legend] if table else [],
        "note": section.note,
        "charts": [_chart(c, theme, f"{key}-{n}") for n, c in enumerate(section.charts)],
        "photos": [_photo(photo) for photo in section.photos],
        "questions": section.questions,
    }


def _point(point: Point) -> dict[str, Any]:
    return {"name": point.column.name, "cell": _cell(point.cell), "reason": point.cell.reason}


def _chart(chart: Chart, theme: str, key: str) -> dict[str, str]:
    return {
        "title": chart.title,
        "description": chart.description,
        "alt": f"{chart.title}. {chart.description}",
        "svg": svg(chart.wide, theme, key=key),
    }


def _photo(photo: Photo) -> dict[str, Any]:
    """Within an SVG, as the charts are: bytes do not pass as JSON. width: in millimetres."""
    data = base64.b64encode(photo.jpeg).decode()
    size = f'width="{photo.width}" height="{photo.height}"'
    return {
        "alt": photo.alt,
        "svg": f'<svg xmlns="http://www.w3.org/2000/svg" {size}>'
        f'<image {size} href="data:image/jpeg;base64,{data}"/></svg>',
        "width": min(PHOTO_WIDE, PHOTO_HIGH * photo.width / photo.height),
    }


def _tables(table: ColourTable) -> Iterator[dict[str, Any]]:
    """The table in parts that a page is wide enough for, each with the names of its rows."""
    parts = math.ceil(len(table.columns) / MANY)
    each = math.ceil(len(table.columns) / parts) if parts else 0
    for start in range(0, len(table.columns), each or 1):
        columns = table.columns[start : start + each]
        yield {
            "corner": table.period_label,
            "names": 1.9 if len(columns) > FEW else 1.6,
            "wide": 1,
            "letters": LETTERS if len(columns) <= MANY - 3 else LETTERS - 0.8,
            "groups": _groups(columns, table),
            "columns": [column.short for column in columns],
            "rows": [_row(row, start, each) for row in table.all_rows],
        }


def _groups(columns: Sequence[Column], table: ColourTable) -> list[dict[str, Any]]:
    names = {group.role: group.name for group in table.groups}
    return [
        {"name": names[role], "span": len(list(run))}
        for role, run in groupby(columns, key=lambda column: column.role)
    ]


def _row(row: Row, start: int, count: int) -> dict[str, Any]:
    cells = [_cell(cell, row) for cell in row.cells[start : start + count]]
    return {"name": row.name, "kind": str(row.kind), "cells": cells}


def _cell(cell: TableCell, row: Row | None = None) -> dict[str, Any]:
    look = looks.of_cell(cell, row.kind) if row else looks.of_cell(cell)
    return {"look": cell.look, "text": cell.text, "word": cell.word, "tag": cell.tag, **_as(look)}


def _entry(entry: LegendEntry) -> dict[str, Any]:
    """A sign of the legend looks like a cell without a number."""
    told: dict[str, Any] = {
        "look": entry.look,
        "text": "",
        "word": entry.word,
        "tag": "",
        "why": entry.why,
    }
    return told | _as(looks.of_entry(entry))


def _as(look: looks.Look) -> dict[str, Any]:
    return {
        "level": look.level,
        "levels": look.levels,
        "ground": str(look.ground),
        "ink": str(look.ink),
        "marks": look.marks,
    }


def _twin(twin: Table) -> dict[str, Any]:
    """A table twin with the shares of the page's width that its columns get.

    Columns in which nothing stands are left out. short: of the head and each row, whether one line
    surely has room for all of it.
    """
    used = [n for n in range(len(twin.head)) if n == 0 or any(row[n] for row in twin.rows)]
    head = [twin.head[n] for n in used]
    rows = [[row[n] for n in used] for row in twin.rows]
    needs = [
        max(_room(head[n], bold=True), *(_room(row[n]) for row in rows)) for n in range(len(used))
    ]
    shares = _shares([min(max(each, LEAST), MOST) for each in needs])
    points = [ACROSS * share / sum(shares) for share in shares]
    short = [
        all(_room(text, bold=row is head) <= room for text, room in zip(row, points, strict=True))
        for row in (head, *rows)
    ]
    return {"caption": twin.caption, "head": head, "rows": rows, "shares": shares, "short": short}


def _shares(needs: Sequence[float]) -> list[float]:
    """Where columns need more than the page has, numbers and years keep theirs: sentences wrap."""
    kept = sum(each for each in needs if each <= SHORT)
    long = sum(needs) - kept
    if kept + long <= ACROSS:
        return list(needs)
    left = max(ACROSS - kept, long / 3)
    return [each if each <= SHORT else each * left / long for each in needs]


def _room(text: str, bold: bool = False) -> float:
    """Points that a field of a twin needs for one line at most, with what it keeps free."""
    return width(text.translate(DIGITS), TWIN_LETTERS, bold) + INSET
