"""Numbers of the cells that went through the ledger: mean, interval and levels, where shown.

The same estimates as for unit cells (`puls.analysis.release`). A cell is weighed against the rest
of the nearest unit above that shows the same part and years with all of its answers. What it rests
on is released, and what everybody sees rests on what everybody sees.
"""

from collections.abc import Iterable, Sequence

from puls.analysis import criteria
from puls.analysis.estimates import Components, Prior, interval, places, rest_of
from puls.analysis.membership import Membership, Place
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
        self._rank = {unit: tiers.index(tree[unit].tier) for unit in parents}
        homes = sorted({line[-1] for line in lines})
        self._branches = places(homes, parents, self._rank, len(tiers)).branches

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
        n, total60 = standing.sums[place]
        mean = total60 / (SIXTY * n)
        prior = self._prior(standing, place, variances)
        low, high = interval(n, mean, variances, prior, self._scale)
        level_low, level_high = criteria.levels(indicator.criteria, mean, low, high)
        return ReleasedCell(
            *name,
            value=mean,
            n=n,
            low=low,
            high=high,
            level_low=level_low,
            level_high=level_high,
            judged_by=criteria.name(indicator.criteria),
            part=part,
            years=years,
            correction=correction,
            public=place in standing.public,
        )

    def _prior(self, standing: Standing, place: Place, variances: Components) -> Prior | None:
        n, total60 = standing.sums[place]
        for above in reversed(self._members.tree.lineage(place.unit)[:-1]):
            shown = standing.shows(place._replace(unit=above), place in standing.public)
            whole_n, whole60 = standing.sums[shown] if shown is not None else (0, 0)
            if whole_n > n:
                return rest_of(
                    (whole_n, whole60 / (SIXTY * whole_n)),
                    (n, total60 / (SIXTY * n)),
                    (self._rank[above], self._rank[place.unit]),
                    (self._branches[above], self._branches[place.unit]),
                    variances,
                )
        return None
