"""`puls fetch`: registers over the net, now. Each night a running server does the same."""

from argparse import Namespace
from typing import TYPE_CHECKING

from puls.commands.imports import tell, tell_borders, tell_next
from puls.commands.opening import open_data
from puls.errors import PulsError

if TYPE_CHECKING:
    from puls.registers.fetching import Fetcher

BORDERS = "borders"
"""Instead of a table: mergers, splits and names."""


def run(given: Namespace) -> None:
    open_data(given)
    from django.conf import settings

    if not settings.PULS_FETCH:
        raise PulsError(
            "No register may be asked over the net yet. Name the hosts that may, for example: "
            "PULS_FETCH=https://data.ssb.no ./puls fetch"
        )
    if given.table == BORDERS:
        _follow_borders(given.dry_run)
        return
    if fetch(given.table or "", given.dry_run):
        raise PulsError("Not everything could be fetched. What is there stays as it was.")


def fetcher() -> "Fetcher":
    """Asks the hosts that the settings name."""
    from django.conf import settings

    from puls.registers.fetching import Fetcher

    return Fetcher(settings.PULS_FETCH)


def _follow_borders(dry: bool) -> None:
    from puls.web.importing.bordering import fetch_borders
    from puls.web.packs import pack

    followed = fetch_borders(pack(), fetcher(), dry)
    if followed is None:
        print("Nothing is new: the units know all mergers, splits and names.")
        return
    tell_borders(followed)


def look_at_borders() -> None:
    """Say what a classification tells that the units do not know; following it is for people."""
    from puls.web.importing.bordering import fetch_borders
    from puls.web.packs import pack

    try:
        followed = fetch_borders(pack(), fetcher(), dry=True)
    except PulsError as error:
        print(f"Mergers and names could not be looked up. {error}")
        return
    if followed is not None and followed.learned:
        for sentence in followed.learned:
            print(f"{sentence}.")
        print("The units do not know this yet. Follow it with: ./puls fetch borders")


def fetch(only: str = "", dry: bool = False) -> int:
    """Fetch what has changed and tell of it; give how many tables could not be fetched."""
    from puls.web.importing.fetching import fetch_all
    from puls.web.packs import pack

    failed = 0
    for each in fetch_all(pack(), fetcher(), only, dry):
        if each.problem:
            failed += 1
            print(f"{each.source} {each.table} was not fetched. {each.problem}")
        elif each.imported is None:
            day = f"{each.unchanged_since:%Y-%m-%d}"
            print(f"{each.source} {each.table}: not changed since {day}, so not fetched.")
        else:
            tell(each.imported, "figures")
            tell_next(each.imported)
    return failed
