"""What the demo's own school says of itself: placements of eight staff in two years, one
finished description, and an open placing in which four have placed it: a fifth makes a spread."""

from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from puls.content.definitions import Pack
from puls.web.accounts.models import User
from puls.web.assess.models import Release
from puls.web.demo import country as countries
from puls.web.demo.basics import HOME
from puls.web.demo.people import COLLEAGUES, Person
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

OWNER, LEADER = "owner", "Leif Leder"
PLACED = {
    # how many of eight placed the school on level 1 to 4: the year before last, and last year
    "assessment_for_learning": ((2, 4, 2, 0), (1, 3, 4, 0)),
    "learning_relations": ((0, 2, 5, 1), (0, 1, 4, 3)),
    "cooperation_home": ((3, 4, 1, 0), (2, 4, 2, 0)),
}
GIVEN = {
    # where four of the staff have placed the school in the year that is open
    "assessment_for_learning": (2, 3, 3, 3),
    "learning_relations": (3, 3, 4, 4),
    "cooperation_home": (2, 1, 2, 3),
}
REASONS = {
    "assessment_for_learning": (
        "At vi bruker de samme ordene om hva som er et godt arbeid.",
        "Tid til å høre på elevenes egne opptak sammen med dem.",
        "Jeg trenger eksempler fra andre fag enn mitt eget.",
    ),
    "learning_relations": ("At gruppene ikke blir større enn ti.",),
}
SEES = """Elevene får ofte høre at noe er **bra**, men sjeldnere hva som er neste skritt.

- I bandgruppene avtaler elev og lærer ett mål for hver uke.
- I korene gis tilbakemeldingen til hele gruppen.
- Bare noen av oss skriver ned hva vi ble enige om."""
JUDGES = """Vi er oftest på nivå 2 og 3. Kriteriene finnes i planen, men elevene kjenner dem ikke
godt nok. Det viser også svarene deres om tilbakemeldinger. Vi begynner med øveplanen."""


def add_own_view(pack: Pack) -> None:
    """All of it, where nothing of it is there yet."""
    _add_years(pack)
    for at, person in enumerate(COLLEAGUES):
        _placed_by(person, at)


def _add_years(pack: Pack) -> None:
    """What was placed and described before, and a placing that is open."""
    years = sorted(countries.SURVEYED)[-2:]
    today = timezone.make_aware(datetime.combine(countries.TODAY, time(14)))
    with as_whole_tree(OWNER):
        unit = Unit.objects.using(OWNER).get(pk=HOME)
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
            _closed(place, period, at, pack.thresholds.signed_in, today)
        opened = {"opened_by": LEADER, "opened_at": today}
        Placing.objects.using(OWNER).create(**place, **opened, period=countries.OPEN)
        Description.objects.using(OWNER).create(
            **place,
            period=years[-1],
            kind=Kind.RUBRIC,
            key="assessment_for_learning",
            number=1,
            release=Release.objects.using(OWNER).filter(period=years[-1]).order_by("-id")[0].pk,
            sees=SEES,
            judges=JUDGES,
            written_by="Liv Lærer",
            written_at=today,
            finished_by=LEADER,
            finished_at=today,
        )


def _placed_by(person: Person, at: int) -> None:
    """A colleague's own placements, as that person alone may give them."""
    user = User.objects.get(email=person.email)
    with as_person(user.pk):
        reach = reach_of(memberships_of(user)[0])
        with as_reach(reach):
            placing = open_placing(HOME)
            assert placing is not None, "a placing that was opened just now"
            for rubric, levels in GIVEN.items():
                placement_give(reach, user.pk, placing, rubric, levels[at], "")


def _closed(place: dict[str, Any], period: int, at: int, k: int, today: datetime) -> None:
    """A placing that was counted. at: which of the two years."""
    when = today - timedelta(days=365 * (countries.OPEN - period) - 120)
    closed = {"opened_by": LEADER, "opened_at": when, "closed_by": LEADER, "closed_at": when}
    placing = Placing.objects.using(OWNER).create(**place, **closed, period=period)
    for rubric, counts in PLACED.items():
        levels = {f"level_{level}": count for level, count in enumerate(counts[at], start=1)}
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
            Reason(**place, spread=spread, text=text, is_read=True)
            for text in REASONS.get(rubric, ())
            if at
        )
