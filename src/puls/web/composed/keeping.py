"""Keeping what Django answered, where the same can be served again."""

from collections.abc import Callable
from datetime import date

from django.conf import settings
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.html import escape

from puls.web.accounts.models import User
from puls.web.composed.pages import Key, Reader, Sight, corner_of, page_of
from puls.web.composed.store import STORE
from puls.web.tenants.access import Reach

GetResponse = Callable[[HttpRequest], HttpResponseBase]

PAGES = frozenset({"see:unit", "see:years", "see:printed"})
"""Pages that show releases, and besides only what the migration makes tell of its changes."""
LONGEST = 2000
"""Bytes behind the question mark: room for every column, not for every choice of cells."""
WROTE = "puls_wrote"
WROTE_SECONDS = 3
NOT_KEPT = ("Content-Length", "Content-Encoding", "ETag")


def keep(get_response: GetResponse) -> GetResponse:
    """Outside all that makes an answer, so that what is kept is what the reader was given."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        begun, day = STORE.begin(), timezone.localdate()
        response = get_response(request)
        if begun is not None and _can_be_kept(request, response):
            assert isinstance(response, HttpResponse)
            _keep(begun, day, request, response)
        return response

    return middleware


def just_wrote(get_response: GetResponse) -> GetResponse:
    """Who has just changed something sees it at once: Django answers this browser for a moment.

    Word of a change takes part of a second to be heard, and another worker may be asked next.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if request.method not in ("GET", "HEAD", "OPTIONS") and request.user.is_authenticated:
            response.set_cookie(
                WROTE,
                "1",
                max_age=WROTE_SECONDS,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response

    return middleware


def _can_be_kept(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Only a whole page of a member, and an answer that leaves nothing behind in the browser."""
    match = request.resolver_match
    return (
        request.method == "GET"
        and match is not None
        and match.view_name in PAGES
        and isinstance(response, HttpResponse)
        and response.status_code == 200
        and response.headers.get("Content-Type", "").startswith("text/html")
        # The cookie for forms is only given more time, or the reader comes back with a new one.
        and set(response.cookies) <= {settings.CSRF_COOKIE_NAME}
        and len(request.META.get("QUERY_STRING", "")) <= LONGEST
        and "HTTP_PULS_PART" not in request.META
        and isinstance(getattr(request, "reach", None), Reach)
    )


def _keep(begun: int, day: date, request: HttpRequest, response: HttpResponse) -> None:
    user, session = request.user, request.session.session_key
    reach: Reach = request.reach  # type: ignore[attr-defined]
    corner = corner_of(response.content)
    until = Session.objects.filter(pk=session).values_list("expire_date", flat=True).first()
    if corner is None or until is None or session is None or not isinstance(user, User):
        return
    sight = Sight(reach, user.language)
    page = page_of(response.content, _headers(response), (escape(user.name), escape(user.email)))
    if page is None:
        return
    key = Key(
        sight,
        request.META.get("HTTP_HOST", "").encode("latin1"),
        request.META.get("HTTP_X_FORWARDED_PROTO", "").encode("latin1"),
        request.path,
        request.META.get("QUERY_STRING", "").encode("latin1"),
        day,
    )
    reader = Reader(str(user.pk), sight, *corner, until.timestamp())
    STORE.keep(begun, session, reader, key, page)


def _headers(response: HttpResponse) -> tuple[tuple[bytes, bytes], ...]:
    """All that the answer said of itself, but for what is said anew of the kept one."""
    vary = response.headers.get("Vary", "")
    kept = {
        name: value
        for name, value in {**response.headers, "Vary": f"{vary}, Accept-Encoding"}.items()
        if name not in NOT_KEPT
    }
    return tuple(
        (name.lower().encode("latin1"), value.encode("latin1")) for name, value in kept.items()
    )
