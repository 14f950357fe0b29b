"""What a school describes: who writes and finishes it, who reads it when; nothing is lost."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.utils import IntegrityError, ProgrammingError
from django.utils import translation

from puls.errors import NotAllowed, NotNow
from puls.web.media.texts import LONGEST
from puls.web.quality import queries, services
from puls.web.quality.models import Kind
from puls.web.tenants.models import Membership, Unit
from tests.web.cast import Cast, add_person
from tests.web.quality.staff import DANCE, RUBRIC, SCHOOL, YEAR, signed_in

AT = (YEAR, Kind.RUBRIC, RUBRIC)


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def save(who: Membership, sees: str, based_on: int = 0, unit: str = "", period: int = YEAR) -> int:
    with signed_in(who) as reach:
        place = Unit.objects.get(key=unit or reach.unit)
        saved = services.description_save(
            reach, place, period, Kind.RUBRIC, RUBRIC, (sees, "So we judge."), based_on, "Bob"
        )
        return saved.number


def finish(who: Membership, number: int, unit: str = SCHOOL) -> None:
    with signed_in(who) as reach:
        services.description_finish(reach, Unit.objects.get(key=unit), *AT, number, "Bob")


def take_back(who: Membership) -> None:
    with signed_in(who) as reach:
        services.description_take_back(reach, Unit.objects.get(key=SCHOOL), *AT)


def read(who: Membership, unit: str = SCHOOL) -> list[str]:
    with signed_in(who):
        return [each.sees for each in queries.versions(unit, *AT)]


MAY = [
    # who, about which unit, writes, finishes
    ("bob", SCHOOL, True, True),
    ("tina", SCHOOL, True, False),
    ("tom", DANCE, True, False),
    ("tom", SCHOOL, False, False),
    ("bob", DANCE, False, False),
    ("alice", "no-1149", False, False),
    ("alice", SCHOOL, False, False),
    ("frida", "no-11", False, False),
    ("nora", "no", False, False),
]


@pytest.mark.parametrize(("who", "unit", "writes", "finishes"), MAY)
def test_who_writes_and_who_finishes(
    who: str, unit: str, writes: bool, finishes: bool, cast: Cast
) -> None:
    tina = add_person("tina", SCHOOL, "teacher")
    member = tina if who == "tina" else getattr(cast, who)
    if writes:
        assert save(member, "We see.", unit=unit) == 1
    else:
        with pytest.raises(NotAllowed, match="Only those who work here describe"):
            save(member, "We see.", unit=unit)
        if unit == SCHOOL:
            save(cast.bob, "We see.")
    if finishes:
        finish(member, 1, unit)
        return
    with pytest.raises(NotAllowed, match="Only a leader"):
        finish(member, 1, unit)


READERS = [
    # who reads the draft, who the finished one
    ("bob", True, True),
    ("tom", True, True),  # a department's teacher is of the school
    ("alice", False, True),
    ("frida", False, False),  # a county sees no single school
    ("nora", False, False),
    ("charlie", False, False),
]


@pytest.mark.parametrize(("who", "draft", "done"), READERS)
def test_who_reads_it_when(who: str, draft: bool, done: bool, cast: Cast) -> None:
    member = getattr(cast, who)
    save(cast.bob, "We see.")
    assert bool(read(member)) is draft
    finish(cast.bob, 1)
    assert bool(read(member)) is done
    with signed_in(member):
        assert bool(queries.finished(YEAR)) is done
    take_back(cast.bob)
    assert bool(read(member)) is draft


def test_the_owner_reads_the_finished_version_while_another_is_being_written(cast: Cast) -> None:
    save(cast.bob, "First.")
    finish(cast.bob, 1)
    save(cast.bob, "Second.", based_on=1)
    assert read(cast.bob) == ["Second.", "First."]
    assert read(cast.alice) == ["First."]
    finish(cast.bob, 2)
    finish(cast.bob, 2)
    assert read(cast.alice) == ["Second."]
    take_back(cast.bob)
    assert read(cast.alice) == []
    with pytest.raises(NotNow, match="taken back already"):
        take_back(cast.bob)


def test_two_who_write_at_once_lose_nothing(cast: Cast) -> None:
    save(cast.bob, "First.")
    save(cast.bob, "Bob's.", based_on=1)
    with pytest.raises(NotNow, match="in the meantime"):
        save(cast.bob, "Tina's.", based_on=1)
    assert save(cast.bob, "  Bob's. ", based_on=2) == 2, "nothing was changed"
    assert read(cast.bob) == ["Bob's.", "First."]


def test_a_year_stands_beside_another(cast: Cast) -> None:
    save(cast.bob, "Last year.", period=YEAR - 1)
    save(cast.bob, "First draft.")
    finish(cast.bob, 1)
    save(cast.bob, "Second draft.", based_on=1)
    with signed_in(cast.bob):
        found = queries.over_the_years(SCHOOL, Kind.RUBRIC, RUBRIC)
        assert [(each.period, each.sees) for each in found] == [
            (YEAR, "First draft."),
            (YEAR - 1, "Last year."),
        ]
        assert queries.newest_of_year(SCHOOL, YEAR)[Kind.RUBRIC, RUBRIC].number == 2
        assert queries.finished_keys(SCHOOL, YEAR) == {("kjennetegn", RUBRIC)}
        assert queries.years(SCHOOL) == {YEAR, YEAR - 1}


@pytest.mark.parametrize(
    ("kind", "key", "text", "why"),
    [
        (Kind.AREA, "happiness", "x", "nothing called"),
        (Kind.RUBRIC, "results", "x", "nothing called"),
        (Kind.INDICATOR, RUBRIC, "x", "nothing called"),
        (Kind.RUBRIC, RUBRIC, " ", "Write what you see"),
        (Kind.RUBRIC, RUBRIC, "x" * (LONGEST + 1), "at most"),
    ],
)
def test_what_is_no_description(kind: Kind, key: str, text: str, why: str, cast: Cast) -> None:
    with signed_in(cast.bob) as reach:
        unit = Unit.objects.get(key=SCHOOL)
        with pytest.raises(NotNow, match=why):
            services.description_save(reach, unit, YEAR, kind, key, (text, ""), 0, "Bob")


def test_nothing_cannot_be_finished(cast: Cast) -> None:
    save(cast.bob, "We see.")
    with pytest.raises(NotNow, match="no text"):
        finish(cast.bob, 2)


# The database's own rules.

INSERT = (
    "INSERT INTO quality_description (id, tenant_id, unit_id, path, depth, period, kind, key,"
    " number, sees, judges, written_by, written_at, finished_by, finished_at) VALUES"
    " (gen_random_uuid(), %(tenant)s, %(unit)s, %(path)s, %(depth)s, 2025, %(kind)s, 'mission',"
    " %(number)s, %(sees)s, '', 'Eve', now(), %(by)s, %(at)s)"
)
PATH = f"no/no-11/no-1149/{SCHOOL}"
GOOD = {
    "tenant": "no-1149", "unit": SCHOOL, "path": PATH, "depth": 3, "kind": "kjennetegn",
    "number": 1, "sees": "x", "by": "Eve", "at": "2026-01-01T00:00:00Z",
}  # fmt: skip


def put(who: Membership, **change: Any) -> None:
    with signed_in(who), connection.cursor() as cursor:
        cursor.execute(INSERT, {**GOOD, **change})


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({}, "description_version_once"),
        ({"number": 2}, "one_finished_description"),
        ({"number": 2, "kind": "rumour"}, "description_kind_known"),
        ({"number": 2, "sees": "", "kind": "omrade"}, "finished_description_says_something"),
        ({"number": 2, "by": "", "kind": "omrade"}, "description_finished_by_somebody"),
        ({"number": 2, "depth": 1, "kind": "omrade"}, "description_depth_is_of_path"),
        ({"number": 2, "unit": DANCE, "kind": "omrade"}, "path_is_of_unit"),
    ],
)
def test_what_the_database_refuses(change: dict[str, Any], name: str, cast: Cast) -> None:
    put(cast.bob)
    with pytest.raises(IntegrityError, match=name):
        put(cast.bob, **change)


@pytest.mark.parametrize("who", ["alice", "tom", "charlie", "frida", "nora"])
def test_the_database_lets_nobody_write_for_another_school(who: str, cast: Cast) -> None:
    with pytest.raises(ProgrammingError, match="row-level security"):
        put(getattr(cast, who))


def test_an_administration_has_no_description_that_its_schools_would_read(cast: Cast) -> None:
    with pytest.raises(ProgrammingError, match="row-level security"):
        put(cast.alice, unit="no-1149", path="no/no-11/no-1149", depth=2)


@pytest.mark.parametrize("column", ["sees", "release", "written_by", "number"])
def test_the_web_cannot_rewrite_a_version(column: str, cast: Cast) -> None:
    save(cast.bob, "We see.")
    with pytest.raises(ProgrammingError, match="permission denied"), signed_in(cast.bob):
        connection.cursor().execute(f"UPDATE quality_description SET {column} = NULL")
