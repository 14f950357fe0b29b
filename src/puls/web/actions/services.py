"""All writing of actions: by the people of the unit itself. Decisions are in `deciding`."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from puls.cells import Status
from puls.errors import NotNow
from puls.web.actions.deciding import (
    decision_add,
    decision_change,
    decision_withdraw,
)
from puls.web.actions.models import Action, Aim, Progress
from puls.web.actions.planned import Planned, Wanted, check_plan, columns
from puls.web.actions.states import BEGUN, OPEN, Move, State, after
from puls.web.assess import lines
from puls.web.assess import queries as assess
from puls.web.packs import pack
from puls.web.tenants.access import Reach
from puls.web.tenants.models import Membership, Unit
from puls.web.tenants.permissions import Place, check, place_of

__all__ = [
    "action_add",
    "action_change",
    "action_move",
    "actions_hand_over",
    "decision_add",
    "decision_change",
    "decision_withdraw",
    "progress_add",
]


@transaction.atomic
def action_add(
    by: Reach,
    unit: Unit,
    plan: Planned,
    *,
    written_by: str,
    state: State = State.PROPOSED,
    improvement: UUID | None = None,
    step: UUID | None = None,
    meeting: UUID | None = None,
) -> Action:
    """Something to do, proposed or already agreed on. NotAllowed, or NotNow with the reason."""
    check("action_write", by, place_of(unit))
    check_plan(plan, unit)
    if state not in (State.PROPOSED, State.AGREED):
        raise NotNow(_("A new action is proposed or agreed on; begin it afterwards."))
    row = Action.objects.create(
        tenant_id=by.tenant_key,
        unit=unit,
        path=unit.path,
        depth=unit.depth,
        state=state,
        improvement=improvement,
        step=step,
        meeting=meeting,
        written_by=written_by,
        written_at=timezone.now(),
        **columns(plan),
    )
    for wanted in plan.aims:
        _aim_add(row, wanted)
    _tell(row, "", written_by)
    return row


@transaction.atomic
def action_change(by: Reach, key: UUID, plan: Planned, *, changed_by: str) -> None:
    """Another plan for the same action. An indicator that stays keeps its starting point."""
    row = _locked(by, key)
    check_plan(plan, row.unit)
    fields = columns(plan)
    for name, value in {
        **fields,
        "changed_by": changed_by,
        "changed_at": timezone.now(),
    }.items():
        setattr(row, name, value)
    row.save(update_fields=[*fields, "changed_by", "changed_at"])
    kept = {aim.indicator: aim for aim in Aim.objects.filter(action=row)}
    for wanted in plan.aims:
        aim = kept.pop(wanted.indicator, None)
        if aim is None:
            _aim_add(row, wanted)
        elif (aim.direction, aim.amount) != (wanted.direction, wanted.amount):
            aim.direction, aim.amount = wanted.direction, wanted.amount
            aim.save(update_fields=["direction", "amount"])
    for aim in kept.values():
        aim.delete()


@transaction.atomic
def action_move(
    by: Reach,
    key: UUID,
    move: Move,
    *,
    written_by: str,
    comment: str = "",
    on: date | None = None,
) -> State:
    """Make a move of the table; what is done is done wholly. The state it leads to.

    on: the day it happened, where that is not today.
    """
    row = _locked(by, key)
    target = after(State(row.state), move)
    if target is None:
        raise NotNow(_("Somebody else moved this action just now. Look at where it stands first."))
    row.state = target
    today = on or timezone.localdate()
    if target is State.UNDER_WAY and row.begun_on is None:
        row.begun_on = today
    row.ended_on = None if target in OPEN else today
    if target is State.DONE:
        row.progress = 100
    row.save(update_fields=["state", "begun_on", "ended_on", "progress"])
    _tell(row, comment, written_by)
    return target


@transaction.atomic
def progress_add(
    by: Reach,
    key: UUID,
    *,
    comment: str,
    written_by: str,
    progress: int | None = None,
    member: UUID | None = None,
) -> Progress:
    """How far it has come, and what there is to say about it. progress: 0 to 100, None: as before.

    A word may be said of any action; how far it has come only while work on it goes on.
    member: who writes. Who is responsible for an action of another unit may do this, and no more.
    """
    row = _locked(by, key, member)
    if progress is not None and progress != row.progress:
        if not 0 <= progress <= 100:
            raise NotNow(_("How far it has come is a number from 0 to 100."))
        if State(row.state) not in BEGUN:
            raise NotNow(_("Begin the action before you say how far it has come."))
        row.progress = progress
        row.save(update_fields=["progress"])
    elif not comment.strip():
        raise NotNow(_("Write what has happened, or say how far it has come."))
    return _tell(row, comment, written_by)


@transaction.atomic
def actions_hand_over(by: Reach, mine: Membership, to: Membership) -> int:
    """Another member is responsible from now on for all that one was and is not over. How many."""
    rows = Action.objects.filter(responsible=mine, state__in=OPEN)
    for row in rows:
        check("action_write", by, Place(row.tenant_id, row.path))
        row.responsible, row.responsible_name = to, str(to.user)
        row.save(update_fields=["responsible", "responsible_name"])
    return len(rows)


def _locked(by: Reach, key: UUID, member: UUID | None = None) -> Action:
    """The action, for this writer alone. member: who may write because it is theirs to do."""
    row = Action.objects.filter(pk=key).first()
    if row is None:
        raise NotNow(_("There is no such action here."))
    if member is None or row.responsible_id != member:
        check("action_write", by, Place(row.tenant_id, row.path))
    # Only then: the database gives rows to lock to those alone who may change them.
    return Action.objects.select_for_update(of=("self",)).get(pk=key)


def _tell(row: Action, comment: str, written_by: str) -> Progress:
    return Progress.objects.create(
        action=row,
        tenant_id=row.tenant_id,
        path=row.path,
        depth=row.depth,
        state=row.state,
        progress=row.progress,
        comment=comment.strip(),
        written_by=written_by,
        written_at=timezone.now(),
    )


def _aim_add(row: Action, wanted: Wanted) -> None:
    release, period = wanted.release, wanted.period
    if release is None:
        release, period = _newest(row.unit_id, wanted.indicator)
    Aim.objects.create(
        action=row,
        tenant_id=row.tenant_id,
        path=row.path,
        depth=row.depth,
        indicator=wanted.indicator,
        version=pack().indicators[wanted.indicator].version,
        baseline_id=release,
        period=period,
        direction=wanted.direction,
        amount=wanted.amount,
    )


def _newest(unit: str, indicator: str) -> tuple[int | None, int | None]:
    """The release and the school year of the newest cell that the unit shows, or two Nones."""
    line = lines.line(unit, indicator)
    shown = [cell.period for cell in line if cell.status is Status.SHOWN]
    if not shown:
        return None, None
    return assess.releases(shown[-1])[0].id, shown[-1]
