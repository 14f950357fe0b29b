"""A made-up country of released cells, with all that `findings.national` asks for."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import sqrt

import numpy as np
import polars as pl

from puls.analysis.attenuation import Reliable
from puls.analysis.estimates import Components
from puls.analysis.findings import Findings, national
from puls.analysis.marking import Variances
from puls.cells import ReleasedCell, Status
from puls.content.definitions import (
    Country,
    Indicator,
    Pack,
    Reach,
    RegisterSource,
    Role,
    SurveySource,
    Thresholds,
    Tier,
)
from puls.units import Unit, UnitTree

PERIOD = 2025
SIGMA2 = 0.64
REGISTERS = ("cost", "places")
SCORES = ("wellbeing", "feedback", "mastery")
PRODUCTS = ("leaf", "a", "b", "n", "sum_a", "sum_b", "sum_aa", "sum_bb", "sum_ab")


def indicator(key: str, *prerequisites: str, smallest: float = 0.2) -> Indicator:
    survey = key in SCORES
    source = SurveySource("student", key) if survey else RegisterSource("kostra", additive=True)
    role = Role.RESULT if survey else Role.PREREQUISITE
    return Indicator(
        key, 1, "results", role, source, "unit", 1, None, tuple(prerequisites), smallest
    )


def pack(*indicators: Indicator, pairs: tuple[tuple[str, str], ...] = ()) -> Pack:
    tiers = tuple(Tier(key, 1) for key in ("country", "county", "municipality", "school"))
    return Pack(
        "culture", "1", Country("no", tiers, "municipality", (8, 1), ("en",), "no"), ("en",),
        Thresholds(5, 20), Reach({}), (), {}, {each.key: each for each in indicators}, {}, (), {},
        associations=pairs,
    )  # fmt: skip


USUAL = pack(
    indicator("wellbeing", "cost", "places"),
    indicator("feedback"),
    indicator("mastery"),
    *(indicator(key) for key in REGISTERS),
    pairs=(("wellbeing", "feedback"), ("wellbeing", "mastery"), ("cost", "wellbeing")),
)


def tree(municipalities: int, schools: int) -> UnitTree:
    units = [Unit("no", "country", "no", None), Unit("west", "county", "west", "no")]
    for at in range(municipalities):
        units.append(Unit(f"m{at:03}", "municipality", f"m{at:03}", "west"))
    for at in range(schools):
        units.append(Unit(f"s{at:03}", "school", f"s{at:03}", f"m{at % municipalities:03}"))
    return UnitTree(units)


@dataclass(frozen=True)
class Made:
    """true_given, true_change: how far wellbeing really is from expected, and really changed."""

    cells: tuple[ReleasedCell, ...]
    tree: UnitTree
    variances: Variances
    products: pl.DataFrame
    true_given: Mapping[str, float]
    true_change: Mapping[str, float]

    def findings(self, of: Pack = USUAL, **other: object) -> Findings:
        given: dict[str, object] = {
            "cells": self.cells,
            "variances": self.variances,
            "products": {"student": self.products},
            "reliability": {"student": dict.fromkeys(SCORES, Reliable(0.8, 4))},
        }
        return national(pack=of, period=PERIOD, tree=self.tree, **{**given, **other})  # type: ignore[arg-type]


def made(
    seed: int,
    municipalities: int = 120,
    schools: int = 0,
    planted: int = 0,
    tau: float = 0.17,
    tau_change: float = 0.07,
) -> Made:
    """Two years of three scores and two registers. Every twentieth unit is hidden.

    planted: so many municipalities are 0.7 points off what their prerequisites let expect, and
        as many others changed by 0.7 points; all of them have 150 answers.
    """
    rng = np.random.default_rng(seed)
    keys = [f"m{at:03}" for at in range(municipalities)] + [f"s{at:03}" for at in range(schools)]
    count = len(keys)
    registers = {"cost": rng.normal(9, 0.5, count), "places": rng.normal(50, 9, count)}
    given = rng.normal(0, tau, count)
    given[:planted] = 0.7 * (-1.0) ** np.arange(planted)
    change = 0.02 + rng.normal(0, tau_change, count)
    change[planted : 2 * planted] = 0.7 * (-1.0) ** np.arange(planted)
    n = np.clip(rng.lognormal(3.5, 0.9, (count, 2)), 5, 400).round().astype(int)
    n[: 2 * planted] = 150
    now = 4 + 0.2 * (registers["cost"] - 9) + 0.005 * (registers["places"] - 50) + given
    practice = {
        "wellbeing": (now - change, now),
        "feedback": (3.5 + 0.8 * given, 3.5 + 0.8 * given),
        "mastery": (3.8 + rng.normal(0, tau, count),) * 2,
    }
    cells = []
    chance = {key: rng.normal(0, np.sqrt(SIGMA2 / n)) for key in practice}
    # The same respondents answer both, as in `products`.
    chance["feedback"] = 0.5 * chance["wellbeing"] + sqrt(0.75) * chance["feedback"]
    for key, years in practice.items():
        for at, means in enumerate(years):
            seen = means + chance[key][:, at]
            for unit, mean, size in zip(keys, seen.tolist(), n[:, at].tolist(), strict=True):
                cells.append(shown(unit, key, PERIOD - 1 + at, mean, size))
    for key, figures in registers.items():
        for unit, figure in zip(keys[:municipalities], figures.tolist(), strict=False):
            cells.append(shown(unit, key, PERIOD, figure))
    hidden = {unit for unit in keys[2 * planted :] if rng.random() < 0.05}
    of_year = {"student": {key: Components(SIGMA2, (0.0, 0.0, 0.0, tau**2)) for key in SCORES}}
    return Made(
        tuple(hide(cell) if cell.unit in hidden and cell.n else cell for cell in cells),
        tree(municipalities, schools),
        {PERIOD - 1: of_year, PERIOD: of_year},
        products(rng),
        dict(zip(keys, given.tolist(), strict=True)),
        dict(zip(keys, change.tolist(), strict=True)),
    )


def shown(
    unit: str, key: str, period: int, value: float, n: int | None = None, **more: object
) -> ReleasedCell:
    return ReleasedCell(unit, key, 1, period, Status.SHOWN, value, n, **more)  # type: ignore[arg-type]


def hide(cell: ReleasedCell) -> ReleasedCell:
    return replace(cell, status=Status.LINKED, value=None, n=None)


def products(rng: np.random.Generator, leaves: int = 60) -> pl.DataFrame:
    """Of both pairs of scores, in sixtieths: the first goes together (0.5), the second not."""
    rows = []
    for leaf in range(leaves):
        one = rng.normal(0, 0.8, 30)
        others = 0.5 * one + rng.normal(0, 0.69, 30), rng.normal(0, 0.8, 30)
        for b, other in zip(SCORES[1:], others, strict=True):
            x, y = (np.rint(60 * (scores + 4)).astype(int) for scores in (one, other))
            sums = [int(s) for s in (x.sum(), y.sum(), x @ x, y @ y, x @ y)]
            rows.append((f"s{leaf:03}", SCORES[0], b, 30, *sums))
    return pl.DataFrame(rows, schema=PRODUCTS, orient="row")
