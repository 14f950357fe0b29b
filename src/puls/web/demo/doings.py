"""What the demo's school has decided, does and wants: made up, and tied to its released figures."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone, translation

from puls.cells import Status
from puls.web.actions.models import Action
from puls.web.actions.planned import Planned, Wanted
from puls.web.actions.services import action_add, action_move, decision_add, progress_add
from puls.web.actions.states import Move, State
from puls.web.assess import lines
from puls.web.assess import queries as assess
from puls.web.assess.goals import Wish, goal_set
from puls.web.demo.making import Making
from puls.web.demo.people import OWNER, person
from puls.web.improve.queries import running
from puls.web.tenants.access import Reach, as_person, as_reach, as_whole_tree, reach_of
from puls.web.tenants.models import Membership, Role, Unit

SO_LONG_AGO = 2
"""School years between a finished action's baseline and the newest figures."""
Told = Mapping[str, Any]


def add_doings(made: Making) -> None:
    """A couple of decisions, actions in several states, and goals; nothing where some are there."""
    names = made.people
    with translation.override("nb"):
        leader = _reach(made, Role.LEADER)
        with as_reach(leader):
            unit = Unit.objects.get(key=made.home)
            # Not decisions: a meeting of the demo has made one.
            if Action.objects.filter(unit=unit).exists():
                return
            for told in made.story["decisions"]:
                _decide(leader, unit, told, names)
            told = made.story["proposed"]
            plan = Planned(told["title"], why=told["why"])
            action_add(leader, unit, plan, written_by=names["teacher"])
            for told in made.story["goals"]:
                _want(leader, unit, told, names["leader"])
        owner = _reach(made, Role.OWNER)
        with as_reach(owner):
            administration = Unit.objects.get(key=owner.unit)
            name = person(made, Role.OWNER).name
            _want(owner, administration, made.story["owner_goal"], name)


def _reach(made: Making, role: Role) -> Reach:
    with as_whole_tree(OWNER):
        email = person(made, role).email
        member = Membership.objects.using(OWNER).get(user__email=email)
    with as_person(member.user_id):
        return reach_of(member)


def _decide(by: Reach, unit: Unit, told: Told, names: Mapping[str, str]) -> None:
    """A decision with the actions that follow from it."""
    under_way = next((each.pk for each in running(unit.key)), None)
    process = under_way if told.get("by_process") else None
    decision = decision_add(
        by,
        unit,
        told["text"],
        why=told["why"],
        decided_on=_day(told["day"]),
        decided_by=told["by"],
        written_by=names["leader"],
        improvement=process,
    )
    for each in told["actions"]:
        _act(by, unit, each, names, decision.pk, process)


def _act(
    by: Reach,
    unit: Unit,
    told: Told,
    names: Mapping[str, str],
    decision: UUID,
    process: UUID | None,
) -> None:
    """An action, under way where it began in the past, and what has been told of it."""
    plan = Planned(
        told["title"],
        why=told.get("why", ""),
        decision=decision,
        responsible_name=names[told["who"]],
        starts=_day(told["starts"]),
        due=_day(told["due"]),
        expected=told.get("expected", ""),
        rubric=told.get("rubric", ""),
        rubric_level=told.get("level"),
        remind_on=_day(told["remind"]) if "remind" in told else None,
        aims=tuple(_aim(unit, each) for each in told["aims"]),
    )
    made = action_add(
        by, unit, plan, written_by=names["leader"], state=State.AGREED, improvement=process
    )
    if told["starts"] > 0:
        return
    started = _day(told["starts"])
    action_move(by, made.pk, Move.BEGIN, written_by=names["leader"], on=started)
    if progress := told.get("told"):
        progress_add(
            by,
            made.pk,
            progress=progress["percent"],
            comment=progress["comment"],
            written_by=names[progress["by"]],
        )
    if ended := told.get("ended"):
        on = {"on": _day(ended["day"])} if "day" in ended else {}
        action_move(
            by,
            made.pk,
            Move(ended["move"]),
            written_by=names[ended["by"]],
            comment=ended["comment"],
            **on,
        )


def _aim(unit: Unit, told: Told) -> Wanted:
    direction = "" if told.get("open") else "up"
    if told.get("from_earlier"):
        return _earlier(unit.key, told["indicator"], direction, told.get("amount"))
    return Wanted(told["indicator"], direction)


def _earlier(unit: str, indicator: str, direction: str, amount: float | None) -> Wanted:
    """An indicator with the figure of some years ago as its starting point, where one is shown."""
    shown = [cell.period for cell in lines.line(unit, indicator) if cell.status is Status.SHOWN]
    if len(shown) <= SO_LONG_AGO:
        return Wanted(indicator, direction, amount)
    period = shown[-1 - SO_LONG_AGO]
    release = assess.releases(period)[0].id
    return Wanted(indicator, direction, amount, release, period)


def _want(by: Reach, unit: Unit, told: Told, set_by: str) -> None:
    wish = (
        Wish(told["indicator"], level=told["level"])
        if "indicator" in told
        else Wish(rubric=told["rubric"], rubric_level=told["level"])
    )
    goal_set(
        by,
        unit,
        wish,
        due=_day(told["day"]),
        decided_by=told["by"],
        why=told.get("why", ""),
        set_by=set_by,
    )


def _day(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)
