"""Who sees which unit: the rule as a table, in code and in the database alike."""

import itertools

import pytest
from django.db import connection
from django_scopes import scopes_disabled
from django_scopes.exceptions import ScopeError

from puls.units import UnitTree
from puls.web.tenants import queries
from puls.web.tenants.access import WHOLE_TREE, Reach, as_reach, as_whole_tree
from puls.web.tenants.models import Invitation, Membership, Partnership, Tenant, Unit, UnitChange
from tests.web.cast import Cast, corner_of_norway, reach_for

KARMOY = {"karmoy-kulturskole", "karmoy-kulturskole.musikk", "karmoy-kulturskole.dans"}
SHARED = {"haugesund-kulturskole", "haugesund-kulturskole.musikk"}
ROGALAND = {"no-11", "no-1149", "no-1106", "no-1154"}

SEEN = {
    # The owner: all of its own, the school it runs with Haugesund, and what lies above either.
    "alice": {"no", "no-11", "no-1149", "no-1106"} | KARMOY | SHARED,
    # The leader: the own school and what lies above it; nothing of the partner's.
    "bob": {"no", "no-11", "no-1149"} | KARMOY,
    "charlie": {"no", "no-46", "no-4601", "bergen-kulturskole", "bergen-kulturskole.musikk"},
    # County and nation: down to the municipality, as the pack says.
    "nora": {"no", "no-46", "no-4601"} | ROGALAND,
    "frida": {"no"} | ROGALAND,
    # The teacher: the own department and what lies above; not the neighbouring one.
    "tom": {"no", "no-11", "no-1149", "karmoy-kulturskole", "karmoy-kulturskole.dans"},
}


def keys_in_database() -> set[str]:
    """What row security alone lets through."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM tenants_unit")
        return {key for (key,) in cursor.fetchall()}


@pytest.mark.parametrize("name", SEEN)
def test_who_sees_which_units(cast: Cast, places: UnitTree, name: str) -> None:
    reach = reach_for(getattr(cast, name))
    with as_reach(reach):
        assert keys_in_database() == SEEN[name]
        assert {unit.key for unit in Unit.objects.all()} == SEEN[name]
        assert queries.unit_tree().units.keys() == SEEN[name]
    assert {key for key in places.units if reach.sees(places.path(key))} == SEEN[name]


def test_code_and_database_agree_on_every_reach(places: UnitTree) -> None:
    """The rule is written three times (sees, the manager, the policy): all reaches there can be."""
    paths = sorted(places.path(key) for key in places.units)
    pairs = [(one,) for one in paths] + list(itertools.combinations(paths[::3], 2))
    for mine, depth in itertools.product(pairs, range(6)):
        reach = Reach("no-1149", mine, depth, "owner", "no-1149")
        with as_reach(reach):
            expected = {key for key in places.units if reach.sees(places.path(key))}
            assert keys_in_database() == expected, reach
            with scopes_disabled():
                assert {unit.key for unit in Unit.objects.all()} == expected, reach
        with as_whole_tree("owner"), as_reach_in_code_only(reach):
            found = {unit.key for unit in Unit.objects.using("owner")}
            assert found == expected, reach


def as_reach_in_code_only(reach: Reach):  # type: ignore[no-untyped-def]
    """The managers' scope without the database's settings."""
    from django_scopes import scope

    return scope(tenant=reach.tenant_key, reach=reach)


def test_a_path_is_no_prefix_of_a_longer_name() -> None:
    """no-11 is not above no-1149's neighbour by its letters."""
    reach = Reach("no-11", ("no/no-11",), 4, "county", "no-11")
    assert reach.sees("no/no-11/no-1149")
    assert not reach.sees("no/no-110")
    assert not reach.sees("no/no-1")


def test_the_database_knows_the_end_of_a_name(places: UnitTree) -> None:
    with as_reach(Reach("x", ("no/no-1",), 4, "county", "no-1")):
        assert keys_in_database() == {"no"}
    with as_reach(Reach("x", ("no/no-11/no-114",), 4, "owner", "no-114")):
        assert keys_in_database() == {"no", "no-11"}


def test_own_rows_are_the_own_tenants(cast: Cast) -> None:
    with as_reach(reach_for(cast.alice)):
        people = {member.user.name for member in queries.members()}
    assert people == {"Alice", "Bob", "Tom"}
    with as_reach(reach_for(cast.charlie)):
        assert {member.user.name for member in queries.members()} == {"Charlie"}


def test_administrations_are_seen_like_their_units(cast: Cast) -> None:
    with as_reach(reach_for(cast.bob)):
        assert {tenant.pk for tenant in Tenant.objects.all()} == {"no", "no-11", "no-1149"}


def test_changes_are_seen_by_whom_they_concern(cast: Cast) -> None:
    with as_reach(reach_for(cast.frida)):
        assert UnitChange.objects.count() == 1
        assert queries.unit_tree().predecessors("no-1106") == {"no-1154"}
    with as_reach(reach_for(cast.charlie)):
        assert UnitChange.objects.count() == 0


@pytest.mark.parametrize("model", [Unit, UnitChange, Partnership, Tenant, Membership, Invitation])
def test_closed_in_code_without_a_scope(db: None, model: type[Unit]) -> None:
    with pytest.raises(ScopeError):
        model.objects.count()
    with pytest.raises(ScopeError):
        list(model.objects.filter(pk=1))


def test_the_back_office_sees_the_whole_tree_when_it_says_so(places: UnitTree) -> None:
    for alias in ("owner", "intake", "assess"):
        with as_whole_tree(alias):
            tree = queries.unit_tree(alias)
        assert tree.units == corner_of_norway().units
        assert tree.changes == corner_of_norway().changes
    assert WHOLE_TREE.sees("no/no-46")


def test_loading_the_same_tree_again_changes_nothing(places: UnitTree) -> None:
    from puls.web.tenants.services import units_load

    assert units_load(places) == 0
    with as_whole_tree("owner"):
        assert Partnership.objects.using("owner").count() == 1
        school = Unit.objects.using("owner").get(key="karmoy-kulturskole")
    assert school.tenant_id == "no-1149", "a load without owners takes nobody's school away"
