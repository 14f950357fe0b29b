"""What is under way, for the front page: the next meeting, and how far a few actions have come."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from puls.content.definitions import Pack
from puls.web.actions import telling
from puls.web.actions.queries import actions
from puls.web.actions.states import BEGUN
from puls.web.meet.queries import next_meeting
from puls.web.meet.wording import when
from puls.web.tenants.access import Reach
from puls.web.tenants.models import Unit
from puls.web.tenants.names import unit_name

SHOWN = 4
"""Of the open actions; their own page has all."""


def own_doings(reach: Reach, pack: Pack, language: str) -> dict[str, Any]:
    """Open actions of the reader's own unit and below it: those begun first, then by when due."""
    today = timezone.localdate()
    open_ones = [each for each in actions(reach.unit, below=True) if each.is_open]
    ordered = sorted(open_ones, key=lambda each: each.state not in BEGUN)
    shown = ordered[:SHOWN]
    others = {each.unit for each in shown} - {reach.unit}
    places = Unit.objects.filter(key__in=others) if others else ()
    names = {place.key: unit_name(place, pack, language) for place in places}
    meeting = next_meeting(reach.unit)
    return {
        "doings": [
            telling.card(each, today, language, unit_name=names.get(each.unit, ""))
            for each in shown
        ],
        "more_doings": len(ordered) - len(shown),
        "doing": reverse("follow:doing_at", args=[reach.unit]),
        "meeting": meeting,
        "meeting_when": when(meeting, language) if meeting else "",
    }
