"""Cells that somebody picked, taken into a process that runs already."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from puls.content.process_steps import StepKind
from puls.errors import NotNow
from puls.web.improve import proposing, queries, showing, steps
from puls.web.improve.models import Step
from puls.web.improve.proposals import Proposed
from puls.web.improve.views import cells_in
from puls.web.packs import pack
from puls.web.tenants import queries as tenants
from puls.web.tenants.access import ReachRequest, reach_required
from puls.web.tenants.permissions import check, place_of


@require_POST
@reach_required
def take_in(request: ReachRequest, unit: str) -> HttpResponseBase:
    """Into the first step of the process that looks at data, or into a new one."""
    place = tenants.unit_or_404(request.reach, unit)
    check("improvement_write", request.reach, place_of(place))
    cells = cells_in(request.POST, pack())
    try:
        step = _taken_in(request, unit, cells)
    except NotNow as reason:
        messages.error(request, str(reason))
        asked = urlencode({"valgt": ",".join(".".join(cell) for cell in cells)}, safe=",")
        return redirect(f"{reverse('improve:new', args=[unit])}?{asked}")
    messages.success(request, _("It stands in “%(title)s” now.") % {"title": step.title})
    return redirect(f"{showing.address(step.improvement_id)}#steg-{step.pk}")


def _taken_in(request: ReachRequest, unit: str, cells: proposing.Cells) -> Step:
    """The step that rests on the cells now."""
    wanted = request.POST.get("prosess", "")
    found = next((each for each in queries.running(unit) if str(each.pk) == wanted), None)
    if found is None:
        raise NotNow(_("This process is not under way any more. Choose another one."))
    ties = proposing.newest_ties(cells)
    if not ties:
        raise NotNow(_("There is no number to show of what you chose."))
    line = queries.steps(found.pk)
    first = next((step for step in line if step.kind == StepKind.DATA), None)
    if "nytt" not in request.POST and first is not None:
        return steps.step_tie(request.reach, first.pk, ties, str(request.user))
    at = queries.current(line)
    behind = at.position or 0 if at else 0
    new = Proposed(StepKind.DATA, _("What do we know?"), ties=ties)
    return steps.step_add(request.reach, found.pk, str(request.user), new, behind)
