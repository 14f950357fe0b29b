"""What somebody has chosen to take along as a document: plain parts, every word ready.

The same selection becomes a PDF, slides or whatever comes next; nothing here knows a format.
"""

from dataclasses import dataclass
from itertools import pairwise

from puls.documents.provenance import Provenance, once
from puls.views.charts.scene import Chart
from puls.views.highlights import Point
from puls.views.tables import ColourTable


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture that somebody took. width, height: in pixels. alt: what it shows."""

    jpeg: bytes
    width: int
    height: int
    alt: str


@dataclass(frozen=True, slots=True)
class Section:
    """One chapter.

    depth: 1 for a chapter, 2 for a part of the one before it. points: cells with their reasons.
    note: stands small beneath a table, such as what its colours rest on. questions: to talk about.
    """

    heading: str
    paragraphs: tuple[str, ...] = ()
    points: tuple[Point, ...] = ()
    table: ColourTable | None = None
    note: str = ""
    charts: tuple[Chart, ...] = ()
    questions: tuple[str, ...] = ()
    depth: int = 1
    photos: tuple[Photo, ...] = ()


@dataclass(frozen=True, slots=True)
class Headings:
    """The words of a document itself, in the reader's language.

    page {page} {pages} · part {name} {part} {parts}: the title of a slide of several.
    """

    contents: str
    questions: str
    numbers: str
    sources: str
    page: str
    part: str
    release: str
    made_at: str
    smallest_group: str
    pack: str
    address: str
    synthetic: str
    source: str
    source_table: str
    updated: str
    licence: str


@dataclass(frozen=True, slots=True)
class Selection:
    """A whole document.

    subtitle: what it covers, such as the school year. lead: a few lines on the first page.
    language: "nb", "en". provenance: where its numbers come from; it ends every document.
    """

    title: str
    subtitle: str
    language: str
    sections: tuple[Section, ...]
    provenance: Provenance
    words: Headings
    lead: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        depths = [0, *(section.depth for section in self.sections)]
        steps = pairwise(depths)
        assert all(below <= above + 1 for above, below in steps), f"chapters skip a depth: {depths}"

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """Name and fact of everything one must know of the release; empty facts are left out."""
        words, origin = self.words, self.provenance
        told = (
            (words.synthetic, origin.synthetic),
            (words.release, str(origin.release or "")),
            (words.made_at, origin.made_at),
            (words.smallest_group, str(origin.k) if origin.k else ""),
            (words.pack, origin.pack),
            (words.address, origin.address),
        )
        return tuple((name, fact) for name, fact in told if fact)

    @property
    def source_heads(self) -> tuple[str, str, str, str]:
        words = self.words
        return words.source, words.source_table, words.updated, words.licence

    @property
    def source_rows(self) -> tuple[tuple[str, str, str, str], ...]:
        """A row for each source, as `source_heads`."""
        listed = once(self.provenance.sources)
        return tuple((s.name, s.table, s.updated, s.licence) for s in listed)
