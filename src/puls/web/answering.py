"""What every page does with a request: whose eyes only, and which school year."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control, patch_vary_headers

from puls import periods


@dataclass(frozen=True, slots=True)
class Link:
    """A step on the way to a page, or a way on from it; without an address where one is."""

    name: str
    href: str = ""


def kept_private(response: HttpResponse) -> HttpResponse:
    """Kept by the reader's own browser only, and asked about again: reach may have changed."""
    patch_cache_control(response, private=True, no_cache=True)
    patch_vary_headers(response, ("Cookie", "Puls-Part", "Accept-Language"))
    return response


def page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """A page of the reader's own."""
    return kept_private(render(request, template, context))


def whole(written: str) -> int | None:
    """A number from 0 as an address or a field has it; None for anything else.

    Also for one that no database holds: Python itself refuses to read thousands of digits.
    """
    return int(written) if written.isascii() and written.isdigit() and len(written) < 19 else None


def release_of(values: Mapping[str, str]) -> int | None:
    """The release that an address asks to see the page as of (`?per=12`), or None."""
    return whole(values.get("per", ""))


def key_or_404(written: str) -> UUID:
    """The id that an address or a button names, or 404."""
    try:
        return UUID(written)
    except ValueError:
        raise Http404 from None


def year(period: str) -> int:
    """A school year as addresses write it, or 404: every page has one address only."""
    try:
        found = periods.parse(period)
    except ValueError:
        raise Http404 from None
    if periods.slug(found) != period:
        raise Http404
    return found
