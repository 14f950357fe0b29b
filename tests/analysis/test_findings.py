"""Findings of a country: right beside plain loops, from released numbers only, never a crash."""

import json
from dataclasses import replace
from datetime import date
from itertools import pairwise
from math import sqrt

import numpy as np
import polars as pl
import pytest

from puls.analysis import findings
from puls.analysis.attenuation import Reliable
from puls.analysis.coarse import two_digits
from puls.analysis.estimates import Components
from puls.analysis.evidence import SMALLEST, WITHIN_80
from puls.cells import Against, Mark, ReleasedCell, ReleasedMark, Status
from puls.units import Change as Border
from puls.units import Unit, UnitTree
from tests.analysis.findings_world import (
    PERIOD,
    REGISTERS,
    SIGMA2,
    USUAL,
    Made,
    hide,
    indicator,
    made,
    pack,
    shown,
)
from tests.analysis.worlds import World, world

WORLDS = pack(indicator("wellbeing"))
WAY = {Mark.UP: 1, Mark.DOWN: -1, Mark.NONE: 0}


def of(marks: list[ReleasedMark], key: str, against: Against) -> list[ReleasedMark]:
    return [mark for mark in marks if (mark.indicator, mark.against) == (key, against)]


def test_planted_units_are_found_and_little_else() -> None:
    marks = wrong = found = held = told = 0
    for seed in range(12):
        country = made(seed, planted=4)
        rows = country.findings().marks
        for against, true, planted in (
            (Against.GIVEN, country.true_given, range(4)),
            (Against.CHANGE, country.true_change, range(4, 8)),
        ):
            for one in of(rows, "wellbeing", against):
                way = WAY[one.mark]
                marks += way != 0
                wrong += way != 0 and way * true[one.unit] <= SMALLEST
                found += way * true[one.unit] > 0 and int(one.unit[1:]) in planted
                held += one.low <= true[one.unit] <= one.high
                told += 1
    assert found >= 0.9 * 12 * 8
    assert wrong <= 0.2 * marks
    # Changes of ten standard deviations are not in the model: intervals become too wide.
    assert 0.78 <= held / told <= 0.9


def check_held(seeds: range) -> None:
    held = {Against.GIVEN: [0, 0], Against.CHANGE: [0, 0]}
    for seed in seeds:
        country = made(seed, 200, tau_change=0.2)
        for one in country.findings().marks:
            if one.indicator == "wellbeing":
                true = country.true_given if one.against is Against.GIVEN else country.true_change
                held[one.against][0] += one.low <= true[one.unit] <= one.high
                held[one.against][1] += 1
    for within, told in held.values():
        assert 0.78 <= within / told <= 0.82


def test_eighty_in_a_hundred_hold() -> None:
    check_held(range(20))


@pytest.mark.long
def test_eighty_in_a_hundred_hold_over_many_seeds() -> None:
    check_held(range(4000, 4300))


def test_marks_can_be_worked_out_from_what_is_told() -> None:
    """In plain loops, from shown cells and `fits` as JSON alone: nothing else went in."""
    country = made(3)
    result = country.findings()
    fits = json.loads(json.dumps(result.fits))
    cells = {(c.indicator, c.period, c.unit): c for c in country.cells if c.value is not None}
    given, changed = fits["wellbeing"], fits["wellbeing"]["changes"][0]
    marks = of(result.marks, "wellbeing", Against.GIVEN)
    assert len(marks) == given["units"] > 100
    for mark in marks:
        cell = cells["wellbeing", PERIOD, mark.unit]
        x = [1.0]
        for c in given["coefficients"]:
            figure = cells[c["prerequisite"], c["period"], mark.unit].value
            assert figure is not None
            x.append((figure - c["centre"]) / c["spread"])
        check(mark, cell, x, given["sigma2"] / (cell.n or 0), given["shared"], effect=True)
    marks = of(result.marks, "wellbeing", Against.CHANGE)
    assert len(marks) == changed["units"] > 100
    for mark in marks:
        earlier = cells["wellbeing", PERIOD - 1, mark.unit]
        later = cells["wellbeing", PERIOD, mark.unit]
        before, now = changed["sigma2"]
        v = before / (earlier.n or 0) + now / (later.n or 0)
        assert mark.expected == earlier.value
        assert mark.since == PERIOD - 1
        difference = replace(later, value=(later.value or 0) - (earlier.value or 0))
        check(mark, difference, [1.0], v, changed["shared"], effect=False)


def check(
    mark: ReleasedMark,
    cell: ReleasedCell,
    x: list[float],
    v: float,
    shared: dict[str, list[float]],
    effect: bool,
) -> None:
    """mark against the formulas of docs/method.md, one candidate for tau after the other."""
    assert cell.value is not None
    normal = sum(b * at for b, at in zip(shared["coefficients"], x, strict=True))
    doubt = float(np.array(x) @ np.array(shared["covariance"]) @ np.array(x))
    mean = square = 0.0
    for tau, weight in zip(shared["tau"], shared["weight"], strict=True):
        kept = tau**2 / (tau**2 + v)
        off = kept * (cell.value - normal)
        m = off if effect else normal + off
        s2 = kept * v + (kept**2 if effect else (1 - kept) ** 2) * doubt
        mean += weight * m
        square += weight * (s2 + m**2)
    half = WITHIN_80 * sqrt(square - mean**2)
    assert (mark.estimate, mark.low, mark.high) == pytest.approx((mean, mean - half, mean + half))
    if effect:
        assert mark.expected == pytest.approx(normal)


def disturbed(country: Made, seed: int) -> list[ReleasedCell]:
    """The same country as it is seen when all that does not count is something else."""
    rng = np.random.default_rng(seed)
    cells = []
    for cell in country.cells:
        if cell.status is Status.SHOWN:
            cells.append(cell)
            value, n = float(rng.normal(3, 1)), int(rng.integers(5, 99)) if cell.n else None
            others = ({"part": "sex.girl"}, {"years": 2}, {"period": PERIOD + 1})
            cells.append(replace(cell, value=value, n=n, **others[rng.integers(3)]))
            if rng.random() < 0.1:
                cells[-2:] = [replace(cell, value=value, n=n), replace(cell, correction=1)]
        elif rng.random() < 0.5:
            cells.append(replace(cell, status=rng.choice([Status.FEW, Status.NO_DATA])))
    return [cells[at] for at in rng.permutation(len(cells))]


@pytest.mark.parametrize("seed", range(3))
def test_what_is_hidden_or_not_the_newest_moves_nothing(seed: int) -> None:
    country = made(seed, 60, 60)
    before = country.findings()
    after = country.findings(cells=disturbed(country, seed))
    assert len(before.marks) > 100
    assert after == before


def test_the_order_of_pairs_and_of_groups_does_not_matter() -> None:
    country = made(5, 60)
    turned = country.products.rename({"a": "b", "b": "a", "sum_a": "sum_b", "sum_b": "sum_a"})
    turned = turned.rename({"sum_aa": "sum_bb", "sum_bb": "sum_aa"}).reverse()
    other = country.findings(products={"student": turned.select(country.products.columns)})
    assert other.associations == country.findings().associations


def test_what_goes_together_is_told() -> None:
    country = made(6, 300)
    rows = {(row["kind"], row["a"], row["b"]): row for row in country.findings().associations}
    assert json.loads(json.dumps(list(rows.values()))) == list(rows.values())
    assert list(rows) == [
        ("units", "wellbeing", "feedback"),
        ("units", "wellbeing", "mastery"),
        ("units", "cost", "wellbeing"),
        ("respondents", "wellbeing", "feedback"),
        ("respondents", "wellbeing", "mastery"),
    ]
    units = rows["units", "wellbeing", "feedback"]
    people = rows["respondents", "wellbeing", "feedback"]
    assert units["together"]
    assert units["tier"] == "municipality"
    # What is special about a unit is in both; what follows from the registers only in one.
    true = 0.17 / sqrt(0.17**2 + 0.1**2 + 0.045**2)
    assert units["low"] < true < units["high"] < units["low"] + 0.2
    assert people["together"]
    assert people["n"] == 1800
    # 0.5 * 0.8 / sqrt(0.25 * 0.64 + 0.476), over the reliability of 0.8.
    assert people["strength"] == pytest.approx(0.5 * 0.8 / sqrt(0.636) / 0.8, abs=0.06)
    for kind in ("units", "respondents"):
        assert not rows[kind, "wellbeing", "mastery"]["together"]


def test_how_many_left_a_question_out_is_not_told() -> None:
    country = made(6, 60)
    fewer = country.products.with_columns(
        n=pl.when(pl.col("leaf") == "s000").then(27).otherwise(30)
    )
    rows = country.findings(products={"student": fewer}).associations
    assert [row["n"] for row in rows if row["kind"] == "respondents"] == [1790, 1790]


def test_nothing_is_told_from_the_products_of_a_few_groups() -> None:
    country = made(7, 60)
    few = country.products.filter(pl.col("leaf") < "s029")
    rows = country.findings(products={"student": few}).associations
    assert [(row["kind"], row["a"], row["b"]) for row in rows] == [("units", "cost", "wellbeing")]


def test_what_respondents_share_is_that_of_plain_loops() -> None:
    rng = np.random.default_rng(2)
    rows, apart, freedom = [], 0.0, 0
    for leaf in range(40):
        x, y = rng.integers(60, 301, (2, rng.integers(2, 9)))
        sums = [int(s) for s in (x.sum(), y.sum(), x @ x, y @ y, x @ y)]
        rows.append((f"s{leaf}", "wellbeing", "feedback", len(x), *sums))
        for one, other in zip(x, y, strict=True):
            apart += (one / 60 - x.mean() / 60) * (other / 60 - y.mean() / 60)
        freedom += len(x) - 1
    table = pl.DataFrame(rows, schema=list(findings.PRODUCTS), orient="row")
    assert findings._covariance(table) == two_digits(apart / freedom)


def alike(country: Made) -> Made:
    cells = [replace(c, value=4.0) if c.value is not None else c for c in country.cells]
    return replace(country, cells=tuple(cells))


ODD = {"wellbeing": Reliable(0.0, 4), "feedback": Reliable(1.4, 4), "mastery": Reliable(1.4, 1)}
EMPTY = {"cells": (), "products": {}, "reliability": {}}


@pytest.mark.parametrize(
    ("country", "other"),
    [
        (made(1, 40), EMPTY),
        (made(1, 40), {"variances": {}}),
        (made(1, 40), {"products": {}}),
        (made(1, 40), {"reliability": {"student": ODD}}),
        (made(1, 20), {}),
        (alike(made(1, 40)), {}),
        (
            made(1, 40),
            {
                "variances": {
                    PERIOD: {"student": {"wellbeing": Components(0.0, (0.0, 0.0, 0.0, 0.0))}}
                }
            },
        ),
    ],
    ids=["nothing", "no variances", "no products", "odd reliability", "few", "alike", "agreed"],
)
def test_no_release_fails(country: Made, other: dict[str, object]) -> None:
    found = country.findings(**other)
    json.dumps([found.fits, found.associations], allow_nan=False)
    for mark in found.marks:
        assert np.isfinite([mark.expected, mark.estimate, mark.low, mark.high]).all()


def test_marks_of_hidden_cells_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mutant that takes every cell in: the test above must not pass with it."""
    country = made(1, 60)

    class Careless(findings.Lines):
        def __init__(self, cells: tuple[ReleasedCell, ...], pack: object, period: int) -> None:
            plain = {(c.indicator, c.period, c.unit): c for c in cells}.values()
            super().__init__(
                [replace(c, part="", years=1, correction=0) for c in plain], USUAL, period
            )

    before = country.findings()
    monkeypatch.setattr(findings, "Lines", Careless)
    assert country.findings(cells=disturbed(country, 1)) != before


def test_each_unit_is_told_once_and_in_order() -> None:
    marks = made(9, 60, 80).findings().marks
    places = [(mark.indicator, mark.against, mark.unit) for mark in marks]
    assert len(set(places)) == len(places)
    of_schools = [m.unit for m in of(marks, "wellbeing", Against.CHANGE) if m.unit > "s"]
    assert len(of_schools) > 60
    assert all(one < other for one, other in pairwise(of_schools))
    assert not [m for m in of(marks, "wellbeing", Against.GIVEN) if m.unit > "s"]


def test_provisional_figures_count_and_are_counted() -> None:
    country = made(2, 60)
    provisional = tuple(
        replace(c, provisional=True) if c.indicator == "cost" and c.unit < "m010" else c
        for c in country.cells
    )
    before, after = country.findings(), country.findings(cells=provisional)
    assert after.marks == before.marks
    told = {c["prerequisite"]: c["provisional"] for c in after.fits["wellbeing"]["coefficients"]}
    hidden = sum(c.value is None and c.unit < "m010" for c in country.cells if c.n is None)
    assert 10 - hidden <= told["cost"] <= 10
    assert told["places"] == 0


def test_the_sampling_error_of_each_year_is_its_own() -> None:
    """Twice the variance between respondents last year makes a change less sure."""
    country = made(4, 60)
    wide = {"student": {"wellbeing": Components(4 * SIGMA2, (0.0,) * 4)}}
    less = country.findings(variances={**country.variances, PERIOD - 1: wide})
    assert less.fits["wellbeing"]["changes"][0]["sigma2"] == [4 * SIGMA2, SIGMA2]
    unknown = country.findings(variances={PERIOD: country.variances[PERIOD]})
    assert unknown == country.findings()


def test_only_registers_are_taken_from_earlier_years() -> None:
    country = made(8, 60)
    assert set(REGISTERS) <= USUAL.indicators.keys()
    circle = pack(indicator("wellbeing", "feedback"), indicator("feedback"))
    cells = [c for c in country.cells if (c.indicator, c.period) != ("feedback", PERIOD)]
    found = country.findings(circle, cells=cells).fits["wellbeing"]
    assert (found["refused"], found["why"], found["units"]) == (["feedback"], "few", 0)
    assert shown("m000", "cost", PERIOD, 1.0).n is None
    assert hide(country.cells[0]).value is None


def answered(turned: bool) -> World:
    """Forty schools of three departments; the two small ones of each may change places.

    Their school is shown and they are not, so its number is all that is known of the two.
    """
    rng = np.random.default_rng(4)
    lines, answers = ["no"], rng.integers(1, 6, (40, 40))
    for at in range(40):
        given = [str(answer) for answer in answers[at].tolist()]
        one, other = " ".join(given[:3]), " ".join(given[3:6])
        if turned:
            one, other = other, one
        large = " ".join(given[6:])
        lines += [f"  county{at}", f"    m{at}", f"      s{at}", f"        a{at} {large}"]
        lines += [f"        b{at} {one}", f"        c{at} {other}"]
    return world("\n".join(lines))


def test_answers_of_hidden_groups_move_no_mark() -> None:
    """All the way from answers: what the hidden ones say in a different place changes nothing."""
    known = {"wellbeing": Components(1.9, (0.0, 0.0, 0.0, 0.05, 0.01))}
    found = []
    for turned in (False, True):
        here = answered(turned)
        cells = list(here.release(variances=known).values())
        hidden = {cell.unit for cell in cells if cell.status is not Status.SHOWN}
        assert hidden >= {"b0", "c0"}
        before = [replace(c, period=PERIOD - 1) for c in cells]
        of = {at: {"student": known} for at in (PERIOD - 1, PERIOD)}
        found.append(findings.national([*cells, *before], WORLDS, PERIOD, here.tree, of))
    assert answered(turned=False).answers != answered(turned=True).answers
    assert len(found[0].marks) >= 40
    assert found[0] == found[1]


def test_no_change_is_told_of_a_unit_that_took_in_another_since_its_earlier_cell() -> None:
    country = made(1, 40)
    on = date(2025, 7, 1)
    gone = Unit("gone", "municipality", "Gone", "west", valid_to=on)
    grown = UnitTree([*country.tree.units.values(), gone], [Border(on, "gone", "m000")])

    def changed(first: date) -> set[str]:
        days = {PERIOD - 1: first, PERIOD: date(2025, 11, 1)}
        known = country.cells, USUAL, PERIOD, grown, country.variances
        marks = findings.national(*known, days=days).marks
        return {mark.unit for mark in marks if mark.against is Against.CHANGE}

    assert changed(on) - changed(date(2024, 11, 1)) == {"m000"}
