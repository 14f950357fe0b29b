"""Units, who owns them, and who may see what. Each table has row-level security (`rowlevel`)."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from puls.web.tenants.constraints import depth_is_of_path
from puls.web.tenants.scoping import OpenManager, ReachManager, TenantManager


class Unit(models.Model):
    """One unit of the tree, as `puls.units.Unit`, with its place written out.

    path: the keys from the country down, joined with "/": "no/no-46/no-4601".
    depth: the number of units above it: 0 for the country.
    tenant: whose own unit it is (schools, departments); none for country, county, municipality.
    A parent never changes, so neither does a path; other tables may keep a copy.
    """

    key = models.CharField(primary_key=True, max_length=80)
    tier = models.CharField(max_length=30)
    name = models.CharField(max_length=200)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    path = models.CharField(max_length=400, unique=True)
    depth = models.PositiveSmallIntegerField()
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    """The first day on which it no longer exists."""
    code = models.CharField(max_length=20, blank=True)
    tenant = models.ForeignKey(
        "Tenant", models.PROTECT, null=True, blank=True, related_name="units"
    )

    objects = ReachManager["Unit"]()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="unit_valid_to_after_from",
                condition=Q(valid_to__gt=F("valid_from"))
                | Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True),
            ),
            # A reach is a list of paths in one setting: no key may look like two.
            models.CheckConstraint(
                name="unit_key_fit_for_addresses",
                condition=Q(key__regex=r"^[A-Za-z0-9][A-Za-z0-9._-]*$"),
            ),
            models.CheckConstraint(
                name="unit_path_goes_on_from_parent",
                condition=Q(parent__isnull=True, path=F("key"))
                | Q(path=Concat("parent_id", Value("/"), "key"))
                | Q(path__endswith=Concat(Value("/"), "parent_id", Value("/"), "key")),
            ),
            depth_is_of_path("unit_depth_is_of_path"),
            models.UniqueConstraint(name="unit_key_and_path", fields=["key", "path"]),
        ]

    def __str__(self) -> str:
        return self.name


class UnitChange(models.Model):
    """On this day (some of) the old unit became (part of) the new one."""

    on = models.DateField()
    old = models.ForeignKey(Unit, models.PROTECT, related_name="became")
    new = models.ForeignKey(Unit, models.PROTECT, related_name="came_from")

    objects = OpenManager["UnitChange"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="change_once", fields=["on", "old", "new"]),
            models.CheckConstraint(name="change_is_of_two", condition=~Q(old=F("new"))),
        ]

    def __str__(self) -> str:
        return f"{self.old_id} → {self.new_id} ({self.on})"


class Partnership(models.Model):
    """Another owner of a jointly run school: it may read, the host municipality owns.

    path: the school's own path, kept here so that a partner's reach is known before it is open.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="partnerships")
    partner = models.ForeignKey(Unit, models.PROTECT, related_name="partner_in")
    path = models.CharField(max_length=400)

    objects = OpenManager["Partnership"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="partner_once", fields=["unit", "partner"]),
            models.CheckConstraint(name="partner_is_other", condition=~Q(unit=F("partner"))),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} with {self.partner_id}"


class CountryLoad(models.Model):
    """Which state of a country's own units is in the table of units.

    checksum: SHA-256 over the country's tables.
    """

    country = models.CharField(primary_key=True, max_length=60)
    checksum = models.CharField(max_length=64)

    objects = OpenManager["CountryLoad"]()

    def __str__(self) -> str:
        return self.country


class Tenant(models.Model):
    """An administration that keeps its own data here: a municipality, county or national body.

    is_synthetic: its schools, people and answers are made up; every page says so.
    """

    unit = models.OneToOneField(
        Unit, models.PROTECT, primary_key=True, related_name="administration"
    )
    name = models.CharField(max_length=200)
    is_synthetic = models.BooleanField(default=False)
    created = models.DateTimeField(auto_now_add=True)

    objects = OpenManager["Tenant"]()

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What somebody is to a unit, from the widest reach to the narrowest."""

    NATIONAL = "national", _("national body")
    COUNTY = "county", _("county")
    OWNER = "owner", _("owner")
    LEADER = "leader", _("leader")
    TEACHER = "teacher", _("teacher")


class Membership(models.Model):
    """A person's role at a unit of a tenant. Ended ones stay, inactive."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="memberships")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="memberships")
    path = models.CharField(max_length=400)
    """The unit's path: needed to open a reach, before which no unit can be read."""
    role = models.CharField(max_length=12)
    active = models.BooleanField(default=True)
    created = models.DateTimeField(auto_now_add=True)

    objects = TenantManager["Membership"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="one_active_role_at_a_unit",
                fields=["user", "unit"],
                condition=Q(active=True),
            ),
            models.CheckConstraint(name="membership_role_known", condition=Q(role__in=Role.values)),
        ]

    def __str__(self) -> str:
        return f"{self.role} at {self.unit_id}"

    @property
    def role_name(self) -> str:
        return str(Role(self.role).label)


class Invitation(models.Model):
    """An open invitation; accepted or withdrawn ones are deleted.

    token_hash: SHA-256 of the token in the e-mail; the token itself is kept nowhere.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="invitations")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="invitations")
    path = models.CharField(max_length=400)
    role = models.CharField(max_length=12)
    email = models.EmailField()
    name = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=8)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created = models.DateTimeField(auto_now_add=True)
    expires = models.DateTimeField()

    objects = TenantManager["Invitation"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="one_invitation_at_a_unit", fields=["unit", "email"]),
            models.CheckConstraint(name="invitation_role_known", condition=Q(role__in=Role.values)),
        ]

    def __str__(self) -> str:
        return f"{self.role} at {self.unit_id}"

    @property
    def role_name(self) -> str:
        return str(Role(self.role).label)

    @property
    def is_over(self) -> bool:
        return self.expires <= timezone.now()
