"""Pages about data for others: a person's keys, the read API, and open data with its files."""

import hashlib
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from puls import periods
from puls.errors import NotNow
from puls.views import numbers
from puls.web.data import opened, queries, services
from puls.web.data.answers import year_of
from puls.web.data.endpoints import ENDPOINTS, PAGING, PROBLEMS
from puls.web.data.forms import TokenForm
from puls.web.data.limits import AT_ONCE, PER_SECOND
from puls.web.data.models import Scope
from puls.web.packs import language_of, pack
from puls.web.tenants.access import ReachRequest, reach_required

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
    "json": "application/json",
    "": "text/plain; charset=utf-8",
}
PUBLIC_SECONDS = 300
"""How long others may keep what is public before they ask again."""


@require_http_methods(["GET", "POST"])
@reach_required
def keys(request: ReachRequest) -> HttpResponse:
    """A person's keys, and a new one, which is shown on this answer and never again."""
    form, made = TokenForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = services.token_make(
                request.user,
                request.membership,
                given["name"],
                Scope(given["scope"]),
                given["days"],
                timezone.localdate(),
            )
            form = TokenForm()
        except NotNow as reason:
            form.add_error(None, str(reason))
    context = {
        "form": form,
        "made": made,
        "tokens": queries.own_tokens(request.user),
        "today": timezone.localdate(),
        "api": settings.PULS_ADDRESS + reverse("data:about"),
    }
    answer = render(request, "data/keys.html", context)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@require_POST
@reach_required
def key_revoke(request: ReachRequest, pk: UUID) -> HttpResponse:
    """The key stops working at once and for good."""
    if not services.token_revoke(request.user, pk, timezone.localdate()):
        raise Http404
    messages.success(request, _("The key no longer works."))
    return redirect("data:keys")


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """The read API for people: every endpoint, with what it takes and gives."""
    rows = [
        {
            "name": each.name,
            "path": f"/api/v1/{each.path}",
            "about": each.about,
            "parameters": (*each.in_path, *each.parameters, *(PAGING if each.paged else ())),
        }
        for each in ENDPOINTS
    ]
    context = {
        "endpoints": rows,
        "problems": [
            {"status": status, "name": name, "about": told} for status, name, told in PROBLEMS
        ],
        "at_once": AT_ONCE,
        "a_minute": round(PER_SECOND * 60),
        "address": settings.PULS_ADDRESS,
        "publishes": opened.opened() is not None,
        "signed_in": request.user.is_authenticated,
    }
    return render(request, "data/about.html", context)


@require_safe
def open_data(request: HttpRequest) -> HttpResponse:
    """What everybody may have: the school years, licences, and how the figures come about."""
    content, language = pack(), language_of(pack())
    found = opened.opened_or_404()
    context = {
        "years": [
            {"label": periods.label(each), "slug": periods.slug(each)} for each in opened.years()
        ],
        "terms": opened.terms([opened.ANSWERS, *sorted(found.registers)], content, language, found),
        "note": opened.note(content),
        "k": content.thresholds.public,
        "pack": content.text(language, "pack.name"),
    }
    return render(request, "data/open.html", context)


@require_safe
def open_year(request: HttpRequest, period: str) -> HttpResponse:
    """The files of a school year, with sizes and checksums."""
    content, language = pack(), language_of(pack())
    as_of = release_of(request)
    found = opened.published_or_404(year_of(period), as_of)
    table = found.table
    known = {each.source for each in table.terms}
    frozen = f"?per={table.release}"
    context = {
        "label": periods.label(table.period),
        "files": [
            {
                "name": name,
                "href": reverse("data:file", args=[period, name]) + (frozen if as_of else ""),
                "size": numbers.number(max(len(data), 100) / 1000, 1, language),
                "checksum": hashlib.sha256(data).hexdigest(),
                "about": told(name),
            }
            for name, data in found.files.items()
        ],
        "terms": opened.terms(
            sorted(known), content, language, opened.opened_or_404(), bool(table.synthetic)
        ),
        "cells": numbers.number(len(table.cells), 0, language),
        "units": numbers.number(len(table.places), 0, language),
        "release": table.release,
        "released_on": numbers.day(table.made_at.date(), language),
        "permalink": settings.PULS_ADDRESS + reverse("data:year", args=[period]) + frozen,
        "embedded": settings.PULS_ADDRESS
        + reverse("data:embed", args=[content.country.root, period]),
        "synthetic": bool(table.synthetic),
        "note": opened.note(content),
    }
    return render(request, "data/year.html", context)


def told(name: str) -> str:
    """What a file is, in the reader's language."""
    if name == "datapackage.json":
        return _("Description of the files: columns, licences, checksums")
    kinds = {
        "csv": _("Table: a row for each figure, text with commas"),
        "parquet": _("The same table, typed and compressed"),
        "json": _("JSON-stat 2.0: units, indicators and the school year as a cube"),
    }
    return kinds.get(name.rpartition(".")[2], _("Checksums of all files (SHA-256)"))


@require_safe
def file(request: HttpRequest, period: str, name: str) -> HttpResponse:
    """A file of a school year."""
    found = opened.published_or_404(year_of(period), release_of(request))
    data = found.files.get(name)
    if data is None:
        raise Http404
    tag = f'"{hashlib.sha256(data).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match") == tag:
        answer = HttpResponse(status=304)
    else:
        kind = name.rpartition(".")[2] if "." in name else ""
        answer = HttpResponse(data, content_type=TYPES[kind])
        answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["ETag"] = tag
    return kept_by_all(answer)


def kept_by_all(answer: HttpResponse) -> HttpResponse:
    """Anybody may keep it for a while, and pages of others may read it."""
    answer.headers["Cache-Control"] = f"public, max-age={PUBLIC_SECONDS}"
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


def release_of(request: HttpRequest) -> int | None:
    """The release that an address asks for (`?per=12`), or None. 404 for anything else."""
    asked: Any = request.GET.get("per", "")
    if not asked:
        return None
    if not (asked.isascii() and asked.isdigit() and len(asked) < 10):
        raise Http404
    return int(asked)
