"""A staff that places its school, and a leader who opens and closes the placing."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import uuid4

from puls.web.quality import counting, placing, queries, services
from puls.web.quality.models import Kind, Placing
from puls.web.tenants.access import Reach, as_person, as_reach
from puls.web.tenants.models import Membership, Unit
from tests.web.cast import add_person, reach_for

SCHOOL, DANCE = "karmoy-kulturskole", "karmoy-kulturskole.dans"
RUBRIC, OTHER = "assessment_for_learning", "mission"
YEAR = 2025


@contextmanager
def signed_in(member: Membership) -> Iterator[Reach]:
    """As a page of this member: the person is told as well as the reach."""
    reach = reach_for(member)
    with as_person(member.user_id), as_reach(reach):
        yield reach


def staff(number: int, unit: str = SCHOOL) -> list[Membership]:
    return [add_person(f"staff{n}", unit, "teacher") for n in range(number)]


def opened(leader: Membership, period: int = YEAR) -> Placing:
    with signed_in(leader) as reach:
        return placing.placing_open(reach, Unit.objects.get(key=SCHOOL), period, "Bob")


def give(
    who: Membership, found: Placing, level: int, reason: str = "", rubric: str = RUBRIC
) -> None:
    with signed_in(who) as reach:
        placing.placement_give(reach, who.user_id, found, rubric, level, reason)


def close(leader: Membership, found: Placing) -> None:
    with signed_in(leader) as reach:
        counting.placing_close(reach, found, "Bob")


def placed(
    leader: Membership, people: Sequence[Membership], levels: Sequence[int], period: int = YEAR
) -> Placing:
    """A whole placing on one rubric, from opened to closed."""
    found = opened(leader, period)
    for who, level in zip(people, levels, strict=True):
        give(who, found, level, f"Reason of {who.user.name}")
    close(leader, found)
    return found


def told(who: Membership, rubric: str = RUBRIC) -> list[tuple[int, ...] | None]:
    with signed_in(who):
        return [each.counts for each in queries.spreads(SCHOOL, rubric)]


def begun(leader: Membership) -> None:
    """What pages need: a description, a spread from a meeting last year, an open placing."""
    with signed_in(leader) as reach:
        unit = Unit.objects.get(key=SCHOOL)
        about = (unit, YEAR, Kind.RUBRIC, RUBRIC)
        texts = "## What we see\n\n- one\n- **two**", "Good."
        services.description_save(reach, *about, texts, 0, "Bob")
        services.description_finish(reach, *about, 1, "Bob")
        counting.spread_add(reach, unit, YEAR - 1, RUBRIC, [1, 2, 3, 1], uuid4())
        placing.placing_open(reach, unit, YEAR, "Bob")
