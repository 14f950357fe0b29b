"""Cells beside a year's unit cells: broken down, two years together, corrected.

They overlap with what is out, so the tree programme cannot choose them: each goes through the
ledger of its indicator (`puls.analysis.ledger`), in which everything stands that was ever released
of it. They come after the country's unit cells of the year, never before: they cut classes in ways
that are not on the tree, and the programme would not see it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain

from puls.analysis.estimates import Components
from puls.analysis.judging import Judge
from puls.analysis.measured import of_same_answers
from puls.analysis.membership import CORRECTION, POOLED, Membership, Place, Year
from puls.analysis.standing import Standing
from puls.cells import ReleasedCell, Status
from puls.content.definitions import Indicator, SurveySource
from puls.errors import NotNow
from puls.units import UnitTree

HIDDEN = frozenset({Status.FEW, Status.LINKED})


def more_cells(
    period: int,
    years: Iterable[Year],
    tree: UnitTree,
    indicators: Mapping[str, Indicator],
    before: Iterable[ReleasedCell],
    *,
    k: int,
    public_k: int,
    weights: Mapping[str, int],
    variances: Mapping[str, Components],
    admission: Sequence[str],
    breakdowns: Mapping[str, Collection[str]],
    told: Mapping[str, Collection[int]] | None = None,
) -> list[ReleasedCell]:
    """The broken-down, pooled and corrected cells of one school year that are new.

    period: the school year of the cells. A late answer of the year before is in pooled cells of
        this one: ask again for each year that it touches.
    years: the years of the survey: this one, and every one of which `before` has shown cells.
        What is out of one year bears on the next wherever two were pooled.
    tree: all units of all times.
    indicators: as in a pack, by key; those fed by this survey are made, others passed over.
    before: everything ever released of them, of all years, the unit cells of this very release
        included. Cells of other answers are passed over.
    k, public_k: the smallest numbers of answers that signed-in users and everybody may see.
    weights: by tier, from the country down, as for `release.survey_cells`.
    variances: by construct, those that the year's unit cells were estimated with.
    admission: the kinds of cells in the order of admission: of two that do not go together the
        first wins. A kind that is not named is not made. Unit cells come first, wherever named.
    breakdowns: by background question, the tiers whose results are broken down.
    told: by construct, the years of which `response.tellable` let more be told than the construct.
        Who answered which items is large enough in the classes of then: those are cut no more.

    Gives cells with a name of their own, (unit, indicator, period, part, years, correction):

        corrected    correction > 0: with late answers, for every unit whose number they change
        pooled       years = 2: this year and the one before, for units of this year's tree without
                     a shown cell of their own, both years asked with one version of the survey
        broken down  part = "sex.girl": of the survey's background question, for its tiers

    A pooled or broken-down cell some of whose answers came late is called after the latest of
    them. Which are admitted is `shown`, which not is `few` (1 to k-1 answers) or `linked`; nobody
    gives no cell. What was refused is given once, and never comes again: a refused correction
    leaves the shown cell before it as the newest.

    Raises NotNow when the country's unit cells of the year are not out, when what is out does not
    fit the tallies or is not safe at k, and when a survey is to be broken down by two questions.
    """
    members = Membership(years, tree)
    survey = members.years[period].survey
    offers = _Offers(period, members, tuple(weights), breakdowns)
    judge = Judge(period, members, tuple(weights))
    out = list(before)
    made: list[ReleasedCell] = []
    decided = False
    for indicator in sorted(indicators.values(), key=lambda indicator: indicator.key):
        source = indicator.source
        if isinstance(source, SurveySource) and source.survey == survey.key:
            own = of_same_answers(chain(out, made), indicator, indicators)
            scored = members.scored(source.construct)
            standing = Standing(period, indicator, members, scored, own, k, public_k, admission)
            if offers.is_decided(period, standing):
                decided = True
                closed = frozenset((told or {}).get(source.construct, ()))
                new = _admitted(standing, offers, admission, closed)
                made += judge.cells(standing, new, variances[source.construct])
    if not decided:
        raise NotNow(
            f"The country is not released for {period}. Release it first: what is broken down, "
            "pooled or corrected comes when all units of the year are decided."
        )
    return made


def _admitted(
    standing: Standing, offers: "_Offers", admission: Sequence[str], closed: frozenset[int]
) -> list[Place]:
    """Admit what is new and may be, kind by kind; all that was tried."""
    tried: list[Place] = []
    for kind in admission:
        wanted = list(offers.wanted(kind, standing))
        tried += wanted
        wanted = list(_outside(closed, wanted, standing))
        if kind == POOLED:
            wanted = list(offers.possible(wanted, standing))
        standing.admit(wanted)
    standing.publish(tried)
    return tried


def _outside(
    closed: frozenset[int], wanted: Sequence[Place], standing: Standing
) -> Iterator[Place]:
    """Those that count no answers of these years; the others are refused."""
    for place, n in zip(wanted, standing.n(wanted), strict=True):
        if closed.isdisjoint(range(place.period - place.years + 1, place.period + 1)):
            yield place
        else:
            standing.refuse(place, n)


class _Offers:
    """The cells that can be asked for in a school year, the same for all indicators."""

    def __init__(
        self,
        period: int,
        members: Membership,
        tiers: Sequence[str],
        breakdowns: Mapping[str, Collection[str]],
    ) -> None:
        self._period, self._members = period, members
        tree, year = members.tree, members.years[period]
        self._roots = [unit.key for unit in tree.units.values() if unit.parent is None]
        asked = members.units(period, year.day)
        whole = asked.keys() - members.torn(period, year.day)
        by_tier = sorted(whole, key=lambda unit: (tiers.index(tree[unit].tier), unit))
        today = [unit for unit in by_tier if tree[unit].valid_on(year.day)]
        self._late = {unit for unit in by_tier if members.arrived[asked[unit]].any()}
        self._bases = {CORRECTION: [Place(u, period) for u in by_tier if u in self._late]}
        before = members.years.get(period - 1)
        if before is not None and before.survey == year.survey:
            then = members.units(period - 1, year.day)
            both = then.keys() - members.torn(period - 1, year.day)
            self._bases[POOLED] = [Place(u, period, years=2) for u in today if u in both]
            self._late |= {unit for unit in both if members.arrived[then[unit]].any()}
        questions = [each for each in year.survey.background if each.key in breakdowns]
        if len(questions) > 1:
            several = ", ".join(each.key for each in questions)
            raise NotNow(
                f"Survey {year.survey.key} is to be broken down by {several}. Answers are counted "
                "by one question, and what two give away together cannot be told. Name one of them "
                "in the pack's breakdowns."
            )
        for each in questions:
            tried = [unit for unit in today if tree[unit].tier in breakdowns[each.key]]
            parts = [f"{each.key}.{option}" for option in each.options]
            self._bases[each.key] = [Place(u, period, part) for u in tried for part in parts]

    def is_decided(self, period: int, standing: Standing) -> bool:
        """True when the country's unit cells are out: all units of the year are decided then."""
        return any(Place(root, period) in standing.status for root in self._roots)

    def wanted(self, kind: str, standing: Standing) -> Iterator[Place]:
        """The cells of a kind that hold answers and were never decided, the highest tier first."""
        if kind == POOLED and not self.is_decided(self._period - 1, standing):
            return
        bases = self._bases.get(kind, [])
        places = [standing.newest(base) if base.unit in self._late else base for base in bases]
        new = [place for place in places if place not in standing.status]
        for place, n in zip(new, standing.n(new), strict=True):
            if (
                n
                and (kind != CORRECTION or place.correction)
                and (kind != POOLED or self._is_missed(place, n, standing))
            ):
                yield place

    def possible(self, pools: Sequence[Place], standing: Standing) -> Iterator[Place]:
        """The pools that the ledger may admit; the others are refused without the year before.

        Where a unit above shows this year with all these answers, they are in classes of this year
        only. The pool cuts them out of those just as the year's own cell would.
        """
        own = [pool._replace(years=1) for pool in pools]
        several = zip(pools, own, standing.n(pools), standing.would_show(own), strict=True)
        for pool, year, n, alone in list(several):
            line = self._members.tree.lineage(pool.unit)
            if alone or not any(standing.shows(year._replace(unit=above)) for above in line):
                standing.widen(self._period - 1)
                yield pool
            else:
                standing.refuse(pool, n)

    def _is_missed(self, place: Place, n: int, standing: Standing) -> bool:
        """True when both years have answers, and the year's own cell was tried and is hidden."""
        own = place._replace(years=1, correction=0)
        if standing.shows(own) is not None:
            return False
        tried = {own, standing.newest(own)} & standing.status.keys()
        hidden = any(standing.status[each] in HIDDEN for each in tried)
        return hidden and 0 < standing.n([own._replace(correction=place.correction)])[0] < n
