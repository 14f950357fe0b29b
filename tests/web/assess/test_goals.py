"""Goals: who sets them, who reads them, for whom they hold, and that they are kept."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.db.utils import IntegrityError, ProgrammingError
from django.utils import translation

from puls.errors import NotAllowed, NotNow
from puls.web.assess.goals import (
    GoalNote,
    Wish,
    goal_history,
    goal_set,
    goal_withdraw,
    goals,
    rubric_goals,
)
from puls.web.assess.models import Goal
from puls.web.tenants.access import as_reach
from puls.web.tenants.models import Membership, Unit
from tests.web.cast import Cast, add_person, reach_for

KEY = "student_wellbeing"
SCHOOL = "karmoy-kulturskole"


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def want(who: Membership, wish: Wish | float, unit: str = "", **more: Any) -> None:
    reach = reach_for(who)
    asked = wish if isinstance(wish, Wish) else Wish(KEY, value=wish)
    given = {"why": "We talked about it.", "set_by": "Alice", **more}
    with as_reach(reach):
        goal_set(reach, Unit.objects.get(key=unit or reach.unit), asked, **given)


def withdraw(who: Membership) -> None:
    reach = reach_for(who)
    with as_reach(reach):
        goal_withdraw(reach, Unit.objects.get(key=reach.unit), Wish(KEY))


def read(who: Membership, unit: str) -> dict[str, float | None]:
    with as_reach(reach_for(who)):
        return {key: each.wish.value for key, each in goals(unit).items()}


SETTERS = [
    ("alice", "no-1149", True),
    ("alice", SCHOOL, False),
    ("alice", "haugesund-kulturskole", False),
    ("bob", SCHOOL, True),
    ("bob", "no-1149", False),
    ("bob", f"{SCHOOL}.dans", False),
    ("tom", f"{SCHOOL}.dans", False),  # a teacher
    ("frida", "no-11", False),
    ("frida", "no-1149", False),
    ("nora", "no", False),
]


@pytest.mark.parametrize(("who", "unit", "may"), SETTERS)
def test_who_may_set_one(who: str, unit: str, may: bool, cast: Cast) -> None:
    member = getattr(cast, who)
    if may:
        want(member, 4.2, unit)
        assert read(member, unit) == {KEY: 4.2}
        return
    with pytest.raises(NotAllowed, match="Only the owner and the leaders"):
        want(member, 4.2, unit)


def test_it_holds_for_all_units_of_the_administration_and_nobody_else_reads_it(cast: Cast) -> None:
    want(cast.alice, 4.2)
    for unit in ("no-1149", SCHOOL, f"{SCHOOL}.dans"):
        assert read(cast.alice, unit) == read(cast.tom, unit) == {KEY: 4.2}
    # Neither of those above, nor for the school that another municipality is the host of.
    for unit in ("no", "no-11", "haugesund-kulturskole"):
        assert read(cast.alice, unit) == {}
    for stranger in (cast.charlie, cast.frida, cast.nora):
        assert read(stranger, "no-1149") == {}


def test_a_schools_own_stands_before_its_owners(cast: Cast) -> None:
    want(cast.alice, 4.2)
    want(cast.alice, Wish("student_feedback", level=3))
    want(cast.bob, 4.0)
    assert read(cast.alice, "no-1149")[KEY] == 4.2
    for who in (cast.alice, cast.bob, cast.tom):
        assert read(who, SCHOOL) == {KEY: 4.0, "student_feedback": None}
    withdraw(cast.bob)
    assert read(cast.bob, SCHOOL)[KEY] == 4.2


def test_a_neighbouring_school_does_not_read_it(cast: Cast) -> None:
    from puls.web.tenants.services import unit_begin

    reach = reach_for(cast.alice)
    with as_reach(reach):
        unit_begin(reach, Unit.objects.get(key="no-1149"), "Skudenes kulturskole")
        other = Unit.objects.get(name="Skudenes kulturskole").key
    neighbour = add_person("nils", other, "leader")
    want(cast.bob, 4.0)
    assert read(neighbour, SCHOOL) == {}
    assert read(cast.alice, SCHOOL) == {KEY: 4.0}


def test_it_comes_back_as_it_was_set(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: date(2026, 6, 1))
    due = date(2027, 6, 1)
    want(cast.alice, 4.2, due=due, decided_by="The municipal council ")
    with as_reach(reach_for(cast.bob)):
        found = goals("no-1149")[KEY]
    assert found == GoalNote(
        "no-1149", Wish(KEY, value=4.2), due, "The municipal council", "Alice", date(2026, 6, 1),
        "We talked about it.",
    )  # fmt: skip
    assert found.wanted.set_by == "The municipal council"


def test_of_a_rubric(cast: Cast) -> None:
    want(cast.bob, Wish(rubric="mission", rubric_level=3))
    with as_reach(reach_for(cast.tom)):
        assert {key: each.wish.rubric_level for key, each in rubric_goals(SCHOOL).items()} == {
            "mission": 3
        }
        assert goals(SCHOOL) == {}
        assert len(goal_history(SCHOOL, Wish(rubric="mission"))) == 1


def test_the_newest_counts_and_the_others_are_kept(cast: Cast) -> None:
    want(cast.alice, 4.2)
    want(cast.alice, Wish(KEY, level=3))
    assert read(cast.bob, "no-1149") == {KEY: None}
    withdraw(cast.alice)
    assert read(cast.alice, "no-1149") == {}
    with pytest.raises(NotNow, match="no goal of your own to withdraw"):
        withdraw(cast.alice)
    with as_reach(reach_for(cast.alice)):
        past = goal_history("no-1149", Wish(KEY))
        kept = [(each.wish.value, each.wish.level, each.withdrawn_on is None) for each in past]
    assert kept == [(None, 3, False), (4.2, None, False)]


@pytest.mark.parametrize(
    ("wish", "why"),
    [
        (Wish(KEY, value=5.1), "lies on the scale, from 1 to 5"),
        (Wish(KEY, value=float("nan")), "is a number"),
        (Wish("student_happiness", value=4.0), "no indicator"),
        (Wish(KEY), "a number or a level"),
        (Wish(KEY, value=4.0, level=3), "a number or a level"),
        (Wish(KEY, level=1), "above the lowest"),
        (Wish(KEY, level=4), "above the lowest"),
        (Wish("kostra_net_per_child", level=2), "above the lowest"),  # it has no criteria
        (Wish(rubric="happiness", rubric_level=3), "no rubric"),
        (Wish(rubric="mission"), "one of its levels"),
        (Wish(rubric="mission", rubric_level=5), "one of its levels"),
    ],
)
def test_what_cannot_be_wanted(wish: Wish, why: str, cast: Cast) -> None:
    with pytest.raises(NotNow, match=why):
        want(cast.alice, wish)


def test_a_figure_of_a_register_can_be_wanted_too(cast: Cast) -> None:
    want(cast.alice, Wish("kostra_share_6_15", value=30.0))
    assert read(cast.alice, "no-1149") == {"kostra_share_6_15": 30.0}


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE assess_goal SET value = 1",
        "UPDATE assess_goal SET set_by = 'Charlie'",
        "UPDATE assess_goal SET due = NULL",
        "DELETE FROM assess_goal",
    ],
)
def test_the_web_cannot_rewrite_what_was_wanted(change: str, cast: Cast) -> None:
    want(cast.alice, 4.2)
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        as_reach(reach_for(cast.alice)),
    ):
        connection.cursor().execute(change)


INSERT = (
    "INSERT INTO assess_goal (tenant_id, unit_id, path, depth, indicator, rubric, value, level,"
    " rubric_level, set_by, set_on, why) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, 'Charlie',"
    " '2026-06-01', '')"
)
PATH = "no/no-11/no-1149"


@pytest.mark.parametrize("who", ["bob", "tom", "charlie", "frida", "nora"])
def test_nobody_writes_for_another_unit(who: str, cast: Cast) -> None:
    """Past all code: also not with a tenant or a path of one's own and another's unit."""
    reach = reach_for(getattr(cast, who))
    own = reach.paths[0]
    for tenant, path, refused in (
        ("no-1149", PATH, "row-level security"),
        (reach.tenant_key, PATH, "row-level security"),
        (reach.tenant_key, own, "goal_path_is_of_unit"),
    ):
        row = [tenant, "no-1149", path, path.count("/"), KEY, "", 1, None, None]
        with pytest.raises((ProgrammingError, IntegrityError), match=refused), as_reach(reach):
            connection.cursor().execute(INSERT, row)


@pytest.mark.parametrize(
    ("indicator", "rubric", "value", "level", "rubric_level"),
    [
        ("", "", 4.0, None, None),
        (KEY, "", None, None, None),
        (KEY, "", 4.0, 3, None),
        (KEY, "", 4.0, None, 3),
        (KEY, "mission", 4.0, None, 3),
        ("", "mission", None, None, None),
        ("", "mission", None, 3, 3),
    ],
)
def test_the_database_knows_that_a_goal_is_about_one_thing(
    indicator: str,
    rubric: str,
    value: float | None,
    level: int | None,
    rubric_level: int | None,
    cast: Cast,
) -> None:
    row = ["no-1149", "no-1149", PATH, 2, indicator, rubric, value, level, rubric_level]
    with (
        pytest.raises(IntegrityError, match="goal_is_about_one_thing"),
        as_reach(reach_for(cast.alice)),
    ):
        connection.cursor().execute(INSERT, row)


def test_only_one_counts_whatever_happens_at_once(cast: Cast) -> None:
    want(cast.alice, 4.2)
    row = ["no-1149", "no-1149", PATH, 2, KEY, "", 4.4, None, None]
    with (
        pytest.raises(IntegrityError, match="one_goal_counts"),
        as_reach(reach_for(cast.alice)),
    ):
        connection.cursor().execute(INSERT, row)
    with as_reach(reach_for(cast.alice)):
        assert Goal.objects.count() == 1
