"""What is planned of an action, as it is written and checked before anything is stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import isfinite
from uuid import UUID

from django.utils.translation import gettext as _

from puls.errors import NotNow
from puls.web.actions.models import Decision
from puls.web.packs import pack
from puls.web.tenants.models import Membership, Unit

MOST_AIMS = 5
"""What shall move everything moves nothing."""
LONGEST = 200
"""Letters of what is done; why may be longer."""


@dataclass(frozen=True)
class Wanted:
    """An indicator that an action should move: "up" or "down", how much in its unit, or neither.

    release, period: a starting point that was frozen before, as in an improvement; else the newest
    cell that the unit shows.
    """

    indicator: str
    direction: str = ""
    amount: float | None = None
    release: int | None = None
    period: int | None = None


@dataclass(frozen=True)
class Planned:
    """What is written of an action and may be written anew. See `models.Action`."""

    what: str
    why: str = ""
    decision: UUID | None = None
    responsible: Membership | None = None
    responsible_name: str = ""
    starts: date | None = None
    due: date | None = None
    expected: str = ""
    rubric: str = ""
    rubric_level: int | None = None
    remind_on: date | None = None
    aims: Sequence[Wanted] = ()


def columns(plan: Planned) -> dict[str, object]:
    """The columns of a plan."""
    name = plan.responsible_name.strip()
    if plan.responsible is not None and not name:
        name = str(plan.responsible.user)
    return {
        "what": plan.what.strip(),
        "why": plan.why.strip(),
        "decision_id": plan.decision,
        "responsible": plan.responsible,
        "responsible_name": name,
        "starts": plan.starts,
        "due": plan.due,
        "expected": plan.expected.strip(),
        "rubric": plan.rubric,
        "rubric_level": plan.rubric_level if plan.rubric else None,
        "remind_on": plan.remind_on,
    }


def check_plan(plan: Planned, unit: Unit) -> None:
    """NotNow with what is wrong with a plan for a unit."""
    if not plan.what.strip():
        raise NotNow(_("Write what you will do."))
    if len(plan.what.strip()) > LONGEST:
        raise NotNow(
            _("What you will do has at most %(most)s letters. Write the rest under “why”.")
            % {"most": LONGEST}
        )
    if plan.starts and plan.due and plan.due < plan.starts:
        raise NotNow(_("An action cannot be due before it starts."))
    if plan.decision and not Decision.objects.filter(pk=plan.decision, unit=unit).exists():
        raise NotNow(_("There is no such decision here."))
    if plan.rubric and plan.rubric not in pack().rubrics:
        raise NotNow(_("There is no rubric “%(key)s”.") % {"key": plan.rubric})
    keys = [wanted.indicator for wanted in plan.aims]
    if len(keys) > MOST_AIMS:
        raise NotNow(_("Choose at most %(most)s indicators.") % {"most": MOST_AIMS})
    if len(keys) != len(set(keys)):
        raise NotNow(_("Choose each indicator once."))
    for wanted in plan.aims:
        if wanted.indicator not in pack().indicators:
            raise NotNow(_("There is no indicator “%(key)s”.") % {"key": wanted.indicator})
        amount = wanted.amount
        if amount is not None and not (wanted.direction and isfinite(amount) and amount > 0):
            raise NotNow(_("Say whether it shall go up or down, and by how much above 0."))
