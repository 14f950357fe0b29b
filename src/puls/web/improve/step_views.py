"""Pages of a step: its texts, one field saved by itself, a choice between two, its grounds."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from puls.errors import NotNow
from puls.views import symbols
from puls.web.answering import Link, kept_private, page
from puls.web.assess import queries as assess
from puls.web.improve import addresses, proposing, queries, showing, steps
from puls.web.improve.chips import grounds
from puls.web.improve.forms import WAS, IndicatorForm, RubricForm, StepForm, ViewForm
from puls.web.improve.models import Improvement, Step
from puls.web.improve.states import is_written
from puls.web.improve.steps import LONGEST, WRITABLE, Clash
from puls.web.improve.ties import Tie, TieKind
from puls.web.improve.views import unit_trail
from puls.web.media.forms import PREVIEW
from puls.web.packs import language_of, pack
from puls.web.tenants import queries as tenants
from puls.web.tenants.access import ReachRequest, reach_required
from puls.web.tenants.names import unit_name
from puls.web.tenants.permissions import can, check, place_of


@require_http_methods(["GET", "HEAD", "POST"])
@reach_required
def step(request: ReachRequest, key: UUID, step: UUID) -> HttpResponseBase:
    """A step to read, and for its people to write."""
    found, improvement = _step_or_404(key, step)
    form, was = _forms(found, None)
    clashes: tuple[Clash, ...] = ()
    if request.method == "POST":
        check("improvement_write", request.reach, place_of(improvement.unit))
        form, was = _forms(found, request.POST)
        if PREVIEW not in request.POST and form.is_valid() and was.is_valid():
            try:
                made = steps.step_write(
                    request.reach, step, form.cleaned_data, was.cleaned_data, str(request.user)
                )
            except NotNow as reason:
                form.add_error(None, str(reason))
            else:
                if not made.clashes:
                    messages.success(request, _("The step is saved."))
                    return redirect("improve:improvement", key)
                clashes = made.clashes
                form, was = _forms(made.step, None)
    return _step_page(request, improvement, found, form, was, clashes)


@require_POST
@reach_required
def field(request: ReachRequest, key: UUID, step: UUID) -> HttpResponseBase:
    """Save one field by itself, while somebody writes. Answers with a word on how it went.

    200: saved, with the time. 409: somebody else wrote in it, with both texts. 422: why not.
    """
    found, improvement = _step_or_404(key, step)
    name = request.POST.get("felt", "")
    if name not in WRITABLE:
        raise Http404
    form = StepForm(request.POST, only=[name])
    was = StepForm(request.POST, only=[name], prefix=WAS)
    if not form.is_valid() or not was.is_valid():
        return _told(request, _why(form, name), 422)
    try:
        made = steps.step_write(
            request.reach, step, form.cleaned_data, was.cleaned_data, str(request.user)
        )
    except NotNow as reason:
        return _told(request, str(reason), 422)
    if made.clashes:
        context = {"improvement": improvement, "step": found, "clashes": told_clashes(made.clashes)}
        return kept_private(render(request, "improve/clashes.html", context, status=409))
    now = timezone.localtime().strftime("%H.%M")
    return _told(request, _("Saved %(time)s") % {"time": now})


@require_POST
@reach_required
def choose(request: ReachRequest, key: UUID, step: UUID) -> HttpResponseBase:
    """After two wrote at once: which text it shall be. The other one stays in the history."""
    _found, improvement = _step_or_404(key, step)
    sent, name = request.POST, request.POST.get("felt", "")
    if name not in WRITABLE:
        raise Http404
    if sent.get("valg") == "deres":
        messages.success(request, _("Their text stands. Yours is kept in the history."))
        return redirect("improve:step", key, step)
    wanted = sent.get("begge" if sent.get("valg") == "begge" else "min", "")
    form = StepForm(_one(name, wanted), only=[name])
    was = StepForm(_one(name, sent.get("deres", "")), only=[name])
    if not form.is_valid() or not was.is_valid():
        messages.error(request, _why(form, name))
        return redirect("improve:step", key, step)
    made = steps.step_write(
        request.reach, step, form.cleaned_data, was.cleaned_data, str(request.user)
    )
    if made.clashes:
        edit, before = _forms(made.step, None)
        return _step_page(request, improvement, made.step, edit, before, made.clashes)
    messages.success(request, _("The step is saved."))
    return redirect("improve:step", key, step)


@require_POST
@reach_required
def tie(request: ReachRequest, key: UUID, step: UUID) -> HttpResponseBase:
    """Let the step rest on one thing more, or no longer."""
    found, improvement = _step_or_404(key, step)
    check("improvement_write", request.reach, place_of(improvement.unit))
    sent, back = request.POST, reverse("improve:step", args=[key, step]) + "#grunnlag"
    try:
        if "fjern" in sent:
            gone = _tie_at(found, sent["fjern"])
            steps.step_untie(request.reach, step, gone, str(request.user))
        else:
            steps.step_tie(request.reach, step, [_new_tie(request, improvement)], str(request.user))
    except NotNow as reason:
        messages.error(request, str(reason))
    return redirect(back)


def _new_tie(request: ReachRequest, improvement: Improvement) -> Tie:
    """What one of the three forms says. NotNow where it cannot be tied."""
    sent, content, language = request.POST, pack(), language_of(pack())
    kind = sent.get("slag", "")
    form: forms.Form
    if kind == TieKind.INDICATOR:
        form = indicator_form(request, improvement, sent)
        if form.is_valid():
            given = form.cleaned_data
            made = proposing.tied(given["unit"], given["indicator"], given["period"])
            if made is None:
                raise NotNow(
                    _("There is no number to show of this indicator there in that school year.")
                )
            return made
    elif kind == TieKind.RUBRIC:
        form = RubricForm(content, language, sent)
        if form.is_valid():
            given = form.cleaned_data
            return Tie(TieKind.RUBRIC, rubric=given["rubric"], rubric_level=given["level"] or 0)
    elif kind == TieKind.VIEW:
        form = ViewForm(sent)
        if form.is_valid():
            address = addresses.own_address(form.cleaned_data["address"])
            return Tie(TieKind.VIEW, address=address, name=form.cleaned_data["name"])
    raise NotNow(_("Something is missing. Fill in the whole form, then add it."))


def indicator_form(
    request: ReachRequest, improvement: Improvement, data: QueryDict | None = None
) -> IndicatorForm:
    """Indicators of the unit, those above and those right below it."""
    content, language = pack(), language_of(pack())
    place, today = improvement.unit, timezone.localdate()
    around = [
        place,
        *tenants.children(request.reach, place, today),
        *reversed(tenants.ancestors(place)),
    ]
    units = [(each.key, unit_name(each, content, language)) for each in around]
    return IndicatorForm(content, language, units, assess.periods(), data)


def told_clashes(clashes: tuple[Clash, ...]) -> list[dict[str, Any]]:
    """Each field that two wrote in, with both texts and a way to have both."""
    labels = StepForm().fields
    return [
        {
            "field": each.field,
            "label": labels[each.field].label,
            "mine": _shown(each.mine),
            "theirs": _shown(each.theirs),
            "both": f"{each.theirs}\n\n{each.mine}" if each.field in LONGEST else "",
            "by": each.by,
            "at": each.at,
        }
        for each in clashes
    ]


def _shown(value: Any) -> str:
    return "" if value is None else str(value)


def _one(name: str, value: str) -> QueryDict:
    sent = QueryDict(mutable=True)
    sent[name] = value
    return sent


def _told(request: ReachRequest, words: str, status: int = 200) -> HttpResponse:
    kind = "text/plain; charset=utf-8"
    return kept_private(HttpResponse(words, status=status, content_type=kind))


def _why(form: StepForm, name: str) -> str:
    """Why one field cannot be saved."""
    return "; ".join(str(each) for each in form.errors.get(name, [])) or _("This cannot be saved.")


def _tie_at(found: Step, place: str) -> Tie:
    every = found.tied
    if not (place.isascii() and place.isdigit() and int(place) < len(every)):
        raise NotNow(_("It is taken away already."))
    return every[int(place)]


def _step_or_404(key: UUID, step: UUID) -> tuple[Step, Improvement]:
    """A step that stands on the line of this improvement."""
    found = queries.step_or_404(step)
    if found.improvement_id != key or found.position is None:
        raise Http404
    return found, found.improvement


def _forms(found: Step, data: QueryDict | None) -> tuple[StepForm, StepForm]:
    """What is written, and what its writer had before them."""
    initial: Mapping[str, Any] = {name: getattr(found, name) for name in WRITABLE}
    return StepForm(data, initial=initial), StepForm(data, initial=initial, prefix=WAS)


def _step_page(
    request: ReachRequest,
    improvement: Improvement,
    found: Step,
    form: StepForm,
    was: StepForm,
    clashes: tuple[Clash, ...],
) -> HttpResponse:
    content, language = pack(), language_of(pack())
    (rests_on,) = grounds([found.tied], request.reach, content, language)
    line = queries.steps(improvement.pk)
    may_write = can("improvement_write", request.reach, place_of(improvement.unit))
    # Whoever wrote while somebody else finished it gets the own words back.
    writes = may_write and (is_written(improvement.state) or form.is_bound)
    places = {tie: place for place, tie in enumerate(found.tied)}
    context = {
        "title": found.title,
        "improvement": improvement,
        "step": found,
        "shown": showing.shown_step(improvement, found, line, rests_on, content, language),
        "count": len(line),
        "files": showing.linked([found])[found.pk],
        "form": form,
        "was": [_hidden(each) for each in was],
        "clashes": told_clashes(clashes),
        "writes": writes,
        "chips": [(places[each.tie], each) for each in rests_on.chips],
        "rubrics": [(places[each.tie], each) for each in rests_on.rubrics],
        "views": [(places[each.tie], each) for each in rests_on.views],
        "indicator_form": indicator_form(request, improvement) if writes else None,
        "rubric_form": RubricForm(content, language),
        "view_form": ViewForm(auto_id="vis_%s"),
        "sprite": symbols.sprite(rests_on.levels),
        "trail": [
            *unit_trail(improvement.unit),
            Link(improvement.title, showing.address(improvement.pk)),
            Link(found.title),
        ],
    }
    return page(request, "improve/step.html", context)


def _hidden(field: forms.BoundField) -> str:
    return field.as_hidden()
