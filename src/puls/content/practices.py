"""Examples of good practice that a pack brings along: `<pack>/practice/<key>.yaml`.

    {key: first_talk_with_home, area: organisational_quality, rubric: cooperation_home,
     rubric_level: 1, process: talk_with_home}

Made up, and told in the pack's words under `practice.<key>`.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from puls.content.reading import Fields, read_folder, same_as_file

PARTS = ("title", "summary", "did", "for_whom", "took", "saw", "differently")
"""The words of an example, as a practice has them."""


@dataclass(frozen=True)
class Example:
    """An example of good practice.

    rubric, rubric_level: the rubric it is about and the level it came from; "" and None for none.
    process: the pack's process that whoever takes it up gets a copy of, or "".
    """

    key: str
    area: str
    rubric: str = ""
    rubric_level: int | None = None
    process: str = ""


def examples(
    folder: Path,
    root: Path,
    areas: Collection[str],
    rubrics: Collection[str],
    processes: Collection[str],
) -> dict[str, Example]:
    """The examples of a pack's folder by key."""
    found = read_folder(
        folder / "practice",
        root,
        lambda each, stem: example(each, stem, areas, rubrics, processes),
    )
    return {each.key: each for each in found}


def example(
    fields: Fields,
    stem: str,
    areas: Collection[str],
    rubrics: Collection[str],
    processes: Collection[str],
) -> Example:
    """One example, or ContentError."""
    key = fields.key("key")
    same_as_file(fields, "key", key, stem)
    area = fields.choice("area", areas)
    rubric = fields.choice("rubric", rubrics) if fields.offers("rubric") else ""
    level = fields.whole("rubric_level", 1, 4) if fields.offers("rubric_level") else None
    if level and not rubric:
        raise fields.wrong("rubric_level", "is the level of no rubric", "a rubric beside it")
    process = fields.choice("process", processes) if fields.offers("process") else ""
    return Example(key, area, rubric, level, process)


def words(examples: Iterable[str]) -> list[str]:
    """The text keys that the examples need."""
    return [f"practice.{key}.{part}" for key in examples for part in PARTS]
