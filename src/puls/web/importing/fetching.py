"""Fetching what the pack's sources name, over the net: each table once for each change of it.

A table that its register has not changed since the last import is not fetched again. A register
that is down stops nothing else: it is told, and asked again the next time.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from puls.content.bindings import RegisterBinding
from puls.content.definitions import Pack
from puls.errors import PulsError
from puls.registers import gsi, pxweb, ssb, udir_pages
from puls.registers.fetching import LATER, Fetcher, FetchError
from puls.registers.tables import RegisterTable, together
from puls.units import UnitTree
from puls.web.collect.intake import INTAKE, working
from puls.web.collect.models import ImportRecord
from puls.web.importing.registers import Imported, store_register
from puls.web.tenants.access import as_whole_tree
from puls.web.tenants.queries import unit_tree


@dataclass(frozen=True)
class Fetched:
    """What came of one table: an import, or a sentence why there is none.

    problem: it could not be fetched or read; nothing was changed.
    """

    source: str
    table: str
    imported: Imported | None = None
    unchanged_since: datetime | None = None
    problem: str = ""


def tables(pack: Pack) -> dict[tuple[str, str], list[RegisterBinding]]:
    """The bindings that can be fetched, by source and table: those with an address, and with a
    number (Statistics Norway) or a report page (Udir)."""
    found: dict[tuple[str, str], list[RegisterBinding]] = {}
    for binding in pack.bindings:
        is_known = binding.reader == "ssb" or (binding.reader == "gsi" and binding.report)
        if is_known and binding.address and binding.table:
            found.setdefault((binding.source, binding.table), []).append(binding)
    return found


def fetch_all(pack: Pack, ask: Fetcher, only: str = "", dry: bool = False) -> Iterator[Fetched]:
    """Fetch and import every table that has changed, one by one.

    only: the number of a table; "" for all. PulsError when no source has it.
    dry: fetch, compare and keep nothing.
    """
    known = {key: bindings for key, bindings in tables(pack).items() if only in ("", key[1])}
    if not known:
        numbers = ", ".join(table for _, table in tables(pack)) or "none"
        raise PulsError(f"No source of the pack has a table '{only}' with an address: {numbers}")
    for (source, table), bindings in known.items():
        fetch = _fetch if bindings[0].reader == "ssb" else _fetch_page
        try:
            yield fetch(source, table, bindings, ask, dry)
        except PulsError as error:
            yield Fetched(source, table, problem=str(error))


def _fetch(
    source: str, table: str, bindings: Sequence[RegisterBinding], ask: Fetcher, dry: bool
) -> Fetched:
    base = bindings[0].address
    with as_whole_tree(INTAKE):
        tree = unit_tree(INTAKE)
        last = _last_update(source, table)
    with TemporaryDirectory(prefix="puls-fetched-") as made:
        folder = Path(made)
        changed = pxweb.updated(ask, base, table, folder)
        if changed is not None and last is not None and changed <= last:
            return Fetched(source, table, unchanged_since=last)
        files = pxweb.fetch(ask, base, bindings, tree, folder)
        read = _read(base, files, bindings, tree)
        digest = hashlib.sha256()
        for file in files:
            digest.update(file.read_bytes())
    # Nothing of the net happens inside the transaction: a slow register would hold everybody up.
    with working():
        name = f"{base}/tables/{table}"
        return Fetched(source, table, store_register(read, name, digest.hexdigest(), False, dry))


def _fetch_page(
    source: str, table: str, bindings: Sequence[RegisterBinding], ask: Fetcher, dry: bool
) -> Fetched:
    """A table of Udir, which does not say when it was changed: once for each year and version."""
    with as_whole_tree(INTAKE):
        tree = unit_tree(INTAKE)
    with TemporaryDirectory(prefix="puls-fetched-") as made:
        folder = Path(made)
        shown = udir_pages.page(ask, bindings[0].address, bindings[0].report, folder)
        name = shown.name[:255]
        with as_whole_tree(INTAKE):
            known = ImportRecord.objects.using(INTAKE).filter(source=source, file_name=name)
            last = known.order_by("-id").first()
        if last is not None:
            return Fetched(source, table, unchanged_since=last.imported_at)
        file = udir_pages.fetch(ask, shown, folder)
        read = gsi.read(file, bindings, tree)
        checksum = hashlib.sha256(file.read_bytes()).hexdigest()
    with working():
        return Fetched(source, table, store_register(read, name, checksum, False, dry))


def _read(
    base: str, files: Sequence[Path], bindings: Sequence[RegisterBinding], tree: UnitTree
) -> RegisterTable:
    read = [ssb.read(file, bindings, tree) for file in files]
    if len({part.updated for part in read}) > 1:
        problem = "the table was changed while it was being fetched"
        raise FetchError(f"{base}/tables/{read[0].table}", problem, LATER, passing=True)
    return together(read)


def _last_update(source: str, table: str) -> datetime | None:
    """When the register had last changed what was imported last; made-up tables do not count."""
    found = ImportRecord.objects.using(INTAKE).filter(
        source=source, table=table, is_synthetic=False, updated__isnull=False
    )
    newest = found.order_by("-updated").first()
    return newest.updated if newest is not None else None
