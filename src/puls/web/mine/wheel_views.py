"""Pages of the year wheel, and its feed for calendars."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from puls.documents.calendar_feed import Day
from puls.documents.calendar_feed import feed as calendar
from puls.errors import NotNow
from puls.web.answering import Link, page
from puls.web.days import day_field
from puls.web.mine import queries, services
from puls.web.mine.models import LONGEST_TITLE
from puls.web.mine.wheel import Due, due
from puls.web.packs import language_of, pack
from puls.web.tenants.access import ReachRequest, as_reach, reach_required
from puls.web.tenants.models import Unit
from puls.web.tenants.names import unit_name
from puls.web.tenants.permissions import can, place_of

AHEAD = timedelta(days=365)
BACK = timedelta(days=31)
"""What a feed still has of the past: calendars forget what is not in it."""


class EntryForm(forms.Form):
    """Something on the wheel."""

    title = forms.CharField(label=gettext_lazy("What"), max_length=LONGEST_TITLE)
    on = day_field(gettext_lazy("Day"))
    until = day_field(gettext_lazy("Until, if it lasts longer"), required=False)
    yearly = forms.BooleanField(
        label=gettext_lazy("Comes again each year"), required=False, initial=True
    )


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the wheel. is_now: it is this month."""

    name: str
    is_now: bool
    days: tuple[Due, ...]


@require_http_methods(["GET", "HEAD", "POST"])
@reach_required
def wheel(request: ReachRequest) -> HttpResponseBase:
    """The coming twelve months, and what one may put on it or take off."""
    unit = request.membership.unit
    form = EntryForm(request.POST if "add" in request.POST else None)
    if request.method == "POST":
        answer = _act(request, unit, form)
        if answer is not None:
            return answer
    content, language = pack(), language_of(pack())
    today = timezone.localdate()
    first = today.replace(day=1)
    found = due(request.reach, first, first + AHEAD, content, language)
    kept = queries.wish(request.membership)
    context = {
        "title": _("Year wheel"),
        "trail": [Link(_("Year wheel"))],
        "place": unit_name(unit, content, language),
        "months": _months(found, first, today),
        "form": form,
        "may_write": can("entry_write", request.reach, place_of(unit)),
        "own_unit": unit.key,
        "has_feed": bool(kept and kept.feed_hash),
        "address": request.session.pop("feed_address", ""),
    }
    return page(request, "mine/wheel.html", context)


@require_safe
@never_cache
def feed(request: HttpRequest, secret: str) -> HttpResponseBase:
    """The wheel for a calendar that subscribes to it; whoever has the address reads it."""
    found = queries.subscribed(secret)
    if found is None:
        raise Http404
    today = timezone.localdate()
    with translation.override(found.language), as_reach(found.reach):
        content, language = pack(), language_of(pack())
        place = unit_name(Unit.objects.get(pk=found.membership.unit_id), content, language)
        days = [
            _day(each) for each in due(found.reach, today - BACK, today + AHEAD, content, language)
        ]
        name = _("Puls: %(place)s") % {"place": place}
    return HttpResponse(calendar(name, days, timezone.now()), content_type="text/calendar")


def _day(each: Due) -> Day:
    link = settings.PULS_ADDRESS + each.href if each.href else ""
    # What comes again each year is told as it falls within the fetched time, not as a rule: a
    # calendar that is fetched anew would keep an old rule beside the new one.
    uid = f"{each.key}-{each.on.year}@puls" if each.yearly else f"{each.key}@puls"
    return Day(uid, each.on, each.whole_title, each.until, link=link)


def _act(request: ReachRequest, unit: Unit, form: EntryForm) -> HttpResponseBase | None:
    """What was pressed; None where the form is to be shown again."""
    try:
        if "remove" in request.POST:
            services.entry_remove(request.reach, _key(request.POST["remove"]))
            messages.success(request, _("It is off the wheel."))
        elif "open" in request.POST:
            secret = services.feed_open(request.membership)
            request.session["feed_address"] = settings.PULS_ADDRESS + reverse(
                "mine:feed", args=[secret]
            )
        elif "close" in request.POST:
            services.feed_close(request.membership)
            messages.success(request, _("The address no longer works."))
        elif form.is_valid():
            given: dict[str, Any] = form.cleaned_data
            services.entry_add(
                request.reach, unit, given["title"], given["on"], given["until"],
                yearly=given["yearly"],
            )  # fmt: skip
            messages.success(request, _("It is on the wheel."))
        else:
            return None
    except NotNow as reason:
        if "add" not in request.POST:
            messages.error(request, str(reason))
            return redirect("mine:wheel")
        form.add_error(None, str(reason))
        return None
    return redirect("mine:wheel")


def _key(written: str) -> UUID:
    try:
        return UUID(written)
    except ValueError:
        raise NotNow(_("This has been taken off in the meantime.")) from None


def _months(found: list[Due], first: date, today: date) -> list[Month]:
    """Twelve months from the first one on, each with what begins in it or goes on from before."""
    months = []
    for number in range(12):
        year, month = divmod(first.month - 1 + number, 12)
        at = date(first.year + year, month + 1, 1)
        days = tuple(
            each for each in found
            if (max(each.on, first).year, max(each.on, first).month) == (at.year, at.month)
        )  # fmt: skip
        name = f"{MONTHS[at.month]} {at.year}"
        months.append(
            Month(name, at <= today < at + timedelta(days=31) and at.month == today.month, days)
        )
    return months
