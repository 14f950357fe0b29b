"""All reading of quality reports. Called within a reach; drafts are only there for the owner."""

from collections.abc import Sequence

from django.http import Http404

from puls.web.report.drafting import Part
from puls.web.report.models import Publication, Version


def newest(period: int) -> Version | None:
    """The newest version of a school year's report, or None where there is none to read."""
    return Version.objects.filter(period=period).order_by("-number").first()


def versions(period: int) -> Sequence[Version]:
    """All versions of a report, the newest first, without their text."""
    return list(Version.objects.filter(period=period).order_by("-number").defer("parts"))


def version_or_404(period: int, number: int) -> Version:
    found = Version.objects.filter(period=period, number=number).first()
    if found is None:
        raise Http404
    return found


def publications(period: int | None = None) -> Sequence[Publication]:
    """Published reports without their files, the newest first."""
    found = Publication.objects.order_by("-period", "-edition").defer("document")
    return list(found if period is None else found.filter(period=period))


def publication_or_404(period: int, edition: int) -> Publication:
    found = Publication.objects.filter(period=period, edition=edition).first()
    if found is None:
        raise Http404
    return found


def drafted() -> Sequence[int]:
    """The school years that a report was begun for, newest first."""
    found = Version.objects.order_by("-period").values_list("period", flat=True)
    return list(found.distinct())


def parts(written: Version | Publication) -> tuple[Part, ...]:
    return tuple(Part(each["key"], each["heading"], each["text"]) for each in written.parts)
