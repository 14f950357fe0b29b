"""What slides are put together from: a deck, text, lists, native tables, pictures."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

from PIL import Image
from pptx.enum.dml import MSO_LINE
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Pt

from puls.documents import slide_vectors
from puls.documents.looks import Look, of_cell
from puls.documents.slide_places import (
    ARROWS,
    BODY,
    CELL,
    EDGE,
    FONT,
    HIGH,
    LOCALES,
    SMALL,
    TITLE,
    WIDE,
    Area,
    colour,
    lines_of,
)
from puls.views.charts.tones import Tone
from puls.views.symbols import lettered
from puls.views.tables import TableCell


class Deck:
    """A presentation that is being written."""

    def __init__(self, book: Any, language: str, synthetic: str) -> None:
        self.book, self.synthetic = book, synthetic
        self.locale = LOCALES.get(language, language)
        book.slide_width, book.slide_height = Pt(WIDE), Pt(HIGH)

    def opening(self, title: str, subtitle: str, lead: Sequence[str], notes: Iterable[str]) -> None:
        """The first slide."""
        slide = self._new(title, notes, top=150.0, size=40.0)
        mark = slide.shapes.add_shape(MSO_SHAPE.OVAL, Pt(EDGE), Pt(64), Pt(16), Pt(16))
        self._paint(mark, Tone.PRESS)
        _unseen(mark)
        said(slide, self, Area(EDGE + 26, 56, 300, 32), ["Puls"], size=20, bold=True)
        said(slide, self, Area(top=230, height=40), [subtitle], size=22, tone=Tone.INK_SOFT)
        if lead:
            said(slide, self, Area(top=300, height=150), list(lead), size=16)

    def slide(self, title: str, notes: Iterable[str]) -> Any:
        """A slide with its title and notes."""
        return self._new(title, notes, top=36.0, size=TITLE)

    def _new(self, title: str, notes: Iterable[str], top: float, size: float) -> Any:
        slide = self.book.slides.add_slide(self.book.slide_layouts[5])
        head = slide.shapes.title
        head.left, head.top = Pt(EDGE), Pt(top)
        head.width, head.height = Pt(WIDE - 2 * EDGE), Pt(62)
        longest = size
        while lines_of(title, WIDE - 2 * EDGE, longest) > (1 if top < 100 else 2) and longest > 16:
            longest -= 2
        self.write(head.text_frame, [title], longest, bold=True, anchor=MSO_ANCHOR.MIDDLE)
        said_in_notes = [note for note in notes if note]
        if said_in_notes:
            frame = slide.notes_slide.notes_text_frame
            frame.text = "\n".join(said_in_notes)
            self._spoken(frame)
        return slide

    def close(self) -> None:
        """The synthetic mark and its number on every slide, after what it is about is read."""
        for number, slide in enumerate(self.book.slides, start=1):
            place = Area(EDGE, HIGH - 38, 200, 22)
            said(slide, self, place, [str(number)], size=11, tone=Tone.INK_SOFT)
            if self.synthetic:
                place, right = Area(WIDE - EDGE - 300, HIGH - 38, 300, 22), PP_ALIGN.RIGHT
                tone = Tone.LOW_INK
                said(slide, self, place, [self.synthetic], 11, tone=tone, bold=True, align=right)

    def write(
        self,
        frame: Any,
        paragraphs: Iterable[str],
        size: float,
        *,
        tone: Tone = Tone.INK,
        bold: bool = False,
        anchor: Any = MSO_ANCHOR.TOP,
        align: Any = PP_ALIGN.LEFT,
    ) -> None:
        """Text in a frame without margins, in our colours and the document's language."""
        frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.NONE
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        frame.vertical_anchor = anchor
        for number, text in enumerate(paragraphs):
            paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
            paragraph.alignment = align
            paragraph.space_after = Pt(size * 0.45)
            run = paragraph.add_run()
            run.text = text
            self.style(run, size, tone, bold)

    def style(self, run: Any, size: float, tone: Tone, bold: bool = False) -> None:
        run.font.name, run.font.size, run.font.bold = FONT, Pt(size), bold
        run.font.color.rgb = colour(tone)
        run._r.get_or_add_rPr().set("lang", self.locale)

    def _spoken(self, frame: Any) -> None:
        for paragraph in frame.paragraphs:
            for run in paragraph.runs:
                run._r.get_or_add_rPr().set("lang", self.locale)

    def grid(self, slide: Any, area: Area, sizes: Sequence[float], rows: int, high: float) -> Any:
        """A native table with a head row and names in its first column, without a style."""
        frame = slide.shapes.add_table(
            rows, len(sizes), Pt(area.left), Pt(area.top), Pt(area.width), Pt(high * rows)
        )
        grid = frame.table
        grid.first_row, grid.first_col, grid.horz_banding = True, True, False
        # Cells bring their own colours; "no style, no grid" leaves them alone.
        style = frame._element.graphic.graphicData.tbl.tblPr.find(qn("a:tableStyleId"))
        style.text = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
        for number, size in enumerate(sizes):
            grid.columns[number].width = Pt(size)
        for row in grid.rows:
            row.height = Pt(high)
        return grid

    def fill(self, spot: Any, look: Look, cell: TableCell) -> None:
        """A cell of the colour table: its number with marks, its symbol and word, its tint."""
        tone = look.ink or (Tone.INK if cell.text else Tone.INK_SOFT)
        self._margins(spot)
        _bordered(spot)
        if look.ground:
            spot.fill.solid()
            spot.fill.fore_color.rgb = colour(look.ground)
        elif cell.look == "uncertain":
            spot.fill.solid()
            spot.fill.fore_color.rgb = colour(Tone.HATCH)
        else:
            spot.fill.background()
        frame = spot.text_frame
        paragraph = frame.paragraphs[0]
        word = " · ".join(part for part in (_signed(cell), cell.tag) if part)
        if cell.text:
            run = paragraph.add_run()
            run.text = " ".join([cell.text, *(ARROWS[name] for name in look.marks)])
            self.style(run, CELL, tone, bold=True)
            if word:
                paragraph.add_line_break()
        if word:
            run = paragraph.add_run()
            run.text = word
            self.style(run, CELL - 2, tone)

    def _margins(self, spot: Any) -> None:
        spot.margin_left = spot.margin_right = Pt(5)
        spot.margin_top = spot.margin_bottom = Pt(2)
        spot.vertical_anchor = MSO_ANCHOR.MIDDLE

    def picture(self, slide: Any, data: bytes, alt: str, drawn: str = "") -> None:
        """A picture as large as its place allows, in its middle.

        drawn: the same as SVG, for programs that show it as sharp as the screen is.
        """
        with Image.open(io.BytesIO(data)) as opened:
            wide, high = opened.size
        area = Area(height=380)
        scale = min(area.width / wide, area.height / high)
        left = area.left + (area.width - wide * scale) / 2
        placed = slide.shapes.add_picture(
            io.BytesIO(data), Pt(left), Pt(area.top), Pt(wide * scale), Pt(high * scale)
        )
        placed._element.nvPicPr.cNvPr.set("descr", alt)
        if drawn:
            slide_vectors.add(slide, placed, drawn)

    def _paint(self, shape: Any, tone: Tone) -> None:
        shape.fill.solid()
        shape.fill.fore_color.rgb = colour(tone)
        shape.line.fill.background()
        shape.shadow.inherit = False


def said(
    slide: Any,
    deck: Deck,
    area: Area,
    paragraphs: Sequence[str],
    size: float = BODY,
    *,
    tone: Tone = Tone.INK,
    bold: bool = False,
    align: Any = PP_ALIGN.LEFT,
    before: str = "",
) -> None:
    """Paragraphs in a place. before: a name in bold above them."""
    box = slide.shapes.add_textbox(Pt(area.left), Pt(area.top), Pt(area.width), Pt(area.height))
    if before:
        deck.write(box.text_frame, [before, *paragraphs], size, tone=tone, align=align)
        box.text_frame.paragraphs[0].runs[0].font.bold = True
    else:
        deck.write(box.text_frame, paragraphs, size, tone=tone, bold=bold, align=align)


def bullets(
    slide: Any,
    deck: Deck,
    area: Area,
    items: Sequence[str],
    *,
    size: float = BODY,
    numbered: bool = False,
) -> None:
    """A list that is one, also to a screen reader."""
    box = slide.shapes.add_textbox(Pt(area.left), Pt(area.top), Pt(area.width), Pt(area.height))
    deck.write(box.text_frame, items, size)
    for paragraph in box.text_frame.paragraphs:
        properties = paragraph._p.get_or_add_pPr()
        indent = int(Pt(size * 1.5))
        properties.set("marL", str(indent))
        properties.set("indent", str(-indent))
        kind = properties.makeelement(qn("a:buAutoNum" if numbered else "a:buChar"), {})
        kind.set("type" if numbered else "char", "arabicPeriod" if numbered else "•")
        properties.append(kind)


def chip(slide: Any, deck: Deck, area: Area, cell: TableCell) -> None:
    """A cell alone on a slide, as a rounded card."""
    look = of_cell(cell)
    card = slide.shapes.add_shape(
        MSO_SHAPE.ROUNDED_RECTANGLE, Pt(area.left), Pt(area.top), Pt(area.width), Pt(area.height)
    )
    card.adjustments[0] = 0.1
    card.shadow.inherit = False
    card.fill.solid()
    card.fill.fore_color.rgb = colour(look.ground or Tone.SOFT)
    if look.ground:
        card.line.fill.background()
    else:
        card.line.color.rgb = colour(Tone.LINE_STRONG)
        card.line.dash_style = MSO_LINE.DASH
        card.line.width = Pt(0.75)
    tone = look.ink or Tone.INK
    frame = card.text_frame
    value = " ".join([cell.text, *(ARROWS[name] for name in look.marks)]) if cell.text else ""
    texts = [part for part in (value, _signed(cell)) if part]
    deck.write(frame, texts, SMALL + 1, tone=tone, anchor=MSO_ANCHOR.MIDDLE)
    frame.margin_left = Pt(12)
    if value:
        frame.paragraphs[0].runs[0].font.size = Pt(20)
        frame.paragraphs[0].runs[0].font.bold = True


def heads(deck: Deck, spot: Any, text: str, soft: bool = False) -> None:
    """A head or a name in a native table."""
    deck._margins(spot)
    spot.fill.background()
    if not text:
        return
    run = spot.text_frame.paragraphs[0].add_run()
    run.text = text
    deck.style(run, CELL, Tone.INK_SOFT if soft else Tone.INK, bold=not soft)


def _signed(cell: TableCell) -> str:
    """The word of a cell with its symbol in letters: "▮▯▯ svak"."""
    return f"{lettered(cell.level, cell.levels)} {cell.word}" if cell.symbol else cell.word


def _bordered(spot: Any) -> None:
    """White air around a cell, as between the cells of the page."""
    properties = spot._tc.get_or_add_tcPr()
    for place, side in enumerate(("a:lnL", "a:lnR", "a:lnT", "a:lnB")):
        edge = properties.makeelement(qn(side), {"w": str(int(Pt(2)))})
        fill = edge.makeelement(qn("a:solidFill"), {})
        fill.append(fill.makeelement(qn("a:srgbClr"), {"val": "FFFFFF"}))
        edge.append(fill)
        properties.insert(place, edge)


def _unseen(shape: Any) -> None:
    """Marks a shape as decoration: a screen reader passes it by."""
    properties = shape._element.nvSpPr.cNvPr
    address = "http://schemas.microsoft.com/office/drawing/2017/decorative"
    listed = properties.makeelement(qn("a:extLst"), {})
    one = listed.makeelement(qn("a:ext"), {"uri": "{C183D7F6-B498-43B3-948B-1728B52AA6E4}"})
    one.append(one.makeelement(f"{{{address}}}decorative", {"val": "1"}, {"adec": address}))
    listed.append(one)
    properties.append(listed)
