"""What an administration has defined itself, laid beside a pack.

It has the shape of the pack's own files and goes through the same builders: whatever is refused in
a pack is refused here, and whoever reads a pack need not know where a definition comes from.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from puls.content import builders
from puls.content.definitions import Pack, Rubric
from puls.content.order import areas
from puls.content.reading import Fields
from puls.content.texts import Words, check_complete, words_of_rubric
from puls.errors import ContentError

PREFIX = "own_"
"""Begins the keys of everything that is an administration's own, and no key of a pack."""


@dataclass(frozen=True)
class OwnDefinition:
    """A published version of a rubric.

    key: of this very version, so that what was placed on an older one keeps its words.
    body: as a pack's YAML has it. words: by language, then by the last part of the text key
    ("title", "level_1"); what a language lacks is read in the pack's first one.
    """

    key: str
    body: Mapping[str, Any]
    words: Mapping[str, Mapping[str, str]]
    in_force: bool = True


def with_own(pack: Pack, own: Iterable[OwnDefinition]) -> Pack:
    """The pack as the administration's people know it. ContentError as for a pack's files."""
    rubrics = dict(pack.rubrics)
    texts = {language: dict(words) for language, words in pack.texts.items()}
    for each in own:
        rubric, words = read_rubric(pack, each)
        rubrics[rubric.key] = rubric
        for language in pack.languages:
            texts[language] |= words[language]
    return replace(pack, rubrics=rubrics, texts=texts)


def read_rubric(pack: Pack, own: OwnDefinition) -> tuple[Rubric, dict[str, Words]]:
    """The rubric, and its words by language and text key. ContentError."""
    if not own.key.startswith(PREFIX):
        raise ContentError(own.key, "key", f"'{own.key}' is not an own key", f"{PREFIX}...")
    fields = Fields(own.body, own.key)
    made = builders.rubric(fields, own.key, areas(pack))
    fields.done()
    wanted = dict.fromkeys(words_of_rubric(made), frozenset[str]())
    texts = {}
    for language in pack.languages:
        words = {
            f"rubric.{own.key}.{name}": text
            for name, text in filled(pack, own.words, language).items()
        }
        check_complete(own.key, words, dict.fromkeys(words, own.key), wanted)
        texts[language] = words
    return replace(made, in_force=own.in_force), texts


def filled(pack: Pack, words: Mapping[str, Mapping[str, str]], language: str) -> Words:
    """The words of a language, and those of the pack's first one where it has none."""
    first, given = words.get(pack.languages[0], {}), words.get(language, {})
    return {name: given.get(name) or text for name, text in first.items() if text}
