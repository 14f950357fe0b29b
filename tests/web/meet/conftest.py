"""Bob's school with two years of released results, and a meeting that is planned."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.utils import translation

from puls.units import UnitTree
from puls.web.assess.models import Release
from puls.web.meet import people, services
from puls.web.meet.freezing import frozen
from puls.web.meet.models import Kind, Meeting
from puls.web.meet.services import Author, Plan, Thing
from puls.web.packs import pack
from puls.web.tenants.access import Reach, as_reach
from puls.web.tenants.models import Membership, Unit
from tests.web.cast import Cast, reach_for
from tests.web.see import world

STARTS = datetime(2026, 12, 8, 13, tzinfo=UTC)
"""14.00 in Norway."""
AUTHOR = Author("Bob Øye", "bob@example.no")
PLAN = Plan("Tilbakemeldinger", STARTS, 60, about="Hva gjør vi?", where="Øvingsrom 2")
THINGS = (
    Thing(Kind.QUESTION, "Når fikk en elev sist vite hva neste steg er?", minutes=20),
    Thing(Kind.RUBRIC, "Hvilket nivå er vi oftest på?", rubric="assessment_for_learning"),
    Thing(Kind.CHOICE, "Hva tar vi først?", options=("Øveplan", "Kurs", "Samtaler")),
)


@pytest.fixture(autouse=True)
def in_norwegian() -> Iterator[None]:
    with translation.override("nb"):
        yield


@pytest.fixture
def released(places: UnitTree, cast: Cast) -> Release:
    world.release(places, period=world.PERIOD - 1)
    return world.release(places)


@pytest.fixture
def bob(cast: Cast) -> Reach:
    return reach_for(cast.bob)


def planned(who: Membership, unit: str = "", things: tuple[Thing, ...] = THINGS) -> Meeting:
    """A meeting that this person plans at the own unit, or at another."""
    reach = reach_for(who)
    with as_reach(reach):
        place = Unit.objects.get(key=unit or reach.unit)
        return services.meeting_add(reach, place, PLAN, things, AUTHOR)


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    return planned(cast.bob)


@pytest.fixture
def about_cells(released: Release, cast: Cast) -> Meeting:
    """A meeting about a cell of the school, with Tom and Tina invited, Tina in English."""
    reach = reach_for(cast.bob)
    with as_reach(reach):
        (cell,) = frozen(reach, [(world.SCHOOL, world.FEEDBACK)], None, None, pack())
        things = (Thing(Kind.CELL, "Tilbakemeldinger", cell=cell, minutes=10), *THINGS)
        place = Unit.objects.get(key=world.SCHOOL)
        made = services.meeting_add(reach, place, PLAN, things, AUTHOR)
        people.invitees_add(reach, made.pk, list(people.wanted("Tom <tom@example.no>")), "nb")
        people.invitees_add(reach, made.pk, list(people.wanted("tina@example.no")), "en")
    return made
