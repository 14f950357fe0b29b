"""All writing of improvements as a whole; `steps` writes single ones.

by: the reach of who writes. made_by: who it is, in words as they shall be read later. NotAllowed
for all who do not work at the unit, NotNow with a sentence where it cannot be done now.
"""

from collections.abc import Sequence
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from puls.errors import NotNow
from puls.web.improve import queries
from puls.web.improve.journal import (
    ITSELF,
    Act,
    differences,
    fields_of,
    lay_on,
    locked,
    record,
    walked_back,
)
from puls.web.improve.models import LONGEST_TITLE, Change, Improvement, Step
from puls.web.improve.proposals import Proposed
from puls.web.improve.states import State, may_follow
from puls.web.tenants.access import Reach
from puls.web.tenants.models import Unit
from puls.web.tenants.permissions import check, place_of

MOST_STEPS = 30
"""A line with more can no longer be read as one."""


def improvement_begin(
    by: Reach,
    unit: Unit,
    title: str,
    made_by: str,
    template: str = "",
    proposed: Sequence[Proposed] = (),
) -> Improvement:
    """A new improvement of the unit, with the steps that are proposed, in their order."""
    check("improvement_write", by, place_of(unit))
    if len(proposed) > MOST_STEPS:
        raise too_many()
    now = timezone.now()
    made = Improvement.objects.create(
        tenant_id=by.tenant_key,
        unit=unit,
        path=unit.path,
        depth=unit.depth,
        title=title_of(title),
        template=template,
        begun_by=made_by,
        begun_at=now,
        changed_by=made_by,
        changed_at=now,
    )
    steps = [
        Step.objects.create(
            improvement=made,
            tenant_id=made.tenant_id,
            path=made.path,
            depth=made.depth,
            position=position,
            **each.fields,
        )
        for position, each in enumerate(proposed, start=1)
    ]
    after = {str(step.pk): fields_of(step) for step in steps}
    record(made, Act.BEGUN, made_by, after={ITSELF: {"title": made.title}, **after})
    return made


def improvement_title(by: Reach, key: UUID, title: str, was: str, made_by: str) -> Improvement:
    """Another title. was: the one that the writer had before them."""
    held = locked(by, key)
    title = title_of(title)
    if title == held.title or title == was.strip():
        return held
    if held.title != was.strip():
        raise NotNow(
            _("%(who)s has called it “%(title)s” in the meantime. Look at it, then write again.")
            % {"who": held.changed_by, "title": held.title}
        )
    before = {ITSELF: {"title": held.title}}
    held.title = title
    held.save(update_fields=["title"])
    record(held, Act.TITLED, made_by, before, {ITSELF: {"title": title}})
    return held


def improvement_move(by: Reach, key: UUID, wanted: str, made_by: str) -> Improvement:
    """To another state of its life, if the table allows it."""
    held = locked(by, key, whatever_state=True)
    if held.state == wanted:
        return held
    if wanted not in tuple(State) or not may_follow(held.state, wanted):
        raise NotNow(_("Somebody has moved this process on in the meantime. Look at it again."))
    before = {ITSELF: {"state": held.state}}
    held.state = wanted
    held.save(update_fields=["state"])
    record(held, Act.MOVED, made_by, before, {ITSELF: {"state": wanted}})
    return held


def undo(by: Reach, key: UUID, number: int, made_by: str) -> Change:
    """Take the last change back, whoever made it.

    number: of the change that the reader was shown as the last one. NotNow where there is a newer
    one by now: nobody takes back what they have not seen.
    """
    held = locked(by, key)
    last = queries.undoable(held)
    if last is None or last.number != number:
        raise NotNow(_("Something else has been changed in the meantime. Look at it first."))
    lay_on(held, last.before)
    step = Step.objects.filter(pk=last.step).first() if last.step else None
    return record(held, Act.UNDONE, made_by, last.after, last.before, step, undoes=last.number)


def restore(by: Reach, key: UUID, number: int, made_by: str) -> Change | None:
    """Everything as it was after change `number`, as a new change: nothing in between is lost.

    None where it is so already.
    """
    held = locked(by, key)
    later = list(queries.changes(held).filter(number__gt=number))
    if number < 1 or number > held.number:
        raise NotNow(_("There is no such version."))
    before, after = differences(held, walked_back(later))
    if not after:
        return None
    lay_on(held, after)
    return record(held, Act.RESTORED, made_by, before, after)


def title_of(written: str) -> str:
    """A title as it is kept. NotNow where it is empty or too long."""
    title = " ".join(written.split())
    if not title:
        raise NotNow(_("It needs a title."))
    if len(title) > LONGEST_TITLE:
        raise NotNow(_("A title has at most %(most)s letters.") % {"most": LONGEST_TITLE})
    return title


def too_many() -> NotNow:
    return NotNow(_("A process has at most %(most)s steps.") % {"most": MOST_STEPS})
