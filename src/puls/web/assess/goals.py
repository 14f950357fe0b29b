"""Goals: what the people of a unit want to reach. Set and withdrawn, never rewritten.

Called within a reach. A goal of an owner holds for its schools too, until they set their own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from puls.errors import NotNow
from puls.views.goals import Goal
from puls.views.scales import answer_scale
from puls.web.assess.models import Goal as Row
from puls.web.packs import pack
from puls.web.tenants.access import Reach
from puls.web.tenants.models import Unit
from puls.web.tenants.permissions import check, place_of

RUBRIC_LEVELS = 4


@dataclass(frozen=True)
class Wish:
    """What is wanted, of an indicator or a rubric.

    value: in the indicator's unit, or level: of its criteria. rubric_level: 1 to 4.
    """

    indicator: str = ""
    rubric: str = ""
    value: float | None = None
    level: int | None = None
    rubric_level: int | None = None

    @property
    def about(self) -> dict[str, str]:
        return {"indicator": self.indicator, "rubric": self.rubric}


@dataclass(frozen=True)
class GoalNote:
    """A goal that a unit has, or had until withdrawn_on."""

    unit: str
    wish: Wish
    due: date | None
    decided_by: str
    set_by: str
    set_on: date
    why: str
    withdrawn_on: date | None = None

    @property
    def wanted(self) -> Goal:
        """A goal for an indicator as the views tell it; who decided it, or else who wrote it."""
        by = self.decided_by or self.set_by
        return Goal(self.wish.value, by, self.set_on, self.wish.level, self.due)


def goals(unit: str) -> Mapping[str, GoalNote]:
    """The goals for indicators that hold for a unit, by indicator: its own, else from above.

    Nobody reads another administration's.
    """
    return {note.wish.indicator: note for note in _holding(unit, rubric="")}


def rubric_goals(unit: str) -> Mapping[str, GoalNote]:
    """The goals for rubrics that hold for a unit, by rubric: its own, else from above."""
    return {note.wish.rubric: note for note in _holding(unit, indicator="")}


def goal_history(unit: str, about: Wish) -> Sequence[GoalNote]:
    """All goals that a unit ever set for an indicator or a rubric, the newest first."""
    found = Row.objects.filter(unit=unit, **about.about)
    return [_note(each) for each in found.order_by("-set_on", "-id")]


def goal_set(
    by: Reach,
    unit: Unit,
    wish: Wish,
    *,
    set_by: str,
    due: date | None = None,
    decided_by: str = "",
    why: str = "",
) -> Row:
    """A unit's goal, in place of the one it had for the same thing.

    set_by: who writes it down, decided_by: who decided it, as it shall be read later.
    NotAllowed, or NotNow with the reason.
    """
    check("goal_set", by, place_of(unit))
    _check(wish)
    today = timezone.localdate()
    try:
        with transaction.atomic():
            _counting(unit.key, wish).update(withdrawn_on=today)
            return Row.objects.create(
                tenant_id=by.tenant_key,
                unit=unit,
                path=unit.path,
                depth=unit.depth,
                value=wish.value,
                level=wish.level,
                rubric_level=wish.rubric_level,
                due=due,
                decided_by=decided_by.strip(),
                set_by=set_by,
                set_on=today,
                why=why.strip(),
                **wish.about,
            )
    except IntegrityError:
        raise NotNow(_("Somebody else set this goal just now. Look at theirs first.")) from None


def goal_withdraw(by: Reach, unit: Unit, about: Wish) -> None:
    """The unit's goal no longer counts; that it was there stays known."""
    check("goal_set", by, place_of(unit))
    if not _counting(unit.key, about).update(withdrawn_on=timezone.localdate()):
        raise NotNow(_("There is no goal of your own to withdraw here."))


def _holding(unit: str, **about: str) -> list[GoalNote]:
    """What counts at a unit and above it, the nearest last."""
    path = Unit.objects.filter(key=unit).values_list("path", flat=True).first() or unit
    found = Row.objects.filter(unit__in=path.split("/"), withdrawn_on__isnull=True, **about)
    return [_note(each) for each in found.order_by("depth", "indicator", "rubric")]


def _counting(unit: str, about: Wish) -> QuerySet[Row]:
    return Row.objects.filter(unit=unit, withdrawn_on__isnull=True, **about.about)


def _note(row: Row) -> GoalNote:
    return GoalNote(
        unit=row.unit_id,
        wish=Wish(row.indicator, row.rubric, row.value, row.level, row.rubric_level),
        due=row.due,
        decided_by=row.decided_by,
        set_by=row.set_by,
        set_on=row.set_on,
        why=row.why,
        withdrawn_on=row.withdrawn_on,
    )


def _check(wish: Wish) -> None:
    """NotNow with what is wrong with a wish."""
    content = pack()
    if wish.rubric:
        if wish.rubric not in content.rubrics:
            raise NotNow(_("There is no rubric “%(key)s”.") % {"key": wish.rubric})
        if not content.rubrics[wish.rubric].in_force:
            raise NotNow(_("This rubric is no longer used. Set a goal for one that is."))
        if wish.rubric_level not in range(1, RUBRIC_LEVELS + 1):
            raise NotNow(_("A goal for a rubric is one of its levels."))
        return
    known = content.indicators.get(wish.indicator)
    if known is None:
        raise NotNow(_("There is no indicator “%(key)s”.") % {"key": wish.indicator})
    if (wish.value is None) == (wish.level is None):
        raise NotNow(_("A goal is a number or a level, one of the two."))
    if wish.level is not None:
        most = known.criteria.levels if known.criteria else 0
        if not 1 < wish.level <= most:
            raise NotNow(_("A goal is a level above the lowest one of the indicator's own."))
    else:
        _check_value(wish.value, answer_scale(known, content))


def _check_value(value: Any, scale: tuple[float, float] | None) -> None:
    if not isfinite(value):
        raise NotNow(_("A goal is a number."))
    if scale is not None:
        low, high = scale
        if not low <= value <= high:
            words = {"low": f"{low:g}", "high": f"{high:g}"}
            raise NotNow(_("A goal lies on the scale, from %(low)s to %(high)s.") % words)
