"""Pages of the release gate: a leader releases results to the owner; an owner announces the day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from puls import periods
from puls.content.definitions import Pack
from puls.errors import NotNow
from puls.views import numbers
from puls.views.gate import GateState, may_take_back
from puls.web.answering import page
from puls.web.assess import gates
from puls.web.assess.gates import GateNote
from puls.web.days import DayField
from puls.web.packs import language_of, pack
from puls.web.see import pages, queries
from puls.web.tenants.access import Reach, ReachRequest, reach_required
from puls.web.tenants.models import Role, Unit
from puls.web.tenants.permissions import can, check


@dataclass(frozen=True, slots=True)
class Line:
    """A school's answers to one survey, as the reader may be told of them.

    how: how far they have come, in a sentence. href: where they are seen, for those who may.
    may_open, may_take_back: what the reader may do about them now.
    """

    id: int
    path: str
    school: str
    survey: str
    period: str
    state: GateState
    how: str
    href: str
    may_open: bool
    may_take_back: bool


@dataclass(frozen=True, slots=True)
class Announced:
    """A school year whose answers the schools see first. over: the day has come."""

    period: str
    day: str
    over: bool


class AnnounceForm(forms.Form):
    """A school year and a day."""

    period = forms.TypedChoiceField(label=gettext_lazy("School year"), coerce=int)
    day = DayField(
        label=gettext_lazy("Open to us from"),
        help_text=gettext_lazy(
            "Until then each school decides itself when to release its results. You can move the "
            "day later, never earlier."
        ),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, years: Mapping[int, str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["period"].choices = list(years.items())  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
@reach_required
def overview(request: ReachRequest) -> HttpResponseBase:
    """Who sees which results when: of the own school, or of all that the owner's schools have."""
    check("units_see", request.reach)
    content, language = pack(), language_of(pack())
    form = None
    if can("gate_announce", request.reach):
        years = _years_to_announce(content)
        first = timezone.localdate() + timedelta(days=28)
        initial = {"period": min(years), "day": first}
        form = AnnounceForm(years, request.POST or None, initial=initial)
        if request.method == "POST" and form.is_valid():
            who = str(request.user)
            try:
                gates.announce(
                    request.reach, form.cleaned_data["period"], form.cleaned_data["day"], who
                )
            except NotNow as reason:
                form.add_error("day", str(reason))
            else:
                messages.success(request, _("The day is announced. Your schools see it here."))
                return redirect("see:gates")
    context = {
        "lines": lines(request.reach, content, language),
        "announced": _announced(request.reach, language),
        "form": form,
        "leads": request.reach.role == Role.LEADER,
    }
    return page(request, "see/gates.html", context)


@require_POST
@reach_required
def move(request: ReachRequest, gate: int) -> HttpResponseBase:
    """A leader releases the school's results to its owner, or takes that back."""
    who = str(request.user)
    try:
        if "take_back" in request.POST:
            gates.gate_take_back(request.reach, gate, who)
            messages.success(request, _("Taken back: only your school sees them."))
        else:
            gates.gate_open(request.reach, gate, who)
            messages.success(request, _("Your owner can see the results from now on."))
    except NotNow as reason:
        messages.error(request, str(reason))
    return redirect("see:gates")


def lines(reach: Reach, content: Pack, language: str, period: int | None = None) -> list[Line]:
    """The gates that the reader knows of, the newest school year first."""
    known = gates.gates(period)
    if not known:
        return []
    units = {unit.key: unit for unit in Unit.objects.filter(key__in=[each.unit for each in known])}
    return [_line(each, units[each.unit], reach, content, language) for each in known]


def waiting(reach: Reach, content: Pack, language: str) -> list[Line]:
    """Those that ask something of the reader: to release them, or to look at them."""
    wanted = GateState.CLOSED if reach.role == Role.LEADER else GateState.OPEN
    if reach.role not in (Role.LEADER, Role.OWNER):
        return []
    found = lines(reach, content, language)
    return [each for each in found if each.state is wanted and (each.may_open or each.href)]


def held(reach: Reach, unit: Unit, period: int, content: Pack, language: str) -> list[Line]:
    """What the reader does not see yet of a school year, at a unit and below."""
    if reach.role != Role.OWNER:
        return []
    found = lines(reach, content, language, period)
    return [each for each in found if not each.href and _meet(each.path, unit.path)]


def _meet(one: str, other: str) -> bool:
    """Whether one of two units is the other, or lies below it."""
    return f"{one}/".startswith(f"{other}/") or f"{other}/".startswith(f"{one}/")


def _line(note: GateNote, unit: Unit, reach: Reach, content: Pack, language: str) -> Line:
    own = reach.role == Role.LEADER and reach.unit == unit.key
    closed = note.state is GateState.CLOSED
    belongs = f"{reach.paths[0]}/".startswith(f"{unit.path}/")
    sees = not closed or belongs
    return Line(
        id=note.id,
        path=unit.path,
        school=queries.unit_name(unit, content, language),
        survey=content.text(language, f"survey.{note.survey}.name"),
        period=periods.label(note.period),
        state=note.state,
        how=_how(note, language),
        href=pages.unit_address(unit.key, note.period) if sees else "",
        may_open=own and closed,
        may_take_back=own and may_take_back(note.state),
    )


def _how(note: GateNote, language: str) -> str:
    day = _day(note.opens_at, language)
    if note.state is GateState.CLOSED:
        if note.taken_back_at is not None:
            return _("Taken back. Opens at the latest on %(day)s.") % {"day": day}
        return _("Only the school sees it. Opens at the latest on %(day)s.") % {"day": day}
    if note.state is GateState.OVER or note.opened_at is None:
        return _("Open since %(day)s, the announced day.") % {"day": day}
    words = {"who": note.opened_by, "day": _day(note.opened_at, language)}
    if note.state is GateState.OPEN:
        return _("Released by %(who)s on %(day)s, not looked at yet.") % words
    return _("Released by %(who)s on %(day)s.") % words


def _announced(reach: Reach, language: str) -> list[Announced]:
    now = timezone.now()
    return [
        Announced(periods.label(period), _day(opens_at, language), opens_at <= now)
        for period, opens_at in gates.announcements(reach.tenant_key).items()
    ]


def _years_to_announce(content: Pack) -> dict[int, str]:
    """This school year and the next."""
    today = timezone.localdate()
    began = (today.month, today.day) >= content.country.school_year_starts
    now = today.year if began else today.year - 1
    return {year: periods.label(year) for year in (now, now + 1)}


def _day(moment: datetime, language: str) -> str:
    return numbers.day(timezone.localdate(moment), language)
