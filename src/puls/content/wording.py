"""All words of a pack: its own, over those that the packs of its country share, over the country's.

A sentence that every pack says alike stands once, in `countries/<country>/shared/<language>/`. It
belongs to a country because it speaks of what a country has: its municipalities and its registers.
"""

from difflib import get_close_matches
from pathlib import Path

from puls.content.definitions import Country, Pack
from puls.content.reading import load_yaml, only
from puls.content.texts import (
    Wanted,
    Words,
    check_complete,
    flatten,
    read_language,
    wanted_by_country,
    wanted_by_pack,
)
from puls.errors import ContentError

SPARE = (
    "background",
    "level",
    "rubric_level",
    "scale",
    "source",
    "trend",
    "unit",
    "wheel",
)
"""Kinds of shared words of which a pack may leave some unused; it needs all of the others."""


def all_texts(pack: Pack, root: Path, country_root: Path) -> dict[str, Words]:
    """Words by language and dotted key, complete in each. root: of the pack's folder."""
    only(pack.folder / "text", root, pack.languages)
    return {
        language: _texts(pack, language, root, country_root / "countries" / pack.country.key)
        for language in pack.languages
    }


def _texts(pack: Pack, language: str, root: Path, country: Path) -> Words:
    name = f"countries/{country.name}/text/{language}.yaml"
    above = dict(flatten(load_yaml(country / "text" / f"{language}.yaml", name), name))
    by_country = wanted_by_country(pack.country)
    check_complete(name, above, dict.fromkeys(above, name), by_country)
    wanted = wanted_by_pack(pack)
    shared, shared_places = read_language(country / "shared" / language, country.parent.parent)
    _check_shared(shared, shared_places, wanted)
    own, places = read_language(pack.folder / "text" / language, root)
    words = {key: words for key, words in shared.items() if key in wanted} | own
    # A school has another name in each pack, and so may a department.
    renamed = _tiers(pack.country) & own.keys()
    wanted |= dict.fromkeys(renamed, frozenset())
    check_complete(f"{pack.key}/text/{language}", words, shared_places | places, wanted)
    return above | words


def _tiers(country: Country) -> set[str]:
    return {f"tier.{tier}.name" for tier in country.tier_keys}


def _check_shared(words: Words, places: Words, wanted: Wanted) -> None:
    """ContentError for shared words that no pack could use."""
    for key in words:
        kind = key.split(".")[0]
        if key not in wanted and kind not in SPARE:
            near = get_close_matches(key, wanted, n=3)
            raise ContentError(places[key], key, "nothing uses these words", ", ".join(near))
