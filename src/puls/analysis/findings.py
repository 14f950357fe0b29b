"""What a country's release says beyond its cells: marks, what is expected, what goes together.

Made once, with the country's release, from numbers that are released themselves: shown cells and
national figures (variances, how reliable a score is, products of scores, of whole shown cells).
So a mark gives away nothing that its inputs did not, and no hidden cell can move one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from puls.analysis import associations, marking
from puls.analysis.attenuation import Reliable
from puls.analysis.coarse import two_digits
from puls.analysis.estimates import ENOUGH_HOMES
from puls.analysis.lines import COLUMNS, Lines
from puls.analysis.marking import Json, Variances, components_of
from puls.analysis.scoring import APART
from puls.analysis.tallies import SIXTY
from puls.analysis.trends import Borders, Days
from puls.cells import ReleasedCell, ReleasedMark
from puls.content.definitions import Pack, SurveySource
from puls.units import UnitTree

TENS = 10
"""Respondents are told in whole tens: how many answered one question and not another could be a
few people, and would be the difference of two exact numbers."""
COARSE = ("strength", "low", "high", "wrong")
"""Told in two decimals of what respondents share (`puls.analysis.coarse`)."""
PRODUCTS = {
    **dict.fromkeys(("leaf", "a", "b"), pl.String()),
    **dict.fromkeys(("n", "sum_a", "sum_b", "sum_aa", "sum_bb", "sum_ab"), pl.Int64()),
}


@dataclass(frozen=True)
class Findings:
    """marks: one for every unit with an estimate, also where nothing is marked.

    fits: by indicator, plain JSON, what its marks rest on: what `marking.given` gives, and as
        `changes` the rows of `marking.changes`.
    associations: rows of plain JSON: `kind` ("units" or "respondents"), `tier` (None for
        respondents), and the columns of `puls.analysis.associations`, a and b being indicators.
    """

    marks: list[ReleasedMark]
    fits: Json
    associations: list[Json]


def national(
    cells: Iterable[ReleasedCell],
    pack: Pack,
    period: int,
    tree: UnitTree,
    variances: Variances,
    products: Mapping[str, pl.DataFrame] | None = None,
    reliability: Mapping[str, Mapping[str, Reliable]] | None = None,
    days: Days | None = None,
) -> Findings:
    """All that the country's release of a period says beyond its cells.

    cells: released ones of the period and of earlier ones, of all units, in any order. Hidden,
        broken-down and pooled cells and all but the newest correction are passed over.
    variances: by period, survey and construct, as the country's releases have them.
    products: by survey, the period's `scoring.Tallies.products`, of whole shown cells
        (`puls.analysis.shown_groups`), as no other may be told: leaf, a, b (constructs), n,
        sum_a, sum_b, sum_aa, sum_bb, sum_ab; scores in sixtieths of a point.
    reliability: by survey and construct, that of one respondent's score within a leaf group.
    days: by period, the day whose units its cells speak of (`trends.Borders`).

    Never fails a release: what cannot be told is left out, and `fits` says why.
    """
    lines, borders = Lines(cells, pack, period), Borders(tree, days)
    marks: list[ReleasedMark] = []
    fits: Json = {}
    for key, indicator in sorted(pack.indicators.items()):
        if not isinstance(indicator.source, SurveySource) or not lines.of(key, period):
            continue
        found, changed = marking.changes(lines, indicator, borders, variances)
        marks += found
        if changed:
            fits[key] = {"changes": changed}
        if indicator.prerequisites:
            found, fit = marking.given(lines, indicator, pack, tree, variances)
            marks += found
            fits[key] = {**fits.get(key, {}), **fit}
    pairs = _Pairs(pack, products or {})
    rows = _units(pairs, lines, tree, variances) + _respondents(pairs, reliability or {})
    return Findings(marks, fits, rows)


class _Pairs:
    """The declared pairs of indicators that the pack has.

    together: of those that one survey asks about, both sources.
    products: of those, the sums of leaf groups with two or more who have both scores; only where
        there are so many groups that a national figure says nothing about any one of them.
    """

    def __init__(self, pack: Pack, products: Mapping[str, pl.DataFrame]) -> None:
        self.pack = pack
        self.declared = [pair for pair in pack.associations if pack.indicators.keys() >= set(pair)]
        self.together: dict[tuple[str, str], tuple[SurveySource, SurveySource]] = {}
        self.products: dict[tuple[str, str], pl.DataFrame] = {}
        for pair in self.declared:
            one, other = (pack.indicators[key].source for key in pair)
            if not isinstance(one, SurveySource) or not isinstance(other, SurveySource):
                continue
            if one.survey == other.survey:
                self.together[pair] = one, other
                both = pl.col("a", "b").is_in([one.construct, other.construct])
                table = products.get(one.survey, pl.DataFrame(schema=PRODUCTS))
                found = table.filter(both, pl.col("n") > 1)
                if len(found) >= ENOUGH_HOMES:
                    self.products[pair] = found


def _units(pairs: _Pairs, lines: Lines, tree: UnitTree, variances: Variances) -> list[Json]:
    """Pairs of indicators from unit to unit of the tenant tier."""
    pack, tier = pairs.pack, pairs.pack.country.tenant_tier
    # Without the products of a survey's pair, what respondents share would look like the units'.
    declared = [p for p in pairs.declared if p not in pairs.together or p in pairs.products]
    within = [(*pair, _covariance(products)) for pair, products in pairs.products.items()]
    frames, known = [pl.DataFrame(schema=COLUMNS)], set()
    for key in sorted({key for pair in declared for key in pair}):
        indicator = pack.indicators[key]
        if isinstance(indicator.source, SurveySource):
            variance = components_of(indicator, lines.period, variances)
            if variance is None:
                continue
            within.append((key, key, variance.sigma2))
        known.add(key)
        frames.append(lines.column(indicator, tier, tree).frame())
    told = [pair for pair in declared if known.issuperset(pair)]
    shape = {"a": pl.String(), "b": pl.String(), "covariance": pl.Float64()}
    table = pl.DataFrame(within, schema=shape, orient="row")
    found = associations.across_units(pl.concat(frames), table, told)
    return [{"kind": "units", "tier": tier, **row} for row in found.iter_rows(named=True)]


def _respondents(pairs: _Pairs, reliability: Mapping[str, Mapping[str, Reliable]]) -> list[Json]:
    """Pairs of scores from respondent to respondent of the same leaf group."""
    reliable: dict[str, Reliable] = {}
    for pair in pairs.products:
        for key, source in zip(pair, pairs.together[pair], strict=True):
            known = reliability.get(source.survey, {}).get(source.construct)
            if known is not None and known.value > 0:
                reliable[key] = known._replace(value=min(known.value, 1.0))
    told = [pair for pair in pairs.products if reliable.keys() >= set(pair)]
    if not told:
        return []
    named = [pairs.products[a, b].with_columns(a=pl.lit(a), b=pl.lit(b)) for a, b in told]
    found = associations.within_respondents(pl.concat(named), reliable, told)
    found = found.with_columns(pl.col("n") // TENS * TENS, pl.col(COARSE).round(2) + 0.0)
    return [{"kind": "respondents", "tier": None, **row} for row in found.iter_rows(named=True)]


def _covariance(products: pl.DataFrame) -> float:
    """Of two scores of one respondent around the means of the leaf group, in square points.

    To two digits (`puls.analysis.coarse`).
    """
    sums = products.select(APART.sort().sum().alias("apart"), freedom=(pl.col("n") - 1).sum())
    apart_sum, freedom = sums.row(0)
    return two_digits(float(apart_sum) / float(freedom) / SIXTY**2)
