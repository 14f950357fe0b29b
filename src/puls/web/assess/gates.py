"""The release gate: a school sees its answers first, and releases them to its owner.

An owner switches it on for a school year by announcing a day; without one there is no gate. A
school's released cells then hang on its gate, one for each survey:

    closed   only the school's own members see them
    open     the leader has released them; nobody else has looked yet, so it can be taken back
    used     somebody else has looked, or a release above has counted them: now it stays so
    over     the announced day has come: all see them, whatever the leader did

Cells above a school wait for all gates below: a municipality with one school would give it away.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from puls.cells import ReleasedCell, Status
from puls.content.definitions import SurveySource
from puls.errors import NotNow
from puls.units import UnitTree
from puls.views.gate import GateState, state
from puls.web.assess.locking import no_release_is_made
from puls.web.assess.models import Announcement, Cell, Gate
from puls.web.packs import pack
from puls.web.tenants.access import Reach
from puls.web.tenants.models import Role, Unit
from puls.web.tenants.permissions import Place, check

ASSESS = "assess"
MOST_DAYS = 180
"""How long an owner may let all above it wait, counted from the day of the announcement."""


@dataclass(frozen=True)
class GateNote:
    """A gate as it stands."""

    id: int
    unit: str
    survey: str
    period: int
    state: GateState
    opens_at: datetime
    opened_at: datetime | None
    opened_by: str
    taken_back_at: datetime | None


# The owner.


def announce(by: Reach, period: int, day: date, announced_by: str) -> Announcement:
    """From this day on the owner sees a school year's answers; until then its schools come first.

    Announced once it is only moved later. NotAllowed, or NotNow with the reason.
    """
    check("gate_announce", by)
    now = timezone.now()
    opens_at = timezone.make_aware(datetime.combine(day, time.min))
    with transaction.atomic():
        if not no_release_is_made(DEFAULT_DB_ALIAS):
            # It has already asked which owners are waited for.
            raise NotNow(_("A release is being made just now. Try again in a minute."))
        before = Announcement.objects.filter(tenant=by.tenant_key, period=period)
        known = before.select_for_update(of=("self",)).first()
        first = known.announced_at if known else now
        if opens_at <= now:
            raise NotNow(_("The day must be one that is still to come."))
        if opens_at > first + timedelta(days=MOST_DAYS):
            words = {"days": MOST_DAYS}
            raise NotNow(_("All above wait for this day: choose one within %(days)s days.") % words)
        if known is None:
            return _announce_first(by, period, opens_at, announced_by)
        if known.opens_at <= now:
            raise NotNow(_("The announced day has come; all is open now."))
        if opens_at < known.opens_at:
            raise NotNow(_("What the schools were told can only be moved to a later day."))
        known.opens_at = opens_at
        known.save(update_fields=["opens_at"])
        return known


def _announce_first(by: Reach, period: int, opens_at: datetime, who: str) -> Announcement:
    out = Cell.objects.filter(
        Q(path=by.paths[0]) | Q(path__startswith=f"{by.paths[0]}/"),
        period=period,
        from_answers=True,
    )
    if out.exclude(status=Status.NO_DATA).exists():
        raise NotNow(_("Answers of this school year have been released to you already."))
    unit = Unit.objects.get(key=by.unit)
    return Announcement.objects.create(
        tenant_id=by.tenant_key,
        unit=unit,
        path=unit.path,
        depth=unit.depth,
        period=period,
        opens_at=opens_at,
        announced_by=who,
    )


# The school.


def gate_open(by: Reach, gate: int, opened_by: str) -> None:
    """The leader releases the answers to the owner. NotAllowed, or NotNow when they are out."""
    _check(by, gate)
    found = Gate.objects.filter(pk=gate, opened_at__isnull=True, used_at__isnull=True)
    if not found.update(opened_at=timezone.now(), opened_by=opened_by):
        raise NotNow(_("These results have been released already."))


def gate_take_back(by: Reach, gate: int, taken_back_by: str) -> None:
    """The leader takes the release back. NotNow once somebody has seen or counted them."""
    _check(by, gate)
    now = timezone.now()
    found = Gate.objects.filter(pk=gate, opened_at__isnull=False, used_at__isnull=True)
    found = found.filter(announcement__in=Announcement.objects.filter(opens_at__gt=now))
    if not found.update(
        opened_at=None, opened_by="", taken_back_at=now, taken_back_by=taken_back_by
    ):
        raise NotNow(_("They have been seen or counted since, and can no longer be taken back."))


def _check(by: Reach, gate: int) -> None:
    found = Gate.objects.filter(pk=gate).first()
    if found is None:
        raise NotNow(_("There is nothing to release here."))
    check("gate_open", by, Place(by.tenant_key, found.path))


# Reading.


def received(reach: Reach, units: Sequence[str], period: int) -> None:
    """The reader looks at these units: what schools have released counts as seen from now on.

    Before it is marked as seen, the database shows nothing of it. A school's own members mark
    nothing, and those above owners see no school.
    """
    if reach.role == Role.OWNER:
        found = Gate.objects.filter(unit_id__in=list(units), period=period, used_at__isnull=True)
        found.filter(opened_at__isnull=False).update(used_at=timezone.now())


def gates(period: int | None = None, using: str = "default") -> list[GateNote]:
    """The gates within reach, the newest school year first, by unit and survey."""
    found = Gate.objects.using(using).select_related("announcement")
    if period is not None:
        found = found.filter(period=period)
    return [_note(each) for each in found.order_by("-period", "path", "survey")]


def announcements(tenant: str) -> dict[int, datetime]:
    """When a tenant's school years open, by year, the newest first."""
    found = Announcement.objects.filter(tenant=tenant).order_by("-period")
    return dict(found.values_list("period", "opens_at"))


def _note(gate: Gate) -> GateNote:
    opens_at = gate.announcement.opens_at
    over = opens_at <= timezone.now()
    return GateNote(
        id=gate.pk,
        unit=gate.unit_id,
        survey=gate.survey,
        period=gate.period,
        state=state(gate.opened_at is not None, gate.used_at is not None, over),
        opens_at=opens_at,
        opened_at=gate.opened_at,
        opened_by=gate.opened_by,
        taken_back_at=gate.taken_back_at,
    )


# The back office: inside a transaction on the whole tree as assess.


def holding(period: int) -> dict[str, datetime]:
    """The tenants whose announced day of a school year is still to come, and the day."""
    found = Announcement.objects.using(ASSESS).filter(period=period, opens_at__gt=timezone.now())
    return dict(found.order_by("unit").values_list("unit_id", "opens_at"))


def closed(period: int, path: str) -> list[Gate]:
    """The gates at and below a path that still hold back; they stay so until the end of this."""
    found = _below(period, path).select_for_update(of=("self",)).order_by("path", "survey")
    now = timezone.now()
    every = list(found.filter(announcement__in=_coming(now)))
    return [each for each in every if each.opened_at is None]


def held_back(period: int, using: str = ASSESS) -> set[tuple[str, str]]:
    """Schools and surveys whose answers, up to a year, nobody else may see any effect of yet."""
    found = Gate.objects.using(using).filter(period__lte=period, used_at__isnull=True)
    rows = found.filter(announcement__in=_coming(timezone.now()), opened_at__isnull=True)
    return set(rows.values_list("unit_id", "survey"))


def counted(period: int, path: str, surveys: Sequence[str] = ()) -> None:
    """A release of this unit counts them: what is open below it is used from now on.

    surveys: only of these; all where none is named. A school's own release uses nothing.
    """
    if path.count("/") > _depth():
        return
    open_ones = _below(period, path).filter(opened_at__isnull=False, used_at__isnull=True)
    if surveys:
        open_ones = open_ones.filter(survey__in=list(surveys))
    open_ones.update(used_at=timezone.now())


def _below(period: int, path: str) -> QuerySet[Gate]:
    place = Q(path=path) | Q(path__startswith=f"{path}/")
    return Gate.objects.using(ASSESS).filter(place, period=period)


def _coming(now: datetime) -> QuerySet[Announcement]:
    return Announcement.objects.using(ASSESS).filter(opens_at__gt=now)


class Keeper:
    """Knows the gate of every school's cells of answers in one school year."""

    def __init__(self, tree: UnitTree, ids: Mapping[tuple[str, str], int]) -> None:
        self._tree, self._ids = tree, ids

    def gate(self, unit: str, indicator: str) -> int | None:
        """The gate that a unit's cell of an indicator hangs on, if there is one."""
        if not self._ids:
            return None
        return self._ids.get((school_of(self._tree, unit), survey_of(indicator)))


def keeper(period: int, tree: UnitTree, cells: Sequence[ReleasedCell]) -> Keeper:
    """The gates of a release that is being made, new ones where a school has none yet.

    cells: its cells of answers. A school where nobody answered gets no gate: there is nothing to
    release.
    """
    announced = _announced(period)
    if not announced:
        return Keeper(tree, {})
    existing = Gate.objects.using(ASSESS).filter(period=period)
    ids = {(each.unit_id, each.survey): each.pk for each in existing}
    coming = {key for key, each in announced.items() if each.opens_at > timezone.now()}
    for cell in cells:
        school = school_of(tree, cell.unit)
        place = (school, survey_of(cell.indicator))
        if not school or place in ids or cell.status is Status.NO_DATA:
            continue
        owner = tree.lineage(school)[_depth()]
        if owner in coming:
            ids[place] = _new_gate(*place, period, announced[owner], tree).pk
    return Keeper(tree, ids)


def _announced(period: int) -> dict[str, Announcement]:
    return {each.unit_id: each for each in Announcement.objects.using(ASSESS).filter(period=period)}


def _new_gate(
    school: str, survey: str, period: int, announced: Announcement, tree: UnitTree
) -> Gate:
    path = tree.path(school)
    return Gate.objects.using(ASSESS).create(
        announcement=announced,
        unit_id=school,
        path=path,
        depth=path.count("/"),
        survey=survey,
        period=period,
    )


def school_of(tree: UnitTree, unit: str) -> str:
    """The school that a unit is or lies in; "" for those above."""
    lineage = tree.lineage(unit)
    return lineage[_depth() + 1] if len(lineage) > _depth() + 1 else ""


def survey_of(indicator: str) -> str:
    """The survey that an indicator comes from."""
    source = pack().indicators[indicator].source
    return source.survey if isinstance(source, SurveySource) else ""


def _depth() -> int:
    """How deep owners lie: their schools are one deeper."""
    return pack().country.tier_keys.index(pack().country.tenant_tier)
