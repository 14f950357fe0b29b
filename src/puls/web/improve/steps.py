"""All writing of single steps: their texts, their order, what they rest on.

by, made_by and errors as in `services`. Two who write at once: whatever only one of them touched is
kept; where both wrote in the same field, the second one's text is kept aside and shown to them
beside the first one's. Nobody's words are written over unseen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from puls.content.process_steps import StepKind
from puls.errors import NotNow
from puls.web.improve import queries
from puls.web.improve.journal import Act, fields_of, locked, on_the_line, plain, record
from puls.web.improve.models import Change, Improvement, Step
from puls.web.improve.proposals import Proposed
from puls.web.improve.services import MOST_STEPS, title_of, too_many
from puls.web.improve.ties import Tie
from puls.web.tenants.access import Reach

LONGEST: Mapping[str, int] = {
    "problem": 1_000,
    "questions": 4_000,
    "comments": 8_000,
    "participants": 300,
}
"""Letters, by field."""
MINUTES = ("minutes_alone", "minutes_group", "minutes_together")
MOST_MINUTES = 600
MOST_TIES = 24
WRITABLE = ("kind", "title", "starts", "ends", *LONGEST, *MINUTES)


@dataclass(frozen=True)
class Clash:
    """A field in which two wrote at once. theirs: what counts now, and who wrote it when."""

    field: str
    mine: Any
    theirs: Any
    by: str
    at: datetime


@dataclass(frozen=True)
class Written:
    """What came of a writing: the fields that are saved, and those that clashed."""

    step: Step
    saved: tuple[str, ...]
    clashes: tuple[Clash, ...]


def step_add(by: Reach, key: UUID, made_by: str, proposed: Proposed, after: int = 0) -> Step:
    """A new step behind the one at the position `after`; 0 puts it last."""
    held = locked(by, key)
    line = on_the_line(held)
    if len(line) >= MOST_STEPS:
        raise too_many()
    step = Step.objects.create(
        improvement=held,
        tenant_id=held.tenant_id,
        path=held.path,
        depth=held.depth,
        **{**proposed.fields, "title": title_of(proposed.title)},
    )
    place = after if 0 < after < len(line) else len(line)
    before, moved = _renumber([*line[:place], step, *line[place:]])
    moved[str(step.pk)] = fields_of(step)
    record(held, Act.ADDED, made_by, before, moved, step)
    return step


def step_write(
    by: Reach, key: UUID, given: Mapping[str, Any], was: Mapping[str, Any], made_by: str
) -> Written:
    """Other texts for a step. was: what the writer had before them, for each field that is given.

    A field that somebody else changed in the meantime is only written where the writer left it
    alone; else it clashes, and the writer's text is kept aside.
    """
    step, held = _locked(by, key)
    given = {name: _checked(name, value) for name, value in given.items()}
    was = {name: _tidy(was[name]) for name in given}
    meant = {name: value for name, value in given.items() if value != was[name]}
    now = {name: getattr(step, name) for name in meant}
    clashing = [n for n in meant if now[n] != was[n] and now[n] != meant[n]]
    changed = {n: v for n, v in meant.items() if n not in clashing and now[n] != v}
    _check_days({**{name: getattr(step, name) for name in ("starts", "ends")}, **changed})
    for name, value in changed.items():
        setattr(step, name, value)
    if changed:
        step.save(update_fields=list(changed))
        before = {str(step.pk): {name: plain(now[name]) for name in changed}}
        after = {str(step.pk): {name: plain(value) for name, value in changed.items()}}
        record(held, Act.WRITTEN, made_by, before, after, step)
    clashes = tuple(_clash(held, step, name, meant[name], now[name]) for name in clashing)
    if clashes:
        _keep_aside(held, step, clashes, made_by)
    return Written(step, tuple(changed), clashes)


def step_shift(by: Reach, key: UUID, position: int, made_by: str) -> Step:
    """To another place on the line; what lies outside becomes its nearest end."""
    step, held = _locked(by, key)
    line = [each for each in on_the_line(held) if each.pk != step.pk]
    place = min(max(position, 1), len(line) + 1) - 1
    before, after = _renumber([*line[:place], step, *line[place:]])
    if after:
        record(held, Act.SHIFTED, made_by, before, after, step)
    return step


def step_remove(by: Reach, key: UUID, made_by: str) -> Step:
    """Off the line. The step itself is kept, with all that hangs on it, and can be had back."""
    step, held = _locked(by, key)
    rest = [each for each in on_the_line(held) if each.pk != step.pk]
    before, after = {str(step.pk): {"position": step.position}}, {str(step.pk): {"position": None}}
    step.position = None
    step.save(update_fields=["position"])
    earlier, moved = _renumber(rest)
    record(held, Act.REMOVED, made_by, {**before, **earlier}, {**after, **moved}, step)
    return step


def step_done(by: Reach, key: UUID, done: bool, made_by: str) -> Step:
    """It has been gone through, or not yet after all."""
    step, held = _locked(by, key)
    if step.done != done:
        step.done = done
        step.save(update_fields=["done"])
        act = Act.DONE if done else Act.NOT_DONE
        key_ = str(step.pk)
        record(held, act, made_by, {key_: {"done": not done}}, {key_: {"done": done}}, step)
    return step


def step_tie(by: Reach, key: UUID, ties: Sequence[Tie], made_by: str) -> Step:
    """Let a step rest on these, too. One that is there already is replaced by the newer."""
    step, held = _locked(by, key)
    new = {tie.is_about: tie for tie in ties}
    kept = [new.pop(tie.is_about, tie) for tie in step.tied]
    return _tied(held, step, [*kept, *new.values()], Act.TIED, made_by)


def step_untie(by: Reach, key: UUID, tie: Tie, made_by: str) -> Step:
    """It no longer rests on this."""
    step, held = _locked(by, key)
    kept = [each for each in step.tied if each.is_about != tie.is_about]
    return _tied(held, step, kept, Act.UNTIED, made_by)


def _tied(held: Improvement, step: Step, ties: Sequence[Tie], act: Act, made_by: str) -> Step:
    if len(ties) > MOST_TIES:
        raise NotNow(_("A step rests on at most %(most)s things.") % {"most": MOST_TIES})
    before, after = step.ties, [tie.kept for tie in ties]
    if before != after:
        step.ties = after
        step.save(update_fields=["ties"])
        key = str(step.pk)
        record(held, act, made_by, {key: {"ties": before}}, {key: {"ties": after}}, step)
    return step


def _locked(by: Reach, key: UUID) -> tuple[Step, Improvement]:
    """The step, and its improvement for this writer alone."""
    found = Step.objects.filter(pk=key).first()
    if found is None:
        raise NotNow(_("There is no such step here."))
    held = locked(by, found.improvement_id)
    step = Step.objects.get(pk=key)
    if step.position is None:
        raise NotNow(_("This step has been taken off in the meantime. “Undo” brings it back."))
    return step, held


def _renumber(line: Sequence[Step]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Give the steps of a line their positions; (before, after) of those that moved."""
    before, after = {}, {}
    for position, step in enumerate(line, start=1):
        if step.position != position:
            before[str(step.pk)] = {"position": step.position}
            after[str(step.pk)] = {"position": position}
            step.position = position
            step.save(update_fields=["position"])
    return before, after


def _tidy(value: Any) -> Any:
    """Texts as they are kept: browsers send line ends of their own."""
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value


def _checked(name: str, value: Any) -> Any:
    """A value as it is kept. NotNow with the reason where it cannot be."""
    assert name in WRITABLE, name
    value = _tidy(value)
    if name == "title":
        return title_of(value)
    if name == "kind" and value not in tuple(StepKind):
        raise NotNow(_("There is no such kind of step."))
    if name in LONGEST and len(value) > LONGEST[name]:
        raise NotNow(_("This text has at most %(most)s letters.") % {"most": LONGEST[name]})
    if name == "participants" and "@" in value:
        raise NotNow(
            _("Write names or groups here, no e-mail addresses. The invitation asks for those.")
        )
    if name in MINUTES and not 0 <= value <= MOST_MINUTES:
        raise NotNow(_("Between 0 and %(most)s minutes.") % {"most": MOST_MINUTES})
    return value


def _check_days(days: Mapping[str, date | None]) -> None:
    starts, ends = days["starts"], days["ends"]
    if ends is not None and (starts is None or ends < starts):
        raise NotNow(_("It cannot end before it begins."))


def _clash(held: Improvement, step: Step, name: str, mine: Any, theirs: Any) -> Clash:
    key = str(step.pk)
    last = next((c for c in queries.changes(held) if name in c.after.get(key, {})), None)
    by, at = (last.made_by, last.made_at) if last else (held.changed_by, held.changed_at)
    return Clash(name, mine, theirs, by, at)


def _keep_aside(held: Improvement, step: Step, clashes: Sequence[Clash], made_by: str) -> None:
    """Texts that met others stand in the journal, once, even if their writer goes away now."""
    key = str(step.pk)
    texts = {each.field: plain(each.mine) for each in clashes}
    earlier = Change.objects.filter(
        improvement=held, act=Act.ASIDE, made_by=made_by, after__contains={key: texts}
    )
    if not earlier.exists():
        record(held, Act.ASIDE, made_by, after={key: texts}, step=step)
