"""Who may do what with an administration and its people, whatever the state of things.

Each rule is a predicate of a reach and what it is about; `check` raises a sentence, `can` is for
buttons. Whether it may be done now is another question, asked by the services.
"""

from dataclasses import dataclass

import rules
from django.utils.translation import gettext as _

from puls.content.definitions import Country
from puls.errors import NotAllowed
from puls.web.packs import pack
from puls.web.tenants.access import Reach
from puls.web.tenants.models import Role, Unit

MAY_GIVE = {
    Role.NATIONAL: {Role.NATIONAL},
    Role.COUNTY: {Role.COUNTY},
    Role.OWNER: {Role.OWNER, Role.LEADER, Role.TEACHER},
    Role.LEADER: {Role.LEADER, Role.TEACHER},
    Role.TEACHER: set(),
}
"""Which roles somebody with a role may give to others."""


@dataclass(frozen=True)
class Place:
    """A unit, and whose it is."""

    tenant_key: str
    path: str


@dataclass(frozen=True)
class Position(Place):
    """A role at a unit: somebody's now, or one that is about to be given."""

    role: str


def place_of(unit: Unit) -> Place:
    """The unit and whose it is, as the rules ask. One above all administrations is its own."""
    return Place(unit.tenant_id or unit.key, unit.path)


def own_place(reach: Reach) -> Place:
    """The member's own unit, as the rules ask."""
    return Place(reach.tenant_key, reach.paths[0])


def roles_at(tier: str, country: Country) -> tuple[Role, ...]:
    """The roles that make sense at a unit of this tier, wherever the country draws its tiers."""
    tiers = country.tier_keys
    depth, owners = tiers.index(tier), tiers.index(country.tenant_tier)
    if depth == owners:
        return (Role.OWNER,)
    if depth > owners:
        return (Role.LEADER, Role.TEACHER)
    return (Role.NATIONAL,) if depth == 0 else (Role.COUNTY,)


def tier_below(depth: int, country: Country) -> str:
    """The tier of an administration's own units right below this depth, or ""."""
    tiers = country.tier_keys
    owners = tiers.index(country.tenant_tier)
    return tiers[depth + 1] if owners <= depth < len(tiers) - 1 else ""


@rules.predicate
def manages_people(reach: Reach) -> bool:
    return bool(MAY_GIVE.get(Role(reach.role)))


@rules.predicate
def is_national(reach: Reach) -> bool:
    return reach.role == Role.NATIONAL


@rules.predicate
def manages_units(reach: Reach) -> bool:
    return reach.role in (Role.OWNER, Role.LEADER)


@rules.predicate
def works_there(reach: Reach) -> bool:
    return reach.role in (Role.OWNER, Role.LEADER, Role.TEACHER)


@rules.predicate
def at_own_unit(reach: Reach, place: Place) -> bool:
    return place.path == reach.paths[0]


@rules.predicate
def leads(reach: Reach) -> bool:
    return reach.role == Role.LEADER


@rules.predicate
def works_at_a_school(reach: Reach) -> bool:
    return reach.role in (Role.LEADER, Role.TEACHER)


@rules.predicate
def is_a_school(_reach: Reach, place: Place) -> bool:
    country = pack().country
    return place.path.count("/") == country.tier_keys.index(country.tenant_tier) + 1


@rules.predicate
def at_or_below(reach: Reach, place: Place) -> bool:
    return f"{reach.paths[0]}/".startswith(f"{place.path}/")


@rules.predicate
def owns(reach: Reach) -> bool:
    return reach.role == Role.OWNER


@rules.predicate
def administers(reach: Reach) -> bool:
    return reach.role in (Role.OWNER, Role.COUNTY, Role.NATIONAL)


@rules.predicate
def in_own_tenant(reach: Reach, place: Place) -> bool:
    return place.tenant_key == reach.tenant_key


@rules.predicate
def in_own_subtree(reach: Reach, place: Place) -> bool:
    # The first path is the own unit; the others are partners' schools, which are only read.
    own = reach.paths[0]
    return place.path == own or place.path.startswith(f"{own}/")


@rules.predicate
def has_own_tier_below(_reach: Reach, place: Place) -> bool:
    return bool(tier_below(place.path.count("/"), pack().country))


@rules.predicate
def may_give_role(reach: Reach, position: Position) -> bool:
    return position.role in MAY_GIVE[Role(reach.role)]


@rules.predicate
def role_fits_tier(_reach: Reach, position: Position) -> bool:
    tier = pack().country.tiers[position.path.count("/")].key
    return position.role in roles_at(tier, pack().country)


people_see = manages_people
position_give = in_own_tenant & in_own_subtree & may_give_role & role_fits_tier
position_end = in_own_tenant & in_own_subtree & may_give_role
password_send = position_end
units_see = manages_units
unit_add = manages_units & in_own_tenant & in_own_subtree & has_own_tier_below
tenant_add = is_national
goal_set = (owns | leads) & in_own_tenant & at_own_unit
gate_announce = owns
gate_open = leads & at_own_unit
report_write = owns
report_read = works_there
rounds_see = manages_units
round_run = manages_units & in_own_tenant & in_own_subtree
thought_write = works_there & in_own_tenant & at_own_unit
action_write = works_there & in_own_tenant & at_own_unit
media_write = in_own_tenant & at_own_unit
improvement_write = works_there & in_own_tenant & at_own_unit
meeting_plan = works_there & in_own_tenant & at_own_unit
quality_write = works_at_a_school & in_own_tenant & at_own_unit
quality_finish = leads & in_own_tenant & at_own_unit
placing_run = leads & in_own_tenant & at_own_unit & is_a_school
placement_give = works_at_a_school & in_own_tenant & at_or_below & is_a_school
media_share = in_own_tenant & (at_own_unit | administers & in_own_subtree)
practice_write = in_own_tenant & at_own_unit
practice_review = administers & in_own_tenant & in_own_subtree
remark_write = in_own_tenant & at_own_unit
entry_write = manages_people & in_own_tenant & at_own_unit
own_decide = administers & in_own_tenant
own_write = in_own_tenant & at_own_unit & (administers | leads)

RULES = {
    "people_see": people_see,
    "position_give": position_give,
    "position_end": position_end,
    "password_send": password_send,
    "units_see": units_see,
    "unit_add": unit_add,
    "tenant_add": tenant_add,
    "goal_set": goal_set,
    "gate_announce": gate_announce,
    "gate_open": gate_open,
    "rounds_see": rounds_see,
    "round_run": round_run,
    "thought_write": thought_write,
    "action_write": action_write,
    "media_write": media_write,
    "improvement_write": improvement_write,
    "meeting_plan": meeting_plan,
    "quality_write": quality_write,
    "quality_finish": quality_finish,
    "placing_run": placing_run,
    "placement_give": placement_give,
    "media_share": media_share,
    "practice_write": practice_write,
    "practice_review": practice_review,
    "remark_write": remark_write,
    "entry_write": entry_write,
    "own_decide": own_decide,
    "own_write": own_write,
    "report_write": report_write,
    "report_read": report_read,
}
for name, predicate in RULES.items():
    rules.set_rule(f"tenants.{name}", predicate)


def can(rule: str, reach: Reach, about: Place | None = None) -> bool:
    """Whether the reach allows it."""
    return bool(rules.test_rule(f"tenants.{rule}", reach, about))


def check(rule: str, reach: Reach, about: Place | None = None) -> None:
    """Raises NotAllowed with a sentence for the person."""
    if not can(rule, reach, about):
        raise NotAllowed(
            {
                "people_see": _("Only leaders and owners see who has access."),
                "position_give": _("You cannot give this role at this place."),
                "position_end": _("You cannot change this person's access."),
                "password_send": _("You cannot send this person a link."),
                "units_see": _("Only leaders and owners manage schools and departments."),
                "unit_add": _("You cannot add anything here."),
                "tenant_add": _("Only the national body can add administrations."),
                "goal_set": _("Only the owner and the leaders of a unit set its goals."),
                "gate_announce": _("Only the owner announces when results open."),
                "gate_open": _("Only a leader of the school itself releases its results."),
                "report_write": _("Only the owner writes the quality report."),
                "report_read": _("Only those who work here read the quality report."),
                "rounds_see": _("Only leaders and owners see rounds of surveys."),
                "round_run": _("Only leaders and owners ask their own schools."),
                "thought_write": _("Only those who work here write what they think here."),
                "action_write": _("Only those who work here decide and act here."),
                "quality_write": _("Only those who work here describe the quality here."),
                "quality_finish": _("Only a leader finishes a description, or takes it back."),
                "placing_run": _("Only a leader of the school opens and closes the placing."),
                "placement_give": _("Only those who work at the school place it."),
                "media_write": _("Only a unit's own people add and remove its pictures and files."),
                "improvement_write": _("Only those who work here change its processes."),
                "meeting_plan": _("Only those who work here plan its meetings."),
                "media_share": _("Only the administration shares pictures and files with others."),
                "practice_write": _("Only a unit's own people share what it has done."),
                "practice_review": _("Only the owner looks through what is shared."),
                "entry_write": _("Only those who lead here change the year wheel."),
                "own_decide": _("Only the administration decides which rubrics are used."),
                "own_write": _("Only leaders and the administration write rubrics of their own."),
                "remark_write": _("You speak for your own unit only."),
            }[rule]
        )
