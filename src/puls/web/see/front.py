"""The front page: the three questions, with what the reader's own unit has to say to each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from puls import periods
from puls.cells import Against, ReleasedCell, Status
from puls.content.definitions import Pack
from puls.views import front as parts
from puls.views import marks
from puls.views.front import Standout
from puls.views.highlights import highlights
from puls.views.tables import ColourTable, Kind
from puls.web.answering import page
from puls.web.assess import queries as assess
from puls.web.packs import language_of, pack
from puls.web.see import choices, conversation, exports, first_day, pages, queries, release_gate
from puls.web.see.choices import ALL, Choice
from puls.web.see.own_doings import own_doings
from puls.web.see.own_goals import own_goals
from puls.web.see.queries import Seen
from puls.web.see.waiting import waiting
from puls.web.tenants.access import ReachRequest, reach_required
from puls.web.tenants.permissions import can, own_place

SHOWN = 4
"""Of what stands out in one way; the conversation sheet has all of it."""
YEARS_BACK = 2
"""How far an area looks back for a year that says more of it than the newest."""


@dataclass(frozen=True, slots=True)
class Group:
    """What stands out in one way. more: how many are left for the conversation sheet."""

    key: str
    name: str
    standouts: tuple[Standout, ...]
    more: int


@dataclass(frozen=True, slots=True)
class AreaLink:
    """A quality area of a unit, and its colour table. year: "" where it is the page's own."""

    area: parts.Area
    href: str
    year: str


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit in all quality areas. href: "" for the reader's own, which has its own button."""

    name: str
    href: str
    own: bool
    areas: tuple[AreaLink, ...]


@require_safe
@reach_required
def front(request: ReachRequest) -> HttpResponseBase:
    """The three questions, or on the first day what to begin with."""
    content, language = pack(), language_of(pack())
    every = queries.periods(request.reach.unit, content)
    context: dict[str, Any] = {
        "rubrics": conversation.rubrics(content, language),
        "gates": release_gate.waiting(request.reach, content, language),
        "waits": list(waiting(request.reach)),
    }
    if every:
        context |= _known(request, every, content, language)
    else:
        around = queries.family(request.reach, request.reach.unit)
        context["name"] = queries.unit_name(around.unit, content, language)
    if not every or not _asked(every[0], request.reach.unit):
        context |= first_day.steps(request.reach, content, language)
    return page(request, "see/front.html", context)


def _known(
    request: ReachRequest, every: Sequence[int], content: Pack, language: str
) -> dict[str, Any]:
    unit, period = request.reach.unit, every[0]
    seen = queries.seen(request.reach, unit, period)
    table, set_by = pages.own_row(seen, content, language, with_reasons=True)
    found = parts.stands_out(table, table.rows[0], _sentences(seen, content, language))
    sheet = reverse("see:what", args=[unit, periods.slug(period)])
    return {
        "name": queries.unit_name(seen.family.unit, content, language),
        "synthetic": seen.synthetic,
        "table": table,
        "period": table.period_label,
        "subtitle": pages.subtitle(table, language),
        "released_on": exports.released_on(seen, language),
        "set_by": set_by,
        "groups": list(_groups(found)),
        "has_changed": bool(found.changed),
        "lines": _lines(request, seen, table, every, content, language),
        "where": pages.unit_address(unit, period),
        "what": sheet,
        "map": reverse("see:dialogue", args=[unit, periods.slug(period)]),
        "questions": _questions(table, content, language),
        **own_doings(request.reach, content, language),
        "goals": own_goals(seen, table, request.reach, content, language),
        "may_set": can("goal_set", request.reach, own_place(request.reach)),
    }


def _asked(period: int, unit: str) -> bool:
    """Whether anybody has answered about the unit: then its first day is over."""
    cells = assess.cells([unit], period)
    return any(cell.n is not None or _is_hidden(cell) for cell in cells)


def _is_hidden(cell: ReleasedCell) -> bool:
    return cell.status in (Status.FEW, Status.LINKED)


def _sentences(seen: Seen, content: Pack, language: str) -> Mapping[tuple[str, Against], str]:
    """What each mark of the unit says, by indicator and kind."""
    shown = {cell.indicator: cell for cell in seen.cells if _is_shown_of(cell, seen)}
    return {
        (mark.indicator, mark.against): marks.sentence(
            mark, shown[mark.indicator], content.indicators[mark.indicator], content, language
        )
        for mark in seen.marks
        if mark.unit == seen.family.unit.key and mark.indicator in shown
    }


def _is_shown_of(cell: ReleasedCell, seen: Seen) -> bool:
    return cell.unit == seen.family.unit.key and cell.status is Status.SHOWN


def _groups(found: parts.StandsOut) -> Iterator[Group]:
    """A column for each way in which something does."""
    named = (
        ("changed", _("Clearly changed"), found.changed),
        ("unexpected", _("Other than expected from the prerequisites"), found.unexpected),
        ("strong", _("Clearly on the highest level"), found.strong),
        ("weak", _("Clearly on the lowest level"), found.weak),
    )
    for key, name, standouts in named:
        if standouts:
            yield Group(key, name, standouts[:SHOWN], len(standouts[SHOWN:]))


def _lines(
    request: ReachRequest,
    seen: Seen,
    own: ColourTable,
    every: Sequence[int],
    content: Pack,
    language: str,
) -> list[UnitLine]:
    """The own unit in the quality areas, and above schools also those right below, by name."""
    keys = choices.areas(content)
    table = own
    if _is_above_schools(seen, content):
        table = pages.draw(seen, Choice(show=ALL), content, language)
    found = []
    for row in table.rows:
        if row.kind is not Kind.SELF and table is own:
            continue
        areas = parts.areas(table, row, keys, content, language)
        told = [(area, seen.period) for area in areas]
        if row.kind is Kind.SELF:
            told = _in_fuller_years(request, areas, every, content, language)
        links = tuple(
            AreaLink(
                area,
                _area_address(row.key, year, area.key),
                periods.label(year) if year != seen.period else "",
            )
            for area, year in told
        )
        found.append(UnitLine(row.name, row.href, row.kind is Kind.SELF, links))
    return found


def _in_fuller_years(
    request: ReachRequest,
    areas: Sequence[parts.Area],
    every: Sequence[int],
    content: Pack,
    language: str,
) -> list[tuple[parts.Area, int]]:
    """The areas with their year: the newest, or one before that says much more of an area.

    Sealing one survey begins a school year in which the others are yet to come.
    """
    told = {area.key: (area, every[0]) for area in areas}
    for year in every[1 : YEARS_BACK + 1]:
        if not any(area.is_thin(content) for area, _year in told.values()):
            break
        seen = queries.seen(request.reach, request.reach.unit, year)
        table, _set_by = pages.own_row(seen, content, language)
        for before in parts.areas(table, table.rows[0], list(told), content, language):
            if parts.says_more(before, told[before.key][0]):
                told[before.key] = (before, year)
    return list(told.values())


def _is_above_schools(seen: Seen, content: Pack) -> bool:
    tiers = content.country.tier_keys
    return seen.family.unit.depth <= tiers.index(content.country.tenant_tier)


def _area_address(unit: str, period: int, area: str) -> str:
    return pages.unit_address(unit, period) + Choice(show=f"omrade-{area}").query()


def _questions(table: ColourTable, content: Pack, language: str) -> list[tuple[str, str]]:
    """The first question of each rubric that fits what stands out: title and question."""
    found = highlights(table, table.rows[0])
    fitting = conversation.questions(found, content, language)
    return [(each.title, each.questions[0]) for each in fitting if each.questions][:3]
