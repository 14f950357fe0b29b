"""Two releases about the corner of Norway, small enough to know by heart."""

from collections.abc import Iterator
from datetime import date

from puls.cells import Against, Mark, ReleasedCell, ReleasedMark, Status
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


CREATIVITY = "student_creativity"
UP = (SCHOOL, CREATIVITY)
"""Has clearly changed since the year before."""
ABOVE = ("no-1149", WELLBEING)
"""Is above what is expected of it."""
TOGETHER = (f"{SCHOOL}.dans", WELLBEING)
"""Hidden in a year alone, shown for two years together."""
PARTS = {"sex.girl": (3.6, 80), "sex.boy": (3.2, 68)}
"""Of the school's feedback."""
FINDINGS = {
    "fits": {
        WELLBEING: {
            "tier": "municipality",
            "units": 231,
            "intercept": 4.02,
            "coefficients": [
                {
                    "prerequisite": "kostra_net_per_child",
                    "centre": 4120.0,
                    "spread": 1437.0,
                    "per_spread": 0.11,
                    "low": 0.01,
                    "high": 0.22,
                },
                {
                    "prerequisite": SHARE,
                    "centre": 14.3,
                    "spread": 5.1,
                    "per_spread": 0.02,
                    "low": -0.03,
                    "high": 0.07,
                },
            ],
            "explained": 0.21,
        }
    },
    "associations": [
        {
            "kind": "units",
            "tier": "municipality",
            "a": "student_teacher_relation",
            "b": WELLBEING,
            "strength": 0.46,
            "low": 0.35,
            "high": 0.55,
            "together": True,
        },
        {
            "kind": "units",
            "tier": "municipality",
            "a": WELLBEING,
            "b": "student_intrinsic_motivation",
            "strength": 0.05,
            "low": -0.08,
            "high": 0.17,
            "together": False,
        },
    ],
    "reliability": {
        "student": [
            {
                "construct": "wellbeing",
                "items": [{"item": f"wellbeing_{n}"} for n in range(1, 5)],
                "asked": 98_000,
                "n": 90_412,
                "alpha": 0.81,
                "low": 0.8,
                "high": 0.82,
                "omega": 0.82,
                "bounded": False,
                "tiers": [
                    {"tier": "municipality", "icc1": 0.011, "needed": {"0.7": 210}},
                    {"tier": "school", "icc1": 0.041, "needed": {"0.7": 55}},
                ],
            }
        ]
    },
}


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


def further(content: Pack, period: int) -> list[ReleasedCell]:
    """Cells of two years together, and of parts."""
    version = content.indicators[FEEDBACK].version
    unit, key = TOGETHER
    pooled = ReleasedCell(
        unit, key, version, period, Status.SHOWN, 4.5, 9, 4.35, 4.6, 3, 3, years=2
    )
    parts = [
        ReleasedCell(
            SCHOOL, FEEDBACK, version, period, Status.SHOWN, value, n, value - 0.2, value + 0.2,
            1, 2, part=part,
        )
        for part, (value, n) in PARTS.items()
    ]  # fmt: skip
    return [pooled, *parts]


def marks(period: int) -> list[ReleasedMark]:
    """One change and one against the prerequisites, and two that are none."""
    since, other = period - 1, f"{SCHOOL}.musikk"
    change, given = Against.CHANGE, Against.GIVEN
    return [
        ReleasedMark(*UP, period, change, 3.0, 0.4, 0.3, 0.6, Mark.UP, since),
        ReleasedMark(other, CREATIVITY, period, change, 3.4, 0.0, -0.2, 0.2, Mark.NONE, since),
        ReleasedMark(*ABOVE, period, given, 3.1, 0.5, 0.3, 0.7, Mark.UP),
        ReleasedMark("no-1106", WELLBEING, period, given, 3.9, 0.0, -0.2, 0.2, Mark.NONE),
    ]


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
        findings=FINDINGS if answers else {},
    )
    told = [cell for from_answers, cell in made if from_answers] + further(content, period)
    with as_whole_tree("assess"):
        return publish(
            draft,
            tree,
            told if answers else [],
            [cell for from_answers, cell in made if not from_answers],
            marks(period) if answers else [],
        )


def small_round(tree: UnitTree) -> Release:
    """Publish a round of the year after, which asked the school about nothing but well-being."""
    content, period = pack(), PERIOD + 1
    version = content.indicators[WELLBEING].version
    cell = ReleasedCell(SCHOOL, WELLBEING, version, period, Status.SHOWN, 4.1, 40, 4.0, 4.2, 3, 3)
    draft = Draft(
        pack=content.key,
        pack_version=content.version,
        definitions="00" * 32,
        k=5,
        period=period,
        tree_day=TREE_DAY,
        root="no",
        is_synthetic=True,
        sources=[{**SOURCES[-1], "table": "student-2026-no", "checksum": "ab" * 32}],
        variances={},
    )
    with as_whole_tree("assess"):
        return publish(draft, tree, [cell], [])


def correct(tree: UnitTree, late: int) -> Release:
    """Publish a correction of the school's feedback: so many more answers, and a better mean."""
    content = pack()
    value, half, n = KNOWN[(SCHOOL, FEEDBACK)]
    version = content.indicators[FEEDBACK].version
    cell = ReleasedCell(
        SCHOOL, FEEDBACK, version, PERIOD, Status.SHOWN, value + 0.1, n + late, value, value + half,
        1, 1, correction=1,
    )  # fmt: skip
    addition = {**SOURCES[-1], "table": "student-2025-no+1", "checksum": "ef" * 32}
    draft = Draft(
        pack=content.key,
        pack_version=content.version,
        definitions="00" * 32,
        k=5,
        period=PERIOD,
        tree_day=TREE_DAY,
        root="no",
        is_synthetic=True,
        sources=[addition],
        variances={},
    )
    with as_whole_tree("assess"):
        return publish(draft, tree, [cell], [])
