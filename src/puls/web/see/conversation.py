"""What a team can read and talk about: rubrics, their questions, and what stands out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from puls.content.definitions import Pack, Rubric
from puls.views.highlights import Highlights, Point
from puls.web.see import choices

LEVELS = (1, 2, 3, 4)
"""A rubric has four levels, 4 best."""


@dataclass(frozen=True, slots=True)
class RubricLevel:
    level: int
    word: str
    text: str


@dataclass(frozen=True, slots=True)
class ReadRubric:
    """A rubric in words. levels rise from 1 to 4."""

    key: str
    number: str
    title: str
    levels: tuple[RubricLevel, ...]
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RubricGroup:
    """The rubrics of one quality area."""

    area: str
    name: str
    rubrics: tuple[ReadRubric, ...]


def rubrics(pack: Pack, language: str) -> list[ReadRubric]:
    """All rubrics in the order of their numbers."""
    ordered = sorted(pack.rubrics.values(), key=lambda rubric: rubric.number)
    return [_read(rubric, pack, language) for rubric in ordered]


def rubrics_by_area(pack: Pack, language: str) -> list[RubricGroup]:
    """The rubrics under their quality areas; areas without one are left out."""
    groups = []
    for area in choices.areas(pack):
        found = [each for each in rubrics(pack, language) if pack.rubrics[each.key].area == area]
        if found:
            groups.append(RubricGroup(area, pack.text(language, f"area.{area}.name"), tuple(found)))
    return groups


def frameworks(pack: Pack, language: str) -> list[tuple[str, str]]:
    """The framework plans that the quality areas come from, oldest first: name, and what it is."""
    return [
        (
            pack.text(language, f"framework.{plan.key}.name"),
            pack.text(language, f"framework.{plan.key}.about"),
        )
        for plan in pack.frameworks
    ]


def rubric_scale(pack: Pack, language: str) -> list[RubricLevel]:
    """What the four levels mean in general, the best first."""
    return [
        RubricLevel(
            level,
            pack.text(language, f"rubric_level.{level}.word"),
            pack.text(language, f"rubric_level.{level}.about"),
        )
        for level in reversed(LEVELS)
    ]


def questions(found: Highlights, pack: Pack, language: str) -> list[ReadRubric]:
    """The rubrics whose questions fit what stands out: those of the areas of weak cells.

    Where nothing is clearly weak, the areas of strong and of uncertain cells are looked at in
    turn; an area without rubrics leaves all of them.
    """
    for points in (found.weak, found.uncertain, found.strong):
        fitting = questions_about(points, pack, language)
        if fitting:
            return fitting
    return rubrics(pack, language)


def questions_about(points: Iterable[Point], pack: Pack, language: str) -> list[ReadRubric]:
    """The rubrics of the areas that these cells belong to; none where no area has any."""
    areas = {pack.indicators[point.column.key].area for point in points}
    return [each for each in rubrics(pack, language) if pack.rubrics[each.key].area in areas]


def _read(rubric: Rubric, pack: Pack, language: str) -> ReadRubric:
    start = f"rubric.{rubric.key}"

    def text(end: str) -> str:
        return pack.text(language, f"{start}.{end}")

    asked: Sequence[int] = range(1, rubric.questions + 1)
    return ReadRubric(
        key=rubric.key,
        number=rubric.number,
        title=text("title"),
        levels=tuple(
            RubricLevel(
                level,
                pack.text(language, f"rubric_level.{level}.word"),
                text(f"level_{level}"),
            )
            for level in LEVELS
        ),
        questions=tuple(text(f"question_{n}") for n in asked),
    )
