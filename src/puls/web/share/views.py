"""Pages of those who read: the library, and one practice."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from puls.content.definitions import Pack
from puls.errors import NotNow
from puls.views import numbers
from puls.web.answering import Link, page
from puls.web.media.texts import render
from puls.web.packs import language_of, pack
from puls.web.share import frozen, queries, reading, services
from puls.web.share.forms import PracticeForm, SearchForm, WordsForm
from puls.web.share.models import TELLING, Kind, Practice
from puls.web.share.states import Move, State, moves
from puls.web.tenants.access import Reach, ReachRequest, reach_required
from puls.web.tenants.models import Unit
from puls.web.tenants.permissions import Place, can, own_place, place_of


@dataclass(frozen=True, slots=True)
class Card:
    """A practice in the list, in words."""

    found: queries.Found
    href: str
    kind: str
    area: str


@dataclass(frozen=True, slots=True)
class Likeness:
    """One prerequisite, there and here."""

    name: str
    theirs: str
    ours: str


@require_safe
@reach_required
def library(request: ReachRequest) -> HttpResponseBase:
    """What others have done, to look through and to search in."""
    content, language = pack(), language_of(pack())
    form = SearchForm(content, language, request.GET or None)
    wanted = _wanted(form)
    ours = queries.prerequisites(request.reach.tenant_key)
    found = queries.library(wanted, language, ours)
    context = {
        "title": _("Good practice"),
        "form": form,
        "is_narrowed": wanted != queries.Wanted(),
        "cards": [_card(each, content, language) for each in found],
        "knows_us": bool(ours),
        "waiting": queries.waiting(request.reach) if _reviews(request.reach) else [],
        "unanswered": queries.unanswered(request.reach.unit),
        "own": queries.own(request.reach),
    }
    return page(request, "share/library.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@reach_required
def practice(request: ReachRequest, key: UUID) -> HttpResponseBase:
    """One practice: to read, take up, thank for, ask about; for its own people also to move on."""
    found = queries.practice_or_404(key)
    if request.method == "POST":
        return _act(request, found)
    content, language = pack(), language_of(pack())
    writer, reviewer = _hands(request.reach, found)
    unit = request.membership.unit
    elsewhere = found.unit_id is not None and found.unit_id != unit.key
    context = {
        "title": found.title,
        "found": found,
        "trail": [Link(_("Good practice"), reverse("share:library")), Link(found.title)],
        "sections": list(_sections(found)),
        "kind": Kind(found.kind).value,
        "area": content.text(language, f"area.{found.area}.name") if found.area else "",
        "rubric": _rubric(found.rubric, content, language),
        "steps": frozen.proposed(found, unit.key),
        "likenesses": _likenesses(found, request.reach, content, language),
        "moves": [
            move.value for move in moves(State(found.state), writer=writer, reviewer=reviewer)
        ],
        "may_write": writer and found.state == State.DRAFT,
        "may_adopt": found.state == State.PUBLISHED and _works(request, found.kind),
        "may_say": elsewhere and can("remark_write", request.reach, place_of(unit)),
        "may_answer": writer,
        "thanks": queries.thanks(key),
        "taken_up": queries.taken_up(key),
        "questions": queries.questions(key),
        "own_unit": unit.key,
        "form": WordsForm(),
    }
    return page(request, "share/practice.html", context)


def _act(request: ReachRequest, found: Practice) -> HttpResponseBase:
    """Whatever button was pressed. The page again, with a word on what happened."""
    here = redirect("share:practice", found.pk)
    given, unit = request.POST, request.membership.unit
    try:
        if "adopt" in given:
            return _adopt(request, found, unit)
        if "thank" in given:
            reading.thank(request.reach, unit, found.pk)
            messages.success(request, _("They will see your thanks."))
        elif "ask" in given:
            reading.ask(request.reach, unit, found.pk, given.get("text", ""))
            messages.success(request, _("The question is asked. The answer will stand here."))
        elif "answer" in given:
            reading.answer(request.reach, unit, _key(given["answer"]), given.get("text", ""))
            messages.success(request, _("The answer stands below the question."))
        elif "unsay" in given:
            reading.remark_take_back(request.reach, _key(given["unsay"]))
            messages.success(request, _("It is taken back."))
        elif given.get("move") in tuple(Move):
            move = Move(given["move"])
            services.practice_move(request.reach, found.pk, move, given.get("note", ""))
            messages.success(request, _moved(move))
    except NotNow as reason:
        messages.error(request, str(reason))
    return here


def _adopt(request: ReachRequest, found: Practice, unit: Unit) -> HttpResponseBase:
    who = str(request.user)
    made = reading.adopt(request.reach, unit, found.pk, who)
    messages.success(request, _("Here is your own copy. Change it as you like."))
    if found.kind == Kind.PROCESS:
        return redirect("improve:improvement", made.made)
    return redirect("actions:action", unit.key, made.made)


def _moved(move: Move) -> str:
    told: dict[Move, Callable[[], str]] = {
        Move.PROPOSE: lambda: _("Sent to your owner, who looks it through."),
        Move.TAKE_BACK: lambda: _("It is a draft again."),
        Move.SEND_BACK: lambda: _("Sent back with your words."),
        Move.PUBLISH: lambda: _("It is published for all who are signed in to Puls."),
        Move.WITHDRAW: lambda: _(
            "It is withdrawn, with its pictures. Copies of others stay theirs."
        ),
        Move.REOPEN: lambda: _("It is a draft again."),
    }
    return told[move]()


def _key(written: str) -> UUID:
    try:
        return UUID(written)
    except ValueError:
        raise NotNow(_("This is not here any more.")) from None


def _hands(by: Reach, found: Practice) -> tuple[bool, bool]:
    """Whether the reader writes it, and whether the reader reviews it."""
    if found.tenant_id is None:
        return False, False
    place = Place(found.tenant_id, found.path)
    return can("practice_write", by, place), can("practice_review", by, place)


def _reviews(by: Reach) -> bool:
    return can("practice_review", by, own_place(by))


def _works(request: ReachRequest, kind: str) -> bool:
    rule = "improvement_write" if kind == Kind.PROCESS else "action_write"
    return can(rule, request.reach, place_of(request.membership.unit))


def _wanted(form: SearchForm) -> queries.Wanted:
    if not form.is_valid():
        return queries.Wanted()
    given = form.cleaned_data
    return queries.Wanted(
        given["q"], given["area"], given["rubric"], given["level"], given["kind"], given["alike"]
    )


def _card(found: queries.Found, content: Pack, language: str) -> Card:
    row = found.practice
    area = content.text(language, f"area.{row.area}.name") if row.area else ""
    return Card(found, reverse("share:practice", args=[row.pk]), Kind(row.kind).value, area)


def _rubric(key: str, content: Pack, language: str) -> str:
    """Its title, "" for none, and for one that only the administration it comes from has."""
    return content.text(language, f"rubric.{key}.title") if key in content.rubrics else ""


def _sections(found: Practice) -> list[tuple[str, str, SafeString]]:
    """(key, heading, HTML) of what is told."""
    labels = PracticeForm.base_fields
    return [
        (name, str(labels[name].label), render(getattr(found, name)))
        for name in TELLING
        if getattr(found, name)
    ]


def _likenesses(found: Practice, by: Reach, content: Pack, language: str) -> list[Likeness]:
    ours = queries.prerequisites(by.tenant_key) if found.alike else {}
    told = []
    for key, theirs in found.alike.items():
        if key not in content.indicators:
            continue
        indicator = content.indicators[key]

        name = content.text(language, f"indicator.{key}.name")
        here = ours.get(key)
        told.append(
            Likeness(
                name,
                numbers.quantity(theirs, indicator, content, language),
                "–" if here is None else numbers.quantity(here, indicator, content, language),
            )
        )
    return told
