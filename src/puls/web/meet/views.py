"""Pages of meetings: the list, a new one, and one with its agenda, people and letters."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from puls import periods
from puls.content.definitions import Pack
from puls.documents.calendar_answers import Said
from puls.errors import NotNow
from puls.web import picked
from puls.web.answering import Link, key_or_404, page, release_of
from puls.web.improve import queries as improve
from puls.web.meet import letters, people, queries, services, wording
from puls.web.meet.forms import ItemForm, MeetingForm, initial
from puls.web.meet.freezing import Frozen, frozen, thawed
from puls.web.meet.from_steps import Begun, about, begin, questions
from puls.web.meet.models import Meeting
from puls.web.meet.sending import send_waiting
from puls.web.meet.services import Author
from puls.web.meet.states import OPEN
from puls.web.packs import language_of, pack
from puls.web.tenants import queries as tenants
from puls.web.tenants.access import ReachRequest, reach_required
from puls.web.tenants.models import Unit
from puls.web.tenants.permissions import Place, can, check, place_of


@require_safe
@reach_required
def meetings(request: ReachRequest) -> HttpResponseBase:
    """What comes, and what has been."""
    people.people_forget(timezone.localdate())
    own = tenants.unit_or_404(request.reach, request.reach.unit)
    every = queries.meetings()
    language = language_of(pack())
    told = [(meeting, wording.when(meeting, language)) for meeting in every]
    context = {
        "coming": [each for each in told if each[0].state in OPEN],
        "past": [each for each in reversed(told) if each[0].state not in OPEN],
        "plans": can("meeting_plan", request.reach, place_of(own)),
        "trail": [home(), Link(_("Meetings"))],
    }
    return page(request, "meet/meetings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@reach_required
def new(request: ReachRequest) -> HttpResponseBase:
    """A meeting from nothing, or about cells that the address names (`?valgt=`, `?celle=`)."""
    content, language = pack(), language_of(pack())
    unit = tenants.unit_or_404(request.reach, request.reach.unit)
    check("meeting_plan", request.reach, place_of(unit))
    begun = _begun(request, unit, content, language)
    proposed = {"title": begun.title, "about": begun.about, "minutes": begun.minutes or 60}
    form = MeetingForm(request.POST or None, initial=proposed)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.meeting_add(
                request.reach, unit, form.plan(), begun.things, author(request), begun.origin
            )
        except NotNow as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("The meeting is planned. Nobody has been told yet."))
            return redirect("meet:meeting", made.pk)
    context = {
        "form": form,
        "things": begun.things,
        "left": begun.left,
        "back": reverse("meet:meetings"),
        "trail": [home(), meetings_link(), Link(_("New meeting"))],
    }
    return page(request, "meet/new.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@reach_required
def meeting(request: ReachRequest, key: UUID) -> HttpResponseBase:
    """One meeting: its agenda, who comes, and the letters."""
    found = queries.meeting_or_404(key)
    if request.method == "POST":
        return _act(request, found)
    content, language = pack(), language_of(pack())
    items = queries.agenda(found)
    plans = can("meeting_plan", request.reach, Place(found.tenant_id, found.path))
    context = {
        "meeting": found,
        "when": wording.when(found, language),
        "again": wording.again(found, language),
        "points": list(zip(items, wording.points(items, language, content), strict=True)),
        "minutes": queries.minutes_of(items),
        "plans": plans and found.state in OPEN,
        "is_planner": plans,
        "has_come": timezone.localdate(found.starts) <= timezone.localdate(),
        "people": queries.addressed(found) if plans else [],
        "untold": queries.untold(found) if plans else 0,
        "unsent": queries.unsent(found) if plans else 0,
        "said": [
            (Said.YES, _("comes")),
            (Said.NO, _("does not come")),
            (Said.PERHAPS, _("perhaps")),
        ],
        "item_form": ItemForm(),
        "sprite": sprite(wording.points(items, language, content)),
        "process": _process(found),
        "lines": queries.lines(found),
        "trail": [home(), meetings_link(), Link(found.title)],
    }
    return page(request, "meet/meeting.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@reach_required
def change(request: ReachRequest, key: UUID) -> HttpResponseBase:
    """Another time, place or title."""
    found = queries.meeting_or_404(key)
    check("meeting_plan", request.reach, Place(found.tenant_id, found.path))
    form = MeetingForm(request.POST or None, initial=initial(found))
    if request.method == "POST" and form.is_valid():
        try:
            done = services.meeting_change(request.reach, key, form.plan())
        except NotNow as reason:
            form.add_error(None, str(reason))
        else:
            if done.tells:
                messages.success(request, _("Changed. Those who are invited do not know it yet."))
            return redirect("meet:meeting", key)
    context = {
        "form": form,
        "heading": _("Time and place"),
        "back": reverse("meet:meeting", args=[key]),
        "trail": [home(), meetings_link(), meeting_link(found), Link(_("Time and place"))],
    }
    return page(request, "meet/form.html", context)


def _act(request: ReachRequest, found: Meeting) -> HttpResponseBase:
    """What the buttons of the page do: the first that the form names."""
    check("meeting_plan", request.reach, Place(found.tenant_id, found.path))
    acts: dict[str, Callable[[ReachRequest, Meeting, str], str]] = {
        "send": _send,
        "resend": _resend,
        "cancel": _cancel,
        "up": lambda r, m, item: _shift(r, m, item, -1),
        "down": lambda r, m, item: _shift(r, m, item, 1),
        "remove": _remove,
        "uninvite": _uninvite,
        "answer": _answer,
    }
    for name, act in acts.items():
        if name in request.POST:
            where = act(request, found, request.POST[name])
            return redirect(reverse("meet:meeting", args=[found.pk]) + where)
    raise Http404


def _send(request: ReachRequest, found: Meeting, _value: str) -> str:
    count = letters.invite(request.reach, found.pk)
    _on_its_way(request, found, count)
    return "#folk"


def _resend(request: ReachRequest, found: Meeting, _value: str) -> str:
    _send_after(request, found)
    return "#folk"


def _cancel(request: ReachRequest, found: Meeting, _value: str) -> str:
    count = letters.call_off(request.reach, found.pk)
    messages.success(request, _("The meeting is cancelled."))
    if count:
        _send_after(request, found)
    return ""


def _shift(request: ReachRequest, found: Meeting, value: str, step: int) -> str:
    item = key_or_404(value)
    services.item_shift(request.reach, found.pk, item, step)
    return f"#sak-{item}"


def _remove(request: ReachRequest, found: Meeting, value: str) -> str:
    services.item_remove(request.reach, found.pk, key_or_404(value))
    return "#saker"


def _uninvite(request: ReachRequest, found: Meeting, value: str) -> str:
    if letters.uninvite(request.reach, found.pk, key_or_404(value)):
        _send_after(request, found)
    return "#folk"


def _answer(request: ReachRequest, found: Meeting, value: str) -> str:
    invitee, _dot, said = value.partition(".")
    people.answer_set(request.reach, found.pk, key_or_404(invitee), said)
    return "#folk"


def _on_its_way(request: ReachRequest, found: Meeting, count: int) -> None:
    said = ngettext("%(n)s letter is on its way.", "%(n)s letters are on their way.", count)
    messages.success(request, said % {"n": count})
    _send_after(request, found)


def _send_after(request: ReachRequest, found: Meeting) -> None:
    """Sends once everything that was written is safe: a letter never runs ahead of its meeting."""
    reach, key = request.reach, found.pk
    transaction.on_commit(lambda: send_waiting(reach, key))


def _process(found: Meeting) -> Link | None:
    """The process that the meeting was called from, at its step; None where it is not seen."""
    process = improve.improvement(found.improvement) if found.improvement else None
    if process is None:
        return None
    at = f"#steg-{found.step}" if found.step else ""
    return Link(process.title, reverse("improve:improvement", args=[process.pk]) + at)


def _begun(request: ReachRequest, unit: Unit, content: Pack, language: str) -> Begun:
    """What the new meeting is about: a step of a process (`?steg=`), chosen cells, or nothing.

    Cells that are named beside a step are those that the steps before it looked at. Rubrics
    (`?kjennetegn=`) bring the questions that stand on the sheet to talk over.
    """
    cells = _cells(request, content)
    asked = questions(picked.listed(request.GET, "kjennetegn"), cells, content, language)
    things = (*(about(cell, unit.key, language) for cell in cells), *asked)
    if not request.GET.get("steg"):
        return Begun(_title(cells, language), "", 0, things, services.Origin())
    begun = begin(request.reach, unit, key_or_404(request.GET["steg"]), content, language)
    known = {(cell.unit, cell.indicator) for cell in cells}
    more = (
        thing
        for thing in begun.things
        if thing.cell is None or (thing.cell.unit, thing.cell.indicator) not in known
    )
    return replace(begun, things=(*things, *more))


def _cells(request: ReachRequest, content: Pack) -> list[Frozen]:
    """The cells that the address names, as they are now, or were at its release."""
    written = [*picked.listed(request.GET, "valgt"), *picked.listed(request.GET, "celle")]
    cells = list(dict.fromkeys(picked.cells(written, content)))[: picked.MOST_PICKED]
    asked = request.GET.get("skolear", "")
    try:
        period = periods.parse(asked) if asked else None
    except ValueError:
        period = None
    return frozen(request.reach, cells, period, release_of(request.GET), content)


def _title(cells: Sequence[Frozen], language: str) -> str:
    names = [thawed(each.words, each.period, language).point.column.name for each in cells]
    return ", ".join(dict.fromkeys(names))[:200] if 0 < len(set(names)) <= 2 else ""


def sprite(points: Sequence[wording.Said]) -> str:
    """The symbols that chips of an agenda point at."""
    from puls.views import symbols

    levels = {point.cell.point.cell.levels for point in points if point.cell}
    return symbols.sprite(tuple(sorted(levels - {0})))


def author(request: ReachRequest) -> Author:
    return Author(str(request.user), request.user.email)


def home() -> Link:
    """Where every page of meetings comes from."""
    return Link(_("What do we do?"), "/hva-gjor-vi/")


def meetings_link() -> Link:
    return Link(_("Meetings"), reverse("meet:meetings"))


def meeting_link(found: Meeting) -> Link:
    return Link(found.title, reverse("meet:meeting", args=[found.pk]))
