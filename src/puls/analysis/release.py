"""Making the cells of a release: per unit and indicator a status, and numbers only where shown.

Status comes first, from n alone and from what a published cell would give away; only cells that
are shown are divided, estimated and given a level.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain

import polars as pl

from puls.analysis import practice, suppression
from puls.analysis.estimates import Components, starting
from puls.analysis.exposure import Answers, ends60, quarter60
from puls.analysis.measured import FORMER, decided_by_unit, of_same_answers
from puls.analysis.membership import Place
from puls.analysis.pooled import Moments, Pooled, pooled
from puls.analysis.shown_groups import of_field, shown_units
from puls.analysis.tallies import lineage
from puls.cells import ReleasedCell, Status
from puls.content.definitions import Indicator, Survey, SurveySource
from puls.errors import NotNow
from puls.units import UnitTree


def national_variances(
    survey: Survey,
    tallies: pl.DataFrame,
    tree: UnitTree,
    day: date,
    weights: Mapping[str, int],
    cells: Iterable[ReleasedCell],
    indicators: Mapping[str, Indicator],
    period: int,
) -> dict[str, Components]:
    """Each construct's variance components, to be kept with a release and given to later ones.

    The intervals of a release rest on them, so they are released too: from whole shown cells alone
    (`puls.analysis.shown_groups`), with two digits (`coarse`). In square points of the scale; the
    starting ones for a construct of which fewer than 30 such groups are shown.

    tallies, day, weights: as for `survey_cells`. cells: all that are released of the year, those
    that were made now included; others are passed over. AssertionError for a unit of a tier without
    a weight.
    """
    field = pooled(survey, tallies, tree, day, tuple(weights))
    return _variances(field, shown_units(field, cells, indicators, period))


def _variances(field: Pooled, shown: Mapping[str, Collection[str]]) -> dict[str, Components]:
    found = of_field(field, shown).variances()
    return {construct: each.coarse() for construct, each in found.items()}


def starting_variances(survey: Survey, weights: Mapping[str, int]) -> dict[str, Components]:
    """Each construct's variance components before a whole country has answered.

    From the scale and the number of tiers alone (`estimates.starting`). weights: by tier, from the
    country down; only how many there are counts here.
    """
    return {each.key: starting(survey.scale, len(weights)).coarse() for each in survey.constructs}


def survey_cells(
    survey: Survey,
    period: int,
    tallies: pl.DataFrame,
    tree: UnitTree,
    day: date,
    indicators: Mapping[str, Indicator],
    k: int,
    weights: Mapping[str, int],
    fixed: Collection[ReleasedCell] = frozenset(),
    root: str | None = None,
    variances: Mapping[str, Components] | None = None,
    public_k: int | None = None,
) -> list[ReleasedCell]:
    """The cells of one survey in one school year, for all units or for one subtree.

    tallies: what `scoring.tally_answers` gave for all sealed rounds of the survey and year,
        combined; leaves are carried to the units of `day` here.
    indicators: as in a pack, by key; those fed by this survey are made, others passed over.
    k: the smallest number of answers that may be seen.
    weights: how much a shown cell counts, by tier, *from the country down*.
    fixed: cells released before. They stay as they are and are not made again; what is shown
        in them is taken into account. Cells of other periods and of other answers are passed over;
        those of the same answers under another name (`puls.analysis.measured`) decide, too: the
        indicator's own cells are made, and show what those show.
    root: release only this unit and those below it; units above follow in a later release.
    variances: by construct, as `national_variances` gave them; None takes them from what is
        shown: what is chosen does not depend on them.
    public_k: the smallest number of answers that everybody may see. Of the shown cells as many
        as may be are marked `public`, by the same programme; those marked before stay so. None
        marks none.

    Gives a cell for every unit that exists on the day (and historical ones that hold answers)
    and every indicator, unless fixed, sorted by indicator and unit:

        no_data   nobody has a score         linked   k or more have, but the cell is hidden so
        few       1 to k-1 have a score               that no other group is given away
        not_comparable   the unit got only a part of one that was split up since

    Raises NotNow when cells released before no longer fit the tallies.
    """
    field = pooled(survey, tallies, tree, day, tuple(weights))
    before = [cell for cell in fixed if cell.period == period]
    base = _base(tree, root, before)
    inside = [unit for unit in field.parents if base is None or base in tree.lineage(unit)]
    now = {unit for unit in inside if root is None or root in tree.lineage(unit)}
    sights: list[_Sight] = []
    for indicator in sorted(indicators.values(), key=lambda indicator: indicator.key):
        source = indicator.source
        if isinstance(source, SurveySource) and source.survey == survey.key:
            key = _Key(field, indicator, source.construct)
            made = (cell for sight in sights for cell in sight.cells)
            same = of_same_answers(chain(before, made), indicator, indicators)
            decided = decided_by_unit(same, key.counts)
            nodes = list(_nodes(key, inside, weights, base))
            shown = _shown(key, nodes, now, decided, k, base)
            new = sorted(now - {cell.unit for cell in same if cell.version > FORMER})
            public = _public(key, nodes, shown.intersection(new), decided, public_k)
            cells = [key.cell(unit, period, k, shown, public) for unit in new]
            sights.append(_Sight(key, shown, public, cells))
    known = variances
    if known is None:
        made = (cell for sight in sights for cell in sight.cells)
        known = _variances(field, shown_units(field, chain(before, made), indicators, period))
    return [cell for sight in sights for cell in sight.judged(known)]


@dataclass(frozen=True)
class _Key:
    """One indicator with the moments of its construct."""

    field: Pooled
    indicator: Indicator
    construct: str

    @property
    def every(self) -> Mapping[str, Moments]:
        return self.field.every[self.construct]

    def counts(self, cell: ReleasedCell) -> bool:
        """True when a shown cell was released with these answers."""
        moments = self.every.get(cell.unit)
        return moments is not None and (cell.n, cell.value) == (moments.n, moments.mean)

    def cell(
        self, unit: str, period: int, k: int, shown: Collection[str], public: Collection[str]
    ) -> ReleasedCell:
        """The cell of one unit, not judged yet. Status before division: only shown ones have a
        mean."""
        moments = self.every.get(unit)
        place = (unit, self.indicator.key, self.indicator.version, period)
        if unit in self.field.torn:
            return ReleasedCell(*place, Status.NOT_COMPARABLE)
        if moments is None:
            return ReleasedCell(*place, Status.NO_DATA)
        if unit not in shown:
            return ReleasedCell(*place, Status.FEW if moments.n < k else Status.LINKED)
        told = (*place, Status.SHOWN, moments.mean, moments.n)
        return ReleasedCell(*told, public=unit in public)


@dataclass(frozen=True)
class _Sight:
    """What is shown of one indicator, and the cells that are made now, without intervals."""

    key: _Key
    shown: Collection[str]
    public: Collection[str]
    cells: Sequence[ReleasedCell]

    def judged(self, variances: Mapping[str, Components]) -> Iterator[ReleasedCell]:
        """The cells with intervals and levels where they are shown."""
        known, scale = variances[self.key.construct], self.key.field.survey.scale
        for cell in self.cells:
            if cell.status is not Status.SHOWN:
                yield cell
                continue
            # What everybody sees must rest on what everybody sees.
            line = list(self._line(cell.unit, self.public if cell.public else self.shown))
            place = Place.of(cell)
            yield practice.shown(place, self.key.indicator, line, known, scale, cell.public)

    def _line(self, unit: str, published: Collection[str]) -> Iterator[practice.Published]:
        """The unit, and of those above the published ones with more answers each time."""
        field, n = self.key.field, 0
        for each in lineage(unit, field.parents):
            moments = self.key.every[each]
            if each in published and moments.n > n:
                n = moments.n
                yield practice.Published(n, moments.mean, field.places.branches[each])


def _base(tree: UnitTree, root: str | None, before: Iterable[ReleasedCell]) -> str | None:
    """The unit whose subtree must be looked at: the root, or the highest above it that is shown.

    Below a shown unit everything hangs together; what lies beside it does not matter.
    """
    if root is None:
        return None
    shown = {cell.unit for cell in before if cell.status is Status.SHOWN}
    return next((unit for unit in tree.lineage(root) if unit in shown), root)


def _shown(
    key: _Key,
    nodes: Sequence[suppression.Node],
    now: Collection[str],
    decided: Mapping[str, ReleasedCell],
    k: int,
    base: str | None,
) -> frozenset[str]:
    """The units shown in one indicator: those that are, and those that can be from now on."""
    here = {node.key for node in nodes}
    shown = {unit for unit, cell in decided.items() if cell.status is Status.SHOWN}
    hidden = {unit for unit in here if unit in decided or unit not in now}
    hidden = (hidden | key.field.torn) - shown
    for unit in sorted(shown & here if base is not None else shown):
        _check_unchanged(decided[unit], key)
    return _chosen(key, nodes, k, shown & here, hidden)


def _public(
    key: _Key,
    nodes: Sequence[suppression.Node],
    candidates: Collection[str],
    decided: Mapping[str, ReleasedCell],
    public_k: int | None,
) -> frozenset[str]:
    """The units that everybody sees in one indicator, those of before included.

    candidates: the units that are shown from now on; those decided under another name stay as they
    are, since what came after them was chosen beside them.
    """
    if public_k is None:
        return frozenset()
    here = {node.key for node in nodes}
    fixed = {unit for unit in here if unit in decided and decided[unit].public}
    return _chosen(key, nodes, public_k, fixed, here - fixed - (set(candidates) - decided.keys()))


def _chosen(
    key: _Key,
    nodes: Sequence[suppression.Node],
    k: int,
    fixed: Collection[str],
    forbidden: Collection[str],
) -> frozenset[str]:
    try:
        return suppression.choose(nodes, k, quarter60(key.field.survey.scale), fixed, forbidden)
    except suppression.Unsolvable as error:
        raise NotNow(
            f"{error.key}, {key.indicator.key}: what was released before gives a group of fewer "
            f"than {k} away. Was it released with a lower threshold? Release with that one."
        ) from error


def _nodes(
    key: _Key, inside: Iterable[str], weights: Mapping[str, int], base: str | None
) -> Iterator[suppression.Node]:
    field, scale = key.field, key.field.survey.scale
    low60, high60 = ends60(scale)
    own, weight = field.own[key.construct], list(weights.values())
    for unit in inside:
        answers = Answers(0)
        if unit in own:
            n, total60, _, min60, max60 = own[unit]
            answers = Answers.of_scores(n, total60, min60, max60, low60=low60, high60=high60)
        parent = None if unit == base else field.parents[unit]
        yield suppression.Node(unit, parent, answers, weight[field.rank[unit]])


def _check_unchanged(cell: ReleasedCell, key: _Key) -> None:
    """What was released counted these same answers; otherwise sums and differences are off."""
    if not key.counts(cell):
        now = key.every[cell.unit].n if cell.unit in key.every else 0
        raise NotNow(
            f"{cell.unit}, {cell.indicator}: released with {cell.n} answers, now there are {now}. "
            "A released cell stays as it is: leave out the rounds that were sealed after it."
        )
