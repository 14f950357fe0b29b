"""Slides: native tables, words with every picture, and nothing that runs over its place."""

import io
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from pptx import Presentation
from pptx.util import Pt

from puls.documents import slides
from puls.documents.selection import Section, Selection
from puls.documents.slide_places import LINE
from puls.views.charts.lettering import wrapped
from tests.documents import cast


@cache
def read(selection: Selection | None = None) -> Any:
    return Presentation(io.BytesIO(slides.pptx(selection or cast.selection())))


def shapes(book: Any) -> Iterator[Any]:
    for slide in book.slides:
        yield from slide.shapes


def pictures(book: Any) -> list[Any]:
    return [shape for shape in shapes(book) if shape.shape_type == 13]


def tables(book: Any) -> list[Any]:
    return [shape.table for shape in shapes(book) if shape.has_table]


def text_of(slide: Any) -> str:
    return "\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)


def height(frame: Any, wide: float) -> float:
    """Points that a frame's text takes, in letters wider than those of the slides."""
    found = 0.0
    for paragraph in frame.paragraphs:
        for line in paragraph.text.split("\v"):
            sizes = [run.font.size.pt for run in paragraph.runs] or [0]
            found += len(wrapped(line, wide, max(sizes))) * max(sizes) * LINE
    return found


def test_everything_lies_on_the_slide() -> None:
    book = read()
    for shape in shapes(book):
        assert shape.left >= 0, shape.name
        assert shape.top >= 0, shape.name
        assert shape.left + shape.width <= book.slide_width, shape.name
        assert shape.top + shape.height <= book.slide_height, shape.name


def test_text_fits_its_place() -> None:
    for shape in shapes(read()):
        if shape.has_text_frame and shape.text_frame.text:
            frame = shape.text_frame
            wide = (shape.width - frame.margin_left - frame.margin_right) / Pt(1)
            assert height(frame, wide) <= shape.height / Pt(1) + 1, frame.text


def test_text_fits_the_cells_of_tables() -> None:
    for table in tables(read()):
        for row in table.rows:
            for cell, column in zip(row.cells, table.columns, strict=True):
                if cell.text_frame.text and not cell.is_merge_origin:
                    wide = (column.width - cell.margin_left - cell.margin_right) / Pt(1)
                    assert height(cell.text_frame, wide) <= row.height / Pt(1), cell.text_frame.text


def test_places_do_not_cover_each_other() -> None:
    for slide in read().slides:
        found = [(s.left, s.top, s.left + s.width, s.top + s.height, s.name) for s in slide.shapes]
        for n, one in enumerate(found):
            for other in found[:n]:
                apart = (
                    one[0] >= other[2] or other[0] >= one[2]
                    or one[1] >= other[3] or other[1] >= one[3]
                )  # fmt: skip
                assert apart, (slide.shapes.title.text, one[4], other[4])


def test_every_slide_has_a_title_and_says_it_is_made_up() -> None:
    for slide in read().slides:
        assert slide.shapes.title.text
        assert cast.ORIGIN.synthetic in text_of(slide)


def test_titles_of_several_parts_are_told_apart() -> None:
    titles = [slide.shapes.title.text for slide in read().slides]
    assert "Fargetabell (1 av 2)" in titles
    assert "Fargetabell (2 av 2)" in titles


def test_what_a_slide_is_about_is_read_before_its_number() -> None:
    for number, slide in enumerate(read().slides, start=1):
        read_last = list(slide.shapes)[-2:]
        assert [shape.text_frame.text for shape in read_last] == [
            str(number),
            cast.ORIGIN.synthetic,
        ]


def test_charts_are_pictures_with_words_and_numbers_in_the_notes() -> None:
    drawn = [chart for section in cast.selection().sections for chart in section.charts]
    told = [shape._element.nvPicPr.cNvPr.get("descr") for shape in pictures(read())]
    assert told == [f"{chart.title}. {chart.description}" for chart in drawn]
    notes = "\n".join(slide.notes_slide.notes_text_frame.text for slide in read().slides)
    for chart in drawn:
        assert chart.description in notes
        assert all(row[0] in notes for twin in chart.tables for row in twin.rows)


def test_the_colour_table_is_native_and_has_its_words() -> None:
    found = tables(read())
    assert len(found) == 2
    assert all(table.first_row and table.first_col for table in found)
    cells = {cell.text_frame.text for table in found for row in table.rows for cell in row.cells}
    for row in cast.table().all_rows:
        assert row.name in cells
        for cell in row.cells:
            if cell.level is not None:
                filled = "▮" * cell.level + "▯" * (cell.levels - cell.level)
                assert any(cell.text in each and f"{filled} {cell.word}" in each for each in cells)
    assert any("… usikkert" in each for each in cells)
    assert "skjult" in cells


def test_reasons_stand_in_the_notes() -> None:
    notes = "\n".join(slide.notes_slide.notes_text_frame.text for slide in read().slides)
    for row in cast.table().all_rows:
        for cell in row.cells:
            assert cell.reason in notes


def test_long_text_is_cut_on_the_slide_and_whole_in_the_notes() -> None:
    long = cast.selection().sections[1].paragraphs[0].strip()
    slide = next(s for s in read().slides if "rangert" in s.notes_slide.notes_text_frame.text)
    assert long in slide.notes_slide.notes_text_frame.text
    assert "…" in text_of(slide)


def test_it_knows_its_language() -> None:
    book = read()
    assert book.core_properties.language == "nb"
    assert book.core_properties.created.date() == cast.ORIGIN.created.date()  # type: ignore[union-attr]
    for shape in shapes(book):
        if shape.has_text_frame:
            for paragraph in shape.text_frame.paragraphs:
                for run in paragraph.runs:
                    assert run._r.rPr.get("lang") == "nb-NO"


def test_questions_are_a_numbered_list() -> None:
    slide = next(s for s in read().slides if "Hva lærer vi?" in text_of(s))
    box = next(s for s in slide.shapes if s.has_text_frame and "Hva lærer vi?" in s.text_frame.text)
    numbered = [p._p.pPr.find(".//{*}buAutoNum") is not None for p in box.text_frame.paragraphs]
    assert numbered == [True, True]


@pytest.mark.parametrize("count", [1, 5, 6, 7, 12, 13])
def test_parts_are_even_and_lose_nothing(count: int) -> None:
    parts = list(slides._in_parts(range(count), 6))
    assert [each for part in parts for each in part] == list(range(count))
    sizes = [len(part) for part in parts]
    assert max(sizes) <= 6
    assert max(sizes) - min(sizes) <= max(1, len(sizes) - 1)


def test_a_chapter_without_anything_makes_no_slide() -> None:
    only = replace(cast.selection(), sections=(Section("Tom"),))
    assert len(read(only).slides) == 2
