"""Where a decision or an action is written from: a step of a process, named in the address.

The room of processes lies above this one and is known by its addresses only.
"""

from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict
from django.urls import reverse

from puls.web.actions.notes import Origin
from puls.web.answering import key_or_404


def origin_in(asked: QueryDict) -> Origin:
    """What `?forbedring=` and `?steg=` say; 404 for what is no id."""
    improvement = _key(asked.get("forbedring", ""))
    return Origin(improvement, _key(asked.get("steg", "")) if improvement else None)


def process_of(origin: Origin) -> str:
    """The address of the process, at the step; "" where it comes from none."""
    if origin.improvement is None:
        return ""
    step = f"#steg-{origin.step}" if origin.step else ""
    return reverse("improve:improvement", args=[origin.improvement]) + step


def action_out_of(decision: UUID, unit: str, origin: Origin) -> str:
    """Where an action is written that follows from a decision, and belongs to its process."""
    asked = {"beslutning": str(decision)}
    if origin.improvement is not None:
        asked["forbedring"] = str(origin.improvement)
    return f"{reverse('actions:new', args=[unit])}?{urlencode(asked)}"


def _key(written: str) -> UUID | None:
    return key_or_404(written) if written else None
