"""Reading files in: a register's table into figures. Of answers: `answers`.

Everything of a file comes in, or nothing of it: one transaction, begun after the whole file was
read and found right. The record of what came from where is written in the same one, and is what
tells a second import of the same file that there is nothing to do.
"""

import getpass
import os
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from puls.content.countries import load_population
from puls.content.definitions import Pack
from puls.errors import ContentError, PulsError
from puls.figures import Figure
from puls.registers import gsi, ssb
from puls.registers.tables import RegisterTable
from puls.units import UnitTree
from puls.web.assess.bulk import add_rows
from puls.web.collect.intake import INTAKE, working
from puls.web.collect.models import ImportRecord
from puls.web.importing import files
from puls.web.importing.differing import Difference, difference
from puls.web.tenants.access import as_whole_tree
from puls.web.tenants.queries import unit_tree

READERS = {"ssb": ssb.read, "gsi": gsi.read}


@dataclass(frozen=True)
class Imported:
    """What an import did.

    new: False when the same file had been imported before, so that nothing changed.
    stored: how many figures or answers came in.
    round: key of the round that answers went to, or "".
    late_for: the highest unit that was released without these answers, or "".
    difference: of figures, beside those that counted before; None where nothing was compared.
    dry: nothing was kept, and the record is only what it would be.
    """

    record: ImportRecord
    new: bool
    stored: int
    round: str = ""
    late_for: str = ""
    difference: Difference | None = None
    dry: bool = False


def import_register(
    kind: str,
    file: Path,
    pack: Pack,
    synthetic: bool = False,
    tree: UnitTree | None = None,
    dry: bool = False,
) -> Imported:
    """Import a register's table ("ssb", "gsi"). ImportFileError when it is not right.

    tree: of all units, where the caller has just written them; else it is read.
    dry: read and compare everything, and keep nothing.
    """
    files.check_file(file)
    with working():
        table = READERS[kind](file, pack.bindings, tree or unit_tree(INTAKE))
        return store_register(table, file.name, files.checksum(file), synthetic, dry)


def imports() -> list[ImportRecord]:
    """What has been imported, oldest first."""
    with as_whole_tree(INTAKE):
        return list(ImportRecord.objects.using(INTAKE).order_by("id"))


def import_or_error(number: int) -> ImportRecord:
    """The record of one import, by the number that the list shows."""
    with as_whole_tree(INTAKE):
        found = ImportRecord.objects.using(INTAKE).filter(pk=number).first()
    if found is None:
        raise PulsError(f"There is no import {number}. See their numbers with: ./puls import list")
    return found


def import_population(
    pack: Pack, years: Collection[int] | None = None, dry: bool = False
) -> Imported:
    """Residents, as they come with the country: real figures, also in a demo.

    years: only these; None for all there are. PulsError when the pack asks for no residents.
    dry: compare, and keep nothing.

    The table has municipalities on their newest borders; those above are summed here, which
    counts of people allow.
    """
    binding = next((each for each in pack.bindings if each.reader == "population"), None)
    if binding is None:
        raise PulsError(f"The pack {pack.key} has no indicator of residents.")
    root = pack.folder.parent
    file = root / "countries" / pack.country.key / binding.table
    (column, indicator), *_ = binding.cells.items()
    table = load_population(pack.country.key, [root])
    if column not in table.columns:
        problem = f"'{column}' is no column of {file.name}"
        where = f"{pack.key}/sources/{binding.source}.yaml"
        raise ContentError(where, "cells", problem, ", ".join(table.columns[2:]))
    wanted = set(table["year"]) if years is None else set(years)
    with working():
        tree = unit_tree(INTAKE)
        codes = tree.by_code(pack.country.tenant_tier)
        counts: Counter[tuple[str, int]] = Counter()
        for code, year, count in table.select("code", "year", column).iter_rows():
            if year in wanted:
                counts.update({(unit, year): count for unit in tree.lineage(codes[code].key)})
        read = RegisterTable(
            source=binding.source,
            licence=binding.licence,
            table=binding.table,
            label=binding.cadence,
            updated=None,
            selection={binding.time: tuple(str(year) for year in sorted(wanted))},
            notes=("Above the municipalities: their sums.",),
            rows_in=table.height,
            refused=(),
            figures=tuple(
                Figure(indicator, unit, year, float(count))
                for (unit, year), count in counts.items()
            ),
        )
        return store_register(read, file.name, files.checksum(file), False, dry)


def store_register(
    table: RegisterTable, name: str, checksum: str, synthetic: bool, dry: bool = False
) -> Imported:
    """Keep a register's table, inside a transaction on the whole tree as intake.

    dry: only say what would be kept.
    """
    known = _known(table.source, table.table, checksum)
    if known is not None:
        return Imported(known, new=False, stored=0, dry=dry)
    compared = difference(table.figures, INTAKE)
    record = ImportRecord(
        source=table.source,
        table=table.table,
        label=table.label,
        licence=table.licence,
        updated=table.updated,
        selection={name: list(categories) for name, categories in table.selection.items()},
        notes=list(table.notes),
        file_name=name,
        checksum=checksum,
        rows_in=table.rows_in,
        rows_refused=[list(each) for each in table.refused],
        is_synthetic=synthetic,
        imported_by=operator(),
    )
    if not dry:
        record.save(using=INTAKE)
        _store_figures(record, table.figures)
    return Imported(record, new=True, stored=len(table.figures), difference=compared, dry=dry)


def _known(source: str, table: str, checksum: str) -> ImportRecord | None:
    found = ImportRecord.objects.using(INTAKE).filter(source=source, table=table, checksum=checksum)
    return found.first()


def _store_figures(record: ImportRecord, figures: Sequence[Figure]) -> None:
    rows = (
        (f.indicator, f.unit, f.period, f.value, f.note, f.provisional, record.pk) for f in figures
    )
    columns = ("indicator", "unit_id", "period", "value", "note", "provisional", "record_id")
    add_rows(INTAKE, "collect_figure", columns, rows)


def operator() -> str:
    """Who ran the command, as the system knows them."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"user {os.getuid()}"
