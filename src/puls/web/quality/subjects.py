"""What may be described, in words: quality areas, and the indicators and rubrics in them."""

from collections.abc import Collection
from dataclasses import dataclass

from django.http import Http404
from django.urls import reverse

from puls import periods
from puls.content.definitions import Pack, Rubric
from puls.content.order import areas, in_order
from puls.web.quality.models import Kind


@dataclass(frozen=True, slots=True)
class Subject:
    """Something to describe. number: of a rubric, else "". area: key of the one it lies in."""

    kind: Kind
    key: str
    name: str
    area: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class Level:
    """One of the four levels of a rubric. about: what a school on it is like."""

    level: int
    word: str
    about: str


def subject_or_404(kind: str, key: str, pack: Pack, language: str) -> Subject:
    if kind == Kind.AREA and key in areas(pack):
        return Subject(Kind.AREA, key, pack.text(language, f"area.{key}.name"), key)
    if kind == Kind.INDICATOR and key in pack.indicators:
        name = pack.text(language, f"indicator.{key}.name")
        return Subject(Kind.INDICATOR, key, name, pack.indicators[key].area)
    if kind == Kind.RUBRIC and key in pack.rubrics:
        return of_rubric(pack.rubrics[key], pack, language)
    raise Http404


def of_rubric(rubric: Rubric, pack: Pack, language: str) -> Subject:
    name = pack.text(language, f"rubric.{rubric.key}.title")
    return Subject(Kind.RUBRIC, rubric.key, name, rubric.area, rubric.number)


def rubrics(pack: Pack, language: str) -> list[Subject]:
    """The rubrics in force, in the order of their numbers."""
    return [of_rubric(each, pack, language) for each in pack.rubrics_in_force]


def by_area(
    pack: Pack, language: str, kept: Collection[str] = ()
) -> list[tuple[Subject, list[Subject], list[Subject]]]:
    """Every area with its rubrics and its indicators.

    kept: rubrics to name although they are no longer in force, as something was said of them.
    """
    before = [each for each in pack.rubrics.values() if not each.in_force and each.key in kept]
    marked = [*rubrics(pack, language), *(of_rubric(each, pack, language) for each in before)]
    figures = [subject_or_404(Kind.INDICATOR, i.key, pack, language) for i in in_order(pack)]
    return [
        (
            subject_or_404(Kind.AREA, area, pack, language),
            [each for each in marked if each.area == area],
            [each for each in figures if each.area == area],
        )
        for area in areas(pack)
    ]


def levels(rubric: str, pack: Pack, language: str) -> list[Level]:
    """The levels of a rubric, the best first."""
    return [
        Level(
            level,
            pack.text(language, f"rubric_level.{level}.word"),
            pack.text(language, f"rubric.{rubric}.level_{level}"),
        )
        for level in (4, 3, 2, 1)
    ]


def address(unit: str, period: int, subject: Subject, page: str = "subject") -> str:
    """Where a subject of a school year is read ("subject") or written ("write")."""
    where = [unit, periods.slug(period), subject.kind.value, subject.key]
    return reverse(f"quality:{page}", args=where)
