"""A round that comes too late, where the pack has no corrections: it holds up and loses nothing.

With corrections: `test_correcting`.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from puls.content.definitions import Pack
from puls.errors import NotNow
from puls.web.collect import sealing, vault
from puls.web.collect.folders import Folders
from puls.web.collect.models import Answer, Round
from puls.web.importing.answers import import_answers
from puls.web.importing.registers import import_register
from puls.web.releasing.releases import Made, release_period, release_round
from puls.web.tenants.access import as_whole_tree
from tests.web.inputs import (
    BERGEN,
    DANCE,
    HAUGESUND,
    MUSIC,
    PERIOD,
    answers_file,
    kostra_file,
    kulturskole,
    student,
)
from tests.web.releasing.test_from_file_to_release import TODAY, cells

LATE = "student-2025-no-1106"
Ask = Callable[..., str]


@pytest.fixture
def pack() -> Pack:
    return replace(kulturskole(), admission=("unit", "pooled", "sex"))


@pytest.fixture
def ask(places: None, tmp_path: Path, pack: Pack, folders: Folders) -> Ask:
    def answered(unit: str, groups: Mapping[str, int], period: int = PERIOD) -> str:
        file = answers_file(tmp_path, student(pack), groups, f"{unit}-{period}.csv")
        return import_answers(file, "student", period, unit, pack, folders).round

    return answered


@pytest.fixture
def seal(pack: Pack, folders: Folders) -> Callable[[str], Made | None]:
    def sealed(key: str) -> Made | None:
        found = sealing.seal(key, pack, folders, lambda _: None)
        return release_round(found, pack, folders, TODAY)

    return sealed


def without_haugesund(pack: Pack, folders: Folders) -> None:
    assert release_period(PERIOD, pack, folders, TODAY, unit="no-11", close=True)


def nothing_is_lost(folders: Folders, state: str) -> None:
    with as_whole_tree("assess"):
        assert Round.objects.using("assess").get(pk=LATE).state == state
        assert Answer.objects.using("assess").filter(round=LATE).count() == 9
    assert vault.key_file(folders.keys, LATE).exists()
    assert not folders.sealed(LATE).exists()


def test_answers_that_come_too_late_are_refused_before_anything_is_stored(
    ask: Ask, seal: Ask, pack: Pack, folders: Folders, traces: Callable[[], object]
) -> None:
    seal(ask("no-1149", {MUSIC: 8, DANCE: 6}))
    without_haugesund(pack, folders)
    before = traces()
    for unit in ("no-1106", "haugesund-kulturskole"):
        with pytest.raises(NotNow, match="too late: no-11 was released for 2025-26 without them"):
            ask(unit, {HAUGESUND: 9})
    assert traces() == before
    ask("no-1106", {HAUGESUND: 9}, PERIOD + 1)  # the next year is another matter
    ask("no-46", {BERGEN: 9})  # and so is a neighbour


def test_sealing_too_late_destroys_nothing_however_often(
    ask: Ask, seal: Ask, pack: Pack, folders: Folders
) -> None:
    seal(ask("no-1149", {MUSIC: 8, DANCE: 6}))
    ask("no-1106", {HAUGESUND: 9})
    without_haugesund(pack, folders)
    for _ in range(2):
        with pytest.raises(NotNow, match="come too late"):
            seal(LATE)
        nothing_is_lost(folders, "open")
    # Nobody waits for it any more.
    assert release_period(PERIOD, pack, folders, TODAY, unit="no", close=True)


def test_released_while_it_is_being_sealed_nothing_is_lost_either(
    ask: Ask, seal: Ask, pack: Pack, folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile(*given: Any) -> Any:
        kept = write(*given)
        without_haugesund(pack, folders)
        return kept

    write = sealing.write
    seal(ask("no-1149", {MUSIC: 8, DANCE: 6}))
    ask("no-1106", {HAUGESUND: 9})
    monkeypatch.setattr(sealing, "write", meanwhile)
    with pytest.raises(NotNow, match="come too late"):
        seal(LATE)
    nothing_is_lost(folders, "closed")


@pytest.fixture
def sealed_late(
    ask: Ask, seal: Ask, pack: Pack, folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it could happen before sealing asked whether it was too late."""
    seal(ask("no-1149", {MUSIC: 8, DANCE: 6}))
    ask("no-1106", {HAUGESUND: 9})
    without_haugesund(pack, folders)
    with monkeypatch.context() as unasked:
        unasked.setattr(sealing, "refuse_late", lambda *_: None)
        sealing.seal(LATE, pack, folders, lambda _: None)


@pytest.mark.usefixtures("sealed_late")
def test_a_round_that_was_sealed_late_is_left_out_and_holds_up_nothing(
    ask: Ask, seal: Ask, tmp_path: Path, pack: Pack, folders: Folders
) -> None:
    assert seal(LATE) is None
    import_register("ssb", kostra_file(tmp_path, {"1149": 12.5}), pack)
    bergen = ask("no-46", {BERGEN: 9})
    sealing.seal(bergen, pack, folders, lambda _: None)
    said: list[str] = []
    made = release_period(PERIOD, pack, folders, TODAY, left_out=said.append)
    assert {each.release.root_id for each in made} == {"no", "no-46"}
    assert said == [
        f"Round {LATE} was sealed after no-11 had been released without it. It is left out: what "
        "is released stays as it is. The pack has no corrections."
    ]
    assert release_period(PERIOD, pack, folders, TODAY, unit="no", close=True)
    assert cells(["no"])["no", "student_feedback"].n == 8 + 6 + 9
    assert not any(unit == "no-1106" for unit, _ in cells(["no-1106"]))
