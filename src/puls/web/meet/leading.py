"""Pages of who leads: the screen for the room, the page that steers it, and the minutes."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import segno
from django.contrib import messages
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.dateparse import parse_date
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from puls.errors import NotNow
from puls.web.actions import queries as actions
from puls.web.actions.notes import Origin
from puls.web.answering import Link, key_or_404, page
from puls.web.days import FIRST, LAST
from puls.web.meet import entrances, keeping, papers, pockets, queries, room, voting, wording
from puls.web.meet.models import LineKind, Meeting
from puls.web.meet.parts import TYPES, download
from puls.web.meet.states import Phase, Vote
from puls.web.meet.views import author, home, meeting_link, meetings_link, sprite
from puls.web.packs import language_of, pack
from puls.web.tenants.access import ReachRequest, reach_required
from puls.web.tenants.permissions import Place, can, check


@require_http_methods(["GET", "HEAD", "POST"])
@reach_required
def lead(request: ReachRequest, key: UUID) -> HttpResponseBase:
    """Steer the meeting."""
    found = queries.meeting_or_404(key)
    check("meeting_plan", request.reach, Place(found.tenant_id, found.path))
    if request.method == "POST":
        try:
            _act(request, found)
        except NotNow as reason:
            messages.error(request, str(reason))
        if "end" in request.POST:
            return redirect("meet:minutes", key)
        return redirect("meet:lead", key)
    if not found.is_live:
        return redirect("meet:meeting", key)
    content, language = pack(), language_of(pack())
    items = queries.agenda(found)
    item = queries.up_now(found)
    notes = queries.notes(found, item.pk) if item else []
    place = next((n for n, each in enumerate(items) if item and each.pk == item.pk), 0)
    context = {
        **_up(found),
        "items": items,
        "next": items[place + 1] if place + 1 < len(items) else None,
        "notes": notes,
        "groups": list(dict.fromkeys(note.group for note in notes if note.group)),
        "lines": queries.lines(found),
        "phases": [(Phase.ALONE, _("Alone"), 3), (Phase.GROUP, _("In groups"), 10),
                   (Phase.TOGETHER, _("Together"), 15)],
        "kinds": LineKind,
        "few": min(found.joined, found.present) < voting.k(),
        "trail": [home(), meetings_link(), meeting_link(found), Link(_("Lead the meeting"))],
        "phase": wording.phase(found, language),
        "content": content.key,
    }  # fmt: skip
    return _in_room(request, found, page(request, "meet/lead.html", context))


@require_safe
@reach_required
def screen(request: ReachRequest, key: UUID) -> HttpResponseBase:
    """What everybody in the room sees on the wall."""
    found = queries.meeting_or_404(key)
    check("meeting_plan", request.reach, Place(found.tenant_id, found.path))
    if not found.is_live:
        return redirect("meet:meeting", key)
    return _in_room(request, found, page(request, "meet/screen.html", _up(found)))


@require_http_methods(["GET", "HEAD", "POST"])
@reach_required
def minutes(request: ReachRequest, key: UUID) -> HttpResponseBase:
    """What came of it; what was forgotten can still be added."""
    found = queries.meeting_or_404(key)
    plans = can("meeting_plan", request.reach, Place(found.tenant_id, found.path))
    if request.method == "POST":
        check("meeting_plan", request.reach, Place(found.tenant_id, found.path))
        try:
            _act(request, found)
        except NotNow as reason:
            messages.error(request, str(reason))
        return redirect("meet:minutes", key)
    content, language = pack(), language_of(pack())
    context = {
        "meeting": found,
        "when": wording.when(found, language),
        "told": wording.minutes(found, queries.agenda(found), language, content),
        "lines": queries.lines(found),
        "followed": _followed(found),
        "kinds": LineKind,
        "plans": plans,
        "hidden": wording.hidden(),
        "trail": [home(), meetings_link(), meeting_link(found), Link(_("Minutes of the meeting"))],
    }
    return page(request, "meet/minutes.html", context)


@require_safe
@reach_required
def minutes_file(request: ReachRequest, key: UUID) -> HttpResponseBase:
    """The minutes as a PDF file."""
    from puls.documents.pdf import pdf

    found = queries.meeting_or_404(key)
    made = papers.minutes(found, queries.agenda(found), queries.lines(found), pack(),
                          language_of(pack()))  # fmt: skip
    return download(pdf(made), TYPES["pdf"], "referat.pdf")


def _act(request: ReachRequest, found: Meeting) -> None:
    """What the buttons do: the first that the form names."""
    given, by, key = request.POST, request.reach, found.pk
    who = author(request).name
    if "open" in given:
        room.room_open(by, key)
    elif "show" in given:
        room.show(by, key, key_or_404(given["show"]))
    elif "phase" in given:
        room.phase_set(by, key, given["phase"], _minutes(given.get("minutes", "")))
    elif "people" in given:
        room.people_set(by, key, _minutes(given["people"]) or None)
    elif "vote" in given:
        voting.vote_open(by, key, key_or_404(given["vote"]))
    elif "reveal" in given:
        item = voting.vote_reveal(by, key, key_or_404(given["reveal"]))
        told = keeping.vote_keep(by, found, item)
        if told:
            messages.info(request, told)
    elif "note" in given:
        room.note_group(
            by, key, key_or_404(given["note"]), given.get("group_new") or given.get("group", "")
        )
    elif "note_remove" in given:
        room.note_remove(by, key, key_or_404(given["note_remove"]))
    elif "line" in given:
        due = given.get("due", "")
        room.line_add(by, key, given["line"], given.get("text", ""), who,
                      given.get("who", ""), _day(due))  # fmt: skip
    elif "line_remove" in given:
        room.line_remove(by, key, key_or_404(given["line_remove"]))
    elif "end" in given:
        room.room_close(by, key, who)
    else:
        raise Http404


def _up(found: Meeting) -> dict[str, Any]:
    """What is up, as screen and leader see it."""
    content, language = pack(), language_of(pack())
    item = queries.up_now(found)
    said = wording.point(item, language, content) if item else None
    notes = queries.notes(found, item.pk) if item else []
    token = entrances.room_token(found)
    link = entrances.link_of(token)
    code = entrances.room_code(found)
    return {
        "meeting": found,
        "item": item,
        "said": said,
        "sprite": sprite([said] if said else []),
        "phase": wording.phase(found, language),
        "voting": item is not None and item.vote == Vote.OPEN,
        "revealed": item is not None and item.vote == Vote.REVEALED,
        "too_many": item is not None and item.voted > found.present,
        "results": wording.results(item, language, content) if item else None,
        "heaps": wording.heaps(notes),
        "note_count": len(notes),
        "lines": [line for line in queries.lines(found) if item and line.item_id == item.pk],
        "shows_notes": found.phase != Phase.ALONE,
        "link": link,
        "short": link.split("://", 1)[1].split("/m/")[0] + "/m/",
        "code": f"{code[:3]} {code[3:]}",
        "qr": _qr(link),
        "k": voting.k(),
        "hidden": wording.hidden(),
    }


def _qr(link: str) -> str:
    """The square to scan, as SVG that needs no style of its own."""
    drawn = segno.make(link, error="m").svg_inline(
        scale=4, border=2, dark="#000", light="#fff", omitsize=True, svgclass=None, lineclass=None
    )
    return mark_safe(drawn)


def _in_room(request: ReachRequest, found: Meeting, response: HttpResponseBase) -> HttpResponseBase:
    """The leader's own browser hears the room, too, without being counted as one more phone."""
    if pockets.read(request.COOKIES, found.pk) is None:
        entrance = entrances.hash_of(entrances.room_token(found))
        fresh = pockets.new(entrance)
        pockets.put(response, request, found.pk, replace(fresh, room=pockets.room_of(found)))
    return response


def _followed(found: Meeting) -> set[UUID]:
    """The decisions and actions of a meeting that have a page: none that was withdrawn."""
    origin = Origin(meeting=found.pk)
    decided = {each.id for each in actions.decisions_from(origin)}
    return decided | {each.id for each in actions.actions_from(origin)}


def _minutes(value: str) -> int:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 5 else 0


def _day(value: str) -> date | None:
    try:
        day = parse_date(value)
    except ValueError:
        return None
    return day if day and FIRST <= day <= LAST else None
