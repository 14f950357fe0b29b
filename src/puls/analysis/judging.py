"""Numbers of the cells that went through the ledger: mean, interval and levels, where shown.

The same estimates as for unit cells (`puls.analysis.practice`). A cell leans on the units above
that show the same part and years with all of its answers. What it rests on is released, and what
everybody sees rests on what everybody sees.
"""

from collections.abc import Iterable, Iterator, Sequence

from puls.analysis.estimates import Components, places
from puls.analysis.membership import Membership, Place
from puls.analysis.practice import Published, shown
from puls.analysis.standing import Standing
from puls.analysis.tallies import SIXTY
from puls.cells import ReleasedCell, Status


class Judge:
    """The cells of a school year as they are released.

    tiers: the keys of the country's tiers, from the country down.
    """

    def __init__(self, period: int, members: Membership, tiers: Sequence[str]) -> None:
        tree, year = members.tree, members.years[period]
        lines = members.lines(period, year.day).values()
        parents = {unit: tree[unit].parent for line in lines for unit in line}
        self._members, self._scale = members, year.survey.scale
        rank = {unit: tiers.index(tree[unit].tier) for unit in parents}
        homes = sorted({line[-1] for line in lines})
        self._branches = places(homes, parents, rank, len(tiers)).branches

    def cells(
        self, standing: Standing, decided: Iterable[Place], variances: Components
    ) -> list[ReleasedCell]:
        """A cell for each of these, in their order."""
        return [self._cell(standing, place, variances) for place in decided]

    def _cell(self, standing: Standing, place: Place, variances: Components) -> ReleasedCell:
        unit, period, part, years, correction = place
        indicator, status = standing.indicator, standing.status[place]
        name = (unit, indicator.key, indicator.version, period, status)
        if status is not Status.SHOWN:
            return ReleasedCell(*name, part=part, years=years, correction=correction)
        public = place in standing.public
        line = list(self._line(standing, place, public))
        return shown(place, indicator, line, variances, self._scale, public)

    def _line(self, standing: Standing, place: Place, public: bool) -> Iterator[Published]:
        """The cell, and of the units above those that show all its answers, and more each time."""
        found: Place | None = place
        n, last = 0, place
        for unit in reversed(self._members.tree.lineage(place.unit)):
            if unit != place.unit:
                found = standing.shows(last._replace(unit=unit), public)
            if found is not None and standing.sums[found][0] > n:
                n, total60 = standing.sums[found]
                yield Published(n, total60 / (SIXTY * n), self._branches[unit])
                last = found
