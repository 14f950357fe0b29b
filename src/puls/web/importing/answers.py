"""Reading answers in: a file into an open round, whole or not at all, and nobody twice."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

from django.db import connections

from puls.content.definitions import Pack, Survey
from puls.errors import ImportFileError, NotNow, PulsError
from puls.registers import answers
from puls.registers.tables import AnswersTable
from puls.web.assess.bulk import add_rows
from puls.web.collect import refusals, sealed, vault
from puls.web.collect.folders import Folders
from puls.web.collect.intake import INTAKE, working
from puls.web.collect.late import late_below
from puls.web.collect.locks import lock_of, try_alone
from puls.web.collect.models import ANSWERS, ImportRecord, Plan, Round
from puls.web.collect.refusals import Reason, Untaken
from puls.web.collect.rounds import leaves, open_round, round_key, rounds, survey_asked
from puls.web.importing import files
from puls.web.importing.registers import Imported, operator
from puls.web.tenants.queries import unit_tree

Reader = Callable[[Survey, Collection[str]], AnswersTable]
"""From the survey that was asked and the keys of the units that may answer to the answers."""


class HoldsAlready(NotNow):
    """The round holds other answers, and nobody said whose the new ones are."""

    def __init__(self, sentence: str, held: int) -> None:
        super().__init__(sentence)
        self.held = held


class _Undone(Exception):
    """Nothing was to be kept: leaves the transaction with what would have been done."""

    def __init__(self, done: Imported) -> None:
        super().__init__()
        self.done = done


@dataclass(frozen=True)
class How:
    """How answers come in.

    synthetic: they are made up. add: they are other people's than those that the round holds.
    replace: they take the place of all that the round holds. dry: nothing is kept; only what would
    be done is said. plan: the plan whose round it is, prepared or open. by: who brings them.
    """

    synthetic: bool = False
    add: bool = False
    replace: bool = False
    dry: bool = False
    plan: Plan | None = None
    by: str = ""


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
    dry: bool = False,
) -> Imported:
    """Import answers from a CSV as `registers.answers` has it: see `bring_in`."""
    files.check_file(file)

    def reader(survey: Survey, groups: Collection[str]) -> AnswersTable:
        return answers.read(file, survey, groups)

    how = How(synthetic, add, replace, dry)
    return bring_in(reader, file.name, survey_key, period, unit, pack, folders, how)


def bring_in(
    reader: Reader,
    name: str,
    survey_key: str,
    period: int,
    unit: str,
    pack: Pack,
    folders: Folders,
    how: How,
) -> Imported:
    """Answers into the open round of survey, school year and unit, opened if need be.

    Nobody is counted twice: answers that the round holds already change nothing, however their
    file is spelled, and others are refused (HoldsAlready) once it holds some, unless `how` says
    that they are other people's, or replace them. Answers with codes are never replaced (Untaken).

    Other people's answers that come when the round is sealed go to an addition to it. Answers that
    come when a unit above was released without them are counted by a correction
    (`releasing.correcting`).
    """
    made_key, late = "", ""
    try:
        with working():
            tree = unit_tree(INTAKE)
            if unit not in tree:
                raise PulsError(f"There is no unit '{unit}'. Its key stands in its page's address.")
            survey = _survey(pack, survey_key, period, how.plan)
            groups = leaves(tree, pack, unit, period)
            if not groups:
                raise Untaken(
                    f"{unit} has no schools or departments in the school year, so nobody could "
                    "answer there. Add them first.",
                    Reason.NO_DEPARTMENTS,
                )
            read = reader(survey, groups)
            if read.frame.is_empty():
                raise ImportFileError(
                    name, "", "nobody answered anything", "a row with answers", "Export again."
                )
            _not_being_sealed(round_key(survey.key, period, unit))
            found, new = open_round(
                pack, tree, survey, period, unit, how.synthetic, INTAKE, how.add
            )
            _not_being_sealed(found.key)
            if new and found.addition:
                _not_the_same_file(survey.key, period, name, read.rows_in)
            if new:
                made_key = found.key
                key = vault.make_key(folders.keys, found.key)
            else:
                key = vault.read_key(folders.keys, found.key)
            if how.plan is not None and how.plan.round_id is None:
                of_plan = Plan.objects.using(INTAKE).filter(pk=how.plan.pk)
                if not of_plan.update(round=found):
                    raise NotNow(refusals.given_up())
            rows = sealed.as_rows(read.frame, survey)
            checksum = vault.fingerprint(key, rows)
            earlier = _earlier(found.key)
            same = next((each for each in earlier if each.checksum == checksum), None)
            if same is not None and (len(earlier) == 1 or not how.replace):
                done = Imported(same, new=False, stored=0, round=found.key)
                if how.dry:
                    raise _Undone(done)
                return done
            held = sum(each.rows_in - len(each.rows_refused) for each in earlier)
            if earlier and not how.add and not how.replace:
                raise HoldsAlready(_holds_already(found.key, earlier, held), held)
            if how.replace:
                _take_out(found.key, held)
            record = ImportRecord.objects.using(INTAKE).create(
                source=ANSWERS,
                table=found.key,
                label=f"{survey.key} v{survey.version}",
                file_name=name,
                checksum=checksum,
                rows_in=read.rows_in,
                rows_refused=[list(each) for each in read.refused],
                is_synthetic=found.is_synthetic,
                imported_by=how.by or operator(),
            )
            late = late_below(pack, tree, survey.key, period, unit)
            stored = read.frame.height
            done = Imported(record, True, stored, round=found.key, late_for=late)
            if how.dry:
                raise _Undone(done)
            _store_answers(found, key, rows)
    except _Undone as undone:
        if made_key:
            vault.destroy_key(folders.keys, made_key)
        return undone.done
    except BaseException:
        # The round was never committed: a key of a round that is not there is only litter.
        if made_key:
            vault.destroy_key(folders.keys, made_key)
        raise
    return done


def _survey(pack: Pack, key: str, period: int, plan: Plan | None) -> Survey:
    """In the version that the plan asks, or that others ask in the school year."""
    if plan is not None:
        return pack.surveys[plan.survey, plan.survey_version]
    return survey_asked(pack, key, period, INTAKE)


def _earlier(round_key: str) -> list[ImportRecord]:
    """The imports whose answers the round holds."""
    found = ImportRecord.objects.using(INTAKE).filter(source=ANSWERS, table=round_key)
    return list(found.filter(taken_out=False).order_by("id"))


def _holds_already(round_key: str, earlier: Sequence[ImportRecord], held: int) -> str:
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
        raise Untaken(
            f"A file called {name} with {rows:,} rows was imported on {same.imported_at:%Y-%m-%d} "
            f"already, into round {same.table}. If these are other people's answers, give the file "
            "another name.",
            Reason.SAME_FILE,
        )


def _take_out(round_key: str, held: int) -> None:
    """Those of files, which are all that may go: whoever answered with a code cannot do so again.

    held: how many came from files. Untaken where there are more.
    """
    with connections[INTAKE].cursor() as cursor:
        cursor.execute("SELECT puls_take_out_answers(%s)", [round_key])
        (taken,) = cursor.fetchone()
    if taken != held:
        raise Untaken(
            f"Round {round_key} also holds answers that were given with codes, and these cannot be "
            "replaced. If those of the file are other people's, import them with --add. Nothing "
            "was changed.",
            Reason.CODES,
        )


def _not_being_sealed(round_key: str) -> None:
    if not try_alone(INTAKE, lock_of(round_key)):
        raise Untaken(
            f"Round {round_key} is being sealed just now and takes no more answers.",
            Reason.BEING_SEALED,
        )


def _store_answers(found: Round, key: bytes, given: Sequence[tuple[str, bytes]]) -> None:
    def rows() -> Iterable[tuple[UUID, str, bytes]]:
        for leaf, items in given:
            answer = uuid4()
            payload = vault.encrypt(key, found.key, answer, leaf, items, from_file=True)
            yield answer, found.key, payload

    add_rows(INTAKE, "collect_answer", ("id", "round_id", "payload"), rows())
