"""Figures of a whole country in few digits, so that each tells little of any group.

In full precision a national figure is an equation between the answers of all groups in it. What
is released rests on whole shown cells alone (`puls.analysis.shown_groups`), or on the country's
total; few digits are a second belt.
"""


def two_digits(value: float) -> float:
    """Rounded to two significant digits: 0.6437 becomes 0.64. The same again stays as it is."""
    return float(f"{value:.2g}")


def two_decimals(value: float | None) -> float | None:
    """Rounded to two decimals: 0.8752 becomes 0.88. None stays None."""
    return None if value is None else round(value, 2) + 0.0
