"""What do we do? The overview of a unit, and the thread that ties its things together."""

from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from puls import periods
from puls.content.definitions import Pack
from puls.web.actions import queries, telling
from puls.web.actions.cards import cards_of
from puls.web.actions.states import OPEN
from puls.web.answering import Link, page
from puls.web.assess import queries as assess
from puls.web.follow.beads import places
from puls.web.follow.thread import Thread, taken_up
from puls.web.improve import queries as improve
from puls.web.improve.queries import current
from puls.web.meet import queries as meet
from puls.web.meet.wording import when
from puls.web.packs import language_of, pack
from puls.web.tenants import queries as tenants
from puls.web.tenants.access import ReachRequest, reach_required
from puls.web.tenants.models import Unit
from puls.web.tenants.names import unit_name
from puls.web.tenants.permissions import can, place_of


@require_safe
@reach_required
def own(request: ReachRequest) -> HttpResponseBase:
    """To the overview of the reader's own unit."""
    return redirect("follow:doing_at", request.reach.unit)


@require_safe
@reach_required
def doing(request: ReachRequest, unit: str) -> HttpResponseBase:
    """What a unit does to get where it wants: what runs, and what is on its way."""
    content, language = pack(), language_of(pack())
    place = tenants.unit_or_404(request.reach, unit)
    found = queries.actions(unit, below=True)
    cards = cards_of(request, found, place, content, language)
    running = improve.running(unit)
    context = {
        "title": _("What do we do?"),
        "unit": unit,
        "unit_name": unit_name(place, content, language),
        "columns": [each for each in telling.by_state(cards) if each.state in OPEN],
        "ended": sum(card.state not in OPEN for card in cards),
        "improvements": [
            {
                "title": each.title,
                "href": reverse("improve:improvement", args=[each.pk]),
                "step": getattr(current(improve.steps(each.pk)), "title", ""),
                "thread": reverse("follow:chain", args=["forbedring", each.pk]),
            }
            for each in running
        ],
        "meeting": _meeting(unit, language),
        "sheet": _sheet(unit),
        "decisions": queries.decisions(unit)[:3],
        "may": can("action_write", request.reach, place_of(place)),
    }
    return page(request, "follow/doing.html", context)


@require_safe
@reach_required
def chain(request: ReachRequest, kind: str, key: str) -> HttpResponseBase:
    """The thread from indicator to next measurement, taken up at one of them."""
    content, language = pack(), language_of(pack())
    found = taken_up(kind, key)
    place = tenants.unit_or_404(request.reach, found.unit)
    may = can("action_write", request.reach, place_of(place))
    every = places(found, request.reach, may, content, language)
    context = {
        "title": _("The thread"),
        "about": _about(found, content, language),
        "unit_name": unit_name(place, content, language),
        "trail": _trail(place),
        "places": every,
    }
    return page(request, "follow/chain.html", context)


def _sheet(unit: str) -> str:
    """The conversation sheet of a unit's newest school year; "" before any."""
    every = assess.periods_of(unit, pack().default_columns)
    return reverse("see:what", args=[unit, periods.slug(every[0])]) if every else ""


def _meeting(unit: str, language: str) -> dict[str, str] | None:
    """The meeting that comes next; None where none is planned."""
    found = meet.next_meeting(unit)
    if found is None:
        return None
    return {
        "title": found.title,
        "when": when(found, language),
        "where": found.where,
        "href": reverse("meet:meeting", args=[found.pk]),
    }


def _trail(place: Unit) -> list[Link]:
    return [
        Link(_("What do we do?"), reverse("follow:doing_at", args=[place.key])),
        Link(_("The thread")),
    ]


def _about(found: Thread, content: Pack, language: str) -> str:
    """What the thread was taken up at, by name."""
    if found.kind == "indikator":
        return content.text(language, f"indicator.{found.indicators[0]}.name")
    if found.kind == "forbedring":
        return found.improvements[0].title
    if found.kind == "mote":
        return found.meetings[0].title
    return found.decisions[0].text if found.kind == "beslutning" else found.actions[0].what
