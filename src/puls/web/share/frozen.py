"""What of a process or an action goes along: the copy to take up, released values, prerequisites.

Only structure and questions are handed on. Comments, names of those who take part and dates stay
where they are: they were written for one's own.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from puls.cells import Status
from puls.content.definitions import Pack
from puls.content.process_steps import StepKind
from puls.errors import NotNow
from puls.web.actions import queries as actions
from puls.web.actions.notes import ActionNote
from puls.web.actions.planned import Planned, Wanted
from puls.web.actions.services import action_add
from puls.web.assess import lines
from puls.web.assess import queries as assess
from puls.web.improve import queries as improve
from puls.web.improve.chips import chips
from puls.web.improve.models import Step
from puls.web.improve.proposals import Proposed
from puls.web.improve.proposing import from_process
from puls.web.improve.services import improvement_begin
from puls.web.improve.ties import Tie, TieKind
from puls.web.packs import pack
from puls.web.share import queries
from puls.web.share.models import Kind, Practice
from puls.web.tenants.access import Reach
from puls.web.tenants.models import Unit

HANDED_ON = (
    "kind", "title", "problem", "questions", "minutes_alone", "minutes_group", "minutes_together",
)  # fmt: skip
"""Of a step."""


@dataclass(frozen=True)
class Begun:
    """What a draft begins with."""

    title: str
    did: str
    area: str
    rubric: str
    rubric_level: int | None


def begun(unit: Unit, kind: Kind, source: UUID) -> Begun:
    """From what the process or the action says already. NotNow where it is another unit's."""
    if kind is Kind.ACTION:
        return _begun_with_action(unit, source)
    made = improve.improvement_or_404(source)
    if made.unit_id != unit.key:
        raise _elsewhere()
    steps = improve.steps(source)
    ties = [tie for step in steps for tie in step.tied]
    rubric = next((tie.rubric for tie in ties if tie.kind is TieKind.RUBRIC), "")
    told = [f"- **{step.title}**" + (f": {step.problem}" if step.problem else "") for step in steps]
    about = [tie.indicator for tie in ties if tie.kind is TieKind.INDICATOR]
    return Begun(made.title, "\n".join(told), _area(about, rubric), rubric, None)


def freeze(row: Practice, by: Reach, content: Pack) -> None:
    """The copy, the values and the prerequisites as they are now, onto a row that goes out."""
    assert row.source is not None, "only examples have no source, and they are never frozen"
    with override(row.language):
        if row.kind == Kind.ACTION:
            action = actions.action_or_404(row.source)
            row.copy = _copy_of_action(action)
            started = [(a.indicator, a.period or 0, a.release or 0) for a in action.aims]
        else:
            steps = improve.steps(row.source)
            row.copy = {"steps": [_copy_of_step(step) for step in steps]}
            started = [
                (tie.indicator, tie.period, tie.release)
                for step in steps
                for tie in step.tied
                if tie.kind is TieKind.INDICATOR and tie.unit == row.unit_id
            ]
        row.figures = _figures(str(row.unit_id), started, by, content, row.language)
    row.alike = queries.prerequisites(by.tenant_key)


def copied(by: Reach, unit: Unit, row: Practice, who: str) -> UUID:
    """A copy of one's own: a process that is planned, or an action that is proposed. Its id."""
    if row.kind == Kind.PROCESS:
        steps = [Proposed(**{**step, "kind": StepKind(step["kind"])}) for step in row.copy["steps"]]
        template = str(row.copy.get("template", ""))
        return improvement_begin(by, unit, row.title, who, template, steps).pk
    known = [aim for aim in row.copy["aims"] if aim["indicator"] in pack().indicators]
    plan = Planned(
        what=row.copy["what"],
        why=row.copy["why"],
        expected=row.copy["expected"],
        rubric=row.copy["rubric"] if row.copy["rubric"] in pack().rubrics else "",
        rubric_level=row.copy["rubric_level"],
        aims=[Wanted(aim["indicator"], aim["direction"]) for aim in known],
    )
    return action_add(by, unit, plan, written_by=who).pk


def proposed(row: Practice, unit: str) -> list[Proposed]:
    """The steps of a practice, as they would begin at a unit today; an example's from the pack."""
    content = pack()
    process = content.processes.get(row.copy.get("template", ""))
    if process is not None:
        return from_process(process, unit, timezone.localdate(), content, row.language)
    steps = row.copy.get("steps", ())
    return [Proposed(**{**step, "kind": StepKind(step["kind"])}) for step in steps]


def _begun_with_action(unit: Unit, source: UUID) -> Begun:
    action = actions.action_or_404(source)
    if action.unit != unit.key:
        raise _elsewhere()
    area = _area([aim.indicator for aim in action.aims], action.rubric)
    return Begun(action.what, action.why, area, action.rubric, action.rubric_level)


def _area(indicators: Iterable[str], rubric: str) -> str:
    """The quality area that it is most likely about, or ""."""
    content = pack()
    if rubric in content.rubrics:
        return content.rubrics[rubric].area
    known = (content.indicators[key].area for key in indicators if key in content.indicators)
    return next(known, "")


def _copy_of_step(step: Step) -> dict[str, Any]:
    return {name: getattr(step, name) for name in HANDED_ON}


def _copy_of_action(action: ActionNote) -> dict[str, Any]:
    return {
        "what": action.what,
        "why": action.why,
        "expected": action.expected,
        "rubric": action.rubric,
        "rubric_level": action.rubric_level,
        "aims": [{"indicator": aim.indicator, "direction": aim.direction} for aim in action.aims],
    }


def _figures(
    unit: str, started: Iterable[tuple[str, int, int]], by: Reach, content: Pack, language: str
) -> list[dict[str, str]]:
    """Each indicator where it started and where it is now, as far as this reader may see it."""
    ties: list[Tie] = []
    for indicator, period, release in dict.fromkeys(started):
        asked = [(period, release)] if release else []
        shown = [c.period for c in lines.line(unit, indicator) if c.status is Status.SHOWN]
        if shown and shown[-1] != period:
            asked.append((shown[-1], assess.releases(shown[-1])[0].id))
        ties += [Tie(TieKind.INDICATOR, unit, indicator, *each) for each in asked]
    return [
        {
            "name": chip.name,
            "unit": chip.unit,
            "period": chip.period,
            "value": chip.cell.text,
            "word": chip.cell.word,
        }
        for chip in chips(dict.fromkeys(ties), by, content, language)
        if chip.cell.value is not None
    ]


def _elsewhere() -> NotNow:
    return NotNow(_("Only what your own unit has done can be shared from here."))
