"""All writing of pictures and files: by the people of the unit itself, and nobody else."""

from collections.abc import Iterable
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from puls.errors import NotNow
from puls.web.media import attachments
from puls.web.media.attachments import check_attachment, clean_name
from puls.web.media.models import File, Kind
from puls.web.media.pictures import drawn
from puls.web.media.uploads import MOST_BYTES as UPLOADED
from puls.web.tenants.access import Reach
from puls.web.tenants.models import Unit
from puls.web.tenants.permissions import Place, check, place_of

MOST_BYTES = 500 * 1024 * 1024
"""Of one unit: a school's pictures shall not fill the disk of all."""
LONGEST_ALT = 300


def picture_add(
    by: Reach,
    unit: Unit,
    file: "UploadedFile[bytes]",
    alt: str,
    added_by: str,
    *,
    is_decorative: bool = False,
) -> File:
    """A picture of the unit, drawn anew. alt: what it shows, "" only for a decorative one.

    added_by: who adds it, as it shall be read later. NotAllowed, or NotNow with the reason.
    """
    check("media_write", by, place_of(unit))
    alt = _told(alt, is_decorative)
    picture = drawn(file.name or "", _read(file, UPLOADED))
    return _keep(
        by,
        unit,
        file,
        added_by,
        kind=Kind.PICTURE,
        alt=alt,
        is_decorative=is_decorative,
        width=picture.width,
        height=picture.height,
        content=picture.content,
        small=picture.small,
    )


def attachment_add(by: Reach, unit: Unit, file: "UploadedFile[bytes]", added_by: str) -> File:
    """A file that is handed out as it is, and never shown on a page."""
    check("media_write", by, place_of(unit))
    data = _read(file, attachments.MOST_BYTES)
    check_attachment(clean_name(file.name or ""), data)
    return _keep(by, unit, file, added_by, kind=Kind.ATTACHMENT, content=data)


def picture_tell(by: Reach, key: UUID, alt: str, *, is_decorative: bool = False) -> None:
    """Other words for what a picture shows."""
    row = _own(by, key)
    row.alt, row.is_decorative = _told(alt, is_decorative), is_decorative
    row.save(update_fields=["alt", "is_decorative"])


def media_share(by: Reach, keys: Iterable[UUID], *, shared: bool) -> None:
    """Let all who are signed in see these, or only those who see the unit again.

    For what is shared with other schools: by their own people or the administration above them,
    as the caller has asked. What is gone or another's is passed over.
    """
    rows = File.objects.filter(pk__in=list(keys), tenant=by.tenant_key)
    for row in rows.defer("content", "small"):
        check("media_share", by, Place(row.tenant_id, row.path))
        row.is_shared = shared
        row.save(update_fields=["is_shared"])


def media_remove(by: Reach, key: UUID) -> None:
    """Gone for good, also from texts that show it: those say that it is gone."""
    _own(by, key).delete()


def _told(alt: str, is_decorative: bool) -> str:
    alt = " ".join(alt.split())
    if is_decorative:
        return ""
    if not alt:
        raise NotNow(_("Write what the picture shows, or tick that it only decorates."))
    if len(alt) > LONGEST_ALT:
        raise NotNow(
            _("What a picture shows is told in at most %(n)s letters.") % {"n": LONGEST_ALT}
        )
    return alt


def _read(file: "UploadedFile[bytes]", most: int) -> bytes:
    """The bytes, and one more than allowed where there are more: whoever checks then says so."""
    data: bytes = file.read(most + 1)
    return data


def _keep(
    by: Reach, unit: Unit, file: "UploadedFile[bytes]", added_by: str, **about: object
) -> File:
    row = File(
        tenant_id=by.tenant_key,
        unit=unit,
        path=unit.path,
        depth=unit.depth,
        name=clean_name(file.name or ""),
        added_by=added_by,
        added_at=timezone.now(),
        **about,
    )
    row.size = len(row.content) + len(row.small or b"")
    held = File.objects.filter(unit=unit).aggregate(held=Sum("size"))["held"] or 0
    if held + row.size > MOST_BYTES:
        raise NotNow(
            _("There is no room for more files here. Remove some that you no longer need.")
        )
    row.save(force_insert=True)
    return row


def _own(by: Reach, key: UUID) -> File:
    row = File.objects.filter(pk=key).defer("content", "small").first()
    if row is None:
        raise NotNow(_("This file has been removed in the meantime."))
    check("media_write", by, Place(row.tenant_id, row.path))
    return row
