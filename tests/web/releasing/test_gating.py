"""With a release gate: what is released to whom, in which order, and what waits for what.

Karmøy has one school, so its municipality's cells would give the school's away.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from puls.cells import Status
from puls.content.definitions import Pack
from puls.errors import NotNow
from puls.web.assess import gates, queries
from puls.web.assess.models import Gate, Release
from puls.web.collect import sealing
from puls.web.collect.folders import Folders
from puls.web.importing.answers import import_answers
from puls.web.importing.registers import import_register
from puls.web.releasing import gating, releases
from puls.web.releasing.correcting import correct
from puls.web.releasing.releases import Made, release_period, release_round, working
from puls.web.tenants.access import as_reach, as_whole_tree
from puls.web.tenants.models import Membership
from tests.web.cast import Cast, reach_for
from tests.web.gated import day_has_come
from tests.web.inputs import (
    BERGEN,
    DANCE,
    MUSIC,
    PERIOD,
    answers_file,
    kostra_file,
    student,
)

TODAY = date(2026, 6, 1)
SCHOOL, KEY = "karmoy-kulturskole", "student_wellbeing"


class World:
    """Files, a pack and folders, and the steps that the tests take with them."""

    def __init__(self, folder: Path, pack: Pack, folders: Folders, cast: Cast) -> None:
        self.folder, self.pack, self.folders, self.cast = folder, pack, folders, cast

    def announce(self) -> None:
        reach = reach_for(self.cast.alice)
        with as_reach(reach):
            day = timezone.localdate() + timedelta(30)
            gates.announce(reach, PERIOD, day, "Alice")

    def seal(self, unit: str, groups: Mapping[str, int]) -> Made | None:
        file = answers_file(self.folder, student(self.pack), groups, f"{unit}.csv")
        key = import_answers(file, "student", PERIOD, unit, self.pack, self.folders).round
        found = sealing.seal(key, self.pack, self.folders, lambda _: None)
        return release_round(found, self.pack, self.folders, TODAY)

    def release(self, unit: str | None = None, **more: bool) -> list[Made]:
        return release_period(PERIOD, self.pack, self.folders, TODAY, unit, **more)

    def open(self) -> None:
        reach = reach_for(self.cast.bob)
        with as_reach(reach):
            for each in gates.gates(PERIOD):
                gates.gate_open(reach, each.id, "Bob")

    def out(self) -> set[str]:
        """The units that have a released number of answers, whoever may see it."""
        with as_whole_tree("assess"):
            every = queries.released_before(PERIOD, from_answers=True, using="assess")
        return {cell.unit for cell in every if cell.status is Status.SHOWN}

    def sees(self, who: Membership) -> set[str]:
        """The units whose numbers somebody gets to see, without marking any as seen."""
        units = ["no", "no-11", "no-1149", SCHOOL, MUSIC, DANCE]
        with as_reach(reach_for(who)):
            found = queries.cells(units, PERIOD)
        return {c.unit for c in found if c.status is Status.SHOWN and c.n is not None}


@pytest.fixture
def world(tmp_path: Path, pack: Pack, folders: Folders, cast: Cast) -> World:
    return World(tmp_path, pack, folders, cast)


IN_SCHOOL = {SCHOOL, MUSIC, DANCE}


@pytest.mark.parametrize("unit", [SCHOOL, "no-1149"])
def test_the_school_is_first_whoever_held_the_round(unit: str, world: World) -> None:
    """A municipality's own round is released to its schools, and only to them."""
    world.announce()
    made = world.seal(unit, {MUSIC: 8, DANCE: 6})
    assert made is not None
    assert made.release.root_id == SCHOOL
    assert world.out() == IN_SCHOOL
    assert world.sees(world.cast.bob) == IN_SCHOOL
    assert world.sees(world.cast.alice) == set()


@pytest.mark.parametrize("holder", [SCHOOL, "no-1149", "no-11", "no"])
def test_the_municipality_waits_and_does_not_go_on_without(holder: str, world: World) -> None:
    world.announce()
    world.seal(holder, {MUSIC: 8, DANCE: 6})
    for above in ("no-1149", "no-11", "no"):
        for close in (False, True):
            with pytest.raises(NotNow, match=f"{above} waits for schools .*: {SCHOOL}"):
                world.release(above, close=close)
    assert world.out() == IN_SCHOOL
    world.open()
    world.release("no-1149")
    assert world.out() == IN_SCHOOL | {"no-1149"}
    assert world.sees(world.cast.alice) == IN_SCHOOL | {"no-1149"}, "it was counted, so it is seen"
    reach = reach_for(world.cast.bob)
    with as_reach(reach), pytest.raises(NotNow):
        gates.gate_take_back(reach, gates.gates(PERIOD)[0].id, "Bob")


def test_nobody_announces_while_a_release_is_being_made(world: World) -> None:
    """The release has asked already which owners are waited for."""
    with working(), pytest.raises(NotNow, match=r"Prøv igjen|Try again"):
        world.announce()
    world.announce()


def test_a_school_that_took_its_results_back_is_waited_for_again(world: World) -> None:
    world.announce()
    world.seal(SCHOOL, {MUSIC: 8, DANCE: 6})
    world.open()
    reach = reach_for(world.cast.bob)
    with as_reach(reach):
        gates.gate_take_back(reach, gates.gates(PERIOD)[0].id, "Bob")
    with pytest.raises(NotNow, match="have not released"):
        world.release("no-1149")


def test_others_do_not_wait_but_what_counts_the_school_does(world: World) -> None:
    world.announce()
    world.seal(SCHOOL, {MUSIC: 8, DANCE: 6})
    world.seal("no-4601", {BERGEN: 9})
    assert {"no-4601", BERGEN} <= world.out()
    world.release("no-46")
    with pytest.raises(NotNow, match="waits for schools"):
        world.release("no")


def test_after_the_announced_day_nobody_is_waited_for(world: World) -> None:
    from tests.database import superuser

    world.announce()
    world.seal(SCHOOL, {MUSIC: 8, DANCE: 6})
    with superuser() as above:
        day_has_come(above)
    world.release("no", close=True)
    assert {"no", "no-11", "no-1149"} <= world.out()
    assert world.sees(world.cast.alice) == world.out()


def test_a_sealed_round_that_was_not_shown_yet_is_waited_for(world: World) -> None:
    world.announce()
    file = answers_file(world.folder, student(world.pack), {MUSIC: 8})
    key = import_answers(file, "student", PERIOD, SCHOOL, world.pack, world.folders).round
    sealing.seal(key, world.pack, world.folders, lambda _: None)
    with pytest.raises(NotNow, match="have not been shown them"):
        world.release("no-1149")
    world.release()
    with pytest.raises(NotNow, match="have not released"):
        world.release("no-1149")


def test_a_school_where_nobody_answered_is_not_waited_for(world: World) -> None:
    world.announce()
    with as_whole_tree("assess"):
        assert not gates.closed(PERIOD, "no")
    world.seal("no-1149", {MUSIC: 8})
    with as_whole_tree("assess"):
        assert [each.unit_id for each in gates.closed(PERIOD, "no")] == [SCHOOL]


def test_nothing_is_found_in_the_country_while_a_school_is_alone_with_its_answers(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mark or a finding that counts them would tell of them."""
    looked: list[int] = []
    monkeypatch.setattr(
        releases, "look", lambda period, *_: looked.append(period) or releases.National()
    )
    world.announce()
    world.seal(SCHOOL, {MUSIC: 8, DANCE: 6})
    import_register("ssb", kostra_file(world.folder, {"1149": 12.5}), world.pack)
    world.release()
    assert looked == []
    with as_whole_tree("assess"):
        assert gating.holds_back(PERIOD)
        assert gating.holds_back(PERIOD + 1), "a change is told since an earlier year"
        assert not gating.holds_back(PERIOD - 1)
    world.open()
    import_register(
        "ssb", kostra_file(world.folder, {"1149": 13.5}, "2026-08-01T06:00:00Z"), world.pack
    )
    world.release()
    assert looked == [PERIOD]


def test_without_an_announcement_all_goes_as_before(world: World) -> None:
    world.seal("no-1149", {MUSIC: 8, DANCE: 6})
    assert world.out() == IN_SCHOOL | {"no-1149"}
    assert world.sees(world.cast.alice) == IN_SCHOOL | {"no-1149"}
    with as_whole_tree("assess"):
        assert not Gate.objects.using("assess").exists()


def test_late_answers_wait_for_the_day_as_well(world: World) -> None:
    from tests.database import superuser

    world.announce()
    world.seal(SCHOOL, {MUSIC: 30})
    world.open()
    world.release("no", close=True)
    before = world.out()
    file = answers_file(world.folder, student(world.pack), {DANCE: 30}, "late.csv")
    key = import_answers(file, "student", PERIOD, SCHOOL, world.pack, world.folders, add=True).round
    sealing.seal(key, world.pack, world.folders, lambda _: None)
    told: list[str] = []
    assert correct(world.pack, world.folders, TODAY, left_out=told.append) == []
    assert "until the day that their owner announced" in told[0]
    assert world.out() == before
    with superuser() as above:
        day_has_come(above)
    assert correct(world.pack, world.folders, TODAY)


# Mutants: what the tests above must catch.


def test_caught_a_municipality_that_does_not_wait(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gating, "check", lambda *_: None)
    world.announce()
    world.seal(SCHOOL, {MUSIC: 8, DANCE: 6})
    world.release("no-1149")
    assert "no-1149" in world.sees(world.cast.alice), "one school: its numbers are given away"


def test_caught_a_municipalitys_round_that_is_released_whole(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gating, "roots", lambda root, *_: [root])
    world.announce()
    world.seal("no-1149", {MUSIC: 8, DANCE: 6})
    assert "no-1149" in world.sees(world.cast.alice)


def test_no_release_names_more_than_its_own_school(world: World) -> None:
    world.announce()
    world.seal("no-1149", {MUSIC: 8, DANCE: 6})
    with as_reach(reach_for(world.cast.alice)):
        made = list(Release.objects.filter(period=PERIOD))
    assert [each.root_id for each in made] == [SCHOOL]
    assert all(each.findings == {} for each in made)
