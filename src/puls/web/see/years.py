"""Small multiples of a colour table: the same over the years, a small trend for each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from puls.cells import ReleasedCell, Status
from puls.content.definitions import Indicator, Pack
from puls.views.charts import drawing, small_multiples
from puls.views.charts.scene import Chart
from puls.views.charts.trend_parts import Line
from puls.views.charts.words import words
from puls.views.tables import RowUnit
from puls.web.answering import page, whole
from puls.web.assess import lines
from puls.web.packs import language_of, pack
from puls.web.see import choices, controls, exports, pages, queries
from puls.web.see.choices import Choice
from puls.web.see.pages import Option
from puls.web.see.queries import Seen
from puls.web.see.table import seen_or_404
from puls.web.tenants.access import ReachRequest, reach_required

AT_ONCE = 40
"""Pictures on one page; a country has more municipalities than anybody looks at together."""

Lines = Mapping[tuple[str, str], list[ReleasedCell]]


@dataclass(frozen=True)
class Years:
    """What the page draws. of: the indicator that all units are shown in; None for the unit's own.

    charts: one, unless there is nothing to draw. sheet, sheets: which part of the units.
    """

    of: Indicator | None
    chart: Chart | None
    sheet: int = 1
    sheets: int = 1


@require_safe
@reach_required
def years(request: ReachRequest, unit: str, period: str) -> HttpResponseBase:
    """The unit's indicators over the years, or with `indikator` one for all units of the table."""
    content, language = pack(), language_of(pack())
    choice = choices.parse(request.GET, content)
    seen = seen_or_404(request, unit, period, choice)
    columns = pages.chosen_indicators(choice, content, seen.cells)[0]
    of = content.indicators.get(request.GET.get("indikator", ""))
    drawn = several(
        seen, choice, of, columns, _sheet(request.GET.get("side", "")), content, language
    )
    here = reverse("see:years", args=[unit, period])
    plain = choice.query(cell=None, picking=False)
    title = queries.unit_name(seen.family.unit, content, language)
    about = f"&indikator={of.key}" if of else ""
    context = {
        "title": title,
        "heading": content.text(language, f"indicator.{of.key}.name") if of else title,
        "trail": pages.trail(seen, content, language),
        "drawn": drawn,
        "picture": drawing.page(drawn.chart, "ar") if drawn.chart else "",
        "twins": drawing.tables(drawn.chart) if drawn.chart else "",
        "options": _options(of, columns, content, language),
        "kept": controls.kept(choice, "velg"),
        "where": pages.unit_address(unit, seen.period) + plain,
        "before": f"{here}{plain}{about}&side={drawn.sheet - 1}" if drawn.sheet > 1 else "",
        "after": f"{here}{plain}{about}&side={drawn.sheet + 1}"
        if drawn.sheet < drawn.sheets
        else "",
        "release": seen.release,
        "released_on": exports.released_on(seen, language),
        "synthetic": seen.synthetic,
    }
    return page(request, "see/years.html", context)


def several(
    seen: Seen,
    choice: Choice,
    of: Indicator | None,
    columns: Sequence[Indicator],
    sheet: int,
    pack: Pack,
    language: str,
) -> Years:
    """The small multiples of a table: `of` for its units, or the columns for the unit itself."""
    rows = pages.row_units(seen, pack, language)
    shown = rows if of else rows[:1]
    sheets = max(-(-len(shown) // AT_ONCE), 1)
    sheet = min(sheet, sheets)
    shown = shown[(sheet - 1) * AT_ONCE : sheet * AT_ONCE]
    keys = [of.key] if of else [each.key for each in columns]
    found = lines.several([row.key for row in shown], keys, seen.period, choice.release)
    found = {pair: line for pair, line in found.items() if _is_known(line)}
    if not found:
        return Years(of, None, sheet, sheets)
    if of:
        return Years(of, _of_units(of, shown, found, pack, language), sheet, sheets)
    return Years(of, _of_unit(shown[0], columns, found, pack, language))


def _of_units(
    of: Indicator, rows: Sequence[RowUnit], found: Lines, pack: Pack, language: str
) -> Chart:
    told = [
        Line(row.name, tuple(found[row.key, of.key])) for row in rows if (row.key, of.key) in found
    ]
    return small_multiples.small_multiples(told, of, pack, language, words(pack, language))


def _of_unit(
    row: RowUnit, columns: Sequence[Indicator], found: Lines, pack: Pack, language: str
) -> Chart:
    told = [
        (each, Line(_short(each, pack, language), tuple(line)))
        for each in columns
        if (line := found.get((row.key, each.key)))
    ]
    said = {
        "own.title": _("{unit} year by year"),
        "own.description": _("Indicators: {count}. From {first} to {last}, each on its own axis."),
        "own.none": _("There are no numbers to show."),
        "own.indicator": _("Indicator"),
    }
    return small_multiples.of_one_unit(told, row.name, pack, language, said)


def _short(indicator: Indicator, pack: Pack, language: str) -> str:
    """The short name in one piece: a picture breaks no words, so it needs no places for it."""
    return pack.text(language, f"indicator.{indicator.key}.short").replace("\N{SOFT HYPHEN}", "")


def _is_known(line: Sequence[ReleasedCell]) -> bool:
    return any(cell.status is not Status.NO_DATA for cell in line)


def _options(
    of: Indicator | None, columns: Sequence[Indicator], pack: Pack, language: str
) -> list[Option]:
    """What can be drawn: all of the unit's own, or one indicator for all units."""
    listed = [*columns, *([of] if of and of not in columns else [])]
    return [
        Option("", _("All indicators of this unit"), of is None),
        *(Option(i.key, pack.text(language, f"indicator.{i.key}.name"), i is of) for i in listed),
    ]


def _sheet(written: str) -> int:
    return whole(written) or 1
