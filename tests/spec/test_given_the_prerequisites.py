"""Given the prerequisites

Beside its colour a result can have a second mark: higher or lower than what units with the same
prerequisites have. It needs 30 units with the result and all prerequisites. A difference is marked
when it is, with at least 80 % certainty, larger than the smallest relevant one (0.2 points, until
the pack says otherwise). Few answers say little, so the difference told is smaller than the raw
one. There is no ranking: units stay in the order they came in.

Here forty units have results around 2 + prerequisite / 10. Practice differs a little between them.
"""

from math import sin

import polars as pl
import pytest

from puls.analysis.expectation import Fit, NotApart, expected, fit
from puls.cells import Mark
from tests.spec.tables import table

SIGMA2 = 0.64


def country(units: int = 40) -> pl.DataFrame:
    """Units with 80 answers each; what is special about them swings between -0.25 and 0.25."""
    support = [10 + unit % 10 for unit in range(units)]
    means = [2 + at / 10 + 0.25 * sin(2 * unit) for unit, at in enumerate(support)]
    return pl.DataFrame(
        {
            "unit": [f"u{unit}" for unit in range(units)],
            "n": [80] * units,
            "mean": means,
            "support": [float(at) for at in support],
        }
    )


def known() -> Fit:
    found = fit(country(), ["support"], SIGMA2)
    assert found is not None
    return found


A_UNIT = table("""
    answers | prerequisite | result | expected | difference | mark | so
    --------|--------------|--------|----------|------------|------|------------------------------
    80      | 14           | 3.4    | 3.4      | 0.0        |      | as expected
    80      | 14           | 3.7    | 3.4      | 0.2        |      | higher: by more than 0.2?
    80      | 14           | 4.0    | 3.4      | 0.5        | up   | clearly higher
    80      | 14           | 2.8    | 3.4      | -0.5       | down | clearly lower
    80      | 19           | 4.0    | 3.9      | 0.1        |      | 4.0 again, where more is given
    5       | 14           | 4.0    | 3.4      | 0.1        |      | five answers show little
    20      | 14           | 4.0    | 3.4      | 0.3        |      | nor do twenty, yet
    500     | 14           | 3.55   | 3.4      | 0.1        |      | certain, but not relevant
    80      |              | 4.0    |          |            |      | prerequisite not known
    80      | 14           |        |          |            |      | result not shown
""")


@pytest.mark.parametrize("row", A_UNIT, ids=lambda row: row["so"])
def test_a_unit(row: dict[str, str]) -> None:
    def number(name: str) -> float | None:
        return float(row[name]) if row[name] else None

    unit = pl.DataFrame(
        {
            "unit": ["this"],
            "n": [int(row["answers"])],
            "mean": [number("result")],
            "support": [number("prerequisite")],
        },
        schema_overrides={"mean": pl.Float64, "support": pl.Float64},
    )
    found = expected(unit, known()).row(0, named=True)
    assert found["mark"] == row["mark"]
    for name in ("expected", "difference"):
        told = found[name] if found[name] is None else round(found[name], 1)
        assert told == number(name)


HOW_MANY = table("""
    units | prerequisites | told
    ------|---------------|-----
    29    | 1             | no
    30    | 1             | yes
    30    | 3             | yes
    39    | 4             | no
    40    | 4             | yes
""")


@pytest.mark.parametrize("row", HOW_MANY)
def test_how_many_units_it_takes(row: dict[str, str]) -> None:
    units = country(int(row["units"]))
    extra = [f"p{at}" for at in range(int(row["prerequisites"]) - 1)]
    waves = [
        pl.Series(key, [sin((at + 3) * unit) for unit in range(len(units))])
        for at, key in enumerate(extra)
    ]
    found = fit(units.with_columns(waves), ["support", *extra], SIGMA2)
    assert (found is not None) == (row["told"] == "yes")
    marks = expected(units.with_columns(waves), found)
    assert marks["unit"].equals(units["unit"])
    if found is None:
        assert set(marks["mark"]) == {Mark.NONE}
        assert marks["expected"].null_count() == len(units)


def test_the_pack_says_what_is_relevant() -> None:
    unit = pl.DataFrame({"unit": ["this"], "n": [500], "mean": [3.6], "support": [14.0]})
    marks = {smallest: expected(unit, known(), smallest)["mark"][0] for smallest in (0.1, 0.2)}
    assert marks == {0.1: "up", 0.2: ""}


def test_units_stay_in_their_order() -> None:
    units = country().sample(fraction=1, shuffle=True, seed=4)
    assert expected(units, known())["unit"].equals(units["unit"])


def test_prerequisites_that_say_the_same_are_refused() -> None:
    twice = country().with_columns(twice=pl.col("support") * 2 + 1, fixed=pl.lit(7.0))
    with pytest.raises(NotApart, match="support, twice: nearly the same figure"):
        fit(twice, ["support", "twice"], SIGMA2)
    with pytest.raises(NotApart, match="fixed: the same for all units"):
        fit(twice, ["support", "fixed"], SIGMA2)
