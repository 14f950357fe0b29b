"""Pages of the quality report: the list, the draft, its parts and versions, what is published."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from puls import periods
from puls.errors import NotNow
from puls.views import symbols
from puls.web.answering import kept_private, page, year
from puls.web.packs import language_of, pack
from puls.web.report import described, queries, services
from puls.web.report.drafting import draft
from puls.web.report.figures import Figures
from puls.web.report.models import Version
from puls.web.see import pages
from puls.web.see import queries as see
from puls.web.tenants.access import ReachRequest, reach_required
from puls.web.tenants.permissions import can, check


class PartForm(forms.Form):
    """One part's text."""

    text = forms.CharField(
        label=gettext_lazy("Text"),
        required=False,
        max_length=services.LONGEST,
        help_text=gettext_lazy("Plain text. An empty line begins a new paragraph."),
        widget=forms.Textarea(attrs={"rows": 16}),
    )
    based_on = forms.IntegerField(widget=forms.HiddenInput)


@require_http_methods(["GET", "HEAD", "POST"])
@reach_required
def reports(request: ReachRequest) -> HttpResponseBase:
    """All that is published, and for the owner what is being written and can be begun."""
    writes = can("report_write", request.reach)
    if request.method == "POST":
        return _begin(request)
    drafted = queries.drafted() if writes else []
    known = see.periods(request.reach.unit, pack()) if writes else []
    context = {
        "published": queries.publications(),
        "drafted": [(periods.label(each), periods.slug(each)) for each in drafted],
        "free": [(periods.label(p), periods.slug(p)) for p in known if p not in drafted],
        "writes": writes,
        "trail": [_home(), pages.Link(_("Quality reports"))],
    }
    return page(request, "report/reports.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@reach_required
def report(request: ReachRequest, period: str) -> HttpResponseBase:
    """The report of a school year: for its owner the newest version, else the newest edition."""
    which = year(period)
    if not can("report_write", request.reach):
        published = queries.publications(which)
        if request.method == "POST":
            check("report_write", request.reach)
        if not published:
            raise Http404
        return redirect("report:edition", period, published[0].edition)
    now = queries.newest(which)
    if now is None:
        raise Http404
    if request.method == "POST":
        return _act(request, now)
    with translation.override(now.language):
        figures = _figures(request, now)
        told = figures.in_words(queries.parts(now))
    published = queries.publications(which)
    context = {
        **_about(now.period),
        "parts": [(part, told[part.key]) for part in queries.parts(now)],
        "now": now,
        "versions": queries.versions(which),
        "published": published,
        "is_published": bool(published) and published[0].version == now.number,
        "synthetic": figures.seen.synthetic,
        "sprite": symbols.sprite([pack().levels]),
    }
    return page(request, "report/report.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@reach_required
def part(request: ReachRequest, period: str, key: str) -> HttpResponseBase:
    """One part's text to write on."""
    check("report_write", request.reach)
    now = queries.newest(year(period))
    found = next((each for each in queries.parts(now) if each.key == key), None) if now else None
    if now is None or found is None:
        raise Http404
    form = PartForm(request.POST or None, initial={"text": found.text, "based_on": now.number})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            services.part_save(
                request.reach, now.period, key, given["text"], given["based_on"], str(request.user)
            )
        except NotNow as reason:
            form.add_error("text", str(reason))
        else:
            messages.success(request, _("The text is saved."))
            return redirect(reverse("report:report", args=[period]) + f"#{key}")
    about = _about(now.period)
    steps = [*about["trail"][:-1], pages.Link(about["title"], _address(period))]
    context = {**about, "form": form, "part": found, "trail": [*steps, pages.Link(found.heading)]}
    return page(request, "report/part.html", context | {"back": _address(period)})


@require_http_methods(["GET", "HEAD", "POST"])
@reach_required
def version(request: ReachRequest, period: str, number: int) -> HttpResponseBase:
    """An old version to read, and to take up again."""
    check("report_write", request.reach)
    found = queries.version_or_404(year(period), number)
    if request.method == "POST":
        services.version_restore(request.reach, found.period, number, str(request.user))
        messages.success(
            request, _("The text of version %(n)s is the newest again.") % {"n": number}
        )
        return redirect("report:report", period)
    about = _about(found.period)
    steps = [*about["trail"][:-1], pages.Link(about["title"], _address(period))]
    label = _("Version %(number)s") % {"number": number}
    context = {**about, "found": found, "parts": queries.parts(found), "label": label}
    return page(request, "report/version.html", context | {"trail": [*steps, pages.Link(label)]})


@require_safe
@reach_required
def draft_file(request: ReachRequest, period: str) -> HttpResponseBase:
    """The newest version as it would be published."""
    check("report_write", request.reach)
    now = queries.newest(year(period))
    if now is None:
        raise Http404
    data, figures = _document(request, now)
    return _pdf(data, f"kvalitetsmelding-{period}-utkast", figures.seen.synthetic)


@require_safe
@reach_required
def edition(request: ReachRequest, period: str, edition: int) -> HttpResponseBase:
    """A published report: text and figures as they were then."""
    found = queries.publication_or_404(year(period), edition)
    context = {
        **_about(found.period),
        "found": found,
        "parts": [(each, found.figures.get(each.key, {})) for each in queries.parts(found)],
        "synthetic": found.is_synthetic,
        "file": reverse("report:edition_file", args=[period, edition]),
        "newer": queries.publications(found.period)[0].edition > edition,
        "sprite": symbols.sprite([pack().levels]),
    }
    return page(request, "report/edition.html", context)


@require_safe
@reach_required
def edition_file(request: ReachRequest, period: str, edition: int) -> HttpResponseBase:
    """The file as it was published, byte for byte."""
    found = queries.publication_or_404(year(period), edition)
    name = f"kvalitetsmelding-{period}-utgave-{edition}"
    return _pdf(bytes(found.document), name, found.is_synthetic)


def _begin(request: ReachRequest) -> HttpResponseBase:
    content, language = pack(), language_of(pack())
    which = see.period_or_404(year(request.POST.get("skolear", "")))
    check("report_write", request.reach)
    seen = see.seen(request.reach, request.reach.unit, which)
    if seen.release is None:
        raise Http404
    figures = Figures(request.reach, seen, content, language)
    told = described.by_area(which, content, language)
    label = periods.label(which)
    parts = draft(figures.name, label, figures.found, content, language, seen.k, told)
    try:
        services.report_begin(
            request.reach, which, language, seen.release, parts, str(request.user)
        )
    except NotNow as reason:
        messages.error(request, str(reason))
    return redirect("report:report", periods.slug(which))


def _act(request: ReachRequest, now: Version) -> HttpResponseBase:
    """Approve or publish the newest version."""
    try:
        if "approve" in request.POST:
            number = int(request.POST["approve"])
            services.report_approve(request.reach, now.period, number, str(request.user))
            messages.success(request, _("Version %(n)s is approved.") % {"n": number})
        elif "publish" in request.POST:
            services.need_approved(now.period)
            data, figures = _document(request, now)
            synthetic = figures.seen.synthetic
            with translation.override(now.language):
                told = figures.in_words(queries.parts(now))
            services.report_publish(
                request.reach, now.period, told, data, synthetic, str(request.user)
            )
            messages.success(request, _("The report is published in your administration."))
    except (NotNow, ValueError) as reason:
        messages.error(request, str(reason))
    return redirect("report:report", periods.slug(now.period))


def _figures(request: ReachRequest, now: Version) -> Figures:
    """What the report's own release says, whatever was released since."""
    seen = see.seen(request.reach, request.reach.unit, now.period, now.release)
    return Figures(request.reach, seen, pack(), now.language)


def _document(request: ReachRequest, now: Version) -> tuple[bytes, Figures]:
    # Setting type takes longer to import than most pages need.
    from puls.documents.pdf import pdf

    with translation.override(now.language):
        figures = _figures(request, now)
        where = pages.unit_address(request.reach.unit, now.period) + f"?per={now.release}"
        made = figures.selection(queries.parts(now), request.build_absolute_uri(where))
        return pdf(made), figures


def _about(period: int) -> dict[str, Any]:
    label = periods.label(period)
    title = _("Quality report %(period)s") % {"period": label}
    trail = [_home(), pages.Link(_("Quality reports"), reverse("report:reports"))]
    return {"title": title, "period": periods.slug(period), "trail": [*trail, pages.Link(title)]}


def _home() -> pages.Link:
    return pages.Link(_("What do we do?"), reverse("follow:doing"))


def _address(period: str) -> str:
    return reverse("report:report", args=[period])


def _pdf(data: bytes, name: str, synthetic: bool) -> HttpResponse:
    answer = HttpResponse(data, content_type="application/pdf")
    made_up = "-syntetisk" if synthetic else ""
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}{made_up}.pdf"'
    return kept_private(answer)
