"""Who answered what, and whether it may be told beside a release.

Whoever sends a survey in is *asked* about every construct, has *answered* it with one item or
more, and has a *score* with half of them. An item's non-response is the share of those asked who
left it out.

How many answered an item is a number of people, so it can give people away: a class of a release
(respondents that no released cell tells apart) with thirty answers, two of them without item 3,
holds a group of two. Therefore the rule:

    a figure that depends on who answered what is told only where, in every class, each pattern
    of answered and missing has 0 or at least k respondents

The classes matter: over the whole country there are always enough.

    class     | all items | without item 3 |
    oslo      |       120 |             38 |     pooled: 325 and 40, nobody would be seen
    bergen    |       205 |              2 |     by class: the two in Bergen are alone
"""

from collections.abc import Collection, Hashable, Iterable, Mapping
from datetime import date
from enum import IntEnum

import polars as pl

from puls.analysis import history
from puls.cells import ReleasedCell, Status
from puls.content.definitions import Construct, Indicator, Survey, SurveySource
from puls.units import UnitTree


class Detail(IntEnum):
    """How much of a construct's response may be told; each includes those before it."""

    NOTHING = 0
    CONSTRUCT = 1
    """The number of scores and what follows from all items together."""
    RESPONSE = 2
    """Also how many were asked and how many answered anything."""
    ITEMS = 3
    """Also figures of single items."""


def tellable(
    missing: pl.DataFrame,
    survey: Survey,
    tree: UnitTree,
    day: date,
    cells: Iterable[ReleasedCell],
    indicators: Mapping[str, Indicator],
    period: int,
    k: int,
) -> dict[str, Detail]:
    """How much may be told of each construct, given every cell that is released.

    missing: `Tallies.missing` of the period. day: that units are carried to, as in the release.
    cells: all released ones, of any period; indicators: as in a pack, by key.
    k: the smallest number of respondents that may be seen.

    Nothing is told where some answers are in no shown cell: the country's is hidden. Nothing but
    the construct is where a breakdown, a correction or a cell of a later period counts some of
    them: the tally does not say which patterns the respondents of those have.
    """
    leaves = missing["leaf"].unique().sort().to_list()
    homes = history.carry_leaves(tree, leaves, day)
    lines = {leaf: tree.lineage(home) for leaf, home in homes.items()}
    shown: dict[str, list[ReleasedCell]] = {each.key: [] for each in survey.constructs}
    for cell in cells:
        source = indicators[cell.indicator].source if cell.indicator in indicators else None
        if (
            cell.status is Status.SHOWN
            and isinstance(source, SurveySource)
            and source.survey == survey.key
            and cell.period - cell.years < period <= cell.period
        ):
            shown[source.construct].append(cell)
    found = {}
    for construct in survey.constructs:
        own = shown[construct.key]
        classes = _classes(lines, own)
        if not classes or frozenset() in classes.values():
            found[construct.key] = Detail.NOTHING
        elif any(cell.part or cell.correction or cell.period != period for cell in own):
            found[construct.key] = Detail.CONSTRUCT
        else:
            found[construct.key] = detail(missing, construct, classes, k)
    return found


def detail(
    missing: pl.DataFrame, construct: Construct, classes: Mapping[str, Hashable], k: int
) -> Detail:
    """How much may be told of one construct, with leaves put into classes.

    missing: rows leaf, construct, pattern (bit i set: item i answered), count.
    classes: of each leaf, what tells its class from others.
    """
    own = missing.filter(pl.col("construct") == construct.key)
    patterns: dict[tuple[Hashable, int], int] = {}
    outcomes: dict[tuple[Hashable, str], int] = {}
    for leaf, pattern, count in own.select("leaf", "pattern", "count").iter_rows():
        of_class, outcome = classes[leaf], _outcome(pattern, len(construct.items))
        patterns[of_class, pattern] = patterns.get((of_class, pattern), 0) + count
        outcomes[of_class, outcome] = outcomes.get((of_class, outcome), 0) + count
    if _large_enough(patterns.values(), k):
        return Detail.ITEMS
    return Detail.RESPONSE if _large_enough(outcomes.values(), k) else Detail.CONSTRUCT


def _large_enough(counts: Collection[int], k: int) -> bool:
    return all(count == 0 or count >= k for count in counts)


def _outcome(pattern: int, items: int) -> str:
    """What a pattern of answers comes to: nothing, too little for a score, or a score."""
    answered = pattern.bit_count()
    if answered == 0:
        return "nothing"
    return "score" if 2 * answered >= items else "something"


def _classes(
    lines: Mapping[str, tuple[str, ...]], cells: Collection[ReleasedCell]
) -> dict[str, frozenset[tuple[str, int]]]:
    """Of each leaf, the cells that count its answers, as units and numbers of years.

    lines: by leaf, the units that its answers are in.
    """
    released: dict[str, set[tuple[str, int]]] = {}
    for cell in cells:
        released.setdefault(cell.unit, set()).add((cell.unit, cell.years))
    return {
        leaf: frozenset(each for unit in line for each in released.get(unit, ()))
        for leaf, line in lines.items()
    }
