"""An improvement as its pages show it: every word, day and chip ready."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TypeVar
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from puls import periods
from puls.content.definitions import Pack
from puls.content.process_steps import StepKind
from puls.views import numbers
from puls.web.actions import queries as actions
from puls.web.actions.notes import ActionNote, DecisionNote, Origin
from puls.web.improve.chips import Grounds, grounds
from puls.web.improve.forms import KINDS
from puls.web.improve.models import Improvement, Step
from puls.web.improve.queries import current
from puls.web.improve.states import MOVES, State
from puls.web.improve.ties import TieKind
from puls.web.media import queries as media
from puls.web.media.queries import Attachment
from puls.web.media.texts import files_in
from puls.web.tenants.access import Reach

Note = TypeVar("Note", DecisionNote, ActionNote)

STATES: dict[State, Promise] = {
    State.PLANNED: gettext_lazy("Planned"),
    State.UNDER_WAY: gettext_lazy("Under way"),
    State.FINISHED: gettext_lazy("Finished"),
    State.PUT_AWAY: gettext_lazy("Put away"),
}
WAYS: dict[tuple[State, State], Promise] = {
    (State.PLANNED, State.UNDER_WAY): gettext_lazy("Begin"),
    (State.UNDER_WAY, State.FINISHED): gettext_lazy("Finish it"),
    (State.PLANNED, State.PUT_AWAY): gettext_lazy("Put it away"),
    (State.UNDER_WAY, State.PUT_AWAY): gettext_lazy("Put it away"),
    (State.FINISHED, State.UNDER_WAY): gettext_lazy("Take it up again"),
    (State.PUT_AWAY, State.UNDER_WAY): gettext_lazy("Take it up again"),
}
"""What the button for each move of the table is called."""


@dataclass(frozen=True, slots=True)
class Pill:
    """A way of working, and for how many minutes."""

    way: str
    minutes: int


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A step on the line.

    kind: in words, "" for own steps. state: "done", "now" (the first that is not done) or "ahead".
    when: its days and its minutes in words. how: what the process of the pack says of it, or "".
    meeting: where an invitation is written. write: where a decision or an action of this step is
    written down, "" for steps of other kinds. files: those that its texts link to.
    decisions, actions: what came of it.
    """

    step: Step
    kind: str
    state: str
    when: str
    pills: tuple[Pill, ...]
    grounds: Grounds
    how: str
    meeting: str
    write: str = ""
    files: Sequence[Attachment] = ()
    decisions: Sequence[DecisionNote] = ()
    actions: Sequence[ActionNote] = ()

    @property
    def is_empty(self) -> bool:
        """Nothing of it is written yet."""
        step = self.step
        written = step.problem or step.questions or step.comments
        return not (written or self.grounds or self.decisions or self.actions)


def board(
    of: Improvement, line: Sequence[Step], reach: Reach, content: Pack, language: str
) -> list[ShownStep]:
    """All steps of the line."""
    found = grounds([step.tied for step in line], reach, content, language)
    origin = Origin(improvement=of.pk)
    decisions = actions.decisions_from(origin)
    decided = _by_step(decisions, line, StepKind.DECIDE)
    acted = _by_step(actions.actions_from(origin), line, StepKind.ACT)
    shown = (
        shown_step(of, step, line, rests_on, content, language)
        for step, rests_on in zip(line, found, strict=True)
    )
    files = linked(line)
    return [
        replace(
            each,
            files=files[each.step.pk],
            write=_write(of, each.step, line, decisions),
            decisions=decided[each.step.pk],
            actions=acted[each.step.pk],
        )
        for each in shown
    ]


def linked(line: Sequence[Step]) -> Mapping[UUID, Sequence[Attachment]]:
    """By step, the files that its texts link to, as far as they are there and may be seen."""
    wanted = {step.pk: files_in(step.problem) | files_in(step.comments) for step in line}
    found = media.attachments_by_key(frozenset().union(*wanted.values()))
    return {
        key: sorted((found[file] for file in files if file in found), key=lambda each: each.name)
        for key, files in wanted.items()
    }


def _by_step(
    notes: Iterable[Note], line: Sequence[Step], kind: StepKind
) -> Mapping[UUID, Sequence[Note]]:
    """What came of each step; of none, or of one that was taken off, at the first of this kind."""
    found: dict[UUID, list[Note]] = {step.pk: [] for step in line}
    home = next((step.pk for step in line if step.kind == kind), None)
    for note in notes:
        place = note.origin.step if note.origin.step in found else home
        if place is not None:
            found[place].append(note)
    return found


def shown_step(
    of: Improvement,
    step: Step,
    line: Sequence[Step],
    rests_on: Grounds,
    content: Pack,
    language: str,
) -> ShownStep:
    """One step of a line, without what came of it."""
    at = current(line)
    return ShownStep(
        step=step,
        kind="" if step.kind == StepKind.OWN else str(KINDS[StepKind(step.kind)]),
        state="done" if step.done else "now" if at is not None and step.pk == at.pk else "ahead",
        when=when(step, language),
        pills=pills(step),
        grounds=rests_on,
        how=how(of, step, content, language),
        meeting=_meeting(step, line),
    )


def when(step: Step, language: str) -> str:
    """ "26. jan., 60 min", or as much of it as is known."""
    days = span(step.starts, step.ends, language)
    minutes = _("%(minutes)s min") % {"minutes": step.minutes} if step.minutes else ""
    return ", ".join(part for part in (days, minutes) if part)


def span(starts: date | None, ends: date | None, language: str) -> str:
    """A day, or the first and the last of several; "" where none is set."""
    if starts is None:
        return ""
    year = timezone.localdate().year
    days = [starts] if ends in (None, starts) else [starts, ends]
    return " – ".join(numbers.short_day(day, language, year) for day in days if day)


def ago(at: datetime) -> str:
    """How long ago something was, in words."""
    now = timezone.now()
    if now - at < timedelta(minutes=1):
        return _("just now")
    return _("%(time)s ago") % {"time": timesince(at, now, depth=1)}


def pills(step: Step) -> tuple[Pill, ...]:
    """The ways of working that have minutes."""
    ways = (
        (_("alone"), step.minutes_alone),
        (_("group"), step.minutes_group),
        (_("together"), step.minutes_together),
    )
    return tuple(Pill(way, minutes) for way, minutes in ways if minutes)


def how(of: Improvement, step: Step, content: Pack, language: str) -> str:
    """What the process that it was made from says about this step; "" for own steps."""
    process = content.processes.get(of.template)
    if process is None or not 0 < step.of_template <= len(process.steps):
        return ""
    return content.text(language, f"process.{of.template}.step_{step.of_template}.how")


def template_words(of: Improvement, content: Pack, language: str) -> dict[str, str]:
    """Title and reason of the process that it was made from; empty where it was from nothing."""
    if of.template not in content.processes:
        return {}
    stem = f"process.{of.template}"
    return {part: content.text(language, f"{stem}.{part}") for part in ("title", "about", "why")}


def moves(of: Improvement) -> list[tuple[str, str]]:
    """The states it may go to, each with what its button says."""
    now = State(of.state)
    return [(wanted.value, str(WAYS[now, wanted])) for wanted in MOVES[now]]


def address(key: UUID) -> str:
    return reverse("improve:improvement", args=[key])


def _meeting(step: Step, line: Sequence[Step]) -> str:
    """Where an invitation to this step is written, with what the team looks at taken along."""
    before = line[: (step.position or len(line))]
    ties = [tie for each in before for tie in each.tied if tie.kind is TieKind.INDICATOR]
    asked = {"steg": str(step.pk)}
    if ties:
        newest = max(ties, key=lambda tie: (tie.period, tie.release))
        of_it = [tie for tie in ties if tie.period == newest.period]
        cells = dict.fromkeys(f"{tie.unit}.{tie.indicator}" for tie in of_it)
        asked["valgt"] = ",".join(cells)
        asked |= {"skolear": periods.slug(newest.period), "per": str(newest.release)}
    # Meetings are a room above this one, known by its address only.
    return f"{reverse('meet:new')}?{urlencode(asked, safe=',')}"


def _write(
    of: Improvement, step: Step, line: Sequence[Step], decisions: Sequence[DecisionNote]
) -> str:
    """Where what this step leads to is written down, with where it comes from taken along."""
    asked = {"forbedring": str(of.pk), "steg": str(step.pk)}
    if step.kind == StepKind.DECIDE:
        return f"{reverse('actions:decision_new', args=[of.unit_id])}?{urlencode(asked)}"
    if step.kind != StepKind.ACT:
        return ""
    if len(decisions) == 1 and decisions[0].unit == of.unit_id:
        asked["beslutning"] = str(decisions[0].id)
    indicator = _first_indicator(line, of.unit_id)
    if indicator:
        asked["indikator"] = indicator
    return f"{reverse('actions:new', args=[of.unit_id])}?{urlencode(asked)}"


def _first_indicator(line: Sequence[Step], unit: str) -> str:
    """The first of the unit's indicators that the steps rest on, "" for none."""
    ties = (tie for step in line for tie in step.tied if tie.kind is TieKind.INDICATOR)
    return next((tie.indicator for tie in ties if tie.unit == unit), "")
