"""Pages of a school's own view: what there is to describe, one subject, and writing about it."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from puls import periods
from puls.content.definitions import Pack
from puls.errors import NotNow
from puls.web.answering import Link, page, year
from puls.web.assess import queries as assess
from puls.web.packs import language_of, pack
from puls.web.quality import queries, services, subjects
from puls.web.quality.figures import figures, profile
from puls.web.quality.forms import DescriptionForm
from puls.web.quality.models import Kind
from puls.web.quality.placing import reasons_let_through, spreads_show
from puls.web.quality.queries import Described
from puls.web.quality.subjects import Subject, address, subject_or_404
from puls.web.tenants import queries as tenants
from puls.web.tenants.access import Reach, ReachRequest, reach_required
from puls.web.tenants.models import Role, Unit
from puls.web.tenants.names import unit_name
from puls.web.tenants.permissions import can, check, place_of

MOST_YEARS = 4
"""Of those that have figures; years of which the school has said something always stand there."""


@require_safe
@reach_required
def own(request: ReachRequest) -> HttpResponseBase:
    """To the reader's own school, or the schools of an owner."""
    content = pack()
    school = queries.own_school(request.reach, content.country)
    if school:
        now = queries.open_placing(school)
        period = now.period if now else newest_period(school, content)
        return redirect("quality:overview", school, periods.slug(period))
    if request.reach.role != Role.OWNER:
        raise Http404
    return _of_an_owner(request, content)


def _of_an_owner(request: ReachRequest, content: Pack) -> HttpResponseBase:
    unit = request.membership.unit
    found = []
    for school in tenants.children(request.reach, unit, timezone.localdate()):
        period = newest_period(school.key, content)
        count = len(queries.finished_keys(school.key, period))
        where = reverse("quality:overview", args=[school.key, periods.slug(period)])
        found.append((Link(school.name, where), periods.label(period), count))
    context = {"schools": found, "unit_name": unit_name(unit, content, language_of(content))}
    return page(request, "quality/schools.html", context)


@require_safe
@reach_required
def overview(request: ReachRequest, unit: str, period: str) -> HttpResponseBase:
    """All that can be described and placed in a school year, and how far it is."""
    content, language = pack(), language_of(pack())
    place, which = tenants.unit_or_404(request.reach, unit), year(period)
    newest = queries.newest_of_year(unit, which)
    finished = queries.finished_keys(unit, which)
    spreads = queries.spreads_of_year(unit, which)
    kept = {*spreads, *(key for kind, key in newest if kind == Kind.RUBRIC)}

    def row(subject: Subject) -> dict[str, Any]:
        at = (subject.kind.value, subject.key)
        state = "finished" if at in finished else "draft" if at in newest else "none"
        told = spreads.get(subject.key) if subject.kind is Kind.RUBRIC else None
        href = address(unit, which, subject)
        return {"subject": subject, "state": state, "told": told, "href": href}

    areas = [
        (row(area), [row(each) for each in marked], [row(each) for each in measured])
        for area, marked, measured in subjects.by_area(content, language, kept)
    ]
    context = {
        **about(request, place, which),
        "areas": areas,
        "placing": queries.placing(unit, which),
        "open": queries.open_placing(unit),
        "runs": can("placing_run", request.reach, place_of(place)),
        "places": can("placement_give", request.reach, place_of(place)),
        "years": _years(unit, which, content),
    }
    context["trail"] = [*context["trail"][:-1], Link(context["unit_name"])]
    return page(request, "quality/overview.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@reach_required
def subject(request: ReachRequest, unit: str, period: str, kind: str, key: str) -> HttpResponseBase:
    """What the school says about one subject, beside what was released, over the years."""
    content, language = pack(), language_of(pack())
    place, which = tenants.unit_or_404(request.reach, unit), year(period)
    found = subject_or_404(kind, key, content, language)
    if request.method == "POST":
        _act(request, place, which, found)
        return redirect(address(unit, which, found))
    versions = queries.versions(unit, which, found.kind, key)
    shown = versions[0] if versions else None
    in_force = next((each for each in versions if each.is_finished), None)
    spreads = queries.spreads(unit, key) if found.kind is Kind.RUBRIC else []
    of_year = queries.spreads_of_year(unit, which).get(key) if spreads else None
    leads = can("placing_run", request.reach, place_of(place))
    beside = figures(place, which, found, shown.release if shown else None, content, language)
    context = {
        **about(request, place, which, found),
        "found": found,
        "shown": shown,
        "in_force": in_force,
        "versions": versions,
        "others": _other_years(unit, which, found),
        "figures": beside,
        "writes": can("quality_write", request.reach, place_of(place)),
        "finishes": can("quality_finish", request.reach, place_of(place)),
        "leads": leads,
        "write": address(unit, which, found, "write"),
    }
    if found.kind is Kind.RUBRIC:
        context |= {
            "levels": subjects.levels(key, content, language),
            "profile": profile(place, key, spreads, which, content, language) if spreads else None,
            "spread": of_year,
            "reasons": queries.reasons(of_year.id, only_read=not leads) if of_year else [],
            "placing": queries.placing(unit, which),
            "k": content.thresholds.signed_in,
        }
    return page(request, "quality/subject.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@reach_required
def write(request: ReachRequest, unit: str, period: str, kind: str, key: str) -> HttpResponseBase:
    """Write about one subject, with the figures beside."""
    content, language = pack(), language_of(pack())
    place, which = tenants.unit_or_404(request.reach, unit), year(period)
    found = subject_or_404(kind, key, content, language)
    check("quality_write", request.reach, place_of(place))
    newest = next(iter(queries.versions(unit, which, found.kind, key)), None)
    form = DescriptionForm(request.POST or None, initial=_initial(newest))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        texts = given["sees"], given["judges"]
        try:
            services.description_save(
                request.reach,
                place,
                which,
                found.kind,
                key,
                texts,
                given["based_on"],
                str(request.user),
            )
        except NotNow as reason:
            form.add_error("sees", str(reason))
        else:
            messages.success(request, _("The text is saved. Only your own people see it yet."))
            return redirect(address(unit, which, found))
    context = {
        **about(request, place, which, found, _("Write")),
        "found": found,
        "form": form,
        "figures": figures(place, which, found, None, content, language),
        "levels": subjects.levels(key, content, language) if found.kind is Kind.RUBRIC else [],
        "back": address(unit, which, found),
    }
    return page(request, "quality/write.html", context)


def _act(request: ReachRequest, place: Unit, period: int, found: Subject) -> None:
    """What a leader does on the page of a subject: finish, take back, show, let through."""
    at = (request.reach, place, period, found.kind, found.key)
    try:
        if "finish" in request.POST:
            services.description_finish(*at, int(request.POST["finish"]), str(request.user))
            messages.success(request, _("It is finished. The owner reads it from now on."))
        elif "take_back" in request.POST:
            services.description_take_back(*at)
            messages.success(request, _("It is taken back. The owner no longer reads it."))
        elif "let_through" in request.POST:
            spread = queries.spreads_of_year(place.key, period).get(found.key)
            if spread is not None:
                chosen = {each.id for each in queries.reasons(spread.id, only_read=False)}
                chosen = {key for key in chosen if str(key) in request.POST.getlist("reason")}
                reasons_let_through(request.reach, spread.id, chosen)
                messages.success(request, _("The team sees those that are ticked."))
        elif "show" in request.POST:
            shown = request.POST["show"] == "yes"
            spreads_show(request.reach, place, period, str(request.user), shown=shown)
            messages.success(
                request,
                _("The owner sees the spreads of this year.")
                if shown
                else _("The owner no longer sees the spreads of this year."),
            )
    except (NotNow, ValueError) as reason:
        messages.error(request, str(reason))


def _initial(newest: Described | None) -> dict[str, Any]:
    if newest is None:
        return {"based_on": 0}
    return {"sees": newest.sees, "judges": newest.judges, "based_on": newest.number}


def newest_period(unit: str, content: Pack) -> int:
    """The school year of the newest figures, or the current one where there are none."""
    released = assess.periods_of(unit, content.default_columns)
    return released[0] if released else this_year(content)


def this_year(content: Pack) -> int:
    return periods.of(timezone.localdate(), content.country.school_year_starts)


def _years(unit: str, period: int, content: Pack) -> Sequence[tuple[Link, bool]]:
    """The school years to choose from, the newest first, and whether it is the shown one."""
    released = assess.periods_of(unit, content.default_columns)
    every = {*released[:MOST_YEARS], *queries.years(unit), this_year(content), period}
    return [
        (
            Link(periods.label(each), reverse("quality:overview", args=[unit, periods.slug(each)])),
            each == period,
        )
        for each in sorted(every, reverse=True)
    ]


def _other_years(unit: str, period: int, found: Subject) -> list[tuple[str, str, Described]]:
    """Label, address and text of the same subject in other years."""
    every = queries.over_the_years(unit, found.kind, found.key)
    return [
        (periods.label(each.period), address(unit, each.period, found), each)
        for each in every
        if each.period != period
    ]


def about(
    request: ReachRequest, place: Unit, period: int, found: Subject | None = None, here: str = ""
) -> dict[str, Any]:
    """What every page says of where it stands. here: the last step, where it is another page."""
    language = language_of(pack())
    name = unit_name(place, pack(), language)
    overview = reverse("quality:overview", args=[place.key, periods.slug(period)])
    trail = [Link(_("Where do we want to go?"), reverse("see:whither")), Link(name, overview)]
    if found is not None:
        trail.append(Link(found.name, address(place.key, period, found) if here else ""))
    if here:
        trail.append(Link(here))
    return {
        "unit": place,
        "unit_name": name,
        "period": periods.slug(period),
        "period_label": periods.label(period),
        "trail": trail,
        "overview": overview,
        "is_team": is_team(request.reach, place),
    }


def is_team(reach: Reach, place: Unit) -> bool:
    """Whether the reader works at the unit or at a part of it."""
    return reach.paths[0] == place.path or reach.paths[0].startswith(f"{place.path}/")
