"""One indicator of one unit over all its years: what is read, and the chart of it.

Pages and documents ask `over_time` for what there is and `chart` for the picture.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.urls import reverse

from puls import periods
from puls.analysis.trends import Note, notes
from puls.cells import ReleasedCell, ReleasedMark, Status
from puls.content.definitions import Indicator, Pack, SurveySource
from puls.units import UnitTree
from puls.views.charts.scene import Chart
from puls.views.charts.trend_graph import trend_graph
from puls.views.charts.trend_parts import Flag, GoalLine, Line
from puls.views.charts.words import words
from puls.views.goals import aim
from puls.web.assess import gates, lines
from puls.web.assess import queries as assess
from puls.web.assess.goals import GoalNote, goals
from puls.web.assess.queries import ReleaseNote
from puls.web.packs import country_units
from puls.web.see import queries
from puls.web.tenants import queries as tenants
from puls.web.tenants.access import Reach
from puls.web.tenants.models import Unit

MOST_BESIDE = 3
"""More lines for comparison cannot be told apart."""


@dataclass(frozen=True)
class OverTime:
    """What was released of an indicator of a unit, year by year, and what stands beside it.

    cells: the unit's own, from the first year in which it was measured; none where it never was.
    beside: the lines of units above, the nearest first. releases: those of these years
    about the unit or those above, newest first. first: what was shown before a correction.
    goal: not on a page as it once was.
    """

    unit: Unit
    above: Sequence[Unit]
    indicator: Indicator
    cells: Sequence[ReleasedCell]
    beside: Sequence[tuple[Unit, Sequence[ReleasedCell]]]
    pooled: Sequence[ReleasedCell]
    marks: Sequence[ReleasedMark]
    notes: Sequence[Note]
    releases: Sequence[ReleaseNote]
    frozen: bool
    first: Sequence[ReleasedCell] = ()
    goal: GoalNote | None = None
    former_names: Mapping[str, str] = field(default_factory=dict)

    @property
    def release(self) -> int | None:
        """The newest release that anything here may come from: the page's lasting address."""
        return max((note.id for note in self.releases), default=None)

    @property
    def k(self) -> int:
        return max((note.k for note in self.releases), default=0)

    @property
    def synthetic(self) -> bool:
        return any(note.synthetic for note in self.releases)

    @property
    def newest(self) -> int | None:
        """The last school year in which anything is known."""
        known = [cell.period for cell in self.cells if cell.status is not Status.NO_DATA]
        return max(known, default=None)


def over_time(reach: Reach, key: str, indicator: Indicator, as_of: int | None = None) -> OverTime:
    """Everything about a unit's line of an indicator. 404 outside reach."""
    unit = tenants.unit_or_404(reach, key)
    above = tenants.ancestors(unit)
    asked = isinstance(indicator.source, SurveySource)
    for period in assess.periods() if asked else ():
        gates.received(reach, [key, *(each.key for each in above)], period)
    cells = _measured(lines.line(key, indicator.key, as_of))
    ever = cells if as_of is None else _measured(lines.line(key, indicator.key))
    beside = _beside(above, cells, indicator.key, as_of)
    corrected = [cell.period for cell in cells if cell.correction]
    tree = _tree(key)
    known = [cell for cell in cells if cell.status is not Status.NO_DATA]
    every = [
        note
        for period in sorted({cell.period for cell in ever}, reverse=True)
        for note in assess.releases(period)
        if note.root in {key, *(each.key for each in above)}
    ]
    then = [note for note in every if as_of is None or note.id <= as_of]
    frozen = len(then) < len(every)
    return OverTime(
        unit=unit,
        above=above,
        indicator=indicator,
        cells=cells,
        beside=beside,
        pooled=lines.pooled_line(key, indicator.key, as_of),
        marks=lines.line_marks(key, indicator.key, as_of),
        notes=notes(known, tree, assess.tree_days()) if key in tree else [],
        releases=then,
        frozen=frozen,
        first=[c for p in corrected for c in assess.first_released([key], p, as_of)],
        goal=None if frozen else goals(key).get(indicator.key),
        former_names={each.key: each.name for each in tree.units.values()},
    )


def chart(
    found: OverTime,
    pack: Pack,
    language: str,
    flags: Iterable[Flag] = (),
    *,
    on_page: bool = True,
) -> Chart:
    """The trend graph with its tables. flags: what was done, and when. on_page: narrow as well."""

    def line(unit: Unit, cells: Sequence[ReleasedCell]) -> Line:
        return Line(queries.unit_name(unit, pack, language), tuple(cells))

    return trend_graph(
        line(found.unit, found.cells),
        found.indicator,
        pack,
        language,
        words(pack, language),
        comparisons=[line(*each) for each in found.beside],
        pooled=found.pooled,
        notes=found.notes,
        marks=found.marks,
        flags=flags,
        goal=_target(found, pack),
        unit_names=found.former_names,
        tier=found.unit.tier,
        on_page=on_page,
    )


def _target(found: OverTime, pack: Pack) -> GoalLine | None:
    """The goal as it is drawn; None where there is none, or none that has a number."""
    if found.goal is None:
        return None
    value = aim(found.goal.wanted, found.indicator.criteria)
    if value is None:
        return None
    since = periods.of(found.goal.set_on, pack.country.school_year_starts)
    return GoalLine(value, since, found.goal.due)


def _measured(line: Sequence[ReleasedCell]) -> list[ReleasedCell]:
    """From the first year on in which it was measured here."""
    known = [cell.period for cell in line if cell.status is not Status.NO_DATA]
    return [cell for cell in line if known and cell.period >= known[0]]


def _beside(
    above: Sequence[Unit], own: Sequence[ReleasedCell], indicator: str, as_of: int | None
) -> list[tuple[Unit, Sequence[ReleasedCell]]]:
    """The lines to compare with: of many the two nearest and the country's.

    None of them is the same as another: a municipality with one school is that school.
    """
    found: list[tuple[Unit, Sequence[ReleasedCell]]] = []
    before = [own]
    for unit in reversed(above) if own else ():
        line = lines.line(unit.key, indicator, as_of)
        theirs = [cell for cell in line if cell.period >= own[0].period]
        if all(_says_more(theirs, other) for other in before):
            found.append((unit, theirs))
            before.append(theirs)
    return found if len(found) <= MOST_BESIDE else [*found[: MOST_BESIDE - 1], found[-1]]


def _says_more(theirs: Sequence[ReleasedCell], own: Sequence[ReleasedCell]) -> bool:
    """Whether a line shows a number that the other does not."""
    values = {cell.period: cell.value for cell in own}
    return any(c.value is not None and c.value != values.get(c.period) for c in theirs)


def trend_address(unit: str, indicator: str) -> str:
    """The lasting address of an indicator over time."""
    return reverse("see:trend", args=[unit, indicator])


def _tree(unit: str) -> UnitTree:
    """The country's own tree also knows units that are gone; schools are only in the reader's."""
    country = country_units()
    return country if unit in country else tenants.unit_tree()
