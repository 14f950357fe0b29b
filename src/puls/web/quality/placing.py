"""Writing around a placing: opened by a leader, each places alone, then what the team is shown."""

from collections.abc import Iterable
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from puls.errors import NotNow
from puls.web.packs import pack
from puls.web.quality.counting import LEVELS, wait_for_turn
from puls.web.quality.models import Placement, Placing, Reason, Spread
from puls.web.tenants.access import Reach
from puls.web.tenants.models import Unit
from puls.web.tenants.permissions import Place, check, place_of

LONGEST_REASON = 600
WEB = "default"


def placing_open(by: Reach, unit: Unit, period: int, opened_by: str) -> Placing:
    """From now on the staff may place the school. Once a school year."""
    check("placing_run", by, place_of(unit))
    try:
        with transaction.atomic():
            return Placing.objects.create(
                tenant_id=by.tenant_key,
                unit=unit,
                path=unit.path,
                depth=unit.depth,
                period=period,
                opened_by=opened_by,
                opened_at=timezone.now(),
            )
    except IntegrityError:
        raise NotNow(_("The placing of this school year has been opened already.")) from None


def placement_give(
    by: Reach, user: UUID, placing: Placing, rubric: str, level: int, reason: str
) -> None:
    """Where this person places the school, until it is closed. A second time replaces the first."""
    check("placement_give", by, Place(placing.tenant_id, placing.path))
    reason = " ".join(reason.split())
    known = {each.key for each in pack().rubrics_in_force}
    if rubric not in known or level not in LEVELS:
        raise NotNow(_("Choose one of the four levels."))
    if len(reason) > LONGEST_REASON:
        raise NotNow(_("Write at most %(most)s letters.") % {"most": LONGEST_REASON})
    _need_open(placing)
    own = Placement.objects.filter(placing=placing, rubric=rubric, user=user)
    if own.update(level=level, reason=reason):
        return
    row = Placement(
        tenant_id=placing.tenant_id,
        unit_id=placing.unit_id,
        path=placing.path,
        depth=placing.depth,
        placing=placing,
        rubric=rubric,
        user_id=user,
        level=level,
        reason=reason,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:  # Sent twice at once: the other one was faster.
        own.update(level=level, reason=reason)


def placement_withdraw(by: Reach, user: UUID, placing: Placing, rubric: str) -> None:
    """As if this person had not placed the school on this rubric."""
    check("placement_give", by, Place(placing.tenant_id, placing.path))
    _need_open(placing)
    Placement.objects.filter(placing=placing, rubric=rubric, user=user).delete()


def reasons_let_through(by: Reach, spread: UUID, keys: Iterable[UUID]) -> None:
    """The leader has read them: the team sees these and no others."""
    row = Spread.objects.filter(pk=spread).first()
    if row is None:
        raise NotNow(_("There is nothing to read here."))
    check("placing_run", by, Place(row.tenant_id, row.path))
    chosen = list(keys)
    with transaction.atomic():
        Reason.objects.filter(spread=spread, pk__in=chosen).update(is_read=True)
        Reason.objects.filter(spread=spread).exclude(pk__in=chosen).update(is_read=False)


def spreads_show(by: Reach, unit: Unit, period: int, shown_by: str, *, shown: bool) -> None:
    """Let those above see the spreads of a school year, never the reasons; or no longer."""
    check("placing_run", by, place_of(unit))
    found = Spread.objects.filter(unit=unit, period=period)
    now = timezone.now() if shown else None
    if not found.update(shown_by=shown_by if shown else "", shown_at=now):
        raise NotNow(_("There is nothing to show yet: close the placing first."))


def _need_open(placing: Placing) -> None:
    wait_for_turn(placing.unit_id, WEB, shared=True)
    if not Placing.objects.filter(pk=placing.pk, closed_at__isnull=True).exists():
        raise NotNow(_("The placing is closed, and the answers are counted."))
