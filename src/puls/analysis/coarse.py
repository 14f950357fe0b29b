"""Figures of a whole country in few digits: hidden answers are in them, too.

A national figure in full precision is an equation between the answers of all groups. Where all but
two or three small groups are shown, a few such equations have one solution, and it is found by
trying. In two digits each allows many.
"""


def two_digits(value: float) -> float:
    """Rounded to two significant digits: 0.6437 becomes 0.64. The same again stays as it is."""
    return float(f"{value:.2g}")


def two_decimals(value: float | None) -> float | None:
    """Rounded to two decimals: 0.8752 becomes 0.88. None stays None."""
    return None if value is None else round(value, 2) + 0.0
