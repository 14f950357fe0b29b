"""All writing of units, administrations and people's access to them."""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from puls import units
from puls.errors import NotNow
from puls.web.accounts.models import User
from puls.web.accounts.services import sessions_end, user_add
from puls.web.packs import pack
from puls.web.tenants.access import Reach, as_bearer, as_reach, as_whole_tree
from puls.web.tenants.mails import send_invitation
from puls.web.tenants.models import (
    Invitation,
    Membership,
    Partnership,
    Role,
    Tenant,
    Unit,
    UnitChange,
)
from puls.web.tenants.permissions import MAY_GIVE, Position, check, roles_at
from puls.web.tenants.queries import hash_of, invitation_of

INVITATION_LASTS = timedelta(days=14)

LETTERS = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "Æ": "ae", "Ø": "o", "Å": "a"})
"""Letters that would vanish from an address."""


def administration(unit_key: str, path: str) -> Reach:
    """The reach of an administration over all that is its own, for work on its behalf."""
    return Reach(
        tenant_key=unit_key,
        paths=(path,),
        depth=len(pack().country.tiers),
        role=Role.OWNER,
        unit=unit_key,
    )


def units_load(
    tree: units.UnitTree, tenants: Mapping[str, str] | None = None, using: str = "owner"
) -> int:
    """Writes a whole tree: new units, changed names and validity, changes, partners.

    tenants: whose own unit it is, by unit key; the tenants must exist (`tenant_add`).
    Returns the number of units that were not there before. Twice changes nothing.
    """
    whose = tenants or {}
    with as_whole_tree(using):
        before = dict(Unit.objects.using(using).values_list("key", "path"))
        for key, path in before.items():
            assert key not in tree or tree.path(key) == path, f"{key} cannot move from {path}"
        rows = [_row(unit, tree, whose.get(unit.key)) for unit in tree.units.values()]
        updated = ["name", "code", "valid_from", "valid_to"]
        if whose:
            updated.append("tenant")
        Unit.objects.using(using).bulk_create(
            sorted(rows, key=lambda row: row.depth),
            update_conflicts=True,
            unique_fields=["key"],
            update_fields=updated,
            batch_size=1000,
        )
        UnitChange.objects.using(using).bulk_create(
            (UnitChange(on=c.on, old_id=c.old, new_id=c.new) for c in tree.changes),
            ignore_conflicts=True,
        )
        Partnership.objects.using(using).bulk_create(
            (
                Partnership(unit_id=unit.key, partner_id=partner, path=tree.path(unit.key))
                for unit in tree.units.values()
                for partner in unit.partners
            ),
            ignore_conflicts=True,
        )
    return len(tree.units.keys() - before.keys())


def _row(unit: units.Unit, tree: units.UnitTree, tenant: str | None) -> Unit:
    path = tree.path(unit.key)
    return Unit(
        key=unit.key,
        tier=unit.tier,
        name=unit.name,
        parent_id=unit.parent,
        path=path,
        depth=path.count("/"),
        valid_from=unit.valid_from,
        valid_to=unit.valid_to,
        code=unit.code,
        tenant_id=tenant,
    )


def unit_add(
    parent: Unit,
    name: str,
    *,
    tenant_key: str,
    key: str = "",
    valid_from: date | None = None,
    using: str = "default",
) -> Unit:
    """A new school or department of a tenant, one tier below its parent.

    Its key is made from its name: "karmoy-kulturskole", "karmoy-kulturskole.dans"; one that
    somebody else has gets the parent's code behind it. Needs the administration's reach.
    """
    tiers = [each.key for each in pack().country.tiers]
    depth = parent.depth + 1
    if depth >= len(tiers):
        raise NotNow(_("There is nothing below a %(tier)s.") % {"tier": tiers[-1]})
    for candidate in [key] if key else _keys(name, parent):
        try:
            with transaction.atomic(using=using):
                return Unit.objects.using(using).create(
                    key=candidate,
                    tier=tiers[depth],
                    name=name,
                    parent=parent,
                    path=f"{parent.path}/{candidate}",
                    depth=depth,
                    valid_from=valid_from,
                    tenant_id=tenant_key,
                )
        except IntegrityError:
            # Taken, perhaps by a unit that this reader may not see: only the database knows.
            continue
    raise NotNow(_("There is already a unit called “%(name)s” here.") % {"name": name})


def _keys(name: str, parent: Unit) -> Iterator[str]:
    slug = slugify(name.translate(LETTERS))[:50] or "unit"
    if parent.tenant_id is not None:
        yield f"{parent.key}.{slug}"
        return
    yield slug
    yield f"{slug}-{parent.code or parent.key}"


def tenant_add(
    unit_key: str, *, name: str = "", is_synthetic: bool = False, using: str = "owner"
) -> Tenant:
    """Gives the administration of a country, county or municipality its place in Puls.

    The page does the same within the national body's reach, `using` default.
    Raises NotNow when the unit is unknown, has no administration of its own, or has its place.
    """
    with nullcontext() if using == "default" else as_whole_tree(using):
        unit = Unit.objects.using(using).filter(key=unit_key).first()
        taken = Tenant.objects.using(using).filter(pk=unit_key).exists()
    if unit is None:
        raise NotNow(_("There is no unit “%(key)s”.") % {"key": unit_key})
    if Role.LEADER in roles_at(unit.tier, pack().country):
        raise NotNow(_("%(name)s belongs to an administration above it.") % {"name": unit.name})
    if unit.valid_to is not None:
        raise NotNow(_("%(name)s no longer exists.") % {"name": unit.name})
    if taken:
        raise NotNow(_("%(name)s already has its place in Puls.") % {"name": unit.name})
    with as_reach(administration(unit.key, unit.path), using):
        return Tenant.objects.using(using).create(
            unit=unit, name=name or unit.name, is_synthetic=is_synthetic
        )


def tenant_begin(
    by: Reach,
    unit_key: str,
    *,
    school: str,
    email: str,
    name: str,
    language: str,
    invited_by: User,
) -> None:
    """An administration with its first person: leader of a new school, or owner without one."""
    check("tenant_add", by)
    with transaction.atomic():
        unit = tenant_add(unit_key, using="default").unit
        place, role = unit, roles_at(unit.tier, pack().country)[0]
        if school:
            with as_reach(administration(unit.key, unit.path)):
                place, role = unit_add(unit, school, tenant_key=unit.key), Role.LEADER
        membership_invite(
            None, place, role, email, name=name, language=language, invited_by=invited_by
        )


def membership_add(user: User, unit: Unit, role: str, using: str = "default") -> Membership:
    """Somebody's role at a unit, without asking: the demo, and an accepted invitation."""
    tenant_key = unit.tenant_id or unit.key
    with as_reach(administration(tenant_key, unit.path), using):
        return Membership.objects.using(using).create(
            user=user, tenant_id=tenant_key, unit=unit, path=unit.path, role=role
        )


def membership_assign(by: Reach, membership: Membership, unit: Unit, role: str) -> None:
    """Another role or place for somebody who has access already."""
    check("position_end", by, position_of(membership))
    check("position_give", by, Position(membership.tenant_id, unit.path, role))
    changed = Position(membership.tenant_id, unit.path, role)
    _leave_nobody_alone(membership, changed)
    membership.unit, membership.path, membership.role = unit, unit.path, role
    try:
        with transaction.atomic():
            membership.save(update_fields=["unit", "path", "role"])
    except IntegrityError:
        raise NotNow(_("This person already has a role at %(unit)s.") % {"unit": unit}) from None


def membership_deactivate(by: Reach, membership: Membership) -> None:
    """Ends somebody's access, and all of the person's sessions with it, at once."""
    check("position_end", by, position_of(membership))
    _leave_nobody_alone(membership, None)
    membership.active = False
    membership.save(update_fields=["active"])
    sessions_end(membership.user)


def position_of(membership: Membership) -> Position:
    return Position(membership.tenant_id, membership.path, membership.role)


def _leave_nobody_alone(membership: Membership, becomes: Position | None) -> None:
    """Raises NotNow when nobody would be left who manages the people at this unit."""
    if not MAY_GIVE[Role(membership.role)]:
        return
    others = Membership.objects.filter(active=True).exclude(pk=membership.pk)
    left = [position_of(other) for other in others] + ([becomes] if becomes else [])
    for other in left:
        covers = membership.path == other.path or membership.path.startswith(f"{other.path}/")
        if covers and MAY_GIVE[Role(other.role)]:
            return
    raise NotNow(
        _("Nobody else manages access here. Give somebody else the role first, then try again.")
    )


def membership_invite(
    by: Reach | None,
    unit: Unit,
    role: str,
    email: str,
    *,
    name: str = "",
    language: str = "",
    invited_by: User | None = None,
    using: str = "default",
) -> Invitation:
    """Sends somebody a link that gives a role at a unit. An earlier one to the same is replaced.

    by: the inviter's reach; None for the back office, which may invite anybody anywhere.
    Raises NotAllowed, or NotNow when the person has access already or the mail cannot be sent.
    """
    tenant_key, email = unit.tenant_id or unit.key, email.strip().lower()
    if by is not None:
        check("position_give", by, Position(tenant_key, unit.path, role))
    token = secrets.token_urlsafe(32)
    with as_reach(by or administration(tenant_key, unit.path), using):
        people = Membership.objects.using(using).filter(active=True, unit=unit, user__email=email)
        if people.exists():
            known = {"email": email, "unit": unit}
            raise NotNow(_("%(email)s already has access to %(unit)s.") % known)
        Invitation.objects.using(using).filter(unit=unit, email=email).delete()
        invitation = Invitation.objects.using(using).create(
            tenant_id=tenant_key,
            unit=unit,
            path=unit.path,
            role=role,
            email=email,
            name=name,
            language=language or pack().languages[0],
            token_hash=hash_of(token),
            invited_by=invited_by,
            expires=timezone.now() + INVITATION_LASTS,
        )
        send_invitation(invitation, token)
    return invitation


def invitation_withdraw(by: Reach, invitation: Invitation) -> None:
    """The link in the mail leads nowhere from now on."""
    check("position_end", by, Position(invitation.tenant_id, invitation.path, invitation.role))
    invitation.delete()


def invitation_accept(
    token_hash: str, user: User | None, *, name: str = "", password: str = "", language: str = ""
) -> Membership:
    """Uses an invitation up: for a person who is logged in, or for a new one.

    Raises NotNow when it was used or withdrawn, is too old, or is for another person.
    """
    with as_bearer(token_hash):
        invitation = invitation_of(token_hash)
        if invitation is None or invitation.is_over:
            raise NotNow(_("This invitation is no longer valid. Ask for a new one."))
        if user is not None and user.email != invitation.email:
            raise NotNow(_("This invitation is for somebody else. Log out first."))
        with as_reach(administration(invitation.tenant_id, invitation.path)):
            # Deleting first makes it work once: a second click at the same time deletes nothing.
            if Invitation.objects.filter(pk=invitation.pk).delete()[0] == 0:
                raise NotNow(_("This invitation is no longer valid. Ask for a new one."))
            if user is None:
                user = user_add(invitation.email, password, name=name, language=language)
            return Membership.objects.create(
                user=user,
                tenant_id=invitation.tenant_id,
                unit_id=invitation.unit_id,
                path=invitation.path,
                role=invitation.role,
            )
