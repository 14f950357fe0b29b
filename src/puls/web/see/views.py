"""The addresses of the pages: read the request, ask one query, render."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from puls import periods
from puls.documents import spreadsheet
from puls.views.highlights import highlights
from puls.web.packs import language_of, pack
from puls.web.see import choices, conversation, exports, pages, panel, queries
from puls.web.see.answering import kept_private, page, year
from puls.web.see.choices import Choice
from puls.web.see.queries import Seen
from puls.web.tenants.access import ReachRequest, reach_required

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"


def _seen(request: ReachRequest, unit: str, period: str, choice: Choice) -> Seen:
    """What was released, or 404 for a school year without releases or a unit out of reach."""
    which = queries.period_or_404(year(period))
    return queries.seen(request.reach, unit, which, choice.release)


@require_safe
@reach_required
def where_own(request: ReachRequest) -> HttpResponseBase:
    """To the newest page of the reader's own unit."""
    return redirect("see:newest", request.reach.unit)


@require_safe
@reach_required
def newest(request: ReachRequest, unit: str) -> HttpResponseBase:
    """To the newest school year of a unit, or a page that says there is none yet."""
    content, language = pack(), language_of(pack())
    every = queries.periods(unit, content)
    if every:
        return redirect("see:unit", unit, periods.slug(every[0]))
    family = queries.family(request.reach, unit)
    name = queries.unit_name(family.unit, content, language)
    return page(request, "see/nothing_yet.html", {"name": name})


@require_safe
@reach_required
def unit(request: ReachRequest, unit: str, period: str) -> HttpResponseBase:
    """The colour table of a unit, or only the reason of a cell when htmx asks for it."""
    content, language = pack(), language_of(pack())
    choice = choices.parse(request.GET, content)
    wanted = request.GET.get("skolear", period)
    if wanted != period:
        other = pages.unit_address(unit, year(wanted))
        return redirect(other + choice.query(release=None))
    seen = _seen(request, unit, period, choice)
    table = pages.draw(seen, choice, content, language)
    told = panel.told(request.reach, seen, table, choice, content, language)
    if request.headers.get("HX-Target") == "forklaring":
        return page(request, "see/reason.html", {"told": told})
    lasting = choice.query(cell=None, release=seen.release)
    here = request.build_absolute_uri(request.path)
    sheets = [reverse(f"see:{kind}", args=[unit, period]) + lasting for kind in ("xlsx", "csv")]
    context = {
        "title": queries.unit_name(seen.family.unit, content, language),
        "subtitle": pages.subtitle(table, language),
        "trail": pages.trail(seen, content, language),
        "table": table,
        "heads": pages.heads(table, choice),
        "firsts": {column.key for column in table.columns[1:] if column.first},
        "cell_query": choice.query(cell=("", "")).removesuffix("."),
        "left_out": pages.left_out(seen, choice, content, language),
        "told": told,
        "chosen": table.cell(*choice.cell) if choice.cell else None,
        "synthetic": seen.synthetic,
        "period_options": pages.period_options(queries.periods(unit, content), seen.period),
        "selections": pages.selection_options(choice, content, language),
        "kept": pages.kept(choice),
        "xlsx": sheets[0],
        "csv": sheets[1],
        "sources": exports.sources(seen, table, content, language),
        "about_sources": exports.about_sources(table, content, language),
        "release": seen.release,
        "released_on": exports.released_on(seen, language),
        "k": seen.k,
        "frozen": seen.frozen,
        "unfrozen": choice.query(release=None, cell=None),
        "permalink": here + lasting,
        "what": reverse("see:what", args=[unit, period]),
    }
    return page(request, "see/unit.html", context)


@require_safe
@reach_required
def sheet(request: ReachRequest, unit: str, period: str, kind: str) -> HttpResponseBase:
    """The table as a file to take along."""
    content, language = pack(), language_of(pack())
    choice = choices.parse(request.GET, content)
    seen = _seen(request, unit, period, choice)
    table = pages.draw(seen, choice, content, language, with_reasons=True)
    title = queries.unit_name(seen.family.unit, content, language)
    lasting = reverse("see:unit", args=[unit, period]) + choice.query(
        cell=None, release=seen.release
    )
    origin = exports.provenance(
        seen, table, content, language, title, request.build_absolute_uri(lasting)
    )
    if kind == "xlsx":
        data, content_type = spreadsheet.xlsx(table, origin, exports.words()), XLSX
    else:
        data, content_type = spreadsheet.csv(table, origin, exports.words(), language), CSV
    answer = HttpResponse(data, content_type=content_type)
    made_up = "-syntetisk" if seen.synthetic else ""
    answer.headers["Content-Disposition"] = (
        f'attachment; filename="puls-{unit}-{period}{made_up}.{kind}"'
    )
    return kept_private(answer)


@require_safe
@reach_required
def whither(request: ReachRequest) -> HttpResponseBase:
    """Where do we want to go: what quality looks like on each level, to read and talk about."""
    content, language = pack(), language_of(pack())
    context = {
        "groups": conversation.rubrics_by_area(content, language),
        "frameworks": conversation.frameworks(content, language),
        "scale": conversation.rubric_scale(content, language),
        "heading": _("Where do we want to go?"),
    }
    return page(request, "see/whither.html", context)


@require_safe
@reach_required
def what_own(request: ReachRequest) -> HttpResponseBase:
    """To the reader's own conversation sheet."""
    every = queries.periods(request.reach.unit, pack())
    if every:
        return redirect("see:what", request.reach.unit, periods.slug(every[0]))
    return redirect("see:newest", request.reach.unit)


@require_safe
@reach_required
def what(request: ReachRequest, unit: str, period: str) -> HttpResponseBase:
    """What do we do: a sheet to print and talk over, from what stands out."""
    content, language = pack(), language_of(pack())
    choice = choices.parse(request.GET, content)
    seen = _seen(request, unit, period, choice)
    table, set_by = pages.own_row(seen, content, language, with_reasons=True)
    found = highlights(table, table.rows[0])
    title = queries.unit_name(seen.family.unit, content, language)
    context = {
        "title": title,
        "trail": pages.trail(seen, content, language),
        "table": table,
        "found": found,
        "set_by": set_by,
        "heading": _("To talk about: %(name)s %(period)s")
        % {"name": title, "period": table.period_label},
        "weak_heading": _("Clearly on the lowest level"),
        "strong_heading": _("Clearly on the highest level"),
        "questions": conversation.questions(found, content, language),
        "synthetic": seen.synthetic,
        "where": pages.unit_address(unit, seen.period),
        "released_on": exports.released_on(seen, language),
        "release": seen.release,
    }
    return page(request, "see/what.html", context)
