"""A small colour table for other people's pages: public cells only, no cookie, no script."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from puls import periods
from puls.cells import ReleasedCell
from puls.content.definitions import Pack
from puls.views import numbers
from puls.views.colour_table import colour_table
from puls.views.tables import ColourTable, Kind, RowUnit
from puls.web.data import opened
from puls.web.data.answers import year_of
from puls.web.data.views import kept_by_all, release_of
from puls.web.middleware import POLICY
from puls.web.packs import pack
from puls.web.tenants import queries as tenants
from puls.web.tenants.access import as_everybody, everybody
from puls.web.tenants.models import Unit

FRAMED = POLICY.replace("frame-ancestors 'none'", "frame-ancestors *").replace(
    "script-src 'self'", "script-src 'none'"
)
"""As strict as every page, except that others may show it within theirs."""
MOST_COLUMNS = 12


@xframe_options_exempt
@require_safe
def embed(request: HttpRequest, unit: str, period: str) -> HttpResponse:
    """A unit beside those above it. `?sprak=en` gives another language of the pack.

    It never depends on who reads: whoever puts it on a page chooses the language.
    """
    content = pack()
    language = request.GET.get("sprak", content.languages[0])
    if language not in content.languages:
        raise Http404
    year = year_of(period)
    found = opened.published_or_404(year, release_of(request))
    with override(language):
        family = _family(unit)
        cells = [
            cell
            for cell, _release in found.table.cells
            if not cell.part and cell.years == 1 and cell.unit in {each.key for each in family}
        ]
        if not any(cell.unit == unit for cell in cells):
            raise Http404
        table = _table(family, cells, year, content, language)
        used = sorted({found.table.measures[column.key].source for column in table.columns})
        context = {
            "language": language,
            "title": name_of(family[0], content, language),
            "label": periods.label(year),
            "table": table,
            "rows": [
                (column, [row.cells[number] for row in table.all_rows])
                for number, column in enumerate(table.columns)
            ],
            "synthetic": found.table.synthetic and _("Synthetic data"),
            "terms": opened.terms(
                used, content, language, opened.opened_or_404(), bool(found.table.synthetic)
            ),
            "release": found.table.release,
            "released_on": numbers.day(found.table.made_at.date(), language),
            "k": content.thresholds.public,
            "source": settings.PULS_ADDRESS + reverse("data:year", args=[period]),
        }
        answer = render(request, "data/embed.html", context)
    answer.headers["Content-Security-Policy"] = FRAMED
    return kept_by_all(answer)


def _family(key: str) -> list[Unit]:
    """The unit, and those above it, the nearest first. 404 where everybody may not know it."""
    with as_everybody():
        unit = tenants.unit_or_404(everybody(), key)
        return [unit, *reversed(tenants.ancestors(unit))]


def name_of(unit: Unit, content: Pack, language: str) -> str:
    """A unit as people call it: "Karmøy municipality", but "Karmøy kulturskole"."""
    if unit.depth == 0:
        return content.text(language, "country.name")
    if unit.depth <= content.country.tier_keys.index(content.country.tenant_tier):
        tier = content.text(language, f"tier.{unit.tier}.name")
        return _("%(name)s %(tier)s") % {"name": unit.name, "tier": tier}
    return unit.name


def _table(
    family: list[Unit], cells: list[ReleasedCell], period: int, content: Pack, language: str
) -> ColourTable:
    """Columns of the pack's first table that the unit has a public figure for, else any it has."""
    own = {cell.indicator for cell in cells if cell.unit == family[0].key}
    chosen = [key for key in content.default_columns if key in own]
    chosen = chosen or [key for key in content.indicators if key in own][:MOST_COLUMNS]
    known = {cell.unit for cell in cells if cell.indicator in chosen}
    rows = [
        RowUnit(
            unit.key,
            name_of(unit, content, language),
            Kind.COMPARISON if number else Kind.SELF,
            tier=unit.tier,
        )
        for number, unit in enumerate(family)
        if unit.key in known
    ]
    return colour_table(
        [cell for cell in cells if cell.indicator in chosen],
        [content.indicators[key] for key in chosen],
        rows,
        content,
        language,
        period=period,
        k=content.thresholds.public,
    )
