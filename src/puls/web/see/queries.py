"""All reading for the pages: a unit, who stands around it, and what was released about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from puls.analysis.similar import Middle
from puls.cells import ReleasedCell, ReleasedMark
from puls.content.definitions import Pack
from puls.views.similar import Similar
from puls.web.assess import gates
from puls.web.assess import queries as assess
from puls.web.assess.queries import ReleaseNote
from puls.web.packs import pack
from puls.web.see.models import Selection
from puls.web.tenants import queries as tenants
from puls.web.tenants.access import Reach
from puls.web.tenants.models import Unit
from puls.web.tenants.names import short_name as short_name
from puls.web.tenants.names import unit_name as unit_name


@dataclass(frozen=True)
class Family:
    """A unit with the units above it, country first, and those below it that the reader sees."""

    unit: Unit
    above: Sequence[Unit]
    below: Sequence[Unit]

    @property
    def all(self) -> list[Unit]:
        return [self.unit, *self.below, *self.above]


@dataclass(frozen=True)
class Seen:
    """What was released about a family for a school year.

    notes: the releases it may come from, newest first. frozen: the page is asked for as an
    earlier release left it, and there are later ones. marks: beside the cells. pooled: cells of
    several years together, of which this is the last. first: what was shown before a correction.
    similar: the administrations that the unit's own is compared with.
    """

    family: Family
    period: int
    cells: Sequence[ReleasedCell]
    notes: Sequence[ReleaseNote]
    frozen: bool
    marks: Sequence[ReleasedMark] = ()
    pooled: Sequence[ReleasedCell] = ()
    first: Sequence[ReleasedCell] = ()
    similar: Similar | None = None

    @property
    def release(self) -> int | None:
        """The newest release that anything here comes from: the page's lasting address."""
        return self.notes[0].id if self.notes else None

    @property
    def k(self) -> int:
        """The smallest group shown: the strictest of the releases."""
        return max((note.k for note in self.notes), default=0)

    @property
    def synthetic(self) -> bool:
        return any(note.synthetic for note in self.notes)


def family(reach: Reach, key: str, day: date | None = None, rows: str = "") -> Family:
    """The unit and who stands around it on a day, today if none is given. 404 outside reach.

    rows: the tier of the units below; "" for those right below, whatever their tier.
    """
    unit = tenants.unit_or_404(reach, key)
    on = day or timezone.localdate()
    below = tenants.below(reach, unit, rows, on) if rows else tenants.children(reach, unit, on)
    return Family(unit, tenants.ancestors(unit), below)


def seen(reach: Reach, key: str, period: int, as_of: int | None = None, rows: str = "") -> Seen:
    """Everything that a unit's page of a school year shows. 404 outside reach.

    rows: as of `family`.
    """
    unit = tenants.unit_or_404(reach, key)
    every = assess.releases(period)
    notes = [note for note in every if as_of is None or note.id <= as_of]
    around = family(reach, key, notes[0].tree_day if notes else None, rows)
    keys = [each.key for each in around.all]
    own = [note for note in notes if note.root in keys]
    latest = next((note.id for note in every if note.root in keys), None)
    if own:
        gates.received(reach, keys, period)
    cells = assess.cells(keys, period, as_of) if own else []
    marks = assess.marks(keys, period, as_of) if own else []
    pooled = assess.pooled(keys, period, as_of) if own else []
    frozen = as_of is not None and latest is not None and latest > as_of
    assert around.unit.pk == unit.pk
    corrected = sorted({cell.unit for cell in cells if cell.correction})
    first = assess.first_released(corrected, period, as_of) if corrected else []
    beside = _similar(around, period, as_of) if own else None
    return Seen(around, period, cells, own, frozen, marks, pooled, first, beside)


def _similar(around: Family, period: int, as_of: int | None) -> Similar | None:
    """The group of the administration that the unit is or belongs to; counties have none."""
    tier = pack().country.tenant_tier
    own = next((each.key for each in (around.unit, *around.above) if each.tier == tier), None)
    found = assess.similar(own, period, as_of) if own else None
    if found is None:
        return None
    shown = {key: Middle(**each) for key, each in found["shown"].items()}
    return Similar(found["smallest"], found["largest"], len(found["units"]), shown)


def periods(unit: str, pack: Pack) -> list[int]:
    """The school years in which something is known of a unit's first table, newest first.

    A year of which only some register figure is known is left out; it can still be asked for.
    """
    return assess.periods_of(unit, pack.default_columns)


def period_or_404(period: int) -> int:
    """A school year that anything was released for."""
    if period not in assess.periods():
        raise Http404
    return period


def selections(unit: Unit) -> list[Selection]:
    """What the administration keeps for a unit: of its own table, and of those above it."""
    found = Selection.objects.filter(unit__in=unit.path.split("/")).select_related("unit")
    return sorted(found, key=lambda each: (-each.unit.depth, tenants.name_order(each.name)))


def all_selections() -> list[Selection]:
    """All that the administration keeps, of units that the reader sees, by unit and name."""
    found = Selection.objects.select_related("unit", "made_by")
    return sorted(found, key=lambda each: (each.unit.path, tenants.name_order(each.name)))


def selection_or_404(number: int) -> Selection:
    """A selection of the administration. Any other is as far away as one that is not there."""
    return get_object_or_404(Selection.objects.select_related("unit"), pk=number)
