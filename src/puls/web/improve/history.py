"""The history of an improvement: every change in words, with a way back to each."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from puls.web.answering import Link, page
from puls.web.improve import queries, showing
from puls.web.improve.forms import StepForm
from puls.web.improve.journal import ITSELF, Act
from puls.web.improve.models import Change
from puls.web.improve.states import State, is_written
from puls.web.tenants.access import ReachRequest, reach_required
from puls.web.tenants.permissions import check, place_of

AT_ONCE = 200
ACTS: dict[Act, Promise] = {
    Act.BEGUN: gettext_lazy("began the process"),
    Act.TITLED: gettext_lazy("gave the process another title"),
    Act.ADDED: gettext_lazy("added “%(step)s”"),
    Act.WRITTEN: gettext_lazy("wrote in “%(step)s”"),
    Act.SHIFTED: gettext_lazy("moved “%(step)s”"),
    Act.REMOVED: gettext_lazy("took “%(step)s” off"),
    Act.TIED: gettext_lazy("added something to look at in “%(step)s”"),
    Act.UNTIED: gettext_lazy("took away something to look at in “%(step)s”"),
    Act.DONE: gettext_lazy("marked “%(step)s” as done"),
    Act.NOT_DONE: gettext_lazy("marked “%(step)s” as not done"),
    Act.UNDONE: gettext_lazy("took a change back"),
    Act.RESTORED: gettext_lazy("went back to an earlier version"),
    Act.MOVED: gettext_lazy("moved the process to “%(state)s”"),
    Act.ASIDE: gettext_lazy("wrote at the same time as somebody else in “%(step)s”"),
}


@dataclass(frozen=True, slots=True)
class Text:
    """A field that changed, in words."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Line:
    """A change in words. texts: what stood there before and after, where it was a text."""

    number: int
    who: str
    did: str
    at: datetime
    texts: tuple[Text, ...]
    is_aside: bool


@require_safe
@reach_required
def history(request: ReachRequest, key: UUID) -> HttpResponseBase:
    """Everything that was ever changed, the newest first. For the unit's own people."""
    found = queries.improvement_or_404(key)
    check("improvement_write", request.reach, place_of(found.unit))
    every = list(queries.changes(found)[:AT_ONCE])
    context: dict[str, Any] = {
        "title": _("History"),
        "improvement": found,
        "lines": [told(change) for change in every],
        "newest": every[0].number if every else 0,
        "more": found.number > AT_ONCE,
        "writes": is_written(found.state),
        "trail": [
            Link(_("Processes"), reverse("improve:improvements", args=[found.unit.key])),
            Link(found.title, showing.address(key)),
            Link(_("History")),
        ],
    }
    return page(request, "improve/history.html", context)


def told(change: Change) -> Line:
    """One change in words."""
    return Line(
        change.number,
        change.made_by,
        did(change),
        change.made_at,
        tuple(_texts(change)),
        change.act == Act.ASIDE,
    )


def did(change: Change) -> str:
    """What was done, behind the name of who did it."""
    state = change.after.get(ITSELF, {}).get("state")
    words = {"step": change.subject, "state": showing.STATES[State(state)] if state else ""}
    return str(ACTS[Act(change.act)]) % words


def undo_words(change: Change) -> str:
    """What the button takes back: "Tina wrote in “Reflection”"."""
    return f"{change.made_by} {did(change)}"


def _texts(change: Change) -> Iterator[Text]:
    labels = StepForm().fields
    for key, fields in change.after.items():
        before = change.before.get(key, {})
        if change.act not in (Act.WRITTEN, Act.TITLED, Act.ASIDE):
            return
        for name, value in fields.items():
            yield Text(str(labels[name].label), _plain(before.get(name)), _plain(value))


def _plain(value: Any) -> str:
    return "" if value is None else str(value)
