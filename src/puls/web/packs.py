"""The pack that this installation runs on, loaded once per process."""

import os
from functools import cache

from puls.content.definitions import Pack
from puls.content.loading import load_pack


@cache
def pack() -> Pack:
    """The pack named by PULS_PACK, "kulturskole" when nothing is said."""
    return load_pack(os.environ.get("PULS_PACK", "kulturskole"))
