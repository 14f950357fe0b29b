"""The page of an indicator over time: the picture, the same in a table, and the reasons."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from puls import periods
from puls.cells import ReleasedCell, Status
from puls.content.definitions import Pack
from puls.content.order import named_by_area
from puls.views import goals, line_notes, marks, numbers, symbols
from puls.views.charts import drawing
from puls.views.charts.reading import Spot, spot
from puls.views.charts.trend_parts import Flag
from puls.views.colour_table import standing_in
from puls.views.reasons import measured_above, reason, source_name
from puls.web.actions.queries import actions_for
from puls.web.actions.telling import address
from puls.web.answering import page, release_of
from puls.web.assess.goals import Wish, goal_history
from puls.web.packs import language_of, pack
from puls.web.see import connected, over_time, pages, panel, queries
from puls.web.see.indicator import indicator_or_404
from puls.web.see.over_time import OverTime, trend_address
from puls.web.tenants import queries as tenants
from puls.web.tenants.access import ReachRequest, reach_required
from puls.web.tenants.models import Unit
from puls.web.tenants.permissions import can, place_of


@dataclass(frozen=True, slots=True)
class Chip:
    """A value with the look of its level, as cells have it."""

    look: str
    text: str
    word: str
    symbol: str
    tag: str


@dataclass(frozen=True, slots=True)
class Year:
    """One school year in words: its value, why it looks so, and what to know about it."""

    label: str
    chip: Chip
    reason: str
    beside: tuple[str, ...]


@require_safe
@reach_required
def trend(request: ReachRequest, unit: str, key: str) -> HttpResponseBase:
    """An indicator of a unit over all years, against criteria and comparison."""
    content, language = pack(), language_of(pack())
    wanted = request.GET.get("indikator", key)
    if wanted != key and wanted in content.indicators:
        return redirect(trend_address(unit, wanted))
    found = indicator_or_404(key, content)
    told = over_time.over_time(request.reach, unit, found, release_of(request.GET))
    doings = [] if told.frozen else actions_for(unit, key)
    flags = [Flag(each.begins, each.what) for each in doings if each.begun_on]
    drawn = over_time.chart(told, content, language, flags)
    years = list(_years(told, content, language))
    name = content.text(language, f"indicator.{key}.name")
    unit_name = queries.unit_name(told.unit, content, language)
    newest = told.newest
    lasting = f"?per={told.release}" if told.release else ""
    here = request.build_absolute_uri(request.path)
    context = {
        "title": name,
        "unit_name": unit_name,
        "trail": _trail(told, name, content, language),
        "sub": [
            source_name(found, content, language),
            content.text(language, f"role.{found.role}.name"),
            content.text(language, f"area.{found.area}.name"),
        ],
        "about": content.text(language, f"indicator.{key}.about"),
        "chart": drawing.page(drawn, "trend") if newest is not None else "",
        "description": drawn.description,
        "tables": drawing.tables(drawn),
        "nothing": _nothing(told, content, language),
        "elsewhere": _elsewhere(told, content, language),
        "newest": years[0] if years else None,
        "goal": _goal(told, content, language),
        "doings": [pages.Link(each.what, address(each)) for each in doings],
        "thread": reverse("follow:chain", args=["indikator", f"{unit}.{key}"]),
        "new_action": reverse("actions:new", args=[unit]) + f"?indikator={key}"
        if can("action_write", request.reach, place_of(told.unit))
        else "",
        "years": years,
        "questions": [
            content.text(language, f"trend.question_{n}").format(indicator=name)
            for n in range(1, content.trend_questions + 1)
        ],
        "indicators": _indicators(key, content, language),
        "below": _below(request, told, content, language),
        "map": _map(told, content),
        "where": pages.unit_address(unit, newest) + f"?vis=alle&celle={unit}.{key}#forklaring"
        if newest is not None
        else reverse("see:newest", args=[unit]),
        "indicator": pages.indicator_address(key, newest) if newest is not None else "",
        "picture": reverse("documents:picture", args=[unit, key]) + f"?per={told.release}"
        if newest is not None
        else "",
        "set_goal": panel.goal_address(request.reach, told.unit, key, newest)
        if newest is not None
        else "",
        "past": _past(told, content, language),
        "sprite": symbols.sprite([content.levels]),
        "synthetic": told.synthetic,
        "frozen": told.frozen,
        "release": told.release,
        "released_on": numbers.day(told.releases[0].made_at.date(), language)
        if told.releases
        else "",
        "k": told.k,
        "permalink": here + lasting,
    }
    return page(request, "see/trend.html", context)


def _trail(told: OverTime, name: str, content: Pack, language: str) -> list[pages.Link]:
    """The way down to the unit, and on to its indicator."""
    newest = told.newest
    return [
        *(
            pages.Link(
                queries.short_name(unit, content, language),
                pages.unit_address(unit.key, newest) if newest is not None else "",
            )
            for unit in (*told.above, told.unit)
        ),
        pages.Link(name),
    ]


def _years(told: OverTime, content: Pack, language: str) -> Iterator[Year]:
    """Every year of which anything is known, the newest first."""
    pooled = {(cell.period, cell.unit, cell.indicator): cell for cell in told.pooled}
    names = {unit.key: queries.unit_name(unit, content, language) for unit in told.above}
    names |= {told.unit.key: queries.unit_name(told.unit, content, language)}
    for own in reversed(told.cells):
        if own.status is Status.NO_DATA and own.period != told.cells[-1].period:
            continue
        together = {key[1:]: cell for key, cell in pooled.items() if key[0] == own.period}
        cell = standing_in(own, together)
        found = [mark for mark in told.marks if mark.period == own.period]
        marked = marks.by_cell({(own.unit, own.indicator): tuple(found)}, cell)
        yield Year(
            periods.label(own.period),
            _chip(spot(cell, told.indicator, content, language, marked, told.unit.tier)),
            reason(
                cell,
                told.indicator,
                content,
                language,
                k=told.k,
                unit_names=names,
                tier=told.unit.tier,
                instead_of=own.status,
                first=next((c for c in told.first if c.period == own.period), None),
            ),
            (
                *(marks.sentence(m, cell, told.indicator, content, language) for m in marked),
                *line_notes.sentences(
                    told.notes, own.period, content, language, unit_names=told.former_names
                ),
            ),
        )


def _chip(read: Spot) -> Chip:
    look, symbol = "hidden", ""
    if read.level is not None:
        look, symbol = f"l{read.level}of{read.levels}", f"bars-{read.level}-{read.levels}"
    elif read.uncertain:
        look, symbol = "uncertain", "dots"
    elif read.text:
        look = "plain"
    return Chip(look, f"{read.text} {read.arrow}".strip(), read.word, symbol, read.tag)


def _map(told: OverTime, content: Pack) -> str:
    """The dialogue map with the indicator chosen; "" where it is none of those asked about."""
    asked = {each.key for each in connected.selections(content)[connected.ALL]}
    if told.newest is None or told.indicator.key not in asked:
        return ""
    address = connected.dialogue_address(told.unit.key, told.newest)
    return f"{address}?valgt={told.indicator.key}"


def _newest_cell(told: OverTime) -> ReleasedCell | None:
    return next((c for c in reversed(told.cells) if c.period == told.newest), None)


def _goal(told: OverTime, content: Pack, language: str) -> str:
    """The goal in one sentence, held against the newest number."""
    cell = _newest_cell(told)
    if told.goal is None or cell is None:
        return ""
    return goals.sentence(cell, told.goal.wanted, told.indicator, content, language)


def _past(told: OverTime, content: Pack, language: str) -> list[str]:
    """Goals that no longer count, the newest first; none on a page as it once was."""
    if told.frozen:
        return []
    sentences = []
    for each in goal_history(told.unit.key, Wish(told.indicator.key)):
        if each.withdrawn_on is not None:
            words = {
                "value": goals.wanted(each.wanted, told.indicator, content, language),
                "who": each.wanted.set_by,
                "from": numbers.day(each.set_on, language),
                "to": numbers.day(each.withdrawn_on, language),
            }
            sentences.append(_("%(value)s, set by %(who)s, from %(from)s to %(to)s.") % words)
    return sentences


def _nothing(told: OverTime, content: Pack, language: str) -> str:
    """Why there is no line at all; "" where there is one."""
    if told.newest is not None:
        return ""
    blank = ReleasedCell(
        told.unit.key, told.indicator.key, told.indicator.version, 0, Status.NO_DATA
    )
    if measured_above(blank, told.indicator, told.unit.tier, content):
        return reason(
            blank, told.indicator, content, language, k=0, unit_names={}, tier=told.unit.tier
        )
    return _("Nothing has been released here for this indicator.")


def _elsewhere(told: OverTime, content: Pack, language: str) -> list[pages.Link]:
    """The units above, where the line may be found, when there is none here."""
    if told.newest is not None:
        return []
    return [
        pages.Link(
            queries.unit_name(unit, content, language), trend_address(unit.key, told.indicator.key)
        )
        for unit in reversed(told.above)
    ]


def _indicators(key: str, content: Pack, language: str) -> list[pages.OptionGroup]:
    """The indicators to change to, under their quality areas."""
    return [
        pages.OptionGroup(
            area, tuple(pages.Option(each, name, each == key) for each, name in indicators)
        )
        for area, indicators in named_by_area(content, language)
    ]


def _below(request: ReachRequest, told: OverTime, content: Pack, language: str) -> list[pages.Link]:
    """The same line of the units right below."""
    if told.newest is None or not told.releases:
        return []

    def link(unit: Unit) -> pages.Link:
        return pages.Link(
            queries.short_name(unit, content, language), trend_address(unit.key, told.indicator.key)
        )

    blank = ReleasedCell("", told.indicator.key, told.indicator.version, 0, Status.NO_DATA)
    children = tenants.children(request.reach, told.unit, told.releases[0].tree_day)
    return [
        link(unit)
        for unit in children
        if not measured_above(blank, told.indicator, unit.tier, content)
    ]
