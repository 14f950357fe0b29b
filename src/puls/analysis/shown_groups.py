"""The groups that national figures rest on: whole shown cells, and nothing that is hidden.

How much units differ, how reliable scores are within a group, what goes together among
respondents: all of these are sums over groups of respondents. Taken over all leaf groups they say
something of hidden ones, however few digits are told. So of each construct the *leaf-most* shown
units are taken, those with no shown unit below them, and each counts as one group with all of its
answers:

    oslo                shown      passed over: what is not in a shown school is a remainder
      east   40         shown      a group of 43, though its departments are hidden
        music  40       hidden
        dance   3       hidden
      west   12         shown      a group of 12
      north   8         hidden     left out
      south   4         hidden     left out

A remainder is no unit, so it would not say how units differ. What is left out depends on how many
answered and on what is shown beside, hardly on what they answered.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date

import polars as pl

from puls.analysis import history, scoring
from puls.analysis.estimates import places
from puls.analysis.pooled import Pooled, pooled
from puls.analysis.scoring import Tallies
from puls.analysis.tallies import lineage
from puls.cells import ReleasedCell, Status
from puls.content.definitions import Indicator, Survey, SurveySource
from puls.units import UnitTree


def shown_units(
    field: Pooled,
    cells: Iterable[ReleasedCell],
    indicators: Mapping[str, Indicator],
    period: int,
) -> dict[str, frozenset[str]]:
    """By construct, the units of which a released cell tells exactly the answers at hand.

    field: the answers of a year, as `pooled.pooled` gives them; period: that year.
    cells: of any kind, year and survey; hidden ones, and those of parts, of years together and of
        late answers are passed over. indicators: as in a pack, by key.
    """
    found: dict[str, set[str]] = {construct: set() for construct in field.every}
    for cell in cells:
        if cell.status is not Status.SHOWN or cell.period != period:
            continue
        if cell.part or cell.years > 1 or cell.correction or cell.indicator not in indicators:
            continue
        source = indicators[cell.indicator].source
        if isinstance(source, SurveySource) and source.survey == field.survey.key:
            moments = field.every[source.construct].get(cell.unit)
            if moments is not None and (cell.n, cell.value) == (moments.n, moments.mean):
                found[source.construct].add(cell.unit)
    return {construct: frozenset(units) for construct, units in found.items()}


def leaf_most(shown: Collection[str], parents: Mapping[str, str | None]) -> frozenset[str]:
    """The shown units below which none is shown.

    parents: the unit above each, None for the country. Units that are shown hold answers, so no two
    of the result have an answer in common.
    """
    return frozenset(shown) - {above for unit in shown for above in lineage(unit, parents)[1:]}


def of_field(field: Pooled, shown: Mapping[str, Collection[str]]) -> Pooled:
    """The same field with the leaf-most shown units as its only groups, each with all its answers.

    shown: by construct, the units that are shown.
    """
    own = {
        construct: {unit: every[unit] for unit in leaf_most(shown[construct], field.parents)}
        for construct, every in field.every.items()
    }
    homes = sorted({unit for kept in own.values() for unit in kept})
    return replace(field, own=own, places=places(homes, field.parents, field.rank, field.tiers))


def of_release(
    tallies: Tallies,
    survey: Survey,
    tree: UnitTree,
    day: date,
    weights: Mapping[str, int],
    cells: Iterable[ReleasedCell],
    indicators: Mapping[str, Indicator],
    period: int,
) -> Tallies:
    """The tallies of whole shown cells, for what is told of respondents within groups.

    Arguments as for `reliability.of_release`; the result as for `of_groups`.
    """
    field = pooled(survey, tallies.answers, tree, day, tuple(weights))
    homes = history.carry_leaves(tree, tallies.answers["leaf"].unique().to_list(), day)
    shown = shown_units(field, cells, indicators, period)
    return of_groups(tallies, survey, homes, field.parents, shown)


def group_of(
    homes: Mapping[str, str], parents: Mapping[str, str | None], shown: Collection[str]
) -> dict[str, str]:
    """Of each leaf the leaf-most shown unit that holds it; leaves that none holds are left out.

    homes: the unit that each leaf's answers count for.
    """
    kept = leaf_most(shown, parents)
    return {
        leaf: unit
        for leaf, home in homes.items()
        for unit in lineage(home, parents)
        if unit in kept
    }


def of_groups(
    tallies: Tallies,
    survey: Survey,
    homes: Mapping[str, str],
    parents: Mapping[str, str | None],
    shown: Mapping[str, Collection[str]],
) -> Tallies:
    """Tallies of whole shown cells: `leaf` is the group, and what is in no group is left out.

    shown: by construct, the units whose own cell is shown; a pair of constructs has those that are
    shown in both.
    """
    single = {(each.key,): frozenset(shown.get(each.key, ())) for each in survey.constructs}
    pairs = {(a, b): single[a,] & single[b,] for a, b in survey.pairs}
    of_one, of_two = (
        [
            (leaf, *constructs, unit)
            for constructs, units in each.items()
            for leaf, unit in group_of(homes, parents, units).items()
        ]
        for each in (single, pairs)
    )
    return Tallies(
        _relabelled(tallies.answers, of_one, "construct"),
        _relabelled(tallies.items, of_one, "construct"),
        _relabelled(tallies.products, of_two, "a", "b"),
        _relabelled(tallies.missing, of_one, "construct"),
    )


def _relabelled(
    frame: pl.DataFrame, known: Iterable[tuple[str, ...]], *constructs: str
) -> pl.DataFrame:
    key = ("leaf", *constructs)
    table = pl.DataFrame(known, schema=dict.fromkeys((*key, "unit"), pl.String), orient="row")
    kept = frame.join(table, on=key).with_columns(leaf=pl.col("unit")).select(frame.columns)
    return scoring.combine([kept])
