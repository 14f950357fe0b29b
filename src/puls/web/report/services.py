"""All writing of quality reports: by the owner alone, and nothing is ever overwritten."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from puls.errors import NotNow
from puls.web.report import queries
from puls.web.report.drafting import Part
from puls.web.report.models import Publication, Version
from puls.web.tenants.access import Reach
from puls.web.tenants.permissions import check

LONGEST = 20_000
"""Letters of one part."""


def report_begin(
    by: Reach, period: int, language: str, release: int, parts: Iterable[Part], saved_by: str
) -> Version:
    """The first version of a school year's report. NotAllowed, or NotNow where there is one."""
    check("report_write", by)
    if queries.newest(period) is not None:
        raise NotNow(_("The report of this school year has been begun already."))
    return _save(by, period, 1, language, release, list(parts), _("Drafted"), saved_by)


def part_save(by: Reach, period: int, key: str, text: str, based_on: int, saved_by: str) -> Version:
    """A part with another text, as a new version of the whole.

    based_on: the version that its writer had before them. NotNow where somebody changed the same
    part in the meantime: nobody's words are written over unseen.
    """
    check("report_write", by)
    now = _now(period)
    if len(text) > LONGEST:
        raise NotNow(_("A part has at most %(most)s letters.") % {"most": LONGEST})
    parts = queries.parts(now)
    current = next((part for part in parts if part.key == key), None)
    if current is None:
        raise NotNow(_("The report has no such part any more."))
    before = next(
        (p for p in queries.parts(queries.version_or_404(period, based_on)) if p.key == key), None
    )
    if before != current:
        raise NotNow(_("Somebody changed this part in the meantime. Read it, then write again."))
    text = text.replace("\r\n", "\n").strip()
    if text == current.text:
        return now
    changed = [replace(part, text=text) if part.key == key else part for part in parts]
    return _next(by, now, changed, current.heading, saved_by)


def version_restore(by: Reach, period: int, number: int, saved_by: str) -> Version:
    """An old version's text again, as a new version: nothing in between is lost."""
    check("report_write", by)
    old, now = queries.version_or_404(period, number), _now(period)
    about = _("Text of version %(number)s again") % {"number": number}
    return _next(by, now, list(queries.parts(old)), about, saved_by)


def report_approve(by: Reach, period: int, number: int, approved_by: str) -> None:
    """Says that the newest version may be published. NotNow where there is a newer one."""
    check("report_write", by)
    now = _now(period)
    if now.number != number:
        raise NotNow(_("There is a newer version. Read that one before you approve it."))
    if now.approved_at is None:
        now.approved_by, now.approved_at = approved_by, timezone.now()
        now.save(update_fields=["approved_by", "approved_at"])


def report_publish(
    by: Reach,
    period: int,
    figures: Mapping[str, Any],
    document: bytes,
    synthetic: bool,
    published_by: str,
) -> Publication:
    """Keeps the approved newest version with its figures and file, for all of the tenant."""
    check("report_write", by)
    now = need_approved(period)
    earlier = queries.publications(period)
    if earlier and earlier[0].version == now.number:
        raise NotNow(_("This version is published already."))
    try:
        with transaction.atomic():
            return Publication.objects.create(
                tenant_id=by.tenant_key,
                unit_id=by.tenant_key,
                path=by.paths[0],
                period=period,
                edition=len(earlier) + 1,
                version=now.number,
                language=now.language,
                release=now.release,
                is_synthetic=synthetic,
                parts=now.parts,
                figures=dict(figures),
                document=document,
                approved_by=now.approved_by,
                published_by=published_by,
                published_at=timezone.now(),
            )
    except IntegrityError:
        raise NotNow(_("This version is published already.")) from None


def need_approved(period: int) -> Version:
    """The newest version; NotNow where nobody has approved it."""
    now = _now(period)
    if now.approved_at is None:
        raise NotNow(_("The newest version is not approved yet."))
    return now


def _now(period: int) -> Version:
    found = queries.newest(period)
    if found is None:
        raise NotNow(_("There is no report of this school year yet."))
    return found


def _next(by: Reach, now: Version, parts: Sequence[Part], about: str, saved_by: str) -> Version:
    number = now.number + 1
    return _save(by, now.period, number, now.language, now.release, parts, about, saved_by)


def _save(
    by: Reach,
    period: int,
    number: int,
    language: str,
    release: int,
    parts: Sequence[Part],
    about: str,
    saved_by: str,
) -> Version:
    try:
        with transaction.atomic():
            return Version.objects.create(
                tenant_id=by.tenant_key,
                unit_id=by.tenant_key,
                path=by.paths[0],
                period=period,
                number=number,
                language=language,
                release=release,
                parts=[asdict(part) for part in parts],
                about=about,
                saved_by=saved_by,
                saved_at=timezone.now(),
            )
    except IntegrityError:
        # Two saved at the same moment: the number can only be taken once.
        raise NotNow(
            _("Somebody saved the report at the same moment. Read it, then write again.")
        ) from None
