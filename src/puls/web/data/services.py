"""All writing of keys to the read API."""

import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from puls.errors import NotNow
from puls.web.accounts.models import User
from puls.web.data.models import Scope, Token
from puls.web.data.queries import PREFIX, hash_of
from puls.web.tenants.models import Membership

LASTING_DAYS = (30, 90, 365)
"""How long a key may last; nobody renews what nobody uses."""
MOST = 20
"""Working keys of one person."""


@dataclass(frozen=True)
class Made:
    """A new key. secret: the key itself, this once."""

    token: Token
    secret: str


def token_make(
    user: User, membership: Membership, name: str, scope: Scope, days: int, today: date
) -> Made:
    """A key for what the person may read by this membership. Inside the person's own reach."""
    assert days in LASTING_DAYS
    assert membership.user_id == user.pk
    working = Token.objects.filter(user=user, revoked_on__isnull=True, expires_on__gt=today)
    if working.count() >= MOST:
        raise NotNow(
            _("You have %(most)s working keys already. Revoke one that is not used first.")
            % {"most": MOST}
        )
    secret = PREFIX + secrets.token_urlsafe(32)
    token = Token.objects.create(
        user=user,
        tenant_id=membership.tenant_id,
        membership=membership,
        name=name,
        scope=scope,
        token_hash=hash_of(secret),
        made_on=today,
        expires_on=today + timedelta(days=days),
    )
    return Made(token, secret)


def token_revoke(user: User, key: UUID, today: date) -> bool:
    """The key stops working for good. False when the person has no such working key."""
    own = Token.objects.filter(pk=key, user=user, revoked_on__isnull=True)
    return bool(own.update(revoked_on=today))
