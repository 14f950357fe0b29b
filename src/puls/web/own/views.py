"""Pages of those who read: the own definitions, what others share, and one of them."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.conf.locale import LANG_INFO
from django.contrib import messages
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from puls.content.definitions import Pack
from puls.content.own import filled
from puls.errors import NotNow
from puls.web.answering import Link, page
from puls.web.own import queries, rubrics, services, survey_writing
from puls.web.own.beside import definition as read
from puls.web.own.forms import SearchForm
from puls.web.own.models import Definition
from puls.web.own.states import WRITTEN, Move, State, moves
from puls.web.packs import language_of, pack
from puls.web.tenants.access import Reach, ReachRequest, reach_required
from puls.web.tenants.permissions import Place, can, own_place


@dataclass(frozen=True, slots=True)
class Line:
    """A definition in a list, in words. name: its title with its number."""

    row: Definition
    name: str
    area: str
    href: str
    is_taken: bool = False


@dataclass(frozen=True, slots=True)
class Level:
    word: str
    text: str


@require_safe
@reach_required
def own(request: ReachRequest) -> HttpResponseBase:
    """What the administration has defined itself: in use, being written, no longer used."""
    content, language = pack(), language_of(pack())
    writes = can("own_write", request.reach, own_place(request.reach))
    rows = queries.own(request.reach, writes=writes)
    lines = [_line(row, content, language) for row in rows]
    context = {
        "title": _("Rubrics and surveys of our own"),
        "trail": _trail(),
        "groups": [
            (heading, [line for line in lines if State(line.row.state) in states])
            for heading, states in (
                (_("Waits for the administration"), {State.PROPOSED}),
                (_("Being written"), {State.DRAFT}),
                (_("In use"), {State.PUBLISHED, State.SHARED}),
                (_("No longer used"), {State.RETIRED}),
            )
        ],
        "any": bool(lines),
        "writes": writes,
        "decides": can("own_decide", request.reach, own_place(request.reach)),
    }
    return page(request, "own/own.html", context)


@require_safe
@reach_required
def shared(request: ReachRequest) -> HttpResponseBase:
    """What other administrations share, to look through and to search in."""
    content, language = pack(), language_of(pack())
    form = SearchForm(content, language, request.GET or None)
    wanted = queries.Wanted()
    if form.is_valid():
        wanted = queries.Wanted(form.cleaned_data["q"], form.cleaned_data["area"])
    rows = queries.shared(request.reach, wanted)
    taken = queries.taken_up(request.reach, [row.key for row in rows])
    here = _("What others share")
    context = {
        "title": here,
        "trail": _trail(Link(here)),
        "form": form,
        "is_narrowed": wanted != queries.Wanted(),
        "lines": [_line(row, content, language, taken) for row in rows],
    }
    return page(request, "own/shared.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@reach_required
def definition(request: ReachRequest, key: str) -> HttpResponseBase:
    """One version as staff see it; for those who write and decide also to move on."""
    found = queries.definition_or_404(key)
    writer, decider = _hands(request.reach, found)
    mine = found.tenant_id == request.reach.tenant_key
    may_begin = can("own_write", request.reach, own_place(request.reach))
    if State(found.state) in WRITTEN and not (writer or decider):
        raise Http404
    if request.method == "POST":
        return _act(request, found)
    content, language = pack(), language_of(pack())
    words = filled(content, found.words, language)
    versions = queries.versions(found) if mine else []
    title = words.get("title") or words.get("name") or _("No title yet")
    context = {
        "title": title,
        "number": found.body.get("number", "") if mine else "",
        "trail": _trail(Link(title)),
        "found": found,
        "mine": mine,
        "area": _area(found, content, language),
        "levels": [
            Level(content.text(language, f"rubric_level.{n}.word"), words.get(f"level_{n}", ""))
            for n in rubrics.LEVELS
        ],
        "questions": [
            words[part] for part in rubrics.PARTS if part.startswith("question") and part in words
        ],
        "missing_in": _missing_in(found, content),
        "survey": survey_writing.shown(found, content, language),
        "lacks": services.lacks(content, read(found)) if State(found.state) in WRITTEN else [],
        "moves": [move.value for move in moves(State(found.state), writer=writer, decider=decider)],
        "may_write": writer and found.state == State.DRAFT,
        "may_go_on": mine
        and may_begin
        and State(found.state) not in WRITTEN
        and found.pk == next((each.pk for each in versions if each.published_at), None)
        and all(each.published_at for each in versions),
        "may_adopt": not mine and may_begin and found.state == State.SHARED,
        "is_taken": bool(queries.taken_up(request.reach, [key])),
        "versions": [each for each in versions if each.published_at or writer or decider],
    }
    return page(request, "own/definition.html", context)


def _act(request: ReachRequest, found: Definition) -> HttpResponseBase:
    """Whatever button was pressed. The page again, with a word on what happened."""
    given, unit = request.POST, request.membership.unit
    try:
        if "adopt" in given:
            made = services.adopt(request.reach, unit, found.key)
            messages.success(request, _("Here is your own copy. Change it as you like."))
            return redirect("own:write", made.key)
        if "next" in given:
            made = services.next_version(request.reach, unit, found.key)
            return redirect("own:write", made.key)
        if "delete" in given:
            services.delete(request.reach, found.key)
            messages.success(request, _("The draft is deleted."))
            return redirect("own:own")
        if given.get("move") in tuple(Move):
            way = Move(given["move"])
            services.move(
                request.reach, found.key, way, given.get("note", ""), is_checked="checked" in given
            )
            messages.success(request, _moved(way))
    except NotNow as reason:
        messages.error(request, str(reason))
    return redirect("own:definition", found.key)


def _moved(way: Move) -> str:
    told: dict[Move, Callable[[], str]] = {
        Move.PROPOSE: lambda: _("Sent to the administration, which looks it through."),
        Move.TAKE_BACK: lambda: _("It is a draft again."),
        Move.SEND_BACK: lambda: _("Sent back with your words."),
        Move.PUBLISH: lambda: _("It is in use from now on, wherever you choose one."),
        Move.SHARE: lambda: _("It is shared with all who are signed in to Puls."),
        Move.UNSHARE: lambda: _("It is no longer shared. Copies of others stay theirs."),
        Move.RETIRE: lambda: _("It is no longer offered. What was said on it can still be read."),
        Move.RESUME: lambda: _("It is in use again."),
    }
    return told[way]()


def _line(row: Definition, content: Pack, language: str, taken: Collection[str] = ()) -> Line:
    said = filled(content, row.words, language)
    title = said.get("title") or said.get("name") or _("No title yet")
    return Line(
        row,
        title,
        _area(row, content, language),
        reverse("own:definition", args=[row.key]),
        row.key in taken,
    )


def _area(row: Definition, content: Pack, language: str) -> str:
    known = {area for plan in content.frameworks for area in plan.areas}
    return content.text(language, f"area.{row.area}.name") if row.area in known else ""


def _missing_in(row: Definition, content: Pack) -> list[str]:
    """Names of the pack's languages in which some of it is read in the first one, as they stand
    in a sentence of the reader's language."""
    first = row.words.get(content.languages[0], {})
    found = []
    for each in content.languages[1:]:
        if first.keys() - row.words.get(each, {}).keys():
            english = LANG_INFO[each]["name"]
            found.append(english if language_of(content) == "en" else _(english).lower())
    return found


def _hands(by: Reach, found: Definition) -> tuple[bool, bool]:
    """Whether the reader writes it, and whether the reader decides on it."""
    place = Place(found.tenant_id, found.path)
    return can("own_write", by, place), can("own_decide", by, place)


def _trail(*here: Link) -> list[Link]:
    first = Link(_("Where do we want to go?"), reverse("see:whither"))
    name = _("Rubrics and surveys of our own")
    return [first, Link(name, reverse("own:own")) if here else Link(name), *here]
