"""Who may give and end which role where: a truth table."""

import pytest

from puls.errors import NotAllowed
from puls.web.packs import pack
from puls.web.tenants.access import Reach
from puls.web.tenants.permissions import Place, Position, can, check, roles_at

NO = "no"
ROGALAND = "no/no-11"
KARMOY = f"{ROGALAND}/no-1149"
SCHOOL = f"{KARMOY}/karmoy-kulturskole"
DANCE = f"{SCHOOL}/karmoy-kulturskole.dans"
OTHER = f"{KARMOY}/skudenes-kulturskole"
SHARED = f"{ROGALAND}/no-1106/haugesund-kulturskole"

REACHES = {
    "national": Reach("no", (NO,), 2, "national", "no"),
    "county": Reach("no-11", (ROGALAND,), 2, "county", "no-11"),
    "owner": Reach("no-1149", (KARMOY, SHARED), 4, "owner", "no-1149"),
    "leader": Reach("no-1149", (SCHOOL,), 4, "leader", "karmoy-kulturskole"),
    "teacher": Reach("no-1149", (DANCE,), 4, "teacher", "karmoy-kulturskole.dans"),
}

GIVE = [
    # who, tenant, where, role, may
    ("owner", "no-1149", KARMOY, "owner", True),
    ("owner", "no-1149", SCHOOL, "leader", True),
    ("owner", "no-1149", DANCE, "teacher", True),
    ("owner", "no-1149", SCHOOL, "owner", False),  # a school has no owner role
    ("owner", "no-1149", KARMOY, "teacher", False),  # nobody teaches at a municipality
    ("owner", "no-1149", KARMOY, "national", False),
    ("owner", "no-1149", ROGALAND, "county", False),  # above
    ("owner", "no-1106", SHARED, "leader", False),  # run together, but the host's people
    ("owner", "no-4601", "no/no-46/no-4601", "owner", False),
    ("leader", "no-1149", SCHOOL, "leader", True),
    ("leader", "no-1149", DANCE, "teacher", True),
    ("leader", "no-1149", OTHER, "teacher", False),  # the neighbouring school
    ("leader", "no-1149", KARMOY, "owner", False),
    ("leader", "no-1106", SCHOOL, "teacher", False),  # not this tenant
    ("teacher", "no-1149", DANCE, "teacher", False),
    ("county", "no-11", ROGALAND, "county", True),
    ("county", "no-1149", KARMOY, "owner", False),  # another administration
    ("county", "no-11", KARMOY, "owner", False),
    ("national", "no", NO, "national", True),
    ("national", "no", ROGALAND, "county", False),
    ("national", "no-1149", SCHOOL, "leader", False),
]


@pytest.mark.parametrize(("who", "tenant", "where", "role", "may"), GIVE)
def test_who_may_give_a_role(who: str, tenant: str, where: str, role: str, may: bool) -> None:
    assert can("position_give", REACHES[who], Position(tenant, where, role)) is may


END = [
    ("owner", "no-1149", KARMOY, "owner", True),
    ("owner", "no-1149", SCHOOL, "leader", True),
    ("leader", "no-1149", DANCE, "teacher", True),
    ("leader", "no-1149", SCHOOL, "leader", True),
    ("leader", "no-1149", KARMOY, "owner", False),
    ("leader", "no-1149", OTHER, "leader", False),
    ("teacher", "no-1149", DANCE, "teacher", False),
    ("county", "no-1149", KARMOY, "owner", False),
]


@pytest.mark.parametrize(("who", "tenant", "where", "role", "may"), END)
def test_who_may_end_access(who: str, tenant: str, where: str, role: str, may: bool) -> None:
    assert can("position_end", REACHES[who], Position(tenant, where, role)) is may


@pytest.mark.parametrize(("who", "tenant", "where", "role", "may"), END)
def test_who_may_send_a_link_for_a_new_password(
    who: str, tenant: str, where: str, role: str, may: bool
) -> None:
    assert can("password_send", REACHES[who], Position(tenant, where, role)) is may


ADD = [
    ("owner", "no-1149", KARMOY, True),
    ("owner", "no-1149", SCHOOL, True),
    ("owner", "no-1149", DANCE, False),  # nothing lies below a department
    ("owner", "no-11", ROGALAND, False),  # above
    ("owner", "no-1106", SHARED, False),  # run together, but the host's
    ("owner", "no-4601", "no/no-46/no-4601", False),
    ("leader", "no-1149", SCHOOL, True),
    ("leader", "no-1149", KARMOY, False),
    ("leader", "no-1149", OTHER, False),  # the neighbouring school
    ("leader", "no-1106", SCHOOL, False),  # not this tenant
    ("teacher", "no-1149", DANCE, False),
    ("teacher", "no-1149", SCHOOL, False),
    ("county", "no-11", ROGALAND, False),
    ("county", "no-1149", KARMOY, False),
    ("national", "no", NO, False),
    ("national", "no-1149", KARMOY, False),
]


@pytest.mark.parametrize(("who", "tenant", "where", "may"), ADD)
def test_who_may_add_a_unit_below(who: str, tenant: str, where: str, may: bool) -> None:
    assert can("unit_add", REACHES[who], Place(tenant, where)) is may


THINK = [
    ("owner", "no-1149", KARMOY, True),
    ("owner", "no-1149", SCHOOL, False),  # its people say themselves what they think
    ("owner", "no-1106", SHARED, False),
    ("leader", "no-1149", SCHOOL, True),
    ("leader", "no-1149", DANCE, False),
    ("leader", "no-1149", KARMOY, False),
    ("leader", "no-1106", SCHOOL, False),
    ("teacher", "no-1149", DANCE, True),
    ("teacher", "no-1149", SCHOOL, False),
    ("county", "no-11", ROGALAND, False),
    ("national", "no", NO, False),
]


ASK = [
    ("owner", "no-1149", KARMOY, True),
    ("owner", "no-1149", SCHOOL, True),
    ("owner", "no-1106", SHARED, False),  # run together, but the host asks
    ("leader", "no-1149", SCHOOL, True),
    ("leader", "no-1149", DANCE, True),
    ("leader", "no-1149", OTHER, False),
    ("leader", "no-1149", KARMOY, False),
    ("leader", "no-1106", SCHOOL, False),
    ("teacher", "no-1149", DANCE, False),
    ("county", "no-11", ROGALAND, False),
    ("national", "no", NO, False),
]


@pytest.mark.parametrize(("who", "tenant", "where", "may"), ASK)
def test_who_may_run_rounds(who: str, tenant: str, where: str, may: bool) -> None:
    assert can("round_run", REACHES[who], Place(tenant, where)) is may


@pytest.mark.parametrize(("who", "tenant", "where", "may"), THINK)
def test_who_may_write_what_a_team_thinks_and_does(
    who: str, tenant: str, where: str, may: bool
) -> None:
    assert can("thought_write", REACHES[who], Place(tenant, where)) is may
    assert can("action_write", REACHES[who], Place(tenant, where)) is may
    # Goals are set by the same, save that teachers do not.
    sets = may and who != "teacher"
    assert can("goal_set", REACHES[who], Place(tenant, where)) is sets


SHARE = [
    # who, whose, where, tells of it there, looks it through
    ("owner", "no-1149", KARMOY, True, True),
    ("owner", "no-1149", SCHOOL, False, True),
    ("owner", "no-1106", SHARED, False, False),
    ("leader", "no-1149", SCHOOL, True, False),
    ("leader", "no-1149", DANCE, False, False),
    ("teacher", "no-1149", DANCE, True, False),
    ("teacher", "no-1149", SCHOOL, False, False),
    ("county", "no-11", ROGALAND, True, True),
    ("county", "no-1149", KARMOY, False, False),
    ("national", "no", NO, True, True),
    ("national", "no-1149", KARMOY, False, False),
]


@pytest.mark.parametrize(("who", "tenant", "where", "tells", "reviews"), SHARE)
def test_who_may_share_what_worked(
    who: str, tenant: str, where: str, tells: bool, reviews: bool
) -> None:
    place = Place(tenant, where)
    assert can("practice_write", REACHES[who], place) is tells
    assert can("remark_write", REACHES[who], place) is tells
    assert can("practice_review", REACHES[who], place) is reviews
    assert can("media_share", REACHES[who], place) is (tells or reviews)


@pytest.mark.parametrize(("who", "tenant", "where", "may"), THINK)
def test_who_may_write_improvements(who: str, tenant: str, where: str, may: bool) -> None:
    """The people of the unit itself, as with what a team thinks."""
    assert can("improvement_write", REACHES[who], Place(tenant, where)) is may


@pytest.mark.parametrize(
    ("who", "sees_people", "manages_units", "adds_tenants"),
    [
        ("national", True, False, True),
        ("county", True, False, False),
        ("owner", True, True, False),
        ("leader", True, True, False),
        ("teacher", False, False, False),
    ],
)
def test_who_may_do_what_in_the_own_administration(
    who: str, sees_people: bool, manages_units: bool, adds_tenants: bool
) -> None:
    assert can("people_see", REACHES[who]) is sees_people
    assert can("units_see", REACHES[who]) is manages_units
    assert can("tenant_add", REACHES[who]) is adds_tenants


def test_a_refusal_is_a_sentence() -> None:
    for rule, about in [
        ("people_see", None),
        ("units_see", None),
        ("tenant_add", None),
        ("goal_set", Place("no-1149", DANCE)),
        ("action_write", Place("no-1149", SCHOOL)),
        ("unit_add", Place("no-1149", DANCE)),
        ("password_send", Position("no-1149", DANCE, "teacher")),
        ("position_give", Position("no-1149", DANCE, "teacher")),
        ("position_end", Position("no-1149", DANCE, "teacher")),
    ]:
        with pytest.raises(NotAllowed, match=r"\.$"):
            check(rule, REACHES["teacher"], about)


@pytest.mark.parametrize(
    ("tier", "roles"),
    [
        ("country", {"national"}),
        ("county", {"county"}),
        ("municipality", {"owner"}),
        ("school", {"leader", "teacher"}),
        ("department", {"leader", "teacher"}),
    ],
)
def test_which_roles_a_tier_has(tier: str, roles: set[str]) -> None:
    assert set(roles_at(tier, pack().country)) == roles
