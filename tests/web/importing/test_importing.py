"""What an import does, whole; what a bad file or an accident leaves, nothing."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connections

from puls.content.definitions import Pack
from puls.errors import ImportFileError, NotNow, PulsError
from puls.units import UnitTree
from puls.web.assess.bulk import add_rows
from puls.web.collect import rounds, vault
from puls.web.collect.folders import Folders
from puls.web.collect.models import Answer, Figure, ImportRecord, Round
from puls.web.importing import answers, registers
from puls.web.importing.answers import import_answers
from puls.web.importing.differing import Difference
from puls.web.importing.registers import Imported, import_register
from puls.web.tenants.access import as_whole_tree
from tests.web.inputs import (
    BERGEN,
    DANCE,
    MUSIC,
    PERIOD,
    answers_file,
    kostra_file,
    student,
)

Traces = Callable[[], dict[str, int]]
NOTHING = {"round": 0, "answer": 0, "importrecord": 0, "figure": 0, "file": 0}


def bring_in(file: Path, pack: Pack, folders: Folders, unit: str = "no-1149") -> Imported:
    return import_answers(file, "student", PERIOD, unit, pack, folders)


@pytest.fixture
def file(tmp_path: Path, pack: Pack) -> Path:
    return answers_file(tmp_path, student(pack), {MUSIC: 6, DANCE: 3})


@pytest.mark.usefixtures("places")
class TestAnswers:
    def test_they_come_into_an_open_round_with_a_record(
        self, file: Path, pack: Pack, folders: Folders, traces: Traces
    ) -> None:
        imported = bring_in(file, pack, folders)
        assert (imported.new, imported.stored, imported.round) == (True, 9, "student-2025-no-1149")
        assert traces() == {"round": 1, "answer": 9, "importrecord": 1, "figure": 0, "file": 1}
        with as_whole_tree("assess"):
            opened = Round.objects.using("assess").get()
            record = ImportRecord.objects.using("assess").get()
        assert (opened.state, opened.tenant_id, opened.survey_version) == ("open", "no-1149", 1)
        assert (record.source, record.table, record.rows_in) == ("answers", opened.key, 9)
        assert len(record.checksum) == 64

    def test_stored_they_say_nothing_without_the_key(
        self, file: Path, pack: Pack, folders: Folders
    ) -> None:
        bring_in(file, pack, folders)
        with as_whole_tree("assess"):
            payloads = [bytes(each.payload) for each in Answer.objects.using("assess").all()]
        assert len({len(payload) for payload in payloads}) == 1  # the length tells nothing either
        assert not any(b"karmoy" in payload for payload in payloads)
        key = vault.key_file(folders.keys, "student-2025-no-1149")
        assert key.stat().st_mode & 0o077 == 0

    def test_the_same_file_again_changes_nothing_and_says_so(
        self, file: Path, pack: Pack, folders: Folders, traces: Traces
    ) -> None:
        first = bring_in(file, pack, folders)
        before = traces()
        again = bring_in(file, pack, folders)
        assert (again.new, again.stored, again.record.pk) == (False, 0, first.record.pk)
        assert traces() == before

    @pytest.mark.parametrize(
        ("spoil", "where"),
        [
            (lambda text: text.replace(DANCE, "drama", 1), "row 8"),
            (lambda text: text.replace(",5", ",6", 1), "row 2"),
            (lambda text: text.replace("wellbeing_1", "welbeing_1"), "row 1"),
            (lambda text: text.replace(MUSIC, BERGEN, 1), "row 2"),
            (lambda _: "", ""),
        ],
        ids=["unknown group", "off the scale", "column missing", "foreign group", "empty"],
    )
    def test_a_bad_file_leaves_nothing(
        self,
        spoil: Callable[[str], str],
        where: str,
        file: Path,
        pack: Pack,
        folders: Folders,
        traces: Traces,
    ) -> None:
        file.write_text(spoil(file.read_text()))
        with pytest.raises(ImportFileError) as error:
            bring_in(file, pack, folders)
        assert where in str(error.value)
        assert traces() == NOTHING

    @pytest.mark.parametrize(
        ("module", "step"),
        [
            (vault, "make_key"),
            (answers, "add_rows"),
            (answers, "late_below"),
            (vault, "encrypt"),
            (answers, "operator"),
            (rounds, "tenant_of"),
        ],
    )
    def test_an_accident_at_any_step_leaves_nothing(
        self,
        module: object,
        step: str,
        file: Path,
        pack: Pack,
        folders: Folders,
        traces: Traces,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        with monkeypatch.context() as broken:
            broken.setattr(module, step, _accident)
            with pytest.raises(KeyboardInterrupt):
                bring_in(file, pack, folders)
        assert traces() == NOTHING
        assert bring_in(file, pack, folders).stored == 9  # and it can be done again

    def test_an_accident_after_the_rows_leaves_nothing_either(
        self,
        file: Path,
        pack: Pack,
        folders: Folders,
        traces: Traces,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        def too_late(*given: object) -> None:
            add_rows(*given)  # type: ignore[arg-type]
            raise KeyboardInterrupt

        monkeypatch.setattr(answers, "add_rows", too_late)
        with pytest.raises(KeyboardInterrupt):
            bring_in(file, pack, folders)
        assert traces() == NOTHING

    @pytest.mark.parametrize("unit", ["no", "no-11", "karmoy-kulturskole"])
    def test_nobody_is_asked_the_same_in_two_rounds(
        self, unit: str, file: Path, pack: Pack, folders: Folders
    ) -> None:
        bring_in(file, pack, folders)
        with pytest.raises(NotNow, match="student-2025-no-1149 asks some of the same people"):
            bring_in(file, pack, folders, unit)

    @pytest.mark.parametrize(
        ("survey", "unit", "sentence"),
        [
            ("staff", "no-1149", "no survey 'staff'. The pack kulturskole has: parent, student"),
            ("student", "no-9999", "no unit 'no-9999'"),
            ("student", "no-1154", "no-1154 has no schools or departments"),
        ],
    )
    def test_what_there_is_not_is_said(
        self, survey: str, unit: str, sentence: str, file: Path, pack: Pack, folders: Folders
    ) -> None:
        with pytest.raises(PulsError, match=sentence):
            import_answers(file, survey, PERIOD, unit, pack, folders)

    def test_a_closed_round_refuses_even_a_row_put_in_by_hand(
        self, file: Path, pack: Pack, folders: Folders
    ) -> None:
        key = bring_in(file, pack, folders).round
        with as_whole_tree("assess"):
            Round.objects.using("assess").filter(pk=key).update(state="closed")
        with pytest.raises(Exception, match="takes no more answers"), as_whole_tree("intake"):
            Answer.objects.using("intake").bulk_create([Answer(round_id=key, payload=b"x")])
        with pytest.raises(NotNow, match="is closed and takes no more answers"):
            bring_in(file, pack, folders)


@pytest.mark.usefixtures("places")
class TestRegisters:
    def test_figures_come_in_with_a_record(
        self, tmp_path: Path, pack: Pack, traces: Traces
    ) -> None:
        file = kostra_file(tmp_path, {"EAK": 14.0, "1149": 12.5, "1106": None, "EKG01": 3.0})
        imported = import_register("ssb", file, pack)
        assert (imported.new, imported.stored) == (True, 3)
        record = imported.record
        assert (record.source, record.table, record.licence) == ("kostra", "13135", "CC BY 4.0")
        assert record.selection["KOKkommuneregion0000"] == ["EAK", "1149", "1106", "EKG01"]
        assert [where for where, _ in record.rows_refused] == ["EKG01 EKG01"]
        with as_whole_tree("assess"):
            found = {f.unit_id: (f.value, f.note) for f in Figure.objects.using("assess").all()}
        assert found == {"no": (14.0, ""), "no-1149": (12.5, ""), "no-1106": (None, "..")}

    def test_the_same_file_again_changes_nothing(
        self, tmp_path: Path, pack: Pack, traces: Traces
    ) -> None:
        file = kostra_file(tmp_path, {"1149": 12.5})
        import_register("ssb", file, pack)
        before = traces()
        assert not import_register("ssb", file, pack).new
        assert traces() == before

    def test_a_dry_run_says_all_and_keeps_nothing(
        self, tmp_path: Path, pack: Pack, traces: Traces
    ) -> None:
        file = kostra_file(tmp_path, {"1149": 12.5, "1106": None, "EKG01": 3.0})
        tried = import_register("ssb", file, pack, dry=True)
        assert (tried.new, tried.dry, tried.stored) == (True, True, 2)
        assert tried.difference == Difference(new=2, changed=0, same=0)
        assert [where for where, _ in tried.record.rows_refused] == ["EKG01 EKG01"]
        assert traces() == NOTHING
        done = import_register("ssb", file, pack)
        assert (done.new, done.stored, done.difference) == (True, 2, tried.difference)
        again = import_register("ssb", file, pack, dry=True)
        assert (again.new, again.stored) == (False, 0)

    def test_what_differs_is_counted_beside_what_counts(self, tmp_path: Path, pack: Pack) -> None:
        first = {"EAK": 14.0, "1149": 12.5, "1106": None}
        import_register("ssb", kostra_file(tmp_path, first, "2026-03-15T06:00:00Z"), pack)
        final = kostra_file(tmp_path, {"EAK": 14.0, "1149": 12.75, "1106": 9.0, "4601": 8.0})
        # All four: figures that were provisional in March are final in July.
        assert import_register("ssb", final, pack).difference == Difference(1, 3, 0)
        later = kostra_file(tmp_path, {"1149": 12.75, "1106": 9.5}, "2026-08-01T06:00:00Z")
        assert import_register("ssb", later, pack).difference == Difference(0, 1, 1)

    def test_a_region_nobody_knows_leaves_nothing(
        self, tmp_path: Path, pack: Pack, traces: Traces
    ) -> None:
        file = kostra_file(tmp_path, {"1149": 12.5, "1194": 3.0})
        with pytest.raises(ImportFileError, match="1194"):
            import_register("ssb", file, pack)
        assert traces() == NOTHING

    def test_an_accident_leaves_nothing(
        self, tmp_path: Path, pack: Pack, traces: Traces, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(registers, "add_rows", _accident)
        with pytest.raises(KeyboardInterrupt):
            import_register("ssb", kostra_file(tmp_path, {"1149": 12.5}), pack)
        assert traces() == NOTHING

    @pytest.mark.parametrize(
        ("what", "problem"),
        [
            ("zero", "a device or a pipe"),
            ("pipe", "a device or a pipe"),
            ("folder", "this is a folder"),
            ("huge", "the file has 1,024 MB"),
        ],
    )
    def test_what_would_never_end_is_refused_before_it_is_opened(
        self, what: str, problem: str, tmp_path: Path, pack: Pack, folders: Folders, traces: Traces
    ) -> None:
        path = Path("/dev/zero") if what == "zero" else tmp_path / what
        if what == "pipe":
            os.mkfifo(path)
        elif what == "folder":
            path.mkdir()
        elif what == "huge":
            with path.open("wb") as sparse:
                sparse.truncate(1 << 30)
        for bring in (
            lambda: import_register("ssb", path, pack),
            lambda: bring_in(path, pack, folders),
        ):
            with pytest.raises(ImportFileError, match=problem):
                bring()
        assert traces() == NOTHING

    def test_a_file_that_is_not_there_is_said(self, tmp_path: Path, pack: Pack) -> None:
        with pytest.raises(ImportFileError, match=r"missing\.json"):
            import_register("ssb", tmp_path / "missing.json", pack)


def test_leaf_groups_are_those_with_nothing_below_in_the_school_year(
    places: UnitTree, pack: Pack
) -> None:
    assert rounds.leaves(places, pack, "no-1149", PERIOD) == {MUSIC, DANCE}
    assert rounds.leaves(places, pack, "no-46", PERIOD) == {BERGEN}
    assert rounds.leaves(places, pack, "no-1154", PERIOD) == set()


def _accident(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_connections_are_left_without_a_reach(places: UnitTree) -> None:
    """What a transaction said about its work ends with it: the next one begins closed."""
    with as_whole_tree("assess"):
        pass
    with connections["assess"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM tenants_unit")
        assert cursor.fetchone() == (0,)
