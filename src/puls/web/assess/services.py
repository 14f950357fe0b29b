"""Publishing: the one place where released cells are written. Added to, never changed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any

from puls.cells import ReleasedCell
from puls.units import UnitTree
from puls.web.assess.bulk import add_rows
from puls.web.assess.models import Release

ASSESS = "assess"
COLUMNS = (
    "release_id", "unit_id", "tier", "path", "depth", "indicator", "version", "period",
    "from_answers", "status", "value", "n", "low", "high", "level_low", "level_high", "note",
    "provisional", "of_unit",
)  # fmt: skip


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


def publish(
    draft: Draft,
    tree: UnitTree,
    from_answers: Sequence[ReleasedCell],
    from_registers: Sequence[ReleasedCell],
) -> Release:
    """Make a release of these cells, inside a transaction on the whole tree as assess.

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
    )
    rows = chain(
        _rows(release, tree, from_answers, True), _rows(release, tree, from_registers, False)
    )
    add_rows(ASSESS, "assess_cell", COLUMNS, rows)
    return release


def _rows(
    release: Release, tree: UnitTree, cells: Iterable[ReleasedCell], from_answers: bool
) -> Iterator[tuple[object, ...]]:
    places: dict[str, tuple[str, str, int]] = {}
    for cell in cells:
        assert cell.period == release.period, f"{cell.unit}: a cell of {cell.period}"
        if cell.unit not in places:
            path = tree.path(cell.unit)
            places[cell.unit] = (tree[cell.unit].tier, path, path.count("/"))
        yield (
            release.pk, cell.unit, *places[cell.unit], cell.indicator, cell.version, cell.period,
            from_answers, cell.status.value, cell.value, cell.n, cell.low, cell.high,
            cell.level_low, cell.level_high, cell.note, cell.provisional, cell.of_unit,
        )  # fmt: skip
