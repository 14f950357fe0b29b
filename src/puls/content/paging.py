"""What the pages call things in a pack: `pages.yaml`, words and what stands in their place.

    nb: {skole: barnehage, elever og foresatte: foreldre og ansatte}

The sentences of pages and e-mails are the same for every pack and speak of schools and students. A
word here is replaced wherever a word begins with it, so "skole" is "skolen" and "skoleår" as well;
of two that fit the longer one counts. A capital stays a capital.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from puls.content.reading import Fields, listed, load_yaml

FILE = "pages.yaml"


def page_words(folder: Path, root: Path, languages: Sequence[str]) -> dict[str, dict[str, str]]:
    """Words and their replacements by language; nothing without the file."""
    if not (folder / FILE).is_file():
        return {}
    name = (folder / FILE).relative_to(root).as_posix()
    fields = Fields(load_yaml(folder / FILE, name), name)
    found = {}
    for language in fields.names():
        if language not in languages:
            raise fields.wrong(language, "the pack does not speak it", listed(languages))
        found[language] = fields.words(language)
    return found


def said(sentence: str, words: Mapping[str, str]) -> str:
    """A sentence with the pack's words: "Plasser skolen" -> "Plasser barnehagen"."""
    every = dict(words) | {_capital(old): _capital(new) for old, new in words.items()}
    if not every:
        return sentence
    longest_first = map(re.escape, sorted(every, key=len, reverse=True))
    # What a bracket opens is the name of a gap, as in %(school)s, and stays.
    return re.sub(
        rf"(?<![\w(])(?:{'|'.join(longest_first)})", lambda found: every[found.group()], sentence
    )


def _capital(word: str) -> str:
    return word[0].upper() + word[1:]
