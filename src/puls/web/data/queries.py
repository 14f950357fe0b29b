"""Reading of keys: a person's own, and the one that a program brought."""

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from django_scopes import scopes_disabled

from puls.web.accounts.models import User
from puls.web.data.models import Scope, Token
from puls.web.packs import pack
from puls.web.tenants.access import Reach, as_person, as_token, memberships_of, reach_of

PREFIX = "puls_"
"""Keys are told by their beginning, also by programs that look for keys in the wrong places."""
SHAPE = re.compile(r"puls_[A-Za-z0-9_-]{43}")


class Refused(StrEnum):
    """Why a key is not let in."""

    MISSING = "missing"
    UNKNOWN = "unknown"
    EXPIRED = "expired"
    REVOKED = "revoked"
    ENDED = "ended"
    """The person's role has ended, or the account is closed."""


@dataclass(frozen=True)
class Access:
    """What a key opens. key: its id, by which its requests are counted."""

    key: UUID
    scope: Scope
    reach: Reach


def hash_of(secret: str) -> str:
    """How a key is kept. It is random and long, so that a plain hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def own_tokens(user: User) -> list[Token]:
    """A person's keys, working ones first, the newest first. Inside the person's own reach."""
    found = Token.objects.filter(user=user).select_related("membership")
    return sorted(found.order_by("-made_on", "name"), key=lambda each: each.revoked_on is not None)


def access_of(secret: str, today: date) -> Access | Refused:
    """What a key opens today, by the role that its person has now."""
    if not secret:
        return Refused.MISSING
    if not SHAPE.fullmatch(secret):
        return Refused.UNKNOWN
    with as_token(hash_of(secret)), scopes_disabled():
        token = Token.objects.filter(token_hash=hash_of(secret)).select_related("user").first()
        if token is None:
            return Refused.UNKNOWN
        if token.revoked_on is not None:
            return Refused.REVOKED
        if token.expires_on <= today:
            return Refused.EXPIRED
        if token.last_used_on != today:
            Token.objects.filter(pk=token.pk).update(last_used_on=today)
    with as_person(token.user_id):
        mine = {each.pk: each for each in memberships_of(token.user)}
        membership = mine.get(token.membership_id)
        if membership is None or not token.user.is_active:
            return Refused.ENDED
        scope = Scope(token.scope)
        reach = reach_of(membership) if scope is Scope.TENANT else country_only()
    return Access(token.pk, scope, reach)


def country_only() -> Reach:
    """The country's own figures and nothing below; nobody's tenant."""
    root = pack().country.root
    return Reach(tenant_key="", paths=(root,), depth=0, role="", unit=root)
