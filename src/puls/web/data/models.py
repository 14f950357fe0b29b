"""Keys to the read API. The key itself is kept nowhere: it is shown once, and its hash stays."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from puls.web.tenants.models import Membership, Tenant
from puls.web.tenants.scoping import OpenManager


class Scope(models.TextChoices):
    """How far a key reads. Never further than the role of the person who made it."""

    NATIONAL = "national", _("the country's figures only")
    TENANT = "tenant", _("all that the role sees")


class Token(models.Model):
    """One person's key for a program.

    membership: the role that it reads by; when that ends, so does the key.
    token_hash: SHA-256 of the key.
    expires_on: the first day on which it no longer works.
    last_used_on: the day alone, so that it is no diary of what somebody does.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="tokens")
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    scope = models.CharField(max_length=8)
    token_hash = models.CharField(max_length=64, unique=True)
    made_on = models.DateField()
    expires_on = models.DateField()
    last_used_on = models.DateField(null=True)
    revoked_on = models.DateField(null=True)

    objects = OpenManager["Token"]()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="token_scope_known", condition=Q(scope__in=Scope.values)),
            models.CheckConstraint(name="token_lasts", condition=Q(expires_on__gt=F("made_on"))),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def scope_name(self) -> str:
        return str(Scope(self.scope).label)
