"""Whole small countries written as indented text, and releases of them.

    no
      west
        karmoy
          karmoy-school
            music    5 4 4 2 1
            dance    x12

Numbers behind a unit are answers given directly there, one each, on a scale from 1 to 5 and to a
survey with a single item; "x12" is twelve answers that differ well. Depth is the tier.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import cycle, islice

import polars as pl

from puls.analysis import release
from puls.analysis.estimates import Components
from puls.analysis.exposure import Answers
from puls.analysis.suppression import Isolable, Node, audit
from puls.cells import ReleasedCell, Status
from puls.content.definitions import Criteria, Indicator, Role, SurveySource
from puls.units import Unit, UnitTree
from tests.analysis.surveys import survey

TODAY = date(2026, 6, 1)
WEIGHTS = {
    "country": 10**6,
    "county": 10**4,
    "municipality": 600,
    "school": 60,
    "department": 1,
}
TIERS = tuple(WEIGHTS)
ONE_ITEM = survey("wellbeing: w")

CRITERIA = Criteria(
    key="mean",
    version=1,
    levels=3,
    cuts=(3.0, 4.0),
    higher_is_better=True,
    set_by={"en": "the tests"},
    set_on=date(2026, 1, 1),
    why={"en": "to test"},
)


def indicator(criteria: Criteria | None = CRITERIA) -> Indicator:
    """An indicator fed by the one construct of the one-item survey."""
    source = SurveySource("student", "wellbeing")
    return Indicator("wellbeing", 1, "results", Role.RESULT, source, "mean_1_5", 1, criteria)


@dataclass(frozen=True)
class World:
    """A tree and the answers given in it, by unit."""

    tree: UnitTree
    answers: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    @property
    def tally(self) -> pl.DataFrame:
        """The answers as `scoring.tally_answers` counts them."""
        rows = [
            (leaf, "wellbeing", 1, score, given.count(score))
            for leaf, given in self.answers.items()
            for score in sorted(set(given))
        ]
        columns = {"leaf": str, "construct": str, "answered": int, "total": int, "count": int}
        return pl.DataFrame(rows, schema=columns, orient="row")

    def nodes(self) -> list[Node]:
        """The same tree with n alone, for the auditor."""
        return [
            Node(unit.key, unit.parent, Answers(len(self.answers.get(unit.key, ()))), 1)
            for unit in self.tree.units.values()
        ]

    def isolable(self, cells: Collection[ReleasedCell], k: int) -> list[Isolable]:
        """What the auditor finds in released cells."""
        shown = {cell.unit for cell in cells if cell.status is Status.SHOWN}
        return audit(self.nodes(), shown, k)

    def release(
        self,
        k: int = 5,
        fixed: Collection[ReleasedCell] = frozenset(),
        root: str | None = None,
        variances: Mapping[str, Components] | None = None,
        criteria: Criteria | None = CRITERIA,
        public_k: int | None = None,
    ) -> dict[str, ReleasedCell]:
        """The cells of a release, by unit."""
        cells = release.survey_cells(
            ONE_ITEM,
            2025,
            self.tally,
            self.tree,
            TODAY,
            {"wellbeing": indicator(criteria)},
            k,
            WEIGHTS,
            fixed=fixed,
            root=root,
            variances=variances,
            public_k=public_k,
        )
        return {cell.unit: cell for cell in cells}


def world(text: str) -> World:
    """Read a country from indented text."""
    units: list[Unit] = []
    answers: dict[str, tuple[int, ...]] = {}
    line: list[str] = []
    rows = [row for row in text.splitlines() if row.strip()]
    margin = len(rows[0]) - len(rows[0].lstrip())
    for row in rows:
        key, *given = row.split()
        depth = (len(row) - len(row.lstrip()) - margin) // 2
        line[depth:] = [key]
        parent = line[depth - 1] if depth else None
        units.append(Unit(key, TIERS[depth], key, parent))
        if given:
            answers[key] = _answers(given)
    return World(UnitTree(units), answers)


def _answers(given: list[str]) -> tuple[int, ...]:
    if given[0].startswith("x"):
        return tuple(islice(cycle((3, 5, 2, 4, 1)), int(given[0][1:])))
    return tuple(int(score) for score in given)
