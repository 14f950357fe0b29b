"""The short addresses of the three questions, and the rubrics to read."""

from typing import Any

from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from puls import periods
from puls.web.answering import page
from puls.web.assess.goals import rubric_goals
from puls.web.packs import language_of, pack
from puls.web.quality import queries as quality
from puls.web.see import conversation, pages, queries
from puls.web.see.answered import answered
from puls.web.see.own_goals import of_rubrics, own_goals
from puls.web.tenants.access import ReachRequest, reach_required
from puls.web.tenants.models import Role
from puls.web.tenants.permissions import can, own_place


@require_safe
@reach_required
def where_own(request: ReachRequest) -> HttpResponseBase:
    """To the newest page of the reader's own unit."""
    return redirect("see:newest", request.reach.unit)


@require_safe
@reach_required
def newest(request: ReachRequest, unit: str) -> HttpResponseBase:
    """To the newest school year of a unit, or a page that says there is none yet."""
    content, language = pack(), language_of(pack())
    every = queries.periods(unit, content)
    if every:
        return redirect("see:unit", unit, periods.slug(every[0]))
    family = queries.family(request.reach, unit)
    name = queries.unit_name(family.unit, content, language)
    return page(request, "see/nothing_yet.html", {"name": name})


@require_safe
@reach_required
def whither(request: ReachRequest) -> HttpResponseBase:
    """Where do we want to go: our goals, what quality is on each level, and where we place us."""
    content, language = pack(), language_of(pack())
    told = answered(request.reach, content, language)
    held = rubric_goals(request.reach.unit)
    school = quality.own_school(request.reach, content.country)
    context: dict[str, Any] = {
        "goals": of_rubrics(held, request.reach, content, language),
        "may_set": can("goal_set", request.reach, own_place(request.reach)),
        "school": school,
        "owns": request.reach.role == Role.OWNER,
        "spreads": quality.newest_spreads(school) if school else {},
        "groups": conversation.rubrics_by_area(content, language, told.by_area if told else {}),
        "answered": told,
        "frameworks": conversation.frameworks(content, language),
        "scale": conversation.rubric_scale(content, language),
        "heading": _("Where do we want to go?"),
        "writes_own": can("own_write", request.reach, own_place(request.reach)),
    }
    every = queries.periods(request.reach.unit, content)
    if every:
        seen = queries.seen(request.reach, request.reach.unit, every[0])
        context["table"] = table = pages.own_row(seen, content, language)[0]
        context["goals"] = own_goals(seen, table, request.reach, content, language)
        context["where"] = pages.unit_address(request.reach.unit, every[0])
    return page(request, "see/whither.html", context)
