"""Cells that somebody picked on a colour table to take along, as addresses and forms carry them."""

from collections.abc import Iterable, Iterator, Mapping

from django.http import QueryDict

from puls.content.definitions import Pack

MOST_PICKED = 60
"""More cells than anybody talks about in a meeting, and an address that every server takes."""


def listed(values: Mapping[str, str], name: str) -> list[str]:
    """All values of a name, those joined with "," apart."""
    given = values.getlist(name) if isinstance(values, QueryDict) else [values.get(name, "")]
    return [part for each in given for part in each.split(",") if part]


def cells(written: Iterable[str], pack: Pack) -> Iterator[tuple[str, str]]:
    """ "unit.indicator", as the pack knows the indicator; a unit's key may have dots."""
    for each in written:
        unit, _, indicator = each.rpartition(".")
        if unit and indicator in pack.indicators:
            yield unit, indicator
