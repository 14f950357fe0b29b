"""Reading files in: a register's table into figures, a survey's answers into an open round.

Everything of a file comes in, or nothing of it: one transaction, begun after the whole file was
read and found right. The record of what came from where is written in the same one, and is what
tells a second import of the same file that there is nothing to do.
"""

import getpass
import os
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

from django.db import connections

from puls.content.countries import load_population
from puls.content.definitions import Pack
from puls.errors import ImportFileError, NotNow, PulsError
from puls.figures import Figure
from puls.registers import answers, gsi, ssb
from puls.registers.tables import RegisterTable
from puls.units import UnitTree
from puls.web.assess.bulk import add_rows
from puls.web.collect import files, sealed, vault
from puls.web.collect.folders import Folders
from puls.web.collect.late import late_below
from puls.web.collect.locks import lock_of, try_alone
from puls.web.collect.models import ImportRecord, Round
from puls.web.collect.rounds import leaves, open_round, round_key, rounds, survey_asked
from puls.web.tenants.access import as_whole_tree
from puls.web.tenants.queries import unit_tree

INTAKE = "intake"
READERS = {"ssb": ssb.read, "gsi": gsi.read}
LOCK = 7_857_003
"""Number of the advisory lock under which one file is imported at a time."""
ANSWERS = "answers"
"""What answers are called as a source of an import."""


@dataclass(frozen=True)
class Imported:
    """What an import did.

    new: False when the same file had been imported before, so that nothing changed.
    stored: how many figures or answers came in.
    round: key of the round that answers went to, or "".
    late_for: the highest unit that was released without these answers, or "".
    """

    record: ImportRecord
    new: bool
    stored: int
    round: str = ""
    late_for: str = ""


def import_register(
    kind: str,
    file: Path,
    pack: Pack,
    synthetic: bool = False,
    tree: UnitTree | None = None,
) -> Imported:
    """Import a register's table ("ssb", "gsi"). ImportFileError when it is not right.

    tree: of all units, where the caller has just written them; else it is read.
    """
    files.check_file(file)
    with _working():
        table = READERS[kind](file, pack.bindings, tree or unit_tree(INTAKE))
        return store_register(table, file.name, files.checksum(file), synthetic)


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


def import_population(pack: Pack, years: Collection[int] | None = None) -> Imported:
    """Residents, as they come with the country: real figures, also in a demo.

    years: only these; None for all there are. PulsError when the pack asks for no residents.

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
    wanted = set(table["year"]) if years is None else set(years)
    with _working():
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
        return store_register(read, file.name, files.checksum(file), synthetic=False)


def store_register(table: RegisterTable, name: str, checksum: str, synthetic: bool) -> Imported:
    """Keep a register's table, inside a transaction on the whole tree as intake."""
    known = _known(table.source, table.table, checksum)
    if known is not None:
        return Imported(known, new=False, stored=0)
    record = ImportRecord.objects.using(INTAKE).create(
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
        imported_by=_operator(),
    )
    _store_figures(record, table.figures)
    return Imported(record, new=True, stored=len(table.figures))


def import_answers(
    file: Path,
    survey_key: str,
    period: int,
    unit: str,
    pack: Pack,
    folders: Folders,
    synthetic: bool = False,
    *,
    add: bool = False,
    replace: bool = False,
) -> Imported:
    """Import answers into the open round of survey, school year and unit, opened if need be.

    Nobody is counted twice: answers that the round holds already change nothing, however their
    file is spelled, and others are refused (NotNow) once it holds some, unless

    add: they are other people's, or
    replace: they take the place of all that the round holds.

    Other people's answers that come when the round is sealed go to an addition to it. Answers that
    come when a unit above was released without them are counted by a correction (`correcting`).
    """
    made_key, late = "", ""
    files.check_file(file)
    try:
        with _working():
            tree = unit_tree(INTAKE)
            if unit not in tree:
                raise PulsError(f"There is no unit '{unit}'. Its key stands in its page's address.")
            survey = survey_asked(pack, survey_key, period, INTAKE)
            groups = leaves(tree, pack, unit, period)
            if not groups:
                raise PulsError(
                    f"{unit} has no schools or departments in the school year, so nobody could "
                    "answer there. Add them first."
                )
            read = answers.read(file, survey, groups)
            if read.frame.is_empty():
                raise ImportFileError(
                    file.name, "", "nobody answered anything", "a row with answers", "Export again."
                )
            _not_being_sealed(round_key(survey.key, period, unit))
            found, new = open_round(pack, tree, survey, period, unit, synthetic, INTAKE, add)
            _not_being_sealed(found.key)
            if new and found.addition:
                _not_the_same_file(survey.key, period, file.name, read.rows_in)
            if new:
                made_key = found.key
                key = vault.make_key(folders.keys, found.key)
            else:
                key = vault.read_key(folders.keys, found.key)
            rows = sealed.as_rows(read.frame, survey)
            checksum = vault.fingerprint(key, rows)
            earlier = _earlier(found.key)
            same = next((each for each in earlier if each.checksum == checksum), None)
            if same is not None and (len(earlier) == 1 or not replace):
                return Imported(same, new=False, stored=0, round=found.key)
            if earlier and not add and not replace:
                raise NotNow(_holds_already(found.key, earlier))
            if replace:
                _take_out(found.key)
            record = ImportRecord.objects.using(INTAKE).create(
                source=ANSWERS,
                table=found.key,
                label=f"{survey.key} v{survey.version}",
                file_name=file.name,
                checksum=checksum,
                rows_in=read.rows_in,
                rows_refused=[list(each) for each in read.refused],
                is_synthetic=found.is_synthetic,
                imported_by=_operator(),
            )
            _store_answers(found, key, rows)
            late = late_below(pack, tree, survey.key, period, unit)
    except BaseException:
        # The round was never committed: a key of a round that is not there is only litter.
        if made_key:
            vault.destroy_key(folders.keys, made_key)
        raise
    return Imported(record, new=True, stored=read.frame.height, round=found.key, late_for=late)


@contextmanager
def _working() -> Iterator[None]:
    """One transaction on the whole tree in which no other file is imported.

    Otherwise the same file, twice at the same time, would meet itself half-way.
    """
    with as_whole_tree(INTAKE):
        with connections[INTAKE].cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        yield


def _known(source: str, table: str, checksum: str) -> ImportRecord | None:
    found = ImportRecord.objects.using(INTAKE).filter(source=source, table=table, checksum=checksum)
    return found.first()


def _store_figures(record: ImportRecord, figures: Sequence[Figure]) -> None:
    rows = (
        (f.indicator, f.unit, f.period, f.value, f.note, f.provisional, record.pk) for f in figures
    )
    columns = ("indicator", "unit_id", "period", "value", "note", "provisional", "record_id")
    add_rows(INTAKE, "collect_figure", columns, rows)


def _earlier(round_key: str) -> list[ImportRecord]:
    """The imports whose answers the round holds."""
    found = ImportRecord.objects.using(INTAKE).filter(source=ANSWERS, table=round_key)
    return list(found.filter(taken_out=False).order_by("id"))


def _holds_already(round_key: str, earlier: Sequence[ImportRecord]) -> str:
    held = sum(each.rows_in - len(each.rows_refused) for each in earlier)
    last = earlier[-1]
    return (
        f"Round {round_key} holds {held:,} answers already, the last from {last.file_name} on "
        f"{last.imported_at:%Y-%m-%d}. If these are other people's, import them with --add; if "
        "they are to take the place of all those, with --replace. Nothing was changed."
    )


def _not_the_same_file(survey: str, period: int, name: str, rows: int) -> None:
    """NotNow for a file that looks like one whose answers are sealed: these cannot be compared."""
    tables = [each.key for each in rounds(INTAKE, survey=survey, period=period)]
    found = ImportRecord.objects.using(INTAKE).filter(
        source=ANSWERS, table__in=tables, file_name=name, rows_in=rows, taken_out=False
    )
    same = found.order_by("id").first()
    if same is not None:
        raise NotNow(
            f"A file called {name} with {rows:,} rows was imported on {same.imported_at:%Y-%m-%d} "
            f"already, into round {same.table}. If these are other people's answers, give the file "
            "another name."
        )


def _take_out(round_key: str) -> None:
    with connections[INTAKE].cursor() as cursor:
        cursor.execute("SELECT puls_take_out_answers(%s)", [round_key])


def _not_being_sealed(round_key: str) -> None:
    if not try_alone(INTAKE, lock_of(round_key)):
        raise NotNow(f"Round {round_key} is being sealed just now and takes no more answers.")


def _store_answers(found: Round, key: bytes, given: Sequence[tuple[str, bytes]]) -> None:
    def rows() -> Iterable[tuple[UUID, str, bytes]]:
        for leaf, items in given:
            answer = uuid4()
            yield answer, found.key, vault.encrypt(key, found.key, answer, leaf, items)

    add_rows(INTAKE, "collect_answer", ("id", "round_id", "payload"), rows())


def _operator() -> str:
    """Who ran the command, as the system knows them."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"user {os.getuid()}"
