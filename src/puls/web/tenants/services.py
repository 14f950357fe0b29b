"""All writing of units, administrations and people's access to them."""

import secrets
from contextlib import nullcontext
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from puls.errors import NotNow
from puls.web.accounts.models import User
from puls.web.accounts.services import password_link_send, sessions_end, user_add
from puls.web.packs import pack
from puls.web.tenants.access import Reach, as_bearer, as_reach, as_whole_tree
from puls.web.tenants.mails import send_invitation
from puls.web.tenants.models import (
    Invitation,
    Membership,
    Role,
    Tenant,
    Unit,
)
from puls.web.tenants.permissions import MAY_GIVE, Position, check, roles_at
from puls.web.tenants.queries import hash_of, invitation_of
from puls.web.tenants.tree import administration, unit_add, unit_begin, units_load

__all__ = [
    "administration",
    "invitation_accept",
    "invitation_withdraw",
    "membership_add",
    "membership_assign",
    "membership_deactivate",
    "membership_invite",
    "password_send",
    "position_of",
    "tenant_add",
    "tenant_begin",
    "unit_add",
    "unit_begin",
    "units_load",
]
INVITATION_LASTS = timedelta(days=14)


def tenant_add(
    unit_key: str, *, name: str = "", is_synthetic: bool = False, using: str = "owner"
) -> Tenant:
    """Gives the administration of a country, county or municipality its place in Puls.

    The page does the same within the national body's reach, `using` default.
    Raises NotNow when the unit is unknown, has no administration of its own, or has its place.
    """
    unit = _place_of_administration(unit_key, using)
    with as_reach(administration(unit.key, unit.path), using):
        if Tenant.objects.using(using).filter(pk=unit_key).exists():
            raise NotNow(_("%(name)s already has its place in Puls.") % {"name": unit.name})
        return Tenant.objects.using(using).create(
            unit=unit, name=name or unit.name, is_synthetic=is_synthetic
        )


def _place_of_administration(unit_key: str, using: str) -> Unit:
    """The unit, if an administration belongs there; else NotNow."""
    with nullcontext() if using == "default" else as_whole_tree(using):
        unit = Unit.objects.using(using).filter(key=unit_key).first()
    if unit is None:
        raise NotNow(_("There is no unit “%(key)s”.") % {"key": unit_key})
    if Role.LEADER in roles_at(unit.tier, pack().country):
        raise NotNow(_("%(name)s belongs to an administration above it.") % {"name": unit.name})
    if unit.valid_to is not None:
        raise NotNow(_("%(name)s no longer exists.") % {"name": unit.name})
    return unit


def tenant_begin(
    by: Reach | None,
    unit_key: str,
    *,
    email: str,
    school: str = "",
    name: str = "",
    language: str = "",
    invited_by: User | None = None,
    using: str = "default",
) -> Invitation:
    """An administration with its first person: leader of a new school, or owner without one.

    As long as nobody has come, it may begin anew: invitations end, addresses have typing errors.
    by: the national body's reach; None for the back office (`using` owner).
    """
    if by is not None:
        check("tenant_add", by)
    unit = _place_of_administration(unit_key, using)
    with as_reach(administration(unit.key, unit.path), using):
        if Membership.objects.using(using).filter(active=True).exists():
            raise NotNow(_("%(name)s already has its place in Puls.") % {"name": unit.name})
        Invitation.objects.using(using).all().delete()
        Tenant.objects.using(using).get_or_create(unit=unit, defaults={"name": unit.name})
        place, role = unit, roles_at(unit.tier, pack().country)[0]
        if school:
            known = Unit.objects.using(using).filter(parent=unit, name=school).first()
            place = known or unit_add(unit, school, tenant_key=unit.key, using=using)
            role = Role.LEADER
        return membership_invite(
            None,
            place,
            role,
            email,
            name=name,
            language=language,
            invited_by=invited_by,
            using=using,
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


def password_send(by: Reach, membership: Membership, request: HttpRequest) -> None:
    """Sends somebody a link to choose a new password. Nobody else ever sees the link."""
    check("password_send", by, position_of(membership))
    password_link_send(request, membership.user)


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
