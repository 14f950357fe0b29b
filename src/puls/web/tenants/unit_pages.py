"""Pages about an administration's own units: which schools and departments there are, new ones."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from puls.errors import NotNow
from puls.web.answering import Link
from puls.web.packs import pack, words
from puls.web.tenants import queries, services
from puls.web.tenants.access import ReachRequest, reach_required
from puls.web.tenants.forms import UnitForm
from puls.web.tenants.models import Unit
from puls.web.tenants.permissions import can, check, place_of, tier_below


@require_GET
@reach_required
def units(request: ReachRequest) -> HttpResponse:
    """The own units from the top, with a way to add below each where that may be."""
    check("units_see", request.reach)
    found = queries.own_units(request.reach, timezone.localdate())
    partners = queries.partner_names(found)
    rows = [
        (
            unit,
            words(f"tier.{unit.tier}.name"),
            partners.get(unit.key, ()),
            _tier_word(unit) if can("unit_add", request.reach, place_of(unit)) else "",
        )
        for unit in found
    ]
    return TemplateResponse(request, "tenants/units.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@reach_required
def unit_new(request: ReachRequest, key: str) -> HttpResponse:
    """A new unit right below one of the own: a school with its partners, or a department."""
    parent = queries.unit_or_404(request.reach, key)
    check("unit_add", request.reach, place_of(parent))
    form = UnitForm(parent, request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            unit = services.unit_begin(
                request.reach, parent, given["name"], partners=given.get("partners", ())
            )
        except NotNow as reason:
            form.add_error("name", str(reason))
        else:
            messages.success(request, _("%(unit)s has been added.") % {"unit": unit})
            return redirect("units")
    tier = _tier_word(parent)
    trail = [Link(_("Units"), reverse("units")), Link(_("Add %(below)s") % {"below": tier})]
    shown = {"form": form, "parent": parent, "tier": tier, "trail": trail}
    return TemplateResponse(request, "tenants/unit_new.html", shown)


def _tier_word(unit: Unit) -> str:
    """What lies right below the unit, in the reader's language; "" when nothing can."""
    tier = tier_below(unit.depth, pack().country)
    return words(f"tier.{tier}.name") if tier else ""
