"""A school's answers behind a gate: the owner's announcement, and a release of made-up cells."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from puls.cells import Against, Mark, ReleasedCell, ReleasedMark, Status
from puls.units import UnitTree
from puls.web.assess import gates
from puls.web.assess.services import Draft, publish
from puls.web.packs import pack
from puls.web.tenants.access import as_reach, as_whole_tree
from puls.web.tenants.models import Membership
from tests.web.cast import reach_for

PERIOD = 2026
STUDENT, PARENT = "student_wellbeing", "parent_wellbeing"
SCHOOL, OTHER = "karmoy-kulturskole", "haugesund-kulturskole"
TREE_DAY = date(2026, 10, 1)


def release(tree: UnitTree, root: str = SCHOOL, key: str = STUDENT, marks: bool = False) -> None:
    """A release of answers to one indicator, at a unit and all below it."""
    version = pack().indicators[key].version
    below = [unit.key for unit in tree.at(TREE_DAY) if root in tree.lineage(unit.key)]
    cells = [
        ReleasedCell(unit, key, version, PERIOD, Status.SHOWN, 4.0, 30, 3.9, 4.1, 2, 2)
        for unit in below
    ]
    made = [
        ReleasedMark(unit, key, PERIOD, Against.CHANGE, 3.0, 0.4, 0.3, 0.6, Mark.UP, PERIOD - 1)
        for unit in below
        if marks
    ]
    known = pack()
    draft = Draft(
        known.key, known.version, "00" * 32, 5, PERIOD, TREE_DAY, root, True, [], {},
        {"fits": {}} if marks else {},
    )  # fmt: skip
    with as_whole_tree("assess"):
        publish(draft, tree, cells, [], made)


def announce(who: Membership, days: int = 30, period: int = PERIOD) -> None:
    reach = reach_for(who)
    with as_reach(reach):
        gates.announce(reach, period, timezone.localdate() + timedelta(days), "Alice")


def day_has_come(above: Any) -> None:
    """The announced day is over: time itself is what no test can move."""
    above.execute("ALTER TABLE assess_announcement DISABLE TRIGGER USER")
    above.execute("UPDATE assess_announcement SET opens_at = now() - interval '1 minute'")
    above.execute("ALTER TABLE assess_announcement ENABLE TRIGGER USER")
