"""An agenda out of a step of a process: what the step rests on, its problem, its questions."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from puls.content.definitions import Pack
from puls.web.improve import queries as improve
from puls.web.improve.models import Step
from puls.web.improve.ties import TieKind
from puls.web.media.texts import plain
from puls.web.meet.freezing import frozen, thawed
from puls.web.meet.models import Kind
from puls.web.meet.services import Origin, Thing
from puls.web.tenants.access import Reach


@dataclass(frozen=True)
class Begun:
    """What a meeting begins with. minutes: as long as the step takes, 0 where nobody said."""

    title: str
    about: str
    minutes: int
    things: tuple[Thing, ...]
    origin: Origin


def begin(reach: Reach, key: UUID, pack: Pack, language: str) -> Begun:
    """The step as an agenda; 404 outside reach."""
    step = improve.step_or_404(key)
    return Begun(
        step.title,
        plain(step.problem),
        step.minutes,
        tuple(_things(reach, step, pack, language)),
        Origin(step.improvement_id, step.pk),
    )


def _things(reach: Reach, step: Step, pack: Pack, language: str) -> Iterator[Thing]:
    for tie in step.tied:
        if tie.kind is TieKind.INDICATOR and tie.indicator in pack.indicators:
            asked = [(tie.unit, tie.indicator)]
            for cell in frozen(reach, asked, tie.period, tie.release or None, pack):
                told = thawed(cell.words, cell.period, language)
                yield Thing(Kind.CELL, told.point.column.name, cell=cell)
        if tie.kind is TieKind.RUBRIC and tie.rubric in pack.rubrics:
            title = pack.text(language, f"rubric.{tie.rubric}.title")
            yield Thing(Kind.RUBRIC, title, rubric=tie.rubric)
    if step.comments:
        yield Thing(Kind.COMMENT, _("Before we talk"), plain(step.comments)[:4_000])
    for question in step.question_list:
        yield Thing(Kind.QUESTION, question[:300])
