"""The journal of an improvement: one writer at a time, and every change kept with what was before.

A change holds by step ("" for the improvement itself) the fields that it changed, before and after.
So nothing that was ever written is lost, undoing is laying `before` on again, and what stood at an
earlier time is found by walking back.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from puls.errors import NotNow
from puls.web.improve.models import Change, Improvement, Step
from puls.web.improve.states import is_written
from puls.web.tenants.access import Reach
from puls.web.tenants.permissions import Place, check

Fields = dict[str, Any]
Places = dict[str, Fields]
"""Fields by id of a step; "" is the improvement itself."""

ITSELF = ""
FIELDS = (
    "position",
    "kind",
    "title",
    "starts",
    "ends",
    "problem",
    "questions",
    "comments",
    "participants",
    "minutes_alone",
    "minutes_group",
    "minutes_together",
    "ties",
    "done",
)
"""What may change of a step."""
DAYS = ("starts", "ends")


class Act(StrEnum):
    """What a change did."""

    BEGUN = "begun"
    TITLED = "titled"
    ADDED = "added"
    WRITTEN = "written"
    SHIFTED = "shifted"
    REMOVED = "removed"
    TIED = "tied"
    UNTIED = "untied"
    DONE = "done"
    NOT_DONE = "not_done"
    UNDONE = "undone"
    RESTORED = "restored"
    MOVED = "moved"
    """To another state."""
    ASIDE = "aside"
    """A text that met another one, written at the same time: kept, and not laid on."""


LAID_ON = frozenset({*Act} - {Act.MOVED, Act.ASIDE, Act.BEGUN})
"""Those that changed texts and steps. A move to another state has a way back of its own."""


def found_or_gone(key: UUID) -> Improvement:
    """An improvement in reach. NotNow with the reason where there is none."""
    found = Improvement.objects.filter(pk=key).first()
    if found is None:
        raise NotNow(_("There is no such process here."))
    return found


def locked(by: Reach, key: UUID, *, whatever_state: bool = False) -> Improvement:
    """The improvement, for this writer alone until the transaction ends.

    NotAllowed, or NotNow where it is finished or put away, unless `whatever_state`.
    """
    found = found_or_gone(key)
    check("improvement_write", by, Place(found.tenant_id, found.path))
    # Whoever waited here reads what the one before wrote.
    held = Improvement.objects.select_for_update().get(pk=key)
    if not whatever_state and not is_written(held.state):
        raise NotNow(_("This process is finished or put away. Take it up again first."))
    return held


def on_the_line(improvement: Improvement) -> list[Step]:
    """The steps in their order, as they are now."""
    found = Step.objects.filter(improvement=improvement, position__isnull=False)
    return list(found.order_by("position"))


def fields_of(step: Step) -> Fields:
    """All that may change of a step, as the journal keeps it."""
    return {name: plain(getattr(step, name)) for name in FIELDS}


def plain(value: Any) -> Any:
    """A value as JSON has it."""
    return value.isoformat() if isinstance(value, date) else value


def record(
    improvement: Improvement,
    act: Act,
    made_by: str,
    before: Mapping[str, Fields] | None = None,
    after: Mapping[str, Fields] | None = None,
    step: Step | None = None,
    undoes: int | None = None,
) -> Change:
    """Write a change down. The improvement is locked, and what `after` says is done already."""
    improvement.number += 1
    improvement.changed_by, improvement.changed_at = made_by, timezone.now()
    improvement.save(update_fields=["number", "changed_by", "changed_at"])
    return Change.objects.create(
        improvement=improvement,
        tenant_id=improvement.tenant_id,
        path=improvement.path,
        depth=improvement.depth,
        number=improvement.number,
        act=act,
        step=step.pk if step else None,
        subject=step.title if step else "",
        before=dict(before or {}),
        after=dict(after or {}),
        undoes=undoes,
        made_by=made_by,
        made_at=improvement.changed_at,
    )


def lay_on(improvement: Improvement, wanted: Mapping[str, Fields]) -> None:
    """Give steps and the improvement itself these fields."""
    for key, fields in wanted.items():
        if key == ITSELF:
            improvement.title = fields["title"]
            improvement.save(update_fields=["title"])
            continue
        step = Step.objects.get(improvement=improvement, pk=key)
        for name, value in fields.items():
            of_a_day = name in DAYS and value is not None
            setattr(step, name, date.fromisoformat(value) if of_a_day else value)
        step.save(update_fields=list(fields))


def walked_back(changes: Iterable[Change]) -> Places:
    """What stood before all these changes, of all that they touched. The newest comes first."""
    found: Places = {}
    for change in changes:
        if change.act in LAID_ON:
            for key, fields in change.before.items():
                found[key] = {**found.get(key, {}), **fields}
    return found


def differences(improvement: Improvement, wanted: Mapping[str, Fields]) -> tuple[Places, Places]:
    """(before, after) of what has to change so that everything is as wanted."""
    before: Places = {}
    after: Places = {}
    steps = {str(step.pk): step for step in Step.objects.filter(improvement=improvement)}
    for key, fields in wanted.items():
        now = {"title": improvement.title} if key == ITSELF else fields_of(steps[key])
        other = {name: value for name, value in fields.items() if now[name] != value}
        if other:
            before[key] = {name: now[name] for name in other}
            after[key] = other
    return before, after
