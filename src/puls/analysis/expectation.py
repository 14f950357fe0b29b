"""Given the prerequisites: the result that a unit would be expected to have, and if it has not.

A second mark beside the colour, never the colour itself and never a ranking: units come out in the
order they came in, and no two of them are compared with each other.

    result[i] = intercept + sum of b * prerequisite[i] + u[i] + sampling error

over all units whose cells are shown; u is how far a unit's practice is from what units with the
same prerequisites have, and is shrunk towards 0 the more, the fewer answers the unit has
(`puls.analysis.shrinkage`). "Expected" says what goes together in the country this year, not what
the prerequisites cause: see docs/method.md for when not to trust it.

Every input of a released number is released: results, n and prerequisites are cells that are
shown, and everything in `Fit` is about the country.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import polars as pl

from puls.analysis import shrinkage
from puls.analysis.evidence import LEAST_UNITS, SMALLEST, interval, mark
from puls.analysis.regression import Floats
from puls.cells import Mark
from puls.errors import PulsError

UNITS_PER_PREREQUISITE = 10
"""So many units for each coefficient, or the expectation follows chance (Harrell, Regression
Modeling Strategies, 2nd ed. 2015, section 4.4)."""
ALIKE = 0.99
"""A prerequisite that the others tell with this share of its variance cannot be held apart."""


class Why(StrEnum):
    """Why no result can be expected from prerequisites, or not from these together."""

    FEW = "few"
    """Fewer than 30 units have the result and all prerequisites, or than 10 for each of them."""
    SAME = "same"
    """The same for all units."""
    ALIKE = "alike"
    """Nearly the same figure in other words."""
    NO_SPREAD = "no_spread"
    """Nothing is known about chance: all respondents of every unit agree, or no release says."""


class NotApart(PulsError):
    """Prerequisites that cannot be told apart, or that do not vary. Names them."""

    def __init__(self, prerequisites: Sequence[str], why: Why, problem: str) -> None:
        self.prerequisites = tuple(prerequisites)
        self.why = why
        super().__init__(f"Prerequisites {', '.join(prerequisites)}: {problem}.")


@dataclass(frozen=True)
class Coefficient:
    """What goes with one prerequisite, the others being equal.

    centre, spread: mean and standard deviation over the units, in the prerequisite's own unit.
    per_spread: how many points the result is higher where the prerequisite is one spread higher;
    low, high: the central 80 % of what it could be.
    """

    prerequisite: str
    centre: float
    spread: float
    per_spread: float
    low: float
    high: float


@dataclass(frozen=True)
class Fit:
    """What the country's units say about the prerequisites together. National, and releasable.

    units: how many had a result and all prerequisites.
    intercept: expected result of a unit with average prerequisites, in points.
    sigma2: variance between respondents of one unit, square points: given, not estimated here.
    tau2: variance between units with equal prerequisites, REML, square points.
    explained: the share of the real differences between units that goes with the prerequisites,
        0 to 1; None where units do not differ more than chance makes them.
    shared: covariances and the candidates for tau that the units' own estimates use.
    """

    units: int
    intercept: float
    coefficients: tuple[Coefficient, ...]
    sigma2: float
    tau2: float
    explained: float | None
    shared: shrinkage.Shared

    @property
    def prerequisites(self) -> tuple[str, ...]:
        """Their keys, in the order of the coefficients."""
        return tuple(coefficient.prerequisite for coefficient in self.coefficients)


def needed_units(prerequisites: int) -> int:
    """With fewer units nothing is expected from so many prerequisites."""
    return max(LEAST_UNITS, UNITS_PER_PREREQUISITE * prerequisites)


def fit(units: pl.DataFrame, prerequisites: Sequence[str], sigma2: float) -> Fit | None:
    """Learn what results go with which prerequisites.

    units: a row a unit: `unit`, `n` (respondents), `mean` (points), and a column of floats for
        each prerequisite; null where a cell is not shown. Rows with a null are not learnt from.
    sigma2: variance between the respondents of one unit, square points, national.

    None with fewer than 30 units, or fewer than 10 for each prerequisite: then nothing is marked.
    NotApart for prerequisites that are the same everywhere or follow from each other.
    AssertionError without a prerequisite or with one twice, without variance, and for a unit with
    two rows.

    Source: Fay & Herriot (1979), JASA 74, 269-277, as in `puls.analysis.shrinkage`; `explained` is
    the share of variance of Raudenbush & Bryk (2nd ed. 2002), chapter 4.
    """
    assert prerequisites, "an expectation needs a prerequisite"
    assert len(set(prerequisites)) == len(prerequisites), f"named twice: {list(prerequisites)}"
    assert sigma2 > 0, "respondents of one unit do not all agree"
    whole = complete(units, prerequisites)
    if len(whole) < needed_units(len(prerequisites)):
        return None
    raw = whole.select(prerequisites).to_numpy().astype(np.float64)
    centre, spread = raw.mean(axis=0), raw.std(axis=0)
    same = [p for p, s, c in zip(prerequisites, spread, centre, strict=True) if s <= 1e-9 * abs(c)]
    if same:
        raise NotApart(
            same, Why.SAME, "the same for all units, so no result can be expected from it"
        )
    x = _design(raw, centre, spread)
    _check_apart(prerequisites, x[:, 1:])
    y = whole["mean"].to_numpy().astype(np.float64)
    v = sigma2 / whole["n"].to_numpy().astype(np.float64)
    known = shrinkage.shared(y, x, v)
    without = shrinkage.shared(y, x[:, :1], v).tau2
    coefficients = []
    for number, key in enumerate(prerequisites, start=1):
        slope = float(known.coefficients[number])
        low, high = interval(slope, float(np.sqrt(known.covariance[number, number])))
        at = float(centre[number - 1]), float(spread[number - 1])
        coefficients.append(Coefficient(key, *at, slope, low, high))
    return Fit(
        units=len(whole),
        intercept=float(known.coefficients[0]),
        coefficients=tuple(coefficients),
        sigma2=sigma2,
        tau2=known.tau2,
        explained=max(0.0, 1 - known.tau2 / without) if without > 0 else None,
        shared=known,
    )


def expected(units: pl.DataFrame, of: Fit | None, smallest: float = SMALLEST) -> pl.DataFrame:
    """What is expected of each unit, how far it is from that, and whether that is marked.

    units: as in `fit`. smallest: the smallest relevant difference in points; the pack sets it.

    Gives, in the order of units: `unit`; `expected` (points: of units with these prerequisites);
    `difference` with `low` and `high` (points: of the unit's practice, shrunk, central 80 %);
    `mark` ("up", "down" or ""). All but `unit` and `mark` are null where there is no fit, no result
    or not every prerequisite.
    """
    if of is None:
        return _rows(units["unit"].to_list(), {})
    whole = complete(units, of.prerequisites)
    raw = whole.select(of.prerequisites).to_numpy().astype(np.float64)
    centre = np.array([coefficient.centre for coefficient in of.coefficients])
    spread = np.array([coefficient.spread for coefficient in of.coefficients])
    x = _design(raw, centre, spread)
    y = whole["mean"].to_numpy().astype(np.float64)
    v = of.sigma2 / whole["n"].to_numpy().astype(np.float64)
    means, spreads = shrinkage.effect(of.shared, y, x, v)
    found = {
        unit: (float(normal), float(m), *interval(float(m), float(s)), mark(m, s, smallest))
        for unit, normal, m, s in zip(
            whole["unit"], x @ of.shared.coefficients, means, spreads, strict=True
        )
    }
    return _rows(units["unit"].to_list(), found)


def complete(units: pl.DataFrame, prerequisites: Sequence[str]) -> pl.DataFrame:
    """The units with a result and all prerequisites. Nothing is filled in by guessing.

    units: as in `fit`; the rows that are kept have the same columns. AssertionError for a unit
    with two rows.
    """
    assert units["unit"].is_unique().all(), "a unit has two rows"
    needed = ("n", "mean", *prerequisites)
    known = [pl.col(key).is_not_null() & pl.col(key).cast(float).is_finite() for key in needed]
    return units.filter(*known, pl.col("n") > 0)


def _design(raw: Floats, centre: Floats, spread: Floats) -> Floats:
    return np.column_stack([np.ones(len(raw)), (raw - centre) / spread])


def _check_apart(prerequisites: Sequence[str], standardised: Floats) -> None:
    """A collinear prerequisite would share its effect with another one in a way chance decides.

    Each beside all the others, so that the order in which they are declared does not matter.
    """
    if len(prerequisites) < 2:
        return
    every = range(len(prerequisites))
    # From the last: where several sets are alike, the one to do without is that declared later.
    for number in reversed(every):
        rest = [other for other in every if other != number]
        target, others = standardised[:, number], standardised[:, rest]
        on_others, *_ = np.linalg.lstsq(others, target, rcond=None)
        if 1 - float(np.mean((target - others @ on_others) ** 2)) >= ALIKE:
            strong = {k for k, b in zip(rest, on_others, strict=True) if abs(b) > 0.1}
            raise NotApart(
                [prerequisites[k] for k in sorted({*strong, number})],
                Why.ALIKE,
                "nearly the same figure in other words; declare one fewer",
            )


def _rows(
    units: Sequence[str], found: dict[str, tuple[float, float, float, float, Mark]]
) -> pl.DataFrame:
    nothing = (None, None, None, None, Mark.NONE)
    numbers = dict.fromkeys(("expected", "difference", "low", "high"), pl.Float64())
    return pl.DataFrame(
        [(unit, *found.get(unit, nothing)) for unit in units],
        schema={"unit": pl.String(), **numbers, "mark": pl.String()},
        orient="row",
    )
