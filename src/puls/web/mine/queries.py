"""All reading of wishes and feeds, and who else works where one works."""

import hashlib
import re
from dataclasses import dataclass

from django_scopes import scopes_disabled

from puls.web.mine.models import Wish
from puls.web.tenants.access import Reach, as_person, as_token, memberships_of, reach_of
from puls.web.tenants.models import Membership

SHAPE = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True)
class Subscribed:
    """Whose feed it is: in which role, how far they see, in which language."""

    membership: Membership
    reach: Reach
    language: str


def hash_of(secret: str) -> str:
    """How a feed's secret is kept. It is random and long, so that a plain hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def wish(membership: Membership) -> Wish | None:
    """What a person has chosen for a role; None before they have."""
    return Wish.objects.filter(pk=membership.pk).first()


def subscribed(secret: str) -> Subscribed | None:
    """Whose feed a secret opens today; None where it opens nothing, or the role has ended."""
    if not SHAPE.fullmatch(secret):
        return None
    with as_token(hash_of(secret)), scopes_disabled():
        found = Wish.objects.select_related("user").filter(feed_hash=hash_of(secret)).first()
    if found is None or not found.user.is_active:
        return None
    with as_person(found.user_id):
        mine = {each.pk: each for each in memberships_of(found.user)}
        membership = mine.get(found.membership_id)
        if membership is None:
            return None
        return Subscribed(membership, reach_of(membership), found.user.language)


def colleagues(mine: Membership) -> list[Membership]:
    """Others with a role at the same unit."""
    rows = Membership.objects.filter(unit=mine.unit_id, active=True).exclude(user=mine.user_id)
    return list(rows.select_related("user").order_by("user__name", "user__email"))
