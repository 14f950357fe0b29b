"""All reading of decisions and actions. Called within a reach."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404

from puls.cells import ReleasedCell
from puls.web.actions.models import Action, Aim, Decision, Progress
from puls.web.actions.notes import (
    ActionNote,
    AimNote,
    DecisionNote,
    Origin,
    ProgressNote,
)
from puls.web.actions.states import OPEN, State
from puls.web.assess import lines
from puls.web.tenants.models import Unit


def decisions(unit: str) -> list[DecisionNote]:
    """What the people of a unit decided and have not withdrawn, the newest first."""
    found = Decision.objects.filter(unit=unit, withdrawn_at__isnull=True)
    return [_decision(row) for row in found.order_by("-decided_on", "-written_at", "id")]


def decision_or_404(key: UUID) -> DecisionNote:
    """One that counts, within reach."""
    row = Decision.objects.filter(pk=key, withdrawn_at__isnull=True).first()
    if row is None:
        raise Http404
    return _decision(row)


def decisions_from(origin: Origin) -> list[DecisionNote]:
    """What was decided in an improvement, a step or a meeting, the oldest first."""
    found = Decision.objects.filter(_from(origin), withdrawn_at__isnull=True)
    return [_decision(row) for row in found.order_by("decided_on", "written_at", "id")]


def actions(unit: str, *, below: bool = False) -> list[ActionNote]:
    """The actions of a unit, those due first on top; with `below` also of all units below it."""
    at = Q(unit=unit)
    if below:
        place = Unit.objects.filter(key=unit).values_list("path", flat=True).first() or unit
        at |= Q(path__startswith=f"{place}/")
    return _in_order(Action.objects.filter(at))


def action_or_404(key: UUID) -> ActionNote:
    """One within reach."""
    row = _with_aims(Action.objects.filter(pk=key)).first()
    if row is None:
        raise Http404
    return _action(row)


def actions_of(decision: UUID) -> list[ActionNote]:
    """What follows from a decision."""
    return _in_order(Action.objects.filter(decision=decision))


def actions_from(origin: Origin) -> list[ActionNote]:
    """What was agreed on in an improvement, a step or a meeting."""
    return _in_order(Action.objects.filter(_from(origin)))


def actions_for(unit: str, indicator: str) -> list[ActionNote]:
    """What a unit does to move an indicator, by when it begins."""
    found = _in_order(Action.objects.filter(unit=unit, aims__indicator=indicator))
    return sorted(found, key=lambda each: each.begins)


def actions_by(membership: UUID) -> list[ActionNote]:
    """What a member is responsible for and is not over."""
    return _in_order(Action.objects.filter(responsible=membership, state__in=OPEN))


def progress_of(action: UUID) -> Sequence[ProgressNote]:
    """What was said of an action, the newest first."""
    found = Progress.objects.filter(action=action).order_by("-written_at", "-id")
    return [
        ProgressNote(State(row.state), row.progress, row.comment, row.written_by, row.written_at)
        for row in found
    ]


def baseline(unit: str, aim: AimNote) -> ReleasedCell | None:
    """The cell that an action started from, as it was released then.

    None where there was none, or the reader may not see it.
    """
    if aim.release is None:
        return None
    line = lines.line(unit, aim.indicator, as_of=aim.release)
    return next((cell for cell in line if cell.period == aim.period), None)


def _from(origin: Origin) -> Q:
    given = {
        name: value
        for name in ("improvement", "step", "meeting")
        if (value := getattr(origin, name)) is not None
    }
    assert given, "asked for what comes from nowhere"
    return Q(**given)


def _with_aims(found: QuerySet[Action]) -> QuerySet[Action]:
    return found.prefetch_related(Prefetch("aims", Aim.objects.order_by("id"), to_attr="listed"))


def _in_order(found: QuerySet[Action]) -> list[ActionNote]:
    """Those due first on top, then those without a day, by when they were written."""
    notes = [_action(row) for row in _with_aims(found)]
    return sorted(notes, key=lambda each: (each.due or date.max, each.written_at, str(each.id)))


def _decision(row: Decision) -> DecisionNote:
    return DecisionNote(
        id=row.pk,
        tenant=row.tenant_id,
        unit=row.unit_id,
        path=row.path,
        text=row.text,
        why=row.why,
        decided_on=row.decided_on,
        decided_by=row.decided_by,
        origin=Origin(row.improvement, row.step, row.meeting),
        written_by=row.written_by,
        written_at=row.written_at,
        changed_by=row.changed_by,
        changed_at=row.changed_at,
    )


def _action(row: Action) -> ActionNote:
    listed: list[Aim] = row.listed  # type: ignore[attr-defined]
    return ActionNote(
        id=row.pk,
        tenant=row.tenant_id,
        unit=row.unit_id,
        path=row.path,
        what=row.what,
        why=row.why,
        decision=row.decision_id,
        responsible=row.responsible_id,
        responsible_name=row.responsible_name,
        starts=row.starts,
        due=row.due,
        begun_on=row.begun_on,
        ended_on=row.ended_on,
        expected=row.expected,
        rubric=row.rubric,
        rubric_level=row.rubric_level,
        state=State(row.state),
        progress=row.progress,
        remind_on=row.remind_on,
        origin=Origin(row.improvement, row.step, row.meeting),
        written_by=row.written_by,
        written_at=row.written_at,
        changed_by=row.changed_by,
        changed_at=row.changed_at,
        aims=tuple(
            AimNote(
                aim.indicator, aim.version, aim.baseline_id, aim.period, aim.direction, aim.amount
            )
            for aim in listed
        ),
    )
