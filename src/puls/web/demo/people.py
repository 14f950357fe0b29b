"""Who can log in to the demo: one person for each role."""

from dataclasses import dataclass

from puls.web.accounts.models import User
from puls.web.accounts.services import user_add
from puls.web.demo.making import Making
from puls.web.tenants.access import as_whole_tree
from puls.web.tenants.models import Membership, Role, Unit
from puls.web.tenants.services import membership_add

OWNER = "owner"
"""The database role that sets the demo up."""
PASSWORD = "puls-demo-2026"


@dataclass(frozen=True)
class Person:
    email: str
    name: str
    role: Role
    unit: str
    what: str


def people(made: Making) -> tuple[Person, ...]:
    """Everybody of the pack's demo."""
    leader, teacher, nearby = (made.people[who] for who in ("leader", "teacher", "neighbour"))
    return (
        Person("national@demo.puls", "Nora Nasjonal", Role.NATIONAL, "no", "national body"),
        Person("county@demo.puls", "Frida Fylke", Role.COUNTY, "no-11", "county, Rogaland"),
        Person("owner@demo.puls", "Kari Kommune", Role.OWNER, "no-1149", "owner, Karmøy"),
        Person("leader@demo.puls", leader, Role.LEADER, made.home, f"leader, Karmøy {made.school}"),
        Person(
            "teacher@demo.puls", teacher, Role.TEACHER, made.home, f"teacher, Karmøy {made.school}"
        ),
        # Somebody elsewhere, to take up good practice from Karmøy, and to see nothing else of it.
        Person(
            "neighbour@demo.puls",
            nearby,
            Role.LEADER,
            made.neighbour,
            f"leader, Haugesund {made.school}",
        ),
    )


def colleagues(made: Making) -> tuple[Person, ...]:
    """More of the staff: with one more who places the school there are enough for a spread."""
    what = f"teacher, Karmøy {made.school}"
    return tuple(
        Person(f"colleague{number}@demo.puls", name, Role.TEACHER, made.home, what)
        for number, name in enumerate(made.colleagues, start=1)
    )


def person(made: Making, role: Role) -> Person:
    """The first who has the role."""
    return next(each for each in people(made) if each.role is role)


def add_people(made: Making) -> None:
    """Everybody who is not there yet, each with their role."""
    for each in (*people(made), *colleagues(made)):
        user = User.objects.using(OWNER).filter(email=each.email).first()
        if user is None:
            user = user_add(each.email, PASSWORD, name=each.name, using=OWNER)
        with as_whole_tree(OWNER):
            known = Membership.objects.using(OWNER).filter(user=user).exists()
            unit = Unit.objects.using(OWNER).get(pk=each.unit)
        if not known:
            membership_add(user, unit, each.role, using=OWNER)
