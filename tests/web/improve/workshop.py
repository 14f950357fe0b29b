"""Short ways to an improvement and back, for the tests. Import after Django is set up."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from puls.content.process_steps import StepKind
from puls.web.improve import queries, services, steps
from puls.web.improve.models import Improvement, Step
from puls.web.improve.proposals import Proposed
from puls.web.improve.steps import Written
from puls.web.tenants.access import Reach, as_reach
from puls.web.tenants.models import Membership, Unit
from tests.web.cast import reach_for

SCHOOL, DANCE = "karmoy-kulturskole", "karmoy-kulturskole.dans"
STEPS = (
    Proposed(StepKind.DATA, "What do we know?"),
    Proposed(StepKind.PROBLEM, "What is it about?", problem="How is feedback used?"),
    Proposed(StepKind.REFLECT, "What do we think?", questions="When?\nWho?", minutes_alone=5),
)


@contextmanager
def acting(who: Membership) -> Iterator[Reach]:
    reach = reach_for(who)
    with as_reach(reach):
        yield reach


def begin(who: Membership, unit: str = "", proposed: Any = STEPS) -> UUID:
    with acting(who) as reach:
        place = Unit.objects.get(key=unit or reach.unit)
        return services.improvement_begin(
            reach, place, "Feedback that is used", name(who), proposed=proposed
        ).pk


def line(who: Membership, key: UUID) -> list[Step]:
    with acting(who):
        return queries.steps(key)


def titles(who: Membership, key: UUID) -> list[str]:
    return [step.title for step in line(who, key)]


def write(who: Membership, step: UUID, was: Any, **given: Any) -> Written:
    """was: a step as the writer had it before them, or fields of it."""
    before = was if isinstance(was, dict) else {field: getattr(was, field) for field in given}
    with acting(who) as reach:
        return steps.step_write(reach, step, given, before, name(who))


def read(who: Membership, key: UUID) -> Improvement:
    with acting(who):
        return queries.improvement_or_404(key)


def name(who: Membership) -> str:
    return who.user.name
