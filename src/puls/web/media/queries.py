"""All reading of pictures and files. Called within a reach."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import Http404
from django.urls import reverse

from puls.web.media.models import File, Kind


@dataclass(frozen=True)
class Picture:
    """A picture to show. alt: "" for one that only decorates. width, height: in pixels."""

    id: UUID
    unit: str
    name: str
    alt: str
    width: int
    height: int
    added_by: str
    added_at: datetime

    @property
    def address(self) -> str:
        return reverse("media:picture", args=[self.id])

    @property
    def small_address(self) -> str:
        return reverse("media:picture_small", args=[self.id])

    @property
    def markdown(self) -> str:
        """How a text shows it."""
        alt = "".join(f"\\{letter}" if letter in "\\[]" else letter for letter in self.alt)
        return f"![{alt}]({self.address})"


@dataclass(frozen=True)
class Attachment:
    """A file to hand out. size: in bytes."""

    id: UUID
    unit: str
    name: str
    size: int
    added_by: str
    added_at: datetime

    @property
    def address(self) -> str:
        return reverse("media:file", args=[self.id])


@dataclass(frozen=True)
class Content:
    """The bytes of a file, as they go out."""

    name: str
    is_picture: bool
    data: bytes


def pictures(unit: str, most: int = 60) -> Sequence[Picture]:
    """A unit's pictures, the newest first."""
    rows = File.objects.filter(unit=unit, kind=Kind.PICTURE).defer("content", "small")
    return [_picture(row) for row in rows.order_by("-added_at", "id")[:most]]


def pictures_by_key(keys: Iterable[UUID]) -> dict[UUID, Picture]:
    """Those of the pictures that are there and may be seen."""
    rows = File.objects.filter(pk__in=list(keys), kind=Kind.PICTURE).defer("content", "small")
    return {row.pk: _picture(row) for row in rows}


def is_picture_of(unit: str, key: str) -> bool:
    """Whether the unit has such a picture. key: of a picture, as text."""
    return File.objects.filter(pk=key, unit=unit, kind=Kind.PICTURE).exists()


def picture_or_404(key: UUID) -> Picture:
    found = pictures_by_key([key])
    if key not in found:
        raise Http404
    return found[key]


def attachments(unit: str) -> Sequence[Attachment]:
    """A unit's attachments, the newest first."""
    rows = File.objects.filter(unit=unit, kind=Kind.ATTACHMENT).defer("content", "small")
    return [_attachment(row) for row in rows.order_by("-added_at", "id")]


def attachments_by_key(keys: Iterable[UUID]) -> dict[UUID, Attachment]:
    """Those of the attachments that are there and may be seen."""
    rows = File.objects.filter(pk__in=list(keys), kind=Kind.ATTACHMENT).defer("content", "small")
    return {row.pk: _attachment(row) for row in rows}


def content_or_404(key: UUID, kind: Kind, *, small: bool = False) -> Content:
    """The bytes of a picture or an attachment, within reach or shared."""
    left = "content" if small else "small"
    row = File.objects.filter(pk=key, kind=kind).defer(left).first()
    if row is None:
        raise Http404
    data = row.small if small and row.small is not None else row.content
    return Content(row.name, kind is Kind.PICTURE, bytes(data))


def _picture(row: File) -> Picture:
    return Picture(
        row.pk, row.unit_id, row.name, row.alt, row.width, row.height, row.added_by, row.added_at
    )


def _attachment(row: File) -> Attachment:
    return Attachment(row.pk, row.unit_id, row.name, row.size, row.added_by, row.added_at)
