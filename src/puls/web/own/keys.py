"""Keys of own definitions: unlike any of a pack, and of any other administration."""

import re
from hashlib import sha256

from puls.content.own import PREFIX

PLAIN = re.compile(r"[a-z0-9-]{1,30}")
"""Keys of units that can be read in a key of ours; "-" becomes "_", which no such key has."""


def stem(tenant: str, kind: str, number: int) -> str:
    """ "own_no_1149_rubric_1": of all versions of an administration's first rubric."""
    plain = bool(PLAIN.fullmatch(tenant))
    whose = tenant.replace("-", "_") if plain else f"x{sha256(tenant.encode()).hexdigest()[:16]}"
    return f"{PREFIX}{whose}_{kind}_{number}"


def of_version(stem: str, version: int) -> str:
    return f"{stem}_v{version}"
