"""A rubric between its form and its row, and what it lacks before it can be used."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from puls.content.definitions import Pack
from puls.content.order import areas
from puls.content.own import OwnDefinition, filled, read_rubric
from puls.errors import ContentError
from puls.web.own.lacking import Lack, Written

LEVELS = (1, 2, 3, 4)
MOST_QUESTIONS = 5
LONGEST = {"title": 120, "level": 800, "question": 300}
"""Letters of each part."""
PARTS = (
    "title",
    *(f"level_{number}" for number in LEVELS),
    *(f"question_{number}" for number in range(1, MOST_QUESTIONS + 1)),
)


def written(given: Mapping[str, str], languages: tuple[str, ...]) -> Written:
    """From a form's fields "title_nb", "level_1_nb", "question_1_nb" ... and "area".

    Questions move up where one before them was left empty, in all languages alike.
    """
    words = {
        language: {part: given.get(f"{part}_{language}", "").strip() for part in PARTS}
        for language in languages
    }
    asked = [f"question_{number}" for number in range(1, MOST_QUESTIONS + 1)]
    used = [part for part in asked if any(words[language][part] for language in languages)]
    for language in languages:
        kept = [words[language][part] for part in used]
        words[language] |= dict.fromkeys(asked, "") | dict(zip(asked, kept, strict=False))
        words[language] = {part: text for part, text in words[language].items() if text}
    return Written({"area": given.get("area", ""), "questions": len(used)}, words)


def form_values(body: Mapping[str, Any], words: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """The other way round: what the form begins with."""
    found = {
        f"{part}_{language}": text for language, of in words.items() for part, text in of.items()
    }
    return {"area": str(body.get("area", "")), **found}


def part_name(part: str) -> str:
    """What a part is called beside its field."""
    if part == "title":
        return _("Title")
    kind, _under, number = part.partition("_")
    if kind == "level":
        return _("Level %(n)s") % {"n": number}
    return _("Question %(n)s") % {"n": number}


def lacks(pack: Pack, own: OwnDefinition) -> list[Lack]:
    """What keeps a rubric from being used, in the order of its form; last what the pack says."""
    first = pack.languages[0]
    there = own.words.get(first, {})
    found = []
    if own.body.get("area") not in areas(pack):
        found.append(Lack("area", _("Choose the quality area that it is about.")))
    asked = range(1, max(int(own.body.get("questions", 0)), 1) + 1)
    for part in ("title", *(f"level_{n}" for n in LEVELS), *(f"question_{n}" for n in asked)):
        if not there.get(part):
            told = _("Write something under “%(part)s”.") % {"part": part_name(part)}
            found.append(Lack(f"{part}_{first}", told))
    if not found:
        try:
            read_rubric(pack, own)
        except ContentError as problem:
            part = problem.key.rpartition(".")[2]
            found.append(Lack(f"{part}_{first}" if part in PARTS else "area", str(problem)))
    return found


def title_of(pack: Pack, words: Mapping[str, Mapping[str, str]]) -> str:
    """Of a rubric, or the name of a survey."""
    said = filled(pack, words, pack.languages[0])
    return said.get("title") or said.get("name", "")


def plain(words: Mapping[str, Mapping[str, str]], language: str) -> str:
    """All words of a language, to search in."""
    return "\n".join(words.get(language, {}).values())
