"""School years. In every table a period is the integer year in which the school year starts."""

from datetime import date


def of(day: date, starts: tuple[int, int]) -> int:
    """The school year that a day lies in. starts: month and day on which school years start.

    >>> of(date(2026, 3, 1), (8, 1))
    2025
    """
    return day.year if (day.month, day.day) >= starts else day.year - 1


def label(period: int) -> str:
    """2025 -> "2025–26"."""
    return f"{period}–{(period + 1) % 100:02d}"


def slug(period: int) -> str:
    """2025 -> "2025-26", as used in addresses, files and on the command line."""
    return f"{period}-{(period + 1) % 100:02d}"


def parse(text: str) -> int:
    """ "2025-26", "2025–26" or "2025" -> 2025. ValueError for anything else."""
    start, _, end = text.strip().replace("–", "-").partition("-")
    if not (len(start) == 4 and start.isdigit()):
        raise ValueError(f"'{text}' is not a school year: expected for example 2025-26")
    period = int(start)
    if end and end not in (f"{(period + 1) % 100:02d}", str(period + 1)):
        raise ValueError(f"'{text}' is not a school year: expected {slug(period)}")
    return period
