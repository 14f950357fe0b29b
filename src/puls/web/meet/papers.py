"""A meeting on paper and on slides: the agenda before it, the minutes after."""

from collections.abc import Iterator, Sequence

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from puls.content.definitions import Pack
from puls.documents.provenance import Provenance, Source
from puls.documents.selection import Section, Selection
from puls.views import numbers
from puls.web.assess import queries as assess
from puls.web.document_words import headings
from puls.web.meet import pictures, wording
from puls.web.meet.models import Item, Kind, Line, LineKind, Meeting


def agenda(meeting: Meeting, items: Sequence[Item], pack: Pack, language: str) -> Selection:
    """The agenda as a document: each item a chapter, with cells, charts, levels and questions."""
    where = [wording.when(meeting, language), wording.again(meeting, language), meeting.where]
    lead = [*(line for line in where if line), *_paragraphs(meeting.about)]
    return Selection(
        title=meeting.title,
        subtitle=_("Agenda, %(unit)s") % {"unit": meeting.place_name},
        language=language,
        lead=tuple(lead),
        sections=tuple(_section(n, item, pack, language) for n, item in enumerate(items, 1)),
        provenance=provenance(meeting, items, pack, language),
        words=headings(),
    )


def minutes(
    meeting: Meeting, items: Sequence[Item], lines: Sequence[Line], pack: Pack, language: str
) -> Selection:
    """The minutes as a document: what was decided first, then item by item what came of it."""
    decided = {
        LineKind.DECISION: _("Decisions"),
        LineKind.ACTION: _("Actions"),
        LineKind.QUESTION: _("Open questions"),
    }
    found = []
    for kind, heading in decided.items():
        said = tuple(_line(line, language) for line in lines if line.kind == kind)
        if said:
            found.append(Section(heading, paragraphs=said))
    for number, talked in enumerate(wording.minutes(meeting, items, language, pack), 1):
        found.append(_talked(number, talked))
    return Selection(
        title=meeting.title,
        subtitle=_("Minutes, %(unit)s") % {"unit": meeting.place_name},
        language=language,
        lead=(wording.when(meeting, language),),
        sections=tuple(found),
        provenance=provenance(meeting, items, pack, language),
        words=headings(),
    )


def _line(line: Line, language: str) -> str:
    parts = [line.text, line.who, numbers.day(line.due, language) if line.due else ""]
    return " · ".join(part for part in parts if part)


def _talked(number: int, talked: wording.Talked) -> Section:
    said = []
    if talked.results is not None:
        said += [
            f"{each.option.level or '–'}  {each.option.text}: {each.count}"
            for each in talked.results
        ]
    if talked.is_hidden:
        said.append(wording.hidden())
    if talked.is_left:
        said.append(_("Did not come up in the meeting."))
    for name, notes in talked.heaps:
        texts = "; ".join(note.text for note in notes)
        said.append(f"{name}: {texts}" if name else texts)
    cell = talked.said.cell
    points = (cell.point,) if cell else ()
    return Section(f"{number}. {talked.said.heading}", paragraphs=tuple(said), points=points)


def provenance(meeting: Meeting, items: Sequence[Item], pack: Pack, language: str) -> Provenance:
    """Which release the cells are of, and what they rest on."""
    periods = sorted({item.period for item in items if item.period}, reverse=True)
    used = {item.release for item in items}
    notes = [note for period in periods for note in assess.releases(period) if note.id in used]
    newest = max(notes, key=lambda note: note.id, default=None)
    address = settings.PULS_ADDRESS + reverse("meet:meeting", args=[meeting.pk])
    cells = [found for item in items if (found := pictures.told(item, language))]
    names = dict.fromkeys(cell.point.column.source for cell in cells)
    return Provenance(
        title=meeting.title,
        period=", ".join(dict.fromkeys(cell.period for cell in cells)),
        address=address,
        release=newest.id if newest else 0,
        made_at=numbers.day(newest.made_at.date(), language) if newest else "",
        k=max((note.k for note in notes), default=0),
        pack=f"{pack.text(language, 'pack.name')} {pack.version}",
        synthetic=_("Synthetic data") if meeting.is_synthetic else "",
        sources=tuple(Source(name, "", "", "", "") for name in names),
        created=newest.made_at if newest else None,
    )


def _section(number: int, item: Item, pack: Pack, language: str) -> Section:
    told = wording.point(item, language, pack)
    cell = told.cell
    chart = pictures.chart(item, cell, pack, language) if cell else None
    photo = pictures.photo(item)
    heading = f"{number}. {item.heading}" + (f" ({told.minutes})" if told.minutes else "")
    is_question = item.kind == Kind.QUESTION
    return Section(
        heading,
        paragraphs=tuple([] if is_question else told.paragraphs) + tuple(_levels(told.options)),
        points=(cell.point,) if cell else (),
        charts=(chart,) if chart else (),
        photos=(photo,) if photo else (),
        questions=tuple(told.text.splitlines()) if is_question and told.text else (),
        note=f"{cell.unit}, {cell.period}" if cell else "",
    )


def _levels(options: Sequence[wording.Option]) -> Iterator[str]:
    for each in options:
        yield f"{each.level}  {each.text}" if each.level else f"– {each.text}"


def _paragraphs(text: str) -> list[str]:
    return [" ".join(part.split()) for part in text.split("\n\n") if part.strip()]
