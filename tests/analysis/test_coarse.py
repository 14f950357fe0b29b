"""National figures in few digits: what hidden answers could be worked out from is not told."""

import json
import random
from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl
import pytest

from puls.analysis import reliability, scoring
from puls.analysis.agreement import reliability_of_mean
from puls.analysis.coarse import two_decimals, two_digits
from puls.analysis.consistency import alpha, alpha_interval, alphas, omegas
from puls.analysis.release import national_variances, survey_cells
from puls.analysis.reliability import by_unit, items_by_unit
from puls.analysis.scoring import Tallies
from puls.units import Unit, UnitTree
from tests.analysis.surveys import survey
from tests.analysis.worlds import TODAY, WEIGHTS, indicator

TWO = survey("wellbeing: a b")
SCHOOLS = 40
COEFFICIENTS = ("alpha", "low", "high", "omega", "item_rest", "icc1", "icc2")


def tallies(rows: list[tuple[Any, ...]]) -> Tallies:
    schema = {"leaf": pl.String, "a": pl.Int8, "b": pl.Int8}
    return scoring.tally_round(pl.DataFrame(rows, schema=schema, orient="row").lazy(), TWO)


def country(skipped: int) -> tuple[Tallies, UnitTree]:
    """Forty schools of 25, and in the first so many who left b out."""
    rng = random.Random(skipped)
    units = [
        Unit("no", "country", "no", None),
        Unit("c", "county", "c", "no"),
        Unit("m", "municipality", "m", "c"),
    ]
    rows: list[tuple[Any, ...]] = []
    for school in range(SCHOOLS):
        units.append(Unit(f"s{school}", "school", "s", "m"))
        here = rng.gauss(3.3, 0.4)
        for _ in range(25):
            mood = rng.gauss(here, 0.8)
            a, b = (min(5, max(1, round(mood + rng.gauss(0, 0.7)))) for _ in "ab")
            rows.append((f"s{school}", a, None if len(rows) < skipped else b))
    return tallies(rows), UnitTree(units)


def told(skipped: int) -> dict[str, Any]:
    found, tree = country(skipped)
    indicators = {"wellbeing": indicator()}
    cells = survey_cells(TWO, 2025, found.answers, tree, TODAY, indicators, 5, WEIGHTS)
    row, = reliability.of_release(
        found, TWO, tree, TODAY, WEIGHTS, cells, indicators, 2025, 5
    )  # fmt: skip
    return row


def numbers(value: Any, name: str = "") -> Iterator[tuple[str, float]]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield from numbers(each, key)
    elif isinstance(value, list):
        for each in value:
            yield from numbers(each, name)
    elif isinstance(value, float):
        yield name, value


def test_digits() -> None:
    assert [two_digits(each) for each in (0.6437, 0.0, -0.127, 12.6, 0.00125)] == [
        0.64, 0.0, -0.13, 13.0, 0.0013,
    ]  # fmt: skip
    assert [two_decimals(each) for each in (0.8752, -0.001, None)] == [0.88, 0.0, None]
    assert json.dumps(two_decimals(-0.001)) == "0.0"


def test_variances_have_two_digits_and_coefficients_two_decimals() -> None:
    found, tree = country(0)
    given = (TWO, 2025, found.answers, tree, TODAY, {"wellbeing": indicator()})
    cells = survey_cells(*given, 5, WEIGHTS)
    variances = national_variances(
        TWO, found.answers, tree, TODAY, WEIGHTS, cells, {"wellbeing": indicator()}, 2025
    )["wellbeing"]
    assert variances.sigma2 > 0 < variances.tau2[3]
    for each in (variances.sigma2, *variances.tau2, *variances.unequal):
        assert each == two_digits(each)
    seen = [(name, each) for name, each in numbers(told(0)) if name in COEFFICIENTS]
    assert {name for name, _ in seen} == set(COEFFICIENTS)
    for name, each in seen:
        assert each == two_decimals(each), name
    tier = told(0)["tiers"][-1]
    assert tier["icc2"] == two_decimals(reliability_of_mean(tier["icc1"], tier["size"]))


@pytest.mark.parametrize("skipped", [1, 2, 3, 4])
def test_alphas_interval_does_not_tell_how_many_left_an_item_out(skipped: int) -> None:
    row = told(skipped)
    assert row["items"][1]["n"] is None, "a class without so few would hide nothing"
    here = alpha_interval(np.array([row["alpha"]]), np.array([row["n"]]), 2, 0.8)
    assert abs(here[0][0] - row["low"]) < 0.01
    (of_all,) = reliability.national(
        *(country(skipped)[0], TWO, country(skipped)[1], TODAY, WEIGHTS),
        {"wellbeing": reliability.Detail.CONSTRUCT},
    )
    assert of_all.alpha is not None
    exact = alpha_interval(np.array([of_all.alpha]), np.array([row["n"]]), 2, 0.8)
    assert (of_all.low, of_all.high) == (exact[0][0], exact[1][0])


def test_sums_over_different_respondents_may_contradict_each_other() -> None:
    rows = [("s", a, b) for a, b in zip((2, 3, 1, 1, 5), (None, None, 1, 1, 4), strict=True)]
    found = tallies(rows)
    row = by_unit(found, TWO, {"s": "s"}, {"s": None}).row(0, named=True)
    assert (row["alpha"], row["low"], row["high"], row["omega"]) == (None,) * 4
    assert alpha(found.items) is None
    same = np.array([[[1.0, 1.0], [1.0, 1.0]]])
    assert alphas(same)[0] == omegas(same).omega[0] == 1.0


def test_where_nobody_answered_there_are_no_rows() -> None:
    nothing = tallies([])
    assert by_unit(nothing, TWO, {}, {}).is_empty()
    assert items_by_unit(nothing, TWO, {}, {}).is_empty()
