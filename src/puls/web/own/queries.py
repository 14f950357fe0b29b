"""All reading of own definitions. Called within a reach.

What is shared is read across administrations: here, on purpose, and nowhere else.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.db.models import Q
from django.http import Http404

from puls.web.own.models import Definition
from puls.web.own.states import WRITTEN, State
from puls.web.tenants.access import Reach

MOST = 100
CONFIG = "norwegian"
"""Own definitions are searched in the pack's first language."""


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for among what others share; empty is everything."""

    text: str = ""
    area: str = ""


def own(by: Reach, *, writes: bool) -> list[Definition]:
    """The newest version of each of the administration, and drafts for those who write them."""
    rows = Definition.objects.filter(tenant=by.tenant_key)
    if not writes:
        rows = rows.exclude(state__in=WRITTEN)
    newest: dict[tuple[str, bool], Definition] = {}
    for row in rows.order_by("version"):
        newest[row.stem, row.published_at is None] = row
    return sorted(newest.values(), key=lambda row: (row.stem, row.version))


def versions(row: Definition) -> list[Definition]:
    """All versions of the same, the newest first."""
    return list(Definition.objects.filter(stem=row.stem).order_by("-version"))


def definition_or_404(key: str) -> Definition:
    """One of the own administration, or a shared one."""
    row = Definition.objects.filter(key=key).first()
    if row is None:
        raise Http404
    return row


def shared(by: Reach, wanted: Wanted) -> list[Definition]:
    """What other administrations share and fits, the best first, else the newest first."""
    rows = Definition.objects.filter(state=State.SHARED).exclude(tenant=by.tenant_key)
    if wanted.area:
        rows = rows.filter(area=wanted.area)
    text = wanted.text.strip()
    if not text:
        return list(rows.order_by("-shared_at", "key")[:MOST])
    title = SearchVector("title", weight="A", config=CONFIG)
    words = title + SearchVector("plain", weight="C", config=CONFIG)
    query = SearchQuery(text, config=CONFIG, search_type="websearch")
    hits = rows.annotate(found=words).filter(Q(found=query) | Q(title__icontains=text))
    return list(hits.order_by(SearchRank(words, query).desc(), "key")[:MOST])


def taken_up(by: Reach, keys: Iterable[str]) -> set[str]:
    """Which of these the own administration has a copy of."""
    rows = Definition.objects.filter(tenant=by.tenant_key, source__in=list(keys))
    return set(rows.values_list("source", flat=True))
