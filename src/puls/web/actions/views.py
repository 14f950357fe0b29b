"""The pages of actions: a unit's list, board and time line, one action and what became of it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from puls.errors import NotNow
from puls.views import numbers, symbols
from puls.views.charts import drawing
from puls.web.actions import queries, services, telling
from puls.web.actions.cards import cards_of
from puls.web.actions.following import followed
from puls.web.actions.forms import ProgressForm
from puls.web.actions.notes import ActionNote
from puls.web.actions.origins import meeting_of, process_of
from puls.web.actions.states import BEGUN, Move
from puls.web.actions.words import STATES
from puls.web.answering import Link, page
from puls.web.packs import language_of, pack
from puls.web.tenants import queries as tenants
from puls.web.tenants.access import ReachRequest, reach_required
from puls.web.tenants.names import unit_name
from puls.web.tenants.permissions import can, place_of

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
    found = found_in(unit, key)
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
    found = found_in(unit, key)
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
    found = found_in(unit, key)
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


def _progress_form(found: ActionNote, given: Any = None) -> ProgressForm:
    return ProgressForm(found.state in BEGUN, given, initial={"progress": found.progress})


def found_in(unit: str, key: UUID) -> ActionNote:
    found = queries.action_or_404(key)
    if found.unit != unit:
        raise Http404
    return found
