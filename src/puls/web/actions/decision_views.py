"""The pages of decisions: what was decided, and what follows from it."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from puls.errors import NotNow
from puls.views import numbers
from puls.web.actions import deciding, queries
from puls.web.actions.cards import cards_of
from puls.web.actions.forms import DecisionForm
from puls.web.actions.notes import DecisionNote
from puls.web.actions.origins import action_out_of, meeting_of, origin_in, process_of
from puls.web.answering import Link, page
from puls.web.packs import language_of, pack
from puls.web.tenants import queries as tenants
from puls.web.tenants.access import ReachRequest, reach_required
from puls.web.tenants.names import unit_name
from puls.web.tenants.permissions import can, check, place_of


@require_http_methods(["GET", "HEAD", "POST"])
@reach_required
def new(request: ReachRequest, unit: str) -> HttpResponseBase:
    """Write down what was decided, perhaps in a step of a process."""
    place = tenants.unit_or_404(request.reach, unit)
    check("action_write", request.reach, place_of(place))
    origin = origin_in(request.GET)
    form = DecisionForm(
        request.POST if request.method == "POST" else None,
        initial={"decided_on": timezone.localdate()},
    )
    if request.method == "POST" and form.is_valid():
        row = deciding.decision_add(
            request.reach,
            place,
            written_by=str(request.user),
            improvement=origin.improvement,
            step=origin.step,
            meeting=origin.meeting,
            **form.cleaned_data,
        )
        messages.success(request, _("The decision is written down."))
        return redirect("actions:decision", unit, row.pk)
    context = {
        "title": _("New decision"),
        "unit_name": unit_name(place, pack(), language_of(pack())),
        "trail": [
            Link(_("Actions"), reverse("actions:actions", args=[unit])),
            Link(_("New decision")),
        ],
        "form": form,
        "back": process_of(origin) or reverse("actions:actions", args=[unit]),
    }
    return page(request, "actions/decision_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@reach_required
def decision(request: ReachRequest, unit: str, key: UUID) -> HttpResponseBase:
    """A decision and its actions; its own people change its words or withdraw it."""
    content, language = pack(), language_of(pack())
    found = queries.decision_or_404(key)
    if found.unit != unit:
        raise Http404
    place = tenants.unit_or_404(request.reach, unit)
    if request.method == "POST":
        check("action_write", request.reach, place_of(place))
    form = _form(request, found)
    answer = _done(request, found, form)
    if answer is not None:
        return answer
    context = {
        "decision": found,
        "unit": unit,
        "unit_name": unit_name(place, content, language),
        "day": numbers.day(found.decided_on, language),
        "trail": [
            Link(_("What do we do?"), reverse("follow:doing_at", args=[unit])),
            Link(_("Actions"), reverse("actions:actions", args=[unit])),
            Link(_("Decision")),
        ],
        "cards": cards_of(request, queries.actions_of(key), place, content, language),
        "process": process_of(found.origin),
        "met": meeting_of(found.origin),
        "action_new": action_out_of(key, unit, found.origin),
        "chain": reverse("follow:chain", args=["beslutning", key]),
        "form": form,
        "may": can("action_write", request.reach, place_of(place)),
    }
    return page(request, "actions/decision.html", context)


def _form(request: ReachRequest, found: DecisionNote) -> DecisionForm:
    changes = request.method == "POST" and "withdraw" not in request.POST
    first = {
        "text": found.text,
        "why": found.why,
        "decided_on": found.decided_on,
        "decided_by": found.decided_by,
    }
    return DecisionForm(request.POST if changes else None, initial=first)


def _done(
    request: ReachRequest, found: DecisionNote, form: DecisionForm
) -> HttpResponseBase | None:
    """Do what was sent; None where there is a page to show."""
    if request.method != "POST":
        return None
    try:
        if "withdraw" in request.POST:
            deciding.decision_withdraw(request.reach, found.id, str(request.user))
            messages.success(request, _("The decision is withdrawn. Its actions stay."))
            return redirect("actions:actions", found.unit)
        if form.is_valid():
            deciding.decision_change(
                request.reach, found.id, changed_by=str(request.user), **form.cleaned_data
            )
            messages.success(request, _("The words are changed."))
            return redirect("actions:decision", found.unit, found.id)
    except NotNow as reason:
        messages.error(request, str(reason))
        return redirect("actions:actions", found.unit)
    return None
