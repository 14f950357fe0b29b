"""Where a decision or an action is written from: a step of a process, a meeting, by their ids.

The rooms of processes and meetings lie above this one and are known by their addresses only.
"""

from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict
from django.urls import reverse

from puls.web.actions.notes import Origin
from puls.web.answering import key_or_404


def origin_in(asked: QueryDict) -> Origin:
    """What `?forbedring=`, `?steg=` and `?mote=` say; 404 for what is no id."""
    improvement = _key(asked.get("forbedring", ""))
    step = _key(asked.get("steg", "")) if improvement else None
    return Origin(improvement, step, _key(asked.get("mote", "")))


def asking(origin: Origin, **more: str) -> str:
    """A query that `origin_in` reads again, with what else is asked for; "" for nothing."""
    ids = {"forbedring": origin.improvement, "steg": origin.step, "mote": origin.meeting}
    told = {**more, **{name: str(key) for name, key in ids.items() if key is not None}}
    return f"?{urlencode(told)}" if told else ""


def process_of(origin: Origin) -> str:
    """The address of the process, at the step; "" where it comes from none."""
    if origin.improvement is None:
        return ""
    step = f"#steg-{origin.step}" if origin.step else ""
    return reverse("improve:improvement", args=[origin.improvement]) + step


def action_out_of(decision: UUID, unit: str, origin: Origin) -> str:
    """Where an action is written that follows from a decision, and comes from where it comes."""
    return reverse("actions:new", args=[unit]) + asking(origin, beslutning=str(decision))


def meeting_of(origin: Origin) -> str:
    """The address of the meeting; "" where it comes from none."""
    return reverse("meet:meeting", args=[origin.meeting]) if origin.meeting else ""


def _key(written: str) -> UUID | None:
    return key_or_404(written) if written else None
