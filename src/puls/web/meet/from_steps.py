"""An agenda out of a step of a process: what the step rests on, its problem, its questions.

What a team wrote into its step is read by those who see the team's unit. An agenda goes to whoever
is invited, and the people of a unit above invite from everywhere. So in their agenda comes only
what belongs to nobody's process: the values and the rubrics.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from puls.content.definitions import Pack
from puls.views.charts.dialogue_parts import questions as of_pair
from puls.web.improve import queries as improve
from puls.web.improve.models import Step
from puls.web.improve.ties import TieKind
from puls.web.media.texts import plain
from puls.web.meet.freezing import Frozen, frozen, thawed
from puls.web.meet.models import Kind
from puls.web.meet.services import Origin, Thing
from puls.web.tenants.access import Reach
from puls.web.tenants.models import Unit
from puls.web.tenants.names import unit_name


@dataclass(frozen=True)
class Begun:
    """What a meeting begins with. minutes: as long as the step takes, 0 where nobody said.

    left: the unit whose own words stay in its step, "" where they come along.
    """

    title: str
    about: str
    minutes: int
    things: tuple[Thing, ...]
    origin: Origin
    left: str = ""


def begin(reach: Reach, own: Unit, key: UUID, pack: Pack, language: str) -> Begun:
    """The step as an agenda of this unit; 404 outside reach."""
    step = improve.step_or_404(key)
    things = list(_values(reach, step, own.key, pack, language))
    origin = Origin(step.improvement_id, step.pk)
    whose = step.improvement.unit
    if whose.key != own.key:
        left = unit_name(whose, pack, language)
        return Begun("", "", step.minutes, tuple(things), origin, left)
    things.extend(_words(step))
    return Begun(step.title, plain(step.problem), step.minutes, tuple(things), origin)


def about(cell: Frozen, own: str, language: str) -> Thing:
    """A cell for the agenda, under the indicator's name, and the unit's where it is another."""
    told = thawed(cell.words, cell.period, language)
    name = told.point.column.name
    said = f"{told.period}: {told.short}"
    heading = name if cell.unit == own else f"{name}, {told.unit}"
    return Thing(Kind.CELL, heading, cell=cell, said=said)


def questions(
    rubrics: Sequence[str], cells: Sequence[Frozen], pack: Pack, language: str
) -> Iterator[Thing]:
    """The questions that a sheet asks, one item each: about a pair of indicators, of rubrics."""
    keys = list(dict.fromkeys(cell.indicator for cell in cells))
    asked = of_pair(pack, language, keys[0], keys[1]) if rubrics and len(keys) == 2 else ()
    if asked:
        names = [pack.text(language, f"indicator.{key}.name") for key in keys]
        yield _asks(" – ".join(names), asked)
    for key in dict.fromkeys(each for each in rubrics if each in pack.rubrics):
        start, count = f"rubric.{key}", pack.rubrics[key].questions
        told = [pack.text(language, f"{start}.question_{n}") for n in range(1, count + 1)]
        yield _asks(pack.text(language, f"{start}.title"), told)


def _asks(heading: str, asked: Sequence[str]) -> Thing:
    said = ngettext("%(n)s question", "%(n)s questions", len(asked)) % {"n": len(asked)}
    return Thing(Kind.QUESTION, heading, "\n".join(asked), said=said)


def _values(reach: Reach, step: Step, own: str, pack: Pack, language: str) -> Iterator[Thing]:
    for tie in step.tied:
        if tie.kind is TieKind.INDICATOR and tie.indicator in pack.indicators:
            asked = [(tie.unit, tie.indicator)]
            for cell in frozen(reach, asked, tie.period, tie.release or None, pack):
                yield about(cell, own, language)
        if tie.kind is TieKind.RUBRIC and tie.rubric in pack.rubrics:
            title = pack.text(language, f"rubric.{tie.rubric}.title")
            yield Thing(Kind.RUBRIC, title, rubric=tie.rubric)


def _words(step: Step) -> Iterator[Thing]:
    if step.comments:
        yield Thing(Kind.COMMENT, _("Before we talk"), plain(step.comments)[:4_000])
    for question in step.question_list:
        yield Thing(Kind.QUESTION, question[:300])
