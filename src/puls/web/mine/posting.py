"""The nightly round of e-mails: who wants one today, and what it says."""

import logging
from datetime import date, timedelta
from smtplib import SMTPException
from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from puls.web.mine import digest
from puls.web.mine.digest import Asked, News
from puls.web.mine.models import Often, Wish
from puls.web.packs import language_of, pack
from puls.web.tenants.access import as_person, as_reach, as_whole_tree, memberships_of, reach_of
from puls.web.tenants.models import Membership, Unit
from puls.web.tenants.names import unit_name

OWNER = "owner"
EVERY = {Often.DAILY: timedelta(days=1), Often.WEEKLY: timedelta(days=7)}
log = logging.getLogger(__name__)


def post(today: date) -> int:
    """An e-mail to everybody who wants one today and for whom something waits. How many went.

    One that cannot be sent is tried again the next night; the others go all the same.
    """
    return sum(_post_one(key, today) for key in _wanted(today))


def _wanted(today: date) -> list[UUID]:
    """Memberships whose people want an e-mail again by today."""
    again = Q()
    for often, every in EVERY.items():
        again |= Q(often=often, told_on__lte=today - every) | Q(often=often, told_on__isnull=True)
    with as_whole_tree(OWNER):
        rows = Wish.objects.using(OWNER).filter(again, membership__active=True)
        return list(rows.order_by("pk").values_list("pk", flat=True))


def _post_one(key: UUID, today: date) -> bool:
    with as_whole_tree(OWNER), transaction.atomic(using=OWNER):
        # Held until it is sent: two rounds at once send it once.
        rows = Wish.objects.using(OWNER).select_for_update(skip_locked=True, of=("self",))
        wish = rows.select_related("user").filter(pk=key).first()
        if wish is None or wish.told_on == today or not wish.user.is_active:
            return False
        found = _found(wish, today)
        if found is None:
            return False
        membership, news = found
        if news and not _sent(wish, membership, news):
            return False
        Wish.objects.using(OWNER).filter(pk=key).update(told_on=today)
        return bool(news)


def _found(wish: Wish, today: date) -> tuple[Membership, list[News]] | None:
    """What waits, read as the person reads it and no further; None where their role has ended."""
    with as_person(wish.user_id):
        mine = {each.pk: each for each in memberships_of(wish.user)}
        membership = mine.get(wish.membership_id)
        if membership is None:
            return None
        reach = reach_of(membership)
    with translation.override(wish.user.language), as_reach(reach):
        membership.unit = Unit.objects.get(pk=membership.unit_id)
        asked = Asked(membership, reach, today, wish.told_on, language_of(pack()))
        return membership, digest.news(asked, wish.about)


def _sent(wish: Wish, membership: Membership, news: list[News]) -> bool:
    with translation.override(wish.user.language):
        place = unit_name(membership.unit, pack(), language_of(pack()))
        words = {
            "lines": [(each.text, settings.PULS_ADDRESS + each.href) for each in news],
            "place": place,
            "settings": settings.PULS_ADDRESS + reverse("mine:wishes"),
        }
        # On one line, or the round would end here for all who come after.
        subject = " ".join((_("Puls: what waits at %(place)s") % {"place": place}).split())
        text = render_to_string("mine/mail/digest.txt", words)
    try:
        return bool(send_mail(subject, text, None, [wish.user.email]))
    except (SMTPException, OSError) as error:
        # Its words may hold an address.
        log.warning("an e-mail with what waits could not be sent: %s", type(error).__name__)
        return False
