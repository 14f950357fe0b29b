"""Pages about rounds: preparing one, opening it, giving out codes, closing and sealing."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from puls import periods
from puls.content.definitions import Pack
from puls.errors import NotNow, PulsError
from puls.views import numbers
from puls.web.answering import Link, page
from puls.web.collect import (
    asking,
    group_lists,
    jobs,
    own_counts,
    own_items,
    queries,
    refusals,
    running,
)
from puls.web.collect.folders import folders
from puls.web.collect.forms import GroupsForm, LastDayForm, RoundForm, own_initial
from puls.web.collect.models import Job, Plan
from puls.web.collect.queries import Seen
from puls.web.packs import language_of, pack
from puls.web.tenants.access import ReachRequest, reach_required
from puls.web.tenants.models import Unit
from puls.web.tenants.permissions import check
from puls.web.tenants.queries import own_units


@require_GET
@reach_required
def rounds(request: ReachRequest) -> HttpResponseBase:
    """All rounds of the reader's own units."""
    check("rounds_see", request.reach)
    content, language = pack(), language_of(pack())
    found = [
        {**told(each, content, language), "seen": each}
        for each in queries.plans(request.reach.paths[0])
    ]
    return page(request, "collect/rounds.html", {"rounds": found})


@require_http_methods(["GET", "HEAD", "POST"])
@reach_required
def new(request: ReachRequest) -> HttpResponseBase:
    """Prepare a round."""
    check("rounds_see", request.reach)
    content, language = pack(), language_of(pack())
    units = _askable(request, content)
    form = RoundForm(content, language, units, request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        unit = next(each for each in units if each.key == given["unit"])
        period = periods.of(given["opens_on"], content.country.school_year_starts)
        try:
            plan = asking.plan_add(
                request.reach,
                unit,
                content,
                given["survey"],
                period,
                given["languages"],
                given["opens_on"],
                given["closes_on"],
                form.own,
            )
        except NotNow as reason:
            form.add_error(None, refusals.sentence(reason))
        else:
            if asking.is_asked(plan):
                messages.warning(request, asking.asked_already())
            return redirect("collect:round", plan.pk)
    context = {"form": form, "title": _("Prepare a round"), "trail": trail(_("Prepare a round"))}
    return page(request, "collect/round_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@reach_required
def change(request: ReachRequest, key: UUID) -> HttpResponseBase:
    """Other languages, days or own items, before the round is open."""
    seen, content = mine(request, key), pack()
    language, plan = language_of(content), seen.plan
    initial = {
        "languages": plan.languages,
        "opens_on": plan.opens_on,
        "closes_on": plan.closes_on,
        **own_initial(own_items.read(plan.own)),
    }
    form = RoundForm(content, language, [], request.POST or None, fixed=True, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        days = given["opens_on"], given["closes_on"]
        try:
            asking.plan_change(request.reach, plan, content, given["languages"], *days, form.own)
        except NotNow as reason:
            form.add_error(None, refusals.sentence(reason))
        else:
            return redirect("collect:round", key)
    name = told(seen, content, language)["name"]
    context = {"form": form, "title": name, "trail": trail(name)}
    return page(request, "collect/round_form.html", context)


@require_GET
@reach_required
def round_page(request: ReachRequest, key: UUID) -> HttpResponseBase:
    """One round: what it asks, its groups, and what can be done now."""
    return _round(request, mine(request, key))


@require_POST
@reach_required
def groups(request: ReachRequest, key: UUID) -> HttpResponseBase:
    """Add groups from a list, or take one out."""
    seen, form = mine(request, key), GroupsForm(request.POST, request.FILES)
    plan = seen.plan
    try:
        if "remove" in request.POST:
            asking.group_delete(request.reach, plan, group_or_404(plan, request.POST["remove"]))
            return redirect("collect:round", key)
        form.is_valid()
        upload = form.cleaned_data.get("file")
        text = form.cleaned_data.get("text", "")
        leaves = _leaves(request, plan.unit, pack())
        names = {each.name: each.key for each in leaves}
        listed = group_lists.read(text, names) if text.strip() or upload is None else []
        if upload is not None:
            content = upload.read(group_lists.MOST_BYTES + 1)
            listed += group_lists.read_file(content, names)
        units = {each.key: each for each in leaves}
        rows = [(each.name, each.people, units[each.unit]) for each in listed]
        asking.groups_add(request.reach, plan, rows)
    except PulsError as reason:
        form.add_error(None, refusals.sentence(reason))
        return _round(request, seen, groups_form=form, status=422)
    return redirect("collect:round", key)


@require_POST
@reach_required
def step(request: ReachRequest, key: UUID) -> HttpResponseBase:
    """Open, close, reopen, another last day, seal, or give up: as the button says."""
    seen, content = mine(request, key), pack()
    plan, by = seen.plan, request.reach
    try:
        if "open" in request.POST:
            running.plan_open(by, plan, content, folders())
            messages.success(request, _("The round is open. Now give out the codes."))
        elif "close" in request.POST:
            running.round_close(by, plan, content)
            messages.success(request, _("The round is closed and takes no more answers."))
        elif "reopen" in request.POST:
            running.round_reopen(by, plan, folders())
            messages.success(request, _("The round takes answers again."))
        elif "delete" in request.POST:
            asking.plan_delete(by, plan)
            messages.success(request, _("The round was given up before anybody was asked."))
            return redirect("collect:rounds")
        elif "last_day" in request.POST:
            form = LastDayForm(request.POST)
            if form.is_valid():
                asking.plan_extend(by, plan, form.cleaned_data["closes_on"])
        elif "seal" in request.POST:
            _seal(request, seen, content)
    except PulsError as reason:
        messages.error(request, refusals.sentence(reason))
    return redirect("collect:round", key)


def _seal(request: ReachRequest, seen: Seen, content: Pack) -> None:
    job = running.round_seal(request.reach, seen.plan, content, folders(), timezone.localdate())
    if job.state == Job.State.DONE:
        messages.success(request, _("The round is sealed, and its results are released."))


def _round(
    request: ReachRequest, seen: Seen, groups_form: GroupsForm | None = None, status: int = 200
) -> HttpResponse:
    content, language = pack(), language_of(pack())
    plan, words = seen.plan, told(seen, content, language)
    rows, codes, at_least = queries.groups(plan, content)
    items = own_items.read(plan.own)
    context: dict[str, Any] = {
        **words,
        "seen": seen,
        "plan": plan,
        "trail": trail(words["name"]),
        "groups": rows,
        "codes": codes,
        "at_least": at_least,
        "from_files": queries.from_files(seen, content),
        "answered": queries.answered(seen, content),
        "k": content.thresholds.signed_in,
        "departments": [each.name for each in _leaves(request, plan.unit, content)],
        "groups_form": groups_form or GroupsForm(),
        "last_day": LastDayForm(initial={"closes_on": plan.closes_on}),
        "by_mail": asking.audience(content, plan.survey) != "student",
        "own": [each.in_language(language) for each in items],
        "job": _job(plan),
        "own_results": _own_results(seen, content, language) if seen.state == "sealed" else [],
        "period": periods.slug(plan.period),
    }
    response = page(request, "collect/round.html", context)
    response.status_code = status
    return response


def _job(plan: Plan) -> Job | None:
    """What is under way, or what there is to tell of what was."""
    found = jobs.latest(plan) if plan.round_id else None
    if found is None or found.kind != Job.Kind.SEALING or found.state != Job.State.DONE:
        return found
    return found if found.told else None


def _own_results(seen: Seen, content: Pack, language: str) -> list[dict[str, Any]]:
    """What was answered to own items, as far as it may be shown."""
    plan = seen.plan
    scale = content.surveys[plan.survey, plan.survey_version].scale
    file = folders().own(str(plan.round_id))
    shown = []
    for each in own_counts.read(file, own_items.read(plan.own)):
        bands = []
        for band in own_counts.bands(each.counts):
            ends = sorted({band.low, band.high})
            words = [content.text(language, f"scale.{scale.key}.{scale.low + n - 1}") for n in ends]
            bands.append((" – ".join(words), band.people))
        shown.append({"text": each.item.in_language(language), "bands": bands, "words": each.words})
    return shown


def told(seen: Seen, content: Pack, language: str) -> dict[str, Any]:
    """The words that every page uses of a round."""
    plan = seen.plan
    survey = content.text(language, f"survey.{plan.survey}.name")
    states = {
        "prepared": _("being prepared"),
        "open": _("open"),
        "closed": _("closed"),
        "sealed": _("sealed"),
    }
    return {
        "name": f"{survey} {periods.label(plan.period)}",
        "unit_name": plan.unit.name,
        "state": seen.state,
        "state_word": states[seen.state],
        "opens": numbers.day(plan.opens_on, language),
        "closes": numbers.day(plan.closes_on, language),
    }


def trail(here: str, key: UUID | None = None, further: str = "") -> list[Link]:
    """The way to a page about a round, or with key to one behind it."""
    way = [Link(_("Surveys"), reverse("collect:rounds"))]
    if key is None:
        return [*way, Link(here)]
    return [*way, Link(here, reverse("collect:round", args=[key])), Link(further)]


def mine(request: ReachRequest, key: UUID) -> Seen:
    seen = queries.plan_or_404(key, request.reach.paths[0])
    running.check_runs(request.reach, seen.plan)
    return seen


def group_or_404(plan: Any, key: str) -> Any:
    try:
        return plan.groups.get(pk=UUID(key))
    except (ValueError, plan.groups.model.DoesNotExist):
        raise Http404 from None


def _leaves(request: ReachRequest, unit: Unit, content: Pack) -> list[Unit]:
    """The units below that answers may count for: those with nothing below them."""
    day = timezone.localdate()
    below = [
        each
        for each in own_units(request.reach, day)
        if f"{each.path}/".startswith(f"{unit.path}/")
    ]
    parents = {each.parent_id for each in below}
    lowest = content.country.tier_keys.index(content.country.tenant_tier)
    return [each for each in below if each.key not in parents and each.depth > lowest]


def _askable(request: ReachRequest, content: Pack) -> list[Unit]:
    """The reader's schools and departments: whoever has somebody to ask."""
    lowest = content.country.tier_keys.index(content.country.tenant_tier)
    return [each for each in own_units(request.reach, timezone.localdate()) if each.depth > lowest]
