"""Who can log in to the demo: one person for each role."""

from dataclasses import dataclass

from puls.web.accounts.models import User
from puls.web.accounts.services import user_add
from puls.web.demo.basics import HOME, NEIGHBOUR
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


PEOPLE = (
    Person("national@demo.puls", "Nora Nasjonal", Role.NATIONAL, "no", "national body"),
    Person("county@demo.puls", "Frida Fylke", Role.COUNTY, "no-11", "county, Rogaland"),
    Person("owner@demo.puls", "Kari Kommune", Role.OWNER, "no-1149", "owner, Karmøy"),
    Person("leader@demo.puls", "Leif Leder", Role.LEADER, HOME, "leader, Karmøy kulturskole"),
    Person("teacher@demo.puls", "Liv Lærer", Role.TEACHER, HOME, "teacher, Karmøy kulturskole"),
    # Somebody elsewhere, to take up good practice from Karmøy, and to see nothing else of it.
    Person(
        "neighbour@demo.puls", "Nils Nabo", Role.LEADER, NEIGHBOUR, "leader, Haugesund kulturskole"
    ),
)


COLLEAGUES = tuple(
    Person(f"colleague{n}@demo.puls", name, Role.TEACHER, HOME, "teacher, Karmøy kulturskole")
    for n, name in enumerate(("Siri Stryk", "Bård Blås", "Tone Tangent", "Per Perkusjon"), start=1)
)
"""More of the staff: with one more who places the school there are enough for a spread."""


def add_people() -> None:
    """Everybody who is not there yet, each with their role."""
    for person in (*PEOPLE, *COLLEAGUES):
        user = User.objects.using(OWNER).filter(email=person.email).first()
        if user is None:
            user = user_add(person.email, PASSWORD, name=person.name, using=OWNER)
        with as_whole_tree(OWNER):
            known = Membership.objects.using(OWNER).filter(user=user).exists()
            unit = Unit.objects.using(OWNER).get(pk=person.unit)
        if not known:
            membership_add(user, unit, person.role, using=OWNER)
