"""The thread: indicator, problem, meeting, decision, action, next measurement, and back.

It can be taken up at any of them; what is missing is told, with what to do about it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

from django.http import Http404

from puls.web.actions import queries
from puls.web.actions.notes import ActionNote, DecisionNote, Origin
from puls.web.answering import key_or_404
from puls.web.improve import queries as improve
from puls.web.improve.models import Improvement, Step
from puls.web.improve.ties import TieKind
from puls.web.meet import queries as meet
from puls.web.meet.models import Meeting
from puls.web.packs import pack

Note = TypeVar("Note", DecisionNote, ActionNote)


@dataclass
class Thread:
    """What hangs together, as far as it is written down. All of one unit.

    kind, key: where it was taken up. steps: those of its improvements that state a problem.
    meetings: those that something comes from, or that its improvements called.
    """

    kind: str
    key: str
    unit: str
    indicators: list[str] = field(default_factory=list)
    improvements: list[Improvement] = field(default_factory=list)
    decisions: list[DecisionNote] = field(default_factory=list)
    actions: list[ActionNote] = field(default_factory=list)
    meetings: list[Meeting] = field(default_factory=list)

    @property
    def steps(self) -> list[tuple[Improvement, Step]]:
        """The steps with a problem, in the order of their lines."""
        return [
            (each, step)
            for each in self.improvements
            for step in improve.steps(each.pk)
            if step.problem.strip()
        ]


def taken_up(kind: str, key: str) -> Thread:
    """The thread from one of its beads. 404 for what is not within reach."""
    makers = {
        "indikator": _from_indicator,
        "forbedring": _from_improvement,
        "mote": _from_meeting,
        "beslutning": _from_decision,
        "tiltak": _from_action,
    }
    if kind not in makers:
        raise Http404
    found = makers[kind](key)
    _tie(found)
    return found


def _from_action(key: str) -> Thread:
    action = queries.action_or_404(key_or_404(key))
    found = Thread("tiltak", key, action.unit, actions=[action])
    if action.decision is not None:
        found.decisions = [d for d in queries.decisions(action.unit) if d.id == action.decision]
    return found


def _from_decision(key: str) -> Thread:
    decision = queries.decision_or_404(key_or_404(key))
    actions = queries.actions_of(decision.id)
    return Thread("beslutning", key, decision.unit, decisions=[decision], actions=actions)


def _from_improvement(key: str) -> Thread:
    improvement = improve.improvement_or_404(key_or_404(key))
    origin = Origin(improvement=improvement.pk)
    found = Thread("forbedring", key, improvement.unit_id, improvements=[improvement])
    found.decisions = queries.decisions_from(origin)
    found.actions = _with_those_of_decisions(queries.actions_from(origin), found.decisions)
    return found


def _from_meeting(key: str) -> Thread:
    meeting = meet.meeting_or_404(key_or_404(key))
    origin = Origin(meeting=meeting.pk)
    found = Thread("mote", key, meeting.unit_id, meetings=[meeting])
    found.decisions = queries.decisions_from(origin)
    actions = queries.actions_from(origin)
    if meeting.improvement is not None:
        improvement = improve.improvement(meeting.improvement)
        found.improvements = [improvement] if improvement else []
        # What was written at a step, and in no meeting, follows from all meetings of the process.
        of_process = Origin(improvement=meeting.improvement)
        found.decisions += _of_no_meeting(queries.decisions_from(of_process))
        actions += _of_no_meeting(queries.actions_from(of_process))
    found.actions = _with_those_of_decisions(actions, found.decisions)
    return found


def _of_no_meeting(notes: Iterable[Note]) -> list[Note]:
    return [note for note in notes if note.origin.meeting is None]


def _from_indicator(key: str) -> Thread:
    unit, _, indicator = key.rpartition(".")
    if not unit or indicator not in pack().indicators:
        raise Http404
    found = Thread("indikator", key, unit, indicators=[indicator])
    found.actions = queries.actions_for(unit, indicator)
    found.improvements = improve.about(unit, indicator)
    wanted = {each.decision for each in found.actions}
    found.decisions = [each for each in queries.decisions(unit) if each.id in wanted]
    return found


def _tie(found: Thread) -> None:
    """Add what the beads that are there point to."""
    origins = [each.origin for each in found.decisions]
    origins += [each.origin for each in found.actions]
    known = {each.pk for each in found.improvements}
    for origin in origins:
        if origin.improvement is not None and origin.improvement not in known:
            known.add(origin.improvement)
            improvement = improve.improvement(origin.improvement)
            if improvement is not None:
                found.improvements.append(improvement)
    _tie_meetings(found, [origin.meeting for origin in origins if origin.meeting is not None])
    if found.kind != "indikator":
        aims = [aim.indicator for action in found.actions for aim in action.aims]
        found.indicators = _known([*aims, *_tied(found)])


def _tie_meetings(found: Thread, keys: Iterable[UUID]) -> None:
    """Add the meetings with these ids and those of the improvements, each once, by time."""
    every = {each.pk: each for each in found.meetings}
    for each in found.improvements:
        every |= {meeting.pk: meeting for meeting in meet.meetings(improvement=each.pk)}
    for key in keys:
        meeting = meet.meeting(key)
        if meeting is not None:
            every[key] = meeting
    found.meetings = sorted(every.values(), key=lambda each: (each.starts, str(each.pk)))


def _tied(found: Thread) -> Iterable[str]:
    """The indicators of the unit that its improvements rest on."""
    for each in found.improvements:
        for step in improve.steps(each.pk):
            for tie in step.tied:
                if tie.kind is TieKind.INDICATOR and tie.unit == found.unit:
                    yield tie.indicator


def _known(keys: Iterable[str]) -> list[str]:
    return [key for key in dict.fromkeys(keys) if key in pack().indicators]


def _with_those_of_decisions(
    actions: Sequence[ActionNote], decisions: Sequence[DecisionNote]
) -> list[ActionNote]:
    """The actions and what follows from the decisions, each once."""
    more = (action for each in decisions for action in queries.actions_of(each.id))
    return list({each.id: each for each in (*actions, *more)}.values())
