"""Where things of other rooms have their pages; "" where a room has none."""

from typing import Any

from django.urls import NoReverseMatch, reverse

from puls import periods
from puls.web.assess import queries as assess
from puls.web.packs import pack


def address(name: str, *args: Any) -> str:
    """The address of a page by its name, or ""."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def sheet(unit: str) -> str:
    """The conversation sheet of a unit's newest school year; "" before any."""
    every = assess.periods_of(unit, pack().default_columns)
    return reverse("see:what", args=[unit, periods.slug(every[0])]) if every else ""
