"""How sure an estimate is

The mean that is shown is always the unit's own. The interval beside it says where the unit's
practice lies with 80 % certainty. A few answers say little: they are weighed against what the
published units above say without them. Many answers speak for themselves.

Here answers differ within a department with variance 0.64 (standard deviation 0.8), municipalities
with variance 0.01 and schools with variance 0.03 around the unit above: about what surveys find.
"""

from dataclasses import replace

import pytest

from puls.analysis.estimates import Components
from puls.analysis.practice import Published, interval, prior
from tests.analysis.surveys import FIVE
from tests.analysis.worlds import world
from tests.spec.tables import table

USUAL = Components(sigma2=0.64, tau2=(0.0, 0.0, 0.01, 0.03, 0.0))

A_SCHOOL_IN_A_COUNTY_WITH_MEAN_4 = table("""
    answers | mean | low  | high | so
    --------|------|------|------|---------------------------------------------------
    5       | 3.0  | 3.53 | 3.98 | five answers move the estimate only a quarter of the way
    20      | 3.0  | 3.27 | 3.61 | twenty move it more than half
    100     | 3.0  | 3.04 | 3.23 | a hundred are believed
    2000    | 3.0  | 2.99 | 3.03 | two thousand leave no doubt
    20      | 4.0  | 3.83 | 4.17 | what everybody says is believed sooner
    20      | 5.0  | 4.39 | 4.73 | a full score from twenty is partly luck
""")


@pytest.mark.parametrize("row", A_SCHOOL_IN_A_COUNTY_WITH_MEAN_4, ids=lambda row: row["so"])
def test_a_school_among_a_hundred(row: dict[str, str]) -> None:
    n, mean = int(row["answers"]), float(row["mean"])
    whole = 100_000
    county_mean = (4.0 * (whole - n) + mean * n) / whole
    county = Published(whole, county_mean, (1, 1, 50, 100, 100))
    before = prior([Published(n, mean, (1,) * 5), county], USUAL)
    low, high = interval(n, mean, USUAL, before, FIVE)
    assert (round(low, 2), round(high, 2)) == (float(row["low"]), float(row["high"]))


HOW_UNLIKE = table("""
    schools answered | low  | high | so
    -----------------|------|------|------------------------------------------------------
    200              | 3.27 | 3.61 | known how much schools differ: weighed against the rest
    30               | 3.27 | 3.61 | just known
    29               | 2.77 | 3.23 | not known: a school's own answers stand alone
""")


@pytest.mark.parametrize("row", HOW_UNLIKE, ids=lambda row: row["so"])
def test_it_takes_thirty_units_to_know_how_much_they_differ(row: dict[str, str]) -> None:
    """As where there are fifteen counties: none of them is drawn towards the others."""
    many = int(row["schools answered"])
    learnt = replace(USUAL, units=(1, 15, 300, many, many))
    whole = 100_000
    county_mean = (4.0 * (whole - 20) + 3.0 * 20) / whole
    county = Published(whole, county_mean, (1, 1, 50, 100, 100))
    before = prior([Published(20, 3.0, (1,) * 5), county], learnt)
    low, high = interval(20, 3.0, learnt, before, FIVE)
    assert (round(low, 2), round(high, 2)) == (float(row["low"]), float(row["high"]))


UNEQUAL = table("""
    unequal | low  | high | so
    --------|------|------|-----------------------------------------------------------
    0.0     | 3.18 | 3.41 | two schools of a size, and two rarely differ both from the rest
    1.0     | 3.14 | 3.37 | mostly the larger one counts, and one school more often does
    4.0     | 3.10 | 3.34 | nearly only the larger one
""")


@pytest.mark.parametrize("row", UNEQUAL, ids=lambda row: row["unequal"])
def test_a_municipality_of_unequal_schools(row: dict[str, str]) -> None:
    unlike = replace(USUAL, unequal=(0.0, *[float(row["unequal"])] * 4))
    county = Published(10_000, 4.0, (1, 1, 40, 90, 90))
    before = prior([Published(60, 3.0, (1, 1, 1, 2, 2)), county], unlike)
    low, high = interval(60, 3.0, unlike, before, FIVE)
    assert (round(low, 2), round(high, 2)) == (float(row["low"]), float(row["high"]))


def test_the_country_stands_alone() -> None:
    low, high = interval(100, 3.0, USUAL, None, FIVE)
    assert (round(low, 2), round(high, 2)) == (2.9, 3.1)


def test_an_estimate_stays_on_the_scale() -> None:
    assert interval(5, 4.9, USUAL, None, FIVE)[1] == 5
    assert interval(5, 1.1, USUAL, None, FIVE)[0] == 1


def test_an_only_school_is_as_sure_as_its_municipality() -> None:
    """They are the same answers; weighing the school against itself would make it too sure."""
    cells = world("""
        no
          west
            karmoy
              karmoy-school  x30
            sola
              sola-school    5 5 4 4 5 3 5 4
            bokn
              bokn-school    1 2 3 2 1 2 3 4 2 3
    """).release()
    for school, municipality in (("karmoy-school", "karmoy"), ("bokn-school", "bokn")):
        of_school, of_municipality = cells[school], cells[municipality]
        assert of_school.low == pytest.approx(of_municipality.low)
        assert of_school.high == pytest.approx(of_municipality.high)
