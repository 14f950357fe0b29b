"""What a country's release says beyond its cells, from what is released and kept tallies."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from math import isfinite
from typing import Any

import polars as pl

from puls.analysis import attenuation, findings, reliability, scoring, shown_groups, similar
from puls.analysis.attenuation import Reliable
from puls.analysis.estimates import Components
from puls.analysis.lines import OLDEST
from puls.analysis.scoring import Tallies
from puls.cells import ReleasedCell, ReleasedMark, Status
from puls.content.definitions import Pack, RegisterSource, Survey
from puls.content.own import is_own
from puls.units import UnitTree
from puls.web.assess import looking_back, queries
from puls.web.collect import counting
from puls.web.collect.folders import Folders
from puls.web.collect.models import Round
from puls.web.collect.rounds import survey_of
from puls.web.releasing.further import survey_indicators

ASSESS = "assess"
Variances = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""By survey and construct, as a release keeps them."""


@dataclass(frozen=True)
class National:
    """Marks of all units, and the findings that they rest on, as JSON."""

    marks: Sequence[ReleasedMark] = ()
    findings: Mapping[str, Any] = field(default_factory=dict)


def look(
    period: int,
    counted: Iterable[Round],
    new: Sequence[ReleasedCell],
    variances: Variances,
    pack: Pack,
    folders: Folders,
    tree: UnitTree,
    day: date,
) -> National:
    """What can be found in a school year once the country's answers are released.

    counted: the sealed rounds of the year that the released cells count.
    new: cells of the release that is being made; all others are read.
    variances: those of the release that is being made. Nothing is found as long as neither it
        nor one before it has any of the year.
    """
    known = _components(queries.variances_until(period, ASSESS), {period: variances})
    if period not in known:
        return National()
    shown = queries.shown_until(period, _figures(pack), period - OLDEST, ASSESS)
    before = {_place(cell): cell for cell in shown if not is_own(cell.indicator)}
    # A refused correction leaves what was shown before it.
    counting = [c for c in new if c.status is Status.SHOWN or not c.correction]
    own = {_place(cell): cell for cell in counting if not cell.part and cell.years == 1}
    cells = before | own
    products, reliable, scores = {}, {}, {}
    for survey, asked in _by_survey(counted, pack):
        tallies = _together(survey, asked, folders)
        out = looking_back.ever_released(
            survey_indicators(pack, survey.key), [period, period + 1], period, "", ASSESS
        )
        weights = {tier.key: tier.weight for tier in pack.country.tiers}
        asked_for = (survey, tree, day, weights, [*out, *new], pack.indicators, period)
        reliable[survey.key] = reliability.of_release(
            tallies, *asked_for, pack.thresholds.signed_in
        )
        groups = shown_groups.of_release(tallies, *asked_for)
        products[survey.key] = groups.products
        scores[survey.key] = _of_score(groups, survey, reliable[survey.key])
    days = {**queries.tree_days(ASSESS), period: day}
    found = findings.national(
        list(cells.values()), pack, period, tree, known, products, scores, days
    )
    kept = {"fits": found.fits, "associations": found.associations, "reliability": reliable}
    kept["similar"] = _similar({**_this_year(period), **cells}.values(), pack, period, tree, day)
    return National(found.marks, _plain(kept))


def _similar(
    cells: Iterable[ReleasedCell], pack: Pack, period: int, tree: UnitTree, day: date
) -> list[dict[str, Any]]:
    """The groups of similar administrations, as `queries.similar` reads them."""
    if pack.similar is None:
        return []
    theirs = {unit.key for unit in tree.at(day) if unit.tier == pack.country.tenant_tier}
    known = sorted((cell for cell in cells if cell.unit in theirs), key=lambda each: each.period)
    sizes = {
        cell.unit: cell.value
        for cell in known
        if cell.indicator == pack.similar.by and cell.value is not None
    }
    now = [cell for cell in known if cell.period == period]
    return [asdict(group) for group in similar.groups(sizes, pack.similar.groups, now)]


def _of_score(
    tallies: Tallies, survey: Survey, rows: Iterable[Mapping[str, Any]]
) -> dict[str, Reliable]:
    """How reliable one respondent's score is within a group, by construct, where alpha is told."""
    told = {row["construct"] for row in rows if row["alpha"] is not None}
    found = attenuation.within_groups(tallies, survey)
    return {construct: each for construct, each in found.items() if construct in told}


def _figures(pack: Pack) -> list[str]:
    """Register indicators that results are judged given, that may go together with something, or by
    which administrations are alike: these are looked for in earlier years too."""
    named = {key for each in pack.indicators.values() for key in each.prerequisites}
    named |= {key for pair in pack.associations for key in pair}
    if pack.similar is not None:
        named.add(pack.similar.by)
    return sorted(key for key in named if isinstance(pack.indicators[key].source, RegisterSource))


def _this_year(period: int) -> dict[tuple[str, str, int], ReleasedCell]:
    """All register figures of the year that were released before."""
    before = queries.released_before(period, from_answers=False, using=ASSESS)
    return {_place(cell): cell for cell in before}


def _place(cell: ReleasedCell) -> tuple[str, str, int]:
    return cell.unit, cell.indicator, cell.period


def _by_survey(counted: Iterable[Round], pack: Pack) -> list[tuple[Survey, list[Round]]]:
    found: dict[str, list[Round]] = {}
    for each in counted:
        found.setdefault(each.survey, []).append(each)
    return [(survey_of(pack, rounds[0]), rounds) for _, rounds in sorted(found.items())]


def _together(survey: Survey, rounds: Collection[Round], folders: Folders) -> Tallies:
    """The tallies of a survey's rounds, added up."""
    every = [counting.tallies(each.key, survey, folders) for each in rounds]
    if len(every) == 1:
        return every[0]
    kinds: list[pl.DataFrame] = [scoring.combine(kind) for kind in zip(*every, strict=True)]
    return Tallies(*kinds)


def _components(
    *known: Mapping[int, Variances],
) -> dict[int, dict[str, dict[str, Components]]]:
    """By period, survey and construct; of two that say the same, the later one counts."""
    found: dict[int, dict[str, dict[str, Components]]] = {}
    for by_period in known:
        for period, surveys in by_period.items():
            for survey, constructs in surveys.items():
                found.setdefault(period, {})[survey] = {
                    key: Components.of_json(each) for key, each in constructs.items()
                }
    return found


def _plain(value: Any) -> Any:
    """As JSON knows it: what is not a number is nothing."""
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return None if isinstance(value, float) and not isfinite(value) else value
