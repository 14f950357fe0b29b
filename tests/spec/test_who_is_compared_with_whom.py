"""Administrations of about the same size are compared with each other, in a row of their own."""

from itertools import pairwise
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puls.analysis.similar import ENOUGH, Middle, groups
from puls.cells import ReleasedCell, Status


def cell(unit: str, value: float | None, **more: object) -> ReleasedCell:
    status = Status.FEW if value is None else Status.SHOWN
    return ReleasedCell(unit, "joy", 1, 2025, status, value, **more)  # type: ignore[arg-type]


# Eleven places by number of children, and what they show. "." is hidden.
SIZES = dict(zip("abcdefghijk", (40, 70, 90, 120, 150, 400, 500, 600, 700, 800, 9000), strict=True))
SHOWN = ["3.1", "3.5", "3.6", "4.0", "4.4", ".", "3.0", "3.2", "3.4", "3.6", "3.8"]


@pytest.mark.parametrize(
    ("count", "cut"),
    [
        # groups asked for, groups made: never one with fewer than five
        (1, ["abcdefghijk"]),
        (2, ["abcde", "fghijk"]),
        (3, ["abcde", "fghijk"]),
        (12, ["abcde", "fghijk"]),
    ],
)
def test_places_are_cut_by_size_into_groups_of_five_or_more(count: int, cut: list[str]) -> None:
    found = groups(SIZES, count, [])
    assert ["".join(group.units) for group in found] == cut
    assert (found[0].smallest, found[-1].largest) == (40, 9000)


def test_a_group_shows_its_middle_one_and_the_half_around_it() -> None:
    cells = [
        cell(unit, None if value == "." else float(value))
        for unit, value in zip(SIZES, SHOWN, strict=True)
    ]
    small, large = groups(SIZES, 2, cells)
    assert small.shown == {"joy": Middle(value=3.6, low=3.5, high=4.0, count=5)}
    assert large.shown == {"joy": Middle(value=3.4, low=3.2, high=3.6, count=5)}


def test_with_fewer_than_five_there_is_nothing_to_compare_with() -> None:
    cells = [cell(unit, 3.0) for unit in "abcd"]
    assert groups(SIZES, 2, cells)[0].shown == {}
    assert groups({key: SIZES[key] for key in "abcd"}, 2, cells) == ()


@pytest.mark.parametrize(
    "other", [{"part": "sex.girl"}, {"years": 2}, {"of_unit": "k"}], ids=["part", "years", "of"]
)
def test_only_a_places_own_number_of_the_year_counts(other: dict[str, object]) -> None:
    cells = [*(cell(unit, 3.0) for unit in "abcd"), cell("e", 5.0, **other)]
    assert groups(SIZES, 2, cells)[0].shown == {}


@given(
    st.dictionaries(st.text("abcdefgh", min_size=1, max_size=4), st.integers(0, 50), max_size=40),
    st.integers(1, 9),
    st.data(),
)
def test_everybody_is_in_one_group_and_every_number_is_of_five_or_more(
    sizes: dict[str, float], count: int, data: st.DataObject
) -> None:
    values = {u: data.draw(st.none() | st.integers(1, 5)) for u in sizes}
    found = groups(sizes, count, [cell(u, None if v is None else v) for u, v in values.items()])
    assert len(found) <= count
    assert sorted(u for group in found for u in group.units) == (sorted(sizes) if found else [])
    for group in found:
        assert len(group.units) >= ENOUGH
        own = [v for u in group.units if (v := values[u]) is not None]
        assert ("joy" in group.shown) == (len(own) >= ENOUGH)
        for middle in group.shown.values():
            assert middle.value == median(own)
            assert min(own) <= middle.low <= middle.value <= middle.high <= max(own)
            assert middle.count == len(own)
    for smaller, larger in pairwise(found):
        assert smaller.largest <= larger.smallest
