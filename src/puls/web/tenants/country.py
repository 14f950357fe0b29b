"""Bringing a country's own units up to date with the tables that it comes with."""

import hashlib
from collections.abc import Callable
from pathlib import Path

from puls.content.definitions import Pack
from puls.web.packs import since_folder
from puls.web.tenants.access import as_whole_tree
from puls.web.tenants.models import CountryLoad
from puls.web.tenants.tree import units_load

OWNER = "owner"
TABLES = ("units.csv", "changes.csv", "names.csv")
"""The tables that make a country's tree: its own, and what an installation has learned since."""


def country_load(pack: Pack, say: Callable[[str], None]) -> bool:
    """Load what the tables have and the database lacks; False when they are the ones it knows.

    New units and changes are added; names, codes and the days on which units begin and end
    follow the tables. Nothing is ever taken out. Comparing a checksum takes a few milliseconds.
    """
    key, root = pack.country.key, pack.folder.parent
    since = since_folder(key)
    checksum = _checksum(root / "countries" / key, since)
    with as_whole_tree(OWNER):
        known = CountryLoad.objects.using(OWNER).filter(country=key, checksum=checksum)
        if known.exists():
            return False
    from puls.content.countries import load_units

    say("Reading in the country's units")
    tree = load_units(key, [root], since)
    with as_whole_tree(OWNER):
        units_load(tree, using=OWNER)
        CountryLoad.objects.using(OWNER).update_or_create(
            country=key, defaults={"checksum": checksum}
        )
    return True


def _checksum(*folders: Path) -> str:
    digest = hashlib.sha256()
    for folder in folders:
        for name in TABLES:
            # A table that is missing is told by the reader, in its own words.
            file = folder / name
            digest.update(name.encode() + (file.read_bytes() if file.is_file() else b""))
    return digest.hexdigest()
