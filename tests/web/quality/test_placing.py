"""Placing the school on a rubric: alone while it is open, as a spread once it is closed."""

from collections.abc import Iterator
from threading import Thread
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, connections
from django.db.utils import IntegrityError, ProgrammingError
from django.utils import translation

from puls.errors import NotAllowed, NotNow
from puls.web.quality import counting, placing, queries
from puls.web.quality.models import Placement, Placing, Spread
from puls.web.tenants.access import as_whole_tree
from puls.web.tenants.models import Membership, Unit
from tests.database import superuser
from tests.web.cast import Cast, add_person
from tests.web.quality.staff import (
    DANCE,
    OTHER,
    RUBRIC,
    SCHOOL,
    YEAR,
    close,
    give,
    opened,
    placed,
    signed_in,
    staff,
    told,
)


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


MAY = [
    # who, opens and closes, places the school (a teacher of a department is of its staff)
    ("bob", True, True),
    ("tom", False, True),
    ("alice", False, False),
    ("frida", False, False),
    ("nora", False, False),
    ("charlie", False, False),
]


@pytest.mark.parametrize(("who", "runs", "gives"), MAY)
def test_who_may_what(who: str, runs: bool, gives: bool, cast: Cast) -> None:
    member, found = getattr(cast, who), opened(cast.bob)
    acts: list[tuple[bool, Any]] = [
        (runs, lambda reach: placing.placing_open(reach, found.unit, YEAR - 1, "x")),
        (runs, lambda reach: counting.enough(reach, found)),
        (gives, lambda reach: placing.placement_give(reach, member.user_id, found, RUBRIC, 2, "")),
        (gives, lambda reach: placing.placement_withdraw(reach, member.user_id, found, RUBRIC)),
        (
            runs,
            lambda reach: counting.spread_add(reach, found.unit, YEAR, RUBRIC, [5] * 4, uuid4()),
        ),
        (runs, lambda reach: placing.spreads_show(reach, found.unit, YEAR, "x", shown=True)),
        (runs, lambda reach: counting.placing_close(reach, found, "x")),
    ]
    for may, act in acts:
        with signed_in(member) as reach:
            if may:
                act(reach)
                continue
            with pytest.raises(NotAllowed, match="Only"):
                act(reach)


def test_a_department_has_no_placing_of_its_own(cast: Cast) -> None:
    dance_leader = add_person("dina", DANCE, "leader")
    with signed_in(dance_leader) as reach, pytest.raises(NotAllowed):
        placing.placing_open(reach, Unit.objects.get(key=DANCE), YEAR, "Dina")


def test_everybody_sees_and_changes_only_the_own_placement(cast: Cast) -> None:
    found, (one, two) = opened(cast.bob), staff(2)
    give(one, found, 1)
    give(one, found, 3, "  More   time ")
    give(two, found, 4)
    for who, level in ((one, 3), (two, 4)):
        with signed_in(who):
            (own,) = queries.own_placements(found).values()
            assert own.level == level
            assert Placement.objects.count() == 1, "past all code: no other row is there"
    with signed_in(cast.bob):
        assert Placement.objects.count() == 0, "a leader is no exception"
    with signed_in(one) as reach:
        assert queries.own_placements(found)[RUBRIC].reason == "More time"
        placing.placement_withdraw(reach, one.user_id, found, RUBRIC)
        assert queries.own_placements(found) == {}


def test_nobody_places_for_somebody_else(cast: Cast) -> None:
    found, (one, two) = opened(cast.bob), staff(2)
    with pytest.raises(ProgrammingError, match="row-level security"), signed_in(one) as reach:
        placing.placement_give(reach, two.user_id, found, RUBRIC, 1, "")
    give(two, found, 4)
    with signed_in(one), connection.cursor() as cursor:
        for past_all_code in (
            "UPDATE quality_placement SET level = 1", "DELETE FROM quality_placement",
        ):  # fmt: skip
            cursor.execute(past_all_code)
            assert cursor.rowcount == 0


def test_a_placement_carries_no_time(db: None) -> None:
    with superuser() as admin:
        kinds = admin.execute(
            "SELECT data_type FROM information_schema.columns"
            " WHERE table_name IN ('quality_placement', 'quality_reason')"
        ).fetchall()
    assert not [kind for (kind,) in kinds if "time" in kind or kind in ("date", "bigint")]


CLOSED = [
    # levels that people placed the school on, what the team is told
    ([1, 2, 3, 3, 4], (1, 1, 2, 1)),
    ([2, 2, 2, 3, 3, 3, 3, 4], (0, 3, 4, 1)),
    ([1, 2, 3, 4], None),
    ([2, 2, 2, 2, 2, 2], None),
]


@pytest.mark.parametrize(("levels", "counts"), CLOSED)
def test_what_the_team_is_told_once_it_is_closed(
    levels: list[int], counts: tuple[int, ...] | None, cast: Cast
) -> None:
    found, people = opened(cast.bob), staff(len(levels))
    for who, level in zip(people, levels, strict=True):
        give(who, found, level, "Why")
    for who in (*people, cast.bob):
        assert told(who) == [], "nothing before it is closed"
    close(cast.bob, found)
    assert told(people[0]) == told(cast.bob) == told(cast.tom) == [counts]
    with signed_in(cast.bob):
        row = Spread.objects.get(rubric=RUBRIC)
        assert sum(row.counts) == (sum(counts) if counts else 0), "what is hidden is nowhere"
        reasons = queries.reasons(row.pk, only_read=False)
    assert len(reasons) == (len(levels) if counts else 0)
    with superuser() as admin:
        assert admin.execute("SELECT count(*) FROM quality_placement").fetchone() == (0,)


def test_after_closing_nothing_more_is_placed_or_withdrawn(cast: Cast) -> None:
    people = staff(5)
    found = placed(cast.bob, people, [1, 2, 3, 4, 4])
    with signed_in(people[0]) as reach:
        for act in (
            lambda: placing.placement_give(reach, people[0].user_id, found, RUBRIC, 4, ""),
            lambda: placing.placement_withdraw(reach, people[0].user_id, found, RUBRIC),
        ):
            with pytest.raises(NotNow, match="closed, and the answers are counted"):
                act()
    with pytest.raises(NotNow, match="closed already"):
        close(cast.bob, found)
    with pytest.raises(NotNow, match="opened already"):
        opened(cast.bob)
    with pytest.raises(ProgrammingError, match="row-level security"), signed_in(people[0]):
        Placement.objects.create(
            tenant_id=found.tenant_id, unit_id=found.unit_id, path=found.path, depth=found.depth,
            placing_id=found.pk, rubric=RUBRIC, user_id=people[0].user_id, level=1,
        )  # fmt: skip


def test_who_places_while_it_is_being_closed_is_counted_or_told(cast: Cast) -> None:
    """The last one waits for the counting, and then finds it closed: no row is left behind."""
    found, people = opened(cast.bob), staff(6)
    for who, level in zip(people[:5], [1, 2, 3, 4, 4], strict=True):
        give(who, found, level)
    heard: list[str] = []

    def late() -> None:
        try:
            with translation.override("en"):
                give(people[5], found, 1)
        except NotNow as reason:
            heard.append(str(reason))
        finally:
            connections.close_all()

    with as_whole_tree("assess"):
        counting.wait_for_turn(SCHOOL, "assess")
        thread = Thread(target=late)
        thread.start()
        thread.join(0.3)
        assert thread.is_alive(), "the late one waits for the counting"
        Placing.objects.using("assess").filter(pk=found.pk).update(
            closed_by="Bob", closed_at="2026-01-01T00:00:00Z"
        )
    thread.join(10)
    assert heard == ["The placing is closed, and the answers are counted."]


def test_the_leader_hears_only_whether_there_are_enough(cast: Cast) -> None:
    found, people = opened(cast.bob), staff(5)
    for n, who in enumerate(people):
        with signed_in(cast.bob) as reach:
            assert counting.enough(reach, found)[RUBRIC] is False, f"{n} people"
        give(who, found, 2)
    with signed_in(cast.bob) as reach:
        assert counting.enough(reach, found) == {
            key: key == RUBRIC for key in counting.pack().rubrics
        }


def test_reasons_are_read_first_and_stand_in_no_order_of_people(cast: Cast) -> None:
    people = staff(6)
    found = placed(cast.bob, people, [1, 2, 3, 3, 4, 2])
    with signed_in(cast.bob) as reach:
        spread = Spread.objects.get(rubric=RUBRIC)
        every = queries.reasons(spread.pk, only_read=False)
        assert {each.text for each in every} == {f"Reason of {p.user.name}" for p in people}
        assert queries.reasons(spread.pk, only_read=True) == []
        chosen = [each.id for each in every[:2]]
        placing.reasons_let_through(reach, spread.pk, chosen)
        placing.reasons_let_through(reach, spread.pk, chosen[:1])
    with signed_in(people[0]) as reach:
        (seen,) = queries.reasons(spread.pk, only_read=True)
        assert seen.id == chosen[0]
        with pytest.raises(NotAllowed):
            placing.reasons_let_through(reach, spread.pk, chosen)
    with signed_in(cast.alice):
        assert queries.reasons(spread.pk, only_read=False) == []
    assert found.pk == spread.reference


def test_the_owner_sees_spreads_when_the_leader_shows_them(cast: Cast) -> None:
    placed(cast.bob, staff(5), [1, 2, 3, 4, 4])
    for shown in (True, False, True):
        with signed_in(cast.bob) as reach:
            placing.spreads_show(reach, Unit.objects.get(key=SCHOOL), YEAR, "Bob", shown=shown)
        assert told(cast.alice) == ([(1, 1, 1, 2)] if shown else [])
        assert told(cast.bob) == [(1, 1, 1, 2)]
        for far in (cast.charlie, cast.frida, cast.nora):
            assert told(far) == []
        with signed_in(cast.alice):
            assert queries.placing(SCHOOL, YEAR) is None


def test_years_stand_beside_each_other_and_a_meeting_beside_the_staff(cast: Cast) -> None:
    people = staff(6)
    placed(cast.bob, people, [1, 2, 3, 4, 4, 4], YEAR - 1)
    placed(cast.bob, people, [2, 2, 3, 4, 4, 4], YEAR)  # another year is another question

    def met(counts: list[int], rubric: str = RUBRIC, reference: Any = None) -> bool:
        with signed_in(cast.bob) as reach:
            unit, vote = Unit.objects.get(key=SCHOOL), reference or uuid4()
            return counting.spread_add(reach, unit, YEAR, rubric, counts, vote)

    vote = uuid4()
    assert not met([0, 3, 1, 3]), "one came since the staff was told"
    assert met([0, 8, 1, 3], reference=vote)
    assert met([9, 9, 9, 9], reference=vote), "handed over twice: the first stands"
    assert not met([1, 1, 1, 1], OTHER)
    assert told(cast.bob) == [(1, 1, 1, 3), (0, 2, 1, 3), None, (0, 8, 1, 3)]
    with signed_in(cast.bob):
        assert queries.newest_spreads(SCHOOL)[RUBRIC].counts == (0, 8, 1, 3)
        assert queries.spreads_of_year(SCHOOL, YEAR)[OTHER].counts is None


@pytest.mark.parametrize("counts", [[5, 5, 5], [5, 5, 5, -1], [1, 2, 3, 4, 5]])
def test_what_is_no_spread(counts: list[int], cast: Cast) -> None:
    with signed_in(cast.bob) as reach, pytest.raises(NotNow, match="no spread"):
        counting.spread_add(reach, Unit.objects.get(key=SCHOOL), YEAR, RUBRIC, counts, uuid4())


NO_PLACEMENT = [
    (RUBRIC, 0, "", "four levels"),
    (RUBRIC, 5, "", "four levels"),
    ("happiness", 2, "", "four levels"),
    (RUBRIC, 2, "x" * 601, "at most 600"),
]


@pytest.mark.parametrize(("rubric", "level", "reason", "why"), NO_PLACEMENT)
def test_what_is_no_placement(rubric: str, level: int, reason: str, why: str, cast: Cast) -> None:
    found = opened(cast.bob)
    with pytest.raises(NotNow, match=why):
        give(cast.tom, found, level, reason, rubric)


# The database's own rules.

SPREAD = (
    "INSERT INTO quality_spread (id, tenant_id, unit_id, path, depth, period, rubric, source,"
    " reference, k, level_1, level_2, level_3, level_4, is_told, made_at, shown_by) VALUES"
    " (gen_random_uuid(), 'no-1149', %(unit)s, %(path)s, 3, 2025, 'mission', %(source)s,"
    " gen_random_uuid(), %(k)s, %(a)s, %(b)s, %(c)s, 0, %(told)s, now(), '')"
)
PATH = f"no/no-11/no-1149/{SCHOOL}"
GOOD = {
    "unit": SCHOOL, "path": PATH, "source": "meeting", "k": 5, "a": 1, "b": 2, "c": 3, "told": True,
}  # fmt: skip


def put(who: Membership, **change: Any) -> None:
    with signed_in(who), connection.cursor() as cursor:
        cursor.execute(SPREAD, {**GOOD, **change})


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"a": 0, "b": 1}, "spread_of_enough_or_none"),
        ({"k": 1, "a": 0, "b": 1, "c": 1}, "spread_of_enough_or_none"),
        ({"told": False}, "spread_of_enough_or_none"),
        ({"a": 0, "b": 0, "c": 8}, "spread_is_not_all_alike"),
        ({"source": "rumour"}, "spread_source_known"),
        ({"unit": DANCE}, "path_is_of_unit"),
    ],
)
def test_spreads_that_the_database_refuses(change: dict[str, Any], name: str, cast: Cast) -> None:
    put(cast.bob)
    with pytest.raises(IntegrityError, match=name):
        put(cast.bob, **change)


@pytest.mark.parametrize("who", ["alice", "tom", "charlie", "frida", "nora"])
def test_the_database_lets_nobody_put_a_spread_at_another_school(who: str, cast: Cast) -> None:
    with pytest.raises(ProgrammingError, match="row-level security"):
        put(getattr(cast, who))


def test_counting_is_the_counting_roles_alone(cast: Cast) -> None:
    """puls_owner, whom migrations run as, reads no placement either; only a superuser could."""
    give(cast.tom, opened(cast.bob), 2)
    with as_whole_tree("owner"):
        assert Placement.objects.using("owner").count() == 0
    with pytest.raises(ProgrammingError, match="permission denied"), as_whole_tree("intake"):
        Placement.objects.using("intake").count()
    with as_whole_tree("assess"):
        assert Placement.objects.using("assess").count() == 1
