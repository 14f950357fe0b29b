"""`puls fetch`: registers over the net, now. Each night a running server does the same."""

from argparse import Namespace

from puls.commands.imports import tell, tell_next
from puls.commands.opening import open_data
from puls.errors import PulsError


def run(given: Namespace) -> None:
    open_data(given)
    from django.conf import settings

    if not settings.PULS_FETCH:
        raise PulsError(
            "No register may be asked over the net yet. Name the hosts that may, for example: "
            "PULS_FETCH=https://data.ssb.no ./puls fetch"
        )
    if fetch(given.table or "", given.dry_run):
        raise PulsError("Not everything could be fetched. What is there stays as it was.")


def fetch(only: str = "", dry: bool = False) -> int:
    """Fetch what has changed and tell of it; give how many tables could not be fetched."""
    from django.conf import settings

    from puls.registers.fetching import Fetcher
    from puls.web.collect.fetching import fetch_all
    from puls.web.packs import pack

    failed = 0
    for each in fetch_all(pack(), Fetcher(settings.PULS_FETCH), only, dry):
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
