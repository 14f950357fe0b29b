"""The read API: a key, a limit, and one of the answers, as JSON. It only reads."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt

from puls.errors import NotAllowed, NotNow
from puls.web.assess import queries as assess
from puls.web.data.answers import ANSWERS, Answer, Asked
from puls.web.data.endpoints import ENDPOINTS, LIMIT, MOST_LIMIT, PAGING, Endpoint, Parameter
from puls.web.data.limits import Limits
from puls.web.data.problems import Problem
from puls.web.data.queries import Access, Refused, access_of
from puls.web.packs import pack
from puls.web.tenants.access import as_reach

BY_NAME = {endpoint.name: endpoint for endpoint in ENDPOINTS}
WHY = {
    Refused.MISSING: ("There is no key.", "Send it as a header: Authorization: Bearer KEY."),
    Refused.UNKNOWN: ("There is no such key.", "Check that it was copied whole, or make another."),
    Refused.EXPIRED: ("The key has expired.", "Make another one on the page of your keys."),
    Refused.REVOKED: ("The key has been revoked.", "Make another one on the page of your keys."),
    Refused.ENDED: (
        "The role that the key reads by has ended.",
        "Ask for access again, then make another key.",
    ),
}
limits = Limits()


@csrf_exempt
def endpoint(request: HttpRequest, name: str, **places: str) -> HttpResponse:
    """Any endpoint of the table."""
    return _guarded(request, lambda: _answered(request, BY_NAME[name], places))


@csrf_exempt
def nothing_here(request: HttpRequest, rest: str) -> HttpResponse:
    """Any other address below the API's."""

    def refuse() -> HttpResponse:
        raise _not_found(request)

    return _guarded(request, refuse)


def _guarded(request: HttpRequest, answer: Any) -> HttpResponse:
    """What is wrong is told as problem+json, and nothing is kept by anybody in between."""
    made: HttpResponse
    try:
        if request.method not in ("GET", "HEAD"):
            raise Problem(
                405,
                "read-only",
                f"{request.method} is not answered here: the API only reads.",
                "method",
                "Use GET.",
                {"Allow": "GET, HEAD"},
            )
        made = answer()
    except Problem as problem:
        made = problem.answer(request.path, request.build_absolute_uri(reverse("data:about")))
    except Http404:
        made = _not_found(request).answer(
            request.path, request.build_absolute_uri(reverse("data:about"))
        )
    except (NotAllowed, NotNow) as sentence:
        made = Problem(404, "not-found", str(sentence), "path", "Ask for something else.").answer(
            request.path, request.build_absolute_uri(reverse("data:about"))
        )
    made.headers["Cache-Control"] = "private, no-cache"
    patch_vary_headers(made, ("Authorization",))
    return made


def _answered(request: HttpRequest, asked_for: Endpoint, places: Mapping[str, str]) -> HttpResponse:
    access = _access(request)
    wait = limits.wait(access.key)
    if wait:
        raise Problem(
            429,
            "too-many",
            "This key has asked too often.",
            "header Authorization",
            f"Wait {wait} s, and ask for more at once with limit and rows.",
            {"Retry-After": str(wait)},
        )
    values = {**_query(request, asked_for), **places}
    with as_reach(access.reach):
        answer = ANSWERS[asked_for.name](Asked(access.reach, values))
        newest = answer.release or max((each.id for each in _newest()), default=0)
    told = _told(request, asked_for, answer, values)
    data = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
    tag = f'"r{newest}-{hashlib.sha256(data).hexdigest()[:16]}"'
    if tag in [each.strip() for each in request.headers.get("If-None-Match", "").split(",")]:
        made = HttpResponse(status=304)
    else:
        made = HttpResponse(data, content_type="application/json")
    made.headers["ETag"] = tag
    following = told.get("next") if asked_for.paged else None
    if following:
        made.headers["Link"] = f'<{following}>; rel="next"'
    return made


def _access(request: HttpRequest) -> Access:
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    found = access_of(secret.strip() if kind.casefold() == "bearer" else "", timezone.localdate())
    if isinstance(found, Access):
        return found
    title, what_to_do = WHY[found]
    error = "" if found is Refused.MISSING else ', error="invalid_token"'
    raise Problem(
        401,
        "no-key",
        title,
        "header Authorization",
        what_to_do,
        {"WWW-Authenticate": f'Bearer realm="Puls"{error}'},
    )


def _newest() -> list[assess.ReleaseNote]:
    return [each for period in assess.periods()[:1] for each in assess.releases(period)[:1]]


def _query(request: HttpRequest, asked_for: Endpoint) -> dict[str, str]:
    """The parameters of the query, each one known and well formed."""
    allowed = {each.name: each for each in asked_for.parameters}
    if asked_for.paged:
        allowed |= {each.name: each for each in PAGING}
    found = {}
    for name, values in request.GET.lists():
        if name not in allowed:
            raise _bad(name, "is unknown here", f"Known: {', '.join(allowed) or 'none'}.")
        if len(values) > 1:
            raise _bad(name, "stands twice", "Give it once.")
        _check(allowed[name], values[0])
        found[name] = values[0]
    return found


def _check(parameter: Parameter, value: str) -> None:
    name = parameter.name
    content = pack()
    choices: dict[str, tuple[str, ...]] = {
        "language": content.languages,
        "tier": content.country.tier_keys,
        "rows": content.country.tier_keys,
        "indicator": tuple(content.indicators),
    }
    known = parameter.choices or choices.get(name, ())
    if known and value not in known:
        raise _bad(name, "has a value that it does not take", f"Allowed: {', '.join(known)}.")
    if parameter.kind == "integer":
        most = MOST_LIMIT if name == "limit" else 10**9
        least = 1 if name == "limit" else 0
        if not (value.isascii() and value.isdigit() and len(value) <= 10):
            raise _bad(name, "is no whole number", f"A number from {least} to {most}.")
        if not least <= int(value) <= most:
            raise _bad(name, "is out of range", f"A number from {least} to {most}.")


def _bad(name: str, problem: str, what_to_do: str) -> Problem:
    where = f"query parameter {name[:40]}"
    return Problem(400, "bad-request", f"The parameter {problem}.", where, what_to_do)


def _not_found(request: HttpRequest) -> Problem:
    return Problem(
        404,
        "not-found",
        "There is nothing here, or it is out of this key's reach.",
        "path",
        "See which addresses there are in openapi.json, and which units in units.",
    )


def _told(
    request: HttpRequest, asked_for: Endpoint, answer: Answer, values: Mapping[str, str]
) -> dict[str, Any]:
    """The answer itself, or the part of a list with where the next one is."""
    if not asked_for.paged:
        return {"release": answer.release or None, "data": answer.entries}
    limit, offset = int(values.get("limit", LIMIT)), int(values.get("offset", 0))
    entries = answer.entries[offset : offset + limit]
    following = None
    if offset + limit < len(answer.entries):
        query = {**request.GET.dict(), "limit": str(limit), "offset": str(offset + limit)}
        following = request.build_absolute_uri(f"{request.path}?{urlencode(query)}")
    return {
        "release": answer.release or None,
        "total": len(answer.entries),
        "next": following,
        "data": entries,
    }


def document(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document: for everybody, as it says nothing of anybody."""
    from puls.web.data.openapi import openapi

    made = JsonResponse(openapi(request.build_absolute_uri("/")))
    made.headers["Cache-Control"] = "public, max-age=300"
    made.headers["Access-Control-Allow-Origin"] = "*"
    return made
