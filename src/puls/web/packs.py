"""The pack that this installation runs on and its country, loaded once per process."""

import os
from functools import cache, lru_cache
from pathlib import Path

from django.utils.translation import get_language

from puls.content.definitions import Pack
from puls.content.loading import load_pack
from puls.units import UnitTree
from puls.web.database import data_folder


@cache
def pack() -> Pack:
    """The pack named by PULS_PACK, "kulturskole" when nothing is said."""
    return load_pack(os.environ.get("PULS_PACK", "kulturskole"))


def since_folder(country: str) -> Path:
    """Where this installation keeps what it has learned of a country since its tables were made."""
    return data_folder() / "countries" / country


def country_units() -> UnitTree:
    """The country's own units, as everybody may know them: no schools, nobody's data."""
    since = since_folder(pack().country.key)
    try:
        made = (since / "units.csv").stat().st_mtime_ns
    except OSError:
        made = 0
    return _units(since, made)


@lru_cache(maxsize=2)
def _units(since: Path, made: int) -> UnitTree:
    """made: when what was learned was written, so that it is read again when there is more."""
    # Reading tables takes longer to import than most pages need.
    from puls.content.countries import load_units

    return load_units(pack().country.key, since=since if made else None)


def language_of(content: Pack) -> str:
    """The language of the reader where the pack speaks it, else the pack's first."""
    language = (get_language() or "").split("-")[0]
    return language if language in content.languages else content.languages[0]


def words(key: str) -> str:
    """The pack's words in the language of the reader."""
    return pack().text(language_of(pack()), key)
