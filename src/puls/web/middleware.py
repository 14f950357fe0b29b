"""What every request and answer goes through: texts that can be kept, nothing from another host."""

import re
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_cache_control

from puls.errors import NotAllowed, NotNow

GetResponse = Callable[[HttpRequest], HttpResponseBase]

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
"""No inline scripts or styles, no other host: a page that needs more is made differently."""


def own_eyes_only(get_response: GetResponse) -> GetResponse:
    """Whatever a signed-in person is shown is asked for anew, and kept by nobody in between."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_cache=True)
        return response

    return middleware


def content_security(get_response: GetResponse) -> GetResponse:
    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=()"
        )
        return response

    return middleware


def own_language(get_response: GetResponse) -> GetResponse:
    """The language of the account; logged out the one chosen on this device, or the browser's."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language()
        return get_response(request)

    return middleware


NOWHERE = re.compile("[\0\ud800-\udfff]")
"""Letters that no database has a place for: a zero byte, and halves of a pair."""


class Keepable:
    """Texts come in without letters that cannot be kept: a space stands for each.

    Nobody types one; a file or another program does. So nothing is lost, and no form, service or
    search has to know of it. An address that has one in its path leads to nothing that there is.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.path_info = NOWHERE.sub(" ", request.path_info)
        vars(request)["GET"] = keepable(request.GET)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        """What was sent is read here, after it is known to come from a page of ours."""
        if request.method == "POST":
            vars(request)["_post"] = keepable(request.POST)


def keepable(given: QueryDict) -> QueryDict:
    """The same values, with a space for each letter that cannot be kept."""
    if not any(NOWHERE.search(each) for _name, said in given.lists() for each in said):
        return given
    kept = given.copy()
    for name, said in given.lists():
        kept.setlist(name, [NOWHERE.sub(" ", each) for each in said])
    return kept


class Sentences:
    """An error that is a sentence for a person becomes a page with that sentence."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponseBase | None:
        if not isinstance(exception, NotAllowed | NotNow):
            return None
        status = 403 if isinstance(exception, NotAllowed) else 409
        return render(request, "sentence.html", {"sentence": str(exception)}, status=status)
