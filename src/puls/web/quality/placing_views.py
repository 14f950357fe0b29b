"""Pages of the placing: opened and closed by a leader, filled in by each alone, a rubric a page."""

from django.contrib import messages
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from puls import periods
from puls.errors import NotNow
from puls.web.answering import Link, page, year
from puls.web.packs import language_of, pack
from puls.web.quality import counting, queries, subjects
from puls.web.quality import placing as writing
from puls.web.quality.forms import PlacementForm
from puls.web.quality.models import Placing
from puls.web.quality.views import about
from puls.web.tenants import queries as tenants
from puls.web.tenants.access import ReachRequest, reach_required
from puls.web.tenants.models import Unit
from puls.web.tenants.permissions import can, check, place_of


@require_http_methods(["GET", "HEAD", "POST"])
@reach_required
def placing(request: ReachRequest, unit: str, period: str) -> HttpResponseBase:
    """How far one's own placing is; for a leader, opening and closing it."""
    content, language = pack(), language_of(pack())
    place, which = tenants.unit_or_404(request.reach, unit), year(period)
    found = queries.placing(unit, which)
    check("placement_give", request.reach, place_of(place))
    if request.method == "POST":
        return _act(request, place, which, found)
    is_open = found is not None and found.closed_at is None
    given = queries.own_placements(found) if found is not None and is_open else {}
    runs = can("placing_run", request.reach, place_of(place))
    enough = counting.enough(request.reach, found) if found is not None and is_open and runs else {}
    rows = [
        {
            "subject": each,
            "own": given.get(each.key),
            "enough": enough.get(each.key),
            "href": _address(unit, which, each.key),
            "read": subjects.address(unit, which, each),
        }
        for each in subjects.rubrics(content, language)
    ]
    left = [row for row in rows if row["own"] is None]
    context = {
        **about(request, place, which, here=_("Placing")),
        "placing": found,
        "is_open": is_open,
        "runs": runs,
        "rows": rows,
        "given": len(rows) - len(left),
        "begin": (left or rows)[0]["href"] if rows else "",
        "k": content.thresholds.signed_in,
    }
    return page(request, "quality/placing.html", context)


def _act(
    request: ReachRequest, place: Unit, period: int, found: Placing | None
) -> HttpResponseBase:
    try:
        if "open" in request.POST:
            writing.placing_open(request.reach, place, period, str(request.user))
            messages.success(request, _("The placing is open. Tell your staff."))
        elif "close" in request.POST and found is not None:
            if "sure" not in request.POST:
                raise NotNow(_("Tick that you know it cannot be undone."))
            counting.placing_close(request.reach, found, str(request.user))
            messages.success(request, _("The placing is closed and counted."))
            return redirect("quality:overview", place.key, periods.slug(period))
    except NotNow as reason:
        messages.error(request, str(reason))
    return redirect("quality:placing", place.key, periods.slug(period))


@require_http_methods(["GET", "HEAD", "POST"])
@reach_required
def place(request: ReachRequest, unit: str, period: str, rubric: str) -> HttpResponseBase:
    """One rubric: on which level are we most often?"""
    content, language = pack(), language_of(pack())
    where, which = tenants.unit_or_404(request.reach, unit), year(period)
    found = queries.placing(unit, which)
    ordered = [each.key for each in subjects.rubrics(content, language)]
    if rubric not in ordered or found is None:
        raise Http404
    check("placement_give", request.reach, place_of(where))
    if found.closed_at is not None:
        return redirect("quality:placing", unit, period)
    at = ordered.index(rubric)
    overview = reverse("quality:placing", args=[unit, period])
    after = _address(unit, which, ordered[at + 1]) if at + 1 < len(ordered) else overview
    own = queries.own_placements(found).get(rubric)
    levels = subjects.levels(rubric, content, language)
    initial = {"level": str(own.level), "reason": own.reason} if own else {}
    if request.method == "POST" and "withdraw" in request.POST:
        writing.placement_withdraw(request.reach, request.user.pk, found, rubric)
        messages.success(request, _("Your answer is withdrawn."))
        return redirect(overview)
    form = PlacementForm(levels, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            writing.placement_give(
                request.reach, request.user.pk, found, rubric, given["level"], given["reason"]
            )
        except NotNow as reason:
            form.add_error(None, str(reason))
        else:
            return redirect(after)
    subject = subjects.of_rubric(content.rubrics[rubric], content, language)
    context = {
        **about(request, where, which),
        "subject": subject,
        "form": form,
        "levels": levels,
        "own": own,
        "number": at + 1,
        "count": len(ordered),
        "skip": after,
        "k": content.thresholds.signed_in,
    }
    context["trail"] = [*context["trail"], Link(_("Placing"), overview), Link(subject.name)]
    return page(request, "quality/place.html", context)


def _address(unit: str, period: int, rubric: str) -> str:
    return reverse("quality:place", args=[unit, periods.slug(period), rubric])
