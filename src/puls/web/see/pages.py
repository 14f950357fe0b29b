"""What stands on a page of the colour table, put together from what was released."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.urls import reverse

from puls import periods
from puls.cells import ReleasedCell, Status
from puls.content.definitions import Indicator, Pack
from puls.views import numbers, similar
from puls.views.colour_table import colour_table
from puls.views.highlights import Point
from puls.views.judging import judged
from puls.views.reasons import setter
from puls.views.tables import (
    ColourTable,
    Kind,
    Row,
    RowUnit,
)
from puls.web.answering import Link as Link
from puls.web.packs import country_units
from puls.web.see import choices, queries
from puls.web.see.choices import Choice
from puls.web.see.queries import Seen
from puls.web.tenants.models import Unit


@dataclass(frozen=True, slots=True)
class Option:
    """One entry of a list to choose from, or a box to tick."""

    value: str
    name: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class OptionGroup:
    name: str
    options: tuple[Option, ...]


def unit_address(unit: str, period: int) -> str:
    """The lasting address of a unit's page."""
    return reverse("see:unit", args=[unit, periods.slug(period)])


def indicator_address(key: str, period: int) -> str:
    """The address of the page about an indicator."""
    return reverse("see:indicator", args=[key, periods.slug(period)])


def row_units(seen: Seen, pack: Pack, language: str) -> list[RowUnit]:
    """The rows: the unit, those right below it, and those above it, nearest first.

    Units of the lowest tier come and go: those that have nothing at all that year are left out.
    """
    known = {cell.unit for cell in seen.cells if cell.status is not Status.NO_DATA}
    lowest = pack.country.tier_keys[-1]
    # Norway has two municipalities called Herøy.
    alike = Counter(unit.name for unit in seen.family.below)
    places = country_units().units

    def row(unit: Unit, kind: Kind) -> RowUnit:
        href = "" if kind is Kind.SELF else unit_address(unit.key, seen.period)
        # Below a county all are municipalities: the word in every row would only be noise.
        named = queries.short_name if kind is Kind.CHILD else queries.unit_name
        name = named(unit, pack, language)
        parent = places.get(unit.parent_id or "")
        if kind is Kind.CHILD and alike[unit.name] > 1 and parent is not None:
            name = f"{name} ({parent.name})"
        return RowUnit(unit.key, name, kind, href, unit.tier)

    family = seen.family
    return [
        row(family.unit, Kind.SELF),
        *(
            row(unit, Kind.CHILD)
            for unit in family.below
            if unit.key in known or unit.tier != lowest
        ),
        *_similar(seen, pack, language),
        *(row(unit, Kind.COMPARISON) for unit in reversed(family.above)),
    ]


def _similar(seen: Seen, pack: Pack, language: str) -> list[RowUnit]:
    """The row of similar administrations, where there is anything to compare with."""
    if seen.similar is None or not seen.similar.shown:
        return []
    name = pack.text(language, "similar.name")
    return [RowUnit(similar.KEY, name, Kind.COMPARISON, tier=pack.country.tenant_tier)]


def chosen_indicators(
    choice: Choice, pack: Pack, cells: Iterable[ReleasedCell]
) -> tuple[list[Indicator], list[Indicator]]:
    """The columns of the choice, and those left out because nothing at all is known of them."""
    known = {cell.indicator for cell in cells if cell.status is not Status.NO_DATA}
    chosen = choices.indicators(choice, pack)
    return [i for i in chosen if i.key in known], [i for i in chosen if i.key not in known]


def draw(
    seen: Seen, choice: Choice, pack: Pack, language: str, with_reasons: bool = False
) -> ColourTable:
    """The page's table."""
    return _drawn(seen, choice, row_units(seen, pack, language), pack, language, with_reasons)


def around_cell(seen: Seen, choice: Choice, pack: Pack, language: str) -> ColourTable:
    """The chosen cell's row and column of the page's table: all that its reason needs.

    Of 400 municipalities by 40 indicators the whole table would be drawn to tell one of its cells.
    """
    unit, indicator = choice.cell or ("", "")
    units = [row for row in row_units(seen, pack, language) if row.key == unit]
    shown = [i.key for i in chosen_indicators(choice, pack, seen.cells)[0]]
    only = replace(choice, columns=tuple(key for key in shown if key == indicator))
    return _drawn(seen, only, units if only.columns else [], pack, language, False)


def own_row(
    seen: Seen, pack: Pack, language: str, with_reasons: bool = False
) -> tuple[ColourTable, str]:
    """Everything that is known of the unit itself, and who set the cut points.

    The conversation sheet rests on this, and the front page counts it. Who set them is "" where
    not all were set by the same at the same time: then each reason says it, where asked for.
    """
    everything = Choice(show=choices.ALL)
    own = [cell for cell in (*seen.cells, *seen.pooled) if cell.unit == seen.family.unit.key]
    said_once = _set_by(own, pack, language)
    units = row_units(seen, pack, language)[:1]
    table = _drawn(seen, everything, units, pack, language, with_reasons, with_setter=not said_once)
    return table, said_once


def picked(seen: Seen, choice: Choice, pack: Pack, language: str) -> tuple[ColourTable, str]:
    """The rows and columns of the cells that were picked, with reasons, and who set the cut points.

    The last as of `own_row`.
    """
    cells = [
        cell
        for cell in (*seen.cells, *seen.pooled)
        if (cell.unit, cell.indicator) in set(choice.picked)
    ]
    said_once = _set_by(cells, pack, language)
    columns = tuple(dict.fromkeys(indicator for _unit, indicator in choice.picked))
    asked = replace(choice, columns=columns, area="", role="", source="", sort=None)
    units = row_units(seen, pack, language)
    return _drawn(seen, asked, units, pack, language, True, with_setter=not said_once), said_once


def _set_by(cells: Iterable[ReleasedCell], pack: Pack, language: str) -> str:
    """Who set the cut points of these cells, or "" where not all were set by the same."""
    judges = [judged(cell, pack.indicators[cell.indicator], pack) for cell in cells]
    sentences = {setter(each, pack, language, "all_set_by") for each in judges if each.criteria}
    return sentences.pop() if len(sentences) == 1 else ""


def _drawn(
    seen: Seen,
    choice: Choice,
    units: Sequence[RowUnit],
    pack: Pack,
    language: str,
    with_reasons: bool,
    with_setter: bool = True,
) -> ColourTable:
    columns = chosen_indicators(choice, pack, seen.cells)[0]
    beside, reasons = similar_cells(seen, columns, pack, language)
    return colour_table(
        [*seen.cells, *beside],
        columns,
        units,
        pack,
        language,
        period=seen.period,
        sort=choice.sort,
        with_reasons=with_reasons,
        k=seen.k,
        unit_names=names(seen, pack, language),
        with_setter=with_setter,
        marks=seen.marks,
        pooled=seen.pooled,
        first=seen.first,
        reasons=reasons,
    )


def similar_cells(
    seen: Seen, columns: Sequence[Indicator], pack: Pack, language: str
) -> tuple[list[ReleasedCell], Mapping[tuple[str, str], str]]:
    """Cells of similar administrations, and why they show what they show."""
    if seen.similar is None or pack.similar is None:
        return [], {}
    return (
        similar.cells(seen.similar, columns, seen.period),
        similar.reasons(seen.similar, columns, pack, language),
    )


def left_out(seen: Seen, choice: Choice, pack: Pack, language: str) -> list[str]:
    """The names of the columns that are missing because nobody here has a number for them."""
    missing = chosen_indicators(choice, pack, seen.cells)[1]
    return [pack.text(language, f"indicator.{indicator.key}.name") for indicator in missing]


def names(seen: Seen, pack: Pack, language: str) -> Mapping[str, str]:
    return {each.key: queries.unit_name(each, pack, language) for each in seen.family.all}


def trail(seen: Seen, pack: Pack, language: str) -> list[Link]:
    """The way down to the unit; the last step is where the reader stands."""
    steps = [
        Link(queries.short_name(unit, pack, language), unit_address(unit.key, seen.period))
        for unit in seen.family.above
    ]
    return [*steps, Link(queries.short_name(seen.family.unit, pack, language))]


def period_options(every: Sequence[int], period: int) -> list[Option]:
    """The years to choose from, newest first; the one that is shown is always among them."""
    listed = sorted({*every, period}, reverse=True)
    return [Option(periods.slug(p), periods.label(p), chosen=p == period) for p in listed]


def subtitle(table: ColourTable, language: str) -> str:
    """What the table rests on: "Elevundersøkelsen og KOSTRA (SSB), 2025–26"."""
    used = list(dict.fromkeys(column.source for column in table.columns))
    return ", ".join([*([numbers.all_of(used, language)] if used else []), table.period_label])


def by_role(table: ColourTable, row: Row) -> list[tuple[str, list[Point]]]:
    """A row as three lists: prerequisites, processes, results."""
    found = []
    for group in table.groups:
        points = [
            Point(column, cell)
            for column, cell in zip(table.columns, row.cells, strict=True)
            if column.role is group.role
        ]
        found.append((group.name, points))
    return found
