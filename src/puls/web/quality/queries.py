"""All reading of descriptions and placements. Called within a reach, which decides what there is.

The team reads everything but others' placements; those above what the leader has finished.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from puls import periods
from puls.content.definitions import Country
from puls.web.quality.models import Description, Kind, Placement, Placing, Reason, Spread
from puls.web.tenants.access import Reach


@dataclass(frozen=True)
class Described:
    """A version of a description. finished_by, finished_at: "" and None for a draft."""

    unit: str
    period: int
    kind: Kind
    key: str
    number: int
    release: int | None
    sees: str
    judges: str
    written_by: str
    written_at: datetime
    finished_by: str
    finished_at: datetime | None

    @property
    def is_finished(self) -> bool:
        return self.finished_at is not None


@dataclass(frozen=True)
class Told:
    """A spread of a rubric: people on level 1 to 4, or None where it may not be told.

    source: "staff" or "meeting". shown: those above see it.
    """

    id: UUID
    period: int
    rubric: str
    source: str
    counts: tuple[int, ...] | None
    shown: bool

    @property
    def slug(self) -> str:
        """The school year as addresses write it."""
        return periods.slug(self.period)

    @property
    def label(self) -> str:
        """The school year as people write it."""
        return periods.label(self.period)


@dataclass(frozen=True)
class Placed:
    """People on level 1 to 4 of a rubric, of so many schools; period: the newest school year."""

    counts: tuple[int, ...]
    schools: int
    period: int

    def at_least(self, level: int) -> int:
        """How many place it on this level or above."""
        return sum(self.counts[level - 1 :])


@dataclass(frozen=True)
class Words:
    """A reason without a name. is_read: the team sees it."""

    id: UUID
    text: str
    is_read: bool


def own_school(reach: Reach, country: Country) -> str:
    """The key of the school that the reader works at or in a part of; "" for those above."""
    steps = reach.paths[0].split("/")
    depth = country.tier_keys.index(country.tenant_tier) + 1
    return steps[depth] if len(steps) > depth else ""


def versions(unit: str, period: int, kind: Kind, key: str) -> Sequence[Described]:
    """All that may be read of one subject in one year, the newest first."""
    rows = Description.objects.filter(unit=unit, period=period, kind=kind, key=key)
    return [_described(row) for row in rows.order_by("-number")]


def newest_of_year(unit: str, period: int) -> dict[tuple[str, str], Described]:
    """By kind and key, the newest version of each subject of a year; with its finished state."""
    rows = Description.objects.filter(unit=unit, period=period).order_by("number")
    return {(row.kind, row.key): _described(row) for row in rows}


def finished_keys(unit: str, period: int) -> set[tuple[str, str]]:
    """Kind and key of what those above read."""
    rows = Description.objects.filter(unit=unit, period=period, finished_at__isnull=False)
    return set(rows.values_list("kind", "key"))


def over_the_years(unit: str, kind: Kind, key: str) -> Sequence[Described]:
    """Of each year the finished version, else the newest; the newest year first."""
    rows = Description.objects.filter(unit=unit, kind=kind, key=key).order_by("period", "number")
    found: dict[int, Description] = {}
    for row in rows:
        before = found.get(row.period)
        if before is None or before.finished_at is None:
            found[row.period] = row
    return [_described(row) for row in reversed(found.values())]


def finished(period: int) -> Sequence[Described]:
    """All finished descriptions of a school year within reach, by unit; for the yearly report."""
    rows = Description.objects.filter(period=period, finished_at__isnull=False)
    return [_described(row) for row in rows.order_by("path", "kind", "key")]


def placing(unit: str, period: int) -> Placing | None:
    """The placing of a school year, or None before it is opened, and for those above."""
    return Placing.objects.filter(unit=unit, period=period).select_related("unit").first()


def open_placing(unit: str) -> Placing | None:
    """The newest placing in which the team may place the school now."""
    rows = Placing.objects.filter(unit=unit, closed_at__isnull=True)
    return rows.order_by("-period").first()


def own_placements(placing: Placing) -> dict[str, Placement]:
    """What the reader answered, by rubric, as long as the placing is open."""
    return {each.rubric: each for each in Placement.objects.filter(placing=placing)}


def spreads(unit: str, rubric: str) -> Sequence[Told]:
    """All spreads of a rubric, the oldest first."""
    rows = Spread.objects.filter(unit=unit, rubric=rubric)
    return [_told(row) for row in rows.order_by("period", "made_at", "id")]


def spreads_of_year(unit: str, period: int) -> dict[str, Told]:
    """By rubric, the last spread of a school year that is told, else a hidden one."""
    rows = Spread.objects.filter(unit=unit, period=period).order_by("is_told", "made_at", "id")
    return {row.rubric: _told(row) for row in rows}


def newest_spreads(unit: str) -> dict[str, Told]:
    """By rubric, the newest spread that is told."""
    rows = Spread.objects.filter(unit=unit, is_told=True).order_by("period", "made_at", "id")
    return {row.rubric: _told(row) for row in rows}


def placed(reach: Reach, country: Country) -> dict[str, Placed]:
    """By rubric, where those place it whom the reader's unit is about: its school, or the schools
    below it that show their spreads. Of each school the newest spread that is told."""
    school = own_school(reach, country)
    rows = Spread.objects.filter(is_told=True)
    rows = (
        rows.filter(unit=school) if school else rows.filter(path__startswith=f"{reach.paths[0]}/")
    )
    newest = {(row.unit_id, row.rubric): row for row in rows.order_by("period", "made_at", "id")}
    found: dict[str, list[Spread]] = {}
    for (_unit, rubric), row in newest.items():
        found.setdefault(rubric, []).append(row)
    return {
        rubric: Placed(
            tuple(map(sum, zip(*(row.counts for row in of_it), strict=True))),
            len(of_it),
            max(row.period for row in of_it),
        )
        for rubric, of_it in found.items()
    }


def reasons(spread: UUID, *, only_read: bool) -> Sequence[Words]:
    """What people wrote, in an order of its own. only_read: what the leader let through."""
    rows = Reason.objects.filter(spread=spread)
    if only_read:
        rows = rows.filter(is_read=True)
    return [Words(row.pk, row.text, row.is_read) for row in rows.order_by("id")]


def years(unit: str) -> set[int]:
    """The school years of which a unit has said something."""
    said: set[int] = set()
    for model in (Description, Placing, Spread):
        said |= set(model.objects.filter(unit=unit).values_list("period", flat=True))
    return said


def _described(row: Description) -> Described:
    return Described(
        row.unit_id,
        row.period,
        Kind(row.kind),
        row.key,
        row.number,
        row.release,
        row.sees,
        row.judges,
        row.written_by,
        row.written_at,
        row.finished_by,
        row.finished_at,
    )


def _told(row: Spread) -> Told:
    return Told(
        row.pk,
        row.period,
        row.rubric,
        row.source,
        row.counts if row.is_told else None,
        row.shown_at is not None,
    )
