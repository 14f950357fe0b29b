"""The pages of the colour table: on the screen, on paper, as a file."""

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from puls.content.definitions import Pack
from puls.documents import spreadsheet
from puls.documents.provenance import once
from puls.views.tables import ColourTable
from puls.web.answering import kept_private, page, year
from puls.web.packs import language_of, pack
from puls.web.see import (
    choices,
    connected,
    controls,
    exports,
    grid,
    pages,
    panel,
    queries,
    release_gate,
)
from puls.web.see.choices import Choice
from puls.web.see.queries import Seen
from puls.web.tenants.access import ReachRequest, reach_required

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
ACROSS = {"columns": 12, "units": 10}
"""How many columns of indicators, or of units, a sheet of A4 takes when it lies."""


def seen_or_404(request: ReachRequest, unit: str, period: str, choice: Choice) -> Seen:
    """What was released, or 404 for a school year without releases or a unit out of reach."""
    which = queries.period_or_404(year(period))
    return queries.seen(request.reach, unit, which, choice.release, choice.rows)


@require_safe
@reach_required
def unit(request: ReachRequest, unit: str, period: str) -> HttpResponseBase:
    """The colour table of a unit, or only the reason of a cell when the script asks for it."""
    content, language = pack(), language_of(pack())
    choice = choices.parse(request.GET, content)
    wanted = request.GET.get("skolear", period)
    saved = controls.saved_in(request.GET.get("vis", ""))
    if saved is not None:
        query = queries.selection_or_404(saved).query
        return redirect(f"{pages.unit_address(unit, year(wanted))}?{query}")
    if wanted != period:
        other = pages.unit_address(unit, year(wanted))
        return redirect(other + choice.query(release=None))
    seen = seen_or_404(request, unit, period, choice)
    only_reason = request.headers.get("Puls-Part") == "forklaring"
    draw = pages.around_cell if only_reason else pages.draw
    table = draw(seen, choice, content, language)
    told = panel.told(request.reach, seen, table, choice, content, language)
    if only_reason:
        return page(request, "see/reason.html", {"told": told})
    lasting = choice.query(cell=None, picking=False, release=seen.release)
    here = request.build_absolute_uri(request.path)
    kept = queries.selections(seen.family.unit)
    context = {
        **_about(seen, table, choice, content, language),
        "grid": grid.grid(table, choice),
        "trail": pages.trail(seen, content, language),
        "left_out": pages.left_out(seen, choice, content, language),
        "held": release_gate.held(request.reach, seen.family.unit, seen.period, content, language),
        "told": told,
        "chosen": table.cell(*choice.cell) if choice.cell else None,
        "period_options": pages.period_options(queries.periods(unit, content), seen.period),
        "views": controls.view_options(choice, kept, content, language),
        "kept": controls.kept(choice, "vis"),
        "filters": controls.filters(
            choice, controls.row_tiers(request.reach, seen.family.unit, content), content, language
        ),
        "column_groups": controls.column_groups(choice, content, language),
        "kept_by_filters": controls.kept(
            choice, "vis", "omrade", "rolle", "kilde", "kolonner", "rader"
        ),
        "open_filters": bool(choice.columns) and "apne" in request.GET,
        "ways": _ways(unit, period, choice, table, seen),
        "tray": _tray(unit, period, choice, table, too_many=choices.too_many(request.GET, content)),
        "saving": {
            "unit": unit,
            "skolear": period,
            "query": choice.query(cell=None, release=None, picking=False),
        },
        "unfrozen": choice.query(release=None, cell=None),
        "permalink": here + lasting,
    }
    return page(request, "see/unit.html", context)


@require_safe
@reach_required
def printed(request: ReachRequest, unit: str, period: str) -> HttpResponseBase:
    """The table for paper: cut into parts that fit a lying A4 sheet, with everything around it."""
    content, language = pack(), language_of(pack())
    choice = choices.parse(request.GET, content)
    seen = seen_or_404(request, unit, period, choice)
    table = pages.draw(seen, choice, content, language)
    plain = choice.query(cell=None, picking=False)
    context = {
        **_about(seen, table, choice, content, language),
        "grids": grid.on_paper(table, choice, ACROSS),
        "trail": pages.trail(seen, content, language),
        "left_out": pages.left_out(seen, choice, content, language),
        "where": pages.unit_address(unit, seen.period) + plain,
        "permalink": request.build_absolute_uri(pages.unit_address(unit, seen.period))
        + choice.query(cell=None, picking=False, release=seen.release),
    }
    return page(request, "see/printed.html", context)


@require_safe
@reach_required
def sheet(request: ReachRequest, unit: str, period: str, kind: str) -> HttpResponseBase:
    """The table as a file to take along."""
    content, language = pack(), language_of(pack())
    choice = choices.parse(request.GET, content)
    seen = seen_or_404(request, unit, period, choice)
    table = pages.draw(seen, choice, content, language, with_reasons=True)
    title = queries.unit_name(seen.family.unit, content, language)
    lasting = reverse("see:unit", args=[unit, period]) + choice.query(
        cell=None, picking=False, release=seen.release
    )
    origin = exports.provenance(
        seen, table, content, language, title, request.build_absolute_uri(lasting)
    )
    if kind == "xlsx":
        data, content_type = spreadsheet.xlsx(table, origin, exports.words()), XLSX
    else:
        data, content_type = spreadsheet.csv(table, origin, exports.words(), language), CSV
    answer = HttpResponse(data, content_type=content_type)
    made_up = "-syntetisk" if seen.synthetic else ""
    answer.headers["Content-Disposition"] = (
        f'attachment; filename="puls-{unit}-{period}{made_up}.{kind}"'
    )
    return kept_private(answer)


def _about(
    seen: Seen, table: ColourTable, choice: Choice, content: Pack, language: str
) -> dict[str, Any]:
    """What the page on the screen and the one for paper say alike."""
    return {
        "title": queries.unit_name(seen.family.unit, content, language),
        "subtitle": pages.subtitle(table, language),
        "table": table,
        "synthetic": seen.synthetic,
        "sources": once(exports.sources(seen, table, content, language)),
        "about_sources": exports.about_sources(table, content, language),
        "release": seen.release,
        "released_on": exports.released_on(seen, language),
        "k": seen.k,
        "frozen": seen.frozen,
    }


def _ways(unit: str, period: str, choice: Choice, table: ColourTable, seen: Seen) -> dict[str, str]:
    """Where the tools above the table lead; the choice goes along."""
    plain = choice.query(cell=None, picking=False)
    lasting = choice.query(cell=None, picking=False, release=seen.release)
    shown = tuple(column.key for column in table.columns)
    return {
        "plain": choice.query(show="", area="", role="", source="", columns=(), rows="", cell=None),
        "turn": choice.query(turned=not choice.turned, cell=None),
        "pick": choice.query(picking=not choice.picking, cell=None),
        "tick_shown": choice.query(show="", area="", role="", source="", columns=shown, cell=None)
        + "&apne=1",
        "print": reverse("see:printed", args=[unit, period]) + plain,
        "years": reverse("see:years", args=[unit, period]) + plain,
        "map": connected.dialogue_address(unit, seen.period),
        "xlsx": reverse("see:xlsx", args=[unit, period]) + lasting,
        "csv": reverse("see:csv", args=[unit, period]) + lasting,
        "pdf": reverse("documents:pdf", args=[unit, period]) + lasting,
        "pptx": reverse("documents:pptx", args=[unit, period]) + lasting,
    }


def _tray(
    unit: str, period: str, choice: Choice, table: ColourTable, too_many: bool
) -> dict[str, Any]:
    """The cells that are taken along to a meeting, and what can be done with them.

    elsewhere: those that the table does not show now; they stay chosen.
    """
    elsewhere = [cell for cell in choice.picked if table.cell(*cell) is None]
    return {
        "count": len(choice.picked),
        "one": _picked(1),
        "many": _picked(2),
        "elsewhere": [".".join(cell) for cell in elsewhere],
        "too_many": too_many,
        "most": choices.MOST_PICKED,
        "meeting": reverse("see:what", args=[unit, period]),
        "meeting_query": choice.query(cell=None, picking=False),
        "here": reverse("see:unit", args=[unit, period]),
        "empty": choice.query(picked=(), cell=None),
        "kept": controls.kept(choice, "valgt", "velg"),
    }


def _picked(count: int) -> str:
    """The sentence for so many cells, with "#" for the number."""
    one, many = "%(n)s cell chosen for a meeting", "%(n)s cells chosen for a meeting"
    return ngettext(one, many, count) % {"n": "#"}
