"""Cells for an agenda, frozen as a release has them, in words of every language of the pack.

An agenda is read by people who see no unit here (in a letter, on a phone in the room), and in the
language of each. So what a reader of the planner's reach sees is written down once, word by word.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.utils import translation

from puls import periods
from puls.cells import Against, Mark, Status
from puls.content.definitions import Pack, Role
from puls.views.colour_table import colour_table
from puls.views.highlights import Point
from puls.views.marks import Sign
from puls.views.tables import Column, Kind, RowUnit, TableCell
from puls.web.assess import gates
from puls.web.assess import queries as assess
from puls.web.tenants import queries as tenants
from puls.web.tenants.access import Reach
from puls.web.tenants.models import Unit
from puls.web.tenants.names import unit_name


@dataclass(frozen=True, slots=True)
class Frozen:
    """A cell as it was. release: the newest that it may come from. words: by language, as JSON."""

    unit: str
    indicator: str
    period: int
    release: int
    synthetic: bool
    words: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Thawed:
    """A frozen cell in one language: the unit's name, the school year, and the point."""

    unit: str
    period: str
    point: Point

    @property
    def short(self) -> str:
        """ "3,4 god": the cell in words, for where its name stands already."""
        cell = self.point.cell
        return " ".join(part for part in (cell.text, cell.tag, cell.word) if part)


def frozen(
    reach: Reach,
    cells: Sequence[tuple[str, str]],
    period: int | None,
    as_of: int | None,
    pack: Pack,
) -> list[Frozen]:
    """The cells of a school year, None for the newest, up to a release, None for the newest.

    404 for a unit outside reach. What was never released is left out.
    """
    known = assess.periods()
    if not known:
        return []
    year = period if period in known else known[0]
    units = {key: tenants.unit_or_404(reach, key) for key in dict.fromkeys(u for u, _i in cells)}
    every = [note for note in assess.releases(year) if as_of is None or note.id <= as_of]
    found = []
    for key, unit in units.items():
        line = set(unit.path.split("/"))
        own = [note for note in every if note.root in line]
        if not own:
            continue
        gates.received(reach, [key], year)
        for indicator in dict.fromkeys(i for u, i in cells if u == key):
            words = _words(unit, indicator, year, own[0].id, own[0].k, pack)
            found.append(
                Frozen(
                    key,
                    indicator,
                    year,
                    own[0].id,
                    any(note.synthetic for note in own),
                    words,
                )
            )
    return found


def _words(
    unit: Unit, indicator: str, period: int, release: int, k: int, pack: Pack
) -> dict[str, Any]:
    """The cell in every language of the pack."""
    cells = assess.cells([unit.key], period, release)
    marks = assess.marks([unit.key], period, release)
    pooled = assess.pooled([unit.key], period, release)
    words = {}
    for language in pack.languages:
        with translation.override(language):
            name = unit_name(unit, pack, language)
        table = colour_table(
            cells,
            [pack.indicators[indicator]],
            [RowUnit(unit.key, name, Kind.SELF, "", unit.tier)],
            pack,
            language,
            period=period,
            with_reasons=True,
            k=k,
            unit_names={unit.key: name},
            marks=marks,
            pooled=pooled,
        )
        words[language] = {
            "unit": name,
            "column": asdict(table.columns[0]),
            "cell": asdict(table.rows[0].cells[0]),
        }
    return words


def thawed(words: Mapping[str, Any], period: int, language: str) -> Thawed:
    """A frozen cell in one language; in the first that it has where this one came later."""
    told = words.get(language) or next(iter(words.values()))
    column = Column(**{**told["column"], "role": Role(told["column"]["role"])})
    kept = told["cell"]
    signs = tuple(
        Sign(Against(each["against"]), Mark(each["mark"]), each["word"]) for each in kept["signs"]
    )
    cell = TableCell(**{**kept, "status": Status(kept["status"]), "signs": signs})
    return Thawed(told["unit"], periods.label(period), Point(column, cell))
