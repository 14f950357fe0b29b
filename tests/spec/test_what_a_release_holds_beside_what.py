"""What a release holds beside what

A country's release marks changes and results given the prerequisites. It takes shown cells only:
everybody's, of one school year, as last corrected. Each unit is held against the nearest earlier
year that compares. A register that is late is taken as it last was, at most two years back, and of
one year for all units.
"""

import re
from dataclasses import replace

import pytest

from puls.analysis.lines import Lines
from puls.cells import Against, Mark, ReleasedCell
from tests.analysis.findings_world import PERIOD, USUAL, Made, hide, indicator, made, pack, shown
from tests.spec.tables import table

COUNTRY = made(1, 60)
THIS = "m007"


def line(country: Made, words: str) -> tuple[ReleasedCell, ...]:
    """The country's cells, those of wellbeing of this unit replaced by what the words say."""
    others = [c for c in country.cells if (c.unit, c.indicator) != (THIS, "wellbeing")]
    cells = [shown(THIS, "wellbeing", PERIOD, 4.0, 50)]
    for word in re.findall(r"\d{4}[^,]*", words):
        cell = shown(THIS, "wellbeing", int(word[:4]), 3.5, 50)
        if "hidden" in word:
            cell = hide(cell)
        if "version 0" in word:
            cell = replace(cell, version=0)
        if "girls" in word:
            cell = replace(cell, part="sex.girl")
        if "two years" in word:
            cell = replace(cell, years=2)
        cells.append(cell)
        if "corrected" in word:
            cells.append(replace(cell, value=3.6, correction=1))
        if "correction refused" in word:
            cells.append(hide(replace(cell, correction=1)))
    # What others had two years ago is what they had last year.
    others += [replace(c, period=2023) for c in others if c.period == 2024]
    return (*others, *cells)


HELD_AGAINST = table("""
    earlier cells of the unit         | since | from
    ----------------------------------|-------|-----
    2024                              | 2024  | 3.5
    2023, 2024                        | 2024  | 3.5
    2023, 2024 hidden                 | 2023  | 3.5
    2023, 2024 version 0              | 2023  | 3.5
    2023, 2024 girls                  | 2023  | 3.5
    2023, 2024 two years              | 2023  | 3.5
    2024 corrected                    | 2024  | 3.6
    2023, 2024 correction refused     | 2024  | 3.5
    2024 hidden                       |       |
    none                              |       |
""")


@pytest.mark.parametrize("row", HELD_AGAINST, ids=lambda row: row["earlier cells of the unit"])
def test_the_nearest_earlier_year_that_compares(row: dict[str, str]) -> None:
    marks = COUNTRY.findings(cells=line(COUNTRY, row["earlier cells of the unit"])).marks
    found = [
        (str(mark.since), str(mark.expected))
        for mark in marks
        if (mark.unit, mark.indicator, mark.against) == (THIS, "wellbeing", Against.CHANGE)
    ]
    assert found == ([(row["since"], row["from"])] if row["since"] else [])


def test_a_year_that_few_have_is_not_passed_over_for_an_older_one() -> None:
    """A reader sees last year's value beside: "no change since 2023" would be about another one."""
    few = [
        replace(c, period=2023) if c.period == 2024 and c.unit > "m020" else c
        for c in COUNTRY.cells
    ]
    more = [replace(c, period=2023) for c in COUNTRY.cells if c.period == 2024 and c.unit <= "m020"]
    marks = COUNTRY.findings(cells=[*few, *more]).marks
    told = {mark.unit for mark in marks if mark.against is Against.CHANGE}
    assert told
    assert min(told) > "m020"


REGISTER = table("""
    2025 | 2024 | 2023 | 2022 | taken      | so
    -----|------|------|------|------------|-----------------------------------------
    60   | 60   | 60   | 60   | 60 of 2025 | this year's
    0    | 60   | 60   | 60   | 60 of 2024 | not there yet: last year's
    0    | 0    | 60   | 60   | 60 of 2023 | nor that
    0    | 0    | 0    | 60   | 0 of 2025  | older ones are too old
    29   | 60   | 60   | 60   | 60 of 2024 | most of them are not there yet
    31   | 60   | 60   | 60   | 31 of 2025 | most are: who has none has none
    40   | 0    | 0    | 0    | 40 of 2025 | a new register
""")


@pytest.mark.parametrize("row", REGISTER, ids=lambda row: row["so"])
def test_a_register_that_is_late(row: dict[str, str]) -> None:
    figures = {c.unit: c for c in COUNTRY.cells if c.indicator == "cost"}
    cells = [c for c in COUNTRY.cells if c.indicator != "cost"]
    for year in ("2025", "2024", "2023", "2022"):
        of_year = sorted(figures)[: int(row[year])]
        cells += [replace(figures[unit], period=int(year)) for unit in of_year]
    cost = USUAL.indicators["cost"]
    taken = Lines(cells, USUAL, PERIOD).column(cost, "municipality", COUNTRY.tree)
    assert f"{len(taken.cells)} of {taken.period}" == row["taken"]
    fit = COUNTRY.findings(cells=cells).fits["wellbeing"]
    if "coefficients" in fit:
        periods = {c["prerequisite"]: c["period"] for c in fit["coefficients"]}
        assert periods == {"cost": taken.period, "places": PERIOD}
    else:
        assert fit["why"] == "few"


REFUSED = table("""
    prerequisites               | units | why       | refused
    ----------------------------|-------|-----------|-------------------
    cost                        | 28    | few       | cost
    cost same                   | 60    | same      | same
    cost places twice           | 60    | alike     | places twice
    cost places                 | 60    |           |
""")


@pytest.mark.parametrize("row", REFUSED)
def test_what_cannot_be_told_is_refused_and_fails_nothing(row: dict[str, str]) -> None:
    keys = row["prerequisites"].split()
    country = made(2, int(row["units"]))
    cells = list(country.cells)
    for cell in country.cells:
        if cell.indicator == "places":
            assert cell.value is not None
            cells.append(replace(cell, indicator="twice", value=2 * cell.value + 1))
            cells.append(replace(cell, indicator="same", value=7.0))
    of = pack(indicator("wellbeing", *keys), *(indicator(key) for key in keys))
    found = country.findings(of, cells=cells)
    fit = found.fits.get("wellbeing", {})
    given = [mark for mark in found.marks if mark.against is Against.GIVEN]
    assert fit.get("why", "") == row["why"]
    assert " ".join(fit.get("refused", [])) == row["refused"]
    assert bool(given) == (not row["why"])
    assert ("coefficients" in fit) == (not row["why"])


def test_up_is_a_higher_value_whether_that_is_good_or_not() -> None:
    marks = made(3, 60, planted=3).findings().marks
    planted = [m for m in marks if m.unit in ("m000", "m001") and m.against is Against.GIVEN]
    assert [(m.unit, m.mark) for m in planted] == [("m000", Mark.UP), ("m001", Mark.DOWN)]


def test_the_pack_says_what_is_relevant() -> None:
    country = made(3, 60, planted=3)
    others = [each for key, each in USUAL.indicators.items() if key != "wellbeing"]
    strict = pack(indicator("wellbeing", "cost", "places", smallest=2.0), *others)
    assert not any(mark.mark for mark in country.findings(strict).marks)
    assert any(mark.mark for mark in country.findings().marks)
