"""Whoever has a file of answers subtracts it from what is released, and finds nobody."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import polars as pl
import pytest
from hypothesis import given
from hypothesis import settings as tried
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from puls.analysis import scoring
from puls.content.definitions import Pack
from puls.web.collect import beside_files, running, sealed, sealing, vault
from puls.web.collect.beside_files import Kept, kept_beside_files
from puls.web.collect.folders import Folders
from puls.web.collect.models import Answer, Job, Plan, Round
from puls.web.collect.refusals import Untaken
from puls.web.importing.answers import import_answers
from puls.web.tenants.access import as_reach, as_whole_tree
from tests.web.cast import Cast, LogIn, reach_for
from tests.web.collect.test_asking import DAYS, opened
from tests.web.inputs import (
    DANCE,
    MUSIC,
    PERIOD,
    answers,
    answers_file,
    kulturskole,
    student,
)

SURVEY = student(kulturskole())
KEY = "student-2025-no-1149"
K = 5


def mixed(file: Mapping[str, int], codes: Mapping[str, int]) -> tuple[pl.DataFrame, list[bool]]:
    frame = pl.concat([answers(SURVEY, file), answers(SURVEY, codes)])
    return frame, [True] * sum(file.values()) + [False] * sum(codes.values())


def by_code(frame: pl.DataFrame, from_file: list[bool]) -> dict[str, int]:
    kept, stays, _whole = kept_beside_files(frame, from_file, SURVEY, K)
    told = [each for each, stay in zip(from_file, stays, strict=True) if stay]
    left = kept.filter(~pl.Series(told, dtype=pl.Boolean))
    return dict(left["leaf"].value_counts().rows())


@pytest.mark.parametrize(
    ("file", "codes", "left"),
    [
        ({MUSIC: 20}, {MUSIC: 1}, {}),
        ({MUSIC: 20}, {MUSIC: 4}, {}),
        ({MUSIC: 20}, {DANCE: 4}, {}),  # the school less the file
        ({MUSIC: 20}, {MUSIC: 5}, {MUSIC: 5}),
        ({MUSIC: 20}, {MUSIC: 9, DANCE: 3}, {MUSIC: 9}),
        ({}, {MUSIC: 9, DANCE: 3}, {MUSIC: 9, DANCE: 3}),
    ],
)
def test_a_few_with_codes_do_not_count_beside_a_file(
    file: Mapping[str, int], codes: Mapping[str, int], left: Mapping[str, int]
) -> None:
    assert by_code(*mixed(file, codes)) == left


def test_nothing_changes_in_a_round_of_one_kind() -> None:
    for from_file in ([True] * 7, [False] * 7):
        frame = answers(SURVEY, {MUSIC: 4, DANCE: 3})
        kept, stays, whole = kept_beside_files(frame, from_file, SURVEY, K)
        assert_frame_equal(kept, frame)
        assert all(stays)
        assert whole


def test_a_theme_that_few_answered_or_all_alike_is_left_out_and_no_other() -> None:
    frame, from_file = mixed({MUSIC: 20}, {MUSIC: 6})
    first, second, third = SURVEY.constructs[:3]
    at = pl.int_range(pl.len())
    frame = frame.with_columns(
        *(pl.when(at >= 24).then(None).otherwise(item.key).alias(item.key) for item in first.items),
        *(pl.when(at >= 20).then(4).otherwise(item.key).cast(pl.Int8).alias(item.key)
          for item in second.items),
    )  # fmt: skip
    kept, _stays, whole = kept_beside_files(frame, from_file, SURVEY, K)
    assert not whole, "or nobody is told"
    codes = kept.tail(6)
    assert kept.height == 26
    assert all(codes[item.key].count() == 0 for item in (*first.items, *second.items))
    assert all(codes[item.key].count() == 6 for item in third.items)
    assert_frame_equal(kept.head(20), frame.head(20))


def test_what_they_are_broken_down_by_is_left_out_where_few_are_of_a_part() -> None:
    frame, from_file = mixed({MUSIC: 20}, {MUSIC: 12})
    few = frame.with_columns(
        pl.when(pl.int_range(pl.len()) < 20).then("sex")
        .otherwise(pl.when(pl.int_range(pl.len()) < 22).then(1).otherwise(2)).cast(pl.Int8)
        .alias("sex")
    )  # fmt: skip
    kept, _stays, whole = kept_beside_files(few, from_file, SURVEY, K)
    assert not whole
    assert kept.tail(12)["sex"].count() == 0
    assert kept.head(20)["sex"].count() == few.head(20)["sex"].count()
    enough = few.with_columns(
        pl.when(pl.int_range(pl.len()) < 20).then("sex")
        .otherwise(pl.int_range(pl.len()) % 2 + 1).cast(pl.Int8).alias("sex")
    )  # fmt: skip
    kept, _stays, _whole = kept_beside_files(enough, from_file, SURVEY, K)
    assert kept.tail(12)["sex"].count() == 12


def given_away(frame: pl.DataFrame, from_file: list[bool]) -> list[str]:
    """Groups that are too small, found by whoever subtracts the file, in plain loops."""
    kept, stays, _whole = kept_beside_files(frame, from_file, SURVEY, K)
    told = [each for each, stay in zip(from_file, stays, strict=True) if stay]
    found = []
    rows = [row for row, known in zip(kept.to_dicts(), told, strict=True) if not known]
    for construct in SURVEY.constructs:
        keys = [item.key for item in construct.items]
        for leaf in (MUSIC, DANCE):
            for part in (None, 1, 2, "all"):
                people = [
                    [row[key] for key in keys if row[key] is not None]
                    for row in rows
                    if row["leaf"] == leaf and part in ("all", row["sex"])
                ]
                scored = sum(1 for said in people if said and 2 * len(said) >= len(keys))
                if 0 < scored < K:
                    found.append(f"{scored} of {leaf} {part} in {construct.key}")
    return found


@st.composite
def rounds(draw: st.DrawFn) -> tuple[pl.DataFrame, list[bool]]:
    sizes = st.fixed_dictionaries({MUSIC: st.integers(0, 12), DANCE: st.integers(0, 12)})
    frame, from_file = mixed(draw(sizes), draw(sizes))
    gaps = draw(st.lists(st.integers(0, max(0, frame.height - 1)), max_size=6))
    theme = draw(st.sampled_from(SURVEY.constructs))
    skipped = pl.int_range(pl.len()).is_in(gaps)
    return frame.with_columns(
        pl.when(skipped).then(None).otherwise(item.key).alias(item.key) for item in theme.items
    ), from_file


@tried(deadline=None, max_examples=8)
@given(rounds())
def test_generated_rounds_give_nobody_away(round_: tuple[pl.DataFrame, list[bool]]) -> None:
    frame, from_file = round_
    assert given_away(frame, from_file) == [] or not any(from_file)


def test_counting_people_alone_would(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mutant: departments with enough people count whole, whatever they skipped."""
    frame, from_file = mixed({MUSIC: 20}, {MUSIC: 6})
    skipped = pl.int_range(pl.len()) >= 24
    items = SURVEY.constructs[0].items
    frame = frame.with_columns(
        pl.when(skipped).then(None).otherwise(item.key).alias(item.key) for item in items
    )
    assert given_away(frame, from_file) == []
    monkeypatch.setattr(beside_files, "_unsafe_constructs", lambda *_: ())
    assert given_away(frame, from_file) != []


def code_answers(folders: Folders, groups: Mapping[str, int], round_key: str = KEY) -> None:
    key = vault.read_key(folders.keys, round_key)
    with as_whole_tree("intake"):
        for leaf, items in sealed.as_rows(answers(SURVEY, groups), SURVEY):
            row = uuid4()
            payload = vault.encrypt(key, round_key, row, leaf, items)
            Answer.objects.using("intake").create(id=row, round_id=round_key, payload=payload)


@pytest.mark.parametrize(
    ("codes", "held", "told"),
    # Of six, girls and boys are too few to be told apart; of 66 they are not.
    [(1, 20, True), (4, 20, True), (6, 26, True), (66, 86, False)],
)
def test_whoever_has_the_file_subtracts_it_and_finds_nobody(
    places: None, tmp_path: Path, pack: Pack, folders: Folders, codes: int, held: int, told: bool
) -> None:
    import_answers(
        answers_file(tmp_path, SURVEY, {MUSIC: 20}), "student", PERIOD, "no-1149", pack, folders
    )
    code_answers(folders, {MUSIC: codes})
    said: list[str] = []
    found = sealing.seal(KEY, pack, folders, said.append)
    assert found.answers == held
    counted = scoring.tally_answers(pl.scan_parquet(folders.sealed(KEY)), SURVEY)
    assert set(counted.group_by("construct").agg(pl.col("count").sum())["count"]) == {held}
    assert any(each.startswith(sealing.LEFT_OUT) for each in said) == told
    with as_whole_tree("assess"):
        assert not Answer.objects.using("assess").exists()


def test_a_file_does_not_replace_what_was_answered_with_codes(
    places: None, tmp_path: Path, pack: Pack, folders: Folders
) -> None:
    """Their codes are used: they could never answer again."""
    where = ("student", PERIOD, "no-1149", pack, folders)
    import_answers(answers_file(tmp_path, SURVEY, {MUSIC: 20}), *where)
    code_answers(folders, {MUSIC: 6})
    corrected = answers_file(tmp_path, SURVEY, {MUSIC: 21}, "corrected.csv")
    for dry in (True, False):
        with pytest.raises(Untaken, match="given with codes"):
            import_answers(corrected, *where, replace=True, dry=dry)
    with as_whole_tree("assess"):
        assert Answer.objects.using("assess").filter(round_id=KEY).count() == 26


def test_if_all_rows_counted_one_child_would_be_the_difference(
    places: None, tmp_path: Path, pack: Pack, folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Mutant: sealed as it came in."""
    monkeypatch.setattr(
        sealing,
        "kept_beside_files",
        lambda answers, *_: Kept(answers, [True] * answers.height, whole=True),
    )
    file = answers_file(tmp_path, SURVEY, {MUSIC: 20})
    import_answers(file, "student", PERIOD, "no-1149", pack, folders)
    code_answers(folders, {MUSIC: 1})
    sealing.seal(KEY, pack, folders, lambda _: None)
    whole = pl.read_parquet(folders.sealed(KEY))
    child = answers(SURVEY, {MUSIC: 1})
    item = SURVEY.items[0].key
    assert whole[item].sum() - answers(SURVEY, {MUSIC: 20})[item].sum() == child[item].sum()


def test_the_leader_is_told_and_the_number_tells_of_no_few(
    cast: Cast, pack: Pack, folders: Folders, log_in: LogIn, tmp_path: Path, settings: Any
) -> None:
    settings.PULS_DATA = str(folders.data)
    made, by = opened(pack, folders, cast.bob), reach_for(cast.bob)
    key = str(made.round_id)
    file = answers_file(tmp_path, SURVEY, {MUSIC: 20})
    import_answers(file, "student", made.period, made.unit_id, pack, folders)
    code_answers(folders, {MUSIC: 3}, key)
    address = f"/runder/{made.pk}/"
    client = log_in(cast.bob)
    client.post(f"{address}steg/", {"close": "1"})
    with as_reach(by):
        job = running.round_seal(by, Plan.objects.get(pk=made.pk), pack, folders, DAYS[1])
    assert job.state == Job.State.DONE
    page = client.get(address).content.decode()
    assert "20 har svart" in page
    assert "er disse svarene utelatt" in page
    with as_whole_tree("assess"):  # sealed by a version that counted them
        Round.objects.using("assess").filter(pk=key).update(answers=23)
    page = client.get(address).content.decode()
    assert "23" not in page.split("<main")[1].split("</section>")[1]
    assert "Hvor mange som har svart, vises ikke" in page
