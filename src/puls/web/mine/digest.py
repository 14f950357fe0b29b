"""What waits for a person in one of their roles, reckoned anew each time. Called within a reach.

Nothing is kept about it: an e-mail says what is so today, never what once happened.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from puls import periods
from puls.views import numbers
from puls.web.actions import queries as actions
from puls.web.assess import queries as assess
from puls.web.meet import queries as meet
from puls.web.share import queries as share
from puls.web.tenants.access import Reach
from puls.web.tenants.models import Membership
from puls.web.tenants.permissions import can, own_place

AHEAD = timedelta(days=9)
"""How far ahead an e-mail looks: a week, and the weekend behind it."""


@dataclass(frozen=True, slots=True)
class News:
    """One line of the e-mail and its page. No figure stands in it: mail is read by others too."""

    kind: str
    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Asked:
    """For whom, in which role and on which day. since: the day of their last e-mail, or None."""

    membership: Membership
    reach: Reach
    today: date
    since: date | None
    language: str


def news(asked: Asked, kinds: list[str]) -> list[News]:
    """All that waits, of the kinds that somebody wants."""
    return [each for kind, found in FOUND.items() if kind in kinds for each in found(asked)]


def _meetings(asked: Asked) -> Iterator[News]:
    for row in meet.meetings(asked.reach.unit):
        on = timezone.localtime(row.starts).date()
        if not meet.is_over(row) and asked.today <= on <= asked.today + AHEAD:
            words = {"title": row.title, "day": numbers.day(on, asked.language)}
            told = _("Meeting %(day)s: %(title)s") % words
            yield News("meetings", told, reverse("meet:meeting", args=[row.pk]))


def _actions(asked: Asked) -> Iterator[News]:
    for each in actions.actions_by(asked.membership.pk):
        href = reverse("actions:action", args=[each.unit, each.id])
        if each.due and each.due <= asked.today + AHEAD:
            words = {"what": each.what, "day": numbers.day(each.due, asked.language)}
            late = each.is_late(asked.today)
            told = _("Was due %(day)s: %(what)s") if late else _("Due %(day)s: %(what)s")
            yield News("actions", told % words, href)
        elif each.remind_on and (asked.since or date.min) < each.remind_on <= asked.today:
            yield News(
                "actions", _("You asked to be reminded: %(what)s") % {"what": each.what}, href
            )


def _practice(asked: Asked) -> Iterator[News]:
    if can("practice_review", asked.reach, own_place(asked.reach)):
        for row in share.waiting(asked.reach):
            told = _("Waits for you to look it through: %(title)s") % {"title": row.title}
            yield News("practice", told, reverse("share:practice", args=[row.pk]))
    if share.unanswered(asked.reach.unit):
        yield News("practice", _("Somebody has asked about what you share"), reverse("share:own"))


def _results(asked: Asked) -> Iterator[News]:
    if asked.since is None:
        return
    for period in assess.periods()[:2]:
        made = assess.releases(period)
        new = [each for each in made if timezone.localtime(each.made_at).date() > asked.since]
        if new and assess.cells([asked.reach.unit], period):
            words = {"period": periods.label(period)}
            where = reverse("see:unit", args=[asked.reach.unit, periods.slug(period)])
            yield News("results", _("New results for %(period)s") % words, where)


FOUND: Mapping[str, Callable[[Asked], Iterator[News]]] = {
    "meetings": _meetings,
    "actions": _actions,
    "practice": _practice,
    "results": _results,
}
KINDS: Mapping[str, str | Promise] = {
    "meetings": gettext_lazy("Meetings in the coming week"),
    "actions": gettext_lazy("Actions that I am responsible for"),
    "practice": gettext_lazy("Good practice: what waits for us, and questions"),
    "results": gettext_lazy("New results"),
}
"""What one can choose to be told of."""
