"""Symbols and the ruler: as many bars as levels, and nothing outside the picture."""

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puls.views import symbols
from puls.views.ruler import WIDTH, bands, ruler
from tests.views.cast import COST, FEEDBACK, WAITING, pack, shown, table

SCALE = (1.0, 5.0)


@pytest.mark.parametrize(("level", "levels"), [(1, 3), (2, 3), (3, 3), (1, 4), (4, 4), (2, 2)])
def test_as_many_bars_as_levels_filled_up_to_the_level(level: int, levels: int) -> None:
    drawn = ElementTree.fromstring(f"<svg>{symbols.bars(level, levels)}</svg>")
    filled = [bar for bar in drawn if bar.get("fill") == "currentColor"]
    assert (len(drawn), len(filled)) == (levels, level)


def test_there_is_no_symbol_beyond_the_levels() -> None:
    with pytest.raises(AssertionError, match="level 4 of 3"):
        symbols.bars(4, 3)


def test_the_sprite_has_each_symbol_once() -> None:
    drawn = ElementTree.fromstring(symbols.sprite([3, 3, 4]))
    names = [symbol.get("id") for symbol in drawn]
    assert names == [
        "dots",
        "change-up",
        "change-down",
        "given-up",
        "given-down",
        *(f"bars-{n}-3" for n in (1, 2, 3)),
        *(f"bars-{n}-4" for n in (1, 2, 3, 4)),
    ]


def test_the_best_level_lies_where_the_criteria_say() -> None:
    up, down = pack().indicators[FEEDBACK].criteria, pack().indicators[WAITING].criteria
    assert up is not None
    assert down is not None
    assert [band.level for band in bands(up, 1, 5)] == [1, 2, 3]
    assert [band.level for band in bands(down, 0, 50)] == [3, 2, 1]


@given(st.floats(1, 5), st.floats(0, 2))
def test_everything_stays_inside_the_picture(value: float, half: float) -> None:
    interval = (max(1.0, value - half), min(5.0, value + half))
    (cell,) = table([shown(value, (1, 3), interval=interval, n=9)]).rows[0].cells
    drawn = ruler(cell, pack().indicators[FEEDBACK], pack(), "nb", SCALE)
    ElementTree.fromstring(drawn)
    for name in ("x", "cx", "x1", "x2"):
        for place in re.findall(rf' {name}="([^"]+)"', drawn):
            assert -1 <= float(place) <= WIDTH


def test_no_ruler_without_a_number_or_without_cuts() -> None:
    (hidden,) = table([]).rows[0].cells
    assert ruler(hidden, pack().indicators[FEEDBACK], pack(), "nb") == ""
    (plain,) = table([shown(20000.0, None, indicator=COST)], (COST,)).rows[0].cells
    assert ruler(plain, pack().indicators[COST], pack(), "nb") == ""


def test_a_share_is_never_drawn_below_zero() -> None:
    (cell,) = table([shown(0.0, (3, 3), indicator=WAITING)], (WAITING,)).rows[0].cells
    drawn = ruler(cell, pack().indicators[WAITING], pack(), "nb")
    assert 'class="mark" cx="0.0"' in drawn


@pytest.mark.parametrize(("value", "threads"), [(3.3, 1), (3.5, 0), (3.6, 0), (3.9, 1)])
def test_a_mean_outside_its_estimate_hangs_on_it_by_a_thread(value: float, threads: int) -> None:
    (cell,) = table([shown(value, (1, 2), interval=(3.5, 3.7), n=8)]).rows[0].cells
    drawn = ruler(cell, pack().indicators[FEEDBACK], pack(), "nb", SCALE)
    assert drawn.count('class="thread"') == threads
