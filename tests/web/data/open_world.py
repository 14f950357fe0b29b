"""A release in which every status, kind of cell and sort of publicness occurs."""

from collections.abc import Iterator
from dataclasses import replace

from puls.cells import ReleasedCell, Status
from puls.units import UnitTree
from puls.web.assess.models import Cell, Release
from puls.web.assess.services import Draft, publish
from puls.web.packs import pack
from puls.web.tenants.access import as_whole_tree
from tests.web.see import world

PERIOD, SLUG = world.PERIOD, "2025-26"
SCHOOL, OTHER = world.SCHOOL, "bergen-kulturskole"
PUBLIC = {
    "no",
    "no-11",
    "no-1149",
    SCHOOL,
    f"{SCHOOL}.musikk",
    "bergen-kulturskole.musikk",
}
"""Units whose answers everybody may see: of Bergen the department alone, not its school."""
FEEDBACK, SHARE = world.FEEDBACK, world.SHARE


def cells(tree: UnitTree, period: int = PERIOD) -> Iterator[tuple[bool, ReleasedCell]]:
    """As in the pages' world, with cells of all kinds, some public; (from answers, cell)."""
    for from_answers, cell in world.cells(tree, pack(), period=period):
        shown = cell.status is Status.SHOWN
        public = from_answers and shown and cell.unit in PUBLIC
        yield from_answers, replace(cell, public=public)
    for cell in world.further(pack(), period):
        yield True, replace(cell, public=cell.part == "sex.girl")
    yield True, ReleasedCell(SCHOOL, FEEDBACK, 1, period, Status.FEW, part="sex.other")


def release(tree: UnitTree, period: int = PERIOD) -> Release:
    """Publish it."""
    content = pack()
    made = list(cells(tree, period))
    draft = Draft(
        pack=content.key,
        pack_version=content.version,
        definitions="00" * 32,
        k=content.thresholds.signed_in,
        period=period,
        tree_day=world.TREE_DAY,
        root="no",
        is_synthetic=True,
        sources=world.SOURCES,
        variances={},
        findings=world.FINDINGS,
    )
    answers = [cell for from_answers, cell in made if from_answers]
    registers = [cell for from_answers, cell in made if not from_answers]
    with as_whole_tree("assess"):
        return publish(draft, tree, answers, registers, world.marks(period))


def all_cells() -> dict[tuple[str, int, str, int, str], Cell]:
    """Every released row by unit, period, part, years and indicator: the newest of each."""
    with as_whole_tree("assess"):
        return {
            (row.unit_id, row.period, row.part, row.years, row.indicator): row
            for row in Cell.objects.using("assess").order_by("correction", "release_id")
        }
