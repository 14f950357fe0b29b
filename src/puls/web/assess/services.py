"""Publishing: the one place where released cells are written. Added to, never changed.

And an administration's own targets, which are set and withdrawn.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from math import isfinite
from operator import attrgetter
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from puls.cells import ReleasedCell, ReleasedMark
from puls.errors import NotNow
from puls.units import UnitTree
from puls.views.scales import answer_scale
from puls.web.assess.bulk import add_rows
from puls.web.assess.gates import Keeper, keeper
from puls.web.assess.models import Release, Target
from puls.web.packs import pack
from puls.web.tenants.access import Reach
from puls.web.tenants.permissions import check

ASSESS = "assess"
COLUMNS = (
    "release_id", "unit_id", "tier", "path", "depth", "indicator", "version", "period",
    "from_answers", "status", "value", "n", "low", "high", "level_low", "level_high", "note",
    "provisional", "of_unit", "judged_by", "part", "years", "correction", "public", "gate_id",
)  # fmt: skip
MARK_COLUMNS = (
    "release_id", "unit_id", "path", "depth", "indicator", "period", "against", "since",
    "expected", "estimate", "low", "high", "mark", "gate_id",
)  # fmt: skip
BY_KEY = attrgetter("unit", "period", "part", "years", "indicator", "correction")
MARKS_BY_KEY = attrgetter("unit", "period", "indicator", "against")
"""As in the tables' own indexes: rows that come in this order are written, and found, together."""


@dataclass(frozen=True)
class Draft:
    """A release about to be made; the fields are those of `Release`."""

    pack: str
    pack_version: str
    definitions: str
    k: int
    period: int
    tree_day: date
    root: str
    is_synthetic: bool
    sources: Sequence[Mapping[str, Any]]
    variances: Mapping[str, Any]
    findings: Mapping[str, Any] = field(default_factory=dict)
    measured: Mapping[str, Sequence[str]] = field(default_factory=dict)


def publish(
    draft: Draft,
    tree: UnitTree,
    from_answers: Sequence[ReleasedCell],
    from_registers: Sequence[ReleasedCell],
    marks: Iterable[ReleasedMark] = (),
) -> Release:
    """Make a release of these cells and marks, inside a transaction on the whole tree as assess.

    The database refuses (IntegrityError) a cell of answers that was released before.
    """
    path = tree.path(draft.root)
    release = Release.objects.using(ASSESS).create(
        pack=draft.pack,
        pack_version=draft.pack_version,
        definitions=draft.definitions,
        k=draft.k,
        period=draft.period,
        tree_day=draft.tree_day,
        root_id=draft.root,
        path=path,
        depth=path.count("/"),
        is_synthetic=draft.is_synthetic,
        sources=list(draft.sources),
        variances=dict(draft.variances),
        findings=dict(draft.findings),
        measured=dict(draft.measured),
    )
    gates = keeper(draft.period, tree, from_answers)
    rows = chain(
        _rows(release, tree, from_answers, True, gates),
        _rows(release, tree, from_registers, False, gates),
    )
    add_rows(ASSESS, "assess_cell", COLUMNS, rows)
    add_rows(ASSESS, "assess_mark", MARK_COLUMNS, _mark_rows(release, tree, marks, gates))
    return release


def target_set(by: Reach, indicator: str, value: float, *, why: str, set_by: str) -> Target:
    """An administration's own target for an indicator, in place of the one it had.

    value: in the indicator's unit. set_by: who sets it, as it shall be read later.
    Within the reach of somebody of the administration; NotAllowed, or NotNow with the reason.
    """
    check("target_set", by)
    _check_target(indicator, value)
    today = timezone.localdate()
    try:
        with transaction.atomic():
            _counting(by, indicator).update(withdrawn_on=today)
            return Target.objects.create(
                tenant_id=by.tenant_key,
                indicator=indicator,
                value=value,
                set_by=set_by,
                set_on=today,
                why=why.strip(),
            )
    except IntegrityError:
        raise NotNow(_("Somebody else set this target just now. Look at theirs first.")) from None


def target_withdraw(by: Reach, indicator: str) -> None:
    """The administration's target no longer counts; that it was there stays known."""
    check("target_set", by)
    if not _counting(by, indicator).update(withdrawn_on=timezone.localdate()):
        raise NotNow(_("There is no target of your own to withdraw here."))


def _counting(by: Reach, indicator: str) -> QuerySet[Target]:
    return Target.objects.filter(
        tenant=by.tenant_key, indicator=indicator, withdrawn_on__isnull=True
    )


def _check_target(indicator: str, value: float) -> None:
    known = pack().indicators.get(indicator)
    if known is None:
        raise NotNow(_("There is no indicator “%(key)s”.") % {"key": indicator})
    if not isfinite(value):
        raise NotNow(_("A target is a number."))
    scale = answer_scale(known, pack())
    if scale is not None:
        low, high = scale
        if not low <= value <= high:
            words = {"low": f"{low:g}", "high": f"{high:g}"}
            raise NotNow(_("A target lies on the scale, from %(low)s to %(high)s.") % words)


def _rows(
    release: Release,
    tree: UnitTree,
    cells: Iterable[ReleasedCell],
    from_answers: bool,
    gates: Keeper,
) -> Iterator[tuple[object, ...]]:
    places: dict[str, tuple[str, str, int]] = {}
    for cell in sorted(cells, key=BY_KEY):
        assert cell.period == release.period, f"{cell.unit}: a cell of {cell.period}"
        if cell.unit not in places:
            path = tree.path(cell.unit)
            places[cell.unit] = (tree[cell.unit].tier, path, path.count("/"))
        yield (
            release.pk, cell.unit, *places[cell.unit], cell.indicator, cell.version, cell.period,
            from_answers, cell.status.value, cell.value, cell.n, cell.low, cell.high,
            cell.level_low, cell.level_high, cell.note, cell.provisional, cell.of_unit,
            cell.judged_by, cell.part, cell.years, cell.correction, cell.public,
            gates.gate(cell.unit, cell.indicator) if from_answers else None,
        )  # fmt: skip


def _mark_rows(
    release: Release, tree: UnitTree, marks: Iterable[ReleasedMark], gates: Keeper
) -> Iterator[tuple[object, ...]]:
    for mark in sorted(marks, key=MARKS_BY_KEY):
        assert mark.period == release.period, f"{mark.unit}: a mark of {mark.period}"
        path = tree.path(mark.unit)
        yield (
            release.pk, mark.unit, path, path.count("/"), mark.indicator, mark.period,
            mark.against.value, mark.since, mark.expected, mark.estimate, mark.low, mark.high,
            mark.mark.value, gates.gate(mark.unit, mark.indicator),
        )  # fmt: skip
