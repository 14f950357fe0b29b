"""What the schools themselves say, for the first text of an owner's report: finished texts only."""

from django.utils.translation import gettext as _

from puls.content.definitions import Pack
from puls.web.media.texts import plain
from puls.web.quality import queries
from puls.web.quality.subjects import subject_or_404
from puls.web.tenants.models import Unit


def by_area(period: int, pack: Pack, language: str) -> dict[str, list[str]]:
    """By quality area, paragraphs in plain words: whose they are and about what, then the text."""
    found = queries.finished(period)
    names = dict(
        Unit.objects.filter(pk__in={each.unit for each in found}).values_list("key", "name")
    )
    told: dict[str, list[str]] = {}
    for each in found:
        subject = subject_or_404(each.kind, each.key, pack, language)
        head = _("%(unit)s about “%(subject)s”:") % {
            "unit": names[each.unit],
            "subject": subject.name,
        }
        texts = [plain(text) for text in (each.sees, each.judges) if text]
        told.setdefault(subject.area, []).extend([head, *texts])
    return told
