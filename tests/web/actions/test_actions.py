"""Actions: who writes them, how they move, what they start from, and that their history is kept."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.db.utils import IntegrityError, ProgrammingError
from django.http import Http404
from django.utils import translation

from puls.errors import NotAllowed, NotNow
from puls.web.actions import queries, services
from puls.web.actions.models import Action
from puls.web.actions.notes import Origin
from puls.web.actions.planned import Planned, Wanted
from puls.web.actions.states import Move, State
from puls.web.assess.models import Release
from puls.web.tenants.access import as_reach
from puls.web.tenants.models import Membership, Unit
from tests.web.cast import Cast, add_person, reach_for
from tests.web.see import world

SCHOOL, DANCE = "karmoy-kulturskole", "karmoy-kulturskole.dans"
PLAN = Planned("A plan for practising with weekly feedback", why="They ask what is next.")


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def add(who: Membership, plan: Planned = PLAN, unit: str = "", **more: Any) -> UUID:
    reach = reach_for(who)
    with as_reach(reach):
        place = Unit.objects.get(key=unit or reach.unit)
        return services.action_add(reach, place, plan, written_by="Bob", **more).pk


def move(who: Membership, key: UUID, *moves: str) -> None:
    reach = reach_for(who)
    for each in moves:
        with as_reach(reach):
            services.action_move(reach, key, Move(each), written_by="Bob")


def tell(who: Membership, key: UUID, progress: int | None, comment: str = "") -> None:
    reach = reach_for(who)
    with as_reach(reach):
        services.progress_add(reach, key, progress=progress, comment=comment, written_by="Bob")


def read(who: Membership, key: UUID) -> Any:
    with as_reach(reach_for(who)):
        return queries.action_or_404(key)


WRITERS = [
    ("bob", SCHOOL, True),
    ("bob", DANCE, False),
    ("tom", DANCE, True),
    ("tom", SCHOOL, False),
    ("alice", "no-1149", True),
    ("alice", SCHOOL, False),
    ("alice", "haugesund-kulturskole", False),
    ("frida", "no-11", False),
    ("nora", "no", False),
]


@pytest.mark.parametrize(("who", "unit", "may"), WRITERS)
def test_who_may_write(who: str, unit: str, may: bool, cast: Cast) -> None:
    member = getattr(cast, who)
    if may:
        assert read(member, add(member, unit=unit)).what == PLAN.what
        return
    with pytest.raises(NotAllowed, match="Only those who work here"):
        add(member, unit=unit)


READERS = [
    # who reads what Bob's school does, and what Alice's municipality does
    ("bob", True, True),
    ("tom", True, True),
    ("alice", True, True),
    # Nobody outside the administration, however high.
    ("frida", False, False),
    ("nora", False, False),
    ("charlie", False, False),
]


@pytest.mark.parametrize(("who", "school", "municipality"), READERS)
def test_who_reads_it(who: str, school: bool, municipality: bool, cast: Cast) -> None:
    keys = add(cast.bob), add(cast.alice)
    tell(cast.bob, keys[0], None, "Two groups have begun.")
    for key, may in zip(keys, (school, municipality), strict=True):
        with as_reach(reach_for(getattr(cast, who))):
            if may:
                assert queries.action_or_404(key).id == key
            else:
                with pytest.raises(Http404):
                    queries.action_or_404(key)
            assert bool(queries.progress_of(key)) is may


def test_a_teacher_of_the_school_writes_for_the_school(cast: Cast) -> None:
    tina = add_person("tina", SCHOOL, "teacher")
    key = add(tina)
    move(tina, key, "agree", "begin")
    assert read(cast.bob, key).state is State.UNDER_WAY


def test_an_owner_reads_all_below_at_once(cast: Cast) -> None:
    for who in (cast.bob, cast.tom, cast.alice):
        add(who)
    with as_reach(reach_for(cast.alice)):
        assert {each.unit for each in queries.actions("no-1149", below=True)} == {
            "no-1149",
            SCHOOL,
            DANCE,
        }
        assert {each.unit for each in queries.actions("no-1149")} == {"no-1149"}


def test_a_life(cast: Cast) -> None:
    key = add(cast.bob)
    move(cast.bob, key, "agree", "begin")
    tell(cast.bob, key, 40, "Two of five groups.")
    begun = read(cast.bob, key)
    assert (begun.state, begun.progress, begun.ended_on) == (State.UNDER_WAY, 40, None)
    assert begun.begun_on is not None
    move(cast.bob, key, "finish")
    over = read(cast.bob, key)
    assert (over.state, over.progress, over.is_open) == (State.DONE, 100, False)
    assert over.ended_on is not None
    move(cast.bob, key, "take_up")
    again = read(cast.bob, key)
    assert (again.state, again.ended_on, again.begun_on) == (
        State.UNDER_WAY,
        None,
        begun.begun_on,
    )
    with as_reach(reach_for(cast.bob)):
        told = [(each.state, each.progress, each.comment) for each in queries.progress_of(key)]
    assert told == [
        (State.UNDER_WAY, 100, ""),
        (State.DONE, 100, ""),
        (State.UNDER_WAY, 40, "Two of five groups."),
        (State.UNDER_WAY, 0, ""),
        (State.AGREED, 0, ""),
        (State.PROPOSED, 0, ""),
    ]


def test_a_move_that_the_table_does_not_have_is_refused_and_nothing_is_told(cast: Cast) -> None:
    key = add(cast.bob)
    with pytest.raises(NotNow, match="moved this action just now"):
        move(cast.bob, key, "finish")
    with as_reach(reach_for(cast.bob)):
        assert len(queries.progress_of(key)) == 1
    assert read(cast.bob, key).state is State.PROPOSED


NOT_TOLD = [
    # state reached by, progress, comment, why not
    ((), 20, "", "Begin the action"),
    (("begin",), 101, "", "from 0 to 100"),
    (("begin",), -1, "", "from 0 to 100"),
    (("begin",), 0, "  ", "Write what has happened"),
    (("begin", "finish"), 80, "", "Begin the action"),
]


@pytest.mark.parametrize(("moves", "progress", "comment", "why"), NOT_TOLD)
def test_what_cannot_be_said(
    moves: tuple[str, ...], progress: int, comment: str, why: str, cast: Cast
) -> None:
    key = add(cast.bob)
    move(cast.bob, key, *moves)
    with pytest.raises(NotNow, match=why):
        tell(cast.bob, key, progress, comment)


@pytest.mark.parametrize("who", ["alice", "tom", "charlie"])
def test_others_neither_move_change_nor_tell(who: str, cast: Cast) -> None:
    key, member = add(cast.bob), getattr(cast, who)
    refused = NotNow if who == "charlie" else NotAllowed
    with pytest.raises(refused):
        move(member, key, "agree")
    with pytest.raises(refused):
        tell(member, key, None, "Ours now.")
    reach = reach_for(member)
    with as_reach(reach), pytest.raises(refused):
        services.action_change(reach, key, PLAN, changed_by="Eve")


NO_PLANS = [
    # what is wrong, why not
    ({"what": "  "}, "Write what you will do"),
    ({"what": "x" * 201}, "at most 200"),
    ({"starts": date(2026, 3, 2), "due": date(2026, 3, 1)}, "before it starts"),
    ({"decision": uuid4()}, "no such decision"),
    ({"rubric": "nonsense"}, "no rubric"),
    ({"aims": [Wanted("student_happiness")]}, "no indicator"),
    ({"aims": [Wanted(world.FEEDBACK), Wanted(world.FEEDBACK)]}, "each indicator once"),
    ({"aims": [Wanted(world.FEEDBACK, "", 0.3)]}, "up or down"),
    ({"aims": [Wanted(world.FEEDBACK, "up", -0.3)]}, "above 0"),
    ({"aims": [Wanted(f"x{n}") for n in range(6)]}, "at most 5"),
]


@pytest.mark.parametrize(("wrong", "why"), NO_PLANS)
def test_what_is_no_plan(wrong: dict[str, Any], why: str, cast: Cast) -> None:
    with pytest.raises(NotNow, match=why):
        add(cast.bob, replace(PLAN, **wrong))
    with as_reach(reach_for(cast.bob)):
        assert queries.actions(SCHOOL) == []


def test_a_decision_of_another_unit_is_no_reason(cast: Cast) -> None:
    reach = reach_for(cast.alice)
    with as_reach(reach):
        place = Unit.objects.get(key="no-1149")
        key = services.decision_add(reach, place, "All schools ask.", written_by="Alice").pk
    with pytest.raises(NotNow, match="no such decision"):
        add(cast.bob, replace(PLAN, decision=key))


def test_it_starts_from_the_newest_cell_that_is_shown(released: Release, cast: Cast) -> None:
    key = add(
        cast.bob,
        replace(PLAN, aims=[Wanted(world.FEEDBACK, "up", 0.3), Wanted("parent_wellbeing")]),
    )
    found = read(cast.bob, key)
    first, second = found.aims
    assert (first.period, first.release) == (world.PERIOD, released.pk)
    assert (first.direction, first.amount) == ("up", 0.3)
    assert (second.period, second.release) == (None, None), "nothing is shown of it"
    with as_reach(reach_for(cast.bob)):
        cell = queries.baseline(SCHOOL, first)
        assert queries.baseline(SCHOOL, second) is None
    assert cell is not None
    assert (cell.value, cell.n) == (3.4, 148)


def test_the_starting_point_stays_when_a_correction_comes(
    released: Release, places: Any, cast: Cast
) -> None:
    plan = replace(PLAN, aims=[Wanted(world.FEEDBACK)])
    key = add(cast.bob, plan)
    world.correct(places, 12)
    reach = reach_for(cast.bob)
    with as_reach(reach):
        services.action_change(
            reach,
            key,
            replace(plan, what="Another", aims=[Wanted(world.FEEDBACK, "up", 0.2)]),
            changed_by="Tina",
        )
        found = queries.action_or_404(key)
        cell = queries.baseline(SCHOOL, found.aims[0])
    assert cell is not None
    assert (cell.value, cell.n) == (3.4, 148)
    assert (found.what, found.written_by, found.changed_by) == ("Another", "Bob", "Tina")
    assert (found.aims[0].direction, found.aims[0].amount) == ("up", 0.2)


def test_a_hidden_cell_is_no_starting_point(released: Release, cast: Cast) -> None:
    key = add(cast.tom, replace(PLAN, aims=[Wanted(world.FEEDBACK)]))
    assert read(cast.tom, key).aims[0].period is None


def test_an_indicator_can_be_left_out_again(released: Release, cast: Cast) -> None:
    key = add(cast.bob, replace(PLAN, aims=[Wanted(world.FEEDBACK), Wanted(world.WELLBEING)]))
    reach = reach_for(cast.bob)
    with as_reach(reach):
        services.action_change(
            reach, key, replace(PLAN, aims=[Wanted(world.WELLBEING)]), changed_by="Bob"
        )
        assert [aim.indicator for aim in queries.action_or_404(key).aims] == [world.WELLBEING]
        assert queries.actions_for(SCHOOL, world.FEEDBACK) == []
        assert [each.id for each in queries.actions_for(SCHOOL, world.WELLBEING)] == [key]


def test_what_comes_from_a_meeting_or_an_improvement_is_found_by_it(cast: Cast) -> None:
    improvement, step, meeting = uuid4(), uuid4(), uuid4()
    reach = reach_for(cast.bob)
    with as_reach(reach):
        place = Unit.objects.get(key=SCHOOL)
        decision = services.decision_add(
            reach, place, "We begin with feedback.", written_by="Bob",
            improvement=improvement, step=step, meeting=meeting,
        )  # fmt: skip
    key = add(cast.bob, replace(PLAN, decision=decision.pk), improvement=improvement)
    add(cast.bob)
    with as_reach(reach):
        assert [each.id for each in queries.actions_of(decision.pk)] == [key]
        assert [each.id for each in queries.actions_from(Origin(improvement))] == [key]
        for origin in (Origin(improvement), Origin(step=step), Origin(meeting=meeting)):
            assert [each.id for each in queries.decisions_from(origin)] == [decision.pk]
        assert queries.decisions_from(Origin(meeting=uuid4())) == []


def test_a_member_finds_what_is_theirs_and_an_ended_name_stays(cast: Cast) -> None:
    key = add(cast.bob, replace(PLAN, responsible=cast.tom))
    add(cast.bob, replace(PLAN, responsible_name="The parents' council"))
    with as_reach(reach_for(cast.tom)):
        (mine,) = queries.actions_by(cast.tom.pk)
    assert (mine.id, mine.responsible_name) == (key, "Tom")
    move(cast.bob, key, "stop")
    with as_reach(reach_for(cast.tom)):
        assert queries.actions_by(cast.tom.pk) == []


# What the database keeps, past all code.


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE actions_action SET written_by = 'Charlie'",
        "UPDATE actions_action SET meeting = gen_random_uuid()",
        "UPDATE actions_aim SET baseline_id = NULL, period = NULL",
        "UPDATE actions_progress SET comment = 'Never'",
        "DELETE FROM actions_progress",
        "DELETE FROM actions_action",
        "UPDATE actions_decision SET written_by = 'Charlie'",
        "DELETE FROM actions_decision",
    ],
)
def test_the_web_cannot_rewrite_what_was(change: str, released: Release, cast: Cast) -> None:
    add(cast.bob, replace(PLAN, aims=[Wanted(world.FEEDBACK)]))
    with pytest.raises(ProgrammingError, match="permission denied"), as_reach(reach_for(cast.bob)):
        connection.cursor().execute(change)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ("state = 'done', ended_on = now(), progress = 40", "done_is_all_of_it"),
        ("state = 'done', progress = 100", "ended_or_not"),
        ("ended_on = now()", "ended_or_not"),
        ("state = 'sleeping'", "state_known"),
        ("progress = 101", "progress_is_one"),
        ("what = ''", "says_something"),
        ("starts = '2026-02-02', due = '2026-02-01'", "due_after_it_starts"),
        ("rubric_level = 3", "level_is_of_a_rubric"),
        ("changed_by = 'Eve'", "changed_by_somebody"),
    ],
)
def test_the_database_knows_the_rules_too(change: str, rule: str, cast: Cast) -> None:
    add(cast.bob)
    with pytest.raises(IntegrityError, match=rule), as_reach(reach_for(cast.bob)):
        connection.cursor().execute(f"UPDATE actions_action SET {change}")


@pytest.mark.parametrize("who", ["alice", "tom", "charlie"])
def test_the_database_lets_nobody_change_what_another_unit_does(who: str, cast: Cast) -> None:
    add(cast.bob)
    with as_reach(reach_for(getattr(cast, who))), connection.cursor() as cursor:
        cursor.execute("UPDATE actions_action SET what = 'Ours'")
        assert cursor.rowcount == 0


@pytest.mark.parametrize("who", ["alice", "tom", "charlie", "frida", "nora"])
def test_the_database_lets_nobody_tell_of_anothers_action(who: str, cast: Cast) -> None:
    """Past all code: also not with a tenant or a path of one's own."""
    key, reach = add(cast.bob), reach_for(getattr(cast, who))
    own, theirs = reach.paths[0], f"no/no-11/no-1149/{SCHOOL}"
    for tenant, path, refused in (
        ("no-1149", theirs, "row-level security"),
        (reach.tenant_key, theirs, "row-level security"),
        (reach.tenant_key, own, "progress_path_is_of_action"),
    ):
        place = [key, tenant, path, path.count("/")]
        with pytest.raises((ProgrammingError, IntegrityError), match=refused), as_reach(reach):
            connection.cursor().execute(
                "INSERT INTO actions_progress (action_id, tenant_id, path, depth, state, progress,"
                " comment, written_by, written_at)"
                " VALUES (%s, %s, %s, %s, 'done', 100, '', 'Eve', now())",
                place,
            )


def test_without_a_reach_a_query_is_an_error(cast: Cast) -> None:
    from django_scopes import ScopeError

    with pytest.raises(ScopeError):
        Action.objects.count()
