"""The first steps of an improvement: from a process of the pack, from cells somebody picked."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from puls.cells import Status
from puls.content.definitions import Pack
from puls.content.process_steps import Process, StepKind
from puls.web.assess import queries as assess
from puls.web.improve.proposals import Proposed
from puls.web.improve.ties import Tie, TieKind

Cells = Sequence[tuple[str, str]]
"""Units with an indicator each, by key."""


def from_process(
    process: Process, unit: str, first_day: date, content: Pack, language: str, cells: Cells = ()
) -> list[Proposed]:
    """The steps of a process with its words, what is released of its indicators, and its days.

    cells: picked ones; they stand in the first step in place of the process's own indicators.
    """

    def words(number: int, part: str) -> str:
        return content.text(language, f"process.{process.key}.step_{number}.{part}")

    found = []
    for number, step in enumerate(process.steps, start=1):
        own = [(unit, key) for key in step.indicators]
        begins = first_day + timedelta(weeks=step.week)
        found.append(
            Proposed(
                kind=step.kind,
                title=words(number, "title"),
                of_template=number,
                starts=begins,
                ends=begins + timedelta(weeks=step.lasts) if step.lasts else None,
                problem=words(number, "problem") if step.has_problem else "",
                questions="\n".join(
                    words(number, f"question_{asked}") for asked in range(1, step.questions + 1)
                ),
                participants=words(number, "who"),
                minutes_alone=step.minutes_alone,
                minutes_group=step.minutes_group,
                minutes_together=step.minutes_together,
                ties=[
                    *newest_ties(cells if number == 1 and cells else own),
                    *(Tie(TieKind.RUBRIC, rubric=key) for key in step.rubrics),
                ],
            )
        )
    return found


def from_nothing(title: str, first_day: date, cells: Cells = ()) -> list[Proposed]:
    """One step, to look at what was picked, or to begin with."""
    first = Proposed(StepKind.DATA, title, starts=first_day)
    return [replace(first, ties=newest_ties(cells))]


def newest_ties(cells: Iterable[tuple[str, str]]) -> list[Tie]:
    """Each indicator as it is shown newest, frozen at the release of today.

    What nobody may see a number of is left out: a step needs something to look at.
    """
    found = []
    for unit, indicator in cells:
        for period in assess.periods_of(unit, [indicator])[:1]:
            tie = tied(unit, indicator, period)
            if tie is not None:
                found.append(tie)
    return found


def tied(unit: str, indicator: str, period: int, *, shown_only: bool = True) -> Tie | None:
    """An indicator of a school year at its newest release; None where there is none to show."""
    releases = assess.releases(period)
    if not releases:
        return None
    release = releases[0].id
    cells = [*assess.cells([unit], period, release), *assess.pooled([unit], period, release)]
    shown = any(c.indicator == indicator and c.status is Status.SHOWN for c in cells)
    if shown_only and not shown:
        return None
    return Tie(TieKind.INDICATOR, unit=unit, indicator=indicator, period=period, release=release)
