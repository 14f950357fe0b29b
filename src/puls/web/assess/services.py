"""Publishing: the one place where released cells are written. Added to, never changed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from operator import attrgetter
from typing import Any

from puls.cells import ReleasedCell, ReleasedMark
from puls.units import UnitTree
from puls.web.assess.bulk import add_rows
from puls.web.assess.gates import Keeper, keeper
from puls.web.assess.models import Release

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
