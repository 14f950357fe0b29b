"""All reading of shared practices. Called within a reach.

What is published is read across administrations: here, on purpose, and nowhere else. The database
gives those rows to all who are signed in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import Count, F, Q, QuerySet
from django.http import Http404

from puls.analysis.alike import are_alike, distance
from puls.web.assess import lines
from puls.web.assess import queries as assess
from puls.web.packs import pack
from puls.web.share.models import Adoption, Kind, Practice, Remark, Says
from puls.web.share.states import State
from puls.web.tenants.access import Reach

CONFIGS = {"en": "english"}
"""Which words of a language are the same one, as PostgreSQL calls it; else Norwegian."""
MOST = 100


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for; empty is everything. alike: prerequisites like ours first."""

    text: str = ""
    area: str = ""
    rubric: str = ""
    rubric_level: int | None = None
    kind: str = ""
    alike: bool = False


@dataclass(frozen=True)
class Found:
    """A practice among others. taken_up: how many units have. is_alike: prerequisites like ours."""

    practice: Practice
    thanks: int
    taken_up: int
    is_alike: bool


def library(wanted: Wanted, language: str, ours: Mapping[str, float]) -> list[Found]:
    """What is published and fits, the best first; examples only in the reader's language."""
    rows = Practice.objects.filter(state=State.PUBLISHED)
    rows = rows.filter(Q(example="") | Q(language=language))
    for name in ("area", "rubric", "rubric_level", "kind"):
        if getattr(wanted, name):
            rows = rows.filter(**{name: getattr(wanted, name)})
    if wanted.text.strip():
        rows = _searched(rows, wanted.text.strip(), language)
    else:
        rows = rows.order_by(F("tenant").asc(nulls_last=True), "-published_at", "id")
    found = [_found(row, ours) for row in _counted(rows)[:MOST]]
    if wanted.alike:
        found.sort(key=lambda each: _apart(ours, each.practice))
    return found


def _searched(rows: QuerySet[Practice], text: str, language: str) -> QuerySet[Practice]:
    query = SearchQuery(text, config=CONFIGS.get(language, "norwegian"), search_type="websearch")
    hits = rows.filter(Q(search=query) | Q(title__icontains=text))
    return hits.order_by(SearchRank(F("search"), query).desc(), "-published_at", "id")


def _counted(rows: QuerySet[Practice]) -> QuerySet[Practice]:
    return rows.annotate(
        thanks=Count("remarks", filter=Q(remarks__says=Says.THANKS), distinct=True),
        taken_up=Count("adoptions__unit", distinct=True),
    )


def _found(row: Practice, ours: Mapping[str, float]) -> Found:
    return Found(row, row.thanks, row.taken_up, are_alike(ours, row.alike))  # type: ignore[attr-defined]


def _apart(ours: Mapping[str, float], row: Practice) -> float:
    apart = distance(ours, row.alike)
    return float("inf") if apart is None else apart


def practice_or_404(key: UUID) -> Practice:
    """One of one's own administration, or a published one."""
    row = Practice.objects.filter(pk=key).first()
    if row is None:
        raise Http404
    return row


def own(by: Reach) -> list[Practice]:
    """Those of the reader's own unit, whatever their state, the last changed first."""
    return list(Practice.objects.filter(unit=by.unit, tenant=by.tenant_key).order_by("-changed_at"))


def waiting(by: Reach) -> list[Practice]:
    """Those of the administration that wait to be looked through, the longest waiting first."""
    rows = Practice.objects.filter(tenant=by.tenant_key, state=State.PROPOSED)
    return list(rows.order_by("changed_at"))


def thanks(practice: UUID) -> list[str]:
    """The units that said thanks, the first ones first."""
    rows = Remark.objects.filter(practice=practice, says=Says.THANKS)
    return list(rows.order_by("written_at", "id").values_list("of_unit", flat=True))


def questions(practice: UUID) -> list[tuple[Remark, list[Remark]]]:
    """Questions with their answers, the oldest first."""
    rows = Remark.objects.filter(practice=practice).exclude(says=Says.THANKS)
    every = list(rows.order_by("written_at", "id"))
    asked = [row for row in every if row.says == Says.QUESTION]
    return [(row, [each for each in every if each.to_id == row.pk]) for row in asked]


def unanswered(unit: str) -> int:
    """How many questions wait for an answer of this unit."""
    rows = Remark.objects.filter(
        practice__unit=unit,
        practice__state=State.PUBLISHED,
        says=Says.QUESTION,
        answers__isnull=True,
    )
    return rows.count()


def adopted(unit: str) -> list[Adoption]:
    """What a unit has taken up from others, the last first."""
    return list(Adoption.objects.filter(unit=unit).order_by("-adopted_at", "id"))


def taken_up(practice: UUID) -> int:
    """How many units have taken it up."""
    return Adoption.objects.filter(practice=practice).values("unit").distinct().count()


def shared(kind: Kind, source: UUID) -> Practice | None:
    """The practice that was made from a process or an action, if there is one."""
    rows = Practice.objects.filter(kind=kind, source=source).exclude(tenant__isnull=True)
    return rows.exclude(state=State.WITHDRAWN).first()


def prerequisites(unit: str) -> dict[str, float]:
    """What the pack compares schools by, as an administration's newest shown figures have it."""
    keys = pack().alike
    years = assess.periods()
    if not keys or not years:
        return {}
    found = {}
    for (_, key), line in lines.several([unit], keys, years[0]).items():
        shown = [cell.value for cell in line if cell.value is not None]
        if shown:
            found[key] = shown[-1]
    return found
