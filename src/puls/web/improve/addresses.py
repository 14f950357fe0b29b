"""Addresses of pages that a step points at: our own only, and as a release had them."""

from urllib.parse import parse_qsl, urlencode, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from puls import periods
from puls.errors import NotNow
from puls.web.assess import queries as assess

ROOMS = (
    "hvor-er-vi",
    "utvikling",
    "hvordan-henger-det-sammen",
    "utvalg",
    "hva-gjor-vi",
    "indikator",
)
"""The first part of the addresses of pages that show released cells."""


def own_address(written: str) -> str:
    """A page of ours without its host, as the newest release of its school year has it.

    NotNow where it is another page.
    """
    parts = urlsplit(written.strip())
    ours = urlsplit(settings.PULS_ADDRESS)
    if parts.netloc not in ("", ours.netloc) or parts.scheme not in ("", "http", "https"):
        raise NotNow(_("Only pages of Puls itself can be shown here."))
    rooms = [room for room in parts.path.split("/") if room]
    if not parts.path.startswith("/") or not rooms or rooms[0] not in ROOMS:
        raise NotNow(_("This is no page that shows numbers: copy the address of such a one."))
    query = dict(parse_qsl(parts.query))
    release = _release(rooms)
    if release is not None:
        query.setdefault("per", str(release))
    return f"/{'/'.join(rooms)}/" + (f"?{urlencode(query)}" if query else "")


def _release(rooms: list[str]) -> int | None:
    """The newest release of the school year that an address names."""
    for room in rooms:
        try:
            period = periods.parse(room)
        except ValueError:
            continue
        found = assess.releases(period)
        return found[0].id if found else None
    return None
