"""What a team can read and talk about: rubrics, their questions, and what stands out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from puls.content.definitions import Pack, Rubric
from puls.views.charts.dialogue_parts import questions as of_pair
from puls.views.highlights import Highlights, Point
from puls.web.see import choices
from puls.web.see.answered import Answer

LEVELS = (4, 3, 2, 1)
"""The levels of a rubric, the best first, on every page: one reads first what one works towards,
and pictures of a spread have it on top."""


@dataclass(frozen=True, slots=True)
class RubricLevel:
    level: int
    word: str
    text: str


@dataclass(frozen=True, slots=True)
class ReadRubric:
    """A rubric in words. levels: the best first; without any it is only its questions."""

    key: str
    number: str
    title: str
    levels: tuple[RubricLevel, ...]
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RubricGroup:
    """The rubrics of one quality area, and what was answered in it at the reader's unit."""

    area: str
    name: str
    rubrics: tuple[ReadRubric, ...]
    answers: tuple[Answer, ...] = ()


def rubrics(pack: Pack, language: str) -> list[ReadRubric]:
    """The rubrics in force, in the order of their numbers."""
    return [read(rubric, pack, language) for rubric in pack.rubrics_in_force]


def rubrics_by_area(
    pack: Pack, language: str, answers: Mapping[str, Sequence[Answer]]
) -> list[RubricGroup]:
    """The rubrics under their quality areas, with the answers; areas without one are left out."""
    groups = []
    for area in choices.areas(pack):
        found = [each for each in rubrics(pack, language) if pack.rubrics[each.key].area == area]
        if found:
            name, beside = pack.text(language, f"area.{area}.name"), tuple(answers.get(area, ()))
            groups.append(RubricGroup(area, name, tuple(found), beside))
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
        for level in LEVELS
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
    """The rubrics of the areas that these cells belong to; none where no area has any.

    Before them the questions about a pair, where the cells are of two indicators.
    """
    keys = list(dict.fromkeys(point.column.key for point in points))
    areas = {pack.indicators[key].area for key in keys}
    found = [each for each in rubrics(pack, language) if pack.rubrics[each.key].area in areas]
    asked = of_pair(pack, language, keys[0], keys[1]) if len(keys) == 2 else ()
    if not asked:
        return found
    names = [pack.text(language, f"indicator.{key}.name") for key in keys]
    return [ReadRubric("", "", " – ".join(names), (), asked), *found]


def read(rubric: Rubric, pack: Pack, language: str) -> ReadRubric:
    """One rubric in words, also one that is no longer in force."""
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
