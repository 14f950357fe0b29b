"""The sheet that a team talks over: what stands out, or the cells that somebody chose for it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from puls import periods
from puls.views.highlights import Point, highlights
from puls.views.tables import ColourTable
from puls.web.answering import page
from puls.web.packs import language_of, pack
from puls.web.see import choices, conversation, exports, pages, queries
from puls.web.see.choices import Choice
from puls.web.see.queries import Seen
from puls.web.see.table import seen_or_404
from puls.web.tenants.access import ReachRequest, reach_required
from puls.web.tenants.models import Unit
from puls.web.tenants.permissions import Place, can, place_of


@dataclass(frozen=True, slots=True)
class Chosen:
    """The chosen cells of one unit, each with its reason, in the order of the table."""

    unit: str
    points: tuple[Point, ...]


def chosen(table: ColourTable, choice: Choice) -> list[Chosen]:
    """The cells that were picked, unit by unit, from the table of `pages.picked`.

    Of a unit that the page does not show, or an indicator nobody here has, nothing is told.
    """
    picked = set(choice.picked)
    found = []
    for row in table.all_rows:
        pairs = zip(table.columns, row.cells, strict=True)
        points = tuple(Point(c, cell) for c, cell in pairs if (row.key, c.key) in picked)
        if points:
            found.append(Chosen(row.name, points))
    return found


def _plan(
    request: ReachRequest,
    seen: Seen,
    cells: Iterable[tuple[str, str]],
    questions: Iterable[conversation.ReadRubric],
) -> str:
    """Where a meeting about what the sheet tells is planned, "" for whoever plans none."""
    own = request.membership
    if not can("meeting_plan", request.reach, Place(own.tenant_id, own.path)):
        return ""
    valgt = ",".join(".".join(cell) for cell in cells)
    asked = {
        "valgt": valgt,
        "skolear": periods.slug(seen.period) if valgt else "",
        "per": str(seen.release or "") if valgt else "",
        "kjennetegn": ",".join(each.key for each in questions if each.key),
    }
    told = {name: value for name, value in asked.items() if value}
    return reverse("meet:new") + ("?" + urlencode(told, safe=",") if told else "")


@require_safe
@reach_required
def what(request: ReachRequest, unit: str, period: str) -> HttpResponseBase:
    """What do we do: a sheet to print and talk over.

    With `valgt` in the address it is about those cells, else about what stands out.
    """
    content, language = pack(), language_of(pack())
    choice = choices.parse(request.GET, content)
    seen = seen_or_404(request, unit, period, choice)
    title = queries.unit_name(seen.family.unit, content, language)
    where = pages.unit_address(unit, seen.period)
    told: list[Chosen] = []
    if choice.picked:
        table, set_by = pages.picked(seen, choice, content, language)
        told = chosen(table, choice)
    if not told:
        table, set_by = pages.own_row(seen, content, language, with_reasons=True)
    context: dict[str, Any] = {
        "title": title,
        "trail": pages.trail(seen, content, language),
        "chosen": told,
        "too_many": choices.too_many(request.GET, content),
        "most": choices.MOST_PICKED,
        "weak_heading": _("Clearly on the lowest level"),
        "strong_heading": _("Clearly on the highest level"),
        "synthetic": seen.synthetic,
        "table": table,
        "set_by": set_by,
        "heading": _("To talk about: %(name)s %(period)s")
        % {"name": title, "period": table.period_label},
        "where": where + choice.query(cell=None, picking=False) if told else where,
        "change": where + choice.query(cell=None, picking=True),
        **_processes(request, seen.family.unit, choice),
        "released_on": exports.released_on(seen, language),
        "release": seen.release,
        "permalink": request.build_absolute_uri(request.path)
        + choice.query(cell=None, picking=False, release=seen.release),
    }
    if told:
        points = [point for each in told for point in each.points]
        asked = conversation.questions_about(points, content, language)
        cells: Iterable[tuple[str, str]] = choice.picked
        context |= {"questions": asked or conversation.rubrics(content, language)}
    else:
        found = highlights(table, table.rows[0])
        context |= {
            "found": found,
            "questions": conversation.questions(found, content, language),
        }
        cells = [(unit, point.column.key) for point in (*found.weak, *found.strong)]
    context["plan"] = _plan(request, seen, cells, context["questions"])
    return page(request, "see/what.html", context)


def _processes(request: ReachRequest, unit: Unit, choice: Choice) -> dict[str, str]:
    """Where the unit's processes are, and where its people make one of what they picked."""
    listed = reverse("improve:improvements", args=[unit.key])
    if not can("improvement_write", request.reach, place_of(unit)):
        return {"processes": listed}
    taken = urlencode({"valgt": ",".join(".".join(cell) for cell in choice.picked)}, safe=",")
    new = reverse("improve:new", args=[unit.key])
    return {"processes": listed, "new_process": f"{new}?{taken}" if choice.picked else new}
