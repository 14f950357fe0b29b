"""What teams think: who writes it, who reads it, and that its history is kept."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.db.utils import IntegrityError, ProgrammingError
from django.http import Http404
from django.utils import translation

from puls.errors import NotAllowed, NotNow
from puls.web.tenants.access import as_reach
from puls.web.tenants.models import Membership, Unit
from puls.web.thoughts import queries, services
from puls.web.thoughts.models import Thought
from tests.web.cast import Cast, add_person, reach_for

A, B, C = "student_feedback", "student_mastery_expectation", "student_wellbeing"
SCHOOL, DANCE = "karmoy-kulturskole", "karmoy-kulturskole.dans"


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def write(
    who: Membership, unit: str = "", a: str = A, b: str = B, note: str = "So we think."
) -> Any:
    reach = reach_for(who)
    with as_reach(reach):
        place = Unit.objects.get(key=unit or reach.unit)
        return services.thought_add(reach, place, a, b, note, "Bob").pk


def read(who: Membership, unit: str) -> list[str]:
    with as_reach(reach_for(who)):
        return [told.note for told in queries.thoughts(unit)]


# Who may write about which unit: its own people do, those above and below read.
WRITERS = [
    ("bob", SCHOOL, True),
    ("bob", DANCE, False),
    ("tom", DANCE, True),
    ("tom", SCHOOL, False),
    ("alice", "no-1149", True),
    ("alice", SCHOOL, False),
    # The school is Karmøy's too, and Haugesund's people write about it.
    ("alice", "haugesund-kulturskole", False),
    ("frida", "no-11", False),
    ("frida", "no-1149", False),
    ("nora", "no", False),
]


@pytest.mark.parametrize(("who", "unit", "may"), WRITERS)
def test_who_may_write(who: str, unit: str, may: bool, cast: Cast) -> None:
    member = getattr(cast, who)
    if may:
        write(member, unit)
        assert read(member, unit) == ["So we think."]
        return
    with pytest.raises(NotAllowed, match="Only those who work here"):
        write(member, unit)


def test_a_teacher_of_the_school_writes_for_the_school(cast: Cast) -> None:
    tina = add_person("tina", SCHOOL, "teacher")
    write(tina)
    assert read(cast.bob, SCHOOL) == ["So we think."]


READERS = [
    # who reads what Bob's school thinks, and what Alice's municipality thinks
    ("bob", True, True),
    ("tom", True, True),
    ("alice", True, True),
    # Counties and the nation see municipalities, not schools.
    ("frida", False, True),
    ("nora", False, True),
    ("charlie", False, False),
]


@pytest.mark.parametrize(("who", "school", "municipality"), READERS)
def test_who_reads_it(who: str, school: bool, municipality: bool, cast: Cast) -> None:
    write(cast.bob)
    write(cast.alice)
    assert bool(read(getattr(cast, who), SCHOOL)) is school
    assert bool(read(getattr(cast, who), "no-1149")) is municipality


def test_its_words_can_be_changed_and_who_wrote_it_first_stays_known(cast: Cast) -> None:
    key = write(cast.bob)
    tina = add_person("tina", SCHOOL, "teacher")
    reach = reach_for(tina)
    with as_reach(reach):
        services.thought_change(reach, key, "So we think.", "Tina")
        (same,) = queries.thoughts(SCHOOL)
        assert (same.changed_by, same.changed_at) == ("", None), "nothing was changed"
        services.thought_change(reach, key, "  We think otherwise. ", "Tina")
        told = queries.thought_or_404(key)
    assert (told.note, told.written_by, told.changed_by) == ("We think otherwise.", "Bob", "Tina")
    assert told.changed_at is not None
    assert told.changed_at >= told.written_at


def test_withdrawn_it_is_gone_from_the_map_and_kept(cast: Cast) -> None:
    key = write(cast.bob)
    reach = reach_for(cast.bob)
    with as_reach(reach):
        services.thought_withdraw(reach, key, "Bob")
        assert queries.thoughts(SCHOOL) == []
        with pytest.raises(Http404):
            queries.thought_or_404(key)
        with pytest.raises(NotNow, match="withdrawn in the meantime"):
            services.thought_change(reach, key, "Again", "Bob")
        with pytest.raises(NotNow, match="withdrawn in the meantime"):
            services.thought_withdraw(reach, key, "Bob")
        kept = Thought.objects.get(pk=key)
    assert (kept.note, kept.withdrawn_by) == ("So we think.", "Bob")


@pytest.mark.parametrize("act", [services.thought_withdraw, services.thought_change])
def test_others_neither_change_nor_withdraw_it(act: Any, cast: Cast) -> None:
    key = write(cast.bob)
    words = ("Ours now", "Alice") if act is services.thought_change else ("Alice",)
    for who, why in ((cast.alice, NotAllowed), (cast.tom, NotAllowed), (cast.charlie, NotNow)):
        reach = reach_for(who)
        with as_reach(reach), pytest.raises(why):
            act(reach, key, *words)
    assert read(cast.bob, SCHOOL) == ["So we think."]


NO_THOUGHTS = [
    # a, b, note, why not
    (A, A, "x", "two different"),
    (A, "student_happiness", "x", "no indicator"),
    ("", B, "x", "no indicator"),
    (A, "", "  ", "Write what you think"),
    (A, B, "x" * 401, "at most 400"),
]


@pytest.mark.parametrize(("a", "b", "note", "why"), NO_THOUGHTS)
def test_what_is_no_thought(a: str, b: str, note: str, why: str, cast: Cast) -> None:
    with pytest.raises(NotNow, match=why):
        write(cast.bob, a=a, b=b, note=note)


def test_a_note_on_one_indicator_and_a_line_without_words(cast: Cast) -> None:
    write(cast.bob, b="")
    write(cast.bob, a=A, b=C, note="")
    with as_reach(reach_for(cast.bob)):
        assert [(told.b, told.note) for told in queries.thoughts(SCHOOL)] == [
            ("", "So we think."),
            (C, ""),
        ]


def test_there_is_an_end_to_what_fits_on_a_map(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MOST", 2)
    first = write(cast.bob)
    write(cast.bob)
    with pytest.raises(NotNow, match="There are 2 already"):
        write(cast.bob)
    reach = reach_for(cast.bob)
    with as_reach(reach):
        services.thought_withdraw(reach, first, "Bob")
    write(cast.bob)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE thoughts_thought SET written_by = 'Charlie'",
        "UPDATE thoughts_thought SET a = 'student_wellbeing'",
        "DELETE FROM thoughts_thought",
    ],
)
def test_the_web_cannot_rewrite_where_it_comes_from(change: str, cast: Cast) -> None:
    write(cast.bob)
    with pytest.raises(ProgrammingError, match="permission denied"), as_reach(reach_for(cast.bob)):
        connection.cursor().execute(change)


INSERT = (
    "INSERT INTO thoughts_thought (id, tenant_id, unit_id, path, depth, a, b, note, written_by,"
    " written_at, changed_by, withdrawn_by) VALUES (%s, %s, %s, %s, %s, 'a', 'b', '', 'Eve', now(),"
    " '', '')"
)
PATH = f"no/no-11/no-1149/{SCHOOL}"


@pytest.mark.parametrize("who", ["alice", "tom", "charlie", "frida", "nora"])
def test_the_database_lets_nobody_write_for_another_unit(who: str, cast: Cast) -> None:
    """Past all code: also not with a tenant or a path of one's own and another's unit."""
    reach = reach_for(getattr(cast, who))
    own = reach.paths[0]
    for tenant, path, refused in (
        ("no-1149", PATH, "row-level security"),
        (reach.tenant_key, PATH, "row-level security"),
        (reach.tenant_key, own, "thought_path_is_of_unit"),
    ):
        place = [uuid4(), tenant, SCHOOL, path, path.count("/")]
        with pytest.raises((ProgrammingError, IntegrityError), match=refused), as_reach(reach):
            connection.cursor().execute(INSERT, place)


def test_the_database_lets_nobody_change_what_another_unit_wrote(cast: Cast) -> None:
    write(cast.bob)
    for who in (cast.alice, cast.tom, cast.charlie):
        with as_reach(reach_for(who)), connection.cursor() as cursor:
            cursor.execute("UPDATE thoughts_thought SET note = 'Ours'")
            assert cursor.rowcount == 0
