"""Counts are kept beside the sealed file, and made anew when something is missing or other."""

import json
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from puls.analysis import scoring
from puls.analysis.scoring import Tallies
from puls.content.definitions import Background, Pack, Survey
from puls.web.collect import counting, sealed
from puls.web.collect.folders import Folders
from tests.web.inputs import DANCE, MUSIC, answers, student

KEY = "student-2025-no-1149"


@pytest.fixture
def survey(pack: Pack) -> Survey:
    return student(pack)


@pytest.fixture
def counted(survey: Survey, folders: Folders) -> Folders:
    sealed.write(folders.sealed(KEY), answers(survey, {MUSIC: 30, DANCE: 7}), survey)
    counting.count(KEY, survey, folders)
    return folders


def expected(survey: Survey, folders: Folders) -> Tallies:
    return scoring.tally_round(scoring.read_sealed(folders.sealed(KEY)), survey)


def same(found: Tallies, other: Tallies) -> None:
    for one, another in zip(found, other, strict=True):
        assert_frame_equal(one, another)


def test_what_was_counted_comes_back(counted: Folders, survey: Survey) -> None:
    assert counting.is_counted(KEY, survey, counted)
    same(counting.tallies(KEY, survey, counted), expected(survey, counted))
    parts = counting.parts(KEY, survey, "sex", counted)
    assert set(parts["part"]) == {"sex.girl", "sex.boy", "sex."}
    together = parts.group_by("leaf", "construct", "answered", "total").agg(pl.col("count").sum())
    whole = counting.answers(KEY, survey, counted)
    assert_frame_equal(whole, expected(survey, counted).answers)
    assert_frame_equal(together, whole, check_row_order=False)


def test_nothing_is_counted_again_without_need(
    counted: Folders, survey: Survey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting.scoring, "count_round", None)
    counting.tallies(KEY, survey, counted)
    counting.answers(KEY, survey, counted)
    counting.parts(KEY, survey, "sex", counted)


@pytest.mark.parametrize("lost", ["counts", "by sex", "note"])
def test_what_is_missing_is_counted_again(lost: str, counted: Folders, survey: Survey) -> None:
    files = {
        "counts": counted.counts(KEY),
        "by sex": counted.parts(KEY, "sex"),
        "note": counted.counted(KEY),
    }
    files[lost].unlink()
    assert not counting.is_counted(KEY, survey, counted)
    same(counting.tallies(KEY, survey, counted), expected(survey, counted))
    assert counting.is_counted(KEY, survey, counted)
    assert all(file.exists() for file in files.values())


def test_what_an_older_version_counted_is_counted_again_and_gone(
    counted: Folders, survey: Survey
) -> None:
    """It kept a file of rows for each kind, and noted what was asked as today."""
    note = counted.counted(KEY)
    note.write_text(json.dumps({**json.loads(note.read_text()), "format": 2}))
    older = [note.with_name(f"{KEY}{kind}.parquet") for kind in ("", ".items", ".missing")]
    other = note.with_name(f"{KEY}0.parquet")
    for file in (*older, other):
        file.write_bytes(b"rows")
    assert not counting.is_counted(KEY, survey, counted)
    same(counting.tallies(KEY, survey, counted), expected(survey, counted))
    assert not any(file.exists() for file in older)
    assert other.exists(), "another round's"


def test_a_note_that_cannot_be_read_is_none(counted: Folders, survey: Survey) -> None:
    counted.counted(KEY).write_text("{")
    assert not counting.is_counted(KEY, survey, counted)


def test_other_questions_of_the_pack_are_counted_too(counted: Folders, survey: Survey) -> None:
    pairs = (*survey.pairs, (survey.constructs[0].key, survey.constructs[-1].key))
    asked = replace(
        survey, pairs=pairs, background=(*survey.background, Background("age", ("young", "old")))
    )
    assert not counting.is_counted(KEY, asked, counted)
    found = counting.tallies(KEY, asked, counted)
    assert found.products.height == 2 * len(pairs)
    assert set(counting.parts(KEY, asked, "age", counted)["part"]) == {"age."}
    assert counting.is_counted(KEY, asked, counted)


def test_killed_half_way_it_does_not_pass_for_counted(
    counted: Folders, survey: Survey, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(counting.scoring, "tally_parts", killed)
        with pytest.raises(KeyboardInterrupt):
            counting.count(KEY, survey, counted)
    assert not counting.is_counted(KEY, survey, counted)
    same(counting.tallies(KEY, survey, counted), expected(survey, counted))
