"""The people and places that the tests of the web are about. Import after Django is set up."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.test import Client

from puls.units import Change, Unit, UnitTree
from puls.web.accounts.models import User
from puls.web.accounts.services import user_add
from puls.web.tenants.access import Reach, as_person, as_whole_tree, reach_of
from puls.web.tenants.models import Membership
from puls.web.tenants.models import Unit as Row
from puls.web.tenants.services import membership_add

PASSWORD = "a sea of small boats"
LogIn = Callable[[Membership], Client]


def corner_of_norway() -> UnitTree:
    """Two counties, four municipalities of which one is history, three schools, one run by two.

    no
    ├── no-11 Rogaland
    │   ├── no-1149 Karmøy        karmoy-kulturskole (.musikk, .dans)
    │   ├── no-1106 Haugesund     haugesund-kulturskole (.musikk), also Karmøy's
    │   └── no-1154 Vindafjord    until 2020, then Haugesund
    └── no-46 Vestland
        └── no-4601 Bergen        bergen-kulturskole (.musikk)
    """
    school, department = "school", "department"
    return UnitTree(
        [
            Unit("no", "country", "Norge", None),
            Unit("no-11", "county", "Rogaland", "no", code="11"),
            Unit("no-46", "county", "Vestland", "no", code="46"),
            Unit("no-1149", "municipality", "Karmøy", "no-11", code="1149"),
            Unit("no-1106", "municipality", "Haugesund", "no-11", code="1106"),
            Unit(
                "no-1154", "municipality", "Vindafjord", "no-11",
                valid_to=date(2020, 1, 1), code="1154",
            ),
            Unit("no-4601", "municipality", "Bergen", "no-46", code="4601"),
            Unit("karmoy-kulturskole", school, "Karmøy kulturskole", "no-1149"),
            Unit("karmoy-kulturskole.musikk", department, "Musikk", "karmoy-kulturskole"),
            Unit("karmoy-kulturskole.dans", department, "Dans", "karmoy-kulturskole"),
            Unit(
                "haugesund-kulturskole", school, "Haugesund kulturskole", "no-1106",
                partners=("no-1149",),
            ),
            Unit("haugesund-kulturskole.musikk", department, "Musikk", "haugesund-kulturskole"),
            Unit("bergen-kulturskole", school, "Bergen kulturskole", "no-4601"),
            Unit("bergen-kulturskole.musikk", department, "Musikk", "bergen-kulturskole"),
        ],
        [Change(date(2020, 1, 1), "no-1154", "no-1106")],
    )  # fmt: skip


OWNERS = {"karmoy": "no-1149", "haugesund": "no-1106", "bergen": "no-4601"}


@dataclass
class Cast:
    """Alice owns Karmøy, Bob leads its school, Charlie leads one in Bergen: he must see nothing.

    Nora is the national body, Frida the county Rogaland, Tom a dance teacher under Bob.
    """

    alice: Membership
    bob: Membership
    charlie: Membership
    nora: Membership
    frida: Membership
    tom: Membership


CAST = {
    "alice": ("no-1149", "owner"),
    "bob": ("karmoy-kulturskole", "leader"),
    "charlie": ("bergen-kulturskole", "leader"),
    "nora": ("no", "national"),
    "frida": ("no-11", "county"),
    "tom": ("karmoy-kulturskole.dans", "teacher"),
}


def add_person(name: str, unit_key: str, role: str) -> Membership:
    """A person who logs in with <name>@example.no and PASSWORD."""
    email = f"{name}@example.no"
    user = User.objects.filter(email=email).first() or user_add(email, PASSWORD, name=name.title())
    with as_whole_tree("owner"):
        unit = Row.objects.using("owner").get(key=unit_key)
    return membership_add(user, unit, role)


def reach_for(member: Membership) -> Reach:
    """The reach that the person gets by logging in."""
    with as_person(member.user_id):
        return reach_of(member)
