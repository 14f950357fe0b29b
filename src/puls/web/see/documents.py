"""Documents of what a page shows: PDF, slides, one chart as a picture. Made anew when asked for."""

from collections.abc import Iterator

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from puls.cells import Status
from puls.content.definitions import Indicator, Pack
from puls.documents.chapters import chapters
from puls.documents.selection import Selection
from puls.views import numbers
from puls.views.charts.scene import Chart, framed
from puls.views.highlights import highlights
from puls.views.reasons import source_name
from puls.views.tables import ColourTable
from puls.web.answering import kept_private
from puls.web.packs import language_of, pack
from puls.web.see import choices, conversation, document_words, exports, pages, queries
from puls.web.see.choices import Choice
from puls.web.see.over_time import OverTime, over_time
from puls.web.see.over_time import chart as trend
from puls.web.see.queries import Seen
from puls.web.see.table import seen_or_404
from puls.web.tenants.access import Reach, ReachRequest, reach_required

TYPES = {
    "pdf": "application/pdf",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "png": "image/png",
}
ENOUGH_TO_ASK = 6
"""Questions that a meeting has time for."""


@require_safe
@reach_required
def document(request: ReachRequest, unit: str, period: str, kind: str) -> HttpResponseBase:
    """The table of a page with what stands out, its indicators over time, and questions.

    kind: "pdf" or "pptx". The query is that of the page, so that a choice is taken along whole.
    """
    content, language = pack(), language_of(pack())
    choice = choices.parse(request.GET, content)
    seen = seen_or_404(request, unit, period, choice)
    lasting = reverse("see:unit", args=[unit, period]) + choice.query(
        cell=None, picking=False, release=seen.release
    )
    made = selection(
        request.reach, seen, choice, content, language, request.build_absolute_uri(lasting)
    )
    # Setting type and drawing slides take longer to import than most pages need.
    if kind == "pdf":
        from puls.documents.pdf import pdf

        data = pdf(made)
    else:
        from puls.documents.slides import pptx

        data = pptx(made)
    return _file(data, kind, f"puls-{unit}-{period}", seen.synthetic)


def selection(
    reach: Reach, seen: Seen, choice: Choice, content: Pack, language: str, address: str
) -> Selection:
    """Everything in the document, in words and shapes. address: leads back to these numbers."""
    table = pages.draw(seen, choice, content, language, with_reasons=True)
    name = queries.unit_name(seen.family.unit, content, language)
    origin = exports.provenance(seen, table, content, language, name, address)
    found = highlights(table, table.rows[0])
    asked = [q for rubric in conversation.questions(found, content, language)
             for q in rubric.questions]  # fmt: skip
    return Selection(
        title=name,
        subtitle=_("Where are we? %(period)s") % {"period": table.period_label},
        language=language,
        lead=_lead(table, language),
        sections=chapters(
            table,
            table.rows[0],
            _charts(reach, seen, choice, table, content, language),
            asked[:ENOUGH_TO_ASK],
            document_words.titles(),
            pages.subtitle(table, language) + ".",
        ),
        provenance=origin,
        words=document_words.headings(),
    )


def _lead(table: ColourTable, language: str) -> tuple[str, ...]:
    """What the reader must know before the first number."""
    used = list(dict.fromkeys(column.source for column in table.columns))
    if not used:
        return (_("Nothing has been released here for this choice."),)
    rests_on = _("What stands here rests on %(sources)s.") % {
        "sources": numbers.all_of(used, language)
    }
    safe = _(
        "All numbers are from a release. What could reveal what someone answered is hidden, and "
        "a colour is given only where the numbers decide it."
    )
    return rests_on, safe


def _charts(
    reach: Reach, seen: Seen, choice: Choice, table: ColourTable, content: Pack, language: str
) -> Iterator[Chart]:
    """The columns over time, where there is more than one year to see."""
    for column in table.columns:
        indicator = content.indicators[column.key]
        found = over_time(reach, seen.family.unit.key, indicator, choice.release)
        if sum(cell.status is Status.SHOWN for cell in found.cells) > 1:
            yield trend(found, content, language, on_page=False)


@require_safe
@reach_required
def picture(request: ReachRequest, unit: str, key: str) -> HttpResponseBase:
    """One indicator of a unit over time as a PNG with its title and where it comes from."""
    from puls.documents.pictures import png

    content, language = pack(), language_of(pack())
    if key not in content.indicators:
        raise Http404
    found = over_time(
        request.reach, unit, content.indicators[key], choices.parse(request.GET, content).release
    )
    if found.newest is None:
        raise Http404
    drawn = trend(found, content, language, on_page=False)
    foot = _foot(found, content.indicators[key], content, language)
    return _file(png(framed(drawn.wide, foot)), "png", f"puls-{unit}-{key}", found.synthetic)


def _foot(found: OverTime, indicator: Indicator, content: Pack, language: str) -> list[str]:
    """What a picture says beneath itself, wherever it is taken: source, release, made up or not."""
    said = [_("Source: %(source)s.") % {"source": source_name(indicator, content, language)}]
    if found.releases:
        newest = max(found.releases, key=lambda note: note.id)
        day = numbers.day(newest.made_at.date(), language)
        said.append(_("Release %(release)s of %(day)s.") % {"release": newest.id, "day": day})
    foot = [" ".join(said)]
    return [*foot, _("Synthetic data")] if found.synthetic else foot


def _file(data: bytes, kind: str, name: str, synthetic: bool) -> HttpResponse:
    answer = HttpResponse(data, content_type=TYPES[kind])
    made_up = "-syntetisk" if synthetic else ""
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}{made_up}.{kind}"'
    return kept_private(answer)
