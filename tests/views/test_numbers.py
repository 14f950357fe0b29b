"""Numbers, dates and names as readers of a language write and look them up."""

from datetime import date

import pytest

from puls.views import names, numbers
from tests.views.cast import FEEDBACK, WAITING, pack


@pytest.mark.parametrize(
    ("value", "decimals", "language", "expected"),
    [
        (4.5, 1, "nb", "4,5"),
        (4.5, 1, "en", "4.5"),
        (4.0, 1, "nb", "4,0"),
        (12345.0, 0, "nb", "12\N{NO-BREAK SPACE}345"),
        (12345.0, 0, "en", "12,345"),
        # Halves go up on the number as written, though 3.85 is a little less in binary.
        (3.85, 1, "nb", "3,9"),
        (2.5, 0, "nb", "3"),
        (0.0, 1, "nb", "0,0"),
        # What rounds to nothing has no sign.
        (-0.002, 2, "nb", "0,00"),
        (-0.02, 2, "en", "\N{MINUS SIGN}0.02"),
    ],
)
def test_a_number_by_language(value: float, decimals: int, language: str, expected: str) -> None:
    assert numbers.number(value, decimals, language) == expected


def test_a_quantity_has_its_unit_and_does_not_break() -> None:
    waiting = pack().indicators[WAITING]
    assert numbers.quantity(3.14, waiting, pack(), "nb") == "3,1\N{NO-BREAK SPACE}%"
    assert numbers.quantity(4.5, pack().indicators[FEEDBACK], pack(), "nb") == "4,5"


@pytest.mark.parametrize(
    ("value", "cuts", "more"),
    [
        (3.4, (3.6,), 0),
        (3.58, (3.6,), 1),
        (3.596, (3.6,), 2),
        (3.6, (3.6,), 0),
        (4.11, (3.6, 4.1), 1),
        # Closer than four decimals can tell: nothing helps, so nothing is added.
        (3.59999, (3.6,), 0),
    ],
)
def test_a_value_is_written_on_its_own_side_of_a_cut(
    value: float, cuts: tuple[float, ...], more: int
) -> None:
    assert numbers.decimals_apart(value, cuts, 1) == more


def test_dates_are_written_out() -> None:
    assert numbers.day(date(2026, 3, 3), "nb") == "3. mars 2026"
    assert numbers.day(date(2026, 3, 3), "en") == "3 March 2026"


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("nb", ["Asker", "Bærum", "Bømlo", "Evje", "Ørland", "Ås"]),
        ("en", ["Ås", "Asker", "Bærum", "Bømlo", "Evje", "Ørland"]),
    ],
)
def test_names_stand_where_the_reader_looks(language: str, expected: list[str]) -> None:
    mixed = ["Ås", "Bømlo", "Ørland", "Evje", "Asker", "Bærum"]
    assert sorted(mixed, key=lambda name: names.sort_key(name, language)) == expected


def test_numbers_in_names_stand_by_their_size() -> None:
    """Caught: letter by letter the tenth grade comes before the fifth."""
    expected = ["2B", "5. trinn", "9. trinn", "10. trinn", "Gruppe 2", "Gruppe 11", "Ø 3", "Å 1"]
    assert sorted(sorted(expected), key=lambda name: names.sort_key(name, "nb")) == expected
    # The same number written in two ways still has one order.
    assert names.sort_key("007", "nb") < names.sort_key("7", "nb") < names.sort_key("8", "nb")
