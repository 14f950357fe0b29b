"""`puls import`: files in, with a line that says what came of it and what to do next."""

from argparse import Namespace
from typing import TYPE_CHECKING

from puls import periods
from puls.commands.opening import open_data

if TYPE_CHECKING:
    from puls.web.importing.bordering import Followed
    from puls.web.importing.registers import Imported

SHOWN = 5
"""So many refused rows are printed; all are in the import's record."""


def register(given: Namespace) -> None:
    open_data(given)
    from puls.web.importing.registers import import_register
    from puls.web.packs import pack

    imported = import_register(given.kind, given.file, pack(), given.synthetic, dry=given.dry_run)
    tell(imported, "figures")
    tell_next(imported)


def answers(given: Namespace) -> None:
    data = open_data(given)
    from puls.web.collect.folders import Folders
    from puls.web.importing.answers import How, import_answers
    from puls.web.importing.mapped import import_mapped
    from puls.web.packs import pack

    how = How(given.synthetic, given.add, given.replace, given.dry_run)
    where = given.survey, given.period, given.unit, pack(), Folders(data)
    if given.mapping:
        imported = import_mapped(given.file, given.mapping, *where, how)
    else:
        imported = import_answers(
            given.file, *where, how.synthetic, add=how.add, replace=how.replace, dry=how.dry
        )
    tell(imported, "answers")
    if how.dry:
        return
    if imported.new:
        print(f"Next, when all answers are in: ./puls seal {imported.round}")
    if imported.late_for:
        print(
            f"They came late: {imported.late_for} was released for {periods.slug(given.period)} "
            "without them. After sealing: ./puls release --correct"
        )


def population(given: Namespace) -> None:
    open_data(given)
    from puls.web.importing.registers import import_population
    from puls.web.packs import pack

    imported = import_population(pack(), dry=given.dry_run)
    tell(imported, "figures")
    tell_next(imported)


def borders(given: Namespace) -> None:
    """Mergers, splits and names out of a classification."""
    open_data(given)
    from puls.web.importing.bordering import import_borders
    from puls.web.packs import pack

    tell_borders(import_borders(given.changes, given.codes, pack(), given.above, given.dry_run))


def tell_borders(followed: "Followed") -> None:
    """What was learned of borders, or would be."""
    for sentence in followed.learned:
        print(f"{sentence}.")
    for what, why in followed.news.left:
        print(f"Left as it is: {what} {why}.")
    if followed.news.is_empty:
        print("Nothing is new: the units know all that the lists say.")
        return
    if followed.touched:
        keys = ", ".join(followed.touched)
        print(
            f"Schools in a unit that ends: {keys}. Their answers count where it went; its people "
            "are invited anew there."
        )
    if followed.record is None:
        print("This was a dry run: nothing was kept. Without --dry-run it comes in.")


def schools(given: Namespace) -> None:
    """Schools out of the national register."""
    open_data(given)
    from django.utils import timezone

    from puls.web.importing.schooling import import_schools
    from puls.web.packs import pack

    into = dict(given.into)
    today = timezone.localdate()
    taken = import_schools(given.file, pack(), today, given.owners, into, given.dry_run)
    for sentence in taken.told:
        print(f"{sentence}.")
    for what, why in taken.steps.left[:SHOWN]:
        print(f"  {what}: {why}")
    if len(taken.steps.left) > SHOWN:
        print(f"  and {len(taken.steps.left) - SHOWN:,} more that change nothing")
    if taken.steps.is_empty:
        print("Nothing is new: the units are as the register has them.")
    elif given.dry_run:
        print("This was a dry run: nothing was kept. Without --dry-run it comes in.")


def show(given: Namespace) -> None:
    """All imports, or what one of them left out."""
    open_data(given)
    from puls.web.importing.registers import import_or_error, imports

    if given.refused is not None:
        record = import_or_error(given.refused)
        print(f"{record.file_name}: {len(record.rows_refused):,} of {record.rows_in:,} left out.")
        for where, why in record.rows_refused:
            print(f"  {where}: {why}")
        return
    found = imports()
    for record in found:
        made_up = ", synthetic" if record.is_synthetic else ""
        licence = f", {record.licence}" if record.licence else ""
        print(
            f"{record.pk:>4}  {record.imported_at:%Y-%m-%d %H:%M}  {record.source} {record.table}, "
            f"{record.file_name}{licence}: {record.rows_in:,} rows read, "
            f"{len(record.rows_refused):,} left out{made_up}"
        )
    if not found:
        print("Nothing has been imported yet. Begin with: ./puls import answers FILE ...")


def tell_next(imported: "Imported") -> None:
    """What to do after an import."""
    if imported.new and imported.dry:
        print("This was a dry run: nothing was kept. Without --dry-run it comes in.")
    elif imported.new and imported.stored:
        print("Next: ./puls release")


def tell(imported: "Imported", what: str) -> None:
    """What came of an import. what: of which things it counts."""
    record = imported.record
    table = f"{record.source} {record.table}".strip()
    if not imported.new:
        day = record.imported_at.strftime("%Y-%m-%d")
        print(f"{record.file_name} was imported on {day} already, into {table}. Nothing changed.")
        return
    print(f"{record.file_name}: {imported.stored:,} {what} into {table}.")
    found = imported.difference
    if found is not None:
        print(f"Of these {found.new:,} new, {found.changed:,} changed, {found.same:,} as before.")
    print(f"{record.rows_in:,} rows read, {len(record.rows_refused):,} left out.")
    for where, why in record.rows_refused[:SHOWN]:
        print(f"  {where}: {why}")
    if len(record.rows_refused) > SHOWN:
        print(f"  and {len(record.rows_refused) - SHOWN:,} more, kept with the import")
