"""The pages of actions: a unit's list, board and time line, one action, and what is written."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from puls.errors import NotNow
from puls.views import numbers, symbols
from puls.views.charts import drawing
from puls.web.actions import queries, services, telling
from puls.web.actions.cards import cards_of
from puls.web.actions.following import followed
from puls.web.actions.forms import ActionForm, ProgressForm, as_written
from puls.web.actions.notes import ActionNote
from puls.web.actions.origins import meeting_of, origin_in, process_of
from puls.web.actions.states import BEGUN, Move, State
from puls.web.actions.words import STATES
from puls.web.answering import Link, page
from puls.web.packs import language_of, pack
from puls.web.tenants import queries as tenants
from puls.web.tenants.access import ReachRequest, reach_required
from puls.web.tenants.models import Membership, Unit
from puls.web.tenants.names import unit_name
from puls.web.tenants.permissions import can, check, place_of

MORE = "flere"
"""The button that asks for one more indicator."""
SHAPES = ("liste", "tavle", "tidslinje")
"""How actions are shown: as a list, a board of states, a time line."""


@require_safe
@reach_required
def own(request: ReachRequest) -> HttpResponseBase:
    """To the actions of the reader's own unit."""
    return redirect("actions:actions", request.reach.unit)


@require_safe
@reach_required
def actions(request: ReachRequest, unit: str) -> HttpResponseBase:
    """What a unit does, and what the units below it do."""
    content, language = pack(), language_of(pack())
    place = tenants.unit_or_404(request.reach, unit)
    found = queries.actions(unit, below=True)
    shape = request.GET.get("vis", SHAPES[0])
    shape = shape if shape in SHAPES else SHAPES[0]
    cards = cards_of(request, found, place, content, language)
    chart = None
    if shape == "tidslinje" and found:
        chart = telling.time_line(found, timezone.localdate(), language)
    context = {
        "title": _("Actions"),
        "unit_name": unit_name(place, content, language),
        "unit": unit,
        "trail": [
            Link(_("What do we do?"), reverse("follow:doing_at", args=[unit])),
            Link(_("Actions")),
        ],
        "shape": shape,
        "shapes": [
            (key, name, key == shape)
            for key, name in zip(SHAPES, (_("List"), _("Board"), _("Time line")), strict=True)
        ],
        "any": bool(found),
        "columns": telling.board(cards) if shape == "tavle" else telling.by_state(cards),
        "chart": drawing.page(chart, "line") if chart else "",
        "tables": drawing.tables(chart) if chart else "",
        "decisions": [
            {
                "text": each.text,
                "day": numbers.day(each.decided_on, language),
                "who": each.decided_by,
                "href": reverse("actions:decision", args=[unit, each.id]),
            }
            for each in queries.decisions(unit)
        ],
        "may": can("action_write", request.reach, place_of(place)),
    }
    return page(request, "actions/actions.html", context)


@require_safe
@reach_required
def action(request: ReachRequest, unit: str, key: UUID) -> HttpResponseBase:
    """One action: where it stands, what was said, what it started from and what is seen since."""
    found = _found(unit, key)
    return _action_page(request, found, _progress_form(found))


def _action_page(request: ReachRequest, found: ActionNote, form: ProgressForm) -> HttpResponseBase:
    content, language = pack(), language_of(pack())
    place = tenants.unit_or_404(request.reach, found.unit)
    may = can("action_write", request.reach, place_of(place))
    tells = may or found.responsible == request.membership.pk
    decision = None
    if found.decision:
        decision = next((d for d in queries.decisions(found.unit) if d.id == found.decision), None)
    told = queries.progress_of(found.id)
    context = {
        "action": found,
        "card": telling.card(found, timezone.localdate(), language, may=may),
        "unit_name": unit_name(place, content, language),
        "trail": [
            Link(_("What do we do?"), reverse("follow:doing_at", args=[found.unit])),
            Link(_("Actions"), reverse("actions:actions", args=[found.unit])),
            Link(found.what),
        ],
        "starts": numbers.day(found.starts, language) if found.starts else "",
        "due": numbers.day(found.due, language) if found.due else "",
        "remind_on": numbers.day(found.remind_on, language) if found.remind_on else "",
        "rubric": telling.plain(content, language, found.rubric, found.rubric_level),
        "decision": decision,
        "followed": followed(found, request.reach, content, language),
        "told": [
            {
                "day": numbers.day(timezone.localtime(each.written_at).date(), language),
                "who": each.written_by,
                "state": STATES[each.state],
                "progress": each.progress,
                "comment": each.comment,
            }
            for each in told
        ],
        "process": process_of(found.origin),
        "met": meeting_of(found.origin),
        "chain": reverse("follow:chain", args=["tiltak", found.id]),
        "form": form if tells else None,
        "may": may,
        "sprite": symbols.sprite([content.levels]),
    }
    return page(request, "actions/action.html", context)


@require_POST
@reach_required
def move(request: ReachRequest, unit: str, key: UUID) -> HttpResponseBase:
    """Make the move that a button asks for, and go back to where it was pressed."""
    found = _found(unit, key)
    try:
        made = Move(request.POST.get("move", ""))
    except ValueError:
        raise Http404 from None
    try:
        state = services.action_move(request.reach, key, made, written_by=str(request.user))
    except NotNow as reason:
        messages.error(request, str(reason))
    else:
        words = {"what": found.what, "state": STATES[state]}
        messages.success(request, _("“%(what)s” is now %(state)s.") % words)
    if request.POST.get("to") == "tavle":
        return redirect(f"{reverse('actions:actions', args=[unit])}?vis=tavle")
    return redirect(telling.address(found))


@require_POST
@reach_required
def progress(request: ReachRequest, unit: str, key: UUID) -> HttpResponseBase:
    """How far it has come, and a word about it."""
    found = _found(unit, key)
    form = _progress_form(found, request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            services.progress_add(
                request.reach,
                key,
                progress=given.get("progress"),
                comment=given["comment"],
                written_by=str(request.user),
                member=request.membership.pk,
            )
        except NotNow as reason:
            form.add_error("comment", str(reason))
        else:
            messages.success(request, _("It is written down."))
            return redirect(telling.address(found))
    return _action_page(request, found, form)


@require_http_methods(["GET", "HEAD", "POST"])
@reach_required
def new(request: ReachRequest, unit: str) -> HttpResponseBase:
    """Write a new action, perhaps out of a decision, for an indicator or in a step of a process."""
    place = tenants.unit_or_404(request.reach, unit)
    check("action_write", request.reach, place_of(place))
    first = {
        "decision": request.GET.get("beslutning", ""),
        "aim1": request.GET.get("indikator", ""),
        "rubric": request.GET.get("kjennetegn", ""),
    }
    origin = origin_in(request.GET)
    members = _members(request, place)
    form = _form(request, unit, members, first)
    if request.method == "POST" and form.is_valid():
        agreed = "agreed" in request.POST
        try:
            row = services.action_add(
                request.reach,
                place,
                form.plan(members),
                written_by=str(request.user),
                state=State.AGREED if agreed else State.PROPOSED,
                improvement=origin.improvement,
                step=origin.step,
                meeting=origin.meeting,
            )
        except NotNow as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("The action is written down."))
            return redirect("actions:action", unit, row.pk)
    back = process_of(origin) or reverse("actions:actions", args=[unit])
    return _form_page(request, form, place, _("New action"), back)


@require_http_methods(["GET", "HEAD", "POST"])
@reach_required
def change(request: ReachRequest, unit: str, key: UUID) -> HttpResponseBase:
    """Another plan for an action."""
    found = _found(unit, key)
    place = tenants.unit_or_404(request.reach, unit)
    check("action_write", request.reach, place_of(place))
    members = _members(request, place)
    form = _form(request, unit, members, as_written(found, pack()))
    if request.method == "POST" and form.is_valid():
        try:
            services.action_change(
                request.reach, key, form.plan(members), changed_by=str(request.user)
            )
        except NotNow as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("The action is changed."))
            return redirect(telling.address(found))
    back = telling.address(found)
    return _form_page(request, form, place, _("Change the action"), back, found)


def _form_page(
    request: ReachRequest,
    form: ActionForm,
    place: Unit,
    title: str,
    back: str,
    found: ActionNote | None = None,
) -> HttpResponseBase:
    context = {
        "title": title,
        "unit_name": unit_name(place, pack(), language_of(pack())),
        "trail": [
            Link(_("Actions"), reverse("actions:actions", args=[place.key])),
            *([Link(found.what, back)] if found else []),
            Link(title),
        ],
        "form": form,
        "is_new": found is None,
        "back": back,
    }
    return page(request, "actions/form.html", context)


def _form(
    request: ReachRequest, unit: str, members: Mapping[str, Membership], first: dict[str, Any]
) -> ActionForm:
    content = pack()
    names = {key: str(each.user) for key, each in members.items()}
    decisions = queries.decisions(unit)
    language = language_of(content)
    if MORE in request.POST:
        # One more list of indicators, and nothing is checked or kept yet.
        form = ActionForm(content, language, decisions, names, initial=request.POST.dict())
        form.asked = 1
        return form
    given = request.POST if request.method == "POST" else None
    return ActionForm(content, language, decisions, names, given, initial=first)


def _members(request: ReachRequest, place: Unit) -> dict[str, Membership]:
    """Whom the reader may name: those at the unit and below, for those who may see them; else
    oneself alone. By id, oneself first."""
    found = {str(request.membership.pk): request.membership}
    if can("people_see", request.reach):
        for each in tenants.members():
            if each.path == place.path or each.path.startswith(f"{place.path}/"):
                found.setdefault(str(each.pk), each)
    return found


def _progress_form(found: ActionNote, given: Any = None) -> ProgressForm:
    return ProgressForm(found.state in BEGUN, given, initial={"progress": found.progress})


def _found(unit: str, key: UUID) -> ActionNote:
    found = queries.action_or_404(key)
    if found.unit != unit:
        raise Http404
    return found
