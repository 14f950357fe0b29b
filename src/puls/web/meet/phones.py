"""What a phone shows: before a meeting its agenda, in it what is up, after it what was decided."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from puls.content.definitions import Pack
from puls.errors import NotNow
from puls.web.answering import page
from puls.web.media.models import Kind as MediaKind
from puls.web.media.queries import content_or_404
from puls.web.media.views import handed_out
from puls.web.meet import pockets, queries, room, voting, wording
from puls.web.meet.entering import entrance_required
from puls.web.meet.models import Item, Meeting
from puls.web.meet.pockets import Pocket
from puls.web.meet.states import State, Vote
from puls.web.meet.views import sprite
from puls.web.packs import language_of, pack


@require_safe
@entrance_required
def phone(request: HttpRequest, meeting: Meeting, pocket: Pocket) -> HttpResponseBase:
    """The meeting as those in it see it on their phones."""
    content, language = pack(), language_of(pack())
    came_in = meeting.is_live and pocket.room != pockets.room_of(meeting)
    if came_in:
        room.came_in(meeting.pk)
        meeting.refresh_from_db()
    if not meeting.is_live:
        return page(request, "meet/phone.html", _before_or_after(meeting, content, language))
    response = page(request, "meet/phone_live.html", _live(request, meeting, pocket, content))
    if came_in:
        pocket = replace(pocket, room=pockets.room_of(meeting), notes=0)
        pockets.put(response, request, meeting.pk, pocket)
    return response


@require_safe
@entrance_required
def picture(
    request: HttpRequest, meeting: Meeting, pocket: Pocket, picture: UUID
) -> HttpResponseBase:
    """A picture on the agenda."""
    if not Item.objects.filter(meeting=meeting, picture=str(picture)).exists():
        raise Http404
    return handed_out(content_or_404(picture, MediaKind.PICTURE))


@require_POST
@entrance_required
def note(request: HttpRequest, meeting: Meeting, pocket: Pocket, item: UUID) -> HttpResponseBase:
    """Put down a note."""
    response = redirect("meet:phone", meeting.pk)
    try:
        # Counted by the phone itself: a list of who wrote how much would tell whose notes are.
        if pocket.notes >= room.MOST_NOTES_OF_A_PHONE:
            raise NotNow(_("You have put down many notes. Leave room for those of others."))
        room.note_add(meeting.pk, item, request.POST.get("text", ""))
    except NotNow as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, _("Your note is there. Nobody sees whose it is."))
        pockets.put(response, request, meeting.pk, replace(pocket, notes=pocket.notes + 1))
    return response


@require_POST
@entrance_required
def vote(request: HttpRequest, meeting: Meeting, pocket: Pocket, item: UUID) -> HttpResponseBase:
    """Vote, or vote otherwise."""
    response = redirect("meet:phone", meeting.pk)
    name = voting.receipt_name(item)
    kept = voting.receipt_read(item, pocket.device, request.COOKIES.get(name, ""))
    try:
        receipt = voting.vote_cast(
            meeting.pk, item, pocket.device, request.POST.get("option", ""), kept
        )
    except NotNow as reason:
        messages.error(request, str(reason))
        return response
    response.set_cookie(
        name,
        voting.receipt_written(item, pocket.device, receipt),
        max_age=pockets.KEPT_SECONDS,
        httponly=True,
        secure=request.is_secure(),
        samesite="Lax",
    )
    return response


def _before_or_after(meeting: Meeting, content: Pack, language: str) -> dict[str, Any]:
    points = wording.points(queries.agenda(meeting), language, content)
    return {
        "meeting": meeting,
        "when": wording.when(meeting, language),
        "points": points,
        "sprite": sprite(points),
        "lines": queries.lines(meeting),
        "is_over": meeting.state in (State.HELD, State.CANCELLED),
        "is_cancelled": meeting.state == State.CANCELLED,
    }


def _live(request: HttpRequest, meeting: Meeting, pocket: Pocket, content: Pack) -> dict[str, Any]:
    language = language_of(content)
    item = queries.up_now(meeting)
    said = wording.point(item, language, content) if item else None
    return {
        "meeting": meeting,
        "item": item,
        "said": said,
        "sprite": sprite([said] if said else []),
        "phase": wording.phase(meeting, language),
        "voting": item is not None and item.vote == Vote.OPEN,
        "mine": _mine(request, item, pocket) if item else "",
        "results": wording.results(item, language, content) if item else None,
        "revealed": item is not None and item.vote == Vote.REVEALED,
        "k": voting.k(),
        "hidden": wording.hidden(),
    }


def _mine(request: HttpRequest, item: Item, pocket: Pocket) -> str:
    """What this phone voted, as only it knows."""
    kept = request.COOKIES.get(voting.receipt_name(item.pk), "")
    receipt = voting.receipt_read(item.pk, pocket.device, kept)
    return receipt.option if receipt else ""
