"""All writing of decisions: by the people of the unit itself."""

from datetime import date
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from puls.errors import NotNow
from puls.web.actions.models import Decision
from puls.web.tenants.access import Reach
from puls.web.tenants.models import Unit
from puls.web.tenants.permissions import Place, check, place_of

LONGEST = 400
"""Letters of what was decided; why may be longer."""


def decision_add(
    by: Reach,
    unit: Unit,
    text: str,
    *,
    written_by: str,
    why: str = "",
    decided_on: date | None = None,
    decided_by: str = "",
    improvement: UUID | None = None,
    step: UUID | None = None,
    meeting: UUID | None = None,
) -> Decision:
    """What was decided, today if no day is given.

    written_by: who writes it down; decided_by: who decided, both in words to be read later.
    NotAllowed, or NotNow with the reason.
    """
    check("action_write", by, place_of(unit))
    return Decision.objects.create(
        tenant_id=by.tenant_key,
        unit=unit,
        path=unit.path,
        depth=unit.depth,
        text=_said(text),
        why=why.strip(),
        decided_on=decided_on or timezone.localdate(),
        decided_by=decided_by.strip(),
        improvement=improvement,
        step=step,
        meeting=meeting,
        written_by=written_by,
        written_at=timezone.now(),
    )


def decision_change(
    by: Reach,
    key: UUID,
    *,
    text: str,
    why: str,
    decided_on: date,
    decided_by: str,
    changed_by: str,
) -> None:
    """Other words for the same decision; who wrote it first stays known."""
    row = _counting(by, key)
    row.text, row.why = _said(text), why.strip()
    row.decided_on, row.decided_by = decided_on, decided_by.strip()
    row.changed_by, row.changed_at = changed_by, timezone.now()
    row.save(update_fields=["text", "why", "decided_on", "decided_by", "changed_by", "changed_at"])


def decision_withdraw(by: Reach, key: UUID, withdrawn_by: str) -> None:
    """It no longer counts; that it was there stays known, and so do its actions."""
    row = _counting(by, key)
    row.withdrawn_by, row.withdrawn_at = withdrawn_by, timezone.now()
    row.save(update_fields=["withdrawn_by", "withdrawn_at"])


def _counting(by: Reach, key: UUID) -> Decision:
    row = Decision.objects.filter(pk=key, withdrawn_at__isnull=True).first()
    if row is None:
        raise NotNow(_("This decision has been withdrawn in the meantime."))
    check("action_write", by, Place(row.tenant_id, row.path))
    return row


def _said(text: str) -> str:
    text = text.strip()
    if not text:
        raise NotNow(_("Write what was decided."))
    if len(text) > LONGEST:
        raise NotNow(
            _("A decision has at most %(most)s letters. Write the rest under “why”.")
            % {"most": LONGEST}
        )
    return text
