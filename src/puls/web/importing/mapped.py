"""Answers from another program's file by a command, with a mapping that was kept on a page."""

from collections.abc import Collection
from pathlib import Path

from puls.content.definitions import Pack, Survey
from puls.errors import ImportFileError
from puls.registers import exported
from puls.registers.mapping import Understood, understand
from puls.registers.sheets import MOST_BYTES
from puls.registers.tables import AnswersTable
from puls.web.collect.folders import Folders
from puls.web.importing import column_maps, files
from puls.web.importing.answers import How, bring_in
from puls.web.importing.registers import Imported


def import_mapped(
    file: Path,
    mapping: str,
    survey_key: str,
    period: int,
    unit: str,
    pack: Pack,
    folders: Folders,
    how: How,
) -> Imported:
    """The file's answers as the kept mapping of this name has them.

    ImportFileError says in which column a value is not understood.
    """
    files.check_file(file)
    with file.open("rb") as opened:
        table = exported.read(file.name, opened.read(MOST_BYTES + 1))
    known = column_maps.known_at(survey_key, period, unit, pack)
    chosen = column_maps.fitting(column_maps.named_at(survey_key, unit, mapping), known)
    read = understand(table, known, chosen)

    def reader(_survey: Survey, _groups: Collection[str]) -> AnswersTable:
        if read.answers is None:
            raise _not_understood(file.name, read)
        return read.answers

    return bring_in(reader, file.name, survey_key, period, unit, pack, folders, how)


def _not_understood(name: str, read: Understood) -> ImportFileError:
    then = "Upload it on the page of the round, where the mapping can be completed."
    for target, seen in read.seen.items():
        if seen.strange and seen.column is not None:
            first = seen.strange[0]
            problem = f"'{first.shown[:40]}' is not understood ({read.strange} such cells)"
            expected = f"values of {target} that the mapping knows"
            where = f"column '{seen.column.name[:40]}'"
            return ImportFileError(name, where, problem, expected, then)
    problem = "no column with the unit or with answers"
    return ImportFileError(name, "row 1", problem, "the mapping's headings", then)
