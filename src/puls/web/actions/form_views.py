"""The form of an action: a new one, and another plan for one that is there."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from puls.errors import NotNow
from puls.web.actions import queries, services, telling
from puls.web.actions.forms import ActionForm, as_written
from puls.web.actions.notes import ActionNote
from puls.web.actions.origins import origin_in, process_of
from puls.web.actions.states import State
from puls.web.actions.views import found_in
from puls.web.answering import Link, page
from puls.web.packs import language_of, pack
from puls.web.tenants import queries as tenants
from puls.web.tenants.access import ReachRequest, reach_required
from puls.web.tenants.models import Membership, Unit
from puls.web.tenants.names import unit_name
from puls.web.tenants.permissions import can, check, place_of

MORE = "flere"
"""The button that asks for one more indicator."""


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
    found = found_in(unit, key)
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
