"""The pack that this installation runs on, loaded once per process."""

import os
from functools import cache

from django.utils.translation import get_language

from puls.content.definitions import Pack
from puls.content.loading import load_pack


@cache
def pack() -> Pack:
    """The pack named by PULS_PACK, "kulturskole" when nothing is said."""
    return load_pack(os.environ.get("PULS_PACK", "kulturskole"))


def language_of(pack: Pack) -> str:
    """The language of the page, as the pack speaks it: its first one where it has no such."""
    asked = (get_language() or "").split("-")[0]
    return asked if asked in pack.languages else pack.languages[0]
