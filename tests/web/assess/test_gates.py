"""The release gate, as the database holds it: who sees a school's answers when, and who moves what.

Bob leads Karmøy kulturskole, Tom teaches there, Alice owns it. Greta leads Haugesund kulturskole,
which Olga owns and Alice's Karmøy runs together with her.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.utils import DatabaseError
from django.utils import timezone, translation

from puls.cells import ReleasedCell, Status
from puls.errors import NotAllowed, NotNow
from puls.units import UnitTree
from puls.views.gate import GateState
from puls.web.assess import gates, queries
from puls.web.assess.services import Draft, publish
from puls.web.packs import pack
from puls.web.tenants.access import as_reach, as_whole_tree
from puls.web.tenants.models import Membership
from tests.database import superuser
from tests.spec.test_who_sees_a_schools_answers_when import RULES
from tests.web.cast import Cast, add_person, reach_for
from tests.web.gated import (
    OTHER,
    PARENT,
    PERIOD,
    SCHOOL,
    TREE_DAY,
    announce,
    day_has_come,
    release,
)


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def above(db: None) -> Iterator[Any]:
    with superuser() as admin:
        yield admin


def gate(who: Membership, survey: str = "student", unit: str = SCHOOL) -> gates.GateNote:
    with as_reach(reach_for(who)):
        found = [e for e in gates.gates(PERIOD) if (e.survey, e.unit) == (survey, unit)]
    assert len(found) == 1, found
    return found[0]


def open_gate(who: Membership, **which: str) -> None:
    note, reach = gate(who, **which), reach_for(who)
    with as_reach(reach):
        gates.gate_open(reach, note.id, "Bob")


def take_back(who: Membership) -> None:
    note, reach = gate(who), reach_for(who)
    with as_reach(reach):
        gates.gate_take_back(reach, note.id, "Bob")


def look(who: Membership, units: tuple[str, ...] = ("no-1149", SCHOOL)) -> set[str]:
    """What somebody finds who opens a page with these units: the units with a number."""
    reach = reach_for(who)
    with as_reach(reach):
        gates.received(reach, units, PERIOD)
        return numbers(units)


def numbers(units: tuple[str, ...]) -> set[str]:
    return {cell.unit for cell in queries.cells(units, PERIOD) if cell.value is not None}


def peek(who: Membership, units: tuple[str, ...] = ("no-1149", SCHOOL)) -> set[str]:
    """What somebody finds by a way that does not mark as seen: a download, an interface."""
    with as_reach(reach_for(who)):
        return numbers(units)


def bring_about(opened: bool, used: bool, over: bool, cast: Cast, above: Any) -> None:
    if opened:
        open_gate(cast.bob)
    if used:
        look(cast.alice)
    if over:
        day_has_come(above)


@pytest.mark.parametrize(
    ("opened", "used", "over", "name", "school", "owner", "back", "wait"), RULES
)
def test_the_database_holds_to_the_rules(
    opened: bool, used: bool, over: bool, name: str, school: bool, owner: bool, back: bool,
    wait: bool, places: UnitTree, cast: Cast, above: Any,
) -> None:  # fmt: skip
    announce(cast.alice)
    release(places)
    bring_about(opened, used, over, cast, above)
    assert gate(cast.bob).state == name
    for member in (cast.bob, cast.tom):
        assert (SCHOOL in look(member)) is school
    with as_whole_tree("assess"):
        assert bool(gates.closed(PERIOD, "no")) is wait
        assert bool(gates.held_back(PERIOD)) is wait
    if back:
        take_back(cast.bob)
        assert gate(cast.bob).state is GateState.CLOSED
        open_gate(cast.bob)
    else:
        with pytest.raises(NotNow):
            take_back(cast.bob)
    assert (SCHOOL in look(cast.alice)) is owner
    assert not look(cast.charlie)
    assert not look(cast.frida)
    assert not look(cast.nora)


def test_without_an_announcement_there_is_no_gate(places: UnitTree, cast: Cast) -> None:
    release(places)
    assert SCHOOL in peek(cast.alice)
    with as_reach(reach_for(cast.bob)):
        assert gates.gates() == []


def test_looking_is_what_uses_it_and_no_other_way_shows_it_before(
    places: UnitTree, cast: Cast
) -> None:
    announce(cast.alice)
    release(places)
    open_gate(cast.bob)
    assert peek(cast.alice) == set(), "seen without being marked as seen"
    assert gate(cast.bob).state is GateState.OPEN
    assert look(cast.bob) == look(cast.tom) == {SCHOOL}
    assert gate(cast.bob).state is GateState.OPEN, "the school's own look uses nothing"
    look(cast.alice, ("no-1106",))
    assert gate(cast.bob).state is GateState.OPEN, "a look at another unit uses nothing"
    assert look(cast.alice) == {SCHOOL}
    assert gate(cast.bob).state is GateState.USED
    assert peek(cast.alice) == {SCHOOL}


def test_each_survey_has_a_gate_of_its_own(places: UnitTree, cast: Cast) -> None:
    announce(cast.alice)
    release(places)
    release(places, key=PARENT)
    open_gate(cast.bob, survey="parent")
    look(cast.alice)
    with as_reach(reach_for(cast.alice)):
        seen = {cell.indicator for cell in queries.cells([SCHOOL], PERIOD)}
    assert seen == {PARENT}


def test_a_partner_sees_a_jointly_run_school_no_sooner_than_its_owner(
    places: UnitTree, cast: Cast
) -> None:
    olga = add_person("olga", "no-1106", "owner")
    greta = add_person("greta", OTHER, "leader")
    announce(olga)
    release(places, OTHER)
    both = ("no-1106", "no-1149", OTHER)
    for owner in (olga, cast.alice):
        assert not look(owner, both)
    open_gate(greta, unit=OTHER)
    for owner in (cast.alice, olga):
        assert look(owner, both) == {OTHER}


def test_marks_wait_with_their_cells(places: UnitTree, cast: Cast) -> None:
    announce(cast.alice)
    release(places, marks=True)

    def marked(who: Membership) -> int:
        with as_reach(reach_for(who)), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM assess_mark")
            return int(cursor.fetchone()[0])

    assert (marked(cast.bob), marked(cast.alice)) == (3, 0)
    open_gate(cast.bob)
    look(cast.alice)
    assert marked(cast.alice) == 3


def test_what_registers_say_waits_for_nobody(places: UnitTree, cast: Cast) -> None:
    announce(cast.alice)
    known, key = pack(), "kostra_share_6_15"
    cell = ReleasedCell(
        SCHOOL, key, known.indicators[key].version, PERIOD, Status.SHOWN, 12.0,
        level_low=2, level_high=2, of_unit="no-1149",
    )  # fmt: skip
    draft = Draft(known.key, known.version, "00" * 32, 5, PERIOD, TREE_DAY, "no", True, [], {})
    with as_whole_tree("assess"):
        publish(draft, places, [], [cell])
    assert peek(cast.alice) == {SCHOOL}


def test_a_release_above_that_counts_it_uses_it(places: UnitTree, cast: Cast) -> None:
    announce(cast.alice)
    release(places)
    with as_whole_tree("assess"):
        gates.counted(PERIOD, "no")
    assert gate(cast.bob).state is GateState.CLOSED, "what is closed was not counted"
    open_gate(cast.bob)
    with as_whole_tree("assess"):
        gates.counted(PERIOD, "no/no-46")
    assert gate(cast.bob).state is GateState.OPEN
    with as_whole_tree("assess"):
        gates.counted(PERIOD, "no/no-11")
    assert gate(cast.bob).state is GateState.USED


# Who may do what.


def test_only_a_leader_of_the_school_itself_opens(places: UnitTree, cast: Cast) -> None:
    announce(cast.alice)
    release(places)
    dance = add_person("dag", f"{SCHOOL}.dans", "leader")
    for who in (cast.tom, cast.alice, dance):
        with pytest.raises(NotAllowed, match="Only a leader of the school itself"):
            open_gate(who)
    open_gate(cast.bob)
    with pytest.raises(NotNow, match="released already"):
        open_gate(cast.bob)
    note = gate(cast.bob)
    assert note.opened_by == "Bob"
    take_back(cast.bob)
    assert gate(cast.bob).taken_back_at is not None
    charlie = reach_for(cast.charlie)
    with as_reach(charlie), pytest.raises(NotNow, match="nothing to release"):
        gates.gate_open(charlie, note.id, "Charlie")


def test_only_the_owner_announces(cast: Cast) -> None:
    for who in (cast.bob, cast.tom, cast.frida, cast.nora, cast.charlie):
        with pytest.raises(NotAllowed, match="Only the owner announces"):
            announce(who)


@pytest.mark.parametrize(
    ("first", "then", "refused"),
    [
        (0, None, "still to come"),
        (-1, None, "still to come"),
        (181, None, "within 180 days"),
        (180, None, ""),
        (30, 40, ""),
        (30, 30, ""),
        (30, 29, "only be moved to a later day"),
        (30, 181, "within 180 days"),
    ],
)
def test_the_day_is_to_come_not_too_far_and_only_moved_later(
    first: int, then: int | None, refused: str, cast: Cast
) -> None:
    days = [first] if then is None else [first, then]
    for each in days[:-1]:
        announce(cast.alice, each)
    if refused:
        with pytest.raises(NotNow, match=refused):
            announce(cast.alice, days[-1])
    else:
        announce(cast.alice, days[-1])
        with as_reach(reach_for(cast.alice)):
            opens_at = gates.announcements("no-1149")[PERIOD]
        assert timezone.localdate(opens_at) == timezone.localdate() + timedelta(days[-1])


def test_a_gate_is_not_put_up_behind_what_is_out(places: UnitTree, cast: Cast) -> None:
    release(places)
    with pytest.raises(NotNow, match="released to you already"):
        announce(cast.alice)
    announce(cast.alice, period=PERIOD + 1)


def test_a_day_that_has_come_is_not_moved(places: UnitTree, cast: Cast, above: Any) -> None:
    announce(cast.alice)
    day_has_come(above)
    with pytest.raises(NotNow, match="has come"):
        announce(cast.alice, 60)


# By raw SQL, past all code: what the database itself refuses.

SET_OPEN = "UPDATE assess_gate SET opened_at = now()"
SET_USED = "UPDATE assess_gate SET used_at = now()"
REFUSED = [
    # who      before   statement
    ("alice",  "",      SET_OPEN),
    ("alice",  "",      SET_USED),
    ("alice",  "",      f"{SET_OPEN}, used_at = now()"),
    ("bob",    "",      f"{SET_OPEN}, used_at = now()"),
    ("bob",    "open",  SET_USED),
    ("alice",  "open",  "UPDATE assess_gate SET opened_at = NULL"),
    ("bob",    "used",  "UPDATE assess_gate SET opened_at = NULL, used_at = NULL"),
    ("bob",    "used",  "UPDATE assess_gate SET opened_at = NULL"),
    ("alice",  "used",  "UPDATE assess_gate SET used_at = NULL"),
    ("bob",    "",      "UPDATE assess_gate SET announcement_id = NULL"),
    ("bob",    "",      "UPDATE assess_gate SET path = 'no'"),
    ("bob",    "",      "DELETE FROM assess_gate"),
    ("alice",  "",      "DELETE FROM assess_announcement"),
    ("alice",  "",      "UPDATE assess_announcement SET opens_at = now()"),
    ("alice",  "",      "UPDATE assess_announcement SET period = 1999"),
]  # fmt: skip


@pytest.mark.parametrize(("who", "before", "statement"), REFUSED)
def test_refused_by_the_database(
    who: str, before: str, statement: str, places: UnitTree, cast: Cast
) -> None:
    announce(cast.alice)
    release(places)
    if before:
        open_gate(cast.bob)
    if before == "used":
        look(cast.alice)
    with (
        pytest.raises(DatabaseError),
        as_reach(reach_for(getattr(cast, who))),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_a_leader_does_not_move_the_owners_day(places: UnitTree, cast: Cast) -> None:
    announce(cast.alice)
    with as_reach(reach_for(cast.bob)), connection.cursor() as cursor:
        cursor.execute("UPDATE assess_announcement SET opens_at = opens_at + interval '9 days'")
        assert cursor.rowcount == 0


# Mutants: each rule left out, and what then gets through.


def leaks(places: UnitTree, cast: Cast) -> list[str]:
    """What goes wrong with a gate that is closed, and with one that is open but not looked at."""
    found = []
    for moment in ("closed", "open"):
        if moment == "open":
            open_gate(cast.bob)
        if SCHOOL in peek(cast.alice):
            found.append(f"{moment}: the owner sees it")
        if OTHER in peek(cast.alice, (OTHER,)):
            found.append(f"{moment}: a partner sees it")
        if SCHOOL not in peek(cast.bob):
            found.append(f"{moment}: the school does not see it")
        with as_reach(reach_for(cast.alice)), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM assess_mark")
            if cursor.fetchone()[0]:
                found.append(f"{moment}: the owner sees marks")
    return found


@pytest.fixture
def gated(places: UnitTree, cast: Cast) -> UnitTree:
    announce(cast.alice)
    announce(add_person("olga", "no-1106", "owner"))
    release(places, marks=True)
    release(places, OTHER)
    return places


def test_nothing_leaks(gated: UnitTree, cast: Cast) -> None:
    assert leaks(gated, cast) == []


BEFORE = (
    "((path || '/') ^@ ANY ((SELECT string_to_array((SELECT nullif(current_setting('puls.reach',"
    " true), '')), ','))::text[]) AND depth <= (SELECT nullif(current_setting('puls.depth', true),"
    " ''))::int)"
)
EXISTS = (
    "(gate_id IS NULL OR EXISTS (SELECT FROM assess_gate g JOIN assess_announcement a"
    " ON a.id = g.announcement_id WHERE g.id = gate_id AND ({let})))"
)
OWN = (
    "(split_part((SELECT nullif(current_setting('puls.reach', true), '')), ',', 1)"
    " ^@ (g.path || '/'))"
)
ANY_PATH = (
    "strpos(',' || (SELECT nullif(current_setting('puls.reach', true), '')), ',' || g.path || '/')"
    " > 0"
)
USED, OVER = "g.used_at IS NOT NULL", "a.opens_at <= now()"
MUTANTS = [
    # table         let through by                          what it does wrong
    ("assess_cell", f"{OWN} OR {USED} OR {OVER}",            []),
    ("assess_cell", "true",                                  ["closed: the owner sees it",
                                                              "closed: a partner sees it",
                                                              "open: the owner sees it",
                                                              "open: a partner sees it"]),
    ("assess_cell", f"{OWN} OR g.opened_at IS NOT NULL",     ["open: the owner sees it"]),
    ("assess_cell", f"{ANY_PATH} OR {USED} OR {OVER}",       ["closed: a partner sees it",
                                                              "open: a partner sees it"]),
    ("assess_cell", f"{OWN} OR {USED} OR a.opens_at > now()", ["closed: the owner sees it",
                                                              "closed: a partner sees it",
                                                              "open: the owner sees it",
                                                              "open: a partner sees it"]),
    ("assess_cell", f"{USED} OR {OVER}",                     ["closed: the school does not see it",
                                                              "open: the school does not see it"]),
    ("assess_mark", "true",                                  ["closed: the owner sees marks",
                                                              "open: the owner sees marks"]),
]  # fmt: skip


@pytest.mark.parametrize(("table", "let", "wrong"), MUTANTS)
def test_caught_a_gate_that_lets_too_much_or_too_little_through(
    table: str, let: str, wrong: list[str], gated: UnitTree, cast: Cast, above: Any
) -> None:
    kept = above.execute(
        "SELECT qual FROM pg_policies WHERE tablename = %s AND policyname = 'reach'", [table]
    ).fetchone()[0]
    above.execute(f"ALTER POLICY reach ON {table} USING ({BEFORE} AND {EXISTS.format(let=let)})")
    try:
        assert leaks(gated, cast) == wrong
    finally:
        above.execute(f"ALTER POLICY reach ON {table} USING ({kept})")


def test_caught_a_gate_that_anybody_moves(gated: UnitTree, cast: Cast, above: Any) -> None:
    above.execute("ALTER TABLE assess_gate DISABLE TRIGGER assess_gate_moves")
    try:
        with as_reach(reach_for(cast.alice)), connection.cursor() as cursor:
            cursor.execute(SET_OPEN)
            assert cursor.rowcount > 0
    finally:
        above.execute("ALTER TABLE assess_gate ENABLE TRIGGER assess_gate_moves")
