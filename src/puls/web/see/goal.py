"""The pages where the people of a unit set a goal: for an indicator, and for a rubric."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from puls.content.definitions import Indicator, Pack
from puls.errors import NotNow
from puls.views import criteria, goals, numbers
from puls.web.answering import page, year
from puls.web.assess.goals import (
    GoalNote,
    Wish,
    goal_history,
    goal_set,
    goal_withdraw,
    rubric_goals,
)
from puls.web.packs import language_of, pack
from puls.web.quality import queries as quality
from puls.web.see import conversation, pages, queries
from puls.web.see.choices import ALL, Choice
from puls.web.see.goal_forms import GoalForm, RubricGoalForm
from puls.web.see.indicator import indicator_or_404, sprite_of
from puls.web.see.own_goals import how_far
from puls.web.tenants.access import ReachRequest, reach_required
from puls.web.tenants.names import unit_name
from puls.web.tenants.permissions import check, own_place


@require_http_methods(["GET", "HEAD", "POST"])
@reach_required
def goal(request: ReachRequest, key: str, period: str) -> HttpResponseBase:
    """Set a goal for an indicator of the own unit, withdraw it, and see which there were."""
    content, language = pack(), language_of(pack())
    found = indicator_or_404(key, content)
    which = queries.period_or_404(year(period))
    check("goal_set", request.reach, own_place(request.reach))
    about = Wish(indicator=key)
    back = _cell_address(request.reach.unit, key, which, content)
    form = GoalForm(found, content, language, request.POST if _sets(request) else None)
    answer = _handled(request, form, about, back, _wish(form, found, content))
    if answer is not None:
        return answer
    name = content.text(language, f"indicator.{key}.name")
    past = goal_history(request.reach.unit, about)
    form.initial = _as_it_stands(past, numbers.reading_size(found, content))
    own = unit_name(request.membership.unit, content, language)
    context = {
        "name": name,
        "lead": _(
            "The goal stands in the explanation of a colour, beside the cut points, also for units"
            " below that have set none of their own. It never changes a colour."
        ),
        "trail": [
            pages.Link(own, pages.unit_address(request.reach.unit, which)),
            pages.Link(name, pages.indicator_address(key, which)),
            pages.Link(_("Goal")),
        ],
        "history": [
            _told(each, goals.wanted(each.wanted, found, content, language), language)
            for each in past
        ],
        "versions": criteria.versions(found, content, language)[:1],
        "sprite": sprite_of(found),
    }
    return _page(request, form, back, past, context)


@require_http_methods(["GET", "HEAD", "POST"])
@reach_required
def rubric_goal(request: ReachRequest, key: str) -> HttpResponseBase:
    """Set a goal for a rubric at the own unit, withdraw it, and see which there were."""
    content, language = pack(), language_of(pack())
    if key not in content.rubrics:
        raise Http404
    read = conversation.read(content.rubrics[key], content, language)
    check("goal_set", request.reach, own_place(request.reach))
    about = Wish(rubric=key)
    back = f"{reverse('see:whither')}#{key}"
    form = RubricGoalForm(read, request.POST if _sets(request) else None)
    wish = Wish(rubric=key, rubric_level=form.level) if form.is_bound else about
    answer = _handled(request, form, about, back, wish)
    if answer is not None:
        return answer
    past = goal_history(request.reach.unit, about)
    form.initial = _as_it_stands(past)
    levels = {each.level: each.word for each in read.levels}
    name = f"{read.number} {read.title}"
    context = {
        "name": name,
        "lead": _(
            "The goal stands among your goals, also for units below that have set none of their"
            " own. How far you have come you say yourselves."
        ),
        "trail": [
            pages.Link(_("Where do we want to go?"), reverse("see:whither")),
            pages.Link(name, back),
            pages.Link(_("Goal")),
        ],
        "history": [
            _told(each, levels.get(each.wish.rubric_level or 0, ""), language) for each in past
        ],
        "how_far": _stands(request, key),
    }
    return _page(request, form, back, past, context)


def _stands(request: ReachRequest, rubric: str) -> str:
    """How far it is to the goal that holds for this rubric; "" where none does."""
    held = rubric_goals(request.reach.unit).get(rubric)
    if held is None:
        return ""
    placed = quality.placed(request.reach, pack().country).get(rubric)
    return how_far(placed, held.wish.rubric_level)


def _page(
    request: ReachRequest,
    form: forms.Form,
    back: str,
    past: Sequence[GoalNote],
    context: Mapping[str, Any],
) -> HttpResponseBase:
    shared = {"form": form, "back": back, "current": _current(past)}
    return page(request, "see/goal.html", {**context, **shared})


def _current(past: Sequence[GoalNote]) -> GoalNote | None:
    return next((each for each in past if each.withdrawn_on is None), None)


def _as_it_stands(past: Sequence[GoalNote], size: int = 1) -> dict[str, Any]:
    """What the form holds of the goal that there is, to be changed rather than written anew.

    size: as of `numbers.reading_size`.
    """
    current = _current(past)
    if current is None:
        return {}
    value = None if current.wish.value is None else current.wish.value / size
    return {
        "level": current.wish.level,
        "rubric_level": current.wish.rubric_level,
        "value": int(value) if value and value.is_integer() else value,
        "due": current.due,
        "decided_by": current.decided_by,
        "why": current.why,
    }


def _sets(request: ReachRequest) -> bool:
    return request.method == "POST" and "withdraw" not in request.POST


def _wish(form: GoalForm, found: Indicator, content: Pack) -> Wish:
    """What the form asks for, once it is valid."""
    if not form.is_bound or not form.is_valid():
        return Wish(indicator=found.key)
    value, level = form.cleaned_data["value"], form.cleaned_data.get("level")
    if value is not None:
        value = float(value * numbers.reading_size(found, content))
    return Wish(indicator=found.key, value=value, level=int(level) if level else None)


def _handled(
    request: ReachRequest, form: forms.Form, about: Wish, back: str, wish: Wish
) -> HttpResponseBase | None:
    """Do what was sent; None where there is a form to show."""
    unit = request.membership.unit
    if request.method == "POST" and "withdraw" in request.POST:
        try:
            goal_withdraw(request.reach, unit, about)
        except NotNow as reason:
            messages.error(request, str(reason))
        else:
            messages.success(request, _("The goal is withdrawn."))
        return redirect(back)
    if not _sets(request) or not form.is_valid():
        return None
    given = form.cleaned_data
    try:
        goal_set(
            request.reach,
            unit,
            wish,
            due=given["due"],
            decided_by=given["decided_by"],
            why=given["why"],
            set_by=str(request.user),
        )
    except NotNow as reason:
        form.add_error("value" if "value" in form.fields else None, str(reason))
        return None
    messages.success(request, _("The goal is set."))
    return redirect(back)


def _cell_address(unit: str, key: str, period: int, content: Pack) -> str:
    """Back to the cell that the goal is about, on the reader's own page."""
    show = "" if key in content.default_columns else ALL
    query = Choice(show=show, cell=(unit, key)).query()
    return f"{pages.unit_address(unit, period)}{query}#forklaring"


def _told(past: GoalNote, what: str, language: str) -> dict[str, str]:
    """One goal of the history, in words."""
    over = past.withdrawn_on
    return {
        "value": what,
        "due": numbers.day(past.due, language) if past.due else "",
        "set_by": past.decided_by or past.set_by,
        "set_on": numbers.day(past.set_on, language),
        "until": numbers.day(over, language) if over else "",
        "why": past.why,
    }
