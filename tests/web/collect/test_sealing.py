"""Sealing: what is left of the answers, and what an interruption anywhere leaves to do."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext, suppress
from datetime import date
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest
from django.db import connections
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from puls.content.definitions import Pack
from puls.errors import NotNow, PulsError
from puls.web.assess.models import Cell
from puls.web.collect import counting, durable, sealed, sealing, vault
from puls.web.collect.folders import Folders
from puls.web.collect.locks import alone, lock_of
from puls.web.collect.models import Answer, Round
from puls.web.importing.answers import import_answers
from puls.web.releasing.releases import Made, release_round
from puls.web.tenants.access import as_whole_tree
from tests.web.inputs import (
    DANCE,
    MUSIC,
    PERIOD,
    answers,
    answers_file,
    kulturskole,
    student,
)

KEY = "student-2025-no-1149"
TODAY = date(2026, 6, 1)
GROUPS = {MUSIC: 30, DANCE: 7}


class Killed(BaseException):
    """The machine stopped here."""


def seal_and_release(pack: Pack, folders: Folders) -> Made | None:
    """What `puls seal` does."""
    found = sealing.seal(KEY, pack, folders, lambda _: None)
    return release_round(found, pack, folders, TODAY)


@pytest.fixture
def opened(places: None, tmp_path: Path, pack: Pack, folders: Folders) -> str:
    """A round of 37 answers, open."""
    file = answers_file(tmp_path, student(pack), GROUPS)
    return import_answers(file, "student", PERIOD, "no-1149", pack, folders).round


@pytest.mark.usefixtures("opened")
class TestAfterwards:
    def test_the_file_has_leaf_background_and_items_of_everybody_and_nothing_else(
        self, pack: Pack, folders: Folders
    ) -> None:
        sealing.seal(KEY, pack, folders, lambda _: None)
        found = pl.read_parquet(folders.sealed(KEY))
        expected = answers(student(pack), GROUPS)
        assert found.columns == expected.columns
        assert_frame_equal(found, expected, check_row_order=False)

    def test_the_file_says_nothing_of_its_making(self, pack: Pack, folders: Folders) -> None:
        sealing.seal(KEY, pack, folders, lambda _: None)
        meta = pq.ParquetFile(folders.sealed(KEY)).metadata
        assert set(meta.metadata or {}) <= {b"ARROW:schema"}
        first_column = meta.row_group(0).column(0)
        assert not first_column.is_stats_set

    def test_rows_and_key_are_gone_and_the_round_is_sealed(
        self, pack: Pack, folders: Folders
    ) -> None:
        sealing.seal(KEY, pack, folders, lambda _: None)
        with as_whole_tree("assess"):
            assert not Answer.objects.using("assess").exists()
            found = Round.objects.using("assess").get()
        assert (found.state, found.answers) == ("sealed", 37)
        assert list(folders.keys.iterdir()) == []

    def test_sealing_again_does_nothing(self, pack: Pack, folders: Folders) -> None:
        assert seal_and_release(pack, folders) is not None
        before = folders.sealed(KEY).read_bytes()
        assert seal_and_release(pack, folders) is None
        assert folders.sealed(KEY).read_bytes() == before

    def test_more_or_fewer_rows_than_in_the_file_stop_it(
        self, pack: Pack, folders: Folders, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def lossy(rows: list[tuple[str, bytes]], survey: object) -> pl.DataFrame:
            return whole(rows[1:], survey)  # type: ignore[arg-type]

        whole = sealed.read_rows
        monkeypatch.setattr(sealed, "read_rows", lossy)
        with pytest.raises(PulsError, match="has 37 answers and its sealed file 36"):
            sealing.seal(KEY, pack, folders, lambda _: None)
        with as_whole_tree("assess"):
            assert Answer.objects.using("assess").count() == 37

    def test_a_lost_key_is_said(self, pack: Pack, folders: Folders) -> None:
        vault.key_file(folders.keys, KEY).unlink()
        with pytest.raises(PulsError, match=r"The key of round .* is missing"):
            sealing.seal(KEY, pack, folders, lambda _: None)

    def test_a_row_that_was_tampered_with_is_said(self, pack: Pack, folders: Folders) -> None:
        with as_whole_tree("assess"):
            one, other = Answer.objects.using("assess").all()[:2]
        from tests.database import superuser

        with superuser() as connection:  # somebody moves one answer's bytes to another row
            connection.execute(
                "UPDATE collect_answer SET payload = %s WHERE id = %s", [one.payload, other.pk]
            )
        with pytest.raises(PulsError, match="cannot be read with the round's key"):
            sealing.seal(KEY, pack, folders, lambda _: None)


@pytest.mark.parametrize(
    ("module", "step"),
    [
        (sealing, "write"),
        (vault, "read_key"),
        (vault, "decrypt"),
        (sealed, "write"),
        (sealed, "_random_order"),
        (durable, "sync_folder"),
        (sealing, "empty"),
        (sealing.Answer.objects, "using"),
        (sealing.timezone, "now"),
        (vault, "destroy_key"),
        (sealing, "count"),
        (counting, "replacing"),
        (counting.keeping, "write"),
        (counting.scoring, "count_round"),
    ],
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_killed_before_any_step_and_run_again_nothing_is_lost_or_doubled(
    module: object,
    step: str,
    opened: str,
    pack: Pack,
    folders: Folders,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(module, step, _killed)
        with pytest.raises(Killed):
            seal_and_release(pack, folders)
    _finish_and_look(pack, folders)


@pytest.mark.parametrize(
    ("module", "step"),
    [
        (sealing, "close"),
        (sealing, "write"),
        (sealing, "empty"),
        (vault, "destroy_key"),
        (sealing, "count"),
    ],
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_killed_after_any_step_and_run_again_nothing_is_lost_or_doubled(
    module: object,
    step: str,
    opened: str,
    pack: Pack,
    folders: Folders,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole: Callable[..., object] = getattr(module, step)

    def done_and_killed(*given: object, **named: object) -> None:
        whole(*given, **named)
        raise Killed

    with monkeypatch.context() as broken:
        broken.setattr(module, step, done_and_killed)
        with pytest.raises(Killed):
            seal_and_release(pack, folders)
    _finish_and_look(pack, folders)


def _finish_and_look(pack: Pack, folders: Folders) -> None:
    made = seal_and_release(pack, folders)
    assert made is not None
    found = pl.read_parquet(folders.sealed(KEY))
    assert_frame_equal(found, answers(student(pack), GROUPS), check_row_order=False)
    with as_whole_tree("assess"):
        assert not Answer.objects.using("assess").exists()
        cells = Cell.objects.using("assess").filter(unit_id="no-1149")
        assert {cell.n for cell in cells} == {37}
    assert list(folders.keys.iterdir()) == []
    left = {file.name for file in folders.data.rglob("*") if file.is_file()}
    endings = (".parquet", ".npz", ".by-sex.parquet", ".counted.json")
    assert left == {f"{KEY}{ending}" for ending in endings}


def _killed(*_: object, **__: object) -> None:
    raise Killed


def both_seal(pack: Pack, folders: Folders, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Two processes seal the round at once, and would meet in the middle; what each ends with."""

    def met(*given: object) -> int:
        with suppress(threading.BrokenBarrierError):
            middle.wait(timeout=1)
        return whole(*given)  # type: ignore[arg-type]

    def one(_: int) -> str:
        try:
            seal_and_release(pack, folders)
        except Exception as error:
            return repr(error)
        finally:
            connections.close_all()
        return "sealed"

    middle, whole = threading.Barrier(2), sealing.write
    monkeypatch.setattr(sealing, "write", met)
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(one, range(2)))


def test_two_who_seal_at_once_both_find_it_sealed(
    opened: str, pack: Pack, folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert both_seal(pack, folders, monkeypatch) == ["sealed", "sealed"]
    found = pl.read_parquet(folders.sealed(KEY))
    assert_frame_equal(found, answers(student(pack), GROUPS), check_row_order=False)
    assert list(folders.keys.iterdir()) == []


def test_without_the_lock_they_would_not(
    opened: str, pack: Pack, folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "alone", lambda *_: nullcontext())
    assert both_seal(pack, folders, monkeypatch) != ["sealed", "sealed"]


def test_while_it_is_being_sealed_no_answers_come_in(
    opened: str, tmp_path: Path, pack: Pack, folders: Folders
) -> None:
    more = answers_file(tmp_path, student(pack), {DANCE: 2}, "more.csv")
    busy = pytest.raises(NotNow, match="is being sealed just now")
    with alone("assess", lock_of(KEY), lambda: None), busy:
        import_answers(more, "student", PERIOD, "no-1149", pack, folders, add=True)
    assert import_answers(more, "student", PERIOD, "no-1149", pack, folders, add=True).stored == 2


def test_what_a_killed_process_left_half_written_goes(
    opened: str, pack: Pack, folders: Folders
) -> None:
    with durable.replacing(folders.sealed(KEY)) as draft:
        left = draft.name
        draft.touch()
    folders.sealed(KEY).rename(draft)  # nobody was left to clean up
    assert [file.name for file in draft.parent.iterdir()] == [left]
    sealing.seal(KEY, pack, folders, lambda _: None)
    assert [file.name for file in folders.sealed(KEY).parent.iterdir()] == [f"{KEY}.parquet"]


def test_a_round_without_answers_stays_open_to_correction(
    opened: str, pack: Pack, folders: Folders
) -> None:
    with as_whole_tree("assess"):
        Answer.objects.using("assess").all().delete()
    with pytest.raises(NotNow, match="has no answers to seal"):
        sealing.seal(KEY, pack, folders, lambda _: None)


def test_an_unknown_round_is_said_with_those_there_are(
    opened: str, pack: Pack, folders: Folders
) -> None:
    with pytest.raises(PulsError, match="no round 'student-2026-no-1149'. Not sealed yet: " + KEY):
        sealing.seal("student-2026-no-1149", pack, folders, lambda _: None)


def test_the_order_is_another_one_each_time(tmp_path: Path, pack: Pack) -> None:
    """Not the order in which answers came, and not one that anybody can draw again."""
    survey = student(pack)
    frame = answers(survey, {MUSIC: 200})
    files = [tmp_path / "one.parquet", tmp_path / "other.parquet"]
    for file in files:
        sealed.write(file, frame, survey)
    one, other = (pl.read_parquet(file) for file in files)
    assert not one.equals(frame)
    assert not one.equals(other)
    assert_frame_equal(one, other, check_row_order=False)


SURVEY = student(kulturskole())


@settings(deadline=None, max_examples=30)
@given(st.data())
def test_rows_and_tables_are_the_same_thing(data: st.DataObject) -> None:
    survey = SURVEY
    cell = st.one_of(st.none(), st.integers(survey.scale.low, survey.scale.high))
    leaf = st.sampled_from([MUSIC, DANCE, "ø-skole.dans"])
    option = st.one_of(st.none(), st.integers(1, len(survey.background[0].options)))
    row = st.tuples(leaf, option, *[cell] * len(survey.items))
    rows = data.draw(st.lists(row, min_size=1, max_size=4))
    columns = {"leaf": pl.String, **dict.fromkeys(sealed.columns(survey)[1:], pl.Int8)}
    frame = pl.DataFrame(rows, schema=columns, orient="row")
    assert_frame_equal(sealed.read_rows(sealed.as_rows(frame, survey), survey), frame)


def test_rows_from_before_a_background_question_say_nothing_to_it() -> None:
    """Those of an open round are a byte shorter, and lie beside longer ones."""
    frame = answers(SURVEY, {MUSIC: 2, DANCE: 1})
    said = frame.with_columns(pl.Series("sex", [None, 2, 1], dtype=pl.Int8))
    unsaid = frame.with_columns(sex=pl.lit(None, pl.Int8))
    before, now = sealed.as_rows(unsaid, SURVEY), sealed.as_rows(said, SURVEY)
    assert {len(given) for _, given in before} == {len(SURVEY.items)}
    assert {len(given) for _, given in now} == {len(SURVEY.items) + 1}
    both = sealed.read_rows([*before, *now], SURVEY)
    assert_frame_equal(both, pl.concat([unsaid, said]))


@settings(deadline=None)
@given(st.text(min_size=1, max_size=20), st.binary(min_size=1, max_size=60))
def test_what_was_encrypted_comes_back(leaf: str, items: bytes) -> None:
    from uuid import uuid4

    leaf, answer, key = leaf.rstrip("\0") or "x", uuid4(), bytes(range(32))
    for from_file in (False, True):
        stored = vault.encrypt(key, KEY, answer, leaf, items, from_file=from_file)
        assert vault.decrypt(key, KEY, answer, stored) == (leaf, items, from_file)
    for other_round, other_answer in ((f"{KEY}x", answer), (KEY, uuid4())):
        with pytest.raises(PulsError):
            vault.decrypt(key, other_round, other_answer, stored)
