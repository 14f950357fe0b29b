"""How far a construct's score, and a unit's mean of it, can be trusted: from tallies alone.

    of_release     one call for a release: what may be told of every construct, as plain data
    national       the same as objects: every construct in the whole country, and by tier
    by_unit        every construct in every unit, or in any other groups of leaves
    items_by_unit  the same for single items
    by_tier        how far means tell the units of a tier apart

For a release only `of_release` is meant; the others are for a statistician who may see the
tallies. What stands behind:

    puls.analysis.consistency         alpha, omega, item-rest correlations
    puls.analysis.agreement           ICC, reliability of a mean
    puls.analysis.reliability_units   units and tiers
    puls.analysis.response            what may be told beside a release
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from puls.analysis.agreement import answers_needed, icc1, icc2, reliability_of_mean
from puls.analysis.coarse import two_decimals
from puls.analysis.consistency import alpha, alpha_interval
from puls.analysis.estimates import ENOUGH_HOMES
from puls.analysis.evidence import LEAST_UNITS
from puls.analysis.pooled import pooled
from puls.analysis.reliability_units import LEVEL, OfTier, by_tier, by_unit, items_by_unit
from puls.analysis.response import Detail, tellable
from puls.analysis.scoring import Tallies
from puls.analysis.shown_groups import of_field, shown_units
from puls.cells import ReleasedCell
from puls.content.definitions import Construct, Indicator, Survey
from puls.units import UnitTree

__all__ = [
    "Detail",
    "OfConstruct",
    "OfItem",
    "OfTier",
    "alpha",
    "answers_needed",
    "as_json",
    "by_tier",
    "by_unit",
    "icc1",
    "icc2",
    "items_by_unit",
    "national",
    "of_release",
    "reliability_of_mean",
    "tellable",
]

EVERYBODY = "everybody"
RELIABILITIES = (0.5, 0.7, 0.8)
"""For which it is told how many answers a unit's mean takes."""


@dataclass(frozen=True)
class OfItem:
    """One item in the whole country; all None where it may not be told.

    n: respondents who answered it. unanswered: the share of those asked who did not.
    item_rest: its correlation with the sum of the construct's other items, mirrored if reversed.
    """

    item: str
    n: int | None = None
    unanswered: float | None = None
    item_rest: float | None = None


@dataclass(frozen=True)
class OfConstruct:
    """One construct in the whole country; a figure that is not defined or not told is None.

    asked: respondents who sent the survey in; answered: with one item or more; n: with a score.
    alpha: Cronbach's; low, high: its interval. omega: McDonald's omega total.
    bounded: an item came out without error of its own, so omega says too much.
    tiers: from below the country down.
    """

    construct: str
    items: tuple[OfItem, ...]
    asked: int | None = None
    answered: int | None = None
    n: int | None = None
    alpha: float | None = None
    low: float | None = None
    high: float | None = None
    omega: float | None = None
    bounded: bool = False
    tiers: tuple[OfTier, ...] = ()


def of_release(
    tallies: Tallies,
    survey: Survey,
    tree: UnitTree,
    day: date,
    weights: Mapping[str, int],
    cells: Iterable[ReleasedCell],
    indicators: Mapping[str, Indicator],
    period: int,
    k: int,
) -> list[dict[str, Any]]:
    """What is released of reliability: `as_json` of `national`, as far as `tellable` allows.

    To be made with the country's release, when its cells are known. Arguments as for `national` and
    `response.tellable`; tallies are of the period alone, and of the same answers as the cells. What
    is told of tiers rests on whole shown cells (`puls.analysis.shown_groups`).
    """
    known = list(cells)
    tell = tellable(tallies.missing, survey, tree, day, known, indicators, period, k)
    field = pooled(survey, tallies.answers, tree, day, tuple(weights))
    shown = shown_units(field, known, indicators, period)
    return as_json(national(tallies, survey, tree, day, weights, tell, shown=shown))


def national(
    tallies: Tallies,
    survey: Survey,
    tree: UnitTree,
    day: date,
    weights: Mapping[str, int],
    tell: Mapping[str, Detail],
    level: float = LEVEL,
    shown: Mapping[str, Collection[str]] | None = None,
) -> list[OfConstruct]:
    """What a release says of the reliability of each construct, in the survey's order.

    tallies: what `scoring.tally_round` gave for all sealed rounds of the survey and year, combined.
    weights: by tier, from the country down; only the keys count here.
    tell: by construct, what `tellable` found for the release; nothing where it says nothing.
    level: probability of the interval of alpha.
    shown: by construct, the units that are shown; of them tiers are told. None for all groups, also
        hidden ones: no release may tell that.

    All that is given is of the whole country, and nothing where fewer than ENOUGH_HOMES groups
    have answered: figures of a few groups would say too much of single answers. ICCs of a tier
    take LEAST_UNITS units, for the same reason and because fewer hardly tell how units differ.
    """
    leaves = tallies.answers["leaf"].unique().to_list()
    whole = dict.fromkeys(leaves, EVERYBODY)
    figures = by_unit(tallies, survey, whole, {EVERYBODY: None}, level)
    of_items = items_by_unit(tallies, survey, whole, {EVERYBODY: None})
    field = pooled(survey, tallies.answers, tree, day, tuple(weights))
    tiers = by_tier(field if shown is None else of_field(field, shown), tuple(weights))
    found = []
    for construct in survey.constructs:
        key = construct.key
        homes = sum(moments.n > 0 for moments in field.own[key].values())
        detail = tell.get(key, Detail.NOTHING)
        if homes < ENOUGH_HOMES or detail is Detail.NOTHING:
            found.append(OfConstruct(key, tuple(OfItem(item.key) for item in construct.items)))
            continue
        row = figures.row(by_predicate=pl.col("construct") == key, named=True)
        row.pop("unit")
        if detail < Detail.RESPONSE:
            row["asked"] = row["answered"] = None
        if detail < Detail.ITEMS and row["alpha"] is not None:
            # Whoever knows alpha and its interval knows the number that it was drawn from.
            row["low"], row["high"] = _interval(row["alpha"], row["n"], construct, level)
        told = of_items.filter(construct=key).drop("unit", "construct")
        items = (
            OfItem(**each) if detail >= Detail.ITEMS else OfItem(each["item"])
            for each in told.iter_rows(named=True)
        )
        of_tiers = (
            each if each.units >= LEAST_UNITS else replace(each, icc1=None, icc2=None)
            for each in tiers[key]
        )
        found.append(OfConstruct(**row, items=tuple(items), tiers=tuple(of_tiers)))
    return found


def _interval(alpha_: float, n: int, construct: Construct, level: float) -> Iterator[float | None]:
    """The interval of alpha as if the n respondents had answered all items."""
    ends = alpha_interval(np.array([alpha_]), np.array([n]), len(construct.items), level)
    return (None if np.isnan(end[0]) else float(end[0]) for end in ends)


def as_json(found: Iterable[OfConstruct]) -> list[dict[str, Any]]:
    """The same as lists, dicts, strings, numbers, booleans and None.

    Each tier has besides: `needed`, the answers that a unit's mean takes for a reliability
    (key "0.5", "0.7", "0.8"); None where no number is enough or ICC(1) is not known.

    Coefficients have two decimals, and `icc2` and `needed` follow from the `icc1` that is told
    (`puls.analysis.coarse`).
    """
    rows = []
    for construct in found:
        row = _rounded(asdict(construct), "alpha", "low", "high", "omega")
        row["items"] = [_rounded(item, "item_rest") for item in row["items"]]
        row["tiers"] = [_told(tier) for tier in construct.tiers]
        row["tiers"] = [
            tier | {"needed": {str(each): _needed(tier["icc1"], each) for each in RELIABILITIES}}
            for tier in row["tiers"]
        ]
        rows.append(row)
    return rows


def _told(tier: OfTier) -> dict[str, Any]:
    icc = two_decimals(tier.icc1)
    whole = None if icc is None else two_decimals(reliability_of_mean(icc, tier.size))
    return asdict(replace(tier, icc1=icc, icc2=whole))


def _rounded(row: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {**row, **{name: two_decimals(row[name]) for name in names}}


def _needed(icc: float | None, reliability: float) -> int | None:
    return None if icc is None else answers_needed(icc, reliability)
