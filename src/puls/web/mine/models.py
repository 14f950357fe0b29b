"""Entries of the year wheel, the address of a person's feed, and what they want to be told."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from puls.web.tenants.constraints import depth_is_of_path
from puls.web.tenants.models import Membership, Tenant, Unit
from puls.web.tenants.scoping import OpenManager, ReachManager

LONGEST_TITLE = 120


class Entry(models.Model):
    """Something that a unit does at a time of the year; its units below see it too.

    on, until: days, until only where it lasts longer than one. yearly: it comes again each year.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_constraint=False)
    path = models.CharField(max_length=400)
    depth = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=LONGEST_TITLE)
    on = models.DateField()
    until = models.DateField(null=True)
    yearly = models.BooleanField(default=True)

    objects = ReachManager["Entry"]()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="entry_has_a_title", condition=~Q(title="")),
            models.CheckConstraint(
                name="entry_ends_after_it_begins",
                condition=Q(until__isnull=True) | Q(until__gte=F("on")),
            ),
            depth_is_of_path("entry_depth_is_of_path"),
        ]

    def __str__(self) -> str:
        return self.title


class Often(models.TextChoices):
    """How often somebody wants an e-mail with what waits."""

    NEVER = "never", _("Never")
    WEEKLY = "weekly", _("Once a week")
    DAILY = "daily", _("Every day on which there is something")


class Wish(models.Model):
    """What a person wants to be told in one of their roles, and the address of their feed.

    about: kinds of news, of `digest.KINDS`. told_on: the day of the last e-mail.
    feed_hash: SHA-256 of the secret in the feed's address, or "" where there is no feed.
    """

    membership = models.OneToOneField(
        Membership, models.CASCADE, primary_key=True, related_name="wish"
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    often = models.CharField(max_length=8, default=Often.WEEKLY.value)
    about: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list)
    told_on = models.DateField(null=True)
    feed_hash = models.CharField(max_length=64, blank=True)

    # The database alone decides: a person's own, or the one whose secret a calendar brought.
    objects = OpenManager["Wish"]()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="wish_often_known", condition=Q(often__in=Often.values)),
            models.UniqueConstraint(
                name="wish_feed_once", fields=["feed_hash"], condition=~Q(feed_hash="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.often} for {self.membership_id}"
