"""Pictures and other files that the people of a unit added."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from puls.web.tenants.constraints import depth_is_of_path
from puls.web.tenants.models import Tenant, Unit
from puls.web.tenants.scoping import OpenManager


class Kind(models.TextChoices):
    """A picture is shown on pages, an attachment is only handed out."""

    PICTURE = "picture"
    ATTACHMENT = "attachment"


class File(models.Model):
    """A picture, drawn anew by us, or an attachment, byte for byte. Its content never changes.

    path, depth: the unit's place, so that those who may see the unit may see it.
    content: a picture at most 1600 pixels wide and high as JPEG; small: at most 400.
    width, height: of content, in pixels; 0 for an attachment.
    alt: what a picture shows, for those who do not see it; "" only where it is decorative.
    size: bytes of content and small together. is_shared: all who are signed in may see it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_constraint=False)
    path = models.CharField(max_length=400)
    depth = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12)
    name = models.CharField(max_length=120)
    alt = models.CharField(max_length=300, blank=True)
    is_decorative = models.BooleanField(default=False)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    content = models.BinaryField()
    small = models.BinaryField(null=True)
    size = models.PositiveIntegerField()
    is_shared = models.BooleanField(default=False)
    added_by = models.CharField(max_length=200)
    added_at = models.DateTimeField()

    objects = OpenManager["File"]()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="media_kind_known", condition=Q(kind__in=Kind.values)),
            models.CheckConstraint(
                name="media_picture_is_told_or_decorative",
                condition=~Q(kind=Kind.PICTURE)
                | Q(is_decorative=True, alt="")
                | Q(is_decorative=False) & ~Q(alt=""),
            ),
            models.CheckConstraint(
                name="media_picture_has_its_sizes",
                condition=Q(kind=Kind.PICTURE, small__isnull=False, width__gt=0, height__gt=0)
                | Q(kind=Kind.ATTACHMENT, small__isnull=True, width=0, height=0),
            ),
            depth_is_of_path("media_depth_is_of_path"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name} at {self.unit_id}"
