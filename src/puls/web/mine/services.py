"""All writing of the year wheel, of wishes and feeds, and handing over what one was to do."""

import secrets
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from puls.errors import NotNow
from puls.web.actions import services as actions
from puls.web.mine.digest import KINDS
from puls.web.mine.models import LONGEST_TITLE, Entry, Often, Wish
from puls.web.mine.queries import hash_of
from puls.web.tenants.access import Reach
from puls.web.tenants.models import Membership, Unit
from puls.web.tenants.permissions import Place, check, place_of

MOST = 60
"""Entries of one unit: a wheel with more is read by nobody."""


def entry_add(
    by: Reach, unit: Unit, title: str, on: date, until: date | None, *, yearly: bool
) -> Entry:
    """Something on the unit's wheel. NotAllowed, or NotNow with the reason."""
    check("entry_write", by, place_of(unit))
    title = " ".join(title.split())
    if not title:
        raise NotNow(_("Write what it is."))
    if len(title) > LONGEST_TITLE:
        raise NotNow(_("At most %(most)s letters, please.") % {"most": LONGEST_TITLE})
    if until is not None and until < on:
        raise NotNow(_("It cannot end before it begins."))
    if Entry.objects.filter(unit=unit).count() >= MOST:
        raise NotNow(_("The wheel is full. Take something off first."))
    return Entry.objects.create(
        tenant_id=by.tenant_key,
        unit=unit,
        path=unit.path,
        depth=unit.depth,
        title=title,
        on=on,
        until=until if until != on else None,
        yearly=yearly,
    )


def entry_remove(by: Reach, key: UUID) -> None:
    """Off the wheel for good."""
    row = Entry.objects.filter(pk=key).first()
    if row is None:
        raise NotNow(_("This has been taken off in the meantime."))
    check("entry_write", by, Place(row.tenant_id, row.path))
    row.delete()


def wish_keep(membership: Membership, often: Often, about: Sequence[str]) -> Wish:
    """How often, and of what, a person wants to be told in one of their roles."""
    wish = _wish(membership)
    wish.often, wish.about = often, [kind for kind in KINDS if kind in about]
    wish.save(update_fields=["often", "about"])
    return wish


def feed_open(membership: Membership) -> str:
    """A new secret for the feed's address, told this once; an older address stops working."""
    wish, secret = _wish(membership), secrets.token_urlsafe(32)
    wish.feed_hash = hash_of(secret)
    wish.save(update_fields=["feed_hash"])
    return secret


def feed_close(membership: Membership) -> None:
    """The address stops working."""
    Wish.objects.filter(pk=membership.pk).update(feed_hash="")


def hand_over(by: Reach, mine: Membership, to: Membership) -> int:
    """All open actions that one is responsible for become another member's. How many they were."""
    if to.pk == mine.pk or not to.active or to.tenant_id != by.tenant_key:
        raise NotNow(_("Choose somebody else who works here."))
    return actions.actions_hand_over(by, mine, to)


def _wish(membership: Membership) -> Wish:
    """A person's row; made with everything chosen, and no e-mail before they say so."""
    found, _made = Wish.objects.get_or_create(
        membership=membership,
        defaults={
            "user_id": membership.user_id,
            "tenant_id": membership.tenant_id,
            "often": Often.NEVER,
            "about": list(KINDS),
        },
    )
    return found
