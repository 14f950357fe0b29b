"""What goes together

Two indicators go together when units that are high in one tend to be high in the other. How
strongly is told from -1 to 1, for the true values of the units: luck of few answers makes it
weaker and respondents who are in the same mood about everything make it seem stronger, so both are
taken out. It takes 30 units. Of the associations told, at most one in ten is expected to be none:
the more pairs are looked at, the more it takes. "Goes together" never says "causes".
"""

from math import sin

import polars as pl
import pytest

from puls.analysis.associations import across_units
from tests.spec.tables import table

WITHIN = pl.DataFrame({"a": ["x", "y", "x"], "b": ["x", "y", "y"], "covariance": [0.64, 0.64, 0.4]})


def country(units: int, n: int, tilt: float) -> pl.DataFrame:
    """x swings between units; y follows it as far as tilt says, and for the rest swings alone."""
    rows = []
    for unit in range(units):
        x, other = sin(1.7 * unit), sin(2.9 * unit + 1)
        y = tilt * x + (1 - tilt**2) ** 0.5 * other
        rows += [(f"u{unit}", "x", 4 + 0.25 * x, n), (f"u{unit}", "y", 4 + 0.25 * y, n)]
    return pl.DataFrame(rows, schema=["unit", "indicator", "mean", "n"], orient="row")


ONE_PAIR = table("""
    units | answers | seen | strength | together | so
    ------|---------|------|----------|----------|----------------------------------------
    100   | 500     | 0.8  | 0.8      | yes      | strong, and many answers
    100   | 500     | -0.8 | -0.9     | yes      | the other way round, mood taken out
    100   | 500     | 0.0  | 0.0      | no       | nothing
    100   | 60      | 0.8  | 0.9      | yes      | few answers had made it seem weaker
    100   | 60      | 0.2  | 0.0      | no       | what is seen is the respondents' mood
    40    | 500     | 0.3  | 0.1      | no       | forty units show little
    29    | 500     | 0.8  |          | no       | too few units to tell anything
""")


@pytest.mark.parametrize("row", ONE_PAIR, ids=lambda row: row["so"])
def test_one_pair(row: dict[str, str]) -> None:
    means = country(int(row["units"]), int(row["answers"]), float(row["seen"]))
    (found,) = across_units(means, WITHIN, [("x", "y")]).rows(named=True)
    told = "" if found["strength"] is None else f"{round(found['strength'], 1) + 0.0}"
    assert (told, found["together"]) == (row["strength"], row["together"] == "yes")


def test_a_register_figure_has_no_luck_to_take_out() -> None:
    means = country(100, 60, 0.5).with_columns(n=pl.when(pl.col("indicator") == "x").then("n"))
    (found,) = across_units(means, WITHIN.filter(pl.col("a") == pl.col("b")), [("x", "y")]).rows(
        named=True
    )
    assert found["strength"] > 0.45


def test_an_indicator_that_is_the_same_everywhere_goes_with_nothing() -> None:
    means = country(60, 60, 0.5).with_columns(
        mean=pl.when(pl.col("indicator") == "x").then(4.0).otherwise("mean")
    )
    (found,) = across_units(means, WITHIN, [("x", "y")]).rows(named=True)
    assert (found["strength"], found["together"], found["n"]) == (None, False, 60)


def test_the_more_is_looked_at_the_more_it_takes() -> None:
    """One faint pair is told alone, and not any more among forty pairs of nothing."""
    faint = country(60, 500, 0.4)
    pairs, tables, within = [("x", "y")], [faint], [WITHIN]
    for at in range(40):
        noise = country(60, 500, 0.0).with_columns(pl.col("indicator") + f"{at}")
        tables.append(noise)
        within.append(WITHIN.with_columns(pl.col("a", "b") + f"{at}"))
        pairs.append((f"x{at}", f"y{at}"))
    alone = across_units(faint, WITHIN, pairs[:1])
    among = across_units(pl.concat(tables), pl.concat(within), pairs)
    assert among["wrong"][0] > alone["wrong"][0]
    assert not among["together"].any()
    assert abs(among["strength"][0]) < abs(alone["strength"][0])
