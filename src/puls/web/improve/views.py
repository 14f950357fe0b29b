"""Pages of improvements: those of a unit, a new one, the designer, and what its buttons do."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from puls.content.definitions import Pack
from puls.content.process_steps import StepKind
from puls.errors import NotNow
from puls.views import symbols
from puls.web import picked
from puls.web.answering import Link, page, whole
from puls.web.improve import proposing, queries, services, showing, steps
from puls.web.improve.chips import chips
from puls.web.improve.forms import AddForm, NewForm, TitleForm
from puls.web.improve.history import undo_words
from puls.web.improve.models import Improvement, Step
from puls.web.improve.proposals import Proposed
from puls.web.improve.states import State, is_written
from puls.web.packs import language_of, pack
from puls.web.tenants import queries as tenants
from puls.web.tenants.access import ReachRequest, reach_required
from puls.web.tenants.models import Unit
from puls.web.tenants.names import unit_name
from puls.web.tenants.permissions import can, check, place_of


@require_safe
@reach_required
def own(request: ReachRequest) -> HttpResponseBase:
    """On to those of the reader's own unit."""
    return redirect("improve:improvements", request.reach.unit)


@require_safe
@reach_required
def improvements(request: ReachRequest, unit: str) -> HttpResponseBase:
    """All of a unit."""
    content, language = pack(), language_of(pack())
    place = tenants.unit_or_404(request.reach, unit)
    rows = []
    for each in queries.improvements(unit):
        line = queries.steps(each.pk)
        at = queries.current(line)
        rows.append(
            {
                "improvement": each,
                "state": showing.STATES[State(each.state)],
                "steps": len(line),
                "done": sum(step.done for step in line),
                "at": at,
                "when": showing.when(at, language) if at else "",
                "line": line,
                "ago": showing.ago(each.changed_at),
            }
        )
    context = {
        "title": _("Processes"),
        "unit": place,
        "name": unit_name(place, content, language),
        "rows": rows,
        "may_write": can("improvement_write", request.reach, place_of(place)),
        "trail": [*unit_trail(place)[:-1], Link(_("Processes"))],
    }
    return page(request, "improve/improvements.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@reach_required
def new(request: ReachRequest, unit: str) -> HttpResponseBase:
    """A new one, made from an example of the pack or from nothing; from cells that were picked."""
    content, language = pack(), language_of(pack())
    place = tenants.unit_or_404(request.reach, unit)
    check("improvement_write", request.reach, place_of(place))
    asked = request.POST if request.method == "POST" else request.GET
    cells = cells_in(asked, content)
    chosen = asked.get("mal", "") if asked.get("mal", "") in content.processes else ""
    form = NewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = _begin(request, place, chosen, form.cleaned_data, cells)
        messages.success(request, _("The process is there. Change what you like, then begin."))
        return redirect("improve:improvement", made.pk)
    taken = chips(proposing.newest_ties(cells), request.reach, content, language)
    examples = [
        {
            "key": key,
            **{
                part: content.text(language, f"process.{key}.{part}")
                for part in ("title", "about", "why")
            },
            "steps": [
                content.text(language, f"process.{key}.step_{number}.title")
                for number in range(1, len(process.steps) + 1)
            ],
        }
        for key, process in content.processes.items()
    ]
    context = {
        "title": _("New process"),
        "form": form,
        "examples": examples,
        "chosen": chosen or ("" if "mal" in asked else next(iter(content.processes), "")),
        "cells": ",".join(".".join(cell) for cell in cells),
        "chips": taken,
        "running": queries.running(unit) if taken else [],
        "unit": unit,
        "sprite": symbols.sprite({chip.cell.levels for chip in taken} - {0}),
        "trail": [*unit_trail(place), Link(_("New process"))],
    }
    return page(request, "improve/new.html", context)


def cells_in(asked: QueryDict, content: Pack) -> list[tuple[str, str]]:
    """The cells that an address or a form names (`valgt`, `celle`), each once."""
    written = [*picked.listed(asked, "valgt"), *picked.listed(asked, "celle")]
    return list(dict.fromkeys(picked.cells(written, content)))[: steps.MOST_TIES]


def _begin(
    request: ReachRequest, place: Unit, chosen: str, given: dict[str, Any], cells: proposing.Cells
) -> Improvement:
    content, language = pack(), language_of(pack())
    day = given["first_day"]
    if chosen:
        process = content.processes[chosen]
        title = content.text(language, f"process.{chosen}.title")
        proposed = proposing.from_process(process, place.key, day, content, language, cells)
    else:
        title = _("A process of our own")
        proposed = proposing.from_nothing(_("What do we know?"), day, cells)
    return services.improvement_begin(
        request.reach, place, given["title"] or title, str(request.user), chosen, proposed
    )


@require_safe
@reach_required
def improvement(request: ReachRequest, key: UUID) -> HttpResponseBase:
    """The designer: the steps on their line, and what may be done with them."""
    content, language = pack(), language_of(pack())
    found = queries.improvement_or_404(key)
    line = queries.steps(key)
    shown = showing.board(found, line, request.reach, content, language)
    may_write = can("improvement_write", request.reach, place_of(found.unit))
    writes = may_write and is_written(found.state)
    last = queries.undoable(found) if writes else None
    context = {
        "title": found.title,
        "improvement": found,
        "unit_name": unit_name(found.unit, content, language),
        "template": showing.template_words(found, content, language),
        "state": showing.STATES[State(found.state)],
        "ago": showing.ago(found.changed_at),
        "moves": showing.moves(found) if may_write else [],
        "steps": shown,
        "may_write": may_write,
        "writes": writes,
        "undo": last,
        "undo_words": undo_words(last) if last else "",
        "title_form": TitleForm(initial={"title": found.title, "was": found.title}),
        "add_form": add_form(line),
        "sprite": symbols.sprite({n for each in shown for n in each.grounds.levels}),
        "trail": [*unit_trail(found.unit), Link(found.title)],
    }
    return page(request, "improve/improvement.html", context)


@require_POST
@reach_required
def act(request: ReachRequest, key: UUID) -> HttpResponseBase:
    """What one button of the designer does; back to the designer, with what could not be done."""
    found = queries.improvement_or_404(key)
    back = showing.address(key)
    try:
        step = _done(request, found)
    except NotNow as reason:
        messages.error(request, str(reason))
    else:
        back += f"#steg-{step.pk}" if step is not None and step.position is not None else ""
    return redirect(back)


def _done(request: ReachRequest, found: Improvement) -> Step | None:
    """Do it. The step that it was about, where it was about one."""
    by, who, sent = request.reach, str(request.user), request.POST
    doing = sent.get("gjor", "")
    if doing == "tilstand":
        services.improvement_move(by, found.pk, sent.get("til", ""), who)
    elif doing == "tittel":
        services.improvement_title(by, found.pk, sent.get("title", ""), sent.get("was", ""), who)
    elif doing == "angre":
        services.undo(by, found.pk, _number(sent.get("nummer", "")), who)
    elif doing == "tilbake":
        services.restore(by, found.pk, _number(sent.get("nummer", "")), who)
        messages.success(request, _("Everything is as it was then. What came after is kept."))
    elif doing == "nytt":
        return _add(request, found)
    else:
        return _step_done(request, found, doing)
    return None


def _add(request: ReachRequest, found: Improvement) -> Step:
    form = add_form(queries.steps(found.pk), request.POST)
    if not form.is_valid():
        raise NotNow(_("A step needs a title and a kind."))
    given = form.cleaned_data
    proposed = Proposed(StepKind(given["kind"]), given["title"])
    after = given["after"] or 0
    return steps.step_add(request.reach, found.pk, str(request.user), proposed, after)


def _step_done(request: ReachRequest, found: Improvement, doing: str) -> Step:
    """One step moved, taken off, or gone through."""
    by, who, sent = request.reach, str(request.user), request.POST
    step = next((s for s in queries.steps(found.pk) if str(s.pk) == sent.get("steg", "")), None)
    if step is None or step.position is None:
        raise NotNow(_("This step has been taken off in the meantime. “Undo” brings it back."))
    if doing == "tidligere":
        return steps.step_shift(by, step.pk, step.position - 1, who)
    if doing == "senere":
        return steps.step_shift(by, step.pk, step.position + 1, who)
    if doing == "flytt":
        return steps.step_shift(by, step.pk, _number(sent.get("plass", "")), who)
    if doing == "fjern":
        removed = steps.step_remove(by, step.pk, who)
        messages.success(request, _("“%(title)s” is taken off. “Undo” brings it back.") % {
            "title": removed.title
        })  # fmt: skip
        return removed
    if doing in ("ferdig", "ikke-ferdig"):
        return steps.step_done(by, step.pk, doing == "ferdig", who)
    raise NotNow(_("There is nothing here that this button could do. Load the page again."))


def add_form(line: list[Step], data: Any = None) -> AddForm:
    """The form for one step more, with the places on this line."""
    behind = [
        (step.position or 0, _("behind “%(title)s”") % {"title": step.title}) for step in line[:-1]
    ]
    return AddForm([(0, _("last")), *behind], data, initial={"kind": StepKind.OWN.value})


def unit_trail(place: Unit) -> list[Link]:
    """The way to the processes of a unit."""
    return [
        Link(_("What do we do?"), reverse("follow:doing_at", args=[place.key])),
        Link(_("Processes"), reverse("improve:improvements", args=[place.key])),
    ]


def _number(written: str) -> int:
    return whole(written) or 0
