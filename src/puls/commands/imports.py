"""`puls import`: files in, with a line that says what came of it and what to do next."""

from argparse import Namespace
from typing import TYPE_CHECKING

from puls.commands.opening import open_data

if TYPE_CHECKING:
    from puls.web.collect.importing import Imported

SHOWN = 5
"""So many refused rows are printed; all are in the import's record."""


def register(given: Namespace) -> None:
    open_data(given)
    from puls.web.collect.importing import import_register
    from puls.web.packs import pack

    imported = import_register(given.kind, given.file, pack(), given.synthetic)
    _tell(imported, "figures")
    if imported.new and imported.stored:
        print("Next: puls release")


def answers(given: Namespace) -> None:
    data = open_data(given)
    from puls.web.collect.folders import Folders
    from puls.web.collect.importing import import_answers
    from puls.web.packs import pack

    imported = import_answers(
        given.file, given.survey, given.period, given.unit, pack(), Folders(data), given.synthetic
    )
    _tell(imported, "answers")
    if imported.new:
        print(f"Next, when all answers are in: puls seal {imported.round}")


def _tell(imported: "Imported", what: str) -> None:
    record = imported.record
    table = f"{record.source} {record.table}".strip()
    if not imported.new:
        day = record.imported_at.strftime("%Y-%m-%d")
        print(f"{record.file_name} was imported on {day} already, into {table}. Nothing changed.")
        return
    print(f"{record.file_name}: {imported.stored:,} {what} into {table}.")
    print(f"{record.rows_in:,} rows read, {len(record.rows_refused):,} left out.")
    for where, why in record.rows_refused[:SHOWN]:
        print(f"  {where}: {why}")
    if len(record.rows_refused) > SHOWN:
        print(f"  and {len(record.rows_refused) - SHOWN:,} more, kept with the import")
