"""Improvements: who writes them, who reads them, and what the database lets nobody do."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.db import connection
from django.db.utils import IntegrityError, ProgrammingError
from django.http import Http404
from django.utils import translation

from puls.content.process_steps import StepKind
from puls.errors import NotAllowed, NotNow
from puls.web.improve import queries, services, steps
from puls.web.improve.models import Change
from puls.web.improve.proposals import Proposed
from puls.web.improve.states import State
from tests.web.cast import Cast, add_person, reach_for
from tests.web.improve.workshop import (
    DANCE,
    SCHOOL,
    acting,
    begin,
    line,
    read,
    titles,
    write,
)


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


# Who may write at which unit: its own people do, those above and below read.
WRITERS = [
    ("bob", SCHOOL, True),
    ("bob", DANCE, False),
    ("tom", DANCE, True),
    ("tom", SCHOOL, False),
    ("alice", "no-1149", True),
    ("alice", SCHOOL, False),
    # The school is Karmøy's too, and Haugesund's people improve it.
    ("alice", "haugesund-kulturskole", False),
    ("frida", "no-11", False),
    ("frida", "no-1149", False),
    ("nora", "no", False),
]


@pytest.mark.parametrize(("who", "unit", "may"), WRITERS)
def test_who_may_write(who: str, unit: str, may: bool, cast: Cast) -> None:
    member = getattr(cast, who)
    if may:
        key = begin(member, unit)
        assert len(line(member, key)) == 3
        return
    with pytest.raises(NotAllowed, match="Only those who work here"):
        begin(member, unit)


READERS = [
    # who reads what Bob's school works on, and what Alice's municipality does
    ("bob", True, True),
    ("tom", True, True),
    ("alice", True, True),
    # Who takes part stands in a process: it stays within its own administration.
    ("frida", False, False),
    ("nora", False, False),
    ("charlie", False, False),
]


@pytest.mark.parametrize(("who", "school", "municipality"), READERS)
def test_who_reads_it(who: str, school: bool, municipality: bool, cast: Cast) -> None:
    keys = begin(cast.bob), begin(cast.alice)
    for key, sees in zip(keys, (school, municipality), strict=True):
        assert bool(line(getattr(cast, who), key)) is sees


def test_the_journal_is_for_its_own_people(cast: Cast) -> None:
    """What was written and taken back is nobody else's."""
    begin(cast.bob)
    tina = add_person("tina", SCHOOL, "teacher")
    for who, sees in ((cast.bob, 1), (tina, 1), (cast.tom, 0), (cast.alice, 0), (cast.nora, 0)):
        with acting(who):
            assert Change.objects.count() == sees


def test_others_change_nothing_of_it(cast: Cast) -> None:
    key = begin(cast.bob)
    step = line(cast.bob, key)[0]
    for who, why in ((cast.alice, NotAllowed), (cast.tom, NotAllowed), (cast.charlie, NotNow)):
        with pytest.raises(why):
            write(who, step.pk, {"problem": ""}, problem="Ours now")
        with acting(who) as reach:
            for act in (
                lambda: services.improvement_title(reach, key, "Ours", "x", "Eve"),
                lambda: services.improvement_move(reach, key, "under_way", "Eve"),
                lambda: services.undo(reach, key, 1, "Eve"),
                lambda: services.restore(reach, key, 1, "Eve"),
                lambda: steps.step_remove(reach, step.pk, "Eve"),
                lambda: steps.step_shift(reach, step.pk, 2, "Eve"),
                lambda: steps.step_tie(reach, step.pk, [], "Eve"),
            ):
                with pytest.raises(why):
                    act()
    assert line(cast.bob, key)[0].problem == ""
    assert read(cast.bob, key).number == 1


def test_what_is_outside_reach_is_not_there(cast: Cast) -> None:
    key = begin(cast.bob)
    with acting(cast.charlie):
        assert queries.improvement(key) is None
        with pytest.raises(Http404):
            queries.improvement_or_404(key)
        with pytest.raises(Http404):
            queries.step_or_404(uuid4())


@pytest.mark.parametrize(("now", "way"), [("planned", ""), ("under_way", "under_way")])
def test_running_ones_are_those_under_way(now: str, way: str, cast: Cast) -> None:
    key = begin(cast.bob)
    with acting(cast.bob) as reach:
        if way:
            services.improvement_move(reach, key, way, "Bob")
        running = [each.pk for each in queries.running(SCHOOL)]
        assert running == ([key] if now == "under_way" else [])
        assert [each.pk for each in queries.improvements(SCHOOL)] == [key]


def test_what_is_finished_is_read_as_it_was_left(cast: Cast) -> None:
    key = begin(cast.bob)
    step = line(cast.bob, key)[0]
    with acting(cast.bob) as reach:
        services.improvement_move(reach, key, State.UNDER_WAY, "Bob")
        services.improvement_move(reach, key, State.FINISHED, "Bob")
    with pytest.raises(NotNow, match="Take it up again first"):
        write(cast.bob, step.pk, step, problem="Once more")
    with acting(cast.bob) as reach:
        with pytest.raises(NotNow, match="in the meantime"):
            services.improvement_move(reach, key, State.PUT_AWAY, "Bob")
        services.improvement_move(reach, key, State.UNDER_WAY, "Bob")
    write(cast.bob, step.pk, step, problem="Once more")
    assert line(cast.bob, key)[0].problem == "Once more"


def test_steps_can_be_added_moved_and_taken_off(cast: Cast) -> None:
    key = begin(cast.bob)
    know, about, think = line(cast.bob, key)
    with acting(cast.bob) as reach:
        steps.step_shift(reach, think.pk, 1, "Bob")
    assert titles(cast.bob, key) == [think.title, know.title, about.title]
    with acting(cast.bob) as reach:
        steps.step_shift(reach, think.pk, 99, "Bob")
        steps.step_remove(reach, know.pk, "Bob")
        steps.step_add(reach, key, "Bob", Proposed(StepKind.OWN, "A concert"), after=1)
        steps.step_add(reach, key, "Bob", Proposed(StepKind.ACT, "What we do"))
    assert titles(cast.bob, key) == [about.title, "A concert", think.title, "What we do"]
    assert [step.position for step in line(cast.bob, key)] == [1, 2, 3, 4]
    with acting(cast.bob) as reach, pytest.raises(NotNow, match="taken off in the meantime"):
        steps.step_done(reach, know.pk, True, "Bob")


def test_there_is_an_end_to_a_line(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "MOST_STEPS", 3)
    key = begin(cast.bob)
    with acting(cast.bob) as reach, pytest.raises(NotNow, match="at most"):
        steps.step_add(reach, key, "Bob", Proposed(StepKind.OWN, "One more"))


NOT_WRITTEN = [
    # field, value, why not
    ("title", "  ", "needs a title"),
    ("title", "x" * 121, "at most 120"),
    ("problem", "x" * 1001, "at most 1000"),
    ("kind", "party", "no such kind"),
    ("participants", "ola@karmoy.no", "no e-mail addresses"),
    ("minutes_group", 601, "600 minutes"),
    ("minutes_group", -1, "Between 0"),
]


@pytest.mark.parametrize(("field", "value", "why"), NOT_WRITTEN)
def test_what_is_not_written(field: str, value: object, why: str, cast: Cast) -> None:
    key = begin(cast.bob)
    step = line(cast.bob, key)[0]
    with pytest.raises(NotNow, match=why):
        write(cast.bob, step.pk, step, **{field: value})
    assert read(cast.bob, key).number == 1


# Past all code: what the database promises.


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE improve_improvement SET begun_by = 'Charlie'",
        "UPDATE improve_improvement SET path = 'no'",
        "UPDATE improve_step SET improvement_id = gen_random_uuid()",
        "UPDATE improve_change SET made_by = 'Charlie'",
        "DELETE FROM improve_step",
        "DELETE FROM improve_change",
        "DELETE FROM improve_improvement",
    ],
)
def test_the_web_cannot_rewrite_where_it_comes_from(change: str, cast: Cast) -> None:
    begin(cast.bob)
    with pytest.raises(ProgrammingError, match="permission denied"), acting(cast.bob):
        connection.cursor().execute(change)


PATH = f"no/no-11/no-1149/{SCHOOL}"
IMPROVEMENT = (
    "INSERT INTO improve_improvement (id, tenant_id, unit_id, path, depth, title, template, state,"
    " number, begun_by, begun_at, changed_by, changed_at)"
    " VALUES (%s, %s, %s, %s, %s, 'x', '', 'planned', 0, 'Eve', now(), 'Eve', now())"
)
STEP = (
    "INSERT INTO improve_step (id, improvement_id, tenant_id, path, depth, of_template, kind,"
    " title, problem, questions, comments, participants, minutes_alone, minutes_group,"
    " minutes_together, ties, done) VALUES (%s, %s, %s, %s, %s, 0, 'own', 'x', '', '', '', '',"
    " 0, 0, 0, '[]', false)"
)
CHANGE = (
    "INSERT INTO improve_change (id, improvement_id, tenant_id, path, depth, number, act, subject,"
    " before, after, made_by, made_at)"
    " VALUES (%s, %s, %s, %s, %s, 99, 'written', '', '{}', '{}', 'Eve', now())"
)


@pytest.mark.parametrize("who", ["alice", "tom", "charlie", "frida", "nora"])
def test_the_database_lets_nobody_write_for_another_unit(who: str, cast: Cast) -> None:
    """Also not with a tenant or a path of one's own and another's unit or improvement."""
    key = begin(cast.bob)
    reach = reach_for(getattr(cast, who))
    own = reach.paths[0]
    closed = "row-level security"
    for statement, about, kept in (
        (IMPROVEMENT, SCHOOL, "improvement_path_is_of_unit"),
        (STEP, key, "step_is_where_its_improvement_is"),
        (CHANGE, key, "change_is_where_its_improvement_is"),
    ):
        for tenant, path, refused in (
            ("no-1149", PATH, closed),
            (reach.tenant_key, PATH, closed),
            (reach.tenant_key, own, kept),
        ):
            given = [uuid4(), about, tenant] if about == key else [uuid4(), tenant, about]
            row = [*given, path, path.count("/")]
            with (
                pytest.raises((ProgrammingError, IntegrityError), match=refused),
                acting(getattr(cast, who)),
            ):
                connection.cursor().execute(statement, row)


def test_the_database_lets_nobody_change_what_another_unit_works_on(cast: Cast) -> None:
    begin(cast.bob)
    for who in (cast.alice, cast.tom, cast.charlie, cast.frida, cast.nora):
        for table in ("improve_improvement", "improve_step"):
            with acting(who), connection.cursor() as cursor:
                cursor.execute(f"UPDATE {table} SET title = 'Ours'")
                assert cursor.rowcount == 0


BROKEN = [
    ("UPDATE improve_step SET position = 1", "step_has_its_own_position"),
    ("UPDATE improve_step SET position = 0", "step_position_counts_from_1"),
    ("UPDATE improve_step SET kind = 'party'", "step_kind_is_known"),
    ("UPDATE improve_step SET title = ''", "step_has_a_title"),
    ("UPDATE improve_step SET ends = '2026-01-02'", "step_ends_after_it_starts"),
    (
        "UPDATE improve_step SET starts = '2026-01-03', ends = '2026-01-02'",
        "step_ends_after_it_starts",
    ),
    ("UPDATE improve_improvement SET title = ''", "improvement_has_a_title"),
    ("UPDATE improve_improvement SET state = 'lost'", "improvement_state_is_known"),
]


@pytest.mark.parametrize(("change", "promise"), BROKEN)
def test_what_the_database_promises(change: str, promise: str, cast: Cast) -> None:
    begin(cast.bob)
    with pytest.raises(IntegrityError, match=promise), acting(cast.bob):
        connection.cursor().execute(change)
