"""Reading answers in: a file into an open round, whole or not at all, and nobody twice."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from uuid import UUID, uuid4

from django.db import connections

from puls.content.definitions import Pack
from puls.errors import ImportFileError, NotNow, PulsError
from puls.registers import answers
from puls.web.assess.bulk import add_rows
from puls.web.collect import files, sealed, vault
from puls.web.collect.folders import Folders
from puls.web.collect.importing import INTAKE, Imported, operator, working
from puls.web.collect.late import late_below
from puls.web.collect.locks import lock_of, try_alone
from puls.web.collect.models import ImportRecord, Round
from puls.web.collect.rounds import leaves, open_round, round_key, rounds, survey_asked
from puls.web.tenants.queries import unit_tree

ANSWERS = "answers"
"""What answers are called as a source of an import."""


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
        with working():
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
                imported_by=operator(),
            )
            _store_answers(found, key, rows)
            late = late_below(pack, tree, survey.key, period, unit)
    except BaseException:
        # The round was never committed: a key of a round that is not there is only litter.
        if made_key:
            vault.destroy_key(folders.keys, made_key)
        raise
    return Imported(record, new=True, stored=read.frame.height, round=found.key, late_for=late)


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
