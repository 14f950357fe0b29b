"""How a spread is written on a page: a dot for each person, the best level first."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import template

register = template.Library()
MOST_DOTS = 20
"""More people than that on one level are told as a number."""


@register.filter
def by_level(counts: Sequence[int]) -> list[tuple[int, int]]:
    """Level and people, level 4 first."""
    return list(reversed(list(enumerate(counts, start=1))))


@register.filter
def of_key(found: Mapping[str, Any], key: str) -> Any:
    """What there is under a key, or None."""
    return found.get(key)


@register.filter
def dots(count: int) -> str:
    return ("●" * count or "–") if count <= MOST_DOTS else str(count)
