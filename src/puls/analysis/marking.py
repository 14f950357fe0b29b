"""Marks of a whole country: which units changed, and which differ from what is expected of them.

Everything a mark rests on is told beside it as plain JSON: released cells and these numbers give
the same marks again.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import polars as pl

from puls.analysis import expectation, shrinkage, trends
from puls.analysis.estimates import Components
from puls.analysis.evidence import interval
from puls.analysis.lines import Column, Lines
from puls.cells import Against, Mark, ReleasedCell, ReleasedMark
from puls.content.definitions import Indicator, Pack, SurveySource
from puls.units import UnitTree

Json = dict[str, Any]
Variances = Mapping[int, Mapping[str, Mapping[str, Components]]]
"""By period, survey and construct, as the country's releases have them."""


def components_of(indicator: Indicator, period: int, variances: Variances) -> Components | None:
    """The country's variances of an indicator's construct in a period; None where unknown.

    AssertionError for a register's indicator, which has no respondents.
    """
    source = indicator.source
    assert isinstance(source, SurveySource), f"{indicator.key} has no respondents"
    return variances.get(period, {}).get(source.survey, {}).get(source.construct)


def changes(
    lines: Lines, indicator: Indicator, borders: trends.Borders, variances: Variances
) -> tuple[list[ReleasedMark], list[Json]]:
    """Every unit's change since the nearest earlier period that compares with this one.

    lines: released cells, of which those of its period and of earlier ones count. indicator: of a
    survey (else AssertionError). borders: of the units. variances: as for `components_of`.

    How much units change at all is learnt from the whole tier between the same two periods; with
    fewer than 30 units nothing is said. Variances of an earlier period that no country's release
    has are this period's.

    Numbers are in points of the scale, variances in square points. Source: Fay & Herriot (1979), as
    in `puls.analysis.trends`.

    Gives marks, by unit within tier, and for each tier and earlier period what they rest on:
    `tier`, `since`, `units`, `mean` with `low` and `high` (the country's change, central 80 %),
    `sigma2` (before, now), `smallest`, `tau2` and `shared` (`shrinkage.Shared`).
    """
    marks: list[ReleasedMark] = []
    fits: list[Json] = []
    known = components_of(indicator, lines.period, variances)
    now = lines.of(indicator.key, lines.period)
    waiting = set(now)
    for since in lines.earlier(indicator.key) if known is not None else ():
        assert known is not None
        then = lines.of(indicator.key, since)
        earlier = components_of(indicator, since, variances) or known
        sigma2 = (earlier.sigma2, known.sigma2)
        pairs = {} if waiting.isdisjoint(then) else _by_tier(then, now, borders)
        for tier, of_tier in sorted(pairs.items()):
            news = [pair for pair in of_tier if pair[1].unit in waiting]
            waiting.difference_update(later.unit for _, later in news)
            shared = trends.learnt(of_tier, sigma2) if news else None
            if shared is None:
                continue
            changed = trends.told(news, sigma2, shared, indicator.smallest)
            marks += [
                _change_mark(change, before)
                for change, (before, _) in zip(changed, news, strict=True)
            ]
            told = _learnt_json(shared, sigma2, indicator)
            fits.append({"tier": tier, "since": since, **told})
    return marks, fits


Pairs = list[tuple[ReleasedCell, ReleasedCell]]


def _by_tier(
    then: Mapping[str, ReleasedCell], now: Mapping[str, ReleasedCell], borders: trends.Borders
) -> dict[str, Pairs]:
    """Each unit's two cells that compare, by unit within tier."""
    found: dict[str, Pairs] = defaultdict(list)
    for unit in sorted(now.keys() & then.keys()):
        if borders.comparable(then[unit], now[unit]):
            found[borders.tree[unit].tier].append((then[unit], now[unit]))
    return found


def _learnt_json(
    shared: shrinkage.Shared, sigma2: tuple[float, float], indicator: Indicator
) -> Json:
    mean, doubt = float(shared.coefficients[0]), float(shared.covariance[0, 0]) ** 0.5
    low, high = interval(mean, doubt)
    return {
        "units": shared.units,
        "mean": mean,
        "low": low,
        "high": high,
        "sigma2": list(sigma2),
        "smallest": indicator.smallest,
        "tau2": shared.tau2,
        "shared": _shared_json(shared),
    }


def given(
    lines: Lines, indicator: Indicator, pack: Pack, tree: UnitTree, variances: Variances
) -> tuple[list[ReleasedMark], Json]:
    """Each tenant's result against what tenants with the same prerequisites have.

    Arguments as for `changes`; pack: with the indicators that the prerequisites are. Results and
    prerequisites are shown cells of the units of the tenant tier; `Lines.column` says of which
    period. Provisional figures count. Source: as in `puls.analysis.expectation`.

    Gives marks, by unit, and what they rest on: `tier`, `units`, `intercept`, `coefficients` (each
    `prerequisite`, `period`, `provisional` (how many of its figures are), `centre`, `spread`,
    `per_spread`, `low`, `high`), `explained`, `tau2`, `sigma2`, `smallest` and `shared`. Where
    nothing can be expected instead `refused` (prerequisites), `why` (`expectation.Why`), `units`
    and `needed`.
    """
    tier = pack.country.tenant_tier
    result = lines.column(indicator, tier, tree)
    columns = [lines.column(pack.indicators[key], tier, tree) for key in indicator.prerequisites]
    units = _side_by_side(result, columns)
    keys = indicator.prerequisites
    complete = expectation.complete(units, keys)
    known = components_of(indicator, lines.period, variances)
    needed = expectation.needed_units(len(keys))

    def refused(named: Sequence[str], why: expectation.Why) -> tuple[list[ReleasedMark], Json]:
        told = {"refused": list(named), "why": why.value, "units": len(complete), "needed": needed}
        return [], {"tier": tier, **told}

    if len(complete) < needed:
        return refused(keys, expectation.Why.FEW)
    if known is None or known.sigma2 <= 0:
        return refused(keys, expectation.Why.NO_SPREAD)
    try:
        fit = expectation.fit(complete, keys, known.sigma2)
    except expectation.NotApart as problem:
        return refused(problem.prerequisites, problem.why)
    rows = expectation.expected(complete, fit, indicator.smallest)
    marks = [
        ReleasedMark(
            unit, indicator.key, lines.period, Against.GIVEN, expected, off, low, high, Mark(mark)
        )
        for unit, expected, off, low, high, mark in rows.iter_rows()
    ]
    assert fit is not None
    return marks, _fit_json(fit, indicator, tier, columns, complete)


def _side_by_side(result: Column, columns: Sequence[Column]) -> pl.DataFrame:
    """The result's units: `unit`, `n`, `mean` and a column for each prerequisite, null if none."""
    units = result.frame().drop("indicator")
    for column in columns:
        figures = column.frame().select("unit", pl.col("mean").alias(column.indicator))
        units = units.join(figures, on="unit", how="left", maintain_order="left")
    return units


def _fit_json(
    fit: expectation.Fit,
    indicator: Indicator,
    tier: str,
    columns: Sequence[Column],
    complete: pl.DataFrame,
) -> Json:
    counted = set(complete["unit"])
    coefficients = []
    for coefficient, column in zip(fit.coefficients, columns, strict=True):
        figures = [cell for unit, cell in column.cells.items() if unit in counted]
        provisional = sum(cell.provisional for cell in figures)
        place = {"period": column.period, "provisional": provisional}
        coefficients.append({**asdict(coefficient), **place})
    return {
        "tier": tier,
        "units": fit.units,
        "intercept": fit.intercept,
        "coefficients": coefficients,
        "explained": fit.explained,
        "tau2": fit.tau2,
        "sigma2": fit.sigma2,
        "smallest": indicator.smallest,
        "shared": _shared_json(fit.shared),
    }


def _change_mark(change: trends.Change, earlier: ReleasedCell) -> ReleasedMark:
    numbers = (earlier.value, change.estimate, change.low, change.high)
    expected, estimate, low, high = (_number(number) for number in numbers)
    return ReleasedMark(
        change.unit,
        earlier.indicator,
        change.after,
        Against.CHANGE,
        expected,
        estimate,
        low,
        high,
        change.mark,
        change.before,
    )


def _number(value: float | None) -> float:
    assert value is not None, "a change learnt from 30 units has an estimate"
    return value


def _shared_json(shared: shrinkage.Shared) -> Json:
    """What a unit's own estimate needs, as in `puls.analysis.shrinkage.Shared`."""
    return {
        "coefficients": shared.coefficients.tolist(),
        "covariance": shared.covariance.tolist(),
        "tau": shared.tau.tolist(),
        "weight": shared.weight.tolist(),
    }
