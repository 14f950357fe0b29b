"""Processes of a pack: worked examples of how a team gets from what it knows to what is better."""

from collections.abc import Collection
from pathlib import Path

from puls.content.process_steps import Process, ProcessStep, StepKind
from puls.content.reading import Fields, listed, read_folder, same_as_file

MOST_STEPS = 12
MOST_WEEKS = 52
MOST_QUESTIONS = 9
MOST_MINUTES = 240


def processes(
    folder: Path, root: Path, indicators: Collection[str], rubrics: Collection[str]
) -> dict[str, Process]:
    """The processes of a pack's folder, in their order."""
    found = read_folder(
        folder / "processes", root, lambda each, stem: process(each, stem, indicators, rubrics)
    )
    return {each.key: each for each in sorted(found, key=lambda each: each.number)}


def process(
    fields: Fields, stem: str, indicators: Collection[str], rubrics: Collection[str]
) -> Process:
    """A process of one file. Its steps stand in the order of time."""
    key = fields.key("key")
    same_as_file(fields, "key", key, stem)
    number = fields.whole("number", 1, 99)
    rows = fields.rows("steps")
    if not 2 <= len(rows) <= MOST_STEPS:
        raise fields.wrong("steps", f"has {len(rows)}", f"2 to {MOST_STEPS} steps")
    steps: list[ProcessStep] = []
    for row in rows:
        step = _step(row, indicators, rubrics)
        if steps and step.week < steps[-1].week:
            problem = f"is {step.week}, before the step above it"
            raise row.wrong("week", problem, f"{steps[-1].week} or later")
        steps.append(step)
    return Process(key, number, tuple(steps))


def _step(row: Fields, indicators: Collection[str], rubrics: Collection[str]) -> ProcessStep:
    kind = StepKind(row.choice("kind", [kind.value for kind in StepKind]))
    alone, group, together = _minutes(row.fields("minutes")) if row.offers("minutes") else (0, 0, 0)
    made = ProcessStep(
        kind=kind,
        week=row.whole("week", 0, MOST_WEEKS),
        lasts=row.whole("lasts", 1, MOST_WEEKS) if row.offers("lasts") else 0,
        has_problem=row.truth("problem", default=False),
        questions=row.whole("questions", 0, MOST_QUESTIONS),
        minutes_alone=alone,
        minutes_group=group,
        minutes_together=together,
        indicators=_known(row, "indicators", indicators),
        rubrics=_known(row, "rubrics", rubrics),
    )
    row.done()
    return made


def _minutes(fields: Fields) -> tuple[int, int, int]:
    names = ("alone", "group", "together")
    alone, group, together = (
        fields.whole(name, 0, MOST_MINUTES) if fields.offers(name) else 0 for name in names
    )
    fields.done()
    return alone, group, together


def _known(row: Fields, name: str, allowed: Collection[str]) -> tuple[str, ...]:
    found = row.texts(name) if row.offers(name) else ()
    for each in found:
        if each not in allowed:
            raise row.wrong(name, f"'{each}' is unknown", listed(allowed))
    return found
