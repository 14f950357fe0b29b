"""PDF files: what a reader, a screen reader and a checker find in them."""

import io
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

from puls.documents import pdf
from puls.documents.selection import Section, Selection
from tests.documents import cast


@cache
def read(selection: Selection | None = None) -> PdfReader:
    return PdfReader(io.BytesIO(pdf.pdf(selection or cast.selection())))


def tags(reader: PdfReader) -> Iterator[DictionaryObject]:
    """Every element of the structure tree, in reading order."""

    def walk(node: Any) -> Iterator[DictionaryObject]:
        if isinstance(node, IndirectObject):
            node = node.get_object()
        if isinstance(node, ArrayObject):
            for child in node:
                yield from walk(child)
        elif isinstance(node, DictionaryObject):
            if "/S" in node:
                yield node
            if "/K" in node:
                yield from walk(node["/K"])

    yield from walk(root(reader)["/StructTreeRoot"])


def root(reader: PdfReader) -> Any:
    return reader.trailer["/Root"]


def of_kind(reader: PdfReader, kind: str) -> list[DictionaryObject]:
    return [tag for tag in tags(reader) if tag["/S"] == kind]


def words(reader: PdfReader) -> str:
    return "\n".join(page.extract_text() for page in reader.pages)


def test_it_says_that_it_is_tagged_and_for_everybody() -> None:
    reader = read()
    assert root(reader)["/MarkInfo"]["/Marked"] is True or root(reader)["/MarkInfo"]["/Marked"]
    metadata = root(reader)["/Metadata"].get_object()
    assert isinstance(metadata, StreamObject)
    assert b"<pdfuaid:part>1</pdfuaid:part>" in metadata.get_data()


def test_title_language_and_date() -> None:
    reader = read()
    assert reader.metadata is not None
    assert reader.metadata.title == "Karmøy kulturskole"
    assert root(reader)["/Lang"].startswith("nb")
    assert root(reader)["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.creation_date == cast.ORIGIN.created


def test_each_chart_has_its_words() -> None:
    drawn = [chart for section in cast.selection().sections for chart in section.charts]
    told = [tag["/Alt"] for tag in of_kind(read(), "/Figure")]
    assert told == [f"{chart.title}. {chart.description}" for chart in drawn]


def test_tables_have_heads_and_every_cell_its_word() -> None:
    reader = read()
    twins = sum(len(c.tables) for s in cast.selection().sections for c in s.charts)
    colour_table, sources = 1, 1
    assert len(of_kind(reader, "/Table")) == colour_table + twins + sources
    assert all("/A" in tag for tag in of_kind(reader, "/TH")), "heads say what they head"
    rows = len(cast.UNITS)
    assert len(of_kind(reader, "/TD")) > rows * len(cast.COLUMNS)
    text = words(reader)
    for row in cast.table().all_rows:
        assert row.name in text
    for word in ("svak", "på vei", "god", "usikkert", "skjult"):
        assert word in text


def test_contents_and_bookmarks_name_every_chapter() -> None:
    reader = read()

    def names(outline: Any) -> Iterator[str]:
        for entry in outline:
            if isinstance(entry, list):
                yield from names(entry)
            else:
                yield entry.title

    found = list(names(reader.outline))
    headings = [section.heading for section in cast.selection().sections]
    assert [name for name in found if name in headings] == headings
    assert cast.WORDS.sources in found
    first = reader.pages[0].extract_text()
    assert all(heading in first for heading in headings)


def test_every_page_says_that_the_numbers_are_made_up() -> None:
    assert all(cast.ORIGIN.synthetic in page.extract_text() for page in read().pages)


def test_it_leads_back_to_its_release() -> None:
    text = words(read())
    assert "Utgivelse 14" in text
    links = [a.get_object() for page in read().pages for a in page.get("/Annots", [])]
    targets = [link["/A"]["/URI"] for link in links if "/URI" in link.get("/A", {})]
    assert cast.ORIGIN.address in targets
    for source in cast.ORIGIN.sources:
        assert source.name in text


def test_only_our_own_fonts_all_of_them_inside() -> None:
    fonts = {}
    for page in read().pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
            below = font.get_object()["/DescendantFonts"][0].get_object()
            fonts[below["/BaseFont"]] = below["/FontDescriptor"]
    assert {name.split("+")[1] for name in fonts} <= {"Inter-Regular", "Inter-SemiBold"}
    assert all({"/FontFile2", "/FontFile3"} & set(told) for told in fonts.values())


def test_no_letter_is_missing_in_the_font() -> None:
    import json

    told = json.dumps(pdf._told(cast.selection(), "light"))
    _, warnings = pdf._compiler().compile_with_warnings(format="pdf", sys_inputs={"told": told})
    assert [str(warning) for warning in warnings] == []


def test_a_wide_table_lies_and_the_rest_stands() -> None:
    lying = [page.mediabox.width > page.mediabox.height for page in read().pages]
    assert lying[0] is False
    assert lying.count(True) == 1
    narrow = Section("Fargetabell", table=cast.table(cast.COLUMNS[:4]))
    upright = read(replace(cast.selection(), sections=(narrow,)))
    assert not any(page.mediabox.width > page.mediabox.height for page in upright.pages)


def test_a_table_that_is_too_wide_goes_on_beneath_with_its_names() -> None:
    keys = tuple(cast.cast.pack().indicators)[:20]
    whole = cast.cast.table([], keys, cast.UNITS)
    parts = list(pdf._tables(whole))
    assert [len(part["columns"]) for part in parts] == [10, 10]
    assert [c for part in parts for c in part["columns"]] == [c.short for c in whole.columns]
    assert all(sum(g["span"] for g in part["groups"]) == 10 for part in parts)
    assert all(len(part["rows"]) == len(cast.UNITS) for part in parts)


@pytest.mark.parametrize(
    "text",
    [
        "#panic()",
        "*ikke* _uthevet_ $x^2$ @sted <merke>",
        '= Overskrift\n\n#import "x.typ"',
        '"anførsel" \\ og } { [ ]',
        "</svg><script>",
    ],
)
def test_what_people_write_is_only_ever_text(text: str) -> None:
    asked = Section(text.replace("\n", " "), (text,), questions=(text,))
    reader = read(replace(cast.selection(), title=text, sections=(asked,), lead=(text,)))
    plain = "".join(text.split())
    assert "".join(words(reader).split()).count(plain) >= 4


def test_the_same_selection_is_the_same_file() -> None:
    assert pdf.pdf(cast.selection()) == pdf.pdf(cast.selection())


def test_one_document_leaves_nothing_in_the_next() -> None:
    first = pdf.pdf(cast.selection())
    other = replace(cast.selection(), title="En annen", sections=cast.selection().sections[:1])
    assert "Dialogkart" not in words(read(other))
    assert pdf.pdf(cast.selection()) == first


def test_it_can_be_grey_and_then_has_no_colour() -> None:
    page = pdf.pages(cast.selection(), "grey", ppi=30)[1]
    from PIL import Image

    with Image.open(io.BytesIO(page)) as opened:
        colours = opened.convert("RGB").getcolors(1 << 20) or []
    assert all(max(c) - min(c) < 8 for _, c in colours)  # type: ignore[type-var, arg-type]


def test_without_a_release_it_has_no_date_of_today() -> None:
    empty = replace(cast.ORIGIN, created=None, release=0, synthetic="", sources=())
    reader = read(replace(cast.selection(), provenance=empty))
    assert reader.metadata is not None
    assert reader.metadata.creation_date is not None
    assert reader.metadata.creation_date.year == 2000
    assert "Utgivelse 0" not in words(reader)


def test_chapters_do_not_skip_a_depth() -> None:
    with pytest.raises(AssertionError, match="skip a depth"):
        replace(cast.selection(), sections=(Section("Under ingenting", depth=2),))


def test_years_and_numbers_of_a_twin_stay_on_one_line() -> None:
    """A sentence wraps before a year does: "2019–" above "20" is no year."""
    chart = next(chart for section in cast.selection().sections for chart in section.charts)
    twin = chart.tables[0]
    long = "4,3 usikkert mellom på vei og god"
    rows = tuple((f"20{n}–{n + 1}", long, "4,0–4,2", "1 312", long, long) for n in range(11, 18))
    crowded = replace(twin, head=("Skoleår", "A", "Anslag", "Svar", "B", "C"), rows=rows)
    section = Section("Over tid", charts=(replace(chart, tables=(crowded,)),))
    text = words(read(replace(cast.selection(), sections=(section,))))
    assert all(row[0] in text for row in rows)
    assert text.count("4,0–4,2") == len(rows)
    assert long not in text, "else the page is not crowded"


def test_rows_of_a_known_height_look_like_those_that_are_measured(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known = pdf._told(cast.selection(), "light")
    marked = [short for twin in known["twins"] for short in twin["short"]]
    assert any(marked)
    as_known = pdf.pages(cast.selection())
    for twin in known["twins"]:
        twin["short"] = []
    monkeypatch.setattr(pdf, "_told", lambda selection, theme: known)
    assert pdf.pages(cast.selection()) == as_known
