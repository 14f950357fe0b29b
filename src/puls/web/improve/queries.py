"""All reading of improvements. Called within a reach; what lies outside is not found."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Case, Q, QuerySet, When
from django.http import Http404

from puls.web.improve.journal import LAID_ON, Act, on_the_line
from puls.web.improve.models import Change, Improvement, Step
from puls.web.improve.states import State
from puls.web.improve.ties import TieKind


def improvement(key: UUID) -> Improvement | None:
    """One within reach, with its unit."""
    return Improvement.objects.select_related("unit").filter(pk=key).first()


def improvement_or_404(key: UUID) -> Improvement:
    found = improvement(key)
    if found is None:
        raise Http404
    return found


def steps(key: UUID) -> list[Step]:
    """The steps of an improvement in their order, without those taken off."""
    found = improvement(key)
    return on_the_line(found) if found else []


def step(key: UUID) -> Step | None:
    """One step within reach, also one that was taken off (its `position` is None)."""
    return Step.objects.select_related("improvement__unit").filter(pk=key).first()


def step_or_404(key: UUID) -> Step:
    found = step(key)
    if found is None:
        raise Http404
    return found


def improvements(unit: str) -> list[Improvement]:
    """All of a unit: under way, planned, finished, put away; the last changed first in each."""
    order = (State.UNDER_WAY, State.PLANNED, State.FINISHED, State.PUT_AWAY)
    place = Case(*(When(state=state, then=number) for number, state in enumerate(order)))
    found = Improvement.objects.filter(unit=unit).order_by(place, "-changed_at")
    return list(found.select_related("unit"))


def running(unit: str) -> list[Improvement]:
    """Those of a unit that are under way, the last changed first."""
    found = Improvement.objects.filter(unit=unit, state=State.UNDER_WAY)
    return list(found.select_related("unit").order_by("-changed_at"))


def about(unit: str, indicator: str) -> list[Improvement]:
    """Those with a step that rests on this unit's indicator, in any school year."""
    tied = [{"kind": TieKind.INDICATOR, "unit": unit, "indicator": indicator}]
    found = Step.objects.filter(position__isnull=False, ties__contains=tied)
    keys = found.values("improvement")
    return list(
        Improvement.objects.filter(pk__in=keys).select_related("unit").order_by("-changed_at")
    )


def current(line: Sequence[Step]) -> Step | None:
    """The step that a team is at: the first that is not done."""
    return next((each for each in line if not each.done), None)


def changes(of: Improvement) -> QuerySet[Change]:
    """What was ever changed, the newest first. Only for the unit's own people."""
    return Change.objects.filter(improvement=of).order_by("-number")


def undoable(of: Improvement) -> Change | None:
    """The last change that can be taken back; None where there is none left."""
    undone = changes(of).filter(undoes__isnull=False).values("undoes")
    can = Q(act__in=LAID_ON - {Act.UNDONE})
    return changes(of).filter(can).exclude(number__in=undone).first()
