"""Numbers and dates as a reader of a language writes them.

Babel takes a while to import, and who only sets or sends what is already in words needs none of it:
it comes with the first number.
"""

from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from puls.cells import ReleasedCell
from puls.content.definitions import Indicator, Pack

LOCALES = {"en": "en_GB"}
"""Languages whose plain name means another country's habits: 3 March, not March 3."""
MINUS = "\N{MINUS SIGN}"
"""As wide as a plus, and no line breaks behind it. Babel writes a hyphen in some languages."""


def rounded(value: float, decimals: int) -> Decimal:
    """Rounded as people round: halves away from zero, on the number as it is written.

    >>> rounded(3.85, 1)
    Decimal('3.9')
    """
    found = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    # What rounds to nothing has no sign.
    return abs(found) if found == 0 else found


def number(value: float, decimals: int, language: str) -> str:
    """4.5 -> "4,5" in Norwegian; 12345.0 -> "12 345" with a no-break space; -1.0 -> "−1,0"."""
    return _written(rounded(value, decimals), decimals, language)


@lru_cache(maxsize=20_000)
def _written(value: Decimal, decimals: int, language: str) -> str:
    from babel.numbers import format_decimal

    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    written = str(format_decimal(value, format=pattern, locale=LOCALES.get(language, language)))
    return written.replace("-", MINUS)


def readable(
    cell: ReleasedCell, indicator: Indicator, pack: Pack
) -> tuple[ReleasedCell, Indicator]:
    """Both in the size in which people read the unit of measure: 250 per cent are 2.5 positions.

    What most units of measure need, nothing, is what they get.
    """
    per = reading_size(indicator, pack)
    if per == 1:
        return cell, indicator

    def smaller(value: float | None) -> float | None:
        return None if value is None else value / per

    sized = replace(cell, value=smaller(cell.value), low=smaller(cell.low), high=smaller(cell.high))
    criteria = indicator.criteria
    if criteria is not None:
        criteria = replace(criteria, cuts=tuple(cut / per for cut in criteria.cuts))
    return sized, replace(indicator, criteria=criteria)


def reading_size(indicator: Indicator, pack: Pack) -> int:
    """How many of an indicator's unit of measure make one that people read: mostly 1."""
    return pack.shown_per.get(indicator.unit, 1)


def quantity(value: float, indicator: Indicator, pack: Pack, language: str, more: int = 0) -> str:
    """A value with its unit of measure: "3,1 %". `more` adds decimals beyond the indicator's own.

    Spaces inside do not break over lines.
    """
    text = number(value, indicator.decimals + more, language)
    pattern = pack.text(language, f"unit.{indicator.unit}.format")
    return pattern.format(value=text).replace(" ", "\N{NO-BREAK SPACE}")


def decimals_apart(value: float, cuts: tuple[float, ...], decimals: int) -> int:
    """How many extra decimals keep a value visibly on its own side of every cut.

    With one decimal 3.58 and the cut 3.6 both read "3,6", and "3,6 is below 3,6" helps nobody.
    At most three more: beyond that the two are equal for every reader.
    """
    for more in range(4):
        written = rounded(value, decimals + more)
        if all(value == cut or written != rounded(cut, decimals + more) for cut in cuts):
            return more
    return 0


def decimals_distinct(values: tuple[float, ...], decimals: int) -> int:
    """How many extra decimals, three at most, keep values that differ different as written."""
    for more in range(4):
        if len({rounded(value, decimals + more) for value in values}) == len(set(values)):
            return more
    return 0


def decimals_of(value: float, decimals: int) -> int:
    """How many extra decimals, three at most, a number that somebody wrote needs to be itself."""
    return next((m for m in range(4) if float(rounded(value, decimals + m)) == value), 3)


def span(period: int, years: int) -> str:
    """The school years that end with a period: (2025, 2) -> "2024–26"."""
    return f"{period - years + 1}–{(period + 1) % 100:02d}"


def day(value: date, language: str) -> str:
    """date(2026, 3, 3) -> "3. mars 2026"."""
    from babel.dates import format_date

    return str(format_date(value, "long", locale=LOCALES.get(language, language)))


def short_day(value: date, language: str, this_year: int) -> str:
    """date(2026, 1, 26) -> "26. jan." in that year, in others "26. jan. 2026"."""
    from babel.dates import format_skeleton

    pattern = "MMMd" if value.year == this_year else "yMMMd"
    return str(format_skeleton(pattern, value, locale=LOCALES.get(language, language)))


def all_of(words: list[str], language: str) -> str:
    """["svak", "på vei"] -> "svak og på vei"."""
    from babel.lists import format_list

    return str(format_list(words, "standard", locale=LOCALES.get(language, language)))


def capitalised(text: str) -> str:
    """The first letter large, the rest as it is."""
    return text[:1].upper() + text[1:]
