"""All writing of what teams think: by the people of the unit itself, and nobody else."""

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from puls.content.definitions import Pack
from puls.errors import NotNow
from puls.web.packs import pack
from puls.web.tenants.access import Reach
from puls.web.tenants.models import Unit
from puls.web.tenants.permissions import Place, check, place_of
from puls.web.thoughts.models import Thought

MOST = 30
"""A map with more of a team's lines can no longer be read."""
LONGEST = 400
"""Letters of a note."""


def thought_add(by: Reach, unit: Unit, a: str, b: str, note: str, written_by: str) -> Thought:
    """What the people of a unit think of two indicators, or with b "" a note on one.

    written_by: who writes it, as it shall be read later. NotAllowed, or NotNow with the reason.
    """
    check("thought_write", by, place_of(unit))
    note = note.strip()
    _check_ends(a, b, note, pack())
    if Thought.objects.filter(unit=unit, withdrawn_at__isnull=True).count() >= MOST:
        raise NotNow(
            _("There are %(most)s already. Withdraw one that you no longer think first.")
            % {"most": MOST}
        )
    return Thought.objects.create(
        tenant_id=by.tenant_key,
        unit=unit,
        path=unit.path,
        depth=unit.depth,
        a=a,
        b=b,
        note=note,
        written_by=written_by,
        written_at=timezone.now(),
    )


def thought_change(by: Reach, key: UUID, note: str, changed_by: str) -> None:
    """Other words for the same line or note; who wrote it first stays known."""
    row = _counting(by, key)
    note = note.strip()
    _check_ends(row.a, row.b, note, pack())
    if note != row.note:
        row.note, row.changed_by, row.changed_at = note, changed_by, timezone.now()
        row.save(update_fields=["note", "changed_by", "changed_at"])


def thought_withdraw(by: Reach, key: UUID, withdrawn_by: str) -> None:
    """It no longer stands on the map; that it was there stays known."""
    row = _counting(by, key)
    row.withdrawn_by, row.withdrawn_at = withdrawn_by, timezone.now()
    row.save(update_fields=["withdrawn_by", "withdrawn_at"])


def _counting(by: Reach, key: UUID) -> Thought:
    row = Thought.objects.filter(pk=key, withdrawn_at__isnull=True).first()
    if row is None:
        raise NotNow(_("This has been withdrawn in the meantime."))
    check("thought_write", by, Place(row.tenant_id, row.path))
    return row


def _check_ends(a: str, b: str, note: str, content: Pack) -> None:
    for key in (a, b) if b else (a,):
        if key not in content.indicators:
            raise NotNow(_("There is no indicator “%(key)s”.") % {"key": key})
    if a == b:
        raise NotNow(_("A line goes between two different indicators."))
    if not b and not note:
        raise NotNow(_("Write what you think, or choose a second indicator."))
    if len(note) > LONGEST:
        raise NotNow(_("A note has at most %(most)s letters.") % {"most": LONGEST})
