"""A selection as slides (PPTX): native tables, pictures with alt texts, reasons in the notes.

What is on a slide can be edited by whoever shows it. Slides hold little; the rest of a chapter,
reasons and the numbers behind a chart, stands in the notes beneath it.
"""

import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, TypeVar

from pptx import Presentation

from puls.documents import looks
from puls.documents.pictures import png
from puls.documents.selection import Section, Selection
from puls.documents.slide_parts import Deck, bullets, chip, heads, said
from puls.documents.slide_places import BODY, SMALL, Area, lines_of
from puls.views.charts.drawing import svg
from puls.views.charts.scene import Chart, Table
from puls.views.highlights import Point
from puls.views.tables import ColourTable, Column, Row, TableCell

ACROSS, DOWN = 6, 8
"""How many columns and rows of the colour table a slide takes beside its names and heads."""
TALLEST = 46.0
"""A row of the colour table, in points, where there are few."""
POINTS = 4
"""How many cells with their words a slide takes."""
T = TypeVar("T")


def pptx(selection: Selection) -> bytes:
    """The slides as a PPTX file, 16:9."""
    deck = Deck(Presentation(), selection.language, selection.provenance.synthetic)
    _about(deck, selection)
    _first(deck, selection)
    for section in selection.sections:
        _chapter(deck, section, selection)
    _last(deck, selection)
    deck.close()
    out = io.BytesIO()
    deck.book.save(out)
    return out.getvalue()


def _about(deck: Deck, selection: Selection) -> None:
    about = deck.book.core_properties
    about.title = f"{selection.title}: {selection.subtitle}"
    about.author = "Puls"
    about.language = selection.language
    about.comments = selection.provenance.synthetic
    made = selection.provenance.created
    about.created = about.modified = made.replace(tzinfo=None) if made else datetime(2000, 1, 1)  # noqa: DTZ001


def _first(deck: Deck, selection: Selection) -> None:
    contents = [section.heading for section in selection.sections if section.depth == 1]
    notes = [selection.words.contents, *contents]
    deck.opening(selection.title, selection.subtitle, selection.lead, notes)


def _chapter(deck: Deck, section: Section, selection: Selection) -> None:
    """A slide for each thing in the chapter; what it says in running text leads, on a slide."""
    words = selection.words
    for part in _shared(section.paragraphs):
        slide = deck.slide(section.heading, notes=section.paragraphs)
        said(slide, deck, Area(), part)
    if section.table is not None:
        _tables(deck, section, section.table, selection)
    for points in _in_parts(section.points, POINTS):
        slide = deck.slide(section.heading, notes=[_reason(point) for point in points])
        _points(slide, deck, points)
    for photo in section.photos:
        deck.picture(deck.slide(section.heading, notes=[photo.alt]), photo.jpeg, photo.alt)
    for chart in section.charts:
        _chart(deck, chart)
    for asked in _in_parts(section.questions, 5):
        title = words.questions if section.paragraphs or section.charts else section.heading
        slide = deck.slide(title or words.questions, notes=asked)
        bullets(slide, deck, Area(), asked, numbered=True)


def _shared(paragraphs: Sequence[str]) -> Iterator[list[str]]:
    """Paragraphs by how many fit on a slide; one that is too long stands alone and is cut short.

    The notes have them whole.
    """
    room = Area().lines(BODY)
    part: list[str] = []
    used = 0.0
    for paragraph in paragraphs:
        wanted = lines_of(paragraph, Area().width, BODY) + 0.6
        if part and used + wanted > room:
            yield part
            part, used = [], 0.0
        part.append(paragraph if wanted <= room else _cut(paragraph, room - 1))
        used += wanted
    if part:
        yield part


def _cut(paragraph: str, room: float) -> str:
    """The sentences of a paragraph that fit into so many lines."""
    kept = ""
    for sentence in paragraph.replace(". ", ".\n").split("\n"):
        longer = f"{kept} {sentence}".strip()
        if lines_of(longer, Area().width, BODY) > room:
            break
        kept = longer
    return kept + " …" if kept else paragraph[:300] + " …"


def _in_parts(things: Sequence[T], most: int) -> Iterator[list[T]]:
    """Things shared evenly over as few parts as need be."""
    if not things:
        return
    parts = -(-len(things) // most)
    each = -(-len(things) // parts)
    for start in range(0, len(things), each):
        yield list(things[start : start + each])


def _reason(point: Point) -> str:
    return f"{point.column.name}: {point.cell.reason or point.cell.label}"


def _points(slide: Any, deck: Deck, points: Sequence[Point]) -> None:
    """Cells beneath each other: the name, the chip, and the reason as far as it fits."""
    area = Area()
    each = area.height / POINTS
    for number, point in enumerate(points):
        top = area.top + number * each
        chip(slide, deck, Area(area.left, top, 150, each - 14), point.cell)
        beside = Area(area.left + 166, top, area.width - 166, each - 14)
        reason = _fitting(point.cell.reason, beside)
        said(slide, deck, beside, [reason], size=SMALL, before=point.column.name)


def _fitting(reason: str, area: Area) -> str:
    """The reason's sentences that fit beneath a name; the notes have all."""
    room = area.lines(SMALL) - 1.5
    kept = ""
    for sentence in reason.replace(". ", ".\n").split("\n"):
        longer = f"{kept} {sentence}".strip()
        if lines_of(longer, area.width, SMALL) > room:
            break
        kept = longer
    return kept


def _tables(deck: Deck, section: Section, table: ColourTable, selection: Selection) -> None:
    """The colour table over as many slides as it needs, every part with its heads and names."""
    columns, rows = range(len(table.columns)), range(len(table.all_rows))
    parts = [(c, r) for r in _in_parts(rows, DOWN) for c in _in_parts(columns, ACROSS)]
    for number, (across, down) in enumerate(parts, start=1):
        title = section.heading
        if len(parts) > 1:
            said_as = selection.words.part
            title = said_as.format(name=title, part=number, parts=len(parts))
        chosen = [table.all_rows[r] for r in down]
        notes = [
            f"{row.name}, {table.columns[c].name}: {row.cells[c].reason}"
            for row in chosen
            for c in across
            if row.cells[c].reason
        ]
        legend = [f"{entry.word}: {entry.why}" for entry in table.legend if entry.why]
        slide = deck.slide(title, notes=[*legend, *notes, section.note])
        _table(slide, deck, table, [table.columns[c] for c in across], chosen, across)


def _table(
    slide: Any,
    deck: Deck,
    table: ColourTable,
    columns: Sequence[Column],
    rows: Sequence[Row],
    across: Sequence[int],
) -> None:
    area = Area()
    names = 150.0
    wide = (area.width - names) / max(len(columns), 1)
    sizes = [names, *(wide for _ in columns)]
    high = min(area.height / (2 + len(rows)), TALLEST)
    grid = deck.grid(slide, area, sizes, 2 + len(rows), high)
    roles = {group.role: group.name for group in table.groups}
    heads(deck, grid.cell(0, 0), "")
    at = 1
    for role, run in groupby(columns, key=lambda column: column.role):
        span = len(list(run))
        if span > 1:
            grid.cell(0, at).merge(grid.cell(0, at + span - 1))
        heads(deck, grid.cell(0, at), roles[role])
        at += span
    heads(deck, grid.cell(1, 0), table.period_label, soft=True)
    for spot, column in enumerate(columns, start=1):
        heads(deck, grid.cell(1, spot), column.short, soft=True)
    for line, row in enumerate(rows, start=2):
        heads(deck, grid.cell(line, 0), row.name)
        for spot, number in enumerate(across, start=1):
            _cell(deck, grid.cell(line, spot), row.cells[number], row)


def _cell(deck: Deck, spot: Any, cell: TableCell, row: Row) -> None:
    deck.fill(spot, looks.of_cell(cell, row.kind), cell)


def _chart(deck: Deck, chart: Chart) -> None:
    """One chart a slide, its numbers in the notes."""
    notes = [chart.description]
    for twin in chart.tables:
        notes += [twin.caption, *_spoken(twin)]
    slide = deck.slide(chart.title, notes=notes)
    alt = f"{chart.title}. {chart.description}"
    deck.picture(slide, png(chart.wide), alt, svg(chart.wide, "light"))


def _spoken(twin: Table) -> Iterator[str]:
    """A row of a table in one line of notes: "2025–26: Karmøy 3,7; Norge 3,8"."""
    for row in twin.rows:
        fields = [
            f"{head} {part}" for head, part in zip(twin.head[1:], row[1:], strict=True) if part
        ]
        yield f"{row[0]}: {'; '.join(fields)}"


def _last(deck: Deck, selection: Selection) -> None:
    facts = [f"{name}: {fact}" for name, fact in selection.facts]
    rows = [", ".join(part for part in row if part) for row in selection.source_rows]
    for part in _in_parts([*facts, *rows], 9):
        slide = deck.slide(selection.words.sources, notes=[*facts, *rows])
        bullets(slide, deck, Area(), part, size=SMALL)
