"""What the demo's own school says of itself: placements of eight staff in two years, one
finished description, and an open placing in which four have placed it: a fifth makes a spread."""

from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from puls.content.definitions import Pack
from puls.web.accounts.models import User
from puls.web.assess.models import Release
from puls.web.demo import country as countries
from puls.web.demo.making import Making
from puls.web.demo.people import Person, colleagues
from puls.web.quality.models import Description, Kind, Placing, Reason, Source, Spread
from puls.web.quality.placing import placement_give
from puls.web.quality.queries import open_placing
from puls.web.tenants.access import (
    as_person,
    as_reach,
    as_whole_tree,
    memberships_of,
    reach_of,
)
from puls.web.tenants.models import Unit

OWNER = "owner"


def add_own_view(pack: Pack, made: Making) -> None:
    """All of it, where nothing of it is there yet."""
    _add_years(pack, made)
    for at, person in enumerate(colleagues(made)):
        _placed_by(person, at, made)


def _add_years(pack: Pack, made: Making) -> None:
    """What was placed and described before, and a placing that is open."""
    told, leader = made.story["own"], made.people["leader"]
    years = sorted(countries.SURVEYED)[-2:]
    today = timezone.make_aware(datetime.combine(countries.TODAY, time(14)))
    with as_whole_tree(OWNER):
        unit = Unit.objects.using(OWNER).get(pk=made.home)
        if Placing.objects.using(OWNER).filter(unit=unit.pk).exists():
            return
        place: dict[str, Any] = {
            "unit_id": unit.pk,
            "tenant_id": unit.tenant_id,
            "path": unit.path,
            "depth": unit.depth,
        }
        # In a country asked only once there is no year before the last.
        for at, period in enumerate(years, start=2 - len(years)):
            _closed(place, period, at, pack.thresholds.signed_in, today, made)
        opened = {"opened_by": leader, "opened_at": today}
        Placing.objects.using(OWNER).create(**place, **opened, period=countries.OPEN)
        Description.objects.using(OWNER).create(
            **place,
            period=years[-1],
            kind=Kind.RUBRIC,
            key=told["rubric"],
            number=1,
            release=Release.objects.using(OWNER).filter(period=years[-1]).order_by("-id")[0].pk,
            sees=told["sees"].strip(),
            judges=told["judges"].strip(),
            written_by=made.people["teacher"],
            written_at=today,
            finished_by=leader,
            finished_at=today,
        )


def _placed_by(person: Person, at: int, made: Making) -> None:
    """A colleague's own placements, as that person alone may give them."""
    user = User.objects.get(email=person.email)
    with as_person(user.pk):
        reach = reach_of(memberships_of(user)[0])
        with as_reach(reach):
            placing = open_placing(made.home)
            assert placing is not None, "a placing that was opened just now"
            for each in made.story["own"]["placed"]:
                placement_give(reach, user.pk, placing, each["rubric"], each["now"][at], "")


def _closed(
    place: dict[str, Any], period: int, at: int, k: int, today: datetime, made: Making
) -> None:
    """A placing that was counted. at: which of the two years."""
    when = today - timedelta(days=365 * (countries.OPEN - period) - 120)
    leader, told = made.people["leader"], made.story["own"]
    closed = {"opened_by": leader, "opened_at": when, "closed_by": leader, "closed_at": when}
    placing = Placing.objects.using(OWNER).create(**place, **closed, period=period)
    for each in told["placed"]:
        rubric, counts = each["rubric"], each[("before", "last")[at]]
        levels = {f"level_{level}": count for level, count in enumerate(counts, start=1)}
        spread = Spread.objects.using(OWNER).create(
            **place,
            **levels,
            period=period,
            rubric=rubric,
            source=Source.STAFF,
            reference=placing.pk,
            k=k,
            is_told=True,
            made_at=when,
        )
        Reason.objects.using(OWNER).bulk_create(
            Reason(**place, spread=spread, text=reason["text"], is_read=True)
            for reason in told["reasons"]
            if at and reason["rubric"] == rubric
        )
