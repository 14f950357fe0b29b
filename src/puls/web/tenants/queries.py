"""All reading of units, tenants and memberships."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import DataError
from django.db.models import Q
from django.http import Http404
from django.utils.translation import get_language
from django_scopes import scopes_disabled

from puls import units
from puls.views.names import sort_key
from puls.web.accounts.models import User
from puls.web.packs import country_units, pack
from puls.web.tenants.access import (
    Reach,
    as_bearer,
    as_person,
    as_reach,
    memberships_of,
    reach_of,
)
from puls.web.tenants.models import Invitation, Membership, Partnership, Unit, UnitChange


def unit_tree(using: str = "default") -> units.UnitTree:
    """The tree as the reader sees it: the own subtree and its ancestors.

    The back office gets all of it inside `as_whole_tree`.
    """
    partners: dict[str, list[str]] = {}
    for unit, partner in Partnership.objects.using(using).values_list("unit_id", "partner_id"):
        partners.setdefault(unit, []).append(partner)
    rows = Unit.objects.using(using).order_by("path")
    found = {row.key: plain(row, tuple(sorted(partners.get(row.key, ())))) for row in rows}
    changes = (
        UnitChange.objects.using(using).filter(old__in=found, new__in=found).order_by("on", "id")
    )
    return units.UnitTree(
        found.values(), [units.Change(row.on, row.old_id, row.new_id) for row in changes]
    )


def plain(row: Unit, partners: tuple[str, ...] = ()) -> units.Unit:
    """A row as the library's own object."""
    return units.Unit(
        key=row.key,
        tier=row.tier,
        name=row.name,
        parent=row.parent_id,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        code=row.code,
        partners=partners,
    )


def unit_or_404(reach: Reach, key: str) -> Unit:
    """A unit within reach. Any other is not found, exactly as one that does not exist."""
    try:
        unit = Unit.objects.get(key=key)
    except (Unit.DoesNotExist, ValueError, DataError):  # No text of a database: a NUL in it.
        raise Http404 from None
    if not reach.sees(unit.path):
        raise Http404
    return unit


def children(reach: Reach, unit: Unit, day: date) -> list[Unit]:
    """The units right below that exist on the day and that the reader sees, by name."""
    found = [row for row in Unit.objects.filter(_on(day), parent=unit) if reach.sees(row.path)]
    return sorted(found, key=lambda row: name_order(row.name))


def below(reach: Reach, unit: Unit, tier: str, day: date) -> list[Unit]:
    """The units of a tier anywhere below that exist on the day and the reader sees, by name."""
    under = Unit.objects.filter(_on(day), tier=tier, path__startswith=f"{unit.path}/")
    return sorted(
        (row for row in under if reach.sees(row.path)), key=lambda row: name_order(row.name)
    )


def ancestors(unit: Unit) -> list[Unit]:
    """The units above, from the country down."""
    above = unit.path.split("/")[:-1]
    return list(Unit.objects.filter(key__in=above).order_by("depth"))


def hash_of(token: str) -> str:
    """How an invitation's token is kept: a stolen table opens no door."""
    return hashlib.sha256(token.encode()).hexdigest()


def invitation_of(token_hash: str) -> Invitation | None:
    """The invitation that somebody brought the token of. Needs `as_bearer`."""
    with scopes_disabled():
        return Invitation.objects.filter(token_hash=token_hash).first()


@dataclass(frozen=True)
class Shown:
    """An invitation as the invited person sees it."""

    invitation: Invitation
    unit: str
    tenant: str


def invitation_shown(token_hash: str) -> Shown | None:
    """What a token stands for; None when it is used, withdrawn, too old or made up."""
    if not token_hash:
        return None
    with as_bearer(token_hash):
        found = invitation_of(token_hash)
        if found is None or found.is_over:
            return None
        place = Reach(
            found.tenant_id, (found.path,), found.path.count("/"), found.role, found.unit_id
        )
        with as_reach(place):
            return Shown(found, found.unit.name, found.tenant.name)


def own_memberships(user: User) -> list[tuple[Membership, str]]:
    """A person's active memberships with the names of their units."""
    with as_person(user.pk):
        found = []
        for membership in memberships_of(user):
            with as_reach(reach_of(membership)):
                found.append((membership, membership.unit.name))
        return found


def members() -> list[Membership]:
    """Everybody with access in the current tenant, by unit and name."""
    found = Membership.objects.filter(active=True).select_related("user", "unit")
    return sorted(found, key=lambda member: (member.path, name_order(str(member.user))))


def invitations() -> list[Invitation]:
    """The current tenant's open invitations, the newest first."""
    return list(Invitation.objects.select_related("unit").order_by("-created"))


def own_units(reach: Reach, day: date) -> list[Unit]:
    """The member's own unit and all that is the tenant's below it, from the top."""
    own = reach.paths[0]
    found = Unit.objects.filter(_on(day)).filter(Q(path=own) | Q(path__startswith=f"{own}/"))
    mine = [row for row in found if row.tenant_id == reach.tenant_key or row.path == own]
    return sorted(mine, key=lambda row: [name_order(name) for name in row.path.split("/")])


def partner_names(found: Sequence[Unit]) -> dict[str, list[str]]:
    """Who else runs each of these units, by key; the country's own list knows the names.

    A partner is outside the reach of its host, so the table of units would not tell.
    """
    names: dict[str, list[str]] = {}
    for shared in Partnership.objects.filter(unit__in=found):
        partner = country_units().units.get(shared.partner_id)
        names.setdefault(shared.unit_id, []).append(partner.name if partner else shared.partner_id)
    return {key: sorted(each, key=name_order) for key, each in names.items()}


def places(day: date) -> list[Unit]:
    """Municipalities and counties, where administrations belong, by name."""
    tiers = pack().country.tier_keys
    owners = tiers[1 : tiers.index(pack().country.tenant_tier) + 1]
    found = Unit.objects.filter(_on(day), tier__in=owners)
    return sorted(found, key=lambda row: (-row.depth, name_order(row.name)))


def _on(day: date) -> Q:
    begun = Q(valid_from__isnull=True) | Q(valid_from__lte=day)
    return begun & (Q(valid_to__isnull=True) | Q(valid_to__gt=day))


def name_order(name: str) -> tuple[str, str]:
    """Where a name stands for the reader, as a key to sort by."""
    return sort_key(name, get_language() or settings.LANGUAGE_CODE)
