"""A new key for an indicator in the middle of a year: what is out under the old one counts."""

from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest

from puls.cells import ReleasedCell, Status
from puls.content.definitions import Pack, SurveySource
from puls.errors import NotNow
from puls.units import UnitTree
from puls.web.collect import late
from puls.web.collect.folders import Folders
from puls.web.releasing.correcting import correct
from puls.web.releasing.releases import release_period
from tests.web.inputs import BERGEN, DANCE, HAUGESUND, MUSIC, PERIOD
from tests.web.releasing.test_correcting import (
    KEY,
    Ask,
    all_cells,
    ask,
    leak,
    pack,
    seal,
    year,
)
from tests.web.releasing.test_from_file_to_release import TODAY

__all__ = ["ask", "pack", "seal", "year"]

NEW = f"{KEY}_too"


def renamed(pack: Pack, also: Iterable[str] = ()) -> Pack:
    """The pack with new keys for all that students are asked, and with some of the old ones."""
    indicators = {
        key + "_too" if asks_students(pack, key) else key: replace(
            each, key=key + "_too" if asks_students(pack, key) else key, prerequisites=()
        )
        for key, each in pack.indicators.items()
    }
    kept = {key: pack.indicators[key] for key in also}
    return replace(pack, indicators=indicators | kept, associations=(), default_columns=())


def asks_students(pack: Pack, key: str) -> bool:
    source = pack.indicators[key].source
    return isinstance(source, SurveySource) and source.survey == "student"


def shown(unit: str) -> dict[str, set[int | None]]:
    """By name of the indicator, the numbers of answers that a unit shows."""
    found: dict[str, set[int | None]] = {}
    for cell in all_cells():
        own = cell.status is Status.SHOWN and cell.unit == unit and not cell.part
        if own and cell.indicator in (KEY, NEW):
            found.setdefault(cell.indicator, set()).add(cell.n)
    return found


def one_name(cells: Iterable[ReleasedCell]) -> list[ReleasedCell]:
    return [replace(cell, indicator=KEY) if cell.indicator == NEW else cell for cell in cells]


def test_late_answers_stay_late_and_the_new_name_shows_what_the_old_one_does(
    year: Ask, ask: Ask, seal: Ask, pack: Pack, folders: Folders, places: UnitTree
) -> None:
    year(PERIOD)
    seal(ask("no-1106", {HAUGESUND: 3}).round)
    said: list[str] = []
    release_period(
        PERIOD, renamed(pack), folders, TODAY, unit="no", close=True, left_out=said.append
    )
    assert any("was sealed after no had been released without it" in each for each in said)
    correct(renamed(pack), folders, TODAY)
    assert shown("no") == {KEY: {133}, NEW: {133}}
    assert leak(one_name(all_cells()), folders, places, pack.thresholds.signed_in) is None


def test_corrections_go_on_under_the_new_name(
    year: Ask, ask: Ask, seal: Ask, pack: Pack, folders: Folders, places: UnitTree
) -> None:
    year(PERIOD)
    seal(ask("no-1106", {HAUGESUND: 12}).round)
    release_period(PERIOD, renamed(pack), folders, TODAY, unit="no", close=True)
    correct(renamed(pack), folders, TODAY)
    assert shown("no") == {KEY: {133}, NEW: {133, 145}}
    assert leak(one_name(all_cells()), folders, places, pack.thresholds.signed_in) is None


def test_a_second_name_beside_the_first_knows_what_the_first_shows(
    ask: Ask, seal: Ask, pack: Pack, folders: Folders, places: UnitTree
) -> None:
    seal(ask(MUSIC, {MUSIC: 70}).round)
    seal(ask("no-46", {BERGEN: 60}).round)
    release_period(PERIOD, pack, folders, TODAY)
    seal(ask(DANCE, {DANCE: 3}).round)
    release_period(PERIOD, renamed(pack, also=[KEY]), folders, TODAY, unit="no", close=True)
    assert leak(one_name(all_cells()), folders, places, pack.thresholds.signed_in) is None


def test_a_key_that_measures_something_else_is_refused(
    year: Callable[[int], None], pack: Pack, folders: Folders
) -> None:
    year(PERIOD)
    other = replace(pack.indicators[KEY], source=SurveySource("student", "feedback"))
    turned = replace(
        pack, indicators={**pack.indicators, KEY: other}, associations=(), default_columns=()
    )
    with pytest.raises(NotNow, match=f"{KEY} measured something else .* Give it a new key"):
        release_period(PERIOD, turned, folders, TODAY, unit="no", close=True)


def test_the_auditor_would_see_it_if_names_were_all_that_counts(
    year: Ask,
    ask: Ask,
    seal: Ask,
    pack: Pack,
    folders: Folders,
    places: UnitTree,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    year(PERIOD)
    seal(ask("no-1106", {HAUGESUND: 3}).round)
    monkeypatch.setattr(late.looking_back, "names_of", lambda *_: [])
    monkeypatch.setattr(late.looking_back, "_names", lambda now, _: sorted(now))
    release_period(PERIOD, renamed(pack), folders, TODAY, unit="no", close=True)
    assert shown("no") == {KEY: {133}, NEW: {136}}
