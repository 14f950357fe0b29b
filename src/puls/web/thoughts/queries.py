"""All reading of what teams think. Called within a reach."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import Http404

from puls.web.thoughts.models import Thought


@dataclass(frozen=True)
class Told:
    """A line of a unit's people between two indicators, or with b "" a note on one.

    changed_by, changed_at: who changed its words last; "" and None where nobody has.
    """

    id: UUID
    unit: str
    a: str
    b: str
    note: str
    written_by: str
    written_at: datetime
    changed_by: str
    changed_at: datetime | None


def thoughts(unit: str) -> Sequence[Told]:
    """What a unit's people think and have not withdrawn, the oldest first."""
    found = Thought.objects.filter(unit=unit, withdrawn_at__isnull=True)
    return [_told(row) for row in found.order_by("written_at", "id")]


def thought_or_404(key: UUID) -> Told:
    """One that counts, within reach."""
    row = Thought.objects.filter(pk=key, withdrawn_at__isnull=True).first()
    if row is None:
        raise Http404
    return _told(row)


def _told(row: Thought) -> Told:
    return Told(
        row.pk,
        row.unit_id,
        row.a,
        row.b,
        row.note,
        row.written_by,
        row.written_at,
        row.changed_by,
        row.changed_at,
    )
