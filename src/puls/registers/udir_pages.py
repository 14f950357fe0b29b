"""Fetching tables of Udir by the report page that shows them.

Udir says that its addresses "may change without notice". A report page keeps its code, and tells
where its data are now and which choices it shows, the newest school year among them. So the page is
asked first, and never an address that somebody once wrote down.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from puls.registers.fetching import LATER, Fetcher, FetchError
from puls.registers.files import read_json

ROWS = "-12.*.*"
"""The whole country, then counties, then municipalities."""

_ENDPOINT = re.compile(r"rest/v1/Statistikk(?:/[A-Za-z0-9_]+){2,6}/data")
_CHOICE = re.compile(r"[A-Za-z]{1,40}")
UNITS = "EnhetID"


@dataclass(frozen=True)
class Shown:
    """What a page shows now. address: of its data. query: what to ask there.

    name: both in one, which changes when there is another year or another version of the table.
    """

    address: str
    query: dict[str, str]

    @property
    def name(self) -> str:
        return f"{self.address}?filter={self.query['filter']}"


def page(ask: Fetcher, base: str, report: str, folder: Path) -> Shown:
    """What the report page with this code shows. FetchError where it tells nothing that fits."""
    address = f"{base}/rest/v1/Rapportside/{report}"
    content = _json(ask, address, folder)
    own: Any = content.get("rappside") if isinstance(content, dict) else None
    own = own if isinstance(own, dict) else {}
    elements = own.get("rapportElementer")
    first = elements[0] if isinstance(elements, list) and elements else None
    endpoint = first.get("dataEndepunkt") if isinstance(first, dict) else None
    choices = own.get("filterDefaultVerdier")
    if not isinstance(endpoint, str) or not _ENDPOINT.fullmatch(endpoint):
        raise FetchError(address, "the page does not say where its data are", LATER)
    if not isinstance(choices, dict) or not choices:
        raise FetchError(address, "the page does not say what it shows", LATER)
    words = []
    for name, values in choices.items():
        fits = isinstance(values, list) and all(type(each) is int for each in values)
        if not _CHOICE.fullmatch(name) or not fits or len(values) > 100:
            raise FetchError(address, f"the page's choice '{name[:40]}' is odd", LATER)
        if name != UNITS:
            words.append(f"{name}({'_'.join(map(str, values))})")
    query = {"filter": "_".join(sorted(words)), "radSti": ROWS, "inkluderKoder": "true"}
    return Shown(f"{base}/{endpoint}", query)


def fetch(ask: Fetcher, shown: Shown, folder: Path) -> Path:
    """The page's data as a file, for the reader of today's tables."""
    file = folder / "udir.json"
    file.write_bytes(ask.get(shown.address, shown.query).body)
    return file


def _json(ask: Fetcher, address: str, folder: Path) -> Any:
    file = folder / "page.json"
    file.write_bytes(ask.get(address).body)
    try:
        # Real pages have a key twice.
        return read_json(file, "a report page of Udir as JSON", LATER, twice=True)
    finally:
        file.unlink()
