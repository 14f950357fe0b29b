"""An administration's own targets: who sets them, who reads them, and that they are kept."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import connection
from django.db.utils import ProgrammingError
from django.utils import translation

from puls.errors import NotAllowed, NotNow
from puls.web.assess import queries
from puls.web.assess.models import Target
from puls.web.assess.queries import TargetNote
from puls.web.assess.services import target_set, target_withdraw
from puls.web.tenants.access import as_reach
from puls.web.tenants.models import Membership
from tests.web.cast import Cast, reach_for

KEY = "student_wellbeing"


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def want(who: Membership, value: float, indicator: str = KEY) -> None:
    reach = reach_for(who)
    with as_reach(reach):
        target_set(reach, indicator, value, why="We talked about it.", set_by="Alice")


def withdraw(who: Membership) -> None:
    reach = reach_for(who)
    with as_reach(reach):
        target_withdraw(reach, KEY)


def read(who: Membership, unit: str) -> dict[str, float]:
    with as_reach(reach_for(who)):
        return {key: each.value for key, each in queries.targets(unit).items()}


@pytest.mark.parametrize(
    ("who", "may"),
    [("alice", True), ("bob", False), ("tom", False), ("frida", False), ("nora", False)],
)
def test_who_may_set_one(who: str, may: bool, cast: Cast) -> None:
    if may:
        want(getattr(cast, who), 4.2)
        assert read(cast.alice, "no-1149") == {KEY: 4.2}
        return
    for act in (lambda member: want(member, 4.2), withdraw):
        with pytest.raises(NotAllowed, match="Only the owner sets targets"):
            act(getattr(cast, who))


def test_it_holds_for_all_units_of_the_administration_and_nobody_else_reads_it(cast: Cast) -> None:
    want(cast.alice, 4.2)
    for unit in ("no-1149", "karmoy-kulturskole", "karmoy-kulturskole.dans"):
        assert read(cast.alice, unit) == read(cast.tom, unit) == {KEY: 4.2}
    # Neither of those above, nor for the school that another municipality is the host of.
    for unit in ("no", "no-11", "haugesund-kulturskole"):
        assert read(cast.alice, unit) == {}
    for stranger in (cast.charlie, cast.frida, cast.nora):
        assert read(stranger, "no-1149") == {}


def test_it_comes_back_as_it_was_set(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: date(2026, 6, 1))
    want(cast.alice, 4.2)
    with as_reach(reach_for(cast.bob)):
        found = queries.targets("no-1149")[KEY]
    assert found == TargetNote(KEY, 4.2, "Alice", date(2026, 6, 1), "We talked about it.")


def test_the_newest_counts_and_the_others_are_kept(cast: Cast) -> None:
    want(cast.alice, 4.2)
    want(cast.alice, 4.4)
    assert read(cast.bob, "no-1149") == {KEY: 4.4}
    withdraw(cast.alice)
    assert read(cast.alice, "no-1149") == {}
    with pytest.raises(NotNow, match="no target of your own to withdraw"):
        withdraw(cast.alice)
    with as_reach(reach_for(cast.alice)):
        kept = Target.objects.order_by("id").values_list("value", "withdrawn_on")
        assert [(value, day is None) for value, day in kept] == [(4.2, False), (4.4, False)]


@pytest.mark.parametrize(
    ("indicator", "value", "why"),
    [
        ("student_wellbeing", 5.1, "lies on the scale, from 1 to 5"),
        ("student_wellbeing", float("nan"), "is a number"),
        ("student_happiness", 4.0, "no indicator"),
    ],
)
def test_what_cannot_be_wanted(indicator: str, value: float, why: str, cast: Cast) -> None:
    with pytest.raises(NotNow, match=why):
        want(cast.alice, value, indicator)


def test_a_figure_of_a_register_can_be_wanted_too(cast: Cast) -> None:
    want(cast.alice, 30.0, "kostra_share_6_15")
    assert read(cast.alice, "no-1149") == {"kostra_share_6_15": 30.0}


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE assess_target SET value = 1",
        "UPDATE assess_target SET set_by = 'Charlie'",
        "DELETE FROM assess_target",
    ],
)
def test_the_web_cannot_rewrite_what_was_wanted(change: str, cast: Cast) -> None:
    want(cast.alice, 4.2)
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        as_reach(reach_for(cast.alice)),
    ):
        connection.cursor().execute(change)


def test_nobody_writes_for_another_administration(cast: Cast) -> None:
    insert = (
        "INSERT INTO assess_target (tenant_id, indicator, value, set_by, set_on, why)"
        " VALUES ('no-1149', 'student_wellbeing', 1, 'Charlie', '2026-06-01', '')"
    )
    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        as_reach(reach_for(cast.charlie)),
    ):
        connection.cursor().execute(insert)
