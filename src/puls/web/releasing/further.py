"""Cells beside a country's unit cells: broken down, several years together, corrected.

What was ever released of the same answers bears on them; which answers a cell counts follows from
when the rounds arrived.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from puls.analysis.admitting import more_cells
from puls.analysis.estimates import Components
from puls.analysis.measured import UNKNOWN, measured
from puls.analysis.membership import Year
from puls.cells import ReleasedCell, Status
from puls.content.definitions import Pack, Survey
from puls.errors import NotNow
from puls.units import UnitTree
from puls.web.assess import looking_back, queries
from puls.web.assess.models import Release
from puls.web.collect import counting
from puls.web.collect.folders import Folders
from puls.web.collect.late import arrivals
from puls.web.collect.models import Round
from puls.web.collect.rounds import rounds, survey_of
from puls.web.releasing.parts import Part, round_as_source

ASSESS = "assess"


@dataclass(frozen=True)
class Further:
    """A survey's further cells of one school year, and the rounds that they count."""

    cells: Sequence[ReleasedCell]
    rounds: Sequence[Round]


def further(
    survey: str,
    period: int,
    new: Sequence[ReleasedCell],
    arrived: Mapping[str, int],
    variances: Mapping[str, Components],
    pack: Pack,
    folders: Folders,
    tree: UnitTree,
    day: date,
) -> Further:
    """The broken-down, pooled and corrected cells of a year whose country is released.

    new: cells that are released in the same transaction, and not written yet.
    arrived: by key of the round, the number of the correction that counts it first, 0 for those
        in time; rounds that are not here are counted nowhere.
    variances: by construct, those behind the year's unit cells. day: of the period's units.

    NotNow when what was released before does not fit the tallies.
    """
    fed = survey_indicators(pack, survey)
    bearing = _bearing_on(period, looking_back.pooled_years(fed, ASSESS))
    out = looking_back.ever_released(fed, bearing, period, pack.country.root, ASSESS)
    before = [*out, *(cell for cell in new if cell.indicator in fed)]
    shown = {cell.period for cell in before if cell.status is Status.SHOWN}
    held: dict[int, list[Round]] = {year: [] for year in sorted(shown | {period})}
    for each in rounds(ASSESS, survey=survey, state=Round.State.SEALED):
        if each.key in arrived and each.period in held:
            held[each.period].append(each)
    years = [
        Year(year, asked, day if year == period else _day_of(year), counted)
        for year, found in held.items()
        if found
        for asked, counted in [_counted(found, arrived, pack, folders)]
    ]
    asked_in = {year.period for year in years}
    made = more_cells(
        period,
        years,
        tree,
        {key: pack.indicators[key] for key in fed},
        [cell for cell in before if cell.version != UNKNOWN or cell.period in asked_in],
        k=pack.thresholds.signed_in,
        public_k=pack.thresholds.public,
        weights={tier.key: tier.weight for tier in pack.country.tiers},
        variances=variances,
        admission=pack.admission,
        breakdowns=pack.breakdowns,
        told=queries.told_of_response(survey, list(held), ASSESS),
    )
    used = {period, *(cell.period - cell.years + 1 for cell in made)}
    return Further(made, [each for year, found in held.items() if year in used for each in found])


def _bearing_on(period: int, pooled: Iterable[tuple[int, int]]) -> list[int]:
    """The years whose released cells bear on those of the period.

    It may be pooled with the year before. Others bear on it where they were pooled with one of
    the two, or with one that was, and so on: no cell counts answers of them and of these.
    """
    found, before = {period - 1, period}, set[int]()
    spans = [set(range(first, last + 1)) for first, last in pooled]
    while found != before:
        before = set(found)
        found.update(*(span for span in spans if span & found))
    return sorted(found)


def with_further(
    part: Part,
    period: int,
    pack: Pack,
    folders: Folders,
    tree: UnitTree,
    day: date,
    left_out: Callable[[str], object],
) -> Part:
    """The country's part of a release with the further cells of its survey and year.

    Unit cells do not wait for them: where the ledger cannot be opened, `left_out` is told why.
    """
    known = arrivals()
    in_time = {source["table"]: 0 for source in part.sources}
    try:
        found = further(
            part.survey,
            period,
            part.cells,
            in_time | known,
            variances_of(part, period),
            pack,
            folders,
            tree,
            day,
        )
    except NotNow as reason:
        left_out(f"Left out, parts and years together of {part.survey}: {reason}")
        return part
    beside = [
        round_as_source(each, folders, known[each.key])
        for each in found.rounds
        if each.key not in in_time
    ]
    return replace(
        part,
        cells=[*part.cells, *found.cells],
        sources=[*part.sources, *beside],
        is_synthetic=part.is_synthetic or any(each.is_synthetic for each in found.rounds),
    )


def variances_of(part: Part, period: int) -> Mapping[str, Components]:
    """Those behind the part's cells, or behind the country's as they were released before."""
    known = part.variances or queries.variances_until(period, ASSESS)[period][part.survey]
    return {key: Components.of_json(each) for key, each in known.items()}


def survey_indicators(pack: Pack, survey: str) -> dict[str, list[str]]:
    """The indicators that a survey feeds, with what they measure."""
    return {key: each for key, each in measured(pack.indicators).items() if each[0] == survey}


def _counted(
    found: Sequence[Round], arrived: Mapping[str, int], pack: Pack, folders: Folders
) -> tuple[Survey, list[tuple[int, pl.DataFrame]]]:
    """The survey as it was asked in the year, and each round's number and tally."""
    survey = survey_of(pack, found[0])
    question = next((each.key for each in survey.background if each.key in pack.breakdowns), "")

    def tallies() -> Iterator[pl.DataFrame]:
        for each in found:
            if question:
                yield counting.parts(each.key, survey, question, folders)
            else:
                yield counting.answers(each.key, survey, folders)

    return survey, list(zip([arrived[each.key] for each in found], tallies(), strict=True))


def _day_of(period: int) -> date:
    """The day whose units the releases of an earlier year speak of."""
    days = Release.objects.using(ASSESS).filter(period=period).order_by("id")
    return days.values_list("tree_day", flat=True)[0]
