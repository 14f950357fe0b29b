"""Two releases about the corner of Norway, small enough to know by heart."""

from collections.abc import Iterator
from datetime import date

from puls.cells import ReleasedCell, Status
from puls.content.definitions import Criteria, Pack, RegisterSource
from puls.units import Unit, UnitTree
from puls.web.assess.models import Release
from puls.web.assess.services import Draft, publish
from puls.web.packs import pack
from puls.web.tenants.access import as_whole_tree

PERIOD = 2025
TREE_DAY = date(2026, 10, 1)
FEEDBACK, WELLBEING, SHARE = "student_feedback", "student_wellbeing", "kostra_share_6_15"
SCHOOL = "karmoy-kulturskole"

# What the tests look for; everything else is made up by a rule.
KNOWN = {
    (SCHOOL, FEEDBACK): (3.4, 0.1, 148),
    (f"{SCHOOL}.musikk", FEEDBACK): (4.5, 0.1, 40),
    (SCHOOL, WELLBEING): (4.0, 0.5, 148),
    ("no", FEEDBACK): (3.9, 0.01, 90_412),
}
HIDDEN = {(f"{SCHOOL}.dans", key) for key in (FEEDBACK, WELLBEING)}
SOURCES = [
    {
        "source": "kostra",
        "table": "13135",
        "label": "13135: Kulturskole. Syntetiske tall",
        "licence": "CC BY 4.0",
        "updated": "2026-03-15T07:00:00+00:00",
        "checksum": "ab" * 32,
    },
    {
        "source": "answers",
        "table": "student-2025-no",
        "label": "student v1",
        "licence": "",
        "updated": "2026-06-20T12:00:00+00:00",
        "checksum": "cd" * 32,
    },
]


def level(value: float, criteria: Criteria) -> int:
    passed = sum(
        value >= cut if criteria.higher_is_better else value > cut for cut in criteria.cuts
    )
    return passed + 1 if criteria.higher_is_better else criteria.levels - passed


def cells(
    tree: UnitTree, content: Pack, share: float = 12.3, period: int = PERIOD
) -> Iterator[tuple[bool, ReleasedCell]]:
    """(from answers, cell) of every unit that exists and every column of the first table."""
    for unit in tree.at(TREE_DAY):
        for key in content.default_columns:
            indicator = content.indicators[key]
            if isinstance(indicator.source, RegisterSource):
                yield False, _figure(unit, key, indicator.version, share, period, content)
            else:
                yield True, _answers(unit, key, indicator.version, period, content)


def _figure(
    unit: Unit, key: str, version: int, share: float, period: int, content: Pack
) -> ReleasedCell:
    criteria = content.indicators[key].criteria
    if unit.tier == "department" or key == "kostra_net_per_child":
        return ReleasedCell(unit.key, key, version, period, Status.NO_DATA)
    at = level(share, criteria) if criteria else None
    return ReleasedCell(
        unit.key, key, version, period, Status.SHOWN, share,
        level_low=at, level_high=at, provisional=True,
        of_unit="no-1149" if unit.key == SCHOOL else "",
    )  # fmt: skip


def _answers(unit: Unit, key: str, version: int, period: int, content: Pack) -> ReleasedCell:
    if (unit.key, key) in HIDDEN:
        return ReleasedCell(unit.key, key, version, period, Status.LINKED)
    made_up = (3.3 + len(unit.name + key) % 14 / 10, 0.1, 20 + len(unit.name))
    value, half, n = KNOWN.get((unit.key, key), made_up)
    low, high = max(1.0, value - half), min(5.0, value + half)
    criteria = content.indicators[key].criteria
    assert criteria is not None
    levels = [level(part, criteria) for part in (value, low, high)]
    return ReleasedCell(
        unit.key, key, version, period, Status.SHOWN, value, n, low, high, min(levels), max(levels)
    )


def release(
    tree: UnitTree, share: float = 12.3, answers: bool = True, period: int = PERIOD
) -> Release:
    """Publish it all. A second release of a year can only change register figures."""
    content = pack()
    made = list(cells(tree, content, share, period))
    draft = Draft(
        pack=content.key,
        pack_version=content.version,
        definitions="00" * 32,
        k=5,
        period=period,
        tree_day=TREE_DAY,
        root="no",
        is_synthetic=True,
        sources=SOURCES,
        variances={},
    )
    with as_whole_tree("assess"):
        return publish(
            draft,
            tree,
            [cell for from_answers, cell in made if from_answers and answers],
            [cell for from_answers, cell in made if not from_answers],
        )
