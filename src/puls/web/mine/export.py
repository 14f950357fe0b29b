"""Everything a person wrote in one administration, to take along: JSON, with their pictures.

Texts carry the name of who wrote them, in words of that day, and no person's id. So what is found
is what bears the name or the address that somebody has now; the page says so.
"""

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Model, Q, QuerySet

from puls.web.accounts.models import User
from puls.web.media.models import File, Kind

WRITTEN: Mapping[str, tuple[str, ...]] = {
    "thoughts.Thought": ("written_by", "changed_by"),
    "actions.Decision": ("written_by", "changed_by"),
    "actions.Action": ("written_by", "changed_by", "responsible_name"),
    "actions.Progress": ("written_by",),
    "improve.Improvement": ("begun_by",),
    "improve.Change": ("made_by",),
    "meet.Line": ("written_by",),
    "share.Practice": ("written_by",),
    "quality.Description": ("written_by", "finished_by"),
    "report.Version": ("saved_by",),
    "report.Publication": ("published_by", "approved_by"),
    "media.File": ("added_by",),
}
"""What is exported, and the columns that say who. A test finds tables that are missing here."""
LEFT_OUT = frozenset({"content", "small", "document", "search", "figures"})
"""Columns that are files of their own, or no words of the person."""


def archive(user: User) -> bytes:
    """A ZIP file: written.json by kind of text, and pictures and files under their names.

    Within a reach: what the person no longer sees is not theirs to take along.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as files:
        told = {name: list(_rows(name, user)) for name in WRITTEN}
        written = json.dumps(told, ensure_ascii=False, indent=1, default=_plain)
        files.writestr("written.json", written)
        for row in _by(File.objects.all(), WRITTEN["media.File"], user):
            ending = ".jpg" if row.kind == Kind.PICTURE else ""
            files.writestr(f"files/{row.pk}-{row.name}{ending}", bytes(row.content))
    return out.getvalue()


def _rows(name: str, user: User) -> Iterator[dict[str, Any]]:
    model: type[Model] = apps.get_model(name)
    columns = [f.attname for f in model._meta.concrete_fields if f.name not in LEFT_OUT]
    rows: QuerySet[Any] = model.objects.all()  # type: ignore[attr-defined]
    yield from _by(rows, WRITTEN[name], user).order_by("pk").values(*columns)


def _by(rows: QuerySet[Any], columns: tuple[str, ...], user: User) -> QuerySet[Any]:
    names = [each for each in (user.name, user.email) if each]
    found = Q()
    for column in columns:
        found |= Q(**{f"{column}__in": names})
    return rows.filter(found)


def _plain(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    assert isinstance(value, UUID), f"a {type(value).__name__} in a row of words"
    return str(value)
