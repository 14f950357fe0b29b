"""One scene, the same everywhere: what is drawn is in the SVG, the PDF file and the slides."""

import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any
from xml.etree import ElementTree

import pytest
from pptx import Presentation
from pypdf import PdfReader

from puls.documents import pdf, slides
from puls.documents.selection import Section, Selection
from puls.documents.slide_vectors import SVG
from puls.views.charts.drawing import svg
from puls.views.charts.scene import Box, Chart, Dot, Group, Path, Scene, Shape, Text, flat
from puls.views.charts.tones import Tone
from tests.documents import cast
from tests.views.charts import gallery

CHARTS = ("trend_full", "trend_share", "map", "rubric", "many")
DRAWN = {"rect": Box, "circle": Dot, "path": Path, "text": Text}
PAINTS = re.compile(rb"(?<!\S)([fFBS])\*?(?!\S)")
"""What fills (f, F), strokes (S) or does both to (B) a path in a PDF file."""


def of(chart: Chart) -> Selection:
    return replace(cast.selection(), sections=(Section("Over tid", charts=(chart,)),))


@cache
def charts() -> dict[str, Chart]:
    return {name: gallery.charts()[name] for name in CHARTS}


def words(scene: Scene) -> Counter[str]:
    return Counter(text.text for text in scene.texts if text.text.strip())


def shapes(scene: Scene) -> Counter[type]:
    return Counter(type(shape) for shape in flat(scene.shapes))


def in_svg(drawn: str) -> tuple[Counter[str], Counter[type]]:
    """The words and the shapes of an SVG, without its ground and what only defines hatching."""
    root = ElementTree.fromstring(drawn)
    for defined in root.findall("{*}defs"):
        root.remove(defined)
    tags = [(each.tag.rpartition("}")[2], each) for each in root.iter()]
    said = Counter("".join(each.itertext()) for tag, each in tags if tag == "text")
    found = Counter(DRAWN[tag] for tag, _ in tags if tag in DRAWN)
    return Counter({text: n for text, n in said.items() if text.strip()}), found


@pytest.mark.parametrize("name", CHARTS)
def test_an_svg_has_every_word_and_every_shape_of_the_scene(name: str) -> None:
    scene = charts()[name].wide
    said, found = in_svg(svg(scene, "light"))
    found[Box] -= 1  # The ground.
    assert said == words(scene)
    assert found == shapes(scene)


@pytest.mark.parametrize("name", CHARTS)
def test_slides_carry_the_very_svg_beside_the_picture(name: str) -> None:
    chart = charts()[name]
    book = Presentation(io.BytesIO(slides.pptx(of(chart))))
    vectors = [
        slide.part.related_part(found.get(f"{{{RELATED}}}embed")).blob
        for slide in book.slides
        for found in slide._element.iter(f"{{{SVG}}}svgBlip")
    ]
    assert [each.decode() for each in vectors] == [svg(chart.wide, "light")]
    pictures = [s for slide in book.slides for s in slide.shapes if s.shape_type == 13]
    assert pictures[0].image.content_type == "image/png", "for programs that know no SVG"


RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@pytest.mark.parametrize("name", ["trend_full", "map"])
def test_a_pdf_file_has_every_word_and_every_mark_as_vectors(name: str) -> None:
    chart = charts()[name]
    whole = PdfReader(io.BytesIO(pdf.pdf(of(chart))))
    text = "\n".join(page.extract_text() for page in whole.pages)
    assert not [each for each in words(chart.wide) if each not in text]
    bare = PdfReader(io.BytesIO(pdf.pdf(of(replace(chart, wide=_only_words(chart.wide))))))
    assert not list(_pictures(whole)), "vectors, not pixels"
    assert painted(whole) - painted(bare) == sum(
        (shape.fill is not Tone.NONE) + (shape.pen is not None)
        for shape in flat(chart.wide.shapes)
        if not isinstance(shape, Text)
    )


def _only_words(scene: Scene) -> Scene:
    def kept(found: tuple[Shape, ...]) -> Iterator[Shape]:
        for shape in found:
            if isinstance(shape, Group):
                yield replace(shape, shapes=tuple(kept(shape.shapes)))
            elif isinstance(shape, Text):
                yield shape

    return replace(scene, shapes=tuple(kept(scene.shapes)))


def painted(reader: PdfReader) -> int:
    """How often something is filled, and how often stroked."""
    contents: list[Any] = [page.get_contents() for page in reader.pages]
    found = [how for each in contents for how in PAINTS.findall(each.get_data())]
    return len(found) + found.count(b"B")


def _pictures(reader: PdfReader) -> Iterator[Any]:
    for page in reader.pages:
        yield from page.images
