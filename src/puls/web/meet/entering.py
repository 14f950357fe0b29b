"""Coming in without a log-in: by one's own link, by the room's, or by typing its code.

Following a link changes nothing yet, as mail programs follow links too; pressing the button does.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import update_wrapper
from typing import Concatenate, ParamSpec
from uuid import UUID

from allauth.core import ratelimit
from django import forms
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.response import SimpleTemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from puls.web.answering import kept_private, page
from puls.web.meet import entrances, pockets
from puls.web.meet.models import Entrance, Meeting
from puls.web.meet.pockets import Pocket
from puls.web.tenants.access import as_entrance

P = ParamSpec("P")
Inside = Callable[Concatenate[HttpRequest, Meeting, Pocket, P], HttpResponseBase]


class CodeForm(forms.Form):
    """The code that stands on the screen."""

    code = forms.CharField(
        label=gettext_lazy("The code on the screen"),
        max_length=12,
        widget=forms.TextInput(
            attrs={"autocapitalize": "characters", "autocomplete": "off", "spellcheck": "false"}
        ),
    )


def entrance_required(
    view: Inside[P],
) -> Callable[..., HttpResponseBase]:
    """A page inside one meeting, for a phone that has come through an entrance of it."""

    def inner(
        request: HttpRequest, /, key: UUID, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase:
        pocket = pockets.read(request.COOKIES, key)
        if pocket is None:
            return redirect("meet:enter")
        with as_entrance(pocket.entrance):
            meeting = Meeting.objects.filter(pk=key).first()
            if meeting is None:
                return _over(request, was_in=True)
            response = view(request, meeting, pocket, *args, **kwargs)
            if isinstance(response, SimpleTemplateResponse):
                response.render()
            return response

    update_wrapper(inner, view)
    return inner


@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponseBase:
    """Type the code."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not ratelimit.consume(request, action="meet_code"):
            form.add_error("code", _("Too many tries. Wait a few minutes."))
        else:
            meeting = _through(request, entrances.hash_of_code(form.cleaned_data["code"]))
            if meeting is not None:
                return meeting
            form.add_error("code", _("No room is open under this code."))
    return page(request, "meet/enter.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponseBase:
    """Follow a link: first what it leads to, and after a press of the button, in."""
    token_hash = entrances.hash_of(token)
    if request.method == "POST":
        return _through(request, token_hash) or _over(request)
    with as_entrance(token_hash):
        entrance = Entrance.objects.select_related("meeting").filter(token_hash=token_hash).first()
        if entrance is None:
            return _over(request)
        if pockets.read(request.COOKIES, entrance.meeting_id) is not None:
            return redirect("meet:phone", entrance.meeting_id)
        return page(request, "meet/join.html", {"meeting": entrance.meeting})


def _through(request: HttpRequest, token_hash: str) -> HttpResponseBase | None:
    """Into the meeting; None where no entrance opens."""
    with as_entrance(token_hash):
        entrance = Entrance.objects.filter(token_hash=token_hash).first()
        if entrance is None:
            return None
        key = entrance.meeting_id
        response = redirect("meet:phone", key)
        known = pockets.read(request.COOKIES, key)
        # Counted when it shows the room for the first time.
        pocket = replace(known, entrance=token_hash) if known else pockets.new(token_hash)
        pockets.put(response, request, key, pocket)
        return response


def _over(request: HttpRequest, was_in: bool = False) -> HttpResponseBase:
    return kept_private(render(request, "meet/no_entrance.html", {"was_in": was_in}, status=404))
